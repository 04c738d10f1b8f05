"""Progress of long work, shown on stderr."""

import sys
import time
from typing import TYPE_CHECKING

from kmeans_tui.words import printable

if TYPE_CHECKING:
    from kmeans_tui.clustering.steps import Step


class Narration:
    """A progress line on stderr; silent if stderr is not a terminal."""

    def __init__(self) -> None:
        self._heard = sys.stderr is not None and sys.stderr.isatty()
        self._next = time.monotonic() + 0.15
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

    def _due(self) -> bool:
        if not self._heard or time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + 0.1
        return True

    def __exit__(self, *_: object) -> None:
        if self._length:
            self._write("")
            sys.stderr.write("\r")

    def _write(self, text: str) -> None:
        # Overwrite with blanks: a dumb terminal cannot clear a line.
        text = printable(text)
        sys.stderr.write("\r")
        sys.stderr.write(text.ljust(self._length))
        sys.stderr.flush()
        self._length = len(text)
