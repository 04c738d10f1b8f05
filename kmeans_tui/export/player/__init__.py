"""Export a run as one web page that plays it."""
