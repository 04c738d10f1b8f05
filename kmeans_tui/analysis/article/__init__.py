"""The article's experiments and claims, each tested."""
