"""A run in motion."""
