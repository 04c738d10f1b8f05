"""Where tables in parts and unfinished runs are kept."""

import os
from pathlib import Path

from kmeans_tui.command import Options


def folder(options: Options) -> Path:
    """Return the folder that the options name, or the user's own for caches."""
    if options.cache is not None:
        return Path(options.cache).expanduser()
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "kmeans-tui"
