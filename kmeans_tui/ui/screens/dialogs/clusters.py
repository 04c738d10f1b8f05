"""The dialog that describes each cluster."""

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from kmeans_tui.requests import step_words
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.screens.dialogs.dialog import ScrollDialog
from kmeans_tui.user_keys import key
from kmeans_tui.words import printable

if TYPE_CHECKING:
    import numpy as np

    from kmeans_tui.analysis.cluster_rules import ClusterRules
    from kmeans_tui.analysis.profile import Profile
    from kmeans_tui.data.dataset import Dataset


class ClustersDialog(ScrollDialog):
    """Every cluster: size, what sets it apart, its features, its nearest and farthest rows."""

    NAME = "profile"

    def __init__(self, dataset: "Dataset", labels: "np.ndarray", centroids: "np.ndarray") -> None:
        super().__init__()
        self._dataset, self._labels, self._centroids = dataset, labels, centroids
        self.found: ClusterRules | None = None

    def body(self) -> ComposeResult:
        """Yield a scrolling list of the clusters."""
        with VerticalScroll(id="profile", classes="dialog") as box:
            some = step_words.on_display(self._dataset)
            box.border_title = f"the clusters, in the units of the data{some}"
            yield Static("…", id="profiles")
            yield Static("", id="rules")

    def on_mount(self) -> None:
        """Compute the profiles outside the event loop: a million rows take a second."""

        def work(_: Job) -> "tuple[Profile, ...]":
            from kmeans_tui.analysis.profile import profiles

            return profiles(self._dataset, self._labels, self._centroids)

        self._profiling = Job(self, work).start()

    def on_job_done(self, message: Job.Done) -> None:
        """Show the profiles; then the rules, which wait for scikit-learn the first time."""
        if message.error is not None:
            raise message.error
        if message.job is not self._profiling:
            self.found = message.result
            lines = [Text(printable(line)) for line in self.found.lines()]
            where = f"{key('export')} writes them as SQL, Python or text; close this first."
            lines.append(Text(where, "dim"))
            self.query_one("#rules", Static).update(Group(Text("as rules", style="bold"), *lines))
            return
        whole = sum(each.inertia for each in message.result)
        told = (self._told(each, whole) for each in message.result)
        self.query_one("#profiles", Static).update(Group(*told))

        def work(_: Job) -> "ClusterRules":
            from kmeans_tui.analysis.cluster_rules import rules

            return rules(self._dataset, self._labels, len(self._centroids))

        Job(self, work).start()

    def _told(self, profile: "Profile", inertia: float) -> Group:
        from kmeans_tui.analysis import profile_words

        name, *counts = profile_words.heading(profile, inertia)
        title = Text.assemble((name, "bold"), *(f" · {each}" for each in counts))
        table = Table.grid(padding=(0, 2))
        table.add_column(width=26, no_wrap=True)
        for _ in range(4):
            table.add_column(justify="right", width=10)
        heads = ("", "mean", "spread", "the rest", "apart")
        table.add_row(*(Text(head, style="dim") for head in heads))
        for trait in profile.traits:
            table.add_row(
                Text(printable(trait.name)),
                *profile_words.numbers(trait),
                "" if trait.difference is None else f"{trait.difference:+.2f}",
            )
        parts: list[RenderableType] = [
            title,
            Text(printable(profile.sentence())),
            *([table] if profile.traits else []),
        ]
        asides = profile_words.asides(profile, self._dataset)
        parts += [Text(printable(each)) for each in asides]
        return Group(*parts, Text())
