"""A file to a source: what kind it is, how its bytes are read, what its columns mean."""
