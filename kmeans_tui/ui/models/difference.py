"""Our result next to scikit-learn's, in numbers: a table, a sentence, the known groups."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from kmeans_tui.ui.widgets.cells import Words
from kmeans_tui.ui.widgets.panels import BOLD, PLAIN

if TYPE_CHECKING:
    from kmeans_tui.analysis.comparison import Comparison

_HEADS: Final = ("", "ours", "scikit-learn", "diff.")
# The minimum widths of the columns, so that rounding does not move them.
_LEAST: Final = (12, 7, 12, 7)
# Digits of inertia, the most that fit.
_DIGITS: Final = (7, 6, 5, 4, 3)
_TABLE: Final = 28  # width in cells that the table of known groups always has


def table(found: "Comparison | None", width: int) -> list[list[Words]]:
    """Return header and rows within ``width``: digits are dropped before columns touch."""
    for digits in _DIGITS:
        lines = [_HEADS, *(_facts(found, digits) if found is not None else ())]
        first, *others = (
            max(least, *map(len, column))
            for least, column in zip(_LEAST, zip(*lines, strict=True), strict=True)
        )
        if first + sum(others) + len(others) <= width:
            break
    # Spare room goes between the columns.
    gap = max(1, min(3, (width - 1 - first - sum(others)) // len(others)))
    return [
        [
            (f"{name:{first}}", BOLD),
            ("".join(f"{c:>{w + gap}}" for c, w in zip(cells, others, strict=True)), PLAIN),
        ]
        for name, *cells in lines
    ]


def _facts(found: "Comparison", digits: int) -> tuple[tuple[str, str, str, str], ...]:
    ours, theirs = found.ours, found.scikit_learn
    return (
        ("inertia", f"{ours.inertia:.{digits}g}", f"{theirs.inertia:.{digits}g}",
         _difference(ours.inertia - theirs.inertia)),
        ("iterations", str(ours.updates), str(theirs.updates),
         f"{ours.updates - theirs.updates:+}" if ours.updates != theirs.updates else "0"),
        ("same cluster", "", f"{found.agreement:.2%}", ""),
        ("centroid gap", "", "", _difference(found.largest_centroid_gap).lstrip("+")),
        ("s, one run", f"{ours.seconds:.4f}", f"{theirs.seconds:.4f}", ""),
    )  # fmt: skip


def _difference(value: float) -> str:
    """Return a rounding difference by its magnitude only, a larger one with digits."""
    if value == 0:
        return "0"
    if abs(value) < 1e-3 or abs(value) >= 1e6:
        return f"{value:+.{0 if abs(value) < 1e-3 else 2}e}"
    return f"{value:+,.0f}" if abs(value) >= 1000 else f"{value:+.3g}"


def numbers(found: "Comparison") -> str:
    """Return the table of differences as a sentence."""
    ours, theirs = found.ours, found.scikit_learn
    apart = ours.inertia - theirs.inertia
    # Smaller differences are rounding.
    more = f" ({_difference(apart)})" if abs(apart) > 1e-9 * abs(ours.inertia) else ""
    return (
        f"Inertia {ours.inertia:.7g} and {theirs.inertia:.7g}{more}, iterations {ours.updates} "
        f"and {theirs.updates}"
    )


def aside(found: "Comparison") -> Iterator[str]:
    """Yield the known groups as a sentence, if there are any."""
    if found.truth is not None:
        right, n = found.truth.right, len(found.ours.labels)
        yield (
            f"Against the truth: adjusted Rand index {found.truth.ari:.4f}, {right} of {n} rows in "
            "the matching cluster."
        )


def truth_lines(found: "Comparison", names: Sequence[str]) -> Iterator[str]:
    """Return the table of known groups, and how many rows match."""
    truth = found.truth
    assert truth is not None
    wide = max(map(len, ("cluster", *names)))
    # Closer together if there are many: the ten groups of digits take 47 cells.
    each = 6 if wide + 6 * len(truth.clusters) <= _TABLE else len(str(truth.table.max())) + 1
    heads = "".join(f"{cluster + 1:>{each}}" for cluster in truth.clusters)
    yield f"{'cluster':<{wide}}{heads}"
    for name, counts in zip(names, truth.table, strict=False):
        yield f"{name:<{wide}}" + "".join(f"{count:>{each}}" for count in counts)
    yield f"{truth.right} of {len(found.ours.labels)} rows match"
