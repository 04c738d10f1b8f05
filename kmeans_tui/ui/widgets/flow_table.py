"""One rung of the ladder in text: which rows flow from the clusters of k to those of k + 1."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from textual.binding import Binding, BindingType
from textual.events import Click
from textual.message import Message

from kmeans_tui.ui.widgets.cells import Words
from kmeans_tui.ui.widgets.panels import BOLD, MUTED, PLAIN, Panel
from kmeans_tui.words import tally

if TYPE_CHECKING:
    from kmeans_tui.analysis.rungs import Rung

# A badge: shape, blank, two digits, blank.
_BADGE: Final = 5
# A shorter bar tells nothing.
_LEAST_BAR: Final = 3
_LONGEST_BAR: Final = 40


class FlowLine(NamedTuple):
    """One line: a cluster of k with its size, one of k + 1 with its size, and the rows of both.

    Where rows have weights, sizes and rows are these.

    ``source`` is None on the further lines of the same cluster, ``size`` of a target on all but
    the line with most of its rows. ``more`` says whether another line of the source follows.
    """

    source: int | None
    source_size: float
    rows: float
    target: int | None
    target_size: float | None
    more: bool


def flow_lines(before: "Rung", after: "Rung | None", order: Sequence[int]) -> list[FlowLine]:
    """Return the lines from one rung to the next, clusters in this ``order`` of their names.

    Clusters that part or lose rows come first, empty ones last; without a next rung, only the
    clusters of the first are there.
    """
    held = before.amounts
    if after is None:
        names = [name for name in order if name < before.k]
        return [FlowLine(each, float(held[each]), 0, None, None, False) for each in names]
    place = {name: at for at, name in enumerate(order)}
    ways: dict[int, list[tuple[int, float]]] = {}
    largest: dict[int, tuple[int, float]] = {}
    for flow in after.flows:
        ways.setdefault(flow.source, []).append((flow.target, flow.amount))
        # The largest come first.
        largest.setdefault(flow.target, (flow.source, flow.amount))
    found = []
    stayed = {source for source, flows in ways.items() if [each for each, _ in flows] == [source]}
    for source in sorted(ways, key=lambda each: (each in stayed, place[each])):
        flows = sorted(ways[source], key=lambda each: place[each[0]])
        for at, (target, rows) in enumerate(flows):
            size = float(after.amounts[target]) if largest[target][0] == source else None
            first = None if at else source
            more = at < len(flows) - 1
            found.append(FlowLine(first, float(held[source]), rows, target, size, more))
    gone = (name for name in range(before.k) if name not in ways)
    found += (FlowLine(name, 0, 0, None, None, False) for name in gone)
    found += (
        FlowLine(None, 0, 0, name, 0, False) for name in range(after.k) if name not in largest
    )
    return found


class FlowTable(Panel):
    """The rows on their way from k to k + 1; the side that is chosen is marked."""

    framed = True
    can_focus = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_flows(-1)", show=False),
        Binding("down,j", "scroll_flows(1)", show=False),
    ]

    @dataclass
    class Picked(Message):
        """One side was clicked: 0 for the clusters of k, 1 for those of k + 1."""

        side: int

    def __init__(self, *, id: str | None = None, title: str = "") -> None:  # noqa: A002
        super().__init__(id=id, title=title)
        self._lines: list[FlowLine] = []
        self._heads: tuple[str, str] = "", ""
        self._side = self._first = 0
        self._note = ""

    def draw(
        self, lines: Sequence[FlowLine], heads: tuple[str, str], side: int, note: str = ""
    ) -> None:
        """Show these lines below the ``heads`` of both sides, the chosen ``side`` marked.

        ``note`` is shown in the frame if all lines are visible.
        """
        if heads != self._heads:
            self._first = 0
        self._lines, self._heads, self._side, self._note = list(lines), heads, side, note
        self._draw()

    def on_resize(self) -> None:
        """Draw the lines that fit the new size."""
        self.forget()
        self._draw()

    def on_mouse_scroll_down(self) -> None:
        """Scroll on."""
        self.action_scroll_flows(1)

    def on_mouse_scroll_up(self) -> None:
        """Scroll back."""
        self.action_scroll_flows(-1)

    def action_scroll_flows(self, by: int) -> None:
        """Scroll by this many lines."""
        self._first += by
        self._draw()

    def on_click(self, event: Click) -> None:
        """Choose the side under the pointer."""
        self.post_message(self.Picked(int(event.x > self.size.width // 2)))

    def _draw(self) -> None:
        width, height = self.inner
        if width < 1 or height < 1:
            return
        room = max(1, height - 1)
        self._first = max(0, min(self._first, len(self._lines) - room))
        shown = self._lines[self._first : self._first + room]
        last = self._first + len(shown)
        part = f"{self._first + 1}-{last} of {len(self._lines)}: tab, then j k"
        self.entitle(hint=part if len(shown) < len(self._lines) else self._note)
        columns = _widths(self._lines, width)
        self.show([self._head(columns), *(self._line(each, columns) for each in shown)])

    def _head(self, columns: "_Columns") -> list[Words]:
        words: list[Words] = []
        left, right = self._heads
        at = 1 + _BADGE + columns.size + 3 + columns.rows + 1 + columns.bar - 1
        for side, text in enumerate((left, right)):
            if text:
                chosen = side == self._side
                words.append((("▶ " if chosen else "  ") + text, BOLD if chosen else MUTED))
            if side == 0:
                words.append((" " * max(1, at - len(left) - 2), PLAIN))
        return words

    def _line(self, line: FlowLine, columns: "_Columns") -> list[Words]:
        words: list[Words] = [(" ", PLAIN)]
        if line.source is None:
            words.append((" " * (_BADGE + columns.size), PLAIN))
        else:
            text, style = self.badge(line.source)
            words.append((f"{text:<{_BADGE}}", style))
            words.append((f"{tally(line.source_size):>{columns.size}}", PLAIN))
        if line.target is None:
            return words
        if line.rows:
            turn = ("┬" if line.more else "─") if line.source is not None else (
                "├" if line.more else "└"
            )  # fmt: skip
            words.append((f" {turn} ", MUTED))
            words.append((f"{tally(line.rows):>{columns.rows}} ", PLAIN))
        else:
            words.append((" " * (3 + columns.rows + 1), PLAIN))
        badge, style = self.badge(line.target)
        bar = round(columns.bar_of(line.rows))
        if columns.bar:
            words.append((f"{'━' * bar:<{columns.bar}}", style))
        words.append((f"{badge:<{_BADGE}}", style))
        if columns.target and line.target_size is not None:
            words.append((f"{tally(line.target_size):>{columns.target}}", PLAIN))
        return words


class _Columns(NamedTuple):
    """The widths of the columns in cells; of a bar with its blank, 0 if there is no room."""

    size: int
    rows: int
    bar: int
    target: int
    most: float

    def bar_of(self, rows: float) -> float:
        """Return the length of the bar for so many rows: at least 1 for any."""
        return max(1.0, rows / self.most * (self.bar - 1)) if rows and self.bar else 0.0


def _widths(lines: Sequence[FlowLine], width: int) -> _Columns:
    """Return widths that fit; first the bars become shorter, then the sizes at the right go."""
    most = max((each.rows for each in lines), default=0.0)
    size = max((len(tally(each.source_size)) for each in lines), default=1)
    rows = max((len(tally(each.rows)) for each in lines), default=1)
    target = max((len(tally(each.target_size or 0)) for each in lines), default=1)
    fixed = 1 + _BADGE + size + 3 + rows + 1 + _BADGE
    for last in (target, 0):
        bar = min(_LONGEST_BAR, width - fixed - last - 1)
        if bar >= _LEAST_BAR:
            return _Columns(size, rows, bar, last, most)
    return _Columns(size, rows, 0, target if fixed + target <= width else 0, most)
