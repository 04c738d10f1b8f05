"""``kmeans-tui compare``: the same clustering with scikit-learn."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from kmeans_tui import pair_kinds
from kmeans_tui.command import Options
from kmeans_tui.flags import from_arguments
from kmeans_tui.headless import paired
from kmeans_tui.headless.narration import Narration
from kmeans_tui.headless.shell import Parser, tell
from kmeans_tui.pair_kinds import PROGRAMS
from kmeans_tui.requests import answers, pairs

if TYPE_CHECKING:
    from kmeans_tui.analysis.comparison import Comparison, Truth
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.requests.subject import Subject

_EPILOG: Final = """\
--pair is one of
"""


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    about = "Compare two runs, or cluster once here and once with scikit-learn."
    parser = Parser.of("compare", about, _EPILOG + pair_kinds.epilog())
    parser.add_json()
    given = parser.parse_args(words)
    options = from_arguments(given)
    asked = pairs.read(options)
    if asked is not None:
        return paired.tell_pair(asked, options, as_json=given.json)

    def work(subject: "Subject", narration: Narration) -> "Comparison | None":
        start, _ = PROGRAMS[options.pair]
        return answers.comparison(
            options, subject.dataset, start, lambda said: narration.say(said.doing)
        )

    return tell(options, work, document if given.json else None, lines)


def document(options: Options, subject: "Subject", comparison: "Comparison") -> dict[str, Any]:
    """Return a comparison as plain numbers, ready for ``json.dumps(…, allow_nan=False)``.

    ``parameters`` are those of our run. Clusters have our numbers; ``centroids`` are in the units
    of the table.
    """
    from kmeans_tui.requests.document import heading
    from kmeans_tui.requests.fit import our_side

    dataset = subject.dataset
    truth = comparison.truth
    sides = {
        name: {
            "inertia": side.inertia,
            "updates": side.updates,
            "centroids": dataset.in_units(side.centroids).tolist(),
            "seconds": side.seconds,
        }
        for name, side in (("ours", comparison.ours), ("scikit_learn", comparison.scikit_learn))
    }
    return {
        **heading(our_side(options), dataset, len(comparison.ours.centroids), subject.parameters),
        "pair": options.pair,
        "start": comparison.start,
        **sides,
        "agreement": comparison.agreement,
        "disputed": comparison.disputed.tolist(),
        "largest_centroid_gap": comparison.largest_centroid_gap,
        "kind": comparison.kind,
        "verdict": comparison.verdict,
        "reason": comparison.reason,
        "truth": None
        if truth is None
        else {
            "ari": truth.ari,
            "table": truth.table.tolist(),
            "groups": list(dataset.truth_names[: len(truth.table)]),
            "clusters": truth.clusters.tolist(),
            "right": truth.right,
        },
    }


def lines(options: Options, dataset: "Dataset", comparison: "Comparison") -> Iterator[str]:
    """Yield a comparison as text: a table, the verdict and its reason, and the truth table."""
    from kmeans_tui.analysis.text_table import about, padded, rows
    from kmeans_tui.headless.text import remarks

    ours, theirs = comparison.ours, comparison.scikit_learn
    yield f"{about(dataset)}, k {len(ours.centroids)}, seed {options.seed}"
    yield PROGRAMS[options.pair][1]
    yield ""
    points = dataset.n - len(comparison.disputed)
    names = ["", "inertia", "updates", "seconds", "same cluster", "largest centroid gap"]
    cells = [
        ["ours", repr(ours.inertia), str(ours.updates), f"{ours.seconds:.4f}", "", ""],
        [
            "scikit-learn",
            repr(theirs.inertia),
            str(theirs.updates),
            f"{theirs.seconds:.4f}",
            f"{comparison.agreement:.2%}",
            f"{comparison.largest_centroid_gap:.2g}",
        ],
        [
            "difference",
            f"{ours.inertia - theirs.inertia:.2g}",
            f"{ours.updates - theirs.updates:+d}",
            "",
            f"{points} of {dataset.n}",
            "",
        ],
    ]
    for name, line in zip(padded(names), rows(cells), strict=True):
        yield f"{name}  {line}".rstrip()
    yield ""
    yield comparison.verdict
    yield comparison.reason
    yield from remarks(dataset)
    if comparison.truth is not None:
        yield from _against(dataset, comparison.truth)


def _against(dataset: "Dataset", truth: "Truth") -> Iterator[str]:
    """Yield the clusters against the known groups."""
    from kmeans_tui.analysis.text_table import padded, rows

    yield ""
    yield (
        f"against the truth: {truth.right} of {dataset.n} rows in the matching cluster, "
        f"adjusted Rand index {truth.ari:.4f}"
    )
    # A set may name groups that none of its rows belong to.
    groups = padded(["", *dataset.truth_names[: len(truth.table)]])
    heads = [f"cluster {cluster + 1}" for cluster in truth.clusters]
    columns = [
        [head, *(str(each) for each in column)]
        for head, column in zip(heads, truth.table.T, strict=True)
    ]
    for name, line in zip(groups, rows(columns), strict=True):
        yield f"{name}  {line}"
