"""A random sample of the rows of a file, with a seed of its own."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Sampled(NamedTuple):
    """A sample of ``rows`` of the ``of`` rows of a file, drawn with ``seed``."""

    rows: int
    of: int
    seed: int

    def sentence(self) -> str:
        """Return what it is, for the remarks."""
        return (
            f"A sample: {self.rows:,} of {self.of:,} rows, drawn at random by --sample with a seed "
            f"of its own, {self.seed}; the seed of the run does not change it."
        )

    def short(self) -> str:
        """Return it beside a name."""
        return f"sample of {self.rows:,} of {self.of:,} rows"


def sampled_rows(rows: int, of: int, seed: int) -> "NDArray[np.int64]":
    """Return the numbers, from 1, of ``rows`` of ``of`` rows, each equally likely, ascending.

    The same in numpy: ``np.sort(np.random.default_rng(seed).choice(of, rows, replace=False)) + 1``.
    All of them if there are no more.
    """
    import numpy as np

    if rows >= of:
        return np.arange(1, of + 1)
    drawn = np.random.default_rng(seed).choice(of, rows, replace=False)
    return np.sort(drawn).astype(np.int64) + 1
