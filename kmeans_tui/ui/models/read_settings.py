"""How a file is read, as settings that are gone through with the arrow keys."""

from dataclasses import dataclass, replace
from typing import Any, Final

from kmeans_tui.command import Options
from kmeans_tui.ui.models import opening
from kmeans_tui.ui.models.opening import Opened

_GUESS: Final = "guess"
# Their values in order; the first is the default. Those of () are numbers from 1 up, or none.
_CHOICES: Final[dict[str, tuple[Any, ...]]] = {
    "sheet": (None,),
    "separator": (None, "comma", "semicolon", "tab", "pipe", "blank"),
    "header": (None, True, False),
    "skip": (),
    "header_row": (),
    "sample": (None, 100, 1_000, 10_000, 100_000, 1_000_000),
    "decimal": (None, ".", ","),
    "thousands": (None, ",", ".", "none"),
    "encoding": (None, "utf-8", "latin-1", "cp1252", "utf-16"),
    "na": (None, ("*",)),
}
_HEADS: Final = {"na": "words", "skip": "skip lines", "header_row": "names in"}
_SHOWN: Final = {True: "yes", False: "no", ".": "'.'", ",": "','", ("*",): "missing"}
_UNSET: Final = {"na": "refuse", "skip": _GUESS, "header_row": _GUESS, "sample": "all rows"}
# What settles the same thing: who changes one lets go of the other.
_OTHER: Final = {"skip": "header_row", "header_row": "skip"}


@dataclass(frozen=True)
class ReadSettings:
    """The settings of one file; ``opened`` is None until it has been read.

    Of a workbook there are its sheets in the place of separator, decimal mark and encoding.
    """

    wish: Options
    opened: Opened | None = None

    @property
    def _sheets(self) -> tuple[str, ...]:
        return () if self.opened is None else self.opened.source.sheets

    @property
    def names(self) -> tuple[str, ...]:
        """The settings, as fields of ``Options``."""
        gone = {"separator", "decimal", "encoding"} if self._sheets else {"sheet"}
        return tuple(each for each in _CHOICES if each not in gone)

    def line(self, name: str) -> str:
        """Return a setting and its value, at most 25 characters unless a text is longer."""
        value = getattr(self.wish, name)
        if name == "sheet":
            shown = self._sheets[self._at_sheet]
        elif value is None:
            shown = _UNSET.get(name, _GUESS)
        elif name == "header_row":
            shown = f"line {value:,}"
        elif isinstance(value, int) and not isinstance(value, bool):
            shown = f"{value:,}"
        else:
            shown = _SHOWN.get(value) or (",".join(value) if name == "na" else f"{value}")
        return f"{_HEADS.get(name, name):<11}{shown}"

    @property
    def _at_sheet(self) -> int:
        """The sheet that is read, from 0: by name, else by number."""
        wanted = self.wish.sheet
        if wanted in self._sheets:
            return self._sheets.index(wanted)
        return int(wanted) - 1 if wanted is not None and wanted.isdecimal() else 0

    def changed(self, name: str, by: int) -> Options:
        """Return the options with the next or previous value of a setting."""
        values, present = _CHOICES[name], getattr(self.wish, name)
        fields: dict[str, Any] = {}
        if name == "sheet":
            at = (self._at_sheet + by) % len(self._sheets)
            chosen = self._sheets[at]
            plain = chosen.isprintable() and chosen.strip() == chosen and not chosen.isdecimal()
            fields[name] = None if at == 0 else chosen if plain else str(at + 1)
        elif not values:
            number = max(0, (present or 0) + by)
            fields = {name: number or None, _OTHER[name]: None}
        else:
            at = values.index(present) + by if present in values else 0
            fields[name] = values[at % len(values)]
        if name == "na" and self.opened is not None:
            # Only the words found so far, so that a new one is not taken for missing.
            words = opening.bad_texts(self.opened.source.columns)
            fields = {"na": (words or values[1]) if present is None else None}
        return replace(self.wish, **fields)
