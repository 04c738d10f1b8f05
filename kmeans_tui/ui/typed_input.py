"""What a terminal sends, as messages; nonsense in it is ignored."""

import re
from collections.abc import Callable

from textual._xterm_parser import XTermParser
from textual.message import Message


def fed(
    parser: XTermParser, text: str, process: Callable[[Message], None], *, debug: bool = False
) -> XTermParser:
    """Process the messages in a text, or those of a timeout if it is empty.

    Returns the parser for what follows, which is a new one after nonsense.
    """
    for part in re.split("(?=\x1b)", text) if text else [""]:
        if part or not text:
            parser = _fed(parser, part, process, debug)
    return parser


def _fed(
    parser: XTermParser, part: str, process: Callable[[Message], None], debug: bool
) -> XTermParser:
    try:
        for message in parser.feed(part) if part else parser.tick():
            process(message)
    except (ArithmeticError, LookupError, RuntimeError, StopIteration, ValueError):
        return XTermParser(debug)
    return parser
