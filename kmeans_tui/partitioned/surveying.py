"""Make the plan of a table from one pass over its rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from kmeans_tui.data.columns import DataError, find_features
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
        "log": (),
        "centre": None,
        "spread": None,
        "constant": np.zeros(d, bool),
    }
    size = size or part_rows(table.rows, d)
    parts = parts_of(table.pieces, size)
    task = {"d": d, "logs": [features.index(each) for each in log]}
    used, low, high, moments, least, total = run("survey", parts, recipe, task, listener)
    if not sum(used):
        raise DataError(
            f"{table.name} has no row with a value in every feature: choose fewer with "
            "--features, or fill in missing values with --missing median"
        )
    for name, lowest, highest in zip(features, low, high, strict=True):
        if max(-lowest, highest) > _LARGEST:
            worst = highest if highest > -lowest else lowest
            raise DataError(
                f"column {name}: {worst:g} is too large to be squared; leave the column out with "
                "--features, or delete the row"
            )
    if weight is not None and least < 0:
        raise DataError(f"column {choice.weights}: {least:g} is a weight below 0")
    found = _Prepared(features, log, low, high, moments, choice.scale)
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
        total_weight=total if weight is not None else float(sum(used)),
        remarks=table.remarks,
    )


@dataclass
class _Prepared:
    """The points once prepared, from what is known of the rows."""

    def __init__(
        self,
        features: tuple[str, ...],
        log: tuple[str, ...],
        low: np.ndarray,
        high: np.ndarray,
        moments: tuple[int, np.ndarray, np.ndarray],
        scale: str,
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
        centre, divisor = np.zeros(d), np.ones(d)
        if scale == "standard":
            tiny = float(np.finfo(np.float64).eps)
            variance = around / n
            flat = variance <= n * tiny * variance + (n * mean * tiny) ** 2
            centre, divisor = mean, np.where(flat, 1.0, np.sqrt(np.maximum(variance, 0.0)))
        elif scale == "minmax":
            centre = low
            divisor = np.where(high > low, high - low, 1.0)
        elif scale != "none":
            raise DataError(
                f"the scale {scale} needs all values of a feature at once: take standard, minmax "
                "or none for a table that is read in parts"
            )
        self.recipe: dict[str, Any] = {"log": tuple(self.offsets.items())}
        if scale != "none":
            self.recipe.update(centre=centre, spread=divisor, constant=constant)
            low, high, mean = ((each - centre) / divisor for each in (low, high, mean))
            around = around / divisor**2
            for each in (low, high, mean, around):
                each[constant] = 0.0
        self.low, self.high, self.middle = low, high, mean
        self.spread = float(np.sqrt(np.sum(around) / (n * d)))
        self.centre, self.scale = centre, divisor
