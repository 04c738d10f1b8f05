"""``kmeans-tui report``: the number of clusters and the clusters found, as Markdown."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kmeans_tui import __version__
from kmeans_tui.analysis import votes
from kmeans_tui.analysis.criteria import measured, rules
from kmeans_tui.analysis.profile_words import counted, held
from kmeans_tui.command import ELBOW_INIT, GIVEN, Options
from kmeans_tui.flags import from_arguments
from kmeans_tui.headless.markdown_table import table
from kmeans_tui.headless.narration import Narration
from kmeans_tui.headless.rules import section
from kmeans_tui.headless.shell import DONE, UNUSABLE, Parser, answer, print_lines, refuse
from kmeans_tui.requests import answers, fit
from kmeans_tui.requests.given import verdict
from kmeans_tui.shell_command import to_command
from kmeans_tui.whole_file import ExportError, make_folder, unwritable, whole_file
from kmeans_tui.words import markdown, plural, printable, sentence

if TYPE_CHECKING:
    from kmeans_tui.analysis.decision import Decision
    from kmeans_tui.analysis.profile import Profile
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.requests.subject import Subject

_FILE: Final = "report.md"
_FIGURES: Final = ("elbow", "seeds", "iteration")
# Most rows in the table of features: with more, the important ones are in the profiles.
_MOST_FEATURES: Final = 30


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = Parser.of(
        "report",
        "Write a report as Markdown: data, number of clusters, stability, clusters.",
    )
    parser.set_defaults(init=ELBOW_INIT)
    parser.add_argument(
        "--out",
        metavar="FILE",
        help="the file to write; a folder (FOLDER/) also gets figures and the labels of all rows",
    )
    parser.add_argument("--force", action="store_true", help="replace an existing file")
    given = parser.parse_args(words)
    options = from_arguments(given)
    target = None if given.out is None else Path(given.out)
    folder = None
    if target is not None and (target.is_dir() or given.out.endswith(("/", os.sep))):
        folder, target = target, target / _FILE
        try:
            make_folder(folder)
        except ValueError as error:
            return refuse(str(error))
    if target is not None:
        problem = unwritable(target, force=given.force)
        if problem is not None:
            return refuse(problem)

    ended: list[float] = []

    def work(subject: "Subject", narration: Narration) -> "Decision | None":
        from kmeans_tui.analysis.decision import decide

        if options.centroids is not None:
            # First, so that centroids that do not fit are refused at once.
            asked = replace(options, init=GIVEN)
            ended.append(float(fit.run_of(subject, asked, narration)[-1].inertia))
        return decide(
            subject.dataset,
            options.k,
            k_max=options.k_max,
            sweep_runs=options.runs,
            init=options.init,
            max_iterations=options.max_iterations,
            tolerance=options.tolerance,
            empty=options.empty,
            random_state=options.seed,
            improve=answers.improves(options),
            progress=lambda doing: narration.say(doing),
        )

    found = answer(options, work)
    if found is None or found[1] is None:
        return UNUSABLE
    subject, decision = found
    dataset = subject.dataset
    assert decision is not None  # nothing asks it to stop
    if target is None:
        print_lines(lines(options, dataset, decision, ended=ended))
        return DONE
    beside: tuple[Path, ...] = ()
    if folder is not None:
        try:
            beside = _beside(options, dataset, decision, folder, force=given.force)
        except ValueError as error:
            return refuse(str(error))
    text = lines(options, dataset, decision, [path.name for path in beside], ended)
    try:
        with whole_file(target) as file:
            file.write("".join(f"{printable(line)}\n" for line in text).encode())
    except ExportError as error:
        return refuse(str(error))
    print_lines(str(path) for path in (target, *beside))
    return DONE


def _beside(
    options: Options, dataset: "Dataset", decision: "Decision", folder: Path, *, force: bool
) -> tuple[Path, ...]:
    """Write the figures and the labels, and return their paths; raises ``ExportError``."""
    from kmeans_tui.export.bundle import Request, write
    from kmeans_tui.export.items import Item
    from kmeans_tui.requests.document import document

    chosen = _chosen(options, decision)
    request = Request(
        items=tuple(map(Item.read, (*_FIGURES, "labels", "rules"))),
        folder=folder,
        dataset=dataset,
        history=decision.history,
        document=document(chosen, dataset, decision.history),
        command=to_command(options, "report"),
        sweep=decision.sweep,
        seeds=(decision.runs, decision.census),
        force=force,
    )
    return write(request).paths


def lines(
    options: Options,
    dataset: "Dataset",
    decision: "Decision",
    beside: Sequence[str] = (),
    ended: Sequence[float] = (),
) -> Iterator[str]:
    """Yield the report, one line of Markdown at a time.

    ``beside`` are the files in its folder, ``ended`` the inertia at which the given start ends.
    """
    from kmeans_tui.analysis.cluster_rules import rules

    elbow, seeds, end = beside[:3] if beside else ("", "", "")
    yield f"# The clusters of {markdown(dataset.title)}"
    yield ""
    yield (
        f"**{plural(decision.k, 'cluster')}** of {plural(dataset.n, 'row')} by "
        f"{plural(dataset.d, 'feature')}, found "
        f"by K-Means. {decision.why} {sentence(decision.census.sentence())}"
    )
    yield ""
    yield (
        "K-Means assigns every row to the cluster with the nearest mean. *Inertia* is the sum of "
        "the squared distances to these means: the smaller, the tighter the clusters. It always "
        "falls with more clusters, so the question is when more are no longer worth it."
    )
    yield from ("", "## Data", "")
    yield from _data(dataset)
    yield from ("", "## How many clusters", "")
    yield from _elbow(decision)
    yield from _figure(elbow, "The criteria for each k, and their joint verdict")
    yield from ("", "## Does the start matter", "")
    yield from _stability(decision)
    for inertia in ended:
        yield from ("", verdict(inertia, decision.census.lowest or 0.0))
    yield from _figure(seeds, "The results of many starts")
    yield from ("", "## The clusters", "")
    yield from _clusters(dataset, decision)
    yield from _figure(end, "The clusters")
    if beside:
        labels, sql = beside[3:]
        yield ""
        yield f"Every row with its cluster: [{labels}]({labels})"
    yield from ("", "## The clusters as rules", "")
    yield from section(rules(dataset, decision.history[-1].labels, decision.k))
    if beside:
        yield ""
        yield f"The same as SQL: [{sql}]({sql})"
    if decision.truth is not None:
        yield from ("", "## Comparison with the known groups", "")
        yield from _truth(dataset, decision)
    yield from ("", "## How to repeat this", "")
    yield from _commands(options, decision)


def _figure(name: str, about: str) -> Iterator[str]:
    if name:
        yield ""
        yield f"![{about}]({name})"


def _data(dataset: "Dataset") -> Iterator[str]:
    source = dataset.source
    if source is not None:
        read_as = markdown(source.read_as)
        yield f"{dataset.n:,} of the {source.last:,} rows are used. Read as {read_as}."
    elif dataset.about:
        kind = "built-in set" if dataset.picture is None else "picture"
        yield f"A {kind}: {markdown(dataset.about)}."
    yield ""
    scales = {
        "none": "The features are clustered in their original units.",
        "standard": "Every feature is first scaled to mean 0 and standard deviation 1.",
        "minmax": "Every feature is first scaled to the range from 0 to 1.",
        "robust": "Every feature is first centred on its median and divided by its "
        "interquartile range.",
    }
    yield scales[dataset.scale]
    notes = dataset.notes()
    if notes:
        yield ""
        yield from (f"- {markdown(each)}" for each in notes)
    yield ""
    shown = dataset.features[:_MOST_FEATURES]
    columns = [dataset.column(each) for each in shown]
    yield from table(
        ["feature", "least", "mean", "most"],
        [
            [name, *(f"{value:.5g}" for value in (c.min(), c.mean(), c.max()))]
            for name, c in zip(shown, columns, strict=True)
        ],
    )
    if len(shown) < dataset.d:
        yield ""
        yield f"and {dataset.d - len(shown)} more features."


def _elbow(decision: "Decision") -> Iterator[str]:
    from kmeans_tui.analysis.rounding import same
    from kmeans_tui.analysis.starts import called

    verdict = decision.sweep.verdict
    best = decision.census.optima[0].inertia
    at_k = [row.best for row in decision.sweep.rows if row.k == decision.k]
    less = bool(at_k) and best < at_k[0] and not same(best, at_k[0])
    yield f"{sentence(verdict.sentence)}"
    yield ""
    yield f"Besides the elbow, {rules()} vote. {votes.rule()}"
    yield ""
    runs = decision.sweep.rows[-1].runs
    init = called(decision.sweep.init)
    then = ", then of swaps," if decision.sweep.improve else ""
    yield (
        f"The inertia is the best of {plural(runs, f'{init} start')}{then} for each k"
        + (f"; more starts found {best:.6g} for k = {decision.k}." if less else ".")
    )
    yield ""
    yield from table(
        ["k", "inertia", *(each.title for each in measured())],
        [
            [
                str(row.k),
                f"{row.best:.6g}",
                *(each.text(row.scores.get(each.key), 3) for each in measured()),
            ]
            for row in decision.sweep.rows
        ],
        bold=next((i for i, r in enumerate(decision.sweep.rows) if r.k == decision.k), None),
    )
    if verdict.notes:
        yield ""
        yield from (f"- {markdown(sentence(each))}" for each in verdict.notes)


def _stability(decision: "Decision") -> Iterator[str]:
    from kmeans_tui.analysis.starts import called

    census = decision.census
    yield sentence(decision.runs.summary(census.lowest))
    yield ""
    yield f"The results of {plural(census.runs, f'{called(census.init)} start')}:"
    yield ""
    yield from table(
        ["inertia", "starts", "share", "first seed"],
        [
            [f"{each.inertia:.6g}", str(each.count), f"{each.share:.1%}", str(each.first_seed)]
            for each in census.optima[:10]
        ],
    )
    yield ""
    yield sentence(census.sentence())


def _clusters(dataset: "Dataset", decision: "Decision") -> Iterator[str]:
    last = decision.history[-1]
    swaps = len(decision.history.swaps)
    then = f", then {plural(swaps, 'swap')}" if swaps else ""
    outside = decision.census.outside
    lower = outside is not None and outside.is_below(float(last.inertia))
    found = "from these starts" if lower else "found"
    yield (
        f"The best clustering {found} (seed {decision.seed}{then}) has inertia "
        f"{float(last.inertia):.6g}. Differences are from the mean of all other rows, in standard "
        "deviations."
    )
    yield ""
    yield from table(
        ["cluster", "rows", "share", "what sets it apart"],
        [
            [str(each.cluster + 1), held(each), f"{each.share:.1%}", each.sentence()]
            for each in decision.profiles
        ],
    )
    centroids = dataset.in_units(last.centroids).tolist()
    for each in decision.profiles:
        yield from ("", f"### Cluster {each.cluster + 1}", "")
        yield from _profile(
            dataset, each, dict(zip(dataset.features, centroids[each.cluster], strict=True))
        )


def _profile(
    dataset: "Dataset", profile: "Profile", centroid: Mapping[str, float]
) -> Iterator[str]:
    from kmeans_tui.data.rows import listed

    if not profile.size:
        yield "It has no rows."
        return
    shown = profile.traits if len(profile.traits) <= _MOST_FEATURES else profile.apart
    # With a logarithm, the centroid is not the mean of the rows.
    geometric = ["centroid (geometric mean)"] if dataset.log else []
    yield from table(
        ["feature", "mean", *geometric, "spread", "mean of the rest", "difference"],
        [
            [
                each.name,
                f"{each.mean:.5g}",
                *(_geometric(dataset, each.name, centroid) for _ in geometric),
                f"{each.spread:.4g}",
                _optional(each.rest, ".5g"),
                _optional(each.difference, "+.2f"),
            ]
            for each in shown[:_MOST_FEATURES]
        ],
    )
    yield ""
    for each in profile.common:
        value = markdown(each.value) or "missing"
        yield f"- {markdown(each.name)}: most often {value}, {counted(profile, each, ' rows')}"
    near, far = (markdown(listed(dataset, rows)) for rows in (profile.nearest, profile.farthest))
    yield f"- typical rows: {near}; least typical: {far}"


def _geometric(dataset: "Dataset", name: str, centroid: Mapping[str, float]) -> str:
    return f"{centroid[name]:.5g}" if name in dataset.log else "-"


def _truth(dataset: "Dataset", decision: "Decision") -> Iterator[str]:
    truth = decision.truth
    assert truth is not None
    yield (
        f"{truth.right:,} of {dataset.n:,} rows are in the matching cluster; the adjusted Rand "
        f"index is {truth.ari:.3f} (1 is full agreement, 0 is chance)."
    )
    yield ""
    yield from table(
        ["known group", *(f"cluster {cluster + 1}" for cluster in truth.clusters)],
        [
            [name, *map(str, counts)]
            # A set may name groups that none of its rows belong to.
            for name, counts in zip(dataset.truth_names, truth.table.tolist(), strict=False)
        ],
    )


def _commands(options: Options, decision: "Decision") -> Iterator[str]:
    chosen = _chosen(options, decision)
    seeds = replace(chosen, census=decision.census.runs, improve=None)
    yield "```sh"
    # One line each, so that none can end the code block.
    yield printable(to_command(options, "report"))
    yield printable(to_command(replace(options, k=None), "elbow"))
    yield printable(to_command(seeds, "seeds"))
    yield printable(to_command(chosen, "run"))
    if options.centroids is not None:
        yield printable(to_command(replace(options, init=GIVEN), "run"))
    yield printable(to_command(chosen))
    yield "```"
    yield ""
    yield f"kmeans-tui {__version__}"


def _chosen(options: Options, decision: "Decision") -> Options:
    """Return the options of the run that the report describes."""
    improved = decision.history.tried is not None
    return replace(options, k=decision.k, seed=decision.seed, improve=improved or None)


def _optional(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)
