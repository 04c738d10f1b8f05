"""Two runs that differ in one thing: their options, and both of them run."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kmeans_tui.command import GIVEN, Options
from kmeans_tui.pair_kinds import KINDS, MINI_BATCH, PROGRAMS, values_of
from kmeans_tui.requests import answers, fit
from kmeans_tui.requests import subject as opening

if TYPE_CHECKING:
    from kmeans_tui.analysis.comparison import Comparison
    from kmeans_tui.analysis.pair import Pair, PairSide
    from kmeans_tui.analysis.progress import ProgressListener
    from kmeans_tui.clustering.history import History
    from kmeans_tui.clustering.steps import Step
    from kmeans_tui.data.dataset import Dataset


@dataclass(frozen=True)
class PairOptions:
    """Two runs to compare: their names and their options, and why they would part.

    With ``mini_batch`` the second is run by scikit-learn, on a part of the points in each step.
    """

    first_name: str
    second_name: str
    first: Options
    second: Options
    why: str
    mini_batch: bool = False


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
    if kind.alone:
        taken = tuple(sorted({*(options.without or ()), *values[0]}))
        second = replace(options, without=taken)
        rows = f"{'row' if len(values[0]) == 1 else 'rows'} {words[0]}"
        return PairOptions(f"with {rows}", f"without {rows}", options, second, kind.why)
    ours, theirs = (_with(options, kind.option, each) for each in values)
    names = words if kind.fixed else [f"{kind.option} {each}" for each in words]
    return PairOptions(names[0], names[1], ours, theirs, kind.why)


def offered(options: Options, dataset: "Dataset", row: int | None) -> list[tuple[str, str]]:
    """Return pairs to choose from, each with what it is: of the present options, and ``row``.

    That is the number of a row; without it the pair that takes one out is left out.
    """
    present = {
        "k": answers.clusters(options, dataset),
        "scale": options.scale or dataset.scale,
        "without": row,
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
    options: Options, dataset: "Dataset", progress: "ProgressListener[Any] | None" = None
) -> "Comparison | Pair | None":
    """Return both runs of the options' pair, or the comparison of both programs.

    ``progress`` gets each side when it is found; None if it stops the work. Raises ``ValueError``,
    one sentence, for data or options that cannot be used.
    """
    from kmeans_tui.analysis.progress import Progress

    asked = read(options)
    if asked is None:
        return answers.comparison(options, dataset, PROGRAMS[options.pair][0], progress)

    def go_on(doing: str, done: int, side: "PairSide | None" = None) -> bool:
        return progress is None or progress(Progress(done, 2, doing, side)) is not False

    return run(asked, options, dataset, go_on)


def run(
    asked: PairOptions,
    options: Options,
    dataset: "Dataset",
    go_on: "Callable[[str, int, PairSide | None], bool] | None" = None,
) -> "Pair | None":
    """Run both sides of a pair; ``dataset`` are the data of ``options``.

    ``go_on`` gets what is done, how many sides are complete, and a side that has just been; None
    if it returns False. Raises ``ValueError``, one sentence, for data or options that cannot be
    used.
    """
    from kmeans_tui.analysis.mini_batch import mini_batch
    from kmeans_tui.analysis.pair import PairSide, pair

    def go(doing: str, done: int, side: "PairSide | None" = None) -> bool:
        return go_on is None or go_on(doing, done, side)

    def fitted(wanted: Options, data: "Dataset", name: str, done: int) -> "History | None":
        def heard(step: "Step") -> bool:
            return go(f"{name}, iteration {step.iteration}", done)

        history = fit.model(wanted, data).fit(data.points, heard).history
        return None if history.stopped_by == "cancelled" else history

    data = opening.beside(dataset, options, asked.first)
    history = fitted(asked.first, data, asked.first_name, 0)
    if history is None:
        return None
    first = PairSide(asked.first_name, data, history)
    if not go("loading scikit-learn" if asked.mini_batch else asked.second_name, 1, first):
        return None
    other = opening.beside(dataset, options, asked.second)
    if asked.mini_batch:
        limit, seed = asked.second.max_iterations, asked.second.seed

        def went(step: int) -> bool:
            return go(f"{asked.second_name}, step {step}", 1)

        found = mini_batch(other.points, history[0].centroids, limit, seed, went)
    else:
        found = fitted(asked.second, other, asked.second_name, 1)
    if found is None:
        return None
    second = PairSide(asked.second_name, other, found)
    return pair(first, second, asked.why) if go("clusters matched", 2, second) else None


def _with(options: Options, field: str, value: Any) -> Options:
    changed = replace(options, **{field: value})
    if options.init == GIVEN and field in ("seed", "k"):
        # A given start has no seed, and its own k.
        return replace(changed, init=Options.init, centroids=None)
    return replace(changed, centroids=None) if field == "init" else changed
