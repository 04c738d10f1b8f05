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
    *,
    same: bool,
) -> Run:
    """Return the run of these options; ``known`` is on show.

    If it is the ``same``, it is only seen otherwise, or goes on where it was stopped. ``begun`` is
    given the run when its first iteration is whole.
    """
    dataset = parts.dataset
    said: list[str] = []
    if known is not None and known.parts is not None and _has_changed(known.parts, parts):
        same = False
        said.append(f"{dataset.name} has changed: it was opened again.")
    before = known.history if known is not None and same else None
    if before is not None and before.stopped_by and not before.cut_short:
        return Run(options, dataset, before, parts=parts)
    k = answers.clusters(options, dataset)
    palette.check_worn(options.colours, k)
    named = replace(options, k=k)
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


def _has_changed(before: "OpenParts", now: "OpenParts") -> bool:
    """Whether a file was opened again that is not what it was."""
    old = {path: stamp for path, *stamp in before.executor.table.stamps}
    return any(old.get(path, stamp) != stamp for path, *stamp in now.executor.table.stamps)


def loaded(options: Options, known: Run, tell: Callable[[str], bool], *, runs: bool) -> "Subject":
    """Return the data of these options, read the same way as those on show.

    Another choice of columns, or another scale, needs another pass over all rows, and so does
    another run on a file that has changed.
    """
    from kmeans_tui.data.columns import fitting_axes
    from kmeans_tui.requests.subject import Subject, open_subject, preparation

    assert known.parts is not None
    wanted, before = preparation(options), preparation(known.options)
    other = replace(wanted, axes=None) != replace(before, axes=None)
    if other or (runs and known.parts.executor.has_changed()):
        return open_subject(options, tell=tell)
    dataset = cast("DisplayRows", known.dataset)
    if wanted.axes != before.axes:
        dataset = dataset.with_axes(wanted.axes or fitting_axes((), dataset.features))
    return Subject(dataset, parts=known.parts.seen_as(dataset))
