"""What a report consists of, as values: they know nothing of Markdown or HTML.

All texts are plain and may come from outside; whoever writes them out makes them harmless.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Strong:
    """Words that stand out in a sentence."""

    text: str


@dataclass(frozen=True)
class Emphasis:
    """A term that is being explained."""

    text: str


@dataclass(frozen=True)
class Linked:
    """The name of a file beside the report, which leads to it."""

    file: str


Inline: TypeAlias = str | Strong | Emphasis | Linked


@dataclass(frozen=True)
class Title:
    """A heading; ``level`` 1 is that of the whole, 2 that of a section, 3 one within."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """One or more sentences."""

    parts: tuple[Inline, ...]

    @classmethod
    def of(cls, *parts: Inline) -> "Paragraph":
        """Return the paragraph of these parts, which follow each other without a blank."""
        return cls(parts)


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Tabular:
    """A table: ``heads``, and rows of as many cells; the first column names the row.

    ``wordy`` are the other columns that hold words, ``bold`` is a row that stands out, both counted
    from 0. ``about`` says what it shows, for who cannot see it.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    about: str
    wordy: tuple[int, ...] = ()
    bold: int | None = None

    @classmethod
    def of(
        cls,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        about: str,
        *,
        wordy: tuple[int, ...] = (),
        bold: int | None = None,
    ) -> "Tabular":
        """Return the table of these texts."""
        return cls(tuple(heads), tuple(map(tuple, rows)), about, wordy, bold)


@dataclass(frozen=True)
class Illustration:
    """The figure of ``item``, a name of the table of exports; ``about`` describes it.

    ``caption`` stands below it, unless that is empty.
    """

    item: str
    about: str
    caption: str = ""


@dataclass(frozen=True)
class Shell:
    """Commands, one a line."""

    lines: tuple[str, ...]


Block: TypeAlias = Title | Paragraph | Bullets | Tabular | Illustration | Shell
