"""The settings file: the look of the screen, the recently opened files, the user's keys.

They are in one small JSON file in the user's settings folder. Errors never stop the program: an
unreadable file counts as missing, and a failure to write is reported to the caller. A process that
serves somebody else keeps them in memory instead (``keep_in_memory``).
"""

import json
import os
import sys
import threading
from argparse import ArgumentTypeError
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from kmeans_tui.command import Options
from kmeans_tui.words import quoted

# The options of the last session that apply at the next start, unless a flag says otherwise.
KEPT: Final = ("theme", "marker", "ascii", "speed")
MOST_FILES: Final = 10
# Our file is small; a larger one is something else.
_MOST_BYTES: Final = 1 << 20
# Letters of a name.
_LONGEST: Final = 40
# How long the end of the program waits for the last writing, in seconds.
_PATIENCE: Final = 1.0
_MOST_LESSONS: Final = 100


@dataclass(frozen=True)
class Settings:
    """``files`` are absolute paths, the latest first; ``remember`` says whether to save them.

    ``lessons`` are the names of the lessons that are done.
    """

    remember: bool = True
    files: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()


def keep_in_memory() -> None:
    """From here on, leave the file alone: begin with defaults, and forget all at the end."""
    _memory.append({})


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
    known = _read(location())[0]
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
    return _write(
        location(),
        {
            "remember_files": settings.remember,
            "recent_files": list(settings.files),
            "lessons_done": list(settings.lessons) or None,
        },
    )


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


def kept() -> tuple[dict[str, Any], list[str]]:
    """Return the saved values of options in ``KEPT``, and a remark on every one of no use."""
    path = location()
    known, damage = _read(path)
    found: dict[str, Any] = {}
    remarks = [f"{path} is ignored: {damage}"] if damage else []
    for each in fields(Options):
        if each.name not in KEPT or each.name not in known:
            continue
        try:
            found[each.name] = _value(each, known[each.name])
        except (ValueError, ArgumentTypeError):
            value = quoted(known[each.name])
            remarks.append(f"{each.name} in {path} is ignored: {value} is not one it can have")
    return found, remarks


def keys() -> object:
    """Return the entry of the user's keys, not checked; None if there is none."""
    return _read(location())[0].get("keys")


def keep(**changed: Any) -> None:
    """Save the options in ``KEPT`` among those changed, without waiting for the disk.

    ASCII turned off leaves the choice to the terminal again, which may be another one.
    """
    entries = {name: value or None for name, value in changed.items() if name in KEPT}
    if entries:
        _writer.add(location(), entries)


def forget() -> str:
    """Remove the options in ``KEPT`` from the file; return why it failed, or nothing."""
    finish()
    return _write(location(), dict.fromkeys(KEPT))


def finish() -> None:
    """Wait, but not for long, until everything is saved."""
    _writer.finish()


def _value(option: Field[Any], value: object) -> Any:
    """Return a value from the file as the flag of the option would; else ``ValueError``."""
    keywords = option.metadata["keywords"]
    if "action" in keywords:
        fits = isinstance(value, bool)
    elif "type" in keywords:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError
        return keywords["type"](str(value))
    elif "choices" in keywords:
        fits = isinstance(value, str) and value in keywords["choices"]
    else:
        fits = isinstance(value, str) and 0 < len(value) <= _LONGEST and value.isprintable()
    if not fits:
        raise ValueError
    return value


class _Writer:
    """Writes entries one after the other in a thread: a slow disk must not delay the keys."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pending: dict[Path, dict[str, Any]] = {}
        self._thread: threading.Thread | None = None

    def add(self, path: Path, entries: dict[str, Any]) -> None:
        """Write these entries soon; later values of the same entry win."""
        with self._lock:
            self._pending.setdefault(path, {}).update(entries)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="settings")
                self._thread.start()

    def finish(self) -> None:
        """Wait until nothing is pending."""
        if (thread := self._thread) is not None:
            thread.join(_PATIENCE)

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._pending:
                    self._thread = None
                    return
                path, entries = self._pending.popitem()
            _write(path, entries)


# Holds the entries if they are kept in memory.
_memory: Final[list[dict[str, Any]]] = []
_writer: Final = _Writer()
_writing: Final = threading.Lock()


def _write(path: Path, entries: dict[str, Any]) -> str:
    """Change entries of the file, None to remove one; return why it failed, or nothing.

    A file that is not ours to read, perhaps for want of a comma, is set aside, not lost.
    """
    if _memory:
        changed = _memory[0] | entries
        _memory[0] = {name: value for name, value in changed.items() if value is not None}
        return ""
    # Its secrets would delay the first paint by 5 ms.
    from kmeans_tui.whole_file import whole_file

    try:
        with _writing:
            known, damage = _read(path)
            if damage and not os.access(path, os.R_OK):
                return damage
            if damage:
                os.replace(path, path.with_suffix(".damaged"))
            known = {name: value for name, value in (known | entries).items() if value is not None}
            path.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(path) as file:
                file.write((json.dumps(known, indent=2) + "\n").encode())
    except (OSError, ValueError, RuntimeError) as error:
        return getattr(error, "strerror", None) or str(error)
    return ""


def _read(path: Path) -> tuple[dict[str, Any], str]:
    """Return the entries of the file, and what is wrong if a file there holds none."""
    if _memory:
        return _memory[0], ""
    try:
        if not path.is_file():
            return {}, ""
        if path.stat().st_size > _MOST_BYTES:
            return {}, "it is too large for settings"
        text = path.read_text(encoding="utf-8")
        known = json.loads(text) if text else {}
    except json.JSONDecodeError as error:
        return {}, f"line {error.lineno} is no JSON"
    except (OSError, ValueError, RuntimeError, RecursionError) as error:
        return {}, getattr(error, "strerror", None) or "it is no JSON"
    return (known, "") if isinstance(known, dict) else ({}, "it holds no JSON object")
