"""The keys of the player: rows of the program's own table, as a browser calls them."""

from string import punctuation
from typing import Any, Final

from kmeans_tui.key_table import rows
from kmeans_tui.user_keys import textual

# The actions that the player has, in the order of its help.
ACTIONS: Final = (
    *("play", "half_step", "iteration", "first", "last", "replay", "speed"),
    *("changes", "find", "trails", "regions", "coming", "distances", "code", "aspect"),
    *("app.next_theme", "app.help", "app.close_dialog"),
)
# What the program has and a page does not.
_HERE: Final = (("the terminal's", "the system's"), (", or end the cursor", ""))
# A browser's names of keys that are not their own sign.
_NAMED: Final = {
    "left": "ArrowLeft", "right": "ArrowRight", "home": "Home", "end": "End",
    "escape": "Escape", "f1": "F1", "space": " ",
}  # fmt: skip
_SIGNS: Final = {textual(sign): sign for sign in punctuation}


def browser_key(name: str) -> str:
    """Return a browser's name of a key, given Textual's."""
    return name if len(name) == 1 else _NAMED.get(name) or _SIGNS[name]


def web_keys() -> list[dict[str, Any]]:
    """Return the rows of the player's help, each with its keys and the action each does.

    An action is a name of ``ACTIONS`` and a number, 1 where the table has none: ``["speed", -1]``.
    """
    table = [*rows("Explore"), *rows("everywhere")]
    found: list[dict[str, Any]] = []
    for row in table:
        does: dict[str, Any] = {}
        for keys, action in row.bindings:
            name, _, arguments = action.partition("(")
            if name in ACTIONS:
                number = arguments.rstrip(")").split(",")[0]
                by = int(number) if number else 1
                does |= {browser_key(each): [name, by] for each in keys.split(",")}
        if does:
            about = row.does.partition(";")[0]
            for here, there in _HERE:
                about = about.replace(here, there)
            found.append({"shown": row.shown, "does": about, "keys": does})
    return sorted(found, key=lambda each: ACTIONS.index(next(iter(each["keys"].values()))[0]))
