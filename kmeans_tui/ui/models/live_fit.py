"""The fit of points that stay on disk, whose iterations are shown as they are done."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from kmeans_tui import palette
from kmeans_tui.command import Options
from kmeans_tui.requests import answers, in_parts
from kmeans_tui.requests.session import Run

if TYPE_CHECKING:
    from kmeans_tui.clustering.history import History
    from kmeans_tui.data.display_rows import DisplayRows
    from kmeans_tui.requests.in_parts import OpenParts
    from kmeans_tui.requests.subject import Subject


def fit(
    options: Options,
    known: Run | None,
    parts: "OpenParts",
    tell: Callable[[str], bool],
    begun: Callable[[Run], None],
) -> Run:
    """Return the run of these options; ``known`` is the same one, seen otherwise or stopped.

    ``begun`` is given the run when its first iteration is whole.
    """
    dataset = parts.dataset
    before = None if known is None else known.history
    if before is not None and before.stopped_by in ("converged", "max_iterations"):
        return Run(options, dataset, before, parts=parts)
    k = answers.clusters(options, dataset)
    palette.check_worn(options.colours, k)
    named = replace(options, k=k)
    said: list[str] = []

    waiting = True

    def show(history: "History") -> None:
        nonlocal waiting
        waiting = False
        if history.iterations and before is None:
            said.append(
                f"This run was not finished: it continues from iteration {history.iterations} "
                "(--no-resume starts anew)."
            )
        begun(Run(named, dataset, history, tuple(said), parts=parts))

    def beginning(text: str) -> bool:
        """Tell which run it is, until it is on show."""
        return tell(f"k={k} seed {options.seed} · {text}" if waiting else text)

    history = in_parts.run(named, parts, beginning, show, before=before)
    return Run(named, dataset, history, tuple(said), parts=parts)


def loaded(options: Options, known: Run, tell: Callable[[str], bool]) -> "Subject":
    """Return the data of these options, read the same way as those on show.

    Another choice of columns, or another scale, needs another pass over all rows.
    """
    from kmeans_tui.data.columns import fitting_axes
    from kmeans_tui.requests.subject import Subject, open_subject, preparation

    assert known.parts is not None
    wanted, before = preparation(options), preparation(known.options)
    if replace(wanted, axes=None) != replace(before, axes=None):
        return open_subject(options, tell=tell)
    dataset = cast("DisplayRows", known.dataset)
    if wanted.axes != before.axes:
        dataset = dataset.with_axes(wanted.axes or fitting_axes((), dataset.features))
    return Subject(dataset, parts=known.parts.seen_as(dataset))
