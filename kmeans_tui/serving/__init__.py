"""The screen in browsers: the server, the page, and one process for each visitor."""
