"""The panels of the Data screen: columns, rows and preparation of the chosen data."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from kmeans_tui.ui.models.choice import Choice
from kmeans_tui.ui.models.reader import Reader
from kmeans_tui.ui.screens import data_words
from kmeans_tui.ui.widgets.cells import Words
from kmeans_tui.ui.widgets.listing import Listing
from kmeans_tui.ui.widgets.panels import Panel


class Table(Listing):
    """A list whose rows depend on its width."""

    def on_resize(self) -> None:
        """Rebuild the rows."""
        self.call_after_refresh(self.screen.paint)  # type: ignore[attr-defined]


class Facts(Panel):
    """Lines in a frame; those that do not fit are left out."""

    framed = True

    def on_resize(self) -> None:
        """Draw the lines that fit now."""
        self.forget()
        self.call_after_refresh(self.screen.paint)  # type: ignore[attr-defined]

    def draw(self, lines: Sequence[Sequence[Words]]) -> None:
        """Show as many of these lines as fit."""
        self.show(list(lines)[: max(0, self.inner.height)])


class Chosen(Vertical):
    """The three panels, stacked."""

    def compose(self) -> ComposeResult:
        """Yield columns, rows and preparation."""
        yield Table(id="columns", title="columns")
        yield Table(id="rows", title="rows")
        yield Facts(id="preparation", title="preparation")

    def draw(self, choice: Choice, reader: Reader) -> None:
        """Show what is known of the data so far, and the choice."""
        columns, rows = self.query_one("#columns", Listing), self.query_one("#rows", Listing)
        preparation = self.query_one("#preparation", Facts)
        opened, prepared, wish = reader.opened, reader.prepared, choice.wish
        if opened is None:
            refused = reader.kept is not None and reader.kept.refusal
            columns.entitle("columns")
            rows.entitle("rows")
            said = "nothing to choose from: see the remarks" if refused else "reading …"
            columns.draw(said, [], None)
            rows.draw("", [], None)
            preparation.draw([])
            return
        source = opened.source
        table = data_words.Columns(
            opened, prepared, wish, columns.inner.width - 2, columns.ascii_only
        )
        facts = data_words.facts(
            opened,
            prepared,
            wish,
            choice.chosen(opened),
            preparation.inner.width,
            reopens="path" not in self.app.withheld,  # type: ignore[attr-defined]
        )
        self._share(len(source.columns), len(facts))
        taking = len(opened.ticked(wish)) + len(opened.encoded(wish))
        columns.entitle(f"columns to cluster on: {taking:,}")
        columns.draw(table.header(), table.lines(), choice.column)
        rows.entitle(source.extent)
        if rows.display:
            header, lines = data_words.preview(
                source, choice.column, rows.inner.width - 2, wish.without or ()
            )
            rows.draw(header, lines, choice.row if rows.has_focus else None)
        preparation.draw(facts)

    def _share(self, columns: int, facts: int) -> None:
        """Give the rows the room that few columns leave; the style sheet limits the heights."""
        preparation, table = self.query_one("#preparation"), self.query_one("#columns")
        preparation.styles.height = facts + 2
        if self.query_one("#rows").display:
            left = self.size.height - preparation.outer_size.height
            table.styles.height = max(4, min(columns + 3, left - 5))
        else:
            table.styles.height = "1fr"
