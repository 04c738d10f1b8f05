"""The lists of the Stability screen: the clusters with their similarity, and every k."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from rich.style import Style

from kmeans_tui.ui.widgets.cells import Words
from kmeans_tui.ui.widgets.panels import BOLD, PLAIN
from kmeans_tui.words import tally

if TYPE_CHECKING:
    from kmeans_tui.analysis.reproducibility import Reproducible
    from kmeans_tui.analysis.stable_clusters import ClusterStability

ListingText: TypeAlias = tuple[str, list[list[Words]]]

_BAR: Final = "█"
_MOST: Final = 20  # cells of the longest bar
_MARK: Final = 14


def clusters(
    known: "ClusterStability", badges: Sequence[tuple[str, Style]], width: int
) -> ListingText:
    """Return header and rows for this many cells; ``badges`` are shape, number and style."""
    from kmeans_tui.analysis.stable_clusters import mark

    own = known.original
    head, counted = "rows", [str(each) for each in own.sizes.tolist()]
    if own.weights is not None:
        head, counted = "weight", [tally(each) for each in own.weights.tolist()]
    size = max(len(head) + 2, max(map(len, counted)) + 1)
    room = width - 2 - 5 - size - 9
    marked = room >= _MARK
    bar = max(0, min(_MOST, room - (_MARK if marked else 0)))
    rows: list[list[Words]] = []
    for (shape, style), rows_in, jaccard in zip(badges, counted, known.jaccard, strict=True):
        number = "" if jaccard is None else f"{jaccard:.2f}"
        said = mark(jaccard)
        row = [(f"{shape:<5}", style), (f"{rows_in:>{size}}{number:>8} ", PLAIN)]
        row.append((f"{_BAR * round(bar * (jaccard or 0)):<{bar}}", PLAIN))
        if marked:
            row.append((f" {said}", BOLD if said == "no cluster" else PLAIN))
        rows.append(row)
    return f"{'':5}{head:>{size}}{'Jaccard':>8}", rows


def each_k(found: "Sequence[Reproducible]", width: int) -> ListingText:
    """Return header and rows for this many cells, those of stable k in bold."""
    wide = width >= 46
    heads = ("ARI", "±", "strength", "±", "border") if wide else ("ARI", "strength", "border")
    named = width >= 38
    widths = (7, 6, 10, 6, 8) if wide else (6, 10, 8) if named else (6, 9, 7)
    header = f"{'k':>3}" + "".join(f"{h:>{w}}" for h, w in zip(heads, widths, strict=True))
    if named:
        header += "  stable"
    rows: list[list[Words]] = []
    for row in found:
        values = (row.ari, row.ari_margin, row.strength, row.strength_margin, row.border)
        shown = values if wide else (values[0], values[2], values[4])
        text = f"{row.k:>3}"
        for value, cells in zip(shown, widths, strict=True):
            text += f"{'' if value is None else f'{value:.2f}':>{cells}}"
        if named:
            text += f"  {'yes' if row.stable else 'no'}"
        elif row.stable:
            text += "*"
        rows.append([(text, BOLD if row.stable else PLAIN)])
    return header, rows
