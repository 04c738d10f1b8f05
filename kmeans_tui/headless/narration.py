"""Progress of long work, shown on stderr."""

import sys
import time
from typing import TYPE_CHECKING

from kmeans_tui.words import printable, sentence

if TYPE_CHECKING:
    from kmeans_tui.clustering.steps import Step


class Narration:
    """Progress on stderr; silent if stderr is not a terminal.

    ``in_place`` writes one line again and again; otherwise each is a line of its own, every few
    seconds, which a screen reader can read.
    """

    def __init__(self, *, in_place: bool = True) -> None:
        self._heard = sys.stderr is not None and sys.stderr.isatty()
        self._in_place = in_place
        self._next = time.monotonic() + (0.15 if in_place else 3.0)
        self._length = 0

    def __enter__(self) -> "Narration":
        return self

    def __call__(self, step: "Step") -> None:
        if self._due():
            self._write(f"iteration {step.iteration}, inertia {step.inertia:.6g}")

    def say(self, text: str) -> None:
        """Show a line, unless one was shown just now."""
        if self._due():
            self._write(text)

    def clear(self) -> None:
        """Clear the line, so that another can be printed there."""
        if self._length and self._in_place:
            self._write("")
            sys.stderr.write("\r")
            sys.stderr.flush()
            self._length = 0

    def _due(self) -> bool:
        if not self._heard or time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + (0.1 if self._in_place else 5.0)
        return True

    def __exit__(self, *_: object) -> None:
        if self._length:
            self._write("")
            sys.stderr.write("\r")

    def _write(self, text: str) -> None:
        text = printable(text)
        if not self._in_place:
            sys.stderr.write(f"{sentence(text)}\n")
            return
        # Overwrite with blanks: a dumb terminal cannot clear a line.
        sys.stderr.write("\r")
        sys.stderr.write(text.ljust(self._length))
        sys.stderr.flush()
        self._length = len(text)
