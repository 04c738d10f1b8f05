"""What every screen of the program has: tabs above, keys below, a notice where it is too small."""

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.app import ComposeResult
from textual.geometry import Size

from kmeans_tui import screen_table
from kmeans_tui.ui import keys
from kmeans_tui.ui.models.session import Session
from kmeans_tui.ui.widgets.cells import SpanScreen
from kmeans_tui.ui.widgets.looks import hand_over
from kmeans_tui.ui.widgets.notice import Notice
from kmeans_tui.ui.widgets.panels import Bar, Clusters
from kmeans_tui.ui.widgets.passage import Passage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmeans_tui.command import Options
    from kmeans_tui.ui.widgets.chart import Chart

_NOTHING: Final[tuple[str, Size, tuple[str, ...] | None]] = ("", Size(0, 0), None)
TABS: Final = tuple((each.key, each.place) for each in screen_table.TABLE)


class Page(SpanScreen):
    """One screen; subclasses say what stands between the bars and how it is drawn."""

    PLACE: ClassVar[keys.Place]
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (90, "-middle"), (100, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-short"), (22, "-tall")]  # noqa: RUF012

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._bars = _NOTHING

    def compose(self) -> ComposeResult:
        """The body between two bars, and what stands there on a screen that is too small."""
        yield Notice(id="notice")
        yield Bar(id="tabs")
        yield from self.body()
        yield Bar(id="keys")

    @abstractmethod
    def body(self) -> ComposeResult:
        """What stands between the bars."""

    @abstractmethod
    def paint(self) -> None:
        """Draw what is on show; cells that stay the same are not sent."""

    @abstractmethod
    def view_options(self) -> "Options":
        """The options that give exactly the view on show."""

    @property
    @abstractmethod
    def asked(self) -> "Options":
        """What is asked for, which the run on show may not have yet."""

    @abstractmethod
    def stop(self) -> bool:
        """Stop what is running here, which keeps what it has; False if nothing is."""

    @abstractmethod
    def change(self, **fields: Any) -> None:
        """Ask for something else, by fields of ``Options``."""

    @abstractmethod
    def undo(self) -> None:
        """Take back what was asked for last."""

    def see(self, **fields: Any) -> None:
        """Look at the same another way; Explore and Compare share how plots look."""
        self.session.options = replace(self.session.options, **fields)
        self.paint()

    def change_seed(self, seed: int) -> None:
        """Ask for a seed, if there is such a one."""
        if 0 <= seed < 2**32:
            self.change(seed=seed)
        else:
            self.notify("Seeds begin at 0.")

    def next_marker(self, chart: "Chart") -> str | None:
        """The marker after the one shown; None where only shapes tell clusters apart."""
        if chart.free_marker:
            return chart.next_marker
        self.notify("Without colours or beyond ASCII only shapes tell clusters apart.")
        return None

    def follow(self) -> None:
        """Take over the run that Explore shows by now."""

    def escape(self) -> bool:
        """Close something of its own, as a text field; False if nothing is open."""
        return False

    def remarks(self) -> "tuple[str, Sequence[str]] | None":
        """The name of the data on show, and what is to be known of them; None before they are."""
        run = self.session.run
        return None if run is None else (run.dataset.name, run.dataset.notes())

    def paint_bars(self, name: str) -> None:
        """Draw both bars, with what is on show at the right of the tabs."""
        tabs = self.query_one("#tabs", Bar)
        # A bar hears of a new size after its screen.
        if self._bars[:2] != (name, tabs.size):
            self._bars = (name, tabs.size, None)
            tabs.tabs(TABS, self.PLACE, name)
        if self._bars[2] != (now := self.now()):
            self._bars = (*self._bars[:2], now)
            ascii_only = bool(self.session.options.ascii)
            if now in [(each,) for each in keys.ALONE]:
                pairs = keys.alone(*now, ascii_only=ascii_only)
            else:
                pairs = keys.footer(self.PLACE, tabs.size.width, now, ascii_only=ascii_only)
            self.query_one("#keys", Bar).keys(pairs)

    def now(self) -> tuple[str, ...]:
        """What is so that changes what keys do, by the names of the key table."""
        return ("scrolling",) if isinstance(self.focused, Clusters | Passage) else ()

    def on_descendant_focus(self) -> None:
        """The keys are those of the panel with the focus."""
        if self._bars != _NOTHING:
            self.paint_bars(self._bars[0])

    def on_descendant_blur(self) -> None:
        """And without one those of the screen."""
        self.on_descendant_focus()

    def look(self, colours: dict[str, Any]) -> None:
        """Take over theme, ASCII and colours of the terminal, and draw everything again."""
        self._bars = _NOTHING
        for bar in self.query(Bar):
            bar.forget()
        hand_over(self, colours)
        self.paint()

    @property
    def too_small(self) -> bool:
        """Whether the notice stands where the program would be."""
        return self.size.width < 60 or self.size.height < 16

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys do nothing that cannot be seen."""
        return not self.too_small

    def on_resize(self) -> None:
        """Bars and panels write for their width."""
        self.call_after_refresh(self.paint)

    def on_screen_resume(self) -> None:
        """The run and the window may have changed while another screen or a dialog lay over it."""
        self.follow()
        self._bars = _NOTHING
        self.call_after_refresh(self.paint)
