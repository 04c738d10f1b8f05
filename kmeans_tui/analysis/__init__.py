"""Analyses of many runs: how many clusters, whether the start matters, whether results agree."""
