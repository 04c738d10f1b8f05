"""The panels around the plot, which show a ``View`` as rows of text."""

import textwrap
from collections.abc import Sequence
from functools import cache
from typing import ClassVar, Final, NamedTuple

from rich.style import Style
from textual.binding import Binding, BindingType

from kmeans_tui import palette
from kmeans_tui.ui.widgets.cells import Cells, Words
from kmeans_tui.ui.widgets.ticks import Numerals, column

PLAIN: Final = Style.null()
BOLD: Final = Style(bold=True)
MUTED: Final = Style(dim=True)
_MORE: Final = " …"
# The width in cells of each coordinate of a centroid, if clusters share a line.
_PLACE: Final = 7


class ClusterRow(NamedTuple):
    """One cluster of the table: size, place in the units of the data, shift of the update.

    The place has one number if there is one feature, else two.
    """

    size: int | None
    place: tuple[float, ...]
    moved: float | None


class View(NamedTuple):
    """All contents of the panels for one half step; texts are ready to be shown.

    ``drops`` say how much each half of the iteration so far reduced the inertia. ``extent`` are the
    limits of all points, which determine the digits of places. ``wears`` are the colours of the
    clusters, counted from 0; None if each has its own.
    """

    kind: str
    iteration: int
    iterations: int
    start: str
    assigned: str
    shift: str
    converged: str
    verdict: bool
    inertia: str
    note: str
    rows: Sequence[ClusterRow]
    playing: bool
    speed: float
    drops: Sequence[str] = ()
    heads: tuple[str, str] = ("x", "y")
    extent: Sequence[tuple[float, float]] = ((-100.0, 100.0), (-100.0, 100.0))
    wears: tuple[int, ...] | None = None


class Panel(Cells):
    """A panel that can draw clusters in their look."""

    look: palette.Scheme = "dark"
    ascii_only = False
    mono = False
    wears: tuple[int, ...] | None = None

    def cluster_style(self, cluster: int) -> Style:
        """Return the colour of a cluster, none on a terminal without colours."""
        return PLAIN if self.mono else ink(palette.colour(self._worn(cluster), self.look))

    def badge(self, cluster: int) -> Words:
        """Return shape and number of a cluster, as the chart draws them."""
        shape = palette.glyph(self._worn(cluster), self.ascii_only, self.mono)
        return f"{shape} {palette.number(cluster)}", self.cluster_style(cluster)

    def in_order(self, clusters: int) -> list[int]:
        """Return the clusters in the order of their colours."""
        return sorted(range(clusters), key=self._worn)

    def _worn(self, cluster: int) -> int:
        return cluster if self.wears is None else self.wears[cluster]


class Algorithm(Panel):
    """The four steps in the article's order, the current one marked."""

    framed = True

    def draw(self, view: View) -> None:
        """Show which step this is, and the result of each."""
        steps = (
            ("initialise", "1 initialise ", view.start),
            ("assign", "2 assign     ", view.assigned),
            ("update", "3 update     ", view.shift),
            ("converged", "4 converged? ", view.converged),
        )
        present = "converged" if view.verdict else view.kind
        # An update gives the last two. After an assignment they are yet to come: their last
        # results are muted.
        past = () if view.verdict or view.kind != "assign" else ("update", "converged")
        room = self.inner[0] - 2 - len(steps[0][1])
        self.show(
            [
                ("▶ " if name == present else "  ", BOLD),
                (title, BOLD if name == present else PLAIN),
                (_shortened(text, room), MUTED if name in past else PLAIN),
            ]
            for name, title, text in steps
        )


class Clusters(Panel):
    """Size, centroid and its last move, one cluster per row; scrolls if they do not all fit."""

    framed = True
    can_focus = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_rows(-1)", show=False),
        Binding("down,j", "scroll_rows(1)", show=False),
    ]

    def __init__(self, *, id: str | None = None, title: str = "") -> None:  # noqa: A002
        super().__init__(id=id, title=title)
        self._view: View | None = None
        self._first = 0

    def draw(self, view: View) -> None:
        """Show the clusters of this half step."""
        self._view, self.wears = view, view.wears
        self._draw()

    def on_resize(self) -> None:
        """Draw the rows that fit now."""
        self.forget()
        self._draw()

    def action_scroll_rows(self, by: int) -> None:
        """Scroll through the clusters."""
        self._first += by
        self._draw()

    def _draw(self) -> None:
        if self._view is None:
            return
        width, height = self.inner
        rows = self._view.rows
        room = max(1, height - 1)
        self._first = max(0, min(self._first, len(rows) - room))
        shown = range(self._first, min(self._first + room, len(rows)))
        largest = max((len(str(row.size)) for row in rows if row.size is not None), default=1)
        size = max(6, largest + 1)
        wide = [size, *[max(6, (width - 6 - size) // 3)] * 3]
        places = [
            column(*span, w - 1) for span, w in zip(self._view.extent, wide[1:], strict=False)
        ]
        said = dict.fromkeys(each.note for each in places if each.note)
        for each in said:
            said[each] = ", ".join(n for n, p in zip("xy", places, strict=False) if p.note == each)
        notes = [f"{names} {each}" for each, names in said.items()]
        title = "".join(
            f"{name:>{w}}" for name, w in zip(("n", *self._view.heads, "shift"), wide, strict=True)
        )
        lines: list[list[Words]] = [[(f"{'':5}{title}", MUTED)]]
        for c in self.in_order(len(rows))[shown.start : shown.stop]:
            row = rows[c]
            cells = (
                "" if row.size is None else f"{row.size}",
                *(each.text(value) for value, each in zip(row.place, places, strict=False)),
                *[""] * (2 - len(row.place)),
                "" if row.moved is None else tight(row.moved, wide[3] - 1),
            )
            text = "".join(f"{cell:>{w}}" for cell, w in zip(cells, wide, strict=True))
            shape, style = self.badge(c)
            lines.append([(f" {shape:<4}", style), (text, PLAIN)])
        part = f"{shown.start + 1}-{shown.stop} of {len(rows)}: tab, then j k"
        notes += [part] if len(shown) < len(rows) else []
        self.entitle(hint=" · ".join(notes))
        self.show(lines)


class Summary(Panel):
    """Two lines that replace the side panels on a narrow screen."""

    def draw(self, view: View, sentence: str | None = None) -> None:
        """Draw clusters, with places if there is room, then the note or else numbers.

        A ``sentence`` takes both lines.
        """
        if sentence:
            lines = textwrap.wrap(sentence, max(1, self.size.width - 2))
            halves = lines[0], " ".join(lines[1:])
            self.show([(f" {half}", PLAIN)] for half in halves)
            return
        self.wears = view.wears
        rows = view.rows
        width = self.size.width
        columns = [column(*span, _PLACE) for span in view.extent]
        if any(each.exponent for each in columns):
            columns = [column(*span, _PLACE - 2) for span in view.extent]
        with_places = [f"{_size(row)} {_place(row, columns)}" for row in rows]
        first = self._line(with_places, width)
        if first[-1][0] == _MORE:
            first = self._line([_size(row) for row in rows], width)
        parts = (view.inertia, *view.drops[-1:], view.shift, view.assigned)
        facts = " · ".join(part for part in parts if part)
        self.show([first, [(f" {view.note or facts}", PLAIN)]])

    def _line(self, texts: Sequence[str], width: int) -> list[Words]:
        runs: list[Words] = []
        used = 0
        for c in self.in_order(len(texts)):
            text = texts[c]
            shape, style = self.badge(c)
            used += len(shape) + len(text) + 3
            if used > width:
                return [*runs, (_MORE, MUTED)]
            runs += [(f" {shape}", style), (f"{text}  ", PLAIN)]
        return runs


def _place(row: ClusterRow, columns: Sequence[Numerals]) -> str:
    """Return coordinates in brackets, followed by a shared power of ten."""
    pairs = list(zip(row.place, columns, strict=False))
    powers = [f"e{each.exponent}" if each.exponent else "" for _, each in pairs]
    if len(set(powers)) == 1:
        return f"({', '.join(each.text(value) for value, each in pairs)}){powers[0]}"
    texts = [f"{each.text(value)}{p}" for (value, each), p in zip(pairs, powers, strict=True)]
    return f"({', '.join(texts)})"


def _shortened(text: str, room: int) -> str:
    """Return a fact, if too long without the words that the panel shows already."""
    for words, fewer in (("no point", "none"), (" points", ""), (" point", ""), (" cluster", "")):
        if len(text) > room:
            text = text.replace(words, fewer, 1)
    return text


def _size(row: ClusterRow) -> str:
    return "" if row.size is None else f" {row.size}"


class Status(Panel):
    """The line with the position in the run, and what is notable."""

    def draw(self, view: View, run: str) -> None:
        """Show position and step, then the note if any, else the facts of the run.

        A narrow screen shows the note in its summary.
        """
        play = f"{'▶' if view.playing else '❚❚'} {view.speed:g}/s"
        # An update leads from one iteration to the next, which its assignment completes.
        start = f"{view.iteration - 1} → " if view.kind == "update" else ""
        where = f"iteration {start}{view.iteration} of {view.iterations}"
        step = {"initialise": "1 initialise", "assign": "2 assign", "update": "3 update"}[view.kind]
        if view.verdict:
            step = "4 converged?"
        if self.size.width < 90:
            rest = [(run,), (run.removeprefix("init "),), ()]
        elif view.note:
            rest = [(view.note,)]
        else:
            # Padded, so that a longer number does not shift the rest, which would be sent again.
            padded = (f"{view.inertia:<16}", f"{view.shift:<12}", run)
            rest = [padded, (view.inertia, view.shift, run), (view.inertia, run), (run,)]
        lines = [
            gap.join(fact for fact in (play, where, prefix + step, *facts) if fact)
            for facts in rest
            for gap, prefix in (("   ", "step "), ("  ", ""))
        ]
        # Rather no speed than a note cut short.
        lines.append("  ".join(filter(None, (where, step, *rest[-1]))))
        fitting = (line for line in lines if len(line) + 1 <= self.size.width)
        self.say(next(fitting, lines[-1]))

    def say(self, text: str) -> None:
        """Show a sentence instead, such as what is in progress."""
        self.show([[(f" {text}", PLAIN)]])


class Bar(Cells):
    """A line of words: the screens at the top, the keys at the bottom."""

    def tabs(self, screens: Sequence[tuple[str, str]], present: str, right: str) -> None:
        """Show the screens, the current one in brackets, and what is on show at the right."""
        width = self.size.width
        runs: list[Words] = [(" kmeans-tui ", BOLD)] if width >= 90 else []
        # On a narrow screen only the name of the present one has room.
        narrow = width < sum(len(key) + len(name) + 3 for key, name in screens) + len(right) + 2
        for key, name in screens:
            other = f" {key} " if narrow and width < 80 else f" {key} {name} "
            text = f"[{key} {name}]" if name == present else other
            runs.append((text if width < 90 else f" {text}", BOLD if name == present else MUTED))
        room = width - sum(len(text) for text, _ in runs) - 1
        right = right if len(right) < room else right[: max(0, room - 2)] + "…"
        runs.append((f"{right:>{max(room, 0)}} ", PLAIN))
        self.show([runs])

    def keys(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show keys and what each does."""
        runs: list[Words] = []
        for key, word in pairs:
            runs += [(f" {key}", BOLD), (f" {word} ", MUTED)]
        self.show([runs])


@cache
def ink(colour: str) -> Style:
    """Return a style with only this colour."""
    return Style(color=colour)


def number(value: float, width: int) -> str:
    """Return a value in at most ``width`` cells if possible, dropping decimals first."""
    if 0 < abs(value) < 0.005 and len(text := f"{value:.0e}") <= width:
        return text
    for decimals in (2, 1, 0):
        text = f"{value:z.{decimals}f}"
        if len(text) <= width:
            return text
    return f"{value:.1e}"


def tight(value: float, width: int) -> str:
    """Return a value in at most ``width`` cells, at least six: 3000001 as 3.00e6 if needed."""
    text = number(value, width)
    for digits in (2, 1, 0):
        if len(text) <= width:
            break
        mantissa, _, exponent = f"{value:.{digits}e}".partition("e")
        text = f"{mantissa}e{int(exponent)}"
    return text


def amount(value: float) -> str:
    """Return an inertia or a shift with two decimals, or three digits if that would show 0."""
    size = abs(value)
    if size >= 1e9 or 0 < size < 1e-4:
        return f"{value:.3g}"
    if size >= 1e5:
        return f"{value:,.0f}"
    return f"{value:.2f}" if size >= 1 else f"{value:.3g}"
