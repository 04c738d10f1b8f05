"""The clusters: what sets each apart, in the units of the table."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from kmeans_tui.analysis.profile_words import counted, held
from kmeans_tui.data import rows
from kmeans_tui.export.report.blocks import (
    Block,
    Bullets,
    Illustration,
    Linked,
    Paragraph,
    Tabular,
    Title,
)
from kmeans_tui.export.report.data_section import MOST_FEATURES
from kmeans_tui.export.report.findings import Findings
from kmeans_tui.export.report.spreads import spreads
from kmeans_tui.words import plural, quantity

if TYPE_CHECKING:
    from kmeans_tui.analysis.profile import Profile
    from kmeans_tui.data.dataset import Dataset


def blocks(findings: Findings) -> Iterator[Block]:
    """Yield what the section says."""
    dataset, decision = findings.dataset, findings.decision
    last = decision.history[-1]
    swaps = len(decision.history.swaps)
    then = f", then {plural(swaps, 'swap')}" if swaps else ""
    outside = decision.census.outside
    lower = outside is not None and outside.is_below(float(last.inertia))
    found = "from these starts" if lower else "found"
    yield Paragraph.of(
        f"The best clustering {found} (seed {decision.seed}{then}) has inertia "
        f"{float(last.inertia):.6g}. Differences are from the mean of all other rows, in standard "
        "deviations of the feature over all rows."
    )
    yield Tabular.of(
        ["cluster", "rows", "share", "what sets it apart"],
        [
            [str(each.cluster + 1), held(each), f"{each.share:.1%}", each.sentence()]
            for each in decision.profiles
        ],
        "the clusters",
        wordy=(3,),
    )
    why = "" if findings.plane is None else findings.plane.sentence()
    yield Illustration("iteration", "The rows by cluster, with the centroids", why)
    if findings.labels:
        yield Paragraph.of("Every row with its cluster: ", Linked(findings.labels))
    centroids = dataset.in_units(last.centroids).tolist()
    widths = spreads(dataset)
    for each in decision.profiles:
        yield Title(f"Cluster {each.cluster + 1}", 3)
        centroid = dict(zip(dataset.features, centroids[each.cluster], strict=True))
        yield from _profile(dataset, each, centroid, widths)


def _profile(
    dataset: "Dataset",
    profile: "Profile",
    centroid: Mapping[str, float],
    widths: Mapping[str, float],
) -> Iterator[Block]:
    if not profile.size:
        yield Paragraph.of("It has no rows.")
        return
    shown = profile.traits if len(profile.traits) <= MOST_FEATURES else profile.apart
    # With a logarithm, the centroid is not the mean of the rows.
    geometric = ["centroid (geometric mean)"] if dataset.log else []

    def told(name: str, value: float | None) -> str:
        return "-" if value is None else quantity(value, widths[name])

    yield Tabular.of(
        [
            *("feature", "mean"),
            *geometric,
            *("spread", "mean of the rest", "difference in overall standard deviations"),
        ],
        [
            [
                each.name,
                told(each.name, each.mean),
                *(
                    told(each.name, centroid[each.name] if each.name in dataset.log else None)
                    for _ in geometric
                ),
                told(each.name, each.spread),
                told(each.name, each.rest),
                "-" if each.difference is None else f"{each.difference:+.2f}",
            ]
            for each in shown[:MOST_FEATURES]
        ],
        f"the features of cluster {profile.cluster + 1}",
    )
    common = [
        f"{each.name}: most often {each.value or 'missing'}, {counted(profile, each, ' rows')}"
        for each in profile.common
    ]
    named = "" if dataset.id_column is None else f", by {dataset.id_column}"
    near, far = (
        ", ".join(rows.name(dataset, int(row)) for row in chosen)
        for chosen in (profile.nearest, profile.farthest)
    )
    yield Bullets((*common, f"typical rows{named}: {near}; least typical: {far}"))
