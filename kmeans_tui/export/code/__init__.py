"""A run as code that runs without this program."""
