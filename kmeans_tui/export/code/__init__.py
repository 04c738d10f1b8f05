"""Export a run as code that works without this program."""
