"""The last filter before the shell: only control characters of the program itself pass.

``shell.print_lines`` and ``shell.refuse`` already make lines printable; anything else, such as a
library's warning, is filtered here by the same rule.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TextIO, cast

from kmeans_tui.words import printable

# What the program writes on its own: a line feed, and a carriage return.
_OWN: Final = ("\n", "\r")


class PrintableStream:
    """A text stream in which every write is at most one line.

    A line feed at the end of a write ends the line, as with ``print``; one inside it would start
    another line and becomes a placeholder.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text, or one line with its line feed."""
        if text in _OWN:
            return self._stream.write(text)
        line = text.removesuffix("\n")
        self._stream.write(printable(line) + text[len(line) :])
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write each line."""
        for each in lines:
            self.write(each)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def printable_streams() -> Iterator[None]:
    """Wrap stdout and stderr in ``PrintableStream``.

    They stay wrapped when an exception escapes: its traceback is still to be printed.
    """
    before = sys.stdout, sys.stderr
    # A stream that was closed before the program started is None.
    sys.stdout, sys.stderr = (
        each if each is None else cast("TextIO", PrintableStream(each)) for each in before
    )
    try:
        yield
    except SystemExit:
        sys.stdout, sys.stderr = before
        raise
    sys.stdout, sys.stderr = before
