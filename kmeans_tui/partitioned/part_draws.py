"""Draw rows by the hash of their numbers: passes like those of ``part_kernels``.

This module imports numpy alone, and of the program what stands before it in ``part_sources``: it is
also sent to other machines as source text.
"""

from typing import Any

import numpy as np

from kmeans_tui.partitioned.certified_labels import Nearest


def spelled(numbers: Any) -> np.ndarray:
    """Return row numbers (m,) that may be a range: only few passes need each of them."""
    return np.arange(numbers.start, numbers.stop) if isinstance(numbers, range) else numbers


def uniform(numbers: np.ndarray, seed: int, stream: int = 0) -> np.ndarray:
    """Return a number in [0, 1) for every row number (m,), whoever asks.

    The hash is splitmix64 (Steele, Lea and Flood 2014).
    """
    mixed = (seed * 0xD1342543DE82EF95 + stream * 0x9FB21C651E98DF25) % 2**64
    with np.errstate(over="ignore"):
        z = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(mixed)
        z ^= z >> np.uint64(30)
        z *= np.uint64(0xBF58476D1CE4E5B9)
        z ^= z >> np.uint64(27)
        z *= np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(11)) * 2.0**-53


def sample(blocks: Any, task: dict[str, Any], kept: Any, tell: Any) -> Any:
    """Rows whose key is below ``threshold``: (keys, row numbers, points, weights).

    The key is the hash of the number; ``by_weight`` it is that of Efraimidis and Spirakis (2006),
    whose smallest ones are drawn by weight without replacement.
    """
    found = [_none(task["d"])]
    for x, weights, numbered in blocks:
        numbers = spelled(numbered)
        key = uniform(numbers, task["seed"], task["stream"])
        if task["by_weight"]:
            key = -np.log1p(-key) / weights
        found.append(_taken(key < task["threshold"], key, x, weights, numbers))
        tell(len(x))
    return tuple(map(np.concatenate, zip(*found, strict=True)))


def oversample(blocks: Any, task: dict[str, Any], kept: Any, tell: Any) -> Any:
    """A round of k-means|| (Bahmani et al. 2012): rows as in ``sample``.

    A row is drawn with the probability ``factor`` · weight · squared distance to its centroid.
    """
    nearest = Nearest.of(task)
    found = [_none(len(task["low"]))]
    for block in blocks:
        for x, weights, numbered in nearest.some_at_a_time(block):
            numbers = spelled(numbered)
            labels = np.empty(len(x), nearest.type)
            nearest.label(x, labels)
            chance = nearest.exactly(x, labels.astype(np.intp)) * task["factor"]
            if weights is not None:
                chance *= weights
            u = uniform(numbers, task["seed"], task["stream"])
            found.append(_taken(u < chance, u, x, weights, numbers))
        tell(len(block[0]))
    return tuple(map(np.concatenate, zip(*found, strict=True)))


def _none(d: int) -> tuple[np.ndarray, ...]:
    return np.empty(0), np.empty(0, np.int64), np.empty((0, d)), np.empty(0)


def _taken(
    mask: np.ndarray, u: np.ndarray, x: np.ndarray, w: np.ndarray | None, numbers: np.ndarray
) -> tuple[np.ndarray, ...]:
    at = mask.nonzero()[0]
    return u[at], numbers[at], x[at], np.ones(len(at)) if w is None else w[at]


def merge_rows(a: Any, b: Any) -> Any:
    """Return the rows found in two parts, in their order."""
    return tuple(map(np.concatenate, zip(a, b, strict=True)))
