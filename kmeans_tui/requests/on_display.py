"""The rows of a table on disk that are on display, and the remarks on all of its rows."""

from typing import TYPE_CHECKING

from kmeans_tui.command import Options

if TYPE_CHECKING:
    from kmeans_tui.data.display_rows import DisplayRows
    from kmeans_tui.partitioned.executor import PartSample
    from kmeans_tui.partitioned.plan import ColumnChoice, Plan, StoredTable


def rows_of(
    options: Options,
    plan: "Plan",
    sample: "PartSample",
    choice: "ColumnChoice",
    table: "StoredTable",
) -> "DisplayRows":
    """Return the rows of the sample as points on display, with what the plan knows of all."""
    import numpy as np

    from kmeans_tui.data.columns import find_axes
    from kmeans_tui.data.display_rows import DisplayRows
    from kmeans_tui.words import plural

    said: list[str] = []
    if table.torn:
        said.append(f"{plural(table.torn, 'row')} dropped for the wrong number of cells.")
    if lacking := plan.dropped - table.torn:
        lacked = f", or no weight in column {choice.weights}," if choice.weights else ""
        lacked = f"missing values{lacked}"
        if choice.weights and choice.missing == "median":
            lacked = f"no weight in column {choice.weights}"
        said.append(
            f"{plural(lacking, 'row')} of {plan.all_rows:,} had {lacked} and "
            f"{'was' if lacking == 1 else 'were'} dropped."
        )
    if choice.weights:
        said.append(f"{choice.weights} weights the rows: {plan.total_weight:,.15g} in total.")
    if choice.missing == "median":
        said.append("Missing values, where there are any, are filled with the column's median.")
    features = plan.features
    axes = options.axes
    return DisplayRows(
        name=plan.name,
        table=sample.table,
        columns=features,
        k=min(3, len(sample.rows)),
        features=features,
        scale=options.scale or "none",
        log=tuple(features[place] for place in plan.offsets),
        axes=() if axes is None else find_axes(axes, features, features, plan.name),
        row_numbers=np.asarray(sample.rows) + 1,
        remarks=(*said, *plan.remarks),
        weights=sample.weights,
        weight_column=choice.weights or "",
        missing=choice.missing,
        reading=dict(table.reading),
        in_all=plan.rows,
        means_of_all=plan.centre,
        divisors=plan.scale,
        offsets=plan.offsets,
        fill=plan.recipe["fill"],
        flat=tuple(
            name for name, same in zip(features, plan.low == plan.high, strict=True) if same
        ),
    )
