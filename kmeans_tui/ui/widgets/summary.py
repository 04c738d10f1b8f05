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
        self._shown: tuple[View, Sequence[str]] | None = None
        self._first, self._fitting = 0, 1

    def draw(self, view: View, point: Sequence[str] = ()) -> None:
        """Show a half step; or what is known of a ``point``: its distances, and a sentence."""
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
        parts = (view.inertia, *view.drops[-1:], view.shift, view.assigned, view.work)
        known = [part for part in parts if part]
        if sum(len(part) + 3 for part in known) > self.size.width:
            known = [part for part in known if part != view.work]
        facts = " · ".join(known)
        lines = [self._clusters(view), [(f" {view.note or facts}", PLAIN)]]
        self.show(lines if height < 3 else [self._steps(view), *lines])

    def _of_point(self, point: Sequence[str], height: int) -> list[str]:
        distances, sentence = point
        lines = textwrap.wrap(sentence, max(1, self.size.width - 2))
        last = height - 1 if height < 3 else height - 2
        found = [*lines[:last], " ".join(lines[last:])]
        return found if height < 3 else [distances, *found]

    def _steps(self, view: View) -> list[Words]:
        found = steps(view)
        past = [each for each in found if not each.past]
        for said in (past, [each for each in found if each.present], []):
            texts = [
                f"{each.title} {each.result if each in said else ''}".strip() for each in found
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
                self._first = 0
                return [words for c in order for words in self._cluster(c, texts[c])]
        k = len(order)
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
        shown = order[self._first : last]
        note = (f"{self._first + 1}-{last} of {k}: tab, j k", MUTED)
        return [*(words for c in shown for words in self._cluster(c, texts[c])), note]

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


def _size(row: ClusterRow) -> str:
    return "" if row.size is None else f" {row.size}"
