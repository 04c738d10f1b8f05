"""Data: choose a set or a file, its columns, and how they are prepared."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from kmeans_tui.command import RUN, Options, taken
from kmeans_tui.requests.recorded import is_recording
from kmeans_tui.requests.session import Run, Session
from kmeans_tui.ui.bindings import bindings
from kmeans_tui.ui.models import opening
from kmeans_tui.ui.models.choice import of_data
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.models.offers import Offer, Offers, remember_or_not
from kmeans_tui.ui.screens import data_words
from kmeans_tui.ui.screens.choice_page import ChoicePage
from kmeans_tui.ui.screens.data_filter import Filter
from kmeans_tui.ui.screens.data_panels import Chosen, Table
from kmeans_tui.ui.widgets.listing import Listing
from kmeans_tui.ui.widgets.passage import Passage
from kmeans_tui.ui.widgets.progress_line import ProgressLine
from kmeans_tui.user_keys import key


class Data(ChoicePage):
    """The list at the left; columns, rows and preparation of the chosen data; the remarks."""

    PLACE = "Data"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("Data")]
    HORIZONTAL_BREAKPOINTS = [*ChoicePage.HORIZONTAL_BREAKPOINTS, (130, "-broad")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-low"), (16, "-short"), (22, "-tall"), (28, "-high"), (40, "-vast"),
    ]  # fmt: skip

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        # The data to load once they are read, because enter was pressed.
        self._loads: Options | None = None
        visitor = self.app.visitor  # type: ignore[attr-defined]
        self.offers = Offers(None if visitor is None else visitor.data)
        self._source: Run | None = None
        self.filter = Filter()

    def body(self) -> ComposeResult:
        """Yield the list, the three panels, the remarks, and the progress line."""
        with Vertical(id="stage"):
            with Horizontal(id="pair"):
                with Vertical(id="offered"):
                    yield self.filter
                    yield Table(id="offers", title="data")
                yield Chosen(id="chosen")
            yield Passage(id="remarks", title="remarks")
            yield ProgressLine(id="progress")

    def on_mount(self) -> None:
        """Use the look of the terminal."""
        self.query_one("#offers").focus()
        self.look(self.app.colours())  # type: ignore[attr-defined]

    def follow(self) -> None:
        """Show the data of Explore's run, unless they were shown here already."""
        run = self.session.run
        if run is not None and run is not self._source:
            old, self._source = self._source, run
            wish = of_data(run.options)
            if old is None or of_data(old.options) != wish:
                self.list_with(wish.data)
                self.choice.begin(wish)
                self._look_up()

    def on_screen_suspend(self) -> None:
        """Give up loading data, because the user has left."""
        if self._loads is not None:
            name = opening.short(self._loads.data)
            self._loads = None
            self.notify(f"{name} was not loaded: you left while it was being read.")

    def now(self) -> tuple[str, ...]:
        """Return the states: the focused panel, and the kind of its row."""
        if isinstance(self.focused, Filter):
            return ("column" if self.filter.seeks_column else "filter",)
        return data_words.now(self._panel, self._offer(), self.opened) or super().now()

    def _want(self, wish: Options) -> None:
        self.choice.want(wish)
        self._look_up()

    def undo(self) -> None:
        """Go back to the previous choice."""
        if not self.choice.undo():
            self.notify("Nothing was changed here; on Explore, backspace brings the data back.")
            return
        self.list_with(self.wish.data)
        self._look_up()

    def view_options(self) -> Options:
        """Return the options that restore this screen, and the run on show if on these data."""
        return self.choice.view_options(self.session)

    def _look_up(self) -> None:
        self._loads, before = None, self.opened
        self.reader.want(self.wish)
        if self.opened is None or self.opened is not before:
            self.choice.column = self.choice.row = 0
        self.paint()

    def on_job_done(self, message: Job.Done) -> None:
        """Show what was read, and load it if enter was pressed."""
        if not self.reader.finish(message):
            return
        if self.opened is not None:
            self.choice.go("columns", self.choice.column, self.opened)
        loads, self._loads = self._loads, None
        self.paint()
        if loads is not None and loads == self.wish:
            self.call_later(self._load)

    def stop(self) -> bool:
        """Stop reading."""
        self._loads = None
        return self.reader.stop()

    def on_unmount(self) -> None:
        """Stop reading with the screen."""
        self.reader.rest()

    # --- moving --------------------------------------------------------------------------------

    @property
    def _panel(self) -> str:
        focused = self.focused
        return focused.id if isinstance(focused, Listing) and focused.id else "offers"

    def list_with(self, data: str) -> None:
        """Rebuild the list, with these data chosen."""
        run = self.session.run
        present = self.session.options.data if run is None else run.options.data
        self.offers.list_with(present, data, self.filter.value)

    def _go(self, to: int, by: int = 0) -> None:
        """Go to a row of the focused panel, kept inside it; headings are skipped."""
        if self._panel == "offers":
            self._choose_offer(to, by)
            return
        if self.opened is not None:
            self.choice.go(self._panel, to, self.opened)
        self.paint()

    def _choose_offer(self, to: int, by: int) -> None:
        offer = self.offers.go(to, by)
        if offer is not None and offer.kind == "data" and offer.data != self.wish.data:
            self._want(self.choice.last(offer.data))
        else:
            self.paint()

    def action_move(self, by: int) -> None:
        """Choose the next or the previous row."""
        self._go(self._here + by, by)

    def action_page(self, by: int) -> None:
        """Move by as many rows as are visible."""
        room = max(1, self.query_one(f"#{self._panel}", Listing).inner.height - 2)
        self._go(self._here + by * room, by)

    def action_first(self) -> None:
        """Choose the first row."""
        self._go(0)

    def action_last(self) -> None:
        """Choose the last row."""
        self._go(10**9, -1)

    @property
    def _here(self) -> int:
        return {"columns": self.choice.column, "rows": self.choice.row}.get(
            self._panel, self.offers.at
        )

    def on_listing_picked(self, message: Listing.Picked) -> None:
        """Choose the row that was clicked."""
        message.listing.focus()
        self.call_after_refresh(self._go, message.row)

    def on_descendant_focus(self) -> None:
        """Show the hint of the focused panel."""
        self.paint()

    def _offer(self) -> Offer | None:
        return self.offers.chosen if self._panel == "offers" else None

    def action_tick(self) -> None:
        """Tick or untick the chosen column; on the list, change the setting there."""
        offer = self._offer()
        if self._panel == "columns":
            self._change(self.choice.tick)
        elif offer is None or offer.kind != "remember":
            self.notify(f"tab goes to the columns; {key('tick')} ticks them there.")
        else:
            self._remember_or_not()

    def _remember_or_not(self) -> None:
        if said := remember_or_not():
            self.notify(said.text, severity=said.severity)
        self.list_with(self.wish.data)
        self.offers.go(10**9, -1)
        self.paint()

    # --- the filter and the path -----------------------------------------------------------------

    def action_filter(self) -> None:
        """Type part of the name of a set, or of a column if the columns have the focus."""
        self.filter.open(seeks_column=self._panel == "columns" and self.opened is not None)

    def on_input_changed(self, message: Input.Changed) -> None:
        """Filter the list; choose the first row if the chosen one is gone."""
        if not self.filter.seeks_column:
            self.list_with(self.wish.data)
            self._choose_offer(self.offers.at, 1)
        elif self.opened is not None:
            self.choice.seek(message.value, self.opened)
            self.paint()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Go back to the list, which stays filtered unless it is empty."""
        if self.filter.seeks_column or self.offers.rows:
            self.filter.leave(message.value)

    def escape(self) -> bool:
        """Close the filter."""
        return self.filter.escape()

    async def action_path(self) -> None:
        """Open the dialog to type a path."""
        if not self.app.refuses("path"):  # type: ignore[attr-defined]
            await self.open_file(settings=False)

    async def open_file(self, *, settings: bool) -> None:
        """Open the dialog for a file, beginning with its path or with how it is read."""
        from kmeans_tui.ui.screens.dialogs.open import OpenDialog

        def opened(wish: Options | None) -> None:
            if wish is None:
                return
            if wish.data != self.wish.data:
                self.offers.typed = {wish.data: None, **self.offers.typed}
            self.filter.leave()
            self.list_with(wish.data)
            self.query_one("#offers").focus()
            self._want(wish)

        present = self.wish if opening.is_table(self.wish.data) else None
        await self.app.push_screen(
            OpenDialog(self.reader.shelf, present, settings=settings), opened
        )

    # --- loading -------------------------------------------------------------------------------

    async def action_choose(self) -> None:
        """Load the chosen data into Explore, or do what the row of the list says."""
        offer = self._offer()
        if offer is not None and offer.kind == "path":
            await self.action_path()
        elif offer is not None and offer.kind == "remember":
            self._remember_or_not()
        elif self.busy:
            self._loads = self.wish
            self._paint_progress()
        elif not self.reader.fresh:
            # Reading was stopped, or the file has changed.
            self._look_up()
            self._loads = self.wish if self.busy else None
        else:
            await self._load()

    async def _load(self) -> None:
        kept = self.reader.kept
        if self.busy or kept is None:
            return
        if refusal := kept.refusal or (kept.prepared.refusal if kept.prepared else ""):
            self.notify(f"{refusal}.", severity="error", timeout=8)
            return
        explore, run = self.app.explore, self.session.run  # type: ignore[attr-defined]
        dataset = kept.prepared.dataset if kept.prepared is not None else None
        if run is None or dataset is None or self.app.screen is not self:
            return
        wanted: Options = explore.fitter.wanted
        options = replace(self.choice.asked(wanted, run, dataset), colours=None)
        if self.wish == Options(self.wish.data) and is_recording(self.wish.data):
            # As recorded, with its own k, start and seed.
            options, dataset = replace(wanted, **taken(Options(self.wish.data), RUN)), None
        if run.options.data != self.wish.data:
            explore.question(None)
        await self.app.action_show("Explore")  # type: ignore[attr-defined]
        explore.fitter.start(options, dataset=dataset)

    # --- drawing -------------------------------------------------------------------------------

    def paint(self) -> None:
        """Draw the list, what is known of the chosen data so far, and the remarks."""
        if self._source is None or not self.is_mounted:
            return
        self.paint_bars(data_words.heading(self.opened, self.wish))
        listing = self.query_one("#offers", Listing)
        words = data_words.offered(self.offers.rows, self.wish.data, listing.inner.width - 2)
        listing.draw(*words, self.offers.at)
        self.query_one(Chosen).draw(self.choice, self.reader)
        self.query_one("#remarks", Passage).draw(self.remarks()[1])
        self._paint_progress()

    def remarks(self) -> tuple[str, Sequence[str]]:
        """Return the remarks on the chosen data."""
        return opening.short(self.wish.data), data_words.remarks(self.reader)

    def _hint(self) -> str:
        if not self.query_one("#remarks").display and (said := self.remarks()[1][0]) != "…":
            return said
        return data_words.hint(self._panel, self._offer(), self.opened)

    def _paint_progress(self) -> None:
        then = ", then loads" if self._loads is not None else ""
        self.query_one(ProgressLine).draw(*self.reader.doing(then) or (self._hint(), 0, 0))
