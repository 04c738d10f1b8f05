"""The files of a table that stays on disk."""

import os

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading import files
from kmeans_tui.partitioned import part_listing


def table_files(data: str) -> list[str]:
    """Return the files that a path, a folder or a pattern means; raises ``DataError`` for none."""
    path = str(files.located(data.strip()))
    found = part_listing.found(path)
    if found:
        return found
    if os.path.isdir(path):
        raise DataError(
            f"there are no Parquet files or arrays in {data}: name another folder, or other files "
            "by a pattern, as in 'folder/*.csv'"
        )
    raise DataError(f"no file fits the pattern {data}: check the spelling")
