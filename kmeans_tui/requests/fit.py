"""Turns options into a run: fitted here, or taken from a recording."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kmeans_tui.command import GIVEN, SWEPT, Options
from kmeans_tui.pair_kinds import PROGRAMS
from kmeans_tui.requests import answers, given
from kmeans_tui.requests.subject import Subject
from kmeans_tui.vocabulary import INITS, PARALLEL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kmeans_tui.analysis.criteria import Row
    from kmeans_tui.analysis.progress import Progress
    from kmeans_tui.clustering.history import History, Step
    from kmeans_tui.clustering.kmeans import KMeans
    from kmeans_tui.clustering.watched_start import WatchedStart
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.requests.where_points import SaidListener


def model(
    options: Options,
    dataset: "Dataset",
    progress: "Callable[[Progress[Row]], bool | None] | None" = None,
) -> "KMeans":
    """Return the ``KMeans`` of the options, to be fitted to ``points`` and ``weights`` of the data.

    Without a k, the data set suggests one. The starts in ``SWEPT`` need the runs for fewer
    clusters, which are done here and reported to ``progress``. Raises ``ValueError`` if it stops
    them.
    """
    from kmeans_tui.clustering.kmeans import KMeans

    k = answers.clusters(options, dataset)
    if options.init == PARALLEL:
        raise ValueError(
            f"the start {PARALLEL} is for points that stay on disk: take k-means++, or add "
            "--where stream"
        )
    if options.init in SWEPT:
        swept = answers.sweep(
            options,
            dataset,
            k_max=k,
            criteria=False,
            improve=bool(options.improve),
            progress=progress,
        )
        if not swept.complete:
            raise ValueError(f"stopped before the start {options.init} for k = {k} was found")
        return swept.model(k)
    return KMeans(
        k=k,
        max_iterations=options.max_iterations,
        tolerance=options.tolerance,
        init=given.start(options, dataset, k) if options.init == GIVEN else options.init,
        empty=options.empty,
        random_state=options.seed,
        improve=bool(options.improve),
    )


def improved(
    options: Options,
    dataset: "Dataset",
    history: "History",
    parameters: "Mapping[str, Any] | None" = None,
    progress: "Callable[[Step], bool | None] | None" = None,
) -> "History":
    """Return a run on these data, continued by swaps; ``parameters`` are those of a recording.

    Raises ``DataError`` for a recorded run on more rows than were recorded.
    """
    from kmeans_tui.clustering import swap
    from kmeans_tui.data.columns import DataError

    if history.counted > history.n:
        raise DataError(
            f"this run is of {history.counted:,} rows, of which {history.n:,} were recorded: "
            "centroids cannot be swapped among them; leave --improve out"
        )
    asked = {"max_iterations": options.max_iterations, "tolerance": options.tolerance}
    said = {name: value for name, value in (parameters or {}).items() if value is not None}
    rules = {name: said.get(name, value) for name, value in asked.items()}
    return swap.continued(dataset.points, history, progress=progress, **rules)


def run_of(
    subject: Subject,
    options: Options,
    progress: "Callable[[Step], bool | None] | None" = None,
    tell: "SaidListener" = lambda said: None,
) -> "History":
    """Return the run of the options on their data: fitted here, or taken from the recording.

    ``progress`` is given its steps; of points that stay on disk, ``tell`` is told them in words.
    """
    if subject.parts is not None:
        from kmeans_tui.requests import in_parts

        return in_parts.run(options, subject.parts, tell)
    if subject.history is not None:
        if not options.improve:
            return subject.history
        return improved(options, subject.dataset, subject.history, subject.parameters, progress)
    dataset = subject.dataset
    return model(options, dataset).fit(dataset.points, progress, dataset.weights).history


def start_of(options: Options, dataset: "Dataset") -> "WatchedStart | None":
    """Return the start of the options' run draw by draw; None if it is not drawn from their seed.

    So are a given start and those in ``SWEPT``, which continue other runs.
    """
    from kmeans_tui.clustering.watched_start import watched_start

    if options.init not in INITS or dataset.counted != dataset.n:
        return None
    k = answers.clusters(options, dataset)
    return watched_start(dataset.points, k, options.init, options.seed, dataset.weights)


def our_side(options: Options) -> Options:
    """Return the options of our run in a comparison of ``PROGRAMS``."""
    start, _ = PROGRAMS[options.pair]
    if start == "same":
        return replace(options, tolerance=0.0)
    if start == "k-means++":
        return replace(options, init="k-means++")
    own = Options()
    return replace(
        options,
        init=own.init,
        max_iterations=own.max_iterations,
        tolerance=own.tolerance,
        empty=own.empty,
    )
