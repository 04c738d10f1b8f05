"""The built-in data sets: what each shows, and where its points come from."""
