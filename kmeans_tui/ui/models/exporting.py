"""What the screens have to export: which files, of what, and the command that writes the same."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kmeans_tui import screen_table
from kmeans_tui.command import ELBOW_INIT, Options, taken
from kmeans_tui.shell_command import export_command
from kmeans_tui.ui.models.session import Run
from kmeans_tui.ui.screens.analysis import Analysis

if TYPE_CHECKING:
    from kmeans_tui.export.appearance import Appearance
    from kmeans_tui.export.bundle import Request
    from kmeans_tui.export.items import Item


@dataclass(frozen=True)
class Exportable:
    """What can be exported from a screen.

    ``options`` are those of the run on show, or of the screen's own question where that is about
    another; the files of the run are then missing. ``analyses`` are what was found, named as items
    need it; ``missing`` says why an item cannot be had.
    """

    run: Run
    options: Options
    iteration: int
    analyses: Mapping[str, Any]
    missing: Mapping[str, str]
    ticked: tuple[str, ...]
    elbow_init: str
    screen: str

    def command(self, items: "tuple[Item, ...]", settings: "Appearance") -> str:
        """The shell command that writes the same files, without the folder."""
        from kmeans_tui.export.items import needed

        return export_command(
            self.options,
            tuple(map(str, items)),
            settings.flags(),
            elbow_init=self.elbow_init if "sweep" in needed(items) else None,
            iteration=self.iteration,
        )

    def request(self, items: "tuple[Item, ...]", folder: Path, settings: "Appearance") -> "Request":
        """All of it, to be handed to the writer; files that are there may be replaced."""
        from kmeans_tui.export.bundle import Request
        from kmeans_tui.export.items import needed
        from kmeans_tui.requests.document import document

        dataset, history = self.run.dataset, self.run.history
        needs = needed(items)
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
            **{need: found for need, found in self.analyses.items() if need in needs},
        )


def exportable(
    run: Run, view: Options, pages: Mapping[str, Any], present: str, screen: str
) -> Exportable:
    """What the screen ``present`` has to export; ``view`` are the options of Explore's view.

    ``pages`` are the screens there are by their names, ``screen`` is a picture of it as SVG.
    """
    from kmeans_tui.export.items import KINDS, usual

    own = pages[present]
    options = view
    missing: dict[str, str] = {}
    if isinstance(own, Analysis) and not own.decided_by(view):
        options = own.view_options()
        for name, kind in KINDS.items():
            if kind.of_run:
                missing[name] = "enter opens the run first"

    def lack(need: str | None, why: str) -> None:
        missing.update({name: why for name, kind in KINDS.items() if kind.needs == need})

    if run.dataset.picture is None:
        lack("picture", "for data opened as image:FILE")
    analyses: dict[str, Any] = {}
    for each in screen_table.TABLE:
        if not each.asks:
            continue
        need, key, page = KINDS[each.name].needs, each.key, pages.get(each.place)
        if not isinstance(page, Analysis) or not page.asked:
            lack(need, f"press {key} first")
        elif not page.decided_by(options):
            lack(need, f"asked with other options: press {key}, then x")
        elif (found := page.found()) is None:
            lack(need, f"not found yet: press {key}")
        else:
            analyses[str(need)] = found
            flags = page.flags(options)
            options = replace(options, **taken(page.view_options(), flags))
    shown = screen_table.screen(present.lower())
    ticked = (shown.name,) if shown.asks and shown.name not in missing else usual()
    return Exportable(
        run=run,
        options=options,
        iteration=0 if view.goto == "0" else int(view.goto.partition(":")[0]),
        analyses=analyses,
        missing=missing,
        ticked=ticked,
        elbow_init=pages["Elbow"].options.init if "sweep" in analyses else ELBOW_INIT,
        screen=screen,
    )
