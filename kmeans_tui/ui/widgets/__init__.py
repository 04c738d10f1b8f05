"""Widgets, which take values and draw them."""
