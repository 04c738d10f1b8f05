"""A start that is given instead of drawn: by ``--centroids``, or by the data set itself."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kmeans_tui.command import DATA, GIVEN, Options
from kmeans_tui.requests import where_points
from kmeans_tui.words import plural

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from kmeans_tui.data.dataset import Dataset


def start(options: Options, dataset: "Dataset", k: int) -> "np.ndarray":
    """Return the given start as prepared points, (k, d); ``options.init`` is "given".

    Raises ``ValueError``, one sentence, if there is none, or it does not fit the data or k.
    """
    found = table(options, dataset)
    if len(found) != k:
        raise ValueError(
            f"the given start has {plural(len(found), 'centroid')} and k is {k}: choose another "
            f"--init, or -k {len(found)}"
        )
    return dataset.prepared(found)


def table(options: Options, dataset: "Dataset") -> "np.ndarray":
    """Return the given start in the units of the table, (k, d); raises ``ValueError``."""
    import numpy as np

    if options.centroids is not None:
        return np.array(options.centroids.of(dataset.features, "--centroids"))
    if dataset.start is None:
        raise ValueError(
            f"{dataset.name} brings no start of its own: give one with --centroids, or choose "
            "another --init"
        )
    return dataset.start[:, [dataset.columns.index(each) for each in dataset.features]]


def is_own(options: Options) -> bool:
    """Whether the data set named by the options brings a start for their k."""
    from kmeans_tui.data.catalogue import own_start

    count = own_start(options.data)
    return count > 0 and options.k in (None, count)


def clashing(options: Options) -> str | None:
    """Return why given centroids do not go with the k of the options, or None."""
    centroids = options.centroids
    if centroids is None or options.k in (None, len(centroids)):
        return None
    count = plural(len(centroids), "centroid")
    return f"--centroids gives {count}, and -k asks for {options.k}: leave -k out"


def overruled(options: Options, command: str, init: str | None) -> str | None:
    """Return a sentence on options that clash with given centroids, or None.

    ``init`` is the start that was asked for in so many words, if any.
    """
    if command in ("elbow", "seeds", "stability") and (
        options.centroids is not None or init == GIVEN
    ):
        return f"{command} draws every start: the given one is not used"
    if options.centroids is None:
        return None
    if command == "report":
        return None
    unused = []
    if init not in (None, GIVEN):
        unused.append(f"--init {init}")
    drawn = options.empty != Options.empty or command in ("compare", "export")
    if options.seed != Options.seed and not drawn:
        unused.append(f"--seed {options.seed}")
    if not unused:
        return None
    return f"--centroids gives the start: {' and '.join(unused)} changes nothing"


def released(options: Options, changes: "Mapping[str, Any]") -> dict[str, Any]:
    """Return changes to the options of a run, with what they mean for a given start.

    Given centroids are the start, and set k. Another k, seed or other data end a given start.
    """
    found = dict(changes)
    centroids = found.get("centroids")
    if centroids is not None:
        return {"k": len(centroids), "init": GIVEN, **found}
    if options.init != GIVEN or "init" in found or "centroids" in found:
        return found
    # In the units of the table it stays where it is, whatever the scale and the rows.
    stay = ("scale", "log", "without", "add")
    ends = ("k", "seed", *(each for each in DATA if each not in stay))
    if any(each in found and found[each] != getattr(options, each) for each in ends):
        found |= {"init": Options.init, "centroids": None}
    return found


def opened(options: Options) -> Options:
    """Return options for data that are opened anew: with the start that they bring, if any."""
    if is_own(options):
        return replace(options, init=GIVEN, centroids=None)
    init = Options.init if options.init == GIVEN else options.init
    if init == Options.init:
        init = where_points.usual_init(options)
    return replace(options, init=init, centroids=None)


def verdict(inertia: float, best: float) -> str:
    """Return a sentence on where the given start ends, next to the best of many drawn ones."""
    from kmeans_tui.analysis.rounding import same

    if same(inertia, best):
        return f"The given centroids lead to the best result, inertia {inertia:.6g}."
    if inertia < best:
        return f"The given centroids lead to a better result, inertia {inertia:.6g}."
    above = f", {inertia / best - 1:.2%} above the best" if best > 0 else ""
    return f"The given centroids lead to inertia {inertia:.6g}{above}."
