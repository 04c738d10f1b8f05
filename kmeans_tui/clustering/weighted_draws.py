"""Draw rows in proportion to their weights."""

import numpy as np


def by_weight(weights: np.ndarray, rng: np.random.RandomState) -> int:
    """Draw a row in proportion to the weights (n,), by one number from the generator."""
    reached = np.cumsum(weights)
    return _row(reached, weights, rng.random_sample() * float(reached[-1]))


def one_of_the_copies(weights: np.ndarray, rng: np.random.RandomState) -> int:
    """Draw a row in proportion to the weights (n,).

    For whole-number weights it is the row that ``rng.randint`` draws where each row is repeated as
    often, its copies next to each other.
    """
    reached = np.cumsum(weights)
    total = float(reached[-1])
    whole = total < 2**53 and bool((weights == np.floor(weights)).all())
    drawn = rng.randint(int(total)) if whole else rng.random_sample() * total
    return _row(reached, weights, drawn)


def _row(reached: np.ndarray, weights: np.ndarray, drawn: float) -> int:
    row = int(np.searchsorted(reached, drawn, side="right"))
    # Rounding can put a draw on the last sum, and behind the last row that has a weight.
    return row if row < len(weights) else int(np.flatnonzero(weights)[-1])
