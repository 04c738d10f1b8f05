"""Where visitors are at home: a temporary folder for each, with a copy of what is served."""

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Final, Self

from kmeans_tui.data import catalogue
from kmeans_tui.data.reading import database_tables, files

# What a visitor's process needs to know of ours: where programs and libraries are, the language.
_KEPT: Final = (
    *("PATH", "LANG", "LANGUAGE", "TZ", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"),
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "COVERAGE_PROCESS_START"),
)
# So that visitors share the processors, and their memory stays within its limit.
_FRUGAL: Final = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    # A visitor has one process.
    "LOKY_MAX_CPU_COUNT": "1",
}


class Room:
    """A temporary folder with one for each visitor, in which they find the served file by its name.

    ``data`` is what is served, as an option of their processes. The file is copied, so that all see
    what was checked. Raises ``OSError`` if it cannot be.
    """

    def __init__(self, data: str) -> None:
        self._whole = tempfile.TemporaryDirectory(prefix="kmeans-tui-")
        self._folder = Path(self._whole.name)
        self._numbers = count(1)
        self._file: Path | None = None
        self.data = data
        if not catalogue.is_file(data):
            return
        prefix = files.IMAGE if data.strip().startswith(files.IMAGE) else ""
        path = files.located(data.strip().removeprefix(prefix) if prefix else data)
        try:
            self._file = self._folder / "served" / path.name
            self._file.parent.mkdir()
            shutil.copyfile(path, self._file)
        except BaseException:
            self._whole.cleanup()
            raise
        # Not to be taken for a set, a picture, or standard input.
        own = not path.name.startswith((files.STDIN, files.IMAGE)) and catalogue.is_file(path.name)
        _, table = (data, None) if prefix else database_tables.split(data)
        self.data = prefix + (path.name if own else os.path.join(".", path.name))
        self.data += "" if table is None else f"{database_tables.MARK}{table}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._whole.cleanup()

    def enter(self) -> Path:
        """Return the folder of one more visitor."""
        folder = self._folder / f"{next(self._numbers)}"
        folder.joinpath("tmp").mkdir(parents=True)
        if self._file is not None:
            try:
                os.link(self._file, folder / self._file.name)
            except OSError:
                shutil.copyfile(self._file, folder / self._file.name)
        return folder

    @staticmethod
    def leave(folder: Path) -> None:
        """Remove a visitor's folder."""
        shutil.rmtree(folder, ignore_errors=True)

    def environment(self, folder: Path) -> Mapping[str, str]:
        """Return the variables of a visitor's process: nothing of the user who serves."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name in _KEPT or name.startswith("LC_")
        }
        return {
            **kept,
            **_FRUGAL,
            "HOME": str(folder),
            "TMPDIR": str(folder / "tmp"),
            # What is converted for a visitor ends with the visit.
            "KMEANS_TUI_CACHE": str(folder / "cache"),
            # All visitors use one list of the fonts, which takes seconds to make.
            "MPLCONFIGDIR": str(self._folder / "fonts"),
            "PYTHONUTF8": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "TEXTUAL_COLOR_SYSTEM": "truecolor",
        }


def interpreter() -> tuple[str, ...]:
    """Return the command for the process of a visitor, which takes its task from stdin."""
    home = str(Path(__file__).parents[2])
    # -P: do not look for modules in the current folder, which is the visitor's.
    code = (
        f"import sys; sys.path.insert(0, {home!r}); "
        "from kmeans_tui.serving.process import main; main()"
    )
    return sys.executable, "-P", "-c", code
