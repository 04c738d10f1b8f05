"""The variables that Textual reads when it is loaded: what it could not use is taken away."""

import os
from collections.abc import Callable, Mapping, MutableMapping
from typing import Final

# The driver of textual-serve, whose process sets all of them, the size of its window too.
WEB: Final = "textual.drivers.web_driver:WebDriver"


def _number(most: int) -> Callable[[str], bool]:
    return lambda value: value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= most


_USABLE: Final[Mapping[str, Callable[[str], bool]]] = {
    "TEXTUAL_ALLOW_SIGNALS": lambda _: True,
    "TEXTUAL_ANIMATIONS": lambda value: value.lower() in ("none", "basic", "full"),
    "TEXTUAL_COLOR_SYSTEM": lambda value: value in ("auto", "standard", "256", "truecolor"),
    "TEXTUAL_DISABLE_KITTY_KEY": lambda value: value in ("0", "1"),
    "TEXTUAL_DRIVER": lambda value: value == WEB,
    "TEXTUAL_FPS": _number(240),
    "TEXTUAL_SMOOTH_SCROLL": lambda value: value in ("0", "1"),
    "ESCDELAY": _number(5000),
}


def settle(environment: MutableMapping[str, str]) -> None:
    """Take away what is of no use, and the size of a window that the terminal itself knows."""
    if environment.get("TEXTUAL_DRIVER") == WEB:
        return
    for name in list(environment):
        if name in _USABLE:
            wanted = _USABLE[name](environment[name])
        else:
            wanted = name not in ("COLUMNS", "LINES") and not name.startswith("TEXTUAL_")
        if not wanted:
            del environment[name]


settle(os.environ)
