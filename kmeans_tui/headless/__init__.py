"""The commands without a screen: they print tables, or one JSON document, on stdout."""
