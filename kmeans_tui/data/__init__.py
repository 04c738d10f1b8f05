"""The data sets: built in, or read from files."""
