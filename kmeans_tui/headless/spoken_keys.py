"""The keys of the key table, the user's included, as they are said."""

from collections.abc import Iterator, Mapping
from typing import Final

from kmeans_tui.key_table import rows
from kmeans_tui.user_keys import name, present

_PLACES: Final = ("Explore", "everywhere")


def action_of(pressed: str) -> str:
    """Return the name of the action of a key on Explore, with the user's keys; "" if none."""
    for place in _PLACES:
        for row in rows(place):
            for keys, action in row.bindings:
                if pressed in present(keys, action):
                    return name(action)
    return ""


def told_keys(acts: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each action in ``acts``, in its words there, or else in the table's."""
    said: dict[str, str] = {}
    pressed: dict[str, list[str]] = {}
    for place in _PLACES:
        for row in rows(place):
            called = iter(row.called)
            for keys, action in row.bindings:
                this = name(action)
                title = next(called, "") or row.does.partition(" (also ")[0]
                if this in acts:
                    said.setdefault(this, acts[this] or title)
                    pressed.setdefault(this, []).extend(present(keys, action))
    for this, does in said.items():
        keys_of = " or ".join(dict.fromkeys(map(spoken, pressed[this])))
        yield f"{keys_of}: {does}."


def spoken(pressed: str) -> str:
    """Return a key as it is said: signs and capitals by their names."""
    if len(pressed) == 1:
        return f"capital {pressed}" if pressed.isupper() else pressed
    arrow = " arrow" if pressed in ("left", "right", "up", "down") else ""
    return pressed.replace("_", " ") + arrow
