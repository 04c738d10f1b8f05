"""What counts as a line of a text table, for both the sniffer and the parser.

A line ends with LF, CRLF or CR only: VT, FF, FS, GS, RS, NEL, U+2028 and U+2029 are characters of
a cell. Inside quotes, none of the three ends a line. A quote opens only at the start of a cell,
after optional blanks; ``5" pipe`` opens none.
"""

import re
from collections.abc import Iterator
from typing import Final

STRONG: Final = ",;\t|"
_TOKENS: Final = re.compile(r'"|\r\n|\r|\n|[,;\t|]')
_ENDS: Final = re.compile(r"\r\n|\r|\n")
# Longer lines do not occur in tables: the parser accepts two million bytes.
_LONGEST: Final = 2_000_000


def records(text: str, most: int | None = None) -> list[tuple[str, str]]:
    """Return each line of the text with its ending: LF, CRLF, CR, or nothing at the end.

    At most ``most`` lines. A quote that is never closed is ignored: the lines below it are split
    by their endings alone.
    """
    found, at = _whole(text, most)
    return found if most is not None and len(found) >= most else [*found, *_plain(text[at:])]


def one_end(blocks: Iterator[str]) -> Iterator[str]:
    """Yield the text with LF at every line end; quoted text is unchanged."""
    rest = ""
    for block in blocks:
        rest += block
        found, at = _whole(rest)
        if found and found[-1][1] == "\r" and at == len(rest):
            # It may be the first half of a CRLF.
            line, end = found.pop()
            at -= len(line) + len(end)
        yield "".join(f"{line}\n" for line, _ in found)
        rest = rest[at:]
        if len(rest) > _LONGEST and not rest.endswith("\r"):
            yield _ENDS.sub("\n", rest)
            rest = ""
    yield "".join(line + ("\n" if end else "") for line, end in records(rest))


def _whole(text: str, most: int | None = None) -> tuple[list[tuple[str, str]], int]:
    """Return the lines that certainly end within the text, and where the rest begins."""
    found: list[tuple[str, str]] = []
    start = skip = 0
    strong = inside = False
    for token in _TOKENS.finditer(text):
        at, sign = token.start(), token[0]
        if at < skip:
            continue
        if sign == '"':
            if not inside:
                inside = _begins(text, start, at, strong)
            elif text.startswith('"', at + 1):
                skip = at + 2
            else:
                inside = False
        elif inside:
            continue
        elif sign in STRONG:
            strong = True
        else:
            found.append((text[start:at], sign))
            start, strong = token.end(), False
            if len(found) == most:
                break
    return found, start


def _begins(text: str, start: int, at: int, strong: bool) -> bool:
    """Whether a cell begins at a quote: after a separator or at the start of the line."""
    before = at
    while before > start and text[before - 1] == " ":
        before -= 1
    # A blank or a colon separates cells only if nothing else does.
    return (
        before == start
        or text[before - 1] in STRONG
        or (not strong and (before < at or text[before - 1] == ":"))
    )


def _plain(text: str) -> list[tuple[str, str]]:
    found, start = [], 0
    for end in _ENDS.finditer(text):
        found.append((text[start : end.start()], end[0]))
        start = end.end()
    if start < len(text):
        found.append((text[start:], ""))
    return found
