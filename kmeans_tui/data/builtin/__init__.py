"""The built-in sets: what each is for, and where its points come from."""
