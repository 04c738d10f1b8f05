"""The colour themes: which T cycles through, their short names, and the one to begin with."""

from typing import Final

from textual.theme import BUILTIN_THEMES

CYCLE: Final = ("textual-dark", "textual-light", "ansi-dark", "ansi-light")
# Short names of the first two.
_SHORT: Final = {"dark": "textual-dark", "light": "textual-light"}


def full_name(name: str) -> str:
    """Return Textual's name of a theme, which may be given by its short name."""
    return _SHORT.get(name, name)


def refusal(name: str) -> str:
    """Return the sentence against a name that is no theme's, else nothing."""
    if full_name(name) in BUILTIN_THEMES:
        return ""
    return f"{name!r} is not a theme; choose from {', '.join((*_SHORT, *BUILTIN_THEMES))}"


def to_begin_with(plain: bool) -> str:
    """Return the ansi theme for 16 colours, to which ours would be rounded, some to the same.

    Likewise without colours, since any other theme would still send greys.
    """
    return "ansi-dark" if plain else "textual-dark"
