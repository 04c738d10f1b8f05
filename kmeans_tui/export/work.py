"""The material of one export, and the work on one of its files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from kmeans_tui.analysis.census import Census
from kmeans_tui.analysis.comparison import Comparison
from kmeans_tui.analysis.pair import Pair
from kmeans_tui.analysis.reproducibility import Reproducible
from kmeans_tui.analysis.seed_runs import SeedRuns
from kmeans_tui.analysis.stable_clusters import ClusterStability
from kmeans_tui.analysis.sweep import Sweep
from kmeans_tui.clustering.history import History
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.provenance import Provenance
from kmeans_tui.export.report.findings import Findings
from kmeans_tui.export.view import RunView
from kmeans_tui.partitioned.all_labels import LabelledTable


@dataclass(frozen=True, eq=False, kw_only=True)
class Material:
    """A run and its analyses, as plain values that can be sent to another process.

    ``document``   the run from ``requests.document``, including its parameters
    ``command``    the shell command that gives the same files, without the folder
    ``iteration``  the one that the item ``iteration`` shows

    ``sweep``, ``seeds``, ``stability``, ``comparison``, ``findings`` and ``screen`` (an SVG
    document) are what the items elbow, seeds, stability, compare, report and screen show; they may
    be None if those are not requested. ``labelled`` is the table of points that stay on disk.
    """

    dataset: Dataset
    history: History
    document: Mapping[str, Any]
    command: str
    settings: Appearance = field(default_factory=Appearance)
    iteration: int = -1
    sweep: Sweep | None = None
    seeds: tuple[SeedRuns, Census] | None = None
    stability: tuple[ClusterStability, dict[int, Reproducible]] | None = None
    comparison: Comparison | Pair | None = None
    findings: Findings | None = None
    screen: str | None = None
    labelled: LabelledTable | None = None

    @property
    def in_memory(self) -> Dataset | None:
        """The data, if all of them are in memory."""
        return self.dataset if self.dataset.counted == self.dataset.n else None

    @property
    def picture(self) -> tuple[int, int] | None:
        """Height and width, if the rows are the pixels of a photo."""
        return self.dataset.picture


class Work:
    """One file: its material, its ending, and a callback for frames written and in total."""

    def __init__(self, made_of: Material, form: str, tell: Callable[[int, int], None]) -> None:
        self.made_of, self.form, self.tell = made_of, form, tell
        self.source = Provenance(made_of.command, made_of.dataset.digest)
        self.view = RunView(made_of.dataset, made_of.history, made_of.settings)

    @property
    def by_article(self) -> bool:
        """Whether the article's own figure is requested."""
        return self.made_of.settings.look == "article"

    def save(self, figure: Any, file: BinaryIO, **options: Any) -> None:
        """Save a matplotlib figure as this file."""
        from kmeans_tui.export.figures import canvas

        transparent = self.made_of.settings.transparent
        canvas.save(figure, file, self.form, self.source, transparent=transparent, **options)
