"""The lessons: one table of values, and the bench on which their answers are computed."""
