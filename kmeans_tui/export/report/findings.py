"""What a report is written from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kmeans_tui.analysis.decision import Decision
    from kmeans_tui.analysis.separation import Separation
    from kmeans_tui.data.dataset import Dataset


@dataclass(frozen=True, eq=False)
class Findings:
    """A ``dataset`` on the axes of its picture, and the ``decision`` on its clusters.

    ``plane`` says why it is shown on these axes, None if they were asked for or are all there are.
    ``given`` are sentences on where a given start ends, ``commands`` what repeats it all, the first
    of them the report itself. ``labels`` and ``rules`` are the files beside it that hold them, if
    any.
    """

    dataset: "Dataset"
    decision: "Decision"
    plane: "Separation | None"
    commands: tuple[str, ...]
    given: tuple[str, ...] = ()
    labels: str = ""
    rules: str = ""
