"""The figure of the stability: the clusters, the rows, and every k."""

from typing import TYPE_CHECKING

import numpy as np

from kmeans_tui.analysis import stability_verdict
from kmeans_tui.analysis.reproducibility import Reproducible, stable_k
from kmeans_tui.analysis.stable_clusters import MARKS, STRONG, ClusterStability, mark
from kmeans_tui.export.figures.stills import set_up_chart, titled_figure
from kmeans_tui.export.view import RunView

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The most clusters whose bars carry a name; more would be unreadable.
_NAMED = 30


def stability(view: RunView, found: tuple[ClusterStability, dict[int, Reproducible]]) -> "Figure":
    """Draw the similarity of each cluster, the share of every row, and the numbers of each k."""
    known, rows = found
    look, k = view.look, known.original.k
    done = len(known.resamples)
    verdict = stability_verdict.verdict(known, rows.values())
    height = 5.4 + 0.12 * max(0, min(k, _NAMED) - 8)
    title = f"{view.name}, K = {k}: {done} resamples ({known.way})"
    figure = titled_figure(view, (12.0, height), title, verdict)
    clusters, points, each = figure.subplots(1, 3)
    for axes in (clusters, points, each):
        set_up_chart(axes, look)
    _clusters(view, clusters, known)
    _points(view, points, known)
    _by_k(view, each, [rows[k] for k in sorted(rows) if rows[k].pairs], stable_k(rows.values()))
    return figure


def _clusters(view: RunView, axes: "Axes", known: ClusterStability) -> None:
    look, k = view.look, known.original.k
    values = [0.0 if each is None else each for each in known.jaccard]
    errors = [0.0 if each is None else each for each in known.margins]
    colours = [look.first if value >= 0.75 else look.second for value in values]
    axes.set_title("Jaccard of each cluster", color=look.ink, fontsize=10, loc="left")
    axes.barh(range(k), values, xerr=errors, color=colours, ecolor=look.mark, height=0.72)
    for least, _ in MARKS[:-1]:
        axes.axvline(least, color=look.line, lw=1, zorder=0)
    axes.set_xlim(0, 1.02)
    axes.set_ylim(max(k, 3) - 0.4, -0.6)
    named = k <= _NAMED
    axes.set_yticks(range(k) if named else [], [str(c + 1) for c in range(k)] if named else [])
    for c, jaccard in enumerate(known.jaccard if named else []):
        axes.annotate(
            mark(jaccard), (0.02, c), va="center", color=look.background, fontsize=8,
        )  # fmt: skip


def _points(view: RunView, axes: "Axes", known: ClusterStability) -> None:
    look = view.look
    axes.set_title("share of resamples in which rows stay", color=look.ink, fontsize=10, loc="left")
    shares = np.sort(known.shares)
    axes.plot(np.linspace(0, 1, len(shares)), shares, color=look.first, lw=2)
    axes.set_ylim(0, 1.02)
    axes.set_xlabel("rows, the least safe first", color=look.ink)


def _by_k(view: RunView, axes: "Axes", rows: list[Reproducible], stable: int | None) -> None:
    look = view.look
    picked = "none" if stable is None else f"k = {stable}"
    axes.set_title(f"largest stable k: {picked}", color=look.ink, fontsize=10, loc="left")
    axes.set_ylim(0, 1.05)
    axes.set_xlabel("k", color=look.ink)
    if not rows:
        return
    ks = [row.k for row in rows]
    axes.set_xticks(ks if len(ks) <= 20 else ks[:: -(-len(ks) // 20)])
    strengths, aris = [row.strength or 0.0 for row in rows], [row.ari or 0.0 for row in rows]
    axes.errorbar(
        ks, strengths, [row.strength_margin or 0.0 for row in rows], color=look.first, lw=2,
        marker="o", ms=5, label="prediction strength",
    )  # fmt: skip
    axes.errorbar(
        ks, aris, [row.ari_margin or 0.0 for row in rows], color=look.second, lw=1.4,
        marker="s", ms=4, label="adjusted Rand index",
    )  # fmt: skip
    cut = [row for row in rows if (row.strength or 0) >= STRONG and not row.stable]
    axes.plot(
        [row.k for row in cut], [row.strength or 0.0 for row in cut], "o", ms=10, mfc="none",
        mec=look.mark, label="no gap",
    )  # fmt: skip
    axes.axhline(STRONG, color=look.line, lw=1, zorder=0)
    if stable is not None:
        axes.axvline(stable, color=look.mark, lw=1.2, ls="--", zorder=1)
    axes.legend(frameon=False, labelcolor=look.ink, fontsize=9)
