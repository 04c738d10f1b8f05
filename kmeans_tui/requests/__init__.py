"""From options to data, runs and answers: the same for screen and shell."""
