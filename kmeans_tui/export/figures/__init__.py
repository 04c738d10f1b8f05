"""Still figures: the run, and what the analyses found."""
