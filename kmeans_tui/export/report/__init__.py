"""The report on a clustering: its sections, and how they become Markdown or one web page."""
