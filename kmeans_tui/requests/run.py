"""From options to a run, and from a run to its JSON document: the same for screen and shell."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kmeans_tui import __version__
from kmeans_tui.command import SWEPT, Options, same_run
from kmeans_tui.export import run_file
from kmeans_tui.requests import answers

if TYPE_CHECKING:
    from collections.abc import Callable

    from kmeans_tui.analysis.progress import Progress
    from kmeans_tui.analysis.sweep import Row
    from kmeans_tui.clustering.history import History, Step
    from kmeans_tui.clustering.kmeans import KMeans
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.data.reading.dialect import Dialect, Listener
    from kmeans_tui.data.source import Source

# Everything is imported inside: the checks before the screen opens must not wait for numpy.


# What a built-in set has no use for.
_OF_FILES: Final = (
    "missing", "truth", "na", "separator", "header", "decimal", "thousands", "encoding", "sheet",
)  # fmt: skip


def check(options: Options) -> None:
    """Raise ``DataError`` for data and a k that cannot be used, without building anything.

    Of a file it is looked whether it can be opened, and no more.
    """
    from kmeans_tui.data import catalogue
    from kmeans_tui.data.columns import DataError
    from kmeans_tui.data.reading import files

    if catalogue.is_file(options.data):
        files.check_file(options.data)
    if catalogue.is_file(options.data) and not is_recording(options.data):
        return
    usual = Options()
    for each in _OF_FILES:
        if getattr(options, each) != getattr(usual, each):
            raise DataError(f"--{each} is for tables of your own: {options.data} needs none")
    if is_recording(options.data):
        return
    entry = catalogue.describe(
        options.data, features=options.features, scale=options.scale, axes=options.axes
    )
    _enough_rows(options, entry.name, entry.n)


def load(options: Options, listener: "Listener | None" = None) -> "Dataset":
    """The data that the options name, prepared; raises ``DataError``, one sentence.

    ``listener`` hears how much of a file is read, and stops it by returning False.
    """
    from kmeans_tui.data.catalogue import load_data

    if is_recording(options.data):
        return prepared(open_recording(options.data)[0], options)
    found = load_data(
        options.data,
        features=options.features,
        scale=options.scale,
        axes=options.axes,
        log=options.log or (),
        dialect=dialect(options),
        missing=options.missing,
        truth=options.truth,
        listener=listener,
    )
    _enough_rows(options, found.name, found.n)
    return found


def dialect(options: Options) -> "Dialect":
    """How the options say that the bytes of a file are to be read."""
    from kmeans_tui.data.reading.dialect import Dialect, separator_named

    return Dialect(
        separator=None if options.separator is None else separator_named(options.separator),
        header=options.header,
        decimal=options.decimal,
        thousands="" if options.thousands == "none" else options.thousands,
        encoding=options.encoding,
        missing_marks=options.na or (),
        sheet=options.sheet,
    )


def prepare(options: Options, source: "Source") -> "Dataset":
    """The data of the options from a file that is open already; raises ``DataError``."""
    found = source.dataset(
        features=options.features,
        missing=options.missing,
        truth=options.truth,
        scale=options.scale,
        log=options.log or (),
        axes=options.axes,
    )
    _enough_rows(options, found.name, found.n)
    return found


def same_file(first: Options, second: Options) -> bool:
    """Whether both read the same file in the same way, whatever they make of its columns."""
    names = ("data", "na", "separator", "header", "decimal", "thousands", "encoding", "sheet")
    return all(getattr(first, name) == getattr(second, name) for name in names)


def _enough_rows(options: Options, name: str, n: int) -> None:
    from kmeans_tui.data.columns import DataError

    if options.k is not None and options.k > n:
        rows = "1 row" if n == 1 else f"{n} rows"
        raise DataError(
            f"k = {options.k} clusters need {options.k} rows and {name} has {rows}; "
            "choose a smaller k"
        )


def model(
    options: Options,
    dataset: "Dataset",
    progress: "Callable[[Progress[Row]], bool | None] | None" = None,
) -> "KMeans":
    """The K-Means of the options, to be fitted to ``dataset.points``.

    A k left open is the one the data set suggests. The starts of ``SWEPT`` come out of the runs for
    fewer clusters, which are done here; ``progress`` hears of them. Raises ``ValueError`` when it
    stops them.
    """
    from kmeans_tui.clustering.kmeans import KMeans

    k = answers.clusters(options, dataset)
    if options.init in SWEPT:
        swept = answers.sweep(options, dataset, k_max=k, criteria=False, progress=progress)
        if not swept.complete:
            raise ValueError(f"stopped before the start {options.init} for k = {k} was found")
        return swept.model(k)
    return KMeans(
        k=k,
        max_iterations=options.max_iterations,
        tolerance=options.tolerance,
        init=options.init,
        empty=options.empty,
        random_state=options.seed,
    )


def perform(
    options: Options, progress: "Callable[[Step], bool | None] | None" = None
) -> "tuple[Dataset, History]":
    """The data of the options and their run: fitted here, or as a recording holds it."""
    if as_recorded(options):
        dataset, history = open_recording(options.data)
        return prepared(dataset, options), history
    dataset = load(options)
    return dataset, model(options, dataset).fit(dataset.points, progress=progress).history


def our_side(options: Options) -> Options:
    """The options of our run in a comparison with scikit-learn."""
    if options.start == "same":
        return replace(options, tolerance=0.0)
    if options.start == "k-means++":
        return replace(options, init="k-means++")
    own = Options()
    return replace(
        options,
        init=own.init,
        max_iterations=own.max_iterations,
        tolerance=own.tolerance,
        empty=own.empty,
    )


def heading(options: Options, dataset: "Dataset", k: int) -> dict[str, Any]:
    """What every JSON document begins with: the data, the parameters, the version.

    The parameters of a recording are those that it says its run was started with, null where it
    does not: an npz file never says.
    """
    asked = asdict(options)
    parameters = {
        "init": asked["init"],
        "random_state": asked["seed"],
        "max_iterations": asked["max_iterations"],
        "tolerance": asked["tolerance"],
        # The article's procedure has its own rule.
        "empty": "random" if options.init == "article" else asked["empty"],
    }
    if as_recorded(options):
        known = run_file.parameters(options.data)
        parameters = {name: known.get(name) for name in parameters}
    return {
        "data": {
            "name": dataset.name,
            "n": dataset.n,
            "d": dataset.d,
            "features": list(dataset.features),
            "scale": dataset.scale,
            "digest": dataset.digest,
        },
        "parameters": {"k": k, **parameters},
        "version": __version__,
    }


def document(
    options: Options, dataset: "Dataset", history: "History", *, labels: bool = False
) -> dict[str, Any]:
    """A finished run as plain numbers, ready for ``json.dumps(…, allow_nan=False)``.

    ``centroids`` are in the units of the table, ``prepared_centroids`` in those of the points that
    were clustered; inertia and shifts are measured in the latter. Clusters, rows and labels count
    from 0. The start has no shift: its ``max_shift`` is null.
    """
    last = history[-1]
    found = {
        **heading(options, dataset, history.k),
        "iterations": [
            {
                "iteration": each.iteration,
                "inertia": float(each.inertia),
                "changed": int(each.changed),
                "max_shift": float(each.shifts.max()) if each.iteration else None,
                "sizes": each.sizes.tolist(),
                "events": [
                    {
                        "kind": event.kind,
                        "iteration": event.iteration,
                        "cluster": event.cluster,
                        "point": event.point,
                        "donor": event.donor,
                    }
                    for event in each.events
                ],
            }
            for each in history
        ],
        "updates": history.iterations,
        "stopped_by": history.stopped_by,
        "inertia": float(last.inertia),
        "centroids": dataset.in_units(last.centroids).tolist(),
        "prepared_centroids": last.centroids.tolist(),
        "sizes": last.sizes.tolist(),
        "notes": dataset.notes(),
    }
    if labels:
        found["labels"] = last.labels.tolist()
    return found


def is_recording(data: str) -> bool:
    """Whether the data are a file that ``History.save`` or the export of a run wrote."""
    from kmeans_tui.data.reading import regular

    if not regular.is_regular(data):
        return False
    if run_file.is_run(data):
        return True
    from kmeans_tui.clustering import recording

    return recording.is_recording(data)


def as_recorded(options: Options) -> bool:
    """Whether the options ask for the run that a recording holds, and for nothing else."""
    return same_run(options, Options(options.data)) and is_recording(options.data)


def open_recording(path: str) -> "tuple[Dataset, History]":
    """What a recording holds: its data, the points of the run at least, and the run.

    Raises ``ValueError``, one sentence, for a file that is damaged or cannot be read.
    """
    from kmeans_tui.clustering import recording
    from kmeans_tui.data.columns import DataError
    from kmeans_tui.data.dataset import Dataset

    try:
        if run_file.is_run(path):
            return run_file.read(path)
        found = recording.load(path)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None
    dataset = Dataset(Path(path).stem, found.points, found.features, k=found.history.k)
    return dataset, found.history


def prepared(dataset: "Dataset", options: Options) -> "Dataset":
    """A data set with the features, the scale, the logarithm and the axes of the options."""
    if options.features is not None:
        dataset = dataset.with_features(options.features)
    if options.scale is not None:
        dataset = dataset.with_scale(options.scale)
    if options.log is not None:
        dataset = dataset.with_log(options.log)
    return dataset if options.axes is None else dataset.with_axes(options.axes)
