"""The settings the program saves: the recently opened files, if the user wants that.

They are in one small JSON file in the user's settings folder. Errors never stop the program: an
unreadable file counts as missing, and a failure to write is reported to the caller.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from kmeans_tui.whole_file import whole_file

MOST_FILES: Final = 10
# Our file is small; a larger one is something else.
_MOST_BYTES: Final = 1 << 20
_MOST_LESSONS: Final = 100


@dataclass(frozen=True)
class Settings:
    """``files`` are absolute paths, the latest first; ``remember`` says whether to save them.

    ``lessons`` are the names of the lessons that are done.
    """

    remember: bool = True
    files: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()


def location() -> Path:
    """Return the path of the settings: ``$XDG_CONFIG_HOME``, ``~/.config`` or ``%APPDATA%``."""
    folder = os.environ.get("XDG_CONFIG_HOME", "")
    if not os.path.isabs(folder):
        folder = os.environ.get("APPDATA", "") if sys.platform == "win32" else ""
    if not folder:
        folder = os.path.join(os.path.expanduser("~"), ".config")
    return Path(folder, "kmeans-tui", "settings.json")


def load() -> Settings:
    """Return the saved settings, or the defaults."""
    known = _read()
    remember = known.get("remember_files", True)
    listed = known.get("recent_files", [])
    listed = listed if isinstance(listed, list) else []
    files = [each for each in listed if isinstance(each, str) and each.isprintable() and each]
    if not isinstance(remember, bool):
        remember = True
    kept = tuple(dict.fromkeys(files))[:MOST_FILES] if remember else ()
    return Settings(remember, kept, _lessons(known))


def _lessons(known: Mapping[str, Any]) -> tuple[str, ...]:
    listed = known.get("lessons_done", [])
    listed = listed if isinstance(listed, list) else []
    named = [each for each in listed if isinstance(each, str) and each.isidentifier()]
    return tuple(dict.fromkeys(each for each in named if len(each) <= 40))[:_MOST_LESSONS]


def save(settings: Settings) -> str:
    """Save the settings, keeping other entries of the file; return why it failed, or nothing."""
    known = _read() | {
        "remember_files": settings.remember,
        "recent_files": list(settings.files),
        "lessons_done": list(settings.lessons),
    }
    try:
        path = location()
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            file.write((json.dumps(known, indent=2) + "\n").encode())
    except (OSError, ValueError, RuntimeError) as error:
        return getattr(error, "strerror", None) or str(error)
    return ""


def remember(path: str) -> None:
    """Put a file at the head of the recent files, if they are remembered."""
    present = load()
    files = (path, *(each for each in present.files if each != path))[:MOST_FILES]
    if present.remember and files != present.files:
        save(replace(present, files=files))


def finish_lesson(name: str) -> str:
    """Note that a lesson is done; return why that could not be saved, or nothing."""
    present = load()
    if name in present.lessons:
        return ""
    return save(replace(present, lessons=(*present.lessons, name)))


def _read() -> dict[str, Any]:
    try:
        path = location()
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return {}
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RuntimeError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}
