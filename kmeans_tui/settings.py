"""What the program keeps from one day to the next: the files opened last, if that is wanted.

One small JSON file in the user's folder for settings. Nothing here ever stops the program: what
cannot be read counts as not there, what cannot be written is told to the caller.
"""

import json
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from kmeans_tui.whole_file import whole_file

MOST_FILES: Final = 10
# The file is ours and small; a greater one is something else.
_MOST_BYTES: Final = 1 << 20


@dataclass(frozen=True)
class Settings:
    """``files`` are absolute paths, the latest first; ``remember`` says whether they are kept."""

    remember: bool = True
    files: tuple[str, ...] = ()


def location() -> Path:
    """The settings file: in ``$XDG_CONFIG_HOME``, else ``~/.config``; ``%APPDATA%`` on Windows."""
    folder = os.environ.get("XDG_CONFIG_HOME", "")
    if not os.path.isabs(folder):
        folder = os.environ.get("APPDATA", "") if sys.platform == "win32" else ""
    if not folder:
        folder = os.path.join(os.path.expanduser("~"), ".config")
    return Path(folder, "kmeans-tui", "settings.json")


def load() -> Settings:
    """The settings as they are kept, or the usual ones."""
    known = _read()
    remember = known.get("remember_files", True)
    listed = known.get("recent_files", [])
    listed = listed if isinstance(listed, list) else []
    files = [each for each in listed if isinstance(each, str) and each.isprintable() and each]
    if not isinstance(remember, bool):
        remember = True
    return Settings(remember, tuple(dict.fromkeys(files))[:MOST_FILES] if remember else ())


def save(settings: Settings) -> str:
    """Keep the settings; what else stands in the file stays. Why that failed, or nothing."""
    known = _read() | {"remember_files": settings.remember, "recent_files": list(settings.files)}
    try:
        path = location()
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            file.write((json.dumps(known, indent=2) + "\n").encode())
    except (OSError, ValueError, RuntimeError) as error:
        return getattr(error, "strerror", None) or str(error)
    return ""


def remember(path: str) -> None:
    """Put a file at the head of those opened last, if they are kept at all."""
    present = load()
    files = (path, *(each for each in present.files if each != path))[:MOST_FILES]
    if present.remember and files != present.files:
        save(replace(present, files=files))


def _read() -> dict[str, Any]:
    try:
        path = location()
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return {}
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RuntimeError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}
