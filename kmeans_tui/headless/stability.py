"""``kmeans-tui stability``: would another sample of the rows give the same clusters."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from kmeans_tui.command import ELBOW_INIT, Options
from kmeans_tui.flags import from_arguments
from kmeans_tui.headless.narration import Narration
from kmeans_tui.headless.shell import Parser, tell
from kmeans_tui.requests import answers

if TYPE_CHECKING:
    from kmeans_tui.analysis.reproducibility import Reproducible
    from kmeans_tui.analysis.stable_clusters import ClusterStability
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.requests.subject import Subject

    Found = tuple[ClusterStability, dict[int, Reproducible]]

_EPILOG: Final = """\
Every resample is clustered like the data: the best of --runs starts (--init k-means++).
jaccard   of each cluster and the most similar one of a resample, among the distinct rows drawn,
          on average (Hennig 2007): above 0.85 highly stable, below 0.6 no cluster
kept      the share of resamples in which a row stays with its cluster
ari       adjusted Rand index of two resamples, each assigning all rows
strength  prediction strength of two halves (Tibshirani and Walther 2005), 0.8 or more is good
border    density where clusters meet, as a share of that at their centroid: 0 is a gap, 1 a cut
          through an even cloud
A k is stable if its prediction strength is at least 0.8 and its densest border at most 0.6.
With --weights rows are drawn alike and take their weights with them: a weight is no repetition.
"""


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = Parser.of("stability", "Cluster resamples of the rows and compare.", _EPILOG)
    parser.set_defaults(init=ELBOW_INIT)
    parser.add_json()
    parser.add_argument(
        "--labels", action="store_true", help="also the share of each row, and its cluster"
    )
    given = parser.parse_args(words)
    options = from_arguments(given)

    def work(subject: "Subject", narration: Narration) -> "Found | None":
        return answers.stability(
            options,
            subject.dataset,
            progress=lambda said: narration.say(f"{said.done} of {said.total}, {said.doing}"),
        )

    def told(options: Options, subject: "Subject", found: "Found") -> dict[str, Any]:
        return document(options, subject, found, labels=given.labels)

    def shown(options: Options, dataset: "Dataset", found: "Found") -> Iterator[str]:
        yield from lines(options, dataset, found)
        if given.labels:
            yield from _rows(dataset, found[0])

    return tell(options, work, told if given.json else None, shown)


def document(
    options: Options, subject: "Subject", found: "Found", *, labels: bool = False
) -> dict[str, Any]:
    """Return the stability as plain numbers, for ``json.dumps(…, allow_nan=False)``.

    Clusters and rows count from 0, resamples from 1. Margins are halves of 95 % intervals.
    """
    from kmeans_tui.analysis import stability_verdict
    from kmeans_tui.analysis.reproducibility import stable_k
    from kmeans_tui.analysis.stable_clusters import mark
    from kmeans_tui.requests.document import heading

    stability, by_k = found
    own = stability.original
    asked = answers.clustering(options, subject.dataset)
    options = replace(options, init=asked.init)
    result = {
        **heading(options, subject.dataset, own.k, subject.parameters),
        "resampling": stability.way,
        "resamples": len(stability.resamples),
        "runs": asked.runs,
        "inertia": own.inertia,
        "clusters": [
            {
                "cluster": c,
                "size": int(own.sizes[c]),
                **({} if own.weights is None else {"weight": float(own.weights[c])}),
                "jaccard": jaccard,
                "margin": stability.margins[c],
                "mark": mark(jaccard),
                "dissolved": stability.dissolved(c),
                "worst_resample": None if (worst := stability.worst(c)) is None else worst.number,
                "centroid": subject.dataset.in_units(own.centroids)[c].tolist(),
            }
            for c, jaccard in enumerate(stability.jaccard)
        ],
        "needed": stability.needed,
        "by_k": [
            {
                "k": row.k,
                "pairs": row.pairs,
                "ari": row.ari,
                "ari_margin": row.ari_margin,
                "prediction_strength": row.strength,
                "prediction_strength_margin": row.strength_margin,
                "border": row.border,
                "stable": row.stable,
            }
            for row in _in_order(by_k)
        ],
        "k": stable_k(by_k.values()),
        "verdict": stability_verdict.verdict(stability, by_k.values()),
    }
    if labels:
        result["labels"] = own.labels.tolist()
        result["rows"] = stability.shares.tolist()
    return result


def lines(options: Options, dataset: "Dataset", found: "Found") -> Iterator[str]:
    """Yield the clusters, the rows at risk, every k, and the verdict."""
    from kmeans_tui.analysis import stability_verdict
    from kmeans_tui.analysis.stable_clusters import mark
    from kmeans_tui.analysis.text_table import about, rows, weights_line
    from kmeans_tui.headless.text import remarks, start_name

    stability, by_k = found
    own, asked = stability.original, answers.clustering(options, dataset)
    yield (
        f"{about(dataset)}, k {own.k}, {len(stability.resamples)} resamples ({stability.way}), "
        f"the best of {asked.runs} starts {start_name(asked.init)}, seed {asked.seed}"
    )
    yield ""
    clusters = range(own.k)
    worst = [stability.worst(c) for c in clusters]
    table = rows(
        [
            ["cluster", *(str(c + 1) for c in clusters)],
            ["rows", *(str(size) for size in own.sizes.tolist())],
            *weights_line("weight", own.weights),
            ["jaccard", *map(_number, stability.jaccard)],
            ["+-", *map(_number, stability.margins)],
            ["dissolved", *(str(stability.dissolved(c)) for c in clusters)],
            ["worst in", *("-" if each is None else str(each.number) for each in worst)],
        ]
    )
    for line, jaccard in zip(table, [None, *stability.jaccard], strict=True):
        yield f"{line}  {mark(jaccard)}".rstrip()
    yield ""
    yield from stability_verdict.rows_at_risk(stability)
    settling = stability_verdict.settling(stability)
    if settling:
        yield settling
    yield ""
    known = _in_order(by_k)
    if known:
        yield from rows(
            [
                ["k", *(str(row.k) for row in known)],
                ["ari", *(_number(row.ari) for row in known)],
                ["+-", *(_number(row.ari_margin) for row in known)],
                ["strength", *(_number(row.strength) for row in known)],
                ["+-", *(_number(row.strength_margin) for row in known)],
                ["border", *(_number(row.border) for row in known)],
                ["stable", *("yes" if row.stable else "no" for row in known)],
            ]
        )
        yield ""
    yield stability_verdict.verdict(stability, by_k.values())
    yield from remarks(dataset)


def _rows(dataset: "Dataset", stability: "ClusterStability") -> Iterator[str]:
    """Yield every row with its cluster and its share, the least safe first."""
    from kmeans_tui.analysis.text_table import rows
    from kmeans_tui.data.rows import name

    shares, labels = stability.shares, stability.original.labels
    order = shares.argsort(kind="stable").tolist()
    yield ""
    yield from rows(
        [
            ["row", *(name(dataset, row) for row in order)],
            ["cluster", *(str(int(labels[row]) + 1) for row in order)],
            ["kept", *(f"{shares[row]:.2f}" for row in order)],
        ]
    )


def _in_order(by_k: "dict[int, Reproducible]") -> "list[Reproducible]":
    return [by_k[k] for k in sorted(by_k) if by_k[k].pairs]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
