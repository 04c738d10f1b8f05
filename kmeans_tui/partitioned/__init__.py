"""Points that do not fit in memory: K-Means part by part, exact, here or on several processes."""
