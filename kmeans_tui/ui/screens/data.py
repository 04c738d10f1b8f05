"""Data: choose what is clustered: a set or a file, its columns, and how they are prepared."""

from dataclasses import replace
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from kmeans_tui import settings
from kmeans_tui.command import Options
from kmeans_tui.ui import keys
from kmeans_tui.ui.models import opening
from kmeans_tui.ui.models.fitting import PATIENCE
from kmeans_tui.ui.models.half_step import plural
from kmeans_tui.ui.models.offers import Offer, offers
from kmeans_tui.ui.models.session import Run, Session, run_fields
from kmeans_tui.ui.screens import data_words
from kmeans_tui.ui.screens.choosing import FIELDS, Choosing
from kmeans_tui.ui.screens.page import Page
from kmeans_tui.ui.widgets.cells import Run as Words
from kmeans_tui.ui.widgets.listing import Listing
from kmeans_tui.ui.widgets.panels import BOLD, MUTED, PLAIN
from kmeans_tui.ui.widgets.passage import Passage
from kmeans_tui.ui.widgets.progress_line import ProgressLine

_EVERY: Final = 0.1


class Data(Choosing):
    """The list at the left; columns, rows and preparation of what is chosen; the remarks."""

    PLACE = "Data"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("Data")]
    HORIZONTAL_BREAKPOINTS = [*Page.HORIZONTAL_BREAKPOINTS, (130, "-broad")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-low"), (16, "-short"), (22, "-tall"), (28, "-high"), (40, "-vast"),
    ]  # fmt: skip

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._typed: dict[str, None] = {}
        self._source: Run | None = None
        self._offers: list[Offer] = []
        self._at = 0

    def body(self) -> ComposeResult:
        """The list, the three panels of what is chosen, the remarks, and one line of progress."""
        with Vertical(id="stage"):
            with Horizontal(id="pair"):
                with Vertical(id="offered"):
                    yield Input(id="filter", compact=True, placeholder="filter", disabled=True)
                    yield data_words.Table(id="offers", title="data")
                with Vertical(id="chosen"):
                    yield data_words.Table(id="columns", title="columns")
                    yield data_words.Table(id="rows", title="rows")
                    yield data_words.Facts(id="preparation", title="preparation")
            yield Passage(id="remarks", title="remarks")
            yield ProgressLine(id="progress")

    def on_mount(self) -> None:
        """In the look of the terminal."""
        self.query_one("#offers").focus()
        self.set_interval(_EVERY, self._paint_progress)
        self.look(self.app.colours())  # type: ignore[attr-defined]

    def on_screen_resume(self) -> None:
        """Show the data of the run that Explore shows, unless they were shown here already."""
        run = self.session.run
        if run is not None and run is not self._source:
            old, self._source = self._source, run
            wish = self.of_data(run.options)
            if old is None or self.of_data(old.options) != wish:
                self._past.clear()
                self.list_with(wish.data)
                self._want(wish)
        super().on_screen_resume()

    # --- moving --------------------------------------------------------------------------------

    @property
    def _panel(self) -> str:
        focused = self.focused
        return focused.id if isinstance(focused, Listing) and focused.id else "offers"

    def list_with(self, data: str) -> None:
        """Write the list anew, with these data chosen."""
        wanted = self.query_one("#filter", Input).value
        run = self.session.run
        present = self.session.options.data if run is None else run.options.data
        self._offers = offers(present, self._typed, wanted)
        places = [i for i, each in enumerate(self._offers) if each.data == data]
        if not places:
            places = [i for i, each in enumerate(self._offers) if each.data]
        self._at = places[0] if places else 0

    def _go(self, to: int, by: int = 0) -> None:
        """To a row of the panel with the focus, kept inside it; headings are passed over."""
        if self._panel == "columns" and self.opened is not None:
            self._column = max(0, min(to, len(self.opened.source.columns) - 1))
        elif self._panel == "rows" and self.opened is not None:
            self._row = max(0, min(to, self.opened.source.n - 1))
        elif self._panel == "offers":
            self._choose_offer(to, by)
            return
        self.paint()

    def _choose_offer(self, to: int, by: int) -> None:
        places = [i for i, each in enumerate(self._offers) if each.kind != "heading"]
        if not places:
            self.paint()
            return
        if by < 0:
            self._at = max((i for i in places if i <= to), default=places[0])
        else:
            self._at = min((i for i in places if i >= to), default=places[-1])
        offer = self._offers[self._at]
        if offer.kind == "data" and offer.data != self.wish.data:
            self._want(self._wishes.get(offer.data, Options(offer.data)))
        else:
            self.paint()

    def action_move(self, by: int) -> None:
        """The next row, or the one before."""
        self._go(self._here + by, by)

    def action_page(self, by: int) -> None:
        """As many rows on as there are in sight."""
        room = max(1, self.query_one(f"#{self._panel}", Listing).inner.height - 2)
        self._go(self._here + by * room, by)

    def action_first(self) -> None:
        """The first row."""
        self._go(0)

    def action_last(self) -> None:
        """The last row."""
        self._go(10**9, -1)

    @property
    def _here(self) -> int:
        return {"columns": self._column, "rows": self._row}.get(self._panel, self._at)

    def on_listing_picked(self, message: Listing.Picked) -> None:
        """The row that was clicked."""
        message.listing.focus()
        self.call_after_refresh(self._go, message.row)

    def on_descendant_focus(self) -> None:
        """The hint is that of the panel."""
        self.paint()

    def _offer(self) -> Offer | None:
        on_list = self._panel == "offers" and self._at < len(self._offers)
        return self._offers[self._at] if on_list else None

    def action_tick(self) -> None:
        """Take the chosen column in, or leave it out; on the list, change the setting there."""
        offer = self._offer()
        if self._panel == "columns":
            super().action_tick()
        elif offer is None or offer.kind != "remember":
            self.notify("tab goes to the columns; space ticks them there.")
        else:
            self._remember_or_not()

    def _remember_or_not(self) -> None:
        present = settings.load()
        why = settings.save(settings.Settings(not present.remember, ()))
        if why:
            said = f"That could not be kept in {settings.location()}: {why}."
            self.notify(said, severity="warning")
        elif present.remember:
            self.notify("Files are no longer remembered; the list of them is empty.")
        self.list_with(self.wish.data)
        self._at = [each.kind for each in self._offers].index("remember")
        self.paint()

    # --- the filter, the path ------------------------------------------------------------------

    def action_filter(self) -> None:
        """Type a part of a name."""
        field = self.query_one("#filter", Input)
        field.disabled = False
        field.add_class("-open")
        field.focus()

    def on_input_changed(self) -> None:
        """Fewer rows, or more; the first of them is chosen where the chosen one is gone."""
        self.list_with(self.wish.data)
        self._choose_offer(self._at, 1)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Back to the list, which stays filtered, if there is anything in it."""
        if self._offers:
            self._leave_filter(message.value)

    def escape(self) -> bool:
        """Close the filter."""
        if not self.query_one("#filter", Input).has_focus:
            return False
        self._leave_filter("")
        return True

    def _leave_filter(self, value: str) -> None:
        field = self.query_one("#filter", Input)
        field.value = value
        self.query_one("#offers").focus()
        field.set_class(bool(value), "-open")
        field.disabled = not value

    async def action_path(self) -> None:
        """Type the path of a file, and see what would be read."""
        from kmeans_tui.ui.screens.dialogs.open import OpenDialog

        def opened(wish: Options | None) -> None:
            if wish is None:
                return
            if wish.data != self.wish.data:
                self._typed = {wish.data: None, **self._typed}
            self._leave_filter("")
            self.list_with(wish.data)
            self.query_one("#offers").focus()
            self._want(wish)

        present = self.wish if opening.is_table(self.wish.data) else None
        await self.app.push_screen(OpenDialog(self._shelf, present), opened)

    # --- loading -------------------------------------------------------------------------------

    async def action_choose(self) -> None:
        """Load what is chosen into Explore; or do what the row of the list says."""
        offer, kept = self._offer(), self._kept
        if offer is not None and offer.kind == "path":
            await self.action_path()
        elif offer is not None and offer.kind == "remember":
            self._remember_or_not()
        elif self.busy:
            self._loads = True
            self._paint_progress()
        elif kept is None or self._stopped or kept.stamp != opening.stamp(self.wish.data):
            # Stopped before, or the file is another by now.
            self._look_up()
            self._loads = True
            if not self.busy:
                await self.action_choose()
        elif refusal := kept.refusal or (kept.prepared.refusal if kept.prepared else ""):
            self._loads = False
            self.notify(f"{refusal}.", severity="error", timeout=8)
        else:
            self._loads = False
            await self._load()

    async def _load(self) -> None:
        explore, run = self.app.explore, self.session.run  # type: ignore[attr-defined]
        dataset = self.prepared.dataset if self.prepared is not None else None
        if run is None or dataset is None:
            return
        wanted: Options = explore.fitter.wanted
        same = run.options.data == self.wish.data and run.options.truth == self.wish.truth
        k = wanted.k if same and not run.recorded and (wanted.k or 0) <= dataset.n else None
        chosen = {each: getattr(self.wish, each) for each in FIELDS}
        options = replace(wanted, **chosen, k=k, goto="0")
        if self.wish == Options(self.wish.data) and opening.is_recording(self.wish.data):
            # As it was recorded: with the k, the start and the seed of then.
            options, dataset = replace(wanted, **run_fields(Options(self.wish.data))), None
        if run.options.data != self.wish.data:
            explore.put_cursor(None)
        await self.app.action_show("Explore")  # type: ignore[attr-defined]
        explore.fitter.start(options, dataset=dataset)

    # --- drawing -------------------------------------------------------------------------------

    def paint(self) -> None:
        """Draw the list, what is known of the chosen data by now, and what is said of them."""
        if self._source is None or not self.is_mounted:
            return
        self.paint_bars(self._heading())
        self._paint_list()
        self._paint_chosen()
        self.query_one("#remarks", Passage).draw(self._remarks())
        self._paint_progress()

    def _heading(self) -> str:
        name = opening.short(self.wish.data)
        if self.opened is None:
            return name
        ticked, known = self.opened.ticked(self.wish), self.opened.numeric
        return f"{name} · {len(ticked):,} of {plural(len(known), 'column')}"

    def _paint_list(self) -> None:
        listing = self.query_one("#offers", Listing)
        width = listing.inner.width - 2
        size = 12 if width >= 26 else 0
        name = min(15, width - size) if size else width

        def written(at: int) -> list[Words]:
            each = self._offers[at]
            if each.kind == "heading":
                return [(each.name, MUTED)]
            style = BOLD if each.data == self.wish.data and each.data else PLAIN
            if not each.size:
                path = each.kind == "data"
                shorten = data_words.ending if path else data_words.fitted
                return [(shorten(each.name, width), style)]
            room = width - name - size - 2
            about = f"  {data_words.fitted(each.about, room)}" if room > 8 else ""
            said = data_words.fitted(each.name, name)
            return [(said, style), (each.size.rjust(size) if size else "", PLAIN), (about, MUTED)]

        head = f"{'name':<{name}}{'rows × cols':>{size}}" if size else "name"
        if not self._offers:
            head = "nothing matches; esc clears"
        listing.draw(head, data_words.Lines(len(self._offers), written), self._at)

    def _paint_chosen(self) -> None:
        columns, rows = self.query_one("#columns", Listing), self.query_one("#rows", Listing)
        preparation = self.query_one("#preparation", data_words.Facts)
        opened, wish = self.opened, self.wish
        if opened is None:
            columns.entitle("columns")
            rows.entitle("rows")
            columns.draw(self._described(), data_words.Lines(0, lambda _: []), None)
            rows.draw("", data_words.Lines(0, lambda _: []), None)
            preparation.draw([])
            return
        source, chosen = opened.source, opened.source.columns[self._column]
        table = data_words.Columns(
            opened, self.prepared, wish, columns.inner.width - 2, columns.ascii_only,
            columns.cluster_style(0),
        )  # fmt: skip
        facts = data_words.facts(opened, self.prepared, wish, chosen)
        self._share(len(source.columns), len(facts))
        columns.entitle(f"columns to cluster on: {len(opened.ticked(wish)):,}")
        columns.draw(table.header(), table.lines(), self._column)
        rows.entitle(plural(source.n, "row"))
        if rows.display:
            header, lines = data_words.preview(source, self._column, rows.inner.width - 2)
            rows.draw(header, lines, self._row if rows.has_focus else None)
        preparation.draw(facts)

    def _share(self, columns: int, facts: int) -> None:
        """Rows get the room that few columns leave; what is too high is cut by the style sheet."""
        preparation, table = self.query_one("#preparation"), self.query_one("#columns")
        preparation.styles.height = facts + 2
        if self.query_one("#rows").display:
            left = self.query_one("#chosen").size.height - preparation.outer_size.height
            table.styles.height = max(4, min(columns + 3, left - 5))
        else:
            table.styles.height = "1fr"

    def _described(self) -> str:
        """What is known of data that are not open."""
        if self._kept is not None and self._kept.refusal:
            return "nothing to choose from: see the remarks"
        return "reading …"

    def _remarks(self) -> list[str]:
        if self._kept is not None and self._kept.refusal:
            again = "; enter reads it again" if self._stopped else ""
            return [f"{self._kept.refusal}{again}."]
        return data_words.remarks(self.prepared, self.opened) or ["…"]

    def _hint(self) -> str:
        if not self.query_one("#remarks").display and (said := self._remarks()[0]) != "…":
            return said
        offer = self._offer()
        if self._panel == "columns":
            return "space ticks · a all · l logarithm · u known grouping · enter loads into Explore"
        if self._panel == "rows":
            return "j k g G move through the rows as they came · enter loads into Explore"
        if offer is None or offer.kind == "heading":
            return ""
        if offer.kind != "data":
            return offer.about
        return f"{offer.about or offer.data} · enter loads, tab goes to the columns"

    def _paint_progress(self) -> None:
        line, job = self.query_one(ProgressLine), self._job
        then = ", then loads" if self._loads else ""
        if job is not None and job.age >= PATIENCE and job.size:
            count = f"{job.done / 1e6:,.0f} of {job.size / 1e6:,.0f} MB"
            line.draw(f"reading{then} · ctrl+c stops", job.done, job.size, count)
        elif job is not None and job.age >= PATIENCE:
            line.draw(f"reading …{then} · ctrl+c stops", 0, 0)
        else:
            line.draw(self._hint(), 0, 0)
