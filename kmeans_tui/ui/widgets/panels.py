"""The panels around the plot, which show a ``View`` as rows of text."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import ClassVar, Final, NamedTuple

from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click, Key
from textual.keys import key_to_character
from textual.message import Message

from kmeans_tui import palette
from kmeans_tui.footer import pressed
from kmeans_tui.ui.widgets.cells import Cells, Words
from kmeans_tui.ui.widgets.ticks import column
from kmeans_tui.user_keys import textual
from kmeans_tui.words import tally

PLAIN: Final = Style.null()
BOLD: Final = Style(bold=True)
MUTED: Final = Style(dim=True)
_MEANS: Final = f"next: {palette.COMING} the means"


class ClusterRow(NamedTuple):
    """One cluster of the table: size, place in the units of the data, shift of the update.

    The place has one number if there is one feature, else two. ``weight`` is that of its points, if
    they have weights.
    """

    size: int | None
    place: tuple[float, ...]
    moved: float | None
    weight: float | None = None

    @property
    def amount(self) -> str:
        """Its weight, or how many points it has; empty if that is not known yet."""
        if self.weight is not None:
            return tally(self.weight)
        return "" if self.size is None else str(self.size)


class View(NamedTuple):
    """All contents of the panels for one half step; texts are ready to be shown.

    ``drops`` say how much each half of the iteration so far reduced the inertia, ``shares`` only
    the percentages, ``work`` how many distances the run has needed, ``shared`` which centroids are
    in one place. ``coming`` is whether the plot marks where the next update moves the centroids.
    ``extent`` are the limits of all points, which determine the digits of places. ``wears`` are the
    colours of the clusters, counted from 0; None if each has its own. ``weighted``: points have
    weights, which are shown instead of their number.
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
    shares: Sequence[str] = ()
    work: str = ""
    shared: str = ""
    coming: bool = False
    heads: tuple[str, str] = ("x", "y")
    extent: Sequence[tuple[float, float]] = ((-100.0, 100.0), (-100.0, 100.0))
    wears: tuple[int, ...] | None = None
    weighted: bool = False

    @property
    def formula(self) -> str:
        """The inertia, and of what it is the sum; empty at the start."""
        of = "Σ w·distance²" if self.weighted else "Σ distance²"
        return self.inertia and f"{self.inertia} = {of}"


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


class StepRow(NamedTuple):
    """A step of the algorithm: its name and result, and whether it is the present one.

    After an assignment the last two are yet to come: what they gave last is ``past``. If the plot
    marks the means that the update will move to, it says that instead.
    """

    title: str
    result: str
    present: bool
    past: bool


def steps(view: View) -> tuple[StepRow, ...]:
    """Return the four steps in the article's order at a half step."""
    present = "converged" if view.verdict else view.kind
    past: tuple[str, ...] = ()
    if view.kind == "assign" and not view.verdict:
        past = ("converged",) if view.coming else ("update", "converged")
    return tuple(
        StepRow(title, result, name == present, name in past)
        for name, title, result in (
            ("initialise", "1 initialise", view.start),
            ("assign", "2 assign", view.assigned),
            ("update", "3 update", _MEANS if view.coming else view.shift),
            ("converged", "4 converged?", view.converged),
        )
    )


class Algorithm(Panel):
    """The four steps in the article's order, the current one marked."""

    framed = True

    class Picked(Message):
        """A step was clicked: 0 initialise, 1 assign, 2 update, 3 converged."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def on_click(self, event: Click) -> None:
        """Go to the step under the pointer."""
        if 1 <= event.y <= 4:
            self.post_message(self.Picked(event.y - 1))

    def draw(self, view: View) -> None:
        """Show which step this is, and the result of each."""
        self.entitle(hint=view.work)
        found = steps(view)
        width = max(len(each.title) for each in found) + 1
        room = self.inner[0] - 2 - width
        self.show(
            [
                ("▶ " if each.present else "  ", BOLD),
                (f"{each.title:<{width}}", BOLD if each.present else PLAIN),
                (_shortened(each.result, room), MUTED if each.past else PLAIN),
            ]
            for each in found
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

    class Picked(Message):
        """The row of a cluster, counted from 0, was clicked."""

        def __init__(self, cluster: int) -> None:
            super().__init__()
            self.cluster = cluster

    def on_click(self, event: Click) -> None:
        """Name the cluster under the pointer."""
        rows = () if self._view is None else self._view.rows
        at = self._first + event.y - 2
        if event.y >= 2 and at < min(len(rows), self._first + self.inner[1] - 1):
            self.post_message(self.Picked(self.in_order(len(rows))[at]))

    def on_mouse_scroll_down(self) -> None:
        """Scroll on."""
        self.action_scroll_rows(1)

    def on_mouse_scroll_up(self) -> None:
        """Scroll back."""
        self.action_scroll_rows(-1)

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
        head = "weight" if self._view.weighted else "n"
        largest = max((len(row.amount) for row in rows), default=1)
        size = max(6, largest + 1, len(head) + 1)
        wide = [size, *[max(6, (width - 6 - size) // 3)] * 3]
        places = [
            column(*span, w - 1) for span, w in zip(self._view.extent, wide[1:], strict=False)
        ]
        said = dict.fromkeys(each.note for each in places if each.note)
        for each in said:
            said[each] = ", ".join(n for n, p in zip("xy", places, strict=False) if p.note == each)
        notes = [view.shared] if (view := self._view).shared else []
        notes += [f"{names} {each}" for each, names in said.items()]
        title = "".join(
            f"{name:>{w}}" for name, w in zip((head, *self._view.heads, "shift"), wide, strict=True)
        )
        lines: list[list[Words]] = [[(f"{'':5}{title}", MUTED)]]
        for c in self.in_order(len(rows))[shown.start : shown.stop]:
            row = rows[c]
            cells = (
                row.amount,
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


def _shortened(text: str, room: int) -> str:
    """Return a fact, if too long without the words that the panel shows already."""
    for words, fewer in (("no point", "none"), (" points", ""), (" point", ""), (" cluster", "")):
        if len(text) > room:
            text = text.replace(words, fewer, 1)
    return text


class Bar(Cells):
    """A line of words: the screens at the top, the keys at the bottom; a click presses a key."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._key_at: Callable[[int], str | None] = lambda _: None

    def on_click(self, event: Click) -> None:
        """Press the key under the pointer, as the keyboard does."""
        key = self._key_at(event.x)
        if key is not None:
            self.app.post_message(Key(key, key_to_character(key)))

    def tabs(self, screens: Sequence[tuple[str, str]], present: str, right: str) -> None:
        """Show the screens, the current one in brackets, and what is on show at the right."""
        width = self.size.width
        # What is on show goes before blanks between the screens, and these before our own name.
        tight = sum(len(key) + len(name) + 3 for key, name in screens) + len(right) + 2
        wide = width >= max(90, tight + len(screens))
        brand = " kmeans-tui "
        named = wide and width >= tight + len(screens) + len(brand)
        runs: list[Words] = [(brand, BOLD)] if named else []
        narrow = width < tight
        used, places = sum(len(text) for text, _ in runs), []
        for key, name in screens:
            # On a narrow screen one blank is between them, and below 80 cells only the name of the
            # present one has room.
            other = f" {key} {name} "
            if narrow:
                other = f" {key} {name}" if width >= 80 else f" {key} "
            text = f"[{key} {name}]" if name == present else other
            text = f" {text}" if wide or (narrow and width >= 80 and name == present) else text
            places.append((used, used := used + len(text), key))
            runs.append((text, BOLD if name == present else MUTED))
        self._key_at = lambda x: next((textual(key) for a, b, key in places if a <= x < b), None)
        room = width - sum(len(text) for text, _ in runs) - 1
        right = right if len(right) < room else right[: max(0, room - 2)] + "…"
        runs.append((f"{right:>{max(room, 0)}} ", PLAIN))
        self.show([runs])

    def keys(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show keys and what each does."""
        self._key_at = partial(pressed, pairs)
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
