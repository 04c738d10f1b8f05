"""The dialogs about rows: find one, those that changed cluster, what each cluster is like."""

from typing import TYPE_CHECKING, ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from kmeans_tui.ui.job import Job
from kmeans_tui.ui.reading import plural
from kmeans_tui.ui.screens.dialogs import Dialog
from kmeans_tui.ui.widgets.panels import amount

if TYPE_CHECKING:
    import numpy as np

    from kmeans_tui.analysis.point import Changed
    from kmeans_tui.analysis.profile import Profile
    from kmeans_tui.data.dataset import Dataset

# A list of more is scrolled by nobody.
_LISTED = 1000


class FindDialog(Dialog[str | None]):
    """A row by its number in the file, or by what stands in its label columns."""

    def compose(self) -> ComposeResult:
        """One line to type in."""
        with Vertical(id="find", classes="dialog") as box:
            box.border_title = "find a row"
            box.border_subtitle = "enter finds · esc cancels"
            yield Input(placeholder="a row number, or a label", compact=True)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """That is it."""
        self.dismiss(message.value.strip() or None)


class ChangesDialog(Dialog[int | None]):
    """The points that changed cluster in an iteration, nearest to the border first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor(1)", show=False),
        Binding("k", "cursor(-1)", show=False),
    ]

    def __init__(self, dataset: "Dataset", found: "Changed", iteration: int) -> None:
        super().__init__()
        self._dataset, self._found, self._iteration = dataset, found, iteration

    def compose(self) -> ComposeResult:
        """A line for each."""
        from kmeans_tui.data import rows

        found = self._found
        with Vertical(id="changes", classes="dialog") as box:
            count = plural(len(found.rows), "point")
            box.border_title = f"{count} changed cluster in iteration {self._iteration}"
            box.border_subtitle = "j k choose · enter question · esc close"
            yield OptionList(
                *(
                    Option(
                        Text(
                            f"row {rows.number(self._dataset, int(row)):>8,}   "
                            f"{old + 1} → {new + 1}   {amount(abs(float(border)))} from the border"
                        ),
                        id=str(row),
                    )
                    for row, old, new, border in zip(
                        found.rows[:_LISTED],
                        found.old[:_LISTED],
                        found.new[:_LISTED],
                        found.border[:_LISTED],
                        strict=True,
                    )
                )
            )
            if len(found.rows) > _LISTED:
                yield Static(f"and {len(found.rows) - _LISTED:,} more, farther from it")

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Question this one."""
        self.dismiss(int(message.option.id or 0))

    def action_cursor(self, by: int) -> None:
        """Move in the list."""
        options = self.query_one(OptionList)
        if by > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()


class ProfileDialog(Dialog[None]):
    """Every cluster: size, what sets it apart, its features, its nearest and farthest rows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll(-1)", show=False),
        Binding("down,j", "scroll(1)", show=False),
    ]

    def __init__(self, dataset: "Dataset", labels: "np.ndarray", centroids: "np.ndarray") -> None:
        super().__init__()
        self._dataset, self._labels, self._centroids = dataset, labels, centroids

    def compose(self) -> ComposeResult:
        """The clusters below each other."""
        with VerticalScroll(id="profile", classes="dialog") as box:
            box.border_title = "the clusters, in the units of the data"
            box.border_subtitle = "j k scroll · q or esc close"
            yield Static("…", id="profiles")

    def on_mount(self) -> None:
        """Worked out beside the event loop: a million rows take a second."""

        def work(_: Job) -> "tuple[Profile, ...]":
            from kmeans_tui.analysis.profile import profiles

            return profiles(self._dataset, self._labels, self._centroids)

        Job(self, work).start()

    def on_job_done(self, message: Job.Done) -> None:
        """Show them."""
        if message.error is not None:
            raise message.error
        self.query_one("#profiles", Static).update(self._table(message.result))

    def _table(self, found: "tuple[Profile, ...]") -> Table:
        from kmeans_tui.data import rows

        table = Table.grid(padding=(0, 2))
        for justify in ("left", "right", "right", "right", "right"):
            table.add_column(justify=justify)
        for each in found:
            share = f"{plural(each.size, 'row')}, {each.share:.1%}"
            table.add_row(
                Text(f"cluster {each.cluster + 1}", style="bold"),
                Text("mean", style="dim"),
                Text("spread", style="dim"),
                Text("the rest", style="dim"),
                Text("apart", style="dim"),
            )
            for trait in each.traits:
                table.add_row(
                    Text(trait.name),
                    amount(trait.mean),
                    amount(trait.spread),
                    "" if trait.rest is None else amount(trait.rest),
                    "" if trait.difference is None else f"{trait.difference:+.2f}",
                )
            for label in each.common:
                table.add_row(Text(label.name), Text(f"mostly {label.value} ({label.count})"))
            table.add_row(Text(share))
            table.add_row(Text(each.sentence()))
            for word, chosen in (("nearest", each.nearest), ("farthest", each.farthest)):
                numbers = ", ".join(str(rows.number(self._dataset, int(row))) for row in chosen)
                table.add_row(Text(f"{word} rows {numbers}"))
            table.add_row()
        return table

    def action_scroll(self, by: int) -> None:
        """Scroll by a line."""
        self.query_one("#profile").scroll_relative(y=by, animate=False)
