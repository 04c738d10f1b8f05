"""Completion of paths, as in a shell."""

import os
from dataclasses import dataclass
from itertools import islice
from typing import Final

from kmeans_tui.data.reading.files import IMAGE, SUFFIXES

_PICTURES: Final = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff")
# A folder of a hundred thousand files must not delay the keys.
_LOOKED_AT: Final = 5_000
_LISTED: Final = 200


@dataclass(frozen=True)
class Found:
    """Paths that begin as typed, folders ending in a separator; ``more`` are not listed."""

    names: tuple[str, ...]
    more: int = 0


def matching(typed: str) -> Found:
    """Return folders and readable files whose path begins as typed."""
    names = _names(typed)
    return Found(tuple(names[:_LISTED]), max(0, len(names) - _LISTED))


def completed(typed: str) -> str:
    """Return the path, extended by what all its matches have in common."""
    names = _names(typed)
    if typed == "~":
        return typed + os.sep
    common = os.path.commonprefix(names)  # noqa: RUF071 - completes letters, not folders
    if names and len(common) <= len(typed):
        # Matches differ from the typed letters in case: use one only if it is the only one.
        common = names[0] if len(names) == 1 else typed
    return common or typed


def _names(typed: str) -> list[str]:
    prefix = IMAGE if typed.startswith(IMAGE) else ""
    folder, start = os.path.split(typed[len(prefix) :])
    known = _PICTURES if prefix else SUFFIXES
    found = []
    try:
        with os.scandir(os.path.expanduser(folder) or os.curdir) as entries:
            for each in islice(entries, _LOOKED_AT):
                name = each.name
                hidden = name.startswith(".") and not start.startswith(".")
                if hidden or not name.casefold().startswith(start.casefold()):
                    continue
                if each.is_dir():
                    name += os.sep
                elif not name.casefold().removesuffix(".gz").endswith(known):
                    continue
                if name.isprintable():
                    found.append(prefix + os.path.join(folder, name))
    except (OSError, ValueError):
        return []
    exact = [each for each in found if each.startswith(typed)]
    return sorted(exact or found, key=str.casefold)
