"""The animation of a run."""
