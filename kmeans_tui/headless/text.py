"""Runs and data sets as aligned ASCII tables for the shell."""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from kmeans_tui.analysis import swap_words
from kmeans_tui.analysis.empty_clusters import ran_empty, taken_over
from kmeans_tui.analysis.text_table import about, aligned, count, padded, rows, weights_line
from kmeans_tui.command import GIVEN, Options

if TYPE_CHECKING:
    from kmeans_tui.clustering.history import History
    from kmeans_tui.data.catalogue import Entry
    from kmeans_tui.data.dataset import Dataset

# A wider table of centroids is transposed: one line per feature instead of one per cluster.
_WIDTH: Final = 100


def run_lines(options: Options | None, dataset: "Dataset", history: "History") -> Iterator[str]:
    """Yield a finished run: a line per iteration, why it stopped, centroids in the table's units.

    Without options it is a recording that does not say how the run was started.
    """
    yield heading(options, dataset, history)
    if dataset.source is not None:
        yield f"read as {dataset.source.read_as}"
    yield ""
    yield from _table(dataset, history)
    yield ""
    yield from ending(options, dataset, history)


def _table(dataset: "Dataset", history: "History") -> Iterator[str]:
    """Yield a line per iteration."""
    shifts = [float(each.shifts.max()) for each in history]
    columns = [
        ["iteration", *(str(each.iteration) for each in history)],
        ["inertia", *aligned([float(each.inertia) for each in history], 8)],
        ["changed cluster", "-", *(str(each.changed) for each in history[1:])],
        ["largest shift", "-", *aligned(shifts, 7)[1:]],
    ]
    happened = ["", *_told(dataset, history)]
    for line, words in zip(rows(columns), happened, strict=True):
        yield f"{line}  {words}" if words else line


def ending(options: Options | None, dataset: "Dataset", history: "History") -> Iterator[str]:
    """Yield why a finished run stopped, its inertia, its centroids, and remarks on the data."""
    yield _stopped(options, history, float(history[-1].shifts.max()))
    if improved := swap_words.ended(history):
        yield improved
    if history.swaps:
        yield f"note: {swap_words.RISES}"
    yield f"inertia {float(history[-1].inertia)!r}"
    yield ""
    yield from _centroids(dataset, history)
    yield from remarks(dataset)


def remarks(dataset: "Dataset") -> Iterator[str]:
    """Yield a blank line and notes on what was left out, filled in or guessed; nothing if none."""
    notes = dataset.notes()
    if notes:
        yield ""
        yield from (f"note: {each}" for each in notes)


def set_lines(entries: "Sequence[Entry]") -> Iterator[str]:
    """Yield the built-in sets and the parameters they take."""
    columns = [
        ["rows", *(str(each.n) for each in entries)],
        ["features", *(str(each.d) for each in entries)],
        ["k", *(str(each.k) for each in entries)],
    ]
    names = padded(["name", *(each.name for each in entries)])
    abouts = ["about", *(each.about for each in entries)]
    for name, line, told in zip(names, rows(columns), abouts, strict=True):
        yield f"{name}  {line}  {told}"
    yield ""
    yield "Parameters follow the name, as in blobs:n=3000,k=5. Defaults:"
    with_some = [each for each in entries if each.parameters]
    for name, entry in zip(padded([each.name for each in with_some]), with_some, strict=True):
        yield f"  {name}  " + ",".join(
            f"{key}={value:g}" for key, value in entry.parameters.items()
        )


def heading(options: Options | None, dataset: "Dataset", history: "History") -> str:
    """Return the data, k and the start in one line; without options it is a recording."""
    how = "as recorded"
    if options is not None:
        drawn = options.init != GIVEN or options.empty != Options.empty
        how = f"start {start_name(options.init)}" + (f", seed {options.seed}" if drawn else "")
    return f"{about(dataset)}, k {history.k}, {how}"


def start_name(init: str) -> str:
    """Return the name of a start in words."""
    return {"partition": "random partition", "farthest": "farthest point"}.get(init, init)


def _centroids(dataset: "Dataset", history: "History") -> Iterator[str]:
    last = history[-1]
    places = dataset.in_units(last.centroids)
    features = [aligned([float(x) for x in column], 7) for column in places.T]
    names = list(dataset.centroid_names)
    if dataset.log and dataset.counted == dataset.n:
        means = dataset.means(last.labels, history.k)
        for each in dataset.log:
            place = dataset.features.index(each)
            at = names.index(dataset.centroid_names[place]) + 1
            names.insert(at, f"{each} (mean)")
            features.insert(at, _known(means[:, place].tolist()))
    sizes = [str(int(size)) for size in last.sizes]
    numbers = [str(cluster + 1) for cluster in range(history.k)]
    weights = last.weights
    beside = [["size", *sizes], *weights_line("weight", weights)]
    if weights is not None:
        beside.append(["share", *(f"{each:.1%}" for each in weights / weights.sum())])
    across = [["cluster", *numbers], *beside]
    across += [[name, *cells] for name, cells in zip(names, features, strict=True)]
    lines = rows(across)
    if len(lines[0]) <= _WIDTH:
        yield from lines
        return
    names = padded(["cluster", *(head for head, *_ in beside), *names])
    table = [*(cells for _, *cells in beside), *features]
    down = [[number, *(line[i] for line in table)] for i, number in enumerate(numbers)]
    for name, line in zip(names, rows(down), strict=True):
        yield f"{name}  {line}"


def _known(values: Sequence[float]) -> list[str]:
    """Return numbers as ``aligned`` does, with missing ones left blank."""
    cells = iter(aligned([each for each in values if not math.isnan(each)], 7))
    return ["-" if math.isnan(each) else next(cells) for each in values]


def _stopped(options: Options | None, history: "History", shift: float) -> str:
    updates = count(history.iterations, "update")
    tolerance = history.tolerance if options else None
    if history.stopped_by == "converged":
        if shift == 0:
            return f"converged after {updates}: the last one moved no centroid"
        return f"converged after {updates}: no centroid moved as far as the tolerance" + (
            "" if tolerance is None else f", {tolerance:.4g}"
        )
    if history.stopped_by == "max_iterations":
        return f"stopped at the limit of {updates}: the last one moved a centroid by {shift:g}" + (
            "" if tolerance is None else f", the tolerance is {tolerance:.4g}"
        )
    lost = history.stopped_by == "lost"
    return f"{'broken off by an error' if lost else 'cancelled'} after {updates}"


def told(dataset: "Dataset", history: "History", iteration: int) -> str:
    """Return what became of empty clusters in an iteration."""
    return list(_told(dataset, history))[iteration]


def _told(dataset: "Dataset", history: "History") -> Iterator[str]:
    """What became of empty clusters in each iteration: by its update, then by its assignment."""
    known: set[int] = set()
    for each in history:
        # Those that stay empty are told once.
        known -= {event.cluster for event in each.events if event.point is not None}
        empty = {c for c, size in enumerate(each.sizes.tolist()) if not size}
        ends = "" if empty <= known else ran_empty(each.sizes)
        swapped = swap_words.told(each.swap, history)
        yield "; ".join(filter(None, (swapped, taken_over(each.events, dataset), ends)))
        known = empty
