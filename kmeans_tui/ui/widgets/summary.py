"""The lines that replace the side panels on a narrow screen."""

import textwrap
from collections.abc import Sequence
from itertools import accumulate
from typing import ClassVar, Final

from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click

from kmeans_tui.ui.widgets.cells import Words
from kmeans_tui.ui.widgets.panels import (
    BOLD,
    MUTED,
    PLAIN,
    Algorithm,
    ClusterRow,
    Panel,
    View,
    steps,
)
from kmeans_tui.ui.widgets.ticks import Numerals, column

# The width in cells of each coordinate of a centroid, if clusters share a line.
_PLACE: Final = 7


class Summary(Panel):
    """The steps, the clusters and the numbers, a line each; a low screen has no line of steps.

    If the clusters do not all fit, the arrows scroll through them.
    """

    can_focus = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_rows(-1)", show=False),
        Binding("down,j", "scroll_rows(1)", show=False),
    ]

    def __init__(self, *, id: str | None = None, title: str = "") -> None:  # noqa: A002
        super().__init__(id=id, title=title)
        self._shown: tuple[View, tuple[Sequence[str], str] | None] | None = None
        self._first, self._fitting = 0, 1

    def draw(self, view: View, point: tuple[Sequence[str], str] | None = None) -> None:
        """Show a half step; or what is known of a ``point``: a line of parts, and a sentence."""
        if self._shown is None or (self._shown[1] is None) != (point is None):
            self._first = 0
        self._shown = view, point
        self._draw()

    def on_click(self, event: Click) -> None:
        """Go to the step under the pointer, as in the panel of steps."""
        if event.y or self.size.height < 3 or self._shown is None or self._shown[1]:
            return
        ends = accumulate(len(text) for text, _ in self._steps(self._shown[0]))
        step = next((i for i, end in enumerate(ends) if event.x < end), None)
        if step is not None:
            self.post_message(Algorithm.Picked(step))

    def on_mouse_scroll_down(self) -> None:
        """Scroll on."""
        self.action_scroll_rows(1)

    def on_mouse_scroll_up(self) -> None:
        """Scroll back."""
        self.action_scroll_rows(-1)

    def action_scroll_rows(self, by: int) -> None:
        """Scroll through the clusters by as many as fit."""
        self._first += by * self._fitting
        self._draw()

    def _draw(self) -> None:
        if self._shown is None:
            return
        view, point = self._shown
        self.wears = view.wears
        height = self.size.height
        if point:
            self.show([(f" {line}", PLAIN)] for line in self._of_point(point, height))
            return
        said = [(f" {self._facts(view, height)}", PLAIN)]
        lines = [self._clusters(view), said]
        self.show(lines if height < 3 else [self._steps(view), *lines])

    def _facts(self, view: View, height: int) -> str:
        """Return what is notable, or else the numbers that fit, the most telling first."""
        last = view.drops[-1:]
        found: Sequence[Sequence[str]] = (
            (view.formula, *view.drops, view.work),
            (view.formula, *view.shares, view.work),
            (view.inertia, *view.shares, view.work),
            (view.inertia, *view.shares, view.work.removesuffix(" so far")),
            (view.inertia, *view.shares),
            (view.inertia, *last),
        )
        if height < 3:
            # No line of steps shows these.
            found = (
                (view.inertia, *last, view.shift, view.assigned, view.work),
                (view.inertia, *last, view.shift, view.assigned),
            )
        if view.note:
            found = ((view.note, view.work), (view.note,))
        texts = [" · ".join(filter(None, (view.shared, *parts))) for parts in found]
        return next((text for text in texts if len(text) < self.size.width), texts[-1])

    def _of_point(self, point: tuple[Sequence[str], str], height: int) -> list[str]:
        parts, sentence = point
        lines = textwrap.wrap(sentence, max(1, self.size.width - 2))
        last = height - 1 if height < 3 else height - 2
        found = [*lines[:last], " ".join(lines[last:])]
        return found if height < 3 else [self._as_fit(parts), *found]

    def _as_fit(self, texts: Sequence[str]) -> str:
        """Return as many texts as fit in a line."""
        shown, note = self._part([len(text) + 2 for text in texts], self.size.width - 1)
        return "  ".join([*texts[shown.start : shown.stop], *([note] if note else [])])

    def _steps(self, view: View) -> list[Words]:
        found = steps(view)
        brief = [each._replace(result=_brief(each.result)) for each in found]
        known = [not each.past for each in found]
        now = [each.present for each in found]
        # The start is known for longest.
        later = [now[0], *known[1:]]
        shown = ((found, known), (brief, known), (brief, later), (brief, now), (brief, [False] * 4))
        for rows, told in shown:
            texts = [
                f"{each.title} {each.result if said else ''}".strip()
                for each, said in zip(rows, told, strict=True)
            ]
            if sum(len(text) + 4 for text in texts) <= self.size.width:
                break
        return [
            (f" {'▶' if each.present else ' '} {text} ", self._style(each.present, each.past))
            for each, text in zip(found, texts, strict=True)
        ]

    @staticmethod
    def _style(present: bool, past: bool) -> Style:
        return BOLD if present else MUTED if past else PLAIN

    def _clusters(self, view: View) -> list[Words]:
        """Return the clusters, with places if there is room for all of them."""
        rows, width = view.rows, self.size.width
        columns = [column(*span, _PLACE) for span in view.extent]
        if any(each.exponent for each in columns):
            columns = [column(*span, _PLACE - 2) for span in view.extent]
        order = self.in_order(len(rows))
        for texts in (
            [f"{_size(row)} {_place(row, columns)}" for row in rows],
            [_size(row) for row in rows],
        ):
            widths = [len(self.badge(c)[0]) + len(texts[c]) + 3 for c in order]
            if sum(widths) <= width:
                break
        shown, note = self._part(widths, width)
        clusters = order[shown.start : shown.stop]
        found = [words for c in clusters for words in self._cluster(c, texts[c])]
        return [*found, (note, MUTED)] if note else found

    def _part(self, widths: Sequence[int], width: int) -> tuple[range, str]:
        """Return which of the texts of these widths are shown, and a note if not all are."""
        k = len(widths)
        if k == 1 or sum(widths) <= width:
            self._first = 0
            return range(k), ""
        hint = f"{k}-{k} of {k}: tab, j k"
        fits = [sum(widths[i:]) + len(hint) <= width for i in range(k)]
        # As far as the last ones fill the line.
        self._first = max(0, min(self._first, fits.index(True) if True in fits else k - 1))
        used, last = len(hint), self._first
        while last < k and used + widths[last] <= width:
            used += widths[last]
            last += 1
        last = max(last, self._first + 1)
        self._fitting = last - self._first
        return range(self._first, last), f"{self._first + 1}-{last} of {k}: tab, j k"

    def _cluster(self, cluster: int, text: str) -> list[Words]:
        shape, style = self.badge(cluster)
        return [(f" {shape}", style), (f"{text}  ", PLAIN)]


def _place(row: ClusterRow, columns: Sequence[Numerals]) -> str:
    """Return coordinates in brackets, followed by a shared power of ten."""
    pairs = list(zip(row.place, columns, strict=False))
    powers = [f"e{each.exponent}" if each.exponent else "" for _, each in pairs]
    if len(set(powers)) == 1:
        return f"({', '.join(each.text(value) for value, each in pairs)}){powers[0]}"
    texts = [f"{each.text(value)}{p}" for (value, each), p in zip(pairs, powers, strict=True)]
    return f"({', '.join(texts)})"


def _brief(result: str) -> str:
    """Return the result of a step without what the name of the step says."""
    for words, fewer in (("next: ", ""), (" points changed", " changed"), (" cluster", "")):
        result = result.replace(words, fewer, 1)
    return result


def _size(row: ClusterRow) -> str:
    if row.weight is not None:
        return f" weight {row.amount}"
    return "" if row.size is None else f" {row.size}"
