"""The K-Means algorithm, using only numpy."""
