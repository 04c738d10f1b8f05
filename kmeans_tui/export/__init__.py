"""Export results as files: figures, the animation, tables, the recording, code."""
