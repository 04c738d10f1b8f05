"""One web page that plays a run: it needs no network, no server and nothing installed.

Its style and its script are the two files beside this one, allowed by their hashes; the run is JSON
in the page. Texts from outside are made printable and escaped here, and the script only ever sets
them as text.
"""

import base64
import hashlib
import html
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kmeans_tui import palette
from kmeans_tui.argument_types import SPEEDS
from kmeans_tui.clustering.textbook_code import STEPS, code
from kmeans_tui.command import Options
from kmeans_tui.export.figures.look import DARK, LIGHT
from kmeans_tui.export.figures.scatter import contrast, disc_area
from kmeans_tui.export.player.moments import inertia_of_clusters, moments, start
from kmeans_tui.export.player.packing import as_json, changes, column, counts, packed
from kmeans_tui.export.player.web_keys import web_keys
from kmeans_tui.words import few, plural, printable, tally

if TYPE_CHECKING:
    from kmeans_tui.clustering.history import History
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.export.view import RunView
    from kmeans_tui.export.work import Work

# A browser draws so many points thirty times a second, with room for a slower machine.
MOST_POINTS: Final = 20_000
# So many values of points take 4 MB in the page.
_MOST_VALUES: Final = 400_000
_SEED: Final = 0
# Of a text in a cell; and how many bytes all cells of a column of texts may take.
_LONGEST: Final = 80
_MOST_TEXT: Final = 200_000


def page(work: "Work") -> str:
    """Return the page of a run; ``work.tell`` hears of every half step, and may stop it."""
    style, script = beside("player.css"), beside("player.js")
    name = printable(work.view.dataset.title)
    fields = {
        "style": style,
        "script": script,
        "style_hash": _hash(style),
        "script_hash": _hash(script),
        "run": as_json(_run(work)),
        "title": html.escape(name),
        "software": html.escape(work.source.software),
        "command": html.escape(work.source.plain_command),
        "digest": html.escape(work.source.digest),
        "parameters": html.escape(_parameters(work)),
    }
    # In one go: a name may itself contain what is replaced.
    return re.sub(r"@@(\w+)@@", lambda found: fields[found[1]], beside("page.html"))


def beside(name: str) -> str:
    """Return the text of a file in this folder."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Return what a content security policy calls this text."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _parameters(work: "Work") -> str:
    asked = work.made_of.document["parameters"]
    dataset = work.view.dataset
    facts = [
        f"k = {work.made_of.history.k}",
        start(asked),
        f"at most {plural(asked['max_iterations'], 'iteration')}"
        if isinstance(asked.get("max_iterations"), int)
        else "",
        "" if asked.get("tolerance") is None else f"tolerance {asked['tolerance']:g}",
        f"features {few(dataset.features, 8)}",
        "" if dataset.scale == "none" else f"scale {dataset.scale}",
        f"weights {dataset.weight_column}" if dataset.weight_column else "",
        f"logarithm of {few(dataset.log, 8)}" if dataset.log else "",
    ]
    return printable(" · ".join(filter(None, facts)))


def sample(n: int, d: int) -> np.ndarray:
    """Return the rows (m,) of n that the page holds, in order: all, or drawn with a fixed seed."""
    most = min(MOST_POINTS, max(1, _MOST_VALUES // d))
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(_SEED).choice(n, most, replace=False))


def _run(work: "Work") -> dict[str, Any]:
    """Return the whole recording as the script reads it."""
    view, history, dataset = work.view, work.made_of.history, work.view.dataset
    chosen = sample(dataset.n, dataset.d)
    how = start(work.made_of.document["parameters"])
    init = str(work.made_of.document["parameters"].get("init"))
    parts = inertia_of_clusters(history, dataset, work.tell)
    whole = history.half_step_inertia
    if history.counted > history.n:
        # Of the points on display, as are the parts.
        whole = parts.sum(axis=1)
    shares = np.divide(parts, whole[:, None], out=np.zeros_like(parts), where=whole[:, None] > 0)
    rows = chosen
    if history.counted > history.n and dataset.row_numbers is not None:
        rows = dataset.row_numbers[chosen] - 1
    place = {int(row): i for i, row in enumerate(rows)}
    return {
        "n": dataset.counted,
        "k": history.k,
        "d": dataset.d,
        "iterations": history.iterations,
        "sampled": _sampled(len(chosen), dataset.counted),
        "facts": f"{plural(dataset.counted, 'point')} · k = {history.k} · {how}",
        "moments": moments(history, dataset, how),
        "inertia": packed(history.half_step_inertia),
        "shares": packed(shares),
        "sizes": counts(history.sizes),
        "weights": _weights(history),
        "shifts": packed(history.shifts),
        "centroids": packed(history.centroids),
        "places": packed(dataset.project(history.centroids)),
        "labels": changes(history, chosen),
        "events": [
            [event.iteration, event.cluster, place.get(-1 if event.point is None else event.point)]
            for event in history.events
        ],
        "points": _points(dataset, chosen),
        "plane": _plane(view, chosen),
        "styles": _styles(view),
        "order": view.order,
        "looks": {"light": vars(LIGHT), "dark": vars(DARK)},
        "dark": work.made_of.settings.look == "dark",
        "keys": web_keys(),
        "code": {step: code(step, init, weighted=dataset.weights is not None) for step in STEPS},
        "speeds": SPEEDS,
        "speed": Options.speed,
    }


def _weights(history: "History") -> dict[str, Any] | None:
    """Return the weight of each cluster in each iteration, (iterations + 1, k); None without."""
    found = [each.weights for each in history]
    return None if found[0] is None else packed(np.array(found, np.float64))


def _sampled(shown: int, n: int) -> str:
    if shown == n:
        return ""
    return (
        f"{shown:,} of {plural(n, 'point')} are drawn, chosen at random (seed {_SEED}); "
        "all numbers are of all points."
    )


def _points(dataset: "Dataset", chosen: np.ndarray) -> dict[str, Any]:
    """Return the values of the rows by feature, as clustered if that differs, and their texts."""
    values = [dataset.column(name)[chosen] for name in dataset.features]
    clustered = dataset.points[chosen]
    same = all(np.array_equal(v, c) for v, c in zip(values, clustered.T, strict=True))
    plain = dataset.row_numbers is None and len(chosen) == dataset.n
    numbers = chosen + 1 if dataset.row_numbers is None else dataset.row_numbers[chosen]
    return {
        "features": [printable(each) for each in dataset.features],
        "values": [column(each) for each in values],
        "clustered": None if same else [column(each) for each in clustered.T],
        "numbers": None if plain else counts(numbers),
        "texts": _texts(dataset, chosen),
    }


def _texts(dataset: "Dataset", chosen: np.ndarray) -> list[dict[str, Any]]:
    """Return the columns of texts: the distinct ones, and which one each row has."""
    columns = [
        (name, cells[chosen].tolist())
        for name, cells in dataset.labels.items()
        if name != dataset.weight_column
    ]
    if dataset.truth is not None and dataset.truth_names:
        groups = [dataset.truth_names[group] for group in dataset.truth[chosen]]
        columns.append(("known group", groups))
    if dataset.weights is not None and dataset.weight_column not in dataset.features:
        own = [tally(each) for each in dataset.weights[chosen].tolist()]
        columns.append((dataset.weight_column or "weight", own))
    found = []
    for name, cells in columns:
        texts = [printable("" if cell is None else str(cell)[:_LONGEST]) for cell in cells]
        place = {text: i for i, text in enumerate(dict.fromkeys(texts))}
        if sum(map(len, place)) <= _MOST_TEXT:
            which = counts([place[text] for text in texts])
            found.append({"name": printable(name), "texts": list(place), "which": which})
    return found


def _plane(view: "RunView", chosen: np.ndarray) -> dict[str, Any]:
    """Return where the points are drawn, in 65,536ths of the area, and how numbers are written."""
    (left, right), (bottom, top) = view.area
    low, high = np.array([left, bottom]), np.array([right, top])
    shares = (view.positions[chosen] - low) / (high - low)
    dataset = view.dataset
    return {
        "at": packed(np.rint(np.clip(shares, 0, 1) * 65535).astype(np.uint16)),
        "area": view.area,
        "names": view.names,
        "units": dataset.units,
        "aspect": view.settings.aspect,
        "exact": dataset.exact_plane,
        "decimals": [_decimals(*span) for span in dataset.extent][: min(dataset.d, 2)],
        "size": disc_area(len(chosen)),
    }


def _decimals(low: float, high: float) -> int | None:
    """Return the decimals that show a thousandth of a range; None where digits would not do."""
    spread = high - low if high > low else 100 * max(abs(low), abs(high))
    if not 1e-9 < spread < np.inf or max(abs(low), abs(high)) >= 1e9:
        return 2 if spread == 0 else None
    return int(min(max(3 - np.floor(np.log10(spread)), 2), 12))


def _styles(view: "RunView") -> dict[str, list[tuple[str, str, str]]]:
    """Return colour, marker and colour of the number of each cluster, by ground."""
    worn = view.settings.wears or range(view.history.k)
    found = {}
    for ground in ("light", "dark"):
        styles = [palette.figure_style(each, ground) for each in worn]
        found[ground] = [(colour, marker, contrast(colour)) for colour, marker in styles]
    return found
