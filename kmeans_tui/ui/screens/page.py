"""The base of every screen: tabs above, keys below, and a notice if it is too small."""

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.app import ComposeResult
from textual.geometry import Size

from kmeans_tui import screen_table
from kmeans_tui.footer import alone, footer
from kmeans_tui.key_table import ALONE, MODES, Place
from kmeans_tui.requests import step_words
from kmeans_tui.requests.session import Session
from kmeans_tui.ui.bindings import rebind
from kmeans_tui.ui.widgets.band import Band
from kmeans_tui.ui.widgets.cells import SpanScreen
from kmeans_tui.ui.widgets.looks import hand_over
from kmeans_tui.ui.widgets.notice import Notice
from kmeans_tui.ui.widgets.panels import Bar, Clusters
from kmeans_tui.ui.widgets.passage import Passage
from kmeans_tui.ui.widgets.summary import Summary
from kmeans_tui.user_keys import key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmeans_tui.command import Options

_NOTHING: Final[tuple[str, Size, tuple[str, ...] | None]] = ("", Size(0, 0), None)


def tabs() -> tuple[tuple[str, str], ...]:
    """Return the key and the name of every screen."""
    return tuple((key(each.name), each.place) for each in screen_table.TABLE)


class Page(SpanScreen):
    """A screen; subclasses define what is between the bars and how it is drawn."""

    PLACE: ClassVar[Place]
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (90, "-middle"), (100, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-short"), (22, "-tall")]  # noqa: RUF012

    def __init__(self, session: Session) -> None:
        super().__init__()
        rebind(self, *MODES.get(self.PLACE, ()), self.PLACE)
        self.session = session
        self._bars = _NOTHING

    def compose(self) -> ComposeResult:
        """Yield the body between two bars, and the notice for a screen that is too small."""
        self._adapt()
        yield Notice(id="notice")
        yield Bar(id="tabs")
        yield from self.body()
        yield Band()
        yield Bar(id="keys")

    def _adapt(self) -> None:
        """Lay out for the size of the terminal at once; Textual does so after the first paint."""
        limits = (self.HORIZONTAL_BREAKPOINTS, self.VERTICAL_BREAKPOINTS)
        for cells, points in zip(self.app.size, limits, strict=True):
            self.add_class(max((least, name) for least, name in points if cells >= least)[1])

    @abstractmethod
    def body(self) -> ComposeResult:
        """Yield what is between the bars."""

    @abstractmethod
    def paint(self) -> None:
        """Draw what is on show; unchanged cells are not sent."""

    @abstractmethod
    def view_options(self) -> "Options":
        """Return the options that give exactly the view on show."""

    @property
    @abstractmethod
    def asked(self) -> "Options":
        """The latest options, which the run on show may not have yet."""

    @abstractmethod
    def stop(self) -> bool:
        """Stop what is running here, keeping what is done; False if nothing is."""

    @abstractmethod
    def change(self, **fields: Any) -> None:
        """Change fields of ``Options``."""

    @abstractmethod
    def undo(self) -> None:
        """Undo the last change."""

    def see(self, **fields: Any) -> None:
        """Change the look, which Explore and Compare share."""
        self.session.prefer(**fields)
        self.paint()

    def change_seed(self, seed: int) -> None:
        """Use a seed, if valid."""
        if 0 <= seed < 2**32:
            self.change(seed=seed)
        else:
            self.notify(step_words.SEEDS_START)

    def follow(self) -> None:
        """Follow the run that Explore shows now."""

    def escape(self) -> bool:
        """Close something of its own, such as a text field; False if nothing is open."""
        return False

    def remarks(self) -> "tuple[str, Sequence[str]] | None":
        """Return the name of the data and the remarks on them; None before they are read."""
        run = self.session.run
        return None if run is None else (run.dataset.name, run.dataset.notes())

    def paint_bars(self, name: str) -> None:
        """Draw both bars, with what is on show at the right of the tabs."""
        self.app.attend(self)  # type: ignore[attr-defined]
        bar = self.query_one("#tabs", Bar)
        # A bar gets its new size after its screen.
        if self._bars[:2] != (name, bar.size):
            self._bars = (name, bar.size, None)
            bar.tabs(tabs(), self.PLACE, name)
        if self._bars[2] != (now := self.now()):
            self._bars = (*self._bars[:2], now)
            ascii_only = bool(self.session.options.ascii)
            if len(now) == 1 and now[0] in ALONE:
                pairs = alone(*now, ascii_only=ascii_only)
            else:
                gone = self.app.withheld  # type: ignore[attr-defined]
                pairs = footer(self.PLACE, bar.size.width, now, without=gone, ascii_only=ascii_only)
            self.query_one("#keys", Bar).keys(pairs)

    def now(self) -> tuple[str, ...]:
        """Return the states that change what keys do, by their names in the key table."""
        return ("scrolling",) if isinstance(self.focused, Clusters | Passage | Summary) else ()

    def on_descendant_focus(self) -> None:
        """Show the keys of the focused panel."""
        if self._bars != _NOTHING:
            self.paint_bars(self._bars[0])

    def on_descendant_blur(self) -> None:
        """Show the keys of the screen."""
        self.on_descendant_focus()

    def look(self, colours: dict[str, Any]) -> None:
        """Use theme, ASCII and colours of the terminal, and redraw everything."""
        self._bars = _NOTHING
        for bar in self.query(Bar):
            bar.forget()
        hand_over(self, colours)
        self.paint()

    @property
    def too_small(self) -> bool:
        """Whether the notice is shown instead of the program."""
        return self.size.width < 60 or self.size.height < 16

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Ignore keys whose effect cannot be seen, and those before there is anything to act on."""
        return self.is_mounted and not self.too_small

    def on_resize(self) -> None:
        """Fit bars and panels to the new width."""
        self.call_after_refresh(self.paint)

    def on_screen_resume(self) -> None:
        """Update: run and window may have changed under another screen or a dialog."""
        self.follow()
        self._bars = _NOTHING
        self.call_after_refresh(self.paint)
