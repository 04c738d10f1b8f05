"""The last line of a screen or a dialog: what the keys do now."""

import re
from collections.abc import Collection, Sequence
from typing import Final

from kmeans_tui.key_table import ALONE, MODES, NOW, Key, Pairs, Place, rows
from kmeans_tui.user_keys import spelled, textual

_IN_ASCII: Final = {"←→": "hl", "↑↓": "kj", "←→↑↓": "arrows", "↓": "down"}


def footer(
    where: Place,
    width: int,
    now: Sequence[str] = (),
    *,
    without: Collection[str] = (),
    ascii_only: bool = False,
) -> list[tuple[str, str]]:
    """Return the pairs (keys, word) of a screen's last line that fit in ``width`` cells.

    ``now`` names the present states in ``NOW``, whose keys come first; actions in ``without`` are
    left out. A narrow line drops the
    highest rank first and keeps the order of the rest, screen keys before global ones. In ASCII,
    h and l replace the arrows, which would look like < and >.
    """
    present = [pair for name in now for pair in NOW[name]]
    mine = [pair for name in now for pair in _respelled(NOW[name], _place(where, name), ascii_only)]
    taken = {each for keys, _ in present for each in _single(keys)}
    found = [
        key
        for key in (*rows(where, without), *rows("everywhere", without))
        if key.footer and not taken & _single(key.footer[0])
    ]
    pairs = {key: pair for key in found for pair in _respelled(_pair(key), where, ascii_only)}
    while pairs and _width((*mine, *pairs.values())) > width:
        del pairs[max(pairs, key=lambda key: key.rank)]
    if where == "Explore":
        return [*mine, *pairs.values()]
    return [*mine, *((keys, _BACK.get(word, word)) for keys, word in pairs.values())]


def alone(name: str, *, ascii_only: bool = False) -> list[tuple[str, str]]:
    """Return the last line for a text field, a dialog, or a part of one."""
    mode = next((each for found in MODES.values() for each in found if _is_of(name, each)), None)
    return _respelled(ALONE[name], mode, ascii_only)


def _single(keys: str) -> set[str]:
    """Return the keys of a pair: one name, or several signs side by side."""
    return {keys} if keys.isalnum() or "+" in keys[1:-1] else set(keys) - {" "}


def pressed(pairs: Sequence[tuple[str, str]], at: int) -> str | None:
    """Return Textual's name of the key that stands at a cell of a last line; None between them.

    Of several keys side by side it is the one at the cell; a word stands for the last of its keys.
    """
    x = 0
    for shown, word in pairs:
        start, x = x + 1, x + len(shown) + len(word) + 3
        if at >= x:
            continue
        if shown == "arrows" or at < start:
            return None
        # One key, or several: apart, or signs side by side.
        pattern = r"\S+" if textual(shown) or " " in shown else r"\S"
        found = list(re.finditer(pattern, shown))
        inside = at - start
        if inside >= len(shown):
            return textual(found[-1][0])
        return next(
            (textual(each[0]) for each in found if each.start() <= inside < each.end()), None
        )
    return None


def _width(pairs: Sequence[tuple[str, str]]) -> int:
    return sum(len(keys) + len(word) + 3 for keys, word in pairs)


def _place(where: Place, state: str) -> Place:
    """Return the mode of a screen that a state is about, else the screen."""
    return next((each for each in MODES.get(where, ()) if _is_of(state, each)), where)


def _is_of(state: str, mode: Place) -> bool:
    return state.partition(" ")[0] == mode.lower()


def _respelled(pairs: Pairs, where: Place | None, ascii_only: bool) -> list[tuple[str, str]]:
    """Return pairs with the user's keys of a place; dialogs, which have no place, keep theirs."""
    return [(_keys(keys, where, ascii_only), word) for keys, word in pairs]


def _keys(keys: str, where: Place | None, ascii_only: bool) -> str:
    printed = _IN_ASCII.get(keys, keys) if ascii_only else keys
    if where is None:
        return printed
    signs = printed in ("hl", "kj") or not (printed.isalnum() or "+" in printed[1:-1])
    parts = [spelled(each, where) for each in (printed if signs else [printed])]
    return (" " if max(map(len, parts)) > 1 and signs else "").join(parts)


# On other screens than Explore, q goes back to it.
_BACK: Final = {"Quit": "Back"}


def _pair(key: Key) -> Pairs:
    return (key.footer,) if key.footer else ()
