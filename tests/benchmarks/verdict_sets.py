"""Generated sets to count the verdict's hits and false alarms on: each is drawn from its number.

With groups: 2 to 20 of them, 2 to 30 features, unequal sizes and densities, from apart to run
together. Without: fourteen shapes. Those of ``TUNING`` decided the rule of the verdict; those of
``HELD_OUT`` decided nothing, and the last ones of both kinds were drawn only once it stood.
"""

import zlib
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

Rng = np.random.RandomState
Shape = Callable[[Rng, int, int], np.ndarray]


class Drawn(NamedTuple):
    """A set: its ``shape``, ``points`` (n, d), the group of each (n,), or None without groups."""

    shape: str
    points: np.ndarray
    truth: np.ndarray | None


# --- the shape of one group, (n, d), of about unit variance ------------------------------------


def _gaussian(rng: Rng, n: int, d: int) -> np.ndarray:
    return rng.normal(size=(n, d))


def _oval(rng: Rng, n: int, d: int) -> np.ndarray:
    axes = np.linalg.qr(rng.normal(size=(d, d)))[0]
    return rng.normal(size=(n, d)) * np.exp(rng.uniform(-0.5, 0.5, d)) @ axes


def _cube(rng: Rng, n: int, d: int) -> np.ndarray:
    return rng.uniform(-1.7, 1.7, (n, d))


def _sphere(rng: Rng, n: int, d: int) -> np.ndarray:
    x = rng.normal(size=(n, d))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    return x * rng.uniform(size=(n, 1)) ** (1 / d) * np.sqrt(d + 2)


def _laplace(rng: Rng, n: int, d: int) -> np.ndarray:
    return rng.laplace(size=(n, d)) / np.sqrt(2)


def _heavy(rng: Rng, n: int, d: int) -> np.ndarray:
    return rng.standard_t(5, size=(n, d)) / np.sqrt(5 / 3)


def _skewed(rng: Rng, n: int, d: int) -> np.ndarray:
    return rng.gamma(3.0, size=(n, d)) / np.sqrt(3.0)


# --- sets of groups ----------------------------------------------------------------------------


def _sizes(rng: Rng, n: int, k: int) -> np.ndarray:
    """Return sizes of at least 6 or a quarter of an even share that add up to n."""
    share = rng.dirichlet(np.full(k, rng.choice([2.0, 5.0, 50.0])))
    least = max(6, n // (4 * k))
    return least + rng.multinomial(n - least * k, share)


def _apart(rng: Rng, k: int, d: int, widths: np.ndarray, least: float) -> np.ndarray:
    """Return k centres (k, d), no two closer than ``least`` of their mean radius."""
    side = 2.0
    centres: list[np.ndarray] = []
    while len(centres) < k:
        for _ in range(50):
            at = rng.uniform(-side, side, d)
            j = len(centres)
            reach = [least * (widths[i] + widths[j]) / 2 for i in range(j)]
            if all(np.linalg.norm(at - c) >= r for c, r in zip(centres, reach, strict=True)):
                centres.append(at)
                break
        else:
            side *= 1.15
    return np.array(centres)


def _groups(shape: Shape) -> Callable[[Rng, int, int], tuple[np.ndarray, np.ndarray]]:
    def draw(rng: Rng, n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
        k = rng.randint(2, 21)
        n = max(n, 15 * k)
        widths = np.exp(rng.uniform(-1, 1, k) * rng.choice([0.0, 0.25, 0.5]))
        # In many dimensions the points of a group are far from its mean, and groups that are this
        # near are still apart.
        centres = _apart(rng, k, d, widths, rng.uniform(3.5, 9.0))
        truth = np.repeat(np.arange(k), _sizes(rng, n, k))
        parts = [c + w * shape(rng, int((truth == j).sum()), d)
                 for j, (c, w) in enumerate(zip(centres, widths, strict=True))]  # fmt: skip
        return np.concatenate(parts), truth

    return draw


def _nested(rng: Rng, n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Groups near one another in families that are farther apart; the groups are the truth."""
    families = rng.randint(2, 5)
    each = rng.randint(2, 5)
    k = families * each
    n = max(n, 15 * k)
    far = _apart(rng, families, d, np.ones(families), 18.0)
    centres = np.concatenate([at + _apart(rng, each, d, np.ones(each), 6.0) for at in far])
    truth = np.repeat(np.arange(k), _sizes(rng, n, k))
    return centres[truth] + rng.normal(size=(n, d)), truth


def _scattered(rng: Rng, n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Gaussian groups and 3 % of points anywhere, which belong to the nearest group."""
    X, truth = _groups(_gaussian)(rng, n, d)
    lost = rng.choice(len(X), len(X) * 3 // 100, replace=False)
    X[lost] = rng.uniform(X.min(axis=0), X.max(axis=0), (len(lost), d))
    means = np.array([X[truth == j].mean(axis=0) for j in range(truth.max() + 1)])
    truth[lost] = ((X[lost, np.newaxis] - means) ** 2).sum(axis=2).argmin(axis=1)
    return X, truth


def _beside_noise(rng: Rng, n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Gaussian groups in some features; in the others all rows are alike."""
    X, truth = _groups(_gaussian)(rng, n, max(2, d // 2))
    return np.c_[X, rng.normal(size=(len(X), max(1, d - d // 2)))], truth


# --- sets without groups -----------------------------------------------------------------------


def _stretched(shape: Shape, most: float = 3.0) -> Shape:
    return lambda rng, n, d: shape(rng, n, d) * rng.uniform(1, most, d)


def _long(rng: Rng, n: int, d: int) -> np.ndarray:
    x = rng.normal(size=(n, d))
    x[:, 0] *= rng.uniform(3, 15)
    return x @ np.linalg.qr(rng.normal(size=(d, d)))[0]


def _ring(rng: Rng, n: int, d: int) -> np.ndarray:
    angle = rng.uniform(0, 2 * np.pi, n)
    x = rng.normal(size=(n, d)) * 0.1
    x[:, :2] += np.c_[np.cos(angle), np.sin(angle)] * rng.uniform(0.8, 1.2, (n, 1))
    return x


def _filament(rng: Rng, n: int, d: int) -> np.ndarray:
    t = rng.uniform(0, 1, n)
    waves = np.sin(np.outer(t, rng.uniform(1, 6, d)) + rng.uniform(0, 6, d))
    return waves + rng.normal(size=(n, d)) * rng.uniform(0.02, 0.2)


def _spiral(rng: Rng, n: int, d: int) -> np.ndarray:
    angle = np.sqrt(rng.uniform(0.05, 1, n)) * rng.uniform(6, 12)
    x = rng.normal(size=(n, d)) * 0.3
    x[:, :2] += np.c_[np.cos(angle), np.sin(angle)] * angle[:, np.newaxis]
    return x


def _grid(rng: Rng, n: int, d: int) -> np.ndarray:
    """A lattice in the first two or three features, the others narrow."""
    inner = min(d, rng.randint(2, 4))
    side = max(3, round(n ** (1 / inner)))
    axes = np.meshgrid(*[np.arange(side)] * inner)
    x = np.stack([each.ravel() for each in axes], axis=1)[:1500].astype(float)
    x += rng.normal(size=x.shape) * rng.choice([0.02, 0.2])
    return np.c_[x, rng.normal(size=(len(x), d - inner)) * 0.2]


def _cone(rng: Rng, n: int, d: int) -> np.ndarray:
    """A cone: dense at its tip, thin at its base."""
    height = rng.uniform(size=(n, 1)) ** (1 / 2)
    x = rng.normal(size=(n, d)) * height * 0.4
    x[:, :1] += 3 * height
    return x


def _simplex(rng: Rng, n: int, d: int) -> np.ndarray:
    x = rng.dirichlet(np.ones(d + 1), n)
    return x[:, :d] * d


TUNING: Final = {
    "gaussian groups": _groups(_gaussian),
    "oval groups": _groups(_oval),
    "cubic groups": _groups(_cube),
    "uniform": _stretched(_cube),
    "one Gaussian": _stretched(_gaussian, 2.0),
    "long Gaussian": _long,
    "exponential": lambda rng, n, d: rng.exponential(size=(n, d)),
    "Student t": lambda rng, n, d: rng.standard_t(4, size=(n, d)),
    "ring": _ring,
    "nested groups": _nested,
    "filament": _filament,
}
HELD_OUT: Final = {
    "spherical groups": _groups(_sphere),
    "Laplace groups": _groups(_laplace),
    "heavy groups": _groups(_heavy),
    "scattered groups": _scattered,
    "ball": _sphere,
    "grid": _grid,
    "cone": _cone,
    "simplex": _simplex,
    "log-normal": lambda rng, n, d: np.exp(rng.normal(size=(n, d)) * 0.5),
    "skewed groups": _groups(_skewed),
    "groups beside noise": _beside_noise,
    "spiral": _spiral,
    "whole numbers": lambda rng, n, d: rng.poisson(4, (n, d)).astype(float),
}


def draw(shape: str, number: int) -> Drawn:
    """Return the set ``number`` of a shape: 100 to 1,000 points in 2 to 30 features."""
    shapes = {**TUNING, **HELD_OUT}
    rng = Rng([number, zlib.crc32(shape.encode())])
    n = int(np.exp(rng.uniform(np.log(100), np.log(1000))))
    d = int(np.exp(rng.uniform(np.log(2), np.log(30.99))))
    found = shapes[shape](rng, n, d)
    points, truth = found if isinstance(found, tuple) else (found, None)
    return Drawn(shape, points, truth)
