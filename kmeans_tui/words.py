"""Prepare text for display, and count and list things in words."""

import math
import re
from collections.abc import Sequence
from typing import Final

# One for each character replaced, so that columns measured before stay aligned.
PLACEHOLDER: Final = "·"
# Blanks of other widths. Python does not call them printable, but normal text contains them.
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
    """Return the text with a placeholder for every control or invisible character.

    These are controls (C0, DEL, C1), all line ends and tabs, bidirectional controls, zero-width
    characters, lone surrogates, private and unassigned characters. Each becomes one ``·``, so the
    length of the text does not change; joined emoji are split into their parts. Accents, scripts,
    blanks of any width and single emoji stay. Applying it twice changes nothing more.

    Use it for displayed text. Text used as data (a label in a table, a path to open, a command on
    the clipboard) must stay unchanged.
    """
    if text.isprintable() and (text.isascii() or _UNSEEN.search(text) is None):
        return text
    shown = _UNSEEN.sub(instead, text)
    return "".join(c if c.isprintable() or c in _SEEN else instead for c in shown)


def markdown(text: str) -> str:
    """Return printable text, on one line, without any meaning in Markdown or HTML.

    Every mark of GitHub's dialect is escaped: emphasis, code, links, tags, entities, headings,
    formulas; and what would begin a list or a rule at the start of a line. A bar has a meaning only
    in tables: see ``markdown_cell``.
    """
    return _BEGINNING.sub(r"\g<0>\\", _marked(text), count=1)


def markdown_cell(text: str) -> str:
    """Return the same for a table cell, which a bar would end and where no list can begin."""
    return _marked(text).replace("|", "\\|")


def _marked(text: str) -> str:
    return _MARKS.sub(r"\\\g<0>", printable(text))


def plural(count: int, noun: str) -> str:
    """Return a count with its noun: ``1 point``, ``2 points``, ``1,000 points``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def amount(value: float) -> str:
    """Return an inertia or a shift with two decimals, or three digits if that would show 0."""
    size = abs(value)
    if size >= 1e9 or 0 < size < 1e-4:
        return f"{value:.3g}"
    if size >= 1e5:
        return f"{value:,.0f}"
    return f"{value:.2f}" if size >= 1 else f"{value:.3g}"


def tally(value: float) -> str:
    """Return a count or a total weight: ``1,234``, ``36.5``, ``0.3333``."""
    if abs(value) >= 1e15:
        return f"{value:.4g}"
    rounded = round(value)
    if value == rounded or abs(value - rounded) <= 1e-9 * abs(rounded):
        return f"{rounded:,}"
    return f"{value:,.2f}" if abs(value) >= 100 else f"{value:.4g}"


def quantity(value: float, spread: float, *, own: bool = False) -> str:
    """Return a number of a column as people write it: ``1,077,600``, ``5.84``.

    It has as many decimals as show a hundredth of the ``spread`` of the column. A value that is the
    column's ``own``, not computed from it, has one more, and no zeros at its end.
    """
    if value == 0:
        return "0"
    if not 1e-9 <= spread < 1e15 or abs(value) >= 1e15:
        return f"{value:,.10g}" if spread == 0 and abs(value) < 1e10 else f"{value:.4g}"
    decimals = max(0, 2 - math.floor(math.log10(spread)) + own)
    text = f"{value:,.{decimals}f}"
    if not text.strip("-0."):
        return "0"
    return text.rstrip("0").rstrip(".") if own and decimals else text


def exactly(value: float) -> str:
    """Return a number in as few characters as keep it the same."""
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def changed_cluster(count: int) -> str:
    """How many points changed cluster: the one phrase for it, wherever it is said."""
    return f"{plural(count, 'point') if count else 'no point'} changed cluster"


def listed(words: Sequence[object]) -> str:
    """Return words as a list: ``a``, ``a and b``, ``a, b and c``."""
    *first, last = map(str, words)
    return f"{', '.join(first)} and {last}" if first else last


def few(words: Sequence[object], most: int) -> str:
    """Return at most ``most`` words, and how many are left out: ``a, b and 3 more``."""
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(map(str, words[:most])) + more


def sentence(text: str) -> str:
    """Return the text with a capital at its beginning and a full stop at its end."""
    return ended(text[:1].upper() + text[1:])


def ended(text: str) -> str:
    """Return the text with a full stop at its end; a name at its beginning keeps its case."""
    return text if text.endswith(".") else f"{text}."


# How the clauses of a sentence are divided, and two sentences.
_CLAUSES: Final = re.compile(r"([;:] |, (?=see )|\. (?=[A-Z]))")
_FLAG: Final = re.compile(r"(?<![\w-])--[a-z]")
_OF_A_FLAG: Final = re.compile(r" by --[a-z-]+| \([^()]*(?<![\w-])--[a-z][^()]*\)")


def without_flags(text: str) -> str:
    """Return a remark without its advice on flags, for who does not sit at the program.

    The clauses that name a flag are left out; it is empty if that is all of them.
    """
    clauses = _CLAUSES.split(_OF_A_FLAG.sub("", text))
    kept = [
        between + clause
        for between, clause in zip(["", *clauses[1::2]], clauses[::2], strict=True)
        if not _FLAG.search(clause)
    ]
    found = "".join(kept).lstrip(";:,. ")
    return ended(found) if found else ""


def cut(text: str, longest: int) -> str:
    """Return a text of at most ``longest`` characters; a longer one ends with an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def quoted(value: object, longest: int = 40) -> str:
    """Return a value from a file as a message shows it, whatever it is: ``'text'``, ``3``, a list.

    It is printable and at most ``longest`` characters long, besides the marks.
    """
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    text = value if isinstance(value, str) else str(value)
    text = printable(cut(text, longest))
    return f"'{text}'" if isinstance(value, str) else text
