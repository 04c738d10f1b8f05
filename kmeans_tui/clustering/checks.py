"""Check input for K-Means: one sentence says what is wrong and what to do."""

import os
import warnings
from typing import Any

import numpy as np

# Above this, the squared distance of two points is not finite.
_LARGEST = 1e150
# Weights from this to its inverse: their products with squares stay finite.
_LIGHTEST = 1e-100
# With a smaller range, squared distances lose digits or are 0.
_LEAST = 1e-150


def points(X: Any) -> np.ndarray:
    """Return X as (n, d) float32 or float64 in C order, without a copy if it already is.

    Raises ``ValueError`` unless X is a non-empty table of finite numbers.
    """
    try:
        raw = np.asarray(X)
    except ValueError:
        raise ValueError(
            "X has rows of different lengths; give every row the same number of values"
        ) from None
    if raw.ndim == 1:
        raise ValueError(
            "X has 1 dimension but needs 2, (rows, features); "
            "use X.reshape(-1, 1) for a single feature"
        )
    if raw.ndim != 2:
        raise ValueError(
            f"X has {raw.ndim} dimensions but needs 2, (rows, features); reshape it to a table"
        )
    if raw.shape[0] == 0 or raw.shape[1] == 0:
        missing = "rows" if raw.shape[0] == 0 else "columns"
        raise ValueError(f"X has no {missing}; give at least one point with one feature")
    found = _floats(raw)
    low, high = float(found.min()), float(found.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        rows, columns = np.nonzero(~np.isfinite(found))
        count = f"{len(rows)} values that are" if len(rows) > 1 else "a value that is"
        raise ValueError(
            f"X has {count} NaN or infinite, first at row {rows[0]}, column {columns[0]} "
            "(counted from 0); remove these rows or fill the values in"
        )
    if max(high, -low) > _LARGEST:
        raise ValueError(
            f"X has values up to {max(high, -low):.3g}, too large to square; "
            "divide X by a constant first"
        )
    # The first and the last row are rarely equal, so most tables need no scan of all rows.
    if float(np.abs(found[0] - found[-1]).max()) < _LEAST:
        spread = float(np.ptp(found, axis=0).max())
        if 0 < spread < _LEAST:
            raise ValueError(
                f"the values of a column differ by at most {spread:.3g}, too little to square; "
                "multiply all by a constant first"
            )
    return found


def _floats(raw: np.ndarray) -> np.ndarray:
    """Return ``raw`` (n, d) as floats in C order; ``ValueError`` names the first non-number."""
    if raw.dtype.kind in "fiub":
        # float32 is kept: the engines convert what they compute with, a block at a time.
        kept = np.float32 if raw.dtype == np.float32 else np.float64
        return np.ascontiguousarray(raw, dtype=kept)
    for (row, column), value in np.ndenumerate(raw):
        if not _is_number(value):
            raise ValueError(
                f"X has {_quoted(value)} at row {row}, column {column} (counted from 0), which is "
                "not a number; keep only numeric columns"
            )
    if any(isinstance(value, str | bytes) for value in raw.flat):
        raise ValueError("X has numbers written as text; convert them with X.astype(float)")
    return np.ascontiguousarray(raw, dtype=np.float64)


def _quoted(value: object) -> str:
    return repr(value[:40]) if isinstance(value, str) else f"{value!s:.40}"


def _is_number(value: Any) -> bool:
    if isinstance(value, np.complexfloating):  # float() would drop its imaginary part
        return False
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def enough_rows(X: np.ndarray, k: int) -> None:
    """Raise ``ValueError`` for fewer rows than k, warn for fewer distinct rows than k."""
    if len(X) < k:
        rows = "1 row" if len(X) == 1 else f"{len(X)} rows"
        raise ValueError(f"k = {k} clusters need {k} rows, but X has {rows}; choose a smaller k")
    # Rows are scanned until k distinct ones are found: usually the first k.
    seen: set[bytes] = set()
    for row in X:
        seen.add((row + 0.0).tobytes())  # + 0.0 makes -0.0 and 0.0 the same
        if len(seen) >= k:
            return
    rows = "1 distinct row" if len(seen) == 1 else f"{len(seen)} distinct rows"
    warnings.warn(
        f"X has only {rows} for k = {k} clusters, so clusters will stay empty; choose a smaller k",
        UserWarning,
        stacklevel=4,
    )


def places(name: str, value: Any, k: int | None, d: int) -> np.ndarray:
    """Return given centroids as a new (k, d) float64 array; any number of them if k is None.

    Raises ``ValueError`` if the shape or a value does not fit.
    """
    try:
        found = np.array(value, dtype=np.float64, order="C")
    except (TypeError, ValueError):
        raise ValueError(
            f"{name} is not a table of numbers; give one row of {d} values for each centroid"
        ) from None
    rows = len(found) if k is None and found.ndim == 2 else k
    if found.shape != (rows, d) or not rows:
        count = "any number of" if k is None else f"k = {k}"
        raise ValueError(
            f"{name} has the shape {found.shape}, but {count} centroids of the points have the "
            f"shape ({'k' if k is None else k}, {d}); give one row of {d} values for each centroid"
        )
    if not (np.abs(found) <= _LARGEST).all():
        raise ValueError(f"{name} has values that are NaN, infinite or too large; give finite ones")
    return found


def weights(value: Any, n: int, k: int) -> np.ndarray | None:
    """Return how much each of n points counts, (n,) float64; None if all count 1.

    Raises ``ValueError`` unless they are finite numbers of at least 0, at least k of them above 0.
    """
    if value is None:
        return None
    try:
        found = np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError("weights are not numbers; give one number for each row of X") from None
    if found.shape != (n,):
        raise ValueError(
            f"weights have the shape {found.shape}, but X has {n} rows; give one for each row"
        )
    if (found == 1).all():
        return None
    wrong = ~((found == 0) | ((found >= _LIGHTEST) & (found <= 1 / _LIGHTEST)))
    if wrong.any():
        row = int(wrong.argmax())
        raise ValueError(
            f"weights have {found[row]:g} at row {row} (counted from 0); give 0, or numbers from "
            f"{_LIGHTEST:g} to {1 / _LIGHTEST:g}"
        )
    if (rows := int(np.count_nonzero(found))) < k:
        raise ValueError(
            f"k = {k} clusters need {k} rows with a weight above 0, but {rows} have one; "
            "choose a smaller k"
        )
    found.flags.writeable = False
    return found


def labels(value: Any, n: int, k: int) -> np.ndarray:
    """Return labels as (n,) unsigned; ``ValueError`` unless n whole numbers from 0 to k - 1."""
    found = np.asarray(value)
    if found.shape != (n,) or found.dtype.kind not in "iu" or found.min() < 0 or found.max() >= k:
        raise ValueError(
            f"labels must be {n} whole numbers from 0 to {k - 1}, one for each row of X; "
            "use those of assign_clusters"
        )
    return found.astype(np.min_scalar_type(k - 1))


def whole_number(name: str, value: Any) -> None:
    """Raise ``ValueError`` unless ``value`` is a whole number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name} is {value!r}; give a whole number of at least 1")


def tolerance(value: Any) -> None:
    """Raise ``ValueError`` unless ``value`` is a finite number of at least 0."""
    number = isinstance(value, int | float | np.integer | np.floating)
    if not number or isinstance(value, bool) or not 0 <= value < np.inf:
        raise ValueError(f"tolerance is {value!r}; give a finite number of at least 0")


def one_of(name: str, value: Any, known: tuple[str, ...]) -> None:
    """Raise ``ValueError`` unless ``value`` is one of the ``known`` names."""
    if value not in known:
        raise ValueError(f"{name} is {value!r}; choose one of {', '.join(known)}")


def random_state(value: Any) -> None:
    """Raise ``ValueError`` unless ``generator`` accepts ``value``."""
    if value is None or isinstance(value, np.random.RandomState):
        return
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or not 0 <= value < 2**32:
        raise ValueError(
            f"random_state is {value!r}; give None, a whole number from 0 to {2**32 - 1} "
            "or a numpy RandomState"
        )


def jobs(value: int | None) -> int:
    """Return how many threads ``n_jobs`` means: None 1, -1 one per core, -2 one fewer, …

    Raises ``ValueError`` for 0 and for anything but a whole number.
    """
    if value is None:
        return 1
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value == 0:
        raise ValueError(
            f"n_jobs is {value!r}; give None, a whole number of at least 1, or -1 for all cores"
        )
    return int(value) if value > 0 else max(1, (os.cpu_count() or 1) + 1 + int(value))


def generator(value: int | np.random.RandomState | None) -> np.random.RandomState:
    """Return numpy's global generator for None, a new one for an int, a ``RandomState`` itself."""
    if value is None:
        return np.random.mtrand._rand
    return value if isinstance(value, np.random.RandomState) else np.random.RandomState(value)
