"""Make the plan of a table from one pass over its rows."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from kmeans_tui.data.columns import SCALES_LISTED, DataError, find_features
from kmeans_tui.data.weighing import LARGEST, LEAST
from kmeans_tui.partitioned.order_statistics import halves, quantiles
from kmeans_tui.partitioned.plan import ColumnChoice, Plan, StoredTable, part_rows, parts_of

_LARGEST: Final = 1e150


def plan_of(
    run: Callable[..., Any],
    table: StoredTable,
    choice: ColumnChoice,
    size: int | None = None,
    listener: Callable[[int, int], bool | None] | None = None,
) -> Plan:
    """Return the plan of a table, whose passes ``run`` makes; parts have ``size`` rows if given.

    Raises ``DataError`` for a column that cannot be used, and if no row is left.
    """
    others = tuple(each for each in table.columns if each != choice.weights)
    features = find_features(choice.features or others, table.columns, table.name)
    log = tuple(find_features(choice.log, table.columns, table.name)) if choice.log else ()
    for each in log:
        if each not in features:
            raise DataError(f"{each} is not used in the clustering: leave it out of --log")
    weight = None
    if choice.weights is not None:
        weight = table.columns.index(find_features((choice.weights,), table.columns, table.name)[0])
    d = len(features)
    recipe: dict[str, Any] = {
        "take": [table.columns.index(each) for each in features],
        "weight": weight,
        "fill": None,
        "gaps": False,
        "log": (),
        "centre": None,
        "spread": None,
        "constant": np.zeros(d, bool),
    }
    parts = parts_of(table.pieces, size or part_rows(table.rows, d))

    def shares(
        recipe: dict[str, Any], wanted: tuple[float, ...], rows: int, between: Any = None
    ) -> np.ndarray:
        def one_pass(name: str, task: dict[str, Any]) -> Any:
            return run(name, parts, recipe, task, listener)

        return quantiles(one_pass, rows, d, wanted, between)

    if choice.missing == "median":
        recipe["fill"] = shares(
            {**recipe, "gaps": True}, (0.5,), table.rows, halves if weight is None else None
        )[0]
        for name, value in zip(features, recipe["fill"], strict=True):
            if np.isnan(value):
                raise DataError(f"column {name} of {table.name} has no value at all: leave it out")
    task = {"d": d, "logs": [features.index(each) for each in log]}
    used, low, high, moments, least, most = run("survey", parts, recipe, task, listener)
    if not sum(used):
        raise DataError(
            f"{table.name} has no row with a value in every feature"
            + (" and a weight above 0" if weight is not None else "")
            + ": choose fewer with --features, or fill in missing values with --missing median"
        )
    for name, lowest, highest in zip(features, low, high, strict=True):
        if max(-lowest, highest) > _LARGEST:
            worst = highest if highest > -lowest else lowest
            raise DataError(
                f"column {name}: {worst:g} is too large to be squared; leave the column out with "
                "--features, or delete the row"
            )
    if weight is not None:
        _check_weights(str(choice.weights), least, most)
    found = _Prepared(features, log, low, high, moments)
    recipe.update(log=tuple(found.offsets.items()))
    found.scaled(choice.scale, lambda wanted: shares(recipe, wanted, sum(used)))
    recipe.update(found.recipe)
    parts = tuple(
        (pieces, rows, first, rows - mine)
        for (pieces, rows, first, _), mine in zip(parts, used, strict=True)
    )
    return Plan(
        name=table.name,
        features=features,
        rows=sum(used),
        dropped=table.rows - sum(used),
        parts=parts,
        bytes=table.bytes,
        recipe=recipe,
        low=found.low,
        high=found.high,
        middle=found.middle,
        spread=found.spread,
        centre=found.centre,
        scale=found.scale,
        offsets=found.offsets,
        weighted=weight is not None,
        total_weight=float(moments[0]),
        remarks=table.remarks,
    )


def _check_weights(name: str, least: float, most: float) -> None:
    for wrong, value, why in (
        (least < 0, least, "is negative: a weight is at least 0"),
        (most > LARGEST, most, "is too large for a weight: divide all by a constant first"),
        (least < LEAST, least, "is too small for a weight: multiply all by a constant first"),
    ):
        if wrong:
            raise DataError(f"column {name}: {value:g} {why}")


class _Prepared:
    """The points once prepared, from what is known of the rows."""

    def __init__(
        self,
        features: tuple[str, ...],
        log: tuple[str, ...],
        low: np.ndarray,
        high: np.ndarray,
        moments: tuple[float, np.ndarray, np.ndarray],
    ) -> None:
        n, means, squares = moments
        d = len(features)
        low, high, mean, around = low.copy(), high.copy(), means[0].copy(), squares[0].copy()
        constant = low == high
        self.offsets: dict[int, float] = {}
        for name in log:
            place = features.index(name)
            if low[place] < 0:
                raise DataError(
                    f"{name} has negative values, the lowest {low[place]:g}: a logarithm needs "
                    "values of at least 0; leave it out of --log"
                )
            offset = 1.0 if low[place] == 0 else 0.0
            self.offsets[place] = offset
            kind = 2 if offset else 1
            mean[place], around[place] = means[kind, place], squares[kind, place]
            low[place], high[place] = np.log(low[place] + offset), np.log(high[place] + offset)
        self.n, self.constant = n, constant
        self.low, self.high, self.middle, self._around = low, high, mean, around
        self.centre, self.scale = np.zeros(d), np.ones(d)
        self.recipe: dict[str, Any] = {}

    def scaled(self, scale: str, quartiles: Callable[[tuple[float, ...]], np.ndarray]) -> None:
        """Scale the features, as ``scaling.moments`` does with all values at once."""
        n = self.n
        if scale == "standard":
            tiny = float(np.finfo(np.float64).eps)
            variance = self._around / n
            flat = variance <= n * tiny * variance + (n * self.middle * tiny) ** 2
            self.centre = self.middle
            self.scale = np.where(flat, 1.0, np.sqrt(np.maximum(variance, 0.0)))
        elif scale == "minmax":
            self.centre, self.scale = self.low, _divisor(self.high - self.low)
        elif scale == "robust":
            lower, self.centre, upper = quartiles((0.25, 0.5, 0.75))
            self.scale = _divisor(upper - lower)
        elif scale != "none":
            raise DataError(f"{scale!r} is not a scale: use {SCALES_LISTED}")
        if scale != "none":
            self.recipe = {"centre": self.centre, "spread": self.scale, "constant": self.constant}
            low, high, middle = (
                (each - self.centre) / self.scale for each in (self.low, self.high, self.middle)
            )
            around = self._around / self.scale**2
            for each in (low, high, middle, around):
                each[self.constant] = 0.0
            self.low, self.high, self.middle, self._around = low, high, middle, around

    @property
    def spread(self) -> float:
        """The root of the mean variance of the features."""
        return float(np.sqrt(np.sum(self._around) / (self.n * len(self._around))))


def _divisor(spread: np.ndarray) -> np.ndarray:
    return np.where(spread > 0, spread, 1.0)
