"""The dialogs about rows: find one, those that changed cluster, what each cluster is like."""

from typing import TYPE_CHECKING, ClassVar

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from kmeans_tui.ui.models.half_step import plural
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.screens.dialogs.dialog import Dialog
from kmeans_tui.ui.widgets.choices import Choices
from kmeans_tui.ui.widgets.panels import amount

if TYPE_CHECKING:
    import numpy as np

    from kmeans_tui.analysis.point import Changed
    from kmeans_tui.analysis.profile import Profile
    from kmeans_tui.clustering.history import History
    from kmeans_tui.data.dataset import Dataset

# A list of more is scrolled by nobody.
_LISTED = 1000


class FindDialog(Dialog[str | None]):
    """A row by its number in the file, or by what stands in its label columns.

    What was looked for last stands there, so that enter finds the next of several.
    """

    def __init__(self, last: str = "") -> None:
        super().__init__()
        self._last = last

    def compose(self) -> ComposeResult:
        """One line to type in."""
        with Vertical(id="find", classes="dialog") as box:
            box.border_title = "find a row"
            box.border_subtitle = "enter finds · esc cancels"
            yield Input(self._last, placeholder="a row number, or a label", compact=True)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """That is it."""
        self.dismiss(message.value.strip() or None)


class ChangesDialog(Dialog[int | None]):
    """The points that changed cluster in an iteration, nearest to the border first."""

    def __init__(
        self, dataset: "Dataset", history: "History", iteration: int, *, at_once: bool
    ) -> None:
        super().__init__()
        self._dataset, self._history, self._iteration = dataset, history, iteration
        self._at_once = at_once

    def compose(self) -> ComposeResult:
        """A line for each."""
        count = self._history[self._iteration].changed
        with Vertical(id="changes", classes="dialog") as box:
            points = plural(count, "point")
            box.border_title = f"{points} changed cluster in iteration {self._iteration}"
            box.border_subtitle = "j k choose · enter question · esc close"
            yield Choices()
            if count > _LISTED:
                yield Static(f"and {count - _LISTED:,} more, farther from it")

    def on_mount(self) -> None:
        """Worked out beside the event loop where they may be many: 0.4 s for a million rows."""
        from kmeans_tui.analysis.point import changed

        def work(_: Job | None) -> "Changed":
            return changed(self._history, self._dataset.points, self._iteration)

        if self._at_once:
            self._list(work(None))
        else:
            Job(self, work).start()

    def on_job_done(self, message: Job.Done) -> None:
        """Show them."""
        if message.error is not None:
            raise message.error
        self._list(message.result)

    def _list(self, found: "Changed") -> None:
        from kmeans_tui.data import rows

        count = slice(_LISTED)
        lines = zip(
            found.rows[count], found.old[count], found.new[count], found.border[count], strict=True
        )
        listed = self.query_one(OptionList)
        listed.add_options(
            Option(
                Text(
                    f"row {rows.number(self._dataset, int(row)):>9,}   "
                    f"{old + 1} → {new + 1}   {amount(abs(float(border)))} from the border"
                ),
                id=str(row),
            )
            for row, old, new, border in lines
        )
        listed.highlighted = 0

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Question this one."""
        self.dismiss(int(message.option.id or 0))


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
        self.query_one("#profiles", Static).update(Group(*map(self._told, message.result)))

    def _told(self, profile: "Profile") -> Group:
        from kmeans_tui.data import rows

        size = f" · {plural(profile.size, 'row')}, {profile.share:.1%}"
        title = Text.assemble((f"cluster {profile.cluster + 1}", "bold"), size)
        table = Table.grid(padding=(0, 2))
        table.add_column(width=26, no_wrap=True)
        for _ in range(4):
            table.add_column(justify="right", width=10)
        heads = ("", "mean", "spread", "the rest", "apart")
        table.add_row(*(Text(head, style="dim") for head in heads))
        for trait in profile.traits:
            table.add_row(
                Text(trait.name),
                amount(trait.mean),
                amount(trait.spread),
                "" if trait.rest is None else amount(trait.rest),
                "" if trait.difference is None else f"{trait.difference:+.2f}",
            )
        parts: list[RenderableType] = [
            title,
            Text(profile.sentence()),
            *([table] if profile.traits else []),
        ]
        parts += [
            Text(f"{each.name}: mostly {each.value}, {each.count:,} of {profile.size:,}")
            for each in profile.common
        ]
        for word, chosen in (("nearest", profile.nearest), ("farthest", profile.farthest)):
            if len(chosen):
                numbers = ", ".join(f"{rows.number(self._dataset, int(row)):,}" for row in chosen)
                parts.append(Text(f"{word} rows {numbers}"))
        return Group(*parts, Text())

    def action_scroll(self, by: int) -> None:
        """Scroll by a line."""
        self.query_one("#profile").scroll_relative(y=by, animate=False)
