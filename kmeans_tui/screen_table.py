"""THE table of the screens: name, key, class, what each is about, and the command that stands in.

To add a screen, add a row, its module in ``ui/screens``, and its keys in ``ui/keys``.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Screen:
    """A row: ``name`` as ``--screen`` takes it, the ``key`` that shows it, what it is ``about`` in
    the words of the key table.

    ``command`` answers the same without a screen; where many runs are asked it is also the name of
    the answer and of the figure. ``own`` are the options that such a screen sets for itself. The
    module in ``ui/screens`` has the name, and its class the same with a capital.
    """

    name: str
    key: str
    about: str
    command: str
    own: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The name of its class, of its tab, and of its rows in the key table."""
        return self.name.capitalize()

    @property
    def asks(self) -> bool:
        """Whether it asks many runs and has a figure of its own."""
        return bool(self.own)


TABLE: Final[tuple[Screen, ...]] = (
    Screen("explore", "1", "Explore: watch one run", "run"),
    Screen("elbow", "2", "Elbow: how many clusters", "elbow", ("seed", "empty", "runs", "k_max")),
    Screen("seeds", "3", "Seeds: does the start matter", "seeds", ("seeds", "census")),
    Screen("compare", "4", "Compare with scikit-learn", "compare", ("start",)),
    Screen("data", "5", "Data: sets, your files, columns", "run"),
)


def screen(name: str) -> Screen:
    """The row of that name."""
    return next(each for each in TABLE if each.name == name)
