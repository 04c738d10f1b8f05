"""What a screen can export: which files, from what, and the command that writes the same."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kmeans_tui import screen_table
from kmeans_tui.command import Options, taken
from kmeans_tui.export.items import KINDS, needed, usual
from kmeans_tui.pair_kinds import PROGRAMS
from kmeans_tui.requests import required
from kmeans_tui.requests.session import Run
from kmeans_tui.shell_command import export_command, usual_elbow_init
from kmeans_tui.ui.screens.analysis import Analysis

if TYPE_CHECKING:
    from kmeans_tui.analysis.progress import Progress
    from kmeans_tui.export.appearance import Appearance
    from kmeans_tui.export.bundle import Request
    from kmeans_tui.export.items import Item

# What files need from the screens that analyse many runs, and the report, which has no screen.
_ANSWERS: Final = {KINDS[each.name].needs for each in screen_table.TABLE if each.asks} | {
    KINDS["report"].needs
}


# What elbow_init is the start of.
_STARTED: Final = frozenset({"sweep", "stability"})


@dataclass(frozen=True)
class Exportable:
    """What can be exported from a screen.

    ``options`` are those of the run on show, or of the screen's own analysis if it is about other
    options; the files of the run are then missing. ``analyses`` are the results, by the names that
    items need; ``missing`` says why an item is unavailable. ``elbow_init`` is how the runs of the
    elbow and of resamples start; None if the look decides. ``both``: what can shows the two runs
    of the options' pair; otherwise it does only beside the figure of the pair.
    """

    run: Run
    options: Options
    iteration: int
    analyses: Mapping[str, Any]
    missing: Mapping[str, str]
    ticked: tuple[str, ...]
    elbow_init: str | None
    screen: str
    both: bool

    def about(self, item: "Item", items: "Collection[Item]") -> str:
        """Return what an item shows, written together with ``items``, and if that is computed."""
        asked = self._asked((item, *items))
        paired = KINDS[item.name].both and asked.pair not in PROGRAMS
        about = "both runs, side by side" if paired else KINDS[item.name].about
        wanted = needed([item], pair=paired) & _ANSWERS
        return f"{about}, computed" if wanted - self.analyses.keys() else about

    def _asked(self, items: "Collection[Item]") -> Options:
        """Return the options of the command for these items: with a pair if they show one."""
        if self.both or "comparison" in needed(items):
            return self.options
        return replace(self.options, pair=Options.pair)

    def _needs(self, items: "Collection[Item]") -> set[str]:
        return needed(items, pair=self._asked(items).pair not in PROGRAMS)

    def work_out(
        self,
        items: "tuple[Item, ...]",
        settings: "Appearance",
        tell: "Callable[[str, Progress[Any]], bool | None]",
    ) -> "Exportable":
        """Return it with all analyses that the items need; ``tell`` as in ``required.needed``."""
        wanted = (self._needs(items) & _ANSWERS) - self.analyses.keys()
        options = replace(self.options, k=self.options.k or self.run.history.k)
        start = self.elbow_init or usual_elbow_init(settings.look == "article")
        found = required.needed(wanted, options, self.run.dataset, start, tell)
        return replace(self, analyses={**self.analyses, **found})

    def command(self, items: "tuple[Item, ...]", settings: "Appearance") -> str:
        """Return the shell command that writes the same files, without the folder."""
        return export_command(
            replace(self._asked(items), glide=settings.glide),
            tuple(map(str, items)),
            settings.flags(),
            elbow_init=self.elbow_init if _STARTED & needed(items) else None,
            iteration=self.iteration,
        )

    def request(self, items: "tuple[Item, ...]", folder: Path, settings: "Appearance") -> "Request":
        """Return the request for the writer; existing files may be replaced."""
        from kmeans_tui.export.bundle import Request
        from kmeans_tui.requests.document import document

        dataset, history = self.run.dataset, self.run.history
        needs = self._needs(items)
        return Request(
            items=items,
            folder=folder,
            dataset=dataset,
            history=history,
            document=document(self.run.options, dataset, history, self.run.parameters),
            command=self.command(items, settings),
            settings=settings,
            iteration=self.iteration,
            screen=self.screen if "screen" in needs else None,
            force=True,
            labelled=None if self.run.parts is None else self.run.parts.labelled(),
            **{need: found for need, found in self.analyses.items() if need in needs},
        )


def exportable(
    run: Run, view: Options, pages: Mapping[str, Any], present: str, screen: str
) -> Exportable:
    """Return what the screen ``present`` can export; ``view`` are the options of Explore's view.

    ``pages`` are the open screens by their names; ``screen`` is an SVG image of it.
    """
    own = pages[present]
    options = view
    missing: dict[str, str] = {}
    both = KINDS.get(present.lower(), KINDS["run"]).needs == "comparison"
    if isinstance(own, Analysis) and not own.decided_by(view):
        options = own.view_options()
        paired = both and options.pair not in PROGRAMS
        for name, kind in KINDS.items():
            if kind.of_run and not (kind.both and paired):
                missing[name] = "enter opens the run first"

    if run.dataset.picture is None:
        why = "for data opened as image:FILE"
        missing.update({name: why for name, kind in KINDS.items() if kind.needs == "picture"})
    if run.parts is not None:
        missing["code"] = "for points in memory"
    analyses: dict[str, Any] = {}
    elbow_init = None
    for each in screen_table.TABLE:
        page = pages.get(each.place)
        # An analysis with other options, or none, is computed when it is written.
        if not each.asks or not isinstance(page, Analysis) or not page.decided_by(options):
            continue
        if (found := page.found()) is not None:
            need = str(KINDS[each.name].needs)
            if need in _STARTED and elbow_init not in (None, page.options.init):
                continue
            analyses[need] = found
            options = replace(options, **taken(page.view_options(), page.flags(options)))
            if need in _STARTED:
                elbow_init = page.options.init
    figure = own.figure if isinstance(own, Analysis) else ""
    ticked = (figure,) if figure and figure not in missing else usual()
    return Exportable(
        run=run,
        options=options,
        iteration=0 if view.goto == "0" else int(view.goto.partition(":")[0]),
        analyses=analyses,
        missing=missing,
        ticked=ticked,
        elbow_init=elbow_init,
        screen=screen,
        both=both,
    )
