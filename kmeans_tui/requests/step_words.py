"""What a run says of itself on the screen and in ``kmeans-tui watch``, beside its half steps."""

from typing import TYPE_CHECKING, Final

from kmeans_tui.analysis import step_facts, swap_words
from kmeans_tui.command import GIVEN
from kmeans_tui.requests.session import Moment, Run
from kmeans_tui.user_keys import key
from kmeans_tui.words import amount, changed_cluster, plural, sentence

if TYPE_CHECKING:
    from kmeans_tui.clustering.history import Step
    from kmeans_tui.data.dataset import Dataset


UNASSIGNED: Final = "No points are assigned yet."
SEEDS_START: Final = "Seeds start at 0."
NO_QUESTIONS: Final = "The questions need all points in memory, and these stay on disk."
NO_PREVIOUS: Final = "There is no previous run."


def work(run: Run, moment: Moment) -> str:
    """Say how many distances the assignments so far ask for: n · k each."""
    passes = 0 if moment.kind == "initialise" else moment.iteration + (moment.kind == "assign")
    done = passes * run.history.counted * run.history.k
    return f"n·k·{passes} = {done:,} distances so far" if passes else ""


def start(run: Run, between: str = ", ") -> str:
    """Return how the centroids were placed."""
    options = run.options
    if run.recorded:
        return "as recorded"
    return GIVEN if options.init == GIVEN else f"{options.init}{between}seed {options.seed}"


def too_many_clusters(dataset: "Dataset") -> str:
    """Return why k cannot go further."""
    return f"With {plural(dataset.n, 'row')}, k can only be 1 to {dataset.n:,}."


def changed_in(count: int, iteration: int) -> str:
    """Return how many points changed cluster in an iteration."""
    return f"{changed_cluster(count)} in iteration {iteration}"


def none_changed(run: Run, iteration: int) -> str:
    """Return that no point on display changed cluster in an iteration; "" if some did."""
    history, dataset = run.history, run.dataset
    count = history[iteration].changed
    if not count:
        return sentence(changed_in(0, iteration))
    if dataset.counted == dataset.n:
        return ""
    if (history.labels(iteration) != history.labels(iteration - 1)).any():
        return ""
    none = f"none of the {plural(dataset.n, 'display row')}"
    return sentence(f"{changed_in(count, iteration)}, {none}")


def matching(dataset: "Dataset", text: str, count: int) -> str:
    """Return which rows were found, if that is in question: several, or by what; else empty."""
    from kmeans_tui.data import rows

    again = f"{key('find')} and enter finds the next."
    if dataset.id_column is None:
        return "" if count < 2 else f"{plural(count, 'row')} match; {again}"
    named = rows.named(dataset, text)
    if len(named) > 1:
        return f"{plural(count, 'row')} have the {dataset.id_column} {text}; {again}"
    if len(named):
        number = rows.number(dataset, int(named[0]))
        return f"{dataset.id_column} {text} is row {number:,}; 'row {text}' finds by number." * (
            text.isdecimal()
        )
    said = f"No {dataset.id_column} is {text!r}"
    if text.isdecimal():
        return f"{said}: this is row {text}."
    return "" if count < 2 else f"{said}; {plural(count, 'row')} match elsewhere; {again}"


def no_such_row(dataset: "Dataset", text: str) -> str:
    """Return that no row has this number or label."""
    if dataset.counted > dataset.n:
        return f"No row is called {text!r} among the {dataset.n:,} display rows; {more_rows()}."
    return f"No row is called {text!r} among the {plural(dataset.n, 'row')} clustered."


def on_display(dataset: "Dataset") -> str:
    """Return how many rows of all are on display, to follow a title; "" if all are."""
    if dataset.counted == dataset.n:
        return ""
    return f" · display rows {dataset.n:,} of {dataset.counted:,}"


def more_rows() -> str:
    """Return how more rows are shown of points that stay on disk."""
    return "--display-rows shows more"


def notes(run: Run, moment: Moment, step: "Step | None") -> list[str]:
    """Return what is notable at this half step, and how to go on with a run that was stopped."""
    again = f"{key('replay')} {'runs it again' if run.parts is None else 'goes on from there'}"
    return step_facts.notes(run.history, run.dataset, moment.position, step, again)


def gained(run: Run) -> str:
    """Return what the search for swaps found, and how to see it."""
    history = run.history
    searched = swap_words.ended(history)
    if not history.swaps:
        return sentence(searched or "stopped before a swap that helps was found")
    before, after = history.swapped(history.swaps[0])[0], float(history[-1].inertia)
    searched = searched or f"{plural(len(history.swaps), 'swap')} so far"
    lowered = f"inertia {amount(before)} to {amount(after)}"
    these = "it" if len(history.swaps) == 1 else "them"
    return f"{searched}: {lowered}. {key('play').capitalize()} plays {these}."


def told(run: Run, moment: Moment, step: "Step | None") -> str:
    """Return a half step as sentences for the ear: which, what it did, how far the run is."""
    noted = notes(run, moment, step)
    if step is None:
        return " ".join(map(sentence, (f"start, {start(run)}", *noted)))
    of = f"iteration {moment.iteration} of {run.history.iterations}"
    kind = "swap" if step.kind == "update" and step.swap is not None else step.kind
    done = f"{of}, {kind}: {step_facts.did(run.history, step)}"
    dropped = step_facts.drops(run.history, moment.position)[-1:]
    return " ".join(map(sentence, step_facts.joined(done, step, dropped, noted)))


def told_whole(run: Run, moment: Moment, step: "Step") -> str:
    """Return a complete iteration as sentences, both of its half steps at once."""
    i = moment.iteration
    if not i:
        return told(run, moment, step)
    done = (
        f"iteration {i} of {run.history.iterations}: {step_facts.moved(step)}, then "
        f"{changed_cluster(step.changed)}"
    )
    before = Moment(i, "update")
    noted = notes(run, before, run.history.step(before.position - 1)) + notes(run, moment, step)
    dropped = step_facts.drops(run.history, moment.position)
    return " ".join(map(sentence, step_facts.joined(done, step, dropped, noted)))
