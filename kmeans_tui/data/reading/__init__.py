"""Read a file into a source: its format, how its bytes are read, what its columns mean."""
