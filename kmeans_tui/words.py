"""Small pieces of text: what is fit to be shown, and how things are counted and listed."""

import re
from collections.abc import Sequence
from typing import Final

# As many characters as stood there: columns that were measured before stay aligned.
PLACEHOLDER: Final = "·"
# Blanks of other widths. They are no printing characters to Python, yet part of honest text.
_BLANKS: Final = frozenset("\u00a0\u1680\u202f\u205f\u3000").union(map(chr, range(0x2000, 0x200B)))
# The parts of a cell in two columns and four rows that the plots draw with: assigned in Unicode 16,
# unknown to the tables of older Pythons.
_OCTANTS: Final = frozenset(
    map(
        chr,
        (*range(0x1CD00, 0x1CDE6), 0x1CEA0, 0x1CEA3, 0x1CEA8, 0x1CEAB, 0x1FBE6, 0x1FBE7),
    )
)
_SEEN: Final = _BLANKS | _OCTANTS
# What Python takes for printing and nobody sees: Unicode's Default_Ignorable_Code_Point (joiners,
# fillers, variation selectors, tags). The two selectors of emoji pass behind what they select.
_UNSEEN: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0d\uffa0\U000e0000-\U000e0fff]"
    "|(?<![\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001faff])[\ufe0e\ufe0f]"
)

_MARKS: Final = re.compile(r"[\\`*_<>\[\]#&$~]")
_BEGINNING: Final = re.compile(r"^\s*(?:\d+(?=[.)](?:\s|$))|(?=[-+=]+(?:\s|$)))")


def printable(text: str, instead: str = PLACEHOLDER) -> str:
    """The text with a placeholder for every character that a terminal obeys or nobody sees.

    These are controls (C0, DEL, C1), all line ends and tabs, bidirectional controls, zero-width
    characters, lone surrogates, private and unassigned characters. Each becomes one ``·``, so that
    the text is as many characters long as before; of emoji joined into one the parts are left.
    Accents, scripts, blanks of any width and single emoji stay. Applied twice it changes no more.

    It is for what is shown. Where a text is data (a label in a table, a path that is opened, a
    command on the clipboard) it stays as it came.
    """
    if text.isprintable() and (text.isascii() or _UNSEEN.search(text) is None):
        return text
    shown = _UNSEEN.sub(instead, text)
    return "".join(c if c.isprintable() or c in _SEEN else instead for c in shown)


def markdown(text: str) -> str:
    """Printable text that Markdown and the HTML in it take for nothing else, on one line.

    Every mark of GitHub's dialect is escaped wherever it stands: emphasis, code, links, tags,
    entities, headings, formulas; and what makes a list or a rule at the beginning of a line. A bar
    means something in tables only: ``markdown_cell``.
    """
    return _BEGINNING.sub(r"\g<0>\\", _marked(text), count=1)


def markdown_cell(text: str) -> str:
    """The same for a cell of a table, which a bar would end and where no list can begin."""
    return _marked(text).replace("|", "\\|")


def _marked(text: str) -> str:
    return _MARKS.sub(r"\\\g<0>", printable(text))


def plural(count: int, noun: str) -> str:
    """``1 point``, ``2 points``, ``1,000 points``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(words: Sequence[object]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *first, last = map(str, words)
    return f"{', '.join(first)} and {last}" if first else last


def sentence(text: str) -> str:
    """With a capital at its beginning and a full stop at its end."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
