"""What single text cells look like, regardless of their table."""

import re
from functools import lru_cache
from typing import Final, Literal

from kmeans_tui.data.reading.dialect import MISSING_MARKS

CellKind = Literal["number", "time", "code", "ratio", "missing", "word", "torn"]

# A space within a number, as a part of a regular expression.
BLANK: Final = "[ \u00a0\u202f\u2009]"
_CURRENCY: Final = "[$€£¥₹]"
_DIGITS: Final = (
    r"(?:[0-9]{1,3}(?P<mark>[.,'’ \u00a0\u202f\u2009])[0-9]{3}(?:(?P=mark)[0-9]{3})*"
    r"(?:[.,][0-9]*)?|[0-9]+[.,]?[0-9]*|[.,][0-9]+)"
)
_NUMBER: Final = re.compile(
    rf"\(?[+-]?{_CURRENCY}?{BLANK}?[+-]?{_DIGITS}(?:[eE][+-]?[0-9]+)?{BLANK}?(?:%|{_CURRENCY})?\)?"
    r"|[+-]?(?:inf|infinity)",
    re.IGNORECASE,
)
_DAY: Final = (
    r"(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{4}|[0-9]{2})"
    r"|[0-9]{1,2}[ -][A-Za-z]{3}[ -][0-9]{2,4})"
)
_CLOCK: Final = (
    r"(?:[0-9]{1,3}:[0-5][0-9]:[0-5][0-9](?:[.][0-9]+|,[0-9]{3,9})?"
    r"|[0-9]{1,2}:[0-5][0-9](?:[.][0-9]+)?)"
    r"(?: ?[AaPp][Mm])?(?: ?Z| ?[+-][0-9]{2}:?[0-9]{2})?"
)
_TIME: Final = re.compile(rf"{_DAY}(?:(?:[T ]|, ) *{_CLOCK})?|{_CLOCK}")
_CODE: Final = re.compile(
    # MAC and IPv6 addresses, EUI-64 …
    r"[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){4,7}|(?=.*::|([0-9A-Fa-f]+:){7})[0-9A-Fa-f:]+(/[0-9]{1,3})?"
    # … IPv4, with a port …
    r"|([0-9]{1,3}[.]){3}[0-9]{1,3}([:/][0-9]{1,5})?"
    # … places on a chromosome …
    r"|(chr|chromosome|scaffold|contig)[A-Za-z0-9_.]*:[0-9]+([-:][0-9]+)?([:][A-Za-z+>-]+)*"
    r"|([0-9]{1,2}|[XYM]|MT):[0-9]{4,}(-[0-9]+)?([:][A-Za-z+>-]+)*"
    # … URLs, e-mail addresses and UUIDs.
    r"|[a-z]{2,9}://[^\s,;|]+|[\w.+-]+@[\w-]+([.][\w-]+)+"
    r"|\{?[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\}?"
)
_RATIO: Final = re.compile(r"[0-9]+:[0-9]+")
_TORN: Final = re.compile(r'["\t]|[,;|](?! )|^[-+0-9.,:; ]*$')
# No number, date or address is longer; regular expressions are not tried on longer cells.
_LONGEST: Final = 100


@lru_cache(maxsize=65_536)
def look(cell: str) -> CellKind:
    """Return what a stripped cell looks like.

    ``torn`` is a text with a quote, or with a separator not followed by a blank, as in ``2.5;x``,
    or digits and marks that are not a number: ``5 2``.
    """
    if cell.casefold() in MISSING_MARKS:
        return "missing"
    if len(cell) <= _LONGEST:
        if _NUMBER.fullmatch(cell):
            return "number"
        if _TIME.fullmatch(cell):
            return "time"
        if _CODE.fullmatch(cell):
            return "code"
        if _RATIO.fullmatch(cell):
            return "ratio"
    return "torn" if _TORN.search(cell[:1000]) else "word"


def is_number(cell: str) -> bool:
    """Whether a stripped cell is a number in any notation, or a word for infinity."""
    return look(cell) == "number"


def is_time(cell: str) -> bool:
    """Whether a cell is a date, a time of day or a duration, or a date with its time."""
    return len(cell) <= _LONGEST and _TIME.fullmatch(cell.strip()) is not None
