"""The JSON document of a run and its parameters."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kmeans_tui import __version__
from kmeans_tui.command import GIVEN, Options
from kmeans_tui.requests import given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmeans_tui.clustering.history import History, Swap
    from kmeans_tui.data.dataset import Dataset


def heading(
    options: Options,
    dataset: "Dataset",
    k: int,
    recorded: "Mapping[str, Any] | None" = None,
) -> dict[str, Any]:
    """Return the head of every JSON document: the data, the parameters, the remarks, the version.

    ``recorded`` are the parameters that a recording says its run was started with, null where it
    does not say; an npz file never does.
    """
    asked = asdict(options)
    parameters = {
        "init": asked["init"],
        "random_state": asked["seed"],
        "max_iterations": asked["max_iterations"],
        "tolerance": asked["tolerance"],
        # The article's procedure has its own rule.
        "empty": "random" if options.init == "article" else asked["empty"],
        "improve": bool(options.improve),
    }
    if recorded is not None:
        parameters = {name: recorded.get(name) for name in parameters}
    elif options.init == GIVEN:
        # In the units of the table.
        parameters["given"] = given.table(options, dataset).tolist()
    if parameters["tolerance"] is not None:
        from kmeans_tui.clustering.stillness import limit

        # What the centroid shifts were compared with, in the units of the clustered points.
        if dataset.counted == dataset.n:
            parameters["effective_tolerance"] = limit(
                parameters["tolerance"], dataset.points, dataset.weights
            )
    return {
        "data": {
            "name": dataset.name,
            "n": dataset.counted,
            **({"display_rows": dataset.n} if dataset.counted > dataset.n else {}),
            "d": dataset.d,
            "features": list(dataset.features),
            "scale": dataset.scale,
            "digest": dataset.digest,
            "sampled": None if dataset.sampled is None else dataset.sampled._asdict(),
            "id_column": dataset.id_column,
            "taken_out": list(dataset.taken_out),
            "added": dataset.added,
            **_weights(dataset),
        },
        "parameters": {"k": k, **parameters},
        "remarks": dataset.notes(),
        "version": __version__,
    }


def document(
    options: Options,
    dataset: "Dataset",
    history: "History",
    recorded: "Mapping[str, Any] | None" = None,
    *,
    labels: bool = False,
) -> dict[str, Any]:
    """Return a finished run as plain numbers, ready for ``json.dumps(…, allow_nan=False)``.

    ``centroids`` are in the units of the table, ``prepared_centroids`` in those of the clustered
    points; inertia and shifts are measured in the latter. Clusters, rows and labels count
    from 0. The start has no shift: its ``max_shift`` is null. Sizes are numbers of rows; where rows
    have weights, ``weights`` are the total ones of the clusters.
    """
    last = history[-1]
    found = {
        **heading(options, dataset, history.k, recorded),
        "iterations": [
            {
                "iteration": each.iteration,
                "inertia": float(each.inertia),
                "changed": int(each.changed),
                "max_shift": float(each.shifts.max()) if each.iteration else None,
                "sizes": each.sizes.tolist(),
                "events": [asdict(event) for event in each.events] + _swapped(each.swap, history),
            }
            for each in history
        ],
        "updates": history.iterations,
        "stopped_by": history.stopped_by,
        "swaps_tried_in_vain": history.tried,
        "inertia": float(last.inertia),
        "centroids": dataset.in_units(last.centroids).tolist(),
        "prepared_centroids": last.centroids.tolist(),
        "sizes": last.sizes.tolist(),
        **({} if last.weights is None else {"weights": last.weights.tolist()}),
        "notes": dataset.notes(),
    }
    if history.swaps or history.tried is not None:
        found["parameters"]["improve"] = True
    if dataset.counted > dataset.n:
        found["rows"] = dataset.counted
        found["sample"] = {"n": dataset.n, "digest": dataset.digest}
        found["parameters"]["effective_tolerance"] = history.tolerance
        if last.weights is not None:
            # Of all rows, not only of those on display.
            found["data"]["total_weight"] = float(last.weights.sum())
    if dataset.log and dataset.counted == dataset.n:
        # For these features ``centroids`` are geometric means; the plain means are added.
        found["geometric_means"] = list(dataset.log)
        means = dataset.means(last.labels, history.k).tolist()
        found["means"] = [[None if x != x else x for x in row] for row in means]
    if labels:
        found["labels"] = last.labels.tolist()
        if dataset.counted > dataset.n and dataset.row_numbers is not None:
            # The labels are those of the sample: rows of the file, from 0.
            found["sample"]["rows"] = (dataset.row_numbers - 1).tolist()
    return found


def _weights(dataset: "Dataset") -> dict[str, Any]:
    """Return the column of the weights and their sum; nothing if all rows count alike."""
    if dataset.weights is None:
        return {}
    return {"weights": dataset.weight_column, "total_weight": float(dataset.weights.sum())}


def _swapped(swap: "Swap | None", history: "History") -> list[dict[str, Any]]:
    """Return the event of a swap, if there is one, in the form of the other events."""
    if swap is None:
        return []
    before, after = history.swapped(swap)
    inertia = {"inertia_before": before, "inertia_after": after}
    return [{"kind": "swap", **asdict(swap), **inertia}]
