"""What the user saw, as files: figures, the animation, tables, the recording, code."""
