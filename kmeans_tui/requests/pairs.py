"""Two runs that differ in one thing: their options, and both of them run."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from kmeans_tui.command import DATA, GIVEN, Options, of_group, taken
from kmeans_tui.pair_kinds import KINDS, MINI_BATCH, PROGRAMS, RESAMPLE, values_of
from kmeans_tui.requests import answers, fit, recorded
from kmeans_tui.requests import subject as opening
from kmeans_tui.vocabulary import BOOTSTRAP
from kmeans_tui.words import printable

if TYPE_CHECKING:
    from kmeans_tui.analysis.comparison import Comparison
    from kmeans_tui.analysis.pair import Pair, PairSide
    from kmeans_tui.analysis.progress import ProgressListener
    from kmeans_tui.clustering.history import History
    from kmeans_tui.clustering.steps import Step
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.requests.subject import Subject

_LONGEST_NAME: Final = 24


@dataclass(frozen=True)
class PairOptions:
    """Two runs to compare: their names and their options, and why they would part.

    With ``mini_batch`` the second is run by scikit-learn, on a part of the points in each step.
    ``resample`` is the number of the resample that the second runs on, and how it was drawn; both
    are then the best of several starts.
    ``recording`` is the path of a second run that is recorded; its options open it.
    """

    first_name: str
    second_name: str
    first: Options
    second: Options
    why: str
    mini_batch: bool = False
    resample: tuple[int, str] | None = None
    recording: str | None = None


def read(options: Options) -> PairOptions | None:
    """Return the two runs that the options ask for; None for a comparison of both programs.

    Raises ``ValueError``, one sentence, for what is no pair.
    """
    text = options.pair
    if text in PROGRAMS:
        return None
    found = values_of(text)
    if found is None:
        why = "each of its steps sees a part of the points"
        return PairOptions("full K-Means", "mini-batch", options, options, why, mini_batch=True)
    kind, values, words = found
    if kind.name == RESAMPLE:
        number, way = values[0]
        name = f"resample {number}" if way == BOOTSTRAP else f"half {number}"
        return PairOptions("the data", name, options, options, kind.why, resample=(number, way))
    if kind.recording:
        one, two = _names(options.data, words[0])
        return PairOptions(
            one, two, options, opened(options, words[0]), kind.why, recording=words[0]
        )
    if kind.alone:
        rows_out = tuple(sorted({*(options.without or ()), *values[0]}))
        second = replace(options, without=rows_out)
        rows = f"{'row' if len(values[0]) == 1 else 'rows'} {words[0]}"
        return PairOptions(f"with {rows}", f"without {rows}", options, second, kind.why)
    ours, theirs = (_with(options, kind.option, each) for each in values)
    names = words if kind.fixed else [f"{kind.option} {each}" for each in words]
    return PairOptions(names[0], names[1], ours, theirs, kind.why)


def opened(options: Options, path: str) -> Options:
    """Return options that open a recording, seen as by these."""
    return replace(
        options, **taken(Options(path), (*DATA, *of_group("run"))), axes=None, colours=None
    )


def _names(first: str, second: str) -> tuple[str, str]:
    """Return short names for two runs by their data; with the folders if the files are alike."""
    paths = [PurePath(each) for each in (first, second)]
    for parts in (1, 2):
        names = [printable("/".join(path.parts[-parts:]))[-_LONGEST_NAME:] for path in paths]
        if names[0] != names[1]:
            return names[0], names[1]
    return "first", "second"


def offered(
    options: Options, dataset: "Dataset", row: int | None, *, files: bool = False
) -> list[tuple[str, str]]:
    """Return pairs to choose from, each with what it is: of the present options, and ``row``.

    That is the number of a row; without it the pair that takes one out is left out. With ``files``
    the beginning of a pair with a recording is there too, whose path is for the user to type.
    """
    present = {
        "k": answers.clusters(options, dataset),
        "scale": options.scale or dataset.scale,
        "without": row,
        "data": "" if files else None,
    }
    found = [(text, about) for text, (_, about) in PROGRAMS.items()]
    for kind in KINDS:
        if kind.fixed:
            found.append((kind.example, kind.about))
            continue
        value = present.get(kind.option, getattr(options, kind.option))
        if value is not None:
            found.append((f"{kind.name}:{kind.near(value)}", kind.about))
    return [*found, (MINI_BATCH, "all points, and scikit-learn's mini-batches")]


def compared(
    options: Options,
    dataset: "Dataset",
    progress: "ProgressListener[Any] | None" = None,
    known: "Subject | None" = None,
) -> "Comparison | Pair | None":
    """Return both runs of the options' pair, or the comparison of both programs.

    ``known`` is the run of the options, if it is there. ``progress`` gets each side when it is
    found; None if it stops the work. Raises ``ValueError``, one sentence, for data or options that
    cannot be used.
    """
    from kmeans_tui.analysis.progress import Progress

    asked = read(options)
    if asked is None:
        return answers.comparison(options, dataset, PROGRAMS[options.pair][0], progress)

    def go_on(doing: str, done: int, side: "PairSide | None" = None) -> bool:
        return progress is None or progress(Progress(done, 2, doing, side)) is not False

    return run(asked, options, dataset, go_on, known)


def run(
    asked: PairOptions,
    options: Options,
    dataset: "Dataset",
    go_on: "Callable[[str, int, PairSide | None], bool] | None" = None,
    known: "Subject | None" = None,
) -> "Pair | None":
    """Run both sides of a pair; ``dataset`` are the data of ``options``.

    Next to a recording the first run may be ``known``: one that is recorded, or on show.
    ``go_on`` gets what is done, how many sides are complete, and a side that has just been; None
    if it returns False. Raises ``ValueError``, one sentence, for data or options that cannot be
    used.
    """
    from kmeans_tui.analysis.mini_batch import mini_batch
    from kmeans_tui.analysis.pair import PairSide, pair

    def go(doing: str, done: int, side: "PairSide | None" = None) -> bool:
        return go_on is None or go_on(doing, done, side)

    def best(data: "Dataset", number: int, way: str, name: str, done: int) -> "PairSide | None":
        """The best of the starts, on a resample of the data."""
        from kmeans_tui.analysis.resampling import clustered
        from kmeans_tui.clustering.kmeans import KMeans
        from kmeans_tui.data import edits

        clustering = answers.clustering(asked.first, data)
        found = clustered(
            data.points, clustering, [number], way, lambda: go(name, done), data.weights
        )
        if found is None:
            return None
        drawn = edits.drawn(data, found[0].rows) if number else data
        run = KMeans(
            clustering.k, clustering.max_iterations, clustering.tolerance, found[0].start,
            clustering.empty, clustering.seed,
        )  # fmt: skip
        history = run.fit(drawn.points, lambda _: go(name, done), drawn.weights).history
        return None if history.stopped_by == "cancelled" else PairSide(name, drawn, history)

    def fitted(wanted: Options, data: "Dataset", name: str, done: int) -> "History | None":
        def heard(step: "Step") -> bool:
            return go(f"{name}, iteration {step.iteration}", done)

        history = fit.model(wanted, data).fit(data.points, heard, data.weights).history
        return None if history.stopped_by == "cancelled" else history

    data = opening.beside(dataset, options, asked.first)
    if asked.resample is not None:
        sides: list[PairSide] = []
        for number, name in ((0, asked.first_name), (asked.resample[0], asked.second_name)):
            side = best(data, number, asked.resample[1], name, len(sides))
            if side is None or not go(name, len(sides) + 1, side):
                return None
            sides.append(side)
        return pair(sides[0], sides[1], asked.why)
    first = None
    if asked.recording is not None and known is not None and known.history is not None:
        first = PairSide(asked.first_name, known.dataset, known.history, known.parameters)
    elif (history := fitted(asked.first, data, asked.first_name, 0)) is not None:
        first = PairSide(asked.first_name, data, history)
    if first is None:
        return None
    if not go("loading scikit-learn" if asked.mini_batch else asked.second_name, 1, first):
        return None
    if asked.recording is not None:
        from kmeans_tui.analysis.change import changed

        second = _recorded(asked.second_name, asked.recording)
        return changed(first, second) if go("clusters matched", 2, second) else None
    other = opening.beside(dataset, options, asked.second)
    if asked.mini_batch:
        limit, seed = asked.second.max_iterations, asked.second.seed

        def went(step: int) -> bool:
            return go(f"{asked.second_name}, step {step}", 1)

        start = first.history[0].centroids
        found = mini_batch(other.points, start, limit, seed, went, other.weights)
    else:
        found = fitted(asked.second, other, asked.second_name, 1)
    if found is None:
        return None
    second = PairSide(asked.second_name, other, found)
    return pair(first, second, asked.why) if go("clusters matched", 2, second) else None


def _recorded(name: str, path: str) -> "PairSide":
    """Return the data and the run in a recording; raises ``DataError``."""
    from kmeans_tui.analysis.pair import PairSide
    from kmeans_tui.data.columns import DataError
    from kmeans_tui.data.reading import files

    files.check_file(path)
    if not recorded.is_recording(path):
        raise DataError(
            f"{path} is not a recorded run: write one with 'kmeans-tui export DATA --what run'"
        )
    found = recorded.open_recording(path)
    return PairSide(name, found.dataset, found.history, found.parameters)


def _with(options: Options, field: str, value: Any) -> Options:
    changed = replace(options, **{field: value})
    if options.init == GIVEN and field in ("seed", "k"):
        # A given start has no seed, and its own k.
        return replace(changed, init=Options.init, centroids=None)
    return replace(changed, centroids=None) if field == "init" else changed
