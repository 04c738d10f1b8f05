"""Turns options into data, runs and answers, the same way for screen and shell."""
