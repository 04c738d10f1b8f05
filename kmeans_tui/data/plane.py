"""The plane of the plot: an affine map from prepared points to the two coordinates shown."""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

# Up to this many features, the eigenvectors of their covariance take less than the 0.5 s of
# importing scikit-learn, and are the same to 1e-12.
_FEW: Final = 200


@dataclass(frozen=True, eq=False)
class Plane:
    """``project(z) = z @ matrix + offset``; matrix ``(d, 2)``, offset ``(2,)``; two names.

    ``units`` are how long one unit of each axis is in prepared coordinates; None where they share
    no distance.
    """

    names: tuple[str, str]
    matrix: Floats
    offset: Floats
    units: tuple[float, float] | None = (1.0, 1.0)

    def project(self, prepared: Floats) -> Floats:
        """Map prepared coordinates ``(…, d)`` to positions in the plane ``(…, 2)``."""
        flat = prepared.reshape(-1, len(self.matrix)) @ self.matrix + self.offset
        return flat.reshape(*prepared.shape[:-1], 2)

    def unproject(self, positions: Floats) -> Floats:
        """Map positions ``(m, 2)`` to prepared coordinates ``(m, d)``; needs d <= 2."""
        d = len(self.matrix)
        if d > 2:
            raise ValueError(
                f"a position in the plane is many points in {d} features; choose at most two"
            )
        if d == 1:
            return (positions[:, :1] - self.offset[0]) / self.matrix[0, 0]
        return (positions - self.offset) @ np.linalg.inv(self.matrix)

    def moved(self, prepared: Floats, positions: Floats) -> Floats:
        """Move prepared coordinates ``(m, d)`` to positions ``(m, 2)``, within the plane.

        What the plane does not show keeps its value.
        """
        shown = self.matrix.any(axis=0)
        away = (positions - self.project(prepared))[:, shown]
        moved: Floats = prepared + away @ np.linalg.pinv(self.matrix[:, shown])
        return moved


def plane_of_row(name: str, scale: float, mean: float, rows: int) -> Plane:
    """Return one feature against the row number; anything without a row gets the middle one."""
    return Plane((name, "row"), np.array([[scale, 0.0]]), np.array([mean, (rows + 1) / 2]), None)


def plane_of_features(
    names: tuple[str, str], chosen: tuple[int, int], scale: Floats, mean: Floats
) -> Plane:
    """Return two of d features in table units; ``scale`` and ``mean`` are ``(d,)``."""
    matrix = np.zeros((len(scale), 2))
    for column, feature in enumerate(chosen):
        matrix[feature, column] = scale[feature]
    x, y = (1 / float(scale[feature]) for feature in chosen)
    return Plane(names, matrix, mean[list(chosen)], (x, y))


def plane_of_components(points: Floats, weights: Floats | None = None) -> Plane:
    """Return the first two principal components of prepared points ``(n, d)``, d >= 2.

    ``weights`` ``(n,)`` say how much each of them counts.
    """
    if len(points) < 2 or not np.ptp(points, axis=0).any():
        # All directions vary equally; any two will do.
        directions = np.eye(points.shape[1], 2)
        return Plane(("PC 1", "PC 2"), directions, -points[0] @ directions)

    mean = points.mean(axis=0) if weights is None else np.average(points, axis=0, weights=weights)
    if weights is not None or points.shape[1] <= _FEW:
        directions, shares = _by_covariance(points, mean, weights)
    else:
        directions, shares = _by_library(points)
    # The sign of a component is arbitrary: make the largest loading positive.
    largest = np.abs(directions).argmax(axis=0)
    directions = directions * np.sign(directions[largest, [0, 1]])
    first, second = (f"{round(100 * share)} %" for share in shares)
    names = (f"PC 1 ({first})", f"PC 2 ({second})")
    return Plane(names, directions, -mean @ directions)


def _by_covariance(points: Floats, mean: Floats, weights: Floats | None) -> tuple[Floats, Floats]:
    centred = points - mean
    # Scaled: squares of very large or very small numbers leave the range of floats.
    centred /= np.abs(centred).max()
    if weights is not None:
        centred *= np.sqrt(weights / weights.max())[:, np.newaxis]
    values, vectors = np.linalg.eigh(centred.T @ centred)
    return vectors[:, :-3:-1], values[:-3:-1] / values.sum()


def _by_library(points: Floats) -> tuple[Floats, Floats]:
    from sklearn.decomposition import PCA

    found = PCA(2, random_state=0).fit(points)
    return found.components_.T, found.explained_variance_ratio_
