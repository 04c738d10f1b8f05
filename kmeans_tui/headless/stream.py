"""The last write to the shell: no control character passes that the program did not write itself.

Lines are made printable where they are made (``shell.print_lines``, ``shell.refuse``); whatever
comes past that, a warning of a library for one, meets the same rule here.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TextIO, cast

from kmeans_tui.words import printable

# What the program writes alone: the end of a line, and the way back to the start of one.
_OWN: Final = ("\n", "\r")


class PrintableStream:
    """A text stream of which every write is one line at most.

    A line feed at the end of what is written ends the line, as ``print`` has it; one inside would
    make a line of its own and becomes a placeholder.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text, or one line with its end."""
        if text in _OWN:
            return self._stream.write(text)
        line = text.removesuffix("\n")
        self._stream.write(printable(line) + text[len(line) :])
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write each."""
        for each in lines:
            self.write(each)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def printable_streams() -> Iterator[None]:
    """Put stdout and stderr behind ``PrintableStream``.

    They stay so when an error is on its way out: its traceback is still to be written.
    """
    before = sys.stdout, sys.stderr
    # A stream that was closed before the start is None.
    sys.stdout, sys.stderr = (
        each if each is None else cast("TextIO", PrintableStream(each)) for each in before
    )
    try:
        yield
    except SystemExit:
        sys.stdout, sys.stderr = before
        raise
    sys.stdout, sys.stderr = before
