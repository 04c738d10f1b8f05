"""Synthetic points: scikit-learn's generators in plain numpy, and some of our own.

Everything is drawn from ``numpy.random.RandomState(seed)`` in scikit-learn's order, so the points
are the same to the last bit without waiting for scikit-learn to load. Every function
returns ``(points, truth)``: float64 ``(n, d)`` and int32 ``(n,)``; ``truth`` is the group a point
was drawn from.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.random import RandomState
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Groups: TypeAlias = NDArray[np.int32]


def blobs(n: int, k: int, d: int, std: float | Sequence[float], seed: int) -> tuple[Floats, Groups]:
    """``make_blobs``: n points in k round groups of spread ``std``, centres in a box of ±10."""
    generator = RandomState(seed)
    centres = generator.uniform(-10.0, 10.0, size=(k, d))
    spreads = [float(std)] * k if isinstance(std, int | float) else list(std)
    points = np.empty((n, d))
    truth = np.empty(n, dtype=np.int32)
    start = 0
    for group, spread in enumerate(spreads):
        stop = start + n // k + (group < n % k)
        points[start:stop] = generator.normal(centres[group], spread, size=(stop - start, d))
        truth[start:stop] = group
        start = stop
    return _shuffled(points, truth, generator)


def moons(n: int, noise: float, seed: int) -> tuple[Floats, Groups]:
    """``make_moons``: two interleaving half circles of radius 1."""
    generator = RandomState(seed)
    upper, lower = np.linspace(0, np.pi, n // 2), np.linspace(0, np.pi, n - n // 2)
    x = np.append(np.cos(upper), 1 - np.cos(lower))
    # Two subtractions, as in scikit-learn: .5 - sin() differs in the last bit.
    y = np.append(np.sin(upper), 1 - np.sin(lower) - 0.5)
    return _noisy(x, y, n // 2, noise, generator)


def circles(n: int, noise: float, factor: float, seed: int) -> tuple[Floats, Groups]:
    """``make_circles``: a circle of radius 1 and one of radius ``factor`` inside it."""
    generator = RandomState(seed)
    outer = np.linspace(0, 2 * np.pi, n // 2, endpoint=False)
    inner = np.linspace(0, 2 * np.pi, n - n // 2, endpoint=False)
    x = np.append(np.cos(outer), np.cos(inner) * factor)
    y = np.append(np.sin(outer), np.sin(inner) * factor)
    return _noisy(x, y, n // 2, noise, generator)


def anisotropic(n: int, std: float, seed: int) -> tuple[Floats, Groups]:
    """Three blobs sheared into stripes, as in scikit-learn's example on K-Means assumptions."""
    points, truth = blobs(n, 3, 2, std, seed)
    shear = np.array([[0.60834549, -0.63667341], [-0.40887718, 0.85253229]])
    return points @ shear, truth


def varied(n: int, seed: int) -> tuple[Floats, Groups]:
    """Three blobs of spread 1, 2.5 and .5, as in scikit-learn's example on assumptions."""
    return blobs(n, 3, 2, (1.0, 2.5, 0.5), seed)


def uneven(std: float, seed: int) -> tuple[Floats, Groups]:
    """Three blobs of 500, 100 and 10 points, cut from 1500 as in scikit-learn's example."""
    points, truth = blobs(1500, 3, 2, std, seed)
    kept = np.concatenate([np.flatnonzero(truth == g)[:m] for g, m in enumerate((500, 100, 10))])
    return points[kept], truth[kept]


def uniform(n: int, d: int, seed: int) -> tuple[Floats, Groups]:
    """n points drawn uniformly from the unit square or cube: one group, so no clusters."""
    return RandomState(seed).uniform(size=(n, d)), np.zeros(n, dtype=np.int32)


def outlier(n: int, std: float, distance: float, seed: int) -> tuple[Floats, Groups]:
    """Three blobs of n points, and one more point ``distance`` to the right of the rightmost mean.

    Beyond about 72 the best clustering of the default blobs gives that point a centroid of its own.
    """
    points, truth = blobs(n, 3, 2, std, seed)
    means = [points[truth == group].mean(axis=0) for group in np.unique(truth)]
    rightmost = max(means, key=lambda mean: float(mean[0]))
    far = rightmost + np.array([distance, 0.0])
    return np.vstack([points, far]), np.append(truth, np.int32(3))


def eight() -> tuple[Floats, Groups]:
    """The eight points A1 to A8 of a widespread exercise, to be clustered by hand."""
    points = [[2.0, 10], [2, 5], [8, 4], [5, 8], [7, 5], [6, 4], [1, 2], [4, 9]]
    return np.array(points), np.zeros(8, dtype=np.int32)


def _noisy(
    x: Floats, y: Floats, first: int, noise: float, generator: RandomState
) -> tuple[Floats, Groups]:
    truth = (np.arange(len(x)) >= first).astype(np.int32)
    points, truth = _shuffled(np.column_stack([x, y]), truth, generator)
    points += generator.normal(scale=noise, size=points.shape)
    return points, truth


def _shuffled(points: Floats, truth: Groups, generator: RandomState) -> tuple[Floats, Groups]:
    order = np.arange(len(points))
    generator.shuffle(order)
    return points[order], truth[order]


# The functions are called with the catalogue's parameters by name.
