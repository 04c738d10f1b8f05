"""The variables that Textual reads when it is imported: unusable ones are removed."""

import os
from collections.abc import Callable, Mapping, MutableMapping
from typing import Final


def _number(most: int) -> Callable[[str], bool]:
    return lambda value: value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= most


_USABLE: Final[Mapping[str, Callable[[str], bool]]] = {
    "TEXTUAL_ALLOW_SIGNALS": lambda _: True,
    "TEXTUAL_ANIMATIONS": lambda value: value.lower() in ("none", "basic", "full"),
    "TEXTUAL_COLOR_SYSTEM": lambda value: value in ("auto", "standard", "256", "truecolor"),
    "TEXTUAL_DISABLE_KITTY_KEY": lambda value: value in ("0", "1"),
    "TEXTUAL_FPS": _number(240),
    "TEXTUAL_SMOOTH_SCROLL": lambda value: value in ("0", "1"),
    "ESCDELAY": _number(5000),
}


def settle(environment: MutableMapping[str, str]) -> None:
    """Remove unusable variables, and the window size, which the terminal itself reports."""
    for name in list(environment):
        if name in _USABLE:
            wanted = _USABLE[name](environment[name])
        else:
            wanted = name not in ("COLUMNS", "LINES") and not name.startswith("TEXTUAL_")
        if not wanted:
            del environment[name]


settle(os.environ)
