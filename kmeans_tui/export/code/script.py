"""A run as a standalone script with numpy, scikit-learn's data and matplotlib only.

It contains the source of ``clustering.textbook``, ``scatter`` and ``small_multiples``, so the
script draws the same figure as the export.
"""

import ast
import base64
import inspect
import math
import textwrap
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from types import ModuleType
from typing import Any, Final

import numpy as np

from kmeans_tui import palette
from kmeans_tui.clustering import textbook, textbook_starts, textbook_swaps, textbook_weights
from kmeans_tui.clustering.initialisation import STARTS
from kmeans_tui.clustering.stillness import limit as within
from kmeans_tui.data.builtin.sets import SETS
from kmeans_tui.data.catalogue import describe, is_file, load_data
from kmeans_tui.data.columns import DataError
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.export.figures import density, scatter, small_multiples
from kmeans_tui.export.figures.small_multiples import (
    grid_inches,
    panel_inches,
    shown_iterations,
)
from kmeans_tui.export.figures.stills import DPI
from kmeans_tui.export.provenance import Provenance
from kmeans_tui.export.view import RunView

_STARTS: Final[Mapping[str, Callable]] = {
    "random": textbook.initialise,
    "partition": textbook_starts.random_partition,
    "k-means++": textbook_starts.plus_plus,
    "farthest": textbook_starts.farthest_points,
}
_WEIGHTED_STARTS: Final[Mapping[str, Callable]] = {
    "random": textbook_weights.initialise,
    "partition": textbook_weights.random_partition,
    "k-means++": textbook_weights.plus_plus,
    "farthest": textbook_weights.farthest_points,
}
_WEIGHTED: Final = (
    textbook.assign,
    textbook.has_converged,
    textbook_weights.one_copy,
    textbook_weights.mean,
    textbook_weights.update,
    textbook_weights.kmeans,
)


@dataclass(frozen=True)
class Section:
    """A part of the script: its ``title``, and the ``code`` below it.

    Titles are fixed texts; anything from outside appears only in the code, as literals.
    """

    title: str
    code: str


class Script:
    """The script of a run.

    ``parameters`` are those of the run's JSON document; if they do not determine the start, the
    initial centroids are written out. Raises ``ValueError`` for one that is not a number.
    """

    def __init__(self, view: RunView, parameters: Mapping[str, Any], source: Provenance) -> None:
        self._view, self._parameters, self._source = view, parameters, source

    def text(self) -> str:
        """Return the whole script, as a Python file."""
        first, *rest = self.sections()
        parts = [f'"""{first.title}"""\n\n{first.code}']
        parts += [f"# {each.title}\n\n{each.code}" for each in rest]
        return "\n\n\n".join(part.strip() for part in parts) + "\n"

    def sections(self) -> list[Section]:
        """Return the parts of the script; the first is the heading."""
        source = self._source
        drawing = [_source(palette.channels, palette.luminance)]
        drawing += [_body(scatter), _body(small_multiples)]
        if self._view.dense:
            drawing.insert(1, _body(density))
        return [
            Section(
                "K-Means with numpy, matplotlib and scikit-learn; writes iterations.png.",
                "from __future__ import annotations\n\n"
                "from types import SimpleNamespace\n\n"
                "import matplotlib\nimport numpy as np\n"
                "from matplotlib.backends.backend_agg import FigureCanvasAgg\n"
                "from matplotlib.figure import Figure\n\n"
                "# Its origin: the data, and the equivalent shell command.\n"
                f"DATA = {literal(self._view.dataset.name)}\n"
                f"DIGEST = {literal(f'sha256:{source.digest}')}\n"
                f"WRITTEN_BY = {literal(source.software)}\n"
                f"COMMAND = {literal(source.command)}",
            ),
            Section("The data: n points X of d features.", self._data()),
            self._algorithm(),
            *self._swaps(),
            Section("The run.", self._run()),
            Section("The figure: one state, and all of them side by side.", "\n\n\n".join(drawing)),
            Section("Every iteration in one file.", self._figure()),
        ]

    def _data(self) -> str:
        dataset = self._view.dataset
        weights = dataset.weights
        known = _table_of(dataset) if weights is None else None
        if known is None:
            beside = "" if weights is None else f"\n\n{_embedded(weights, 'weights')}"
            return f"{_UNPACKING}\n\n{_embedded(dataset.points, 'X')}{beside}"
        lines = [known]
        if dataset.features == dataset.columns:
            lines.append("X = table")
        else:
            chosen = [dataset.columns.index(each) for each in dataset.features]
            lines.append(f"features = {literal(dataset.features)}")
            # Column means depend on the memory order in the last bit.
            lines.append(f"X = np.ascontiguousarray(table[:, {chosen!r}])")
        if dataset.taken_out:
            rows = [each - 1 for each in dataset.taken_out]
            lines.append(f"X = np.delete(X, {rows!r}, axis=0)")
        if dataset.added:
            points = dataset.table[dataset.n - dataset.added :]
            points = points[:, [dataset.columns.index(each) for each in dataset.features]]
            lines.append(f"X = np.vstack([X, {points.tolist()!r}])")
        if dataset.scale == "standard":
            lines.insert(0, "from sklearn.preprocessing import StandardScaler")
            lines.append("X = StandardScaler().fit_transform(X)")
        return "\n".join(lines)

    def _algorithm(self) -> Section:
        if self._view.dataset.weights is None:
            return Section("The algorithm.", _body(textbook))
        return Section("The algorithm: point i counts weights[i] times.", _source(*_WEIGHTED))

    def _swaps(self) -> list[Section]:
        if self._improved():
            return [Section("Swaps, from the end of a run.", _body(textbook_swaps))]
        return []

    def _improved(self) -> bool:
        """Whether swaps follow the run, by known rules and to their end, without weights."""
        known = self._parameters.get("max_iterations"), self._parameters.get("tolerance")
        plain = self._view.dataset.weights is None
        return plain and self._view.history.tried is not None and None not in known

    def _run(self) -> str:
        history, parameters = self._view.history, self._parameters
        lines = []
        init, seed = parameters.get("init"), _whole(parameters, "random_state")
        limit, tolerance = _whole(parameters, "max_iterations"), _real(parameters, "tolerance")
        first = 0
        if history.swaps and not self._improved():
            # What led to a swap is not known: the run from the last one on.
            first = history.swaps[-1].iteration
            init, limit, tolerance = None, history.iterations - first, 0.0
        if limit is None or tolerance is None or history.cut_short:
            # A cancelled run: as far as it got.
            limit, tolerance = history.iterations - first, 0.0
        # In the units of these points, as the plain algorithm expects.
        dataset = self._view.dataset
        weights = dataset.weights
        tolerance = within(tolerance, dataset.points, weights)
        points = "X" if weights is None else "X, weights"
        lines.append(f"rng = np.random.RandomState({0 if seed is None else seed!r})")
        if init is not None and self._drawn(init, seed):
            start = (_STARTS if weights is None else _WEIGHTED_STARTS)[init]
            if start is not textbook.initialise:
                lines.insert(0, f"{inspect.getsource(start).strip()}\n\n")
            lines.append(f"start = {start.__name__}({points}, {history.k}, rng)")
        else:
            if first:
                lines.append(f"# From the last swap on: iteration {first} of {history.iterations}.")
            lines.append(f"start = np.array({history[first].centroids.tolist()!r})")
        empty = parameters.get("empty") or "farthest"
        squares = "((X - own) ** 2)"
        if weights is not None:
            squares = f"(weights * {squares}.sum(axis=1))"
        how = f"max_iterations={limit!r}, tolerance={tolerance!r}, empty={literal(empty)}, rng=rng"
        return "\n".join(
            [
                *lines,
                f"history = kmeans({points}, start, {how})",
                *([f"history = improve(X, history, {limit!r}, {tolerance!r})"] * self._improved()),
                'own = history[-1]["centroids"][history[-1]["labels"]]  # of every point',
                f"inertia = float({squares}.sum())",
                'print(f"{len(history) - 1} updates, inertia {inertia!r}")',
            ]
        )

    def _drawn(self, init: str, seed: int | None) -> bool:
        """Whether this seed draws the start of the run."""
        if init not in _STARTS or seed is None:
            return False
        dataset, history = self._view.dataset, self._view.history
        rng = np.random.RandomState(seed)
        drawn = STARTS[init](dataset.points, history.k, rng, weights=dataset.weights)
        return bool((drawn == history[0].centroids).all())

    def _figure(self) -> str:
        view = self._view
        dataset, settings = view.dataset, view.settings
        origin = dataset.project(np.zeros((1, dataset.d)))[0]
        matrix = dataset.project(np.eye(dataset.d)) - origin
        size = f"{settings.size!r}" if settings.size else "None"
        panels = len(shown_iterations(len(view.history)))
        inches, _ = settings.inches(grid_inches(panels), DPI)
        size_of_panel = panel_inches(inches, panels)
        lines = [
            f"look = SimpleNamespace(**{asdict(view.look)!r})",
            f"styles = {view.styles!r}",
            "# Project the points to the plane of the figure.",
            f"matrix = np.array({matrix.tolist()!r})",
            f"origin = np.array({origin.tolist()!r})",
            "positions = X @ matrix + origin",
        ]
        if dataset.d == 1:
            lines.append("positions[:, 1] = np.arange(1, len(X) + 1)  # against the row number")
        how = "draw_density" if view.dense else "draw_points"
        lines += [
            "frames = []",
            "for i in shown_iterations(len(history)):",
            '    labels, centroids = history[i]["labels"], history[i]["centroids"]',
            '    changed = int((labels != history[max(0, i - 1)]["labels"]).sum())',
            "    frames.append((i, changed, labels, centroids @ matrix + origin))",
            "",
            "matplotlib.rcdefaults()",
            'matplotlib.rcParams["text.parse_math"] = False',
            f"dpi, size = {settings.dpi or DPI}, {size}",
            "inches = tuple(side / dpi for side in size) if size else grid_inches(len(frames))",
            'paper = {"facecolor": look.background, "layout": "constrained"}',
            "figure = Figure(figsize=inches, dpi=dpi, **paper)",
            "FigureCanvasAgg(figure)",
            f"name, k = {literal(view.name)}, {view.history.k}",
            "title = grid_title(name, k, len(frames), len(history))",
            f"names = {literal(view.labels(*size_of_panel))}",
            f"ratio = {view.ratio(*size_of_panel)!r}  # a unit of y to one of x, in the figure",
            f"order = {view.order!r}  # of the clusters in the legend",
            "grid = names, title, styles, look",
            f"draw_grid(figure, positions, frames, *grid, {how}, ratio, order)",
            'figure.savefig("iterations.png")',
        ]
        return "\n".join(lines)


def literal(value: str | tuple[str, ...]) -> str:
    """Return text as a Python literal: the only way outside text becomes code.

    Always on one line: line breaks, quotes and lone surrogates are escaped.
    """
    return repr(tuple(map(str, value)) if isinstance(value, tuple) else str(value))


def _whole(parameters: Mapping[str, Any], name: str) -> int | None:
    value = parameters.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise ValueError(f"{name} is {value!r}; it must be a whole number")
    return None if value is None else int(value)


def _real(parameters: Mapping[str, Any], name: str) -> float | None:
    value = parameters.get(name)
    if value is None:
        return None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value):
        raise ValueError(f"{name} is {value!r}; it must be a finite number")
    return float(value)


def _table_of(dataset: Dataset) -> str | None:
    """Return the code that makes the table of a built-in set; None for any other data."""
    # The name may be that of a file or of a set of another size: only a set is built, and only if
    # it is as large as the existing table.
    if is_file(dataset.name) or dataset.log or dataset.scale not in ("none", "standard"):
        return None
    own, gone = dataset.table[: dataset.n - dataset.added], dataset.taken_out
    try:
        entry = describe(dataset.name)
        if (entry.n, entry.d) != (len(own) + len(gone), len(dataset.columns)):
            return None
        if gone and gone[-1] > entry.n:
            return None
        table = load_data(dataset.name).table
        same = np.array_equal(np.delete(table, [each - 1 for each in gone], axis=0), own)
    except DataError:
        return None
    # A file may have the name of a set and hold something else.
    if not same:
        return None
    return SETS[entry.set].code.format(**entry.parameters)


_UNPACKING: Final = "import base64\nimport zlib"


def _embedded(numbers: np.ndarray, name: str) -> str:
    """Return code with the numbers themselves, compressed: exact, a third of the size as digits."""
    packed = base64.b64encode(zlib.compress(numbers.astype("<f8").tobytes(), 9)).decode()
    lines = "\n".join(f'    "{line}"' for line in textwrap.wrap(packed, 90))
    about, constant = ("points as clustered", "POINTS") if name == "X" else (name, name.upper())
    return (
        f"# The {about}, in full precision.\n"
        f"{constant} = (\n{lines}\n)\n"
        f"{name} = np.frombuffer(zlib.decompress(base64.b64decode({constant})), '<f8')"
        f".reshape({numbers.shape!r})"
    )


def _source(*functions: Callable) -> str:
    """Return the source of functions, one below the other."""
    return "\n\n\n".join(inspect.getsource(each).strip() for each in functions)


def _body(module: ModuleType) -> str:
    """Return the source of a module after its docstring and imports."""
    source = inspect.getsource(module)
    last = 0
    for node in ast.parse(source).body:
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_docstring or isinstance(node, ast.Import | ast.ImportFrom | ast.If):
            last = node.end_lineno or last
    return "\n".join(source.splitlines()[last:]).strip()
