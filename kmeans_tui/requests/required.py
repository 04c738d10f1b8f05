"""What exported files need beside a run: the results of the other screens."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from kmeans_tui.command import Options
from kmeans_tui.requests import answers, pairs, reporting

if TYPE_CHECKING:
    from kmeans_tui.analysis.progress import Progress
    from kmeans_tui.data.dataset import Dataset

# How many ends are counted where that is not said.
_CENSUS: Final = 1000


def needed(
    needs: Collection[str],
    options: Options,
    dataset: "Dataset",
    elbow_init: str,
    tell: "Callable[[str, Progress[Any]], bool | None]",
) -> dict[str, Any]:
    """What files need beside a run, by the names of ``Export.needs``.

    ``elbow_init`` is how the runs of the elbow and of resamples start. ``tell`` hears whose
    progress it is, and stops the work by returning False: what was found until then is all
    there is.
    """
    found: dict[str, Any] = {}
    alone = replace(options, init=answers.single_start(options.init))
    if "sweep" in needs:
        asked = replace(options, init=elbow_init)
        found["sweep"] = answers.sweep(asked, dataset, progress=lambda said: tell("elbow", said))
    if "seeds" in needs:

        def heard(said: "Progress[Any]") -> bool | None:
            return tell("seeds", said)

        runs = answers.seed_runs(alone, dataset, progress=heard)
        counted = range(options.census or _CENSUS)
        found["seeds"] = runs, answers.census(alone, dataset, counted, heard)
    if "stability" in needs:
        asked = replace(options, init=elbow_init)
        stability = answers.stability(asked, dataset, progress=lambda said: tell("stability", said))
        if stability is not None and stability[0].resamples:
            found["stability"] = stability
    if "findings" in needs:
        decision = reporting.decided(alone, dataset, lambda said: tell("report", said))
        if decision is not None:
            found["findings"] = reporting.findings(alone, dataset, decision)
    if "comparison" in needs:
        found["comparison"] = pairs.compared(alone, dataset, lambda said: tell("compare", said))
    return found
