"""Still figures of the run and the analyses."""
