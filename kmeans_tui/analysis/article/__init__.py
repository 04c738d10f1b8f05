"""The article's experiments and claims, each put to the test."""
