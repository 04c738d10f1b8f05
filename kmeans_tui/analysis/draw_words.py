"""The draws of a start in words."""

from typing import TYPE_CHECKING, Any

from kmeans_tui.data import rows
from kmeans_tui.words import few, listed, plural

if TYPE_CHECKING:
    from kmeans_tui.clustering.draws import Draw
    from kmeans_tui.clustering.watched_start import WatchedStart
    from kmeans_tui.data.dataset import Dataset


def told(start: "WatchedStart", number: int, dataset: "Dataset") -> str:
    """Return a sentence on draw ``number`` (from 0): what was drawn, how likely, and why taken.

    Rows have their numbers in the file; distances are those of the clustered points.
    """
    draw = start[number]
    if draw.labels is not None:
        sizes = [str(int((draw.labels == c).sum())) for c in range(len(start.centroids))]
        counts = listed(sizes) if len(sizes) <= 8 else few(sizes, 8)
        return (
            f"every row draws one of {plural(len(sizes), 'cluster')}; the centroids are the means "
            f"of their {counts} rows"
        )
    assert draw.row is not None
    taken = f"row {rows.number(dataset, draw.row)}"
    head = f"draw {number + 1} of {len(start)}: {taken}"
    if draw.rule == "weight":
        chance = _percent(float(start.chances(number)[draw.row]))
        return f"{head}, drawn by weight, chance {chance}"
    if draw.rule == "uniform":
        left = dataset.n - number
        return f"{head}, one of {plural(left, 'row')}" + (" left" if number else "") + ", all alike"
    far = float(start.nearest(number)[draw.row]) ** 0.5
    if draw.rule == "farthest":
        return f"{head}, {far:.4g} from its nearest centroid: no row is farther away"
    head += f", chance {_percent(float(start.chances(number)[draw.row]))}"
    tried = list(dict.fromkeys(rows.number(dataset, int(row)) for row in draw.tried))
    assert draw.sums is not None
    left_over = f"{float(draw.sums[draw.best]):.6g}"
    if len(tried) == 1:
        return f"{head}, drawn each time; the squared distances then add up to {left_over}"
    return (
        f"{head}, tried rows {listed(tried)}: with {taken} the squared distances add up to least, "
        f"{left_over}"
    )


def shortly(start: "WatchedStart", number: int, dataset: "Dataset") -> str:
    """Return draw ``number`` (from 0) in a line, in the words of ``told``."""
    draw = start[number]
    if draw.row is None:
        clusters = plural(len(start.centroids), "cluster")
        return f"every row draws one of {clusters} · their means are the centroids"
    taken = f"row {rows.number(dataset, draw.row)}"
    head = f"draw {number + 1} of {len(start)}"
    if draw.rule == "weight":
        chance = _percent(float(start.chances(number)[draw.row]))
        return f"{head} · {taken}, drawn by weight · chance {chance}"
    if draw.rule == "uniform":
        left = dataset.n - number
        if left == 1:
            return f"{head} · {taken}, the only one left"
        return f"{head} · {taken}, one of {plural(left, 'row')}" + (" left" if number else "")
    if draw.rule == "farthest":
        far = float(start.nearest(number)[draw.row]) ** 0.5
        return f"{head} · {taken} is farthest, {far:.4g} from its nearest centroid"
    tried = len(set(draw.tried.tolist()))
    won = f"{plural(tried, 'candidate')} tried, {taken} won"
    chance = _percent(float(start.chances(number)[draw.row]))
    return f"{head} · {won} · chance of the chosen point {chance}"


def weighed(start: "WatchedStart", number: int, dataset: "Dataset") -> list[str]:
    """Return a line for each row tried at a draw: its chance, and what the sum became."""
    draw = start[number]
    if draw.sums is None or draw.rule != "squared distance":
        return []
    chances = start.chances(number)
    sums = dict(zip(draw.tried.tolist(), draw.sums.tolist(), strict=True))
    return [
        f"row {rows.number(dataset, row)}: chance {_percent(float(chances[row]))}, "
        f"sum with it {total:.6g}" + (" (least)" if row == draw.row else "")
        for row, total in sums.items()
    ]


def document(start: "WatchedStart") -> list[dict[str, Any]]:
    """Return the draws as plain numbers; rows count from 0, sums are in squared clustered units."""
    return [_plain(start, number, draw) for number, draw in enumerate(start)]


def _plain(start: "WatchedStart", number: int, draw: "Draw") -> dict[str, Any]:
    found: dict[str, Any] = {"rule": draw.rule, "row": draw.row}
    if draw.labels is not None:
        return {**found, "labels": draw.labels.tolist()}
    nearest = float(start.nearest(number)[draw.row])
    chances = start.chances(number)
    tried = [{"row": int(row), "chance": float(chances[row])} for row in draw.tried]
    if draw.sums is not None:
        tried = [
            {**each, "sum": float(total)} for each, total in zip(tried, draw.sums, strict=True)
        ]
    return {**found, "distance": None if not number else nearest**0.5, "tried": tried}


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share < 0.995 else f"{100 * share:.0f} %"
