"""The export dialog: what to write, its look, the folder, and which files would be replaced."""

import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static
from textual.widgets.option_list import Option

from kmeans_tui import palette
from kmeans_tui.ui.models.exporting import Exportable
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.screens.dialogs.dialog import Dialog
from kmeans_tui.ui.widgets.choices import Choices
from kmeans_tui.ui.widgets.progress_line import ProgressLine
from kmeans_tui.words import plural, printable

if TYPE_CHECKING:
    from kmeans_tui.analysis.progress import Progress
    from kmeans_tui.export.appearance import Appearance
    from kmeans_tui.export.bundle import FileProgress, Written
    from kmeans_tui.export.items import Item

_SOLID, _CLEAR = "solid", "transparent"
_STEPS, _GLIDE = "steps", "glide"
# The settings, with the values that space cycles through; the first is the default.
CHOICES: Final[dict[str, tuple[Any, ...]]] = {
    "figures": ("png", "svg", "pdf"),
    "look": ("light", "dark", "article"),
    "size": (None, (800, 600), (1200, 900), (1600, 1200), (1920, 1080), (3840, 2160)),
    "dpi": (None, 72, 100, 150, 200, 300, 600),
    "background": (_SOLID, _CLEAR),
    "animation": ("gif", "webp"),
    "motion": (_STEPS, _GLIDE),
    "frames/s": (1.2, 0.5, 1.0, 2.0, 4.0, 8.0),
    "code": ("py", "ipynb"),
    "rules": ("sql", "py", "txt"),
}


class Settable(Choices):
    """A list of settings; space and the arrows change the highlighted one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,right,l", "screen.set(1)", show=False),
        Binding("left,h", "screen.set(-1)", show=False),
    ]


class What(Choices):
    """The files, ticked with space."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "screen.tick", show=False),
    ]


class ExportDialog(Dialog[None]):
    """Files, settings and folder; replaced files are named before anything is written."""

    NAME = "export"

    BINDINGS: ClassVar[list[BindingType]] = [
        # First, so that a list does not handle the key.
        Binding("enter", "write", show=False, priority=True),
    ]

    def __init__(self, what: Exportable, folder: Path) -> None:
        super().__init__()
        from kmeans_tui.export.worker import Worker

        self._what = what
        self._folder = folder
        self._ticked = {name for name in what.ticked if name not in what.missing}
        self._set: dict[str, Any] = {name: values[0] for name, values in CHOICES.items()}
        # Figures start in the look of the screen.
        self._set["look"] = "dark" if self.app.current_theme.dark else "light"
        self._set["motion"] = _GLIDE if what.options.glide else _STEPS
        self._worker = Worker()
        self._job: Job | None = None
        self._said: FileProgress | None = None
        self._finding: tuple[str, int, int] | None = None

    def body(self) -> ComposeResult:
        """Yield files and settings side by side, the rest below."""
        with Vertical(id="export", classes="dialog") as box:
            box.border_title = "export"
            with Horizontal(id="export-lists"):
                yield What(id="what")
                yield Settable(id="how")
            yield from self.where()
            yield Static(id="replaces")
            yield Static(id="same")
            yield ProgressLine(id="writing")

    def where(self) -> ComposeResult:
        """Yield the folder."""
        with Horizontal(id="where"):
            yield Static("folder ")
            yield Input(str(self._folder), id="folder", compact=True)

    def on_mount(self) -> None:
        """Start the drawing process while the user chooses."""
        self._worker.start()
        self._list_files()
        self._list_settings()
        self.query_one("#what").focus()
        self._say()

    def on_unmount(self) -> None:
        """Stop writing; no half-written file is left behind."""
        self._worker.close()
        if self._job is not None:
            self._job.stop()

    # --- the choice ----------------------------------------------------------------------------

    def _items(self) -> "tuple[Item, ...]":
        from kmeans_tui.export.items import KINDS

        return tuple(self._item(name) for name in KINDS if name in self._ticked)

    def _item(self, name: str) -> "Item":
        from kmeans_tui.export.items import Item

        form = f".{self._set[name]}" if name in self._set else ""
        return Item.read(name + form, self._set["figures"])

    def _settings(self) -> "Appearance":
        from kmeans_tui.export.appearance import Appearance

        options, chosen = self._what.options, self._set
        return Appearance(
            look=chosen["look"],
            size=chosen["size"],
            dpi=chosen["dpi"],
            transparent=chosen["background"] == _CLEAR,
            regions=options.regions,
            trails=options.trails,
            aspect=options.aspect,
            wears=palette.worn(options.colours, self._what.run.history.k),
            fps=chosen["frames/s"],
            glide=chosen["motion"] == _GLIDE,
        )

    def target(self) -> Path:
        """Return the folder to write to."""
        return Path(os.path.expanduser(self.query_one(Input).value.strip() or "."))

    def _list_files(self) -> None:
        from kmeans_tui.export.items import KINDS

        files, last = self.query_one(What), len(self._what.run.history) - 1
        at = files.highlighted or 0
        files.clear_options()
        items = self._items()
        for name in KINDS:
            why = self._what.missing.get(name)
            file = self._item(name).file_name(self._what.iteration, last)
            tick = "[x]" if name in self._ticked else "[ ]"
            about = why or self._what.about(self._item(name), items)
            words = Text.assemble(f"{tick} {file:<18}", (about, "dim"))
            files.add_option(Option(words, id=name, disabled=why is not None))
        files.highlighted = at

    def _list_settings(self) -> None:
        how = self.query_one(Settable)
        at = how.highlighted or 0
        how.clear_options()
        for name, value in self._set.items():
            how.add_option(Option(Text(f"{name:<11}{_shown(value)}"), id=name))
        how.highlighted = at

    def action_set(self, by: int) -> None:
        """Choose the next or previous value of the highlighted setting."""
        name = list(CHOICES)[self.query_one(Settable).highlighted or 0]
        values = CHOICES[name]
        self._set[name] = values[(values.index(self._set[name]) + by) % len(values)]
        self._list_settings()
        self._list_files()
        self._say()

    def action_tick(self) -> None:
        """Tick or untick the highlighted file."""
        files = self.query_one(What)
        if files.highlighted is not None:
            name = files.get_option_at_index(files.highlighted).id or ""
            self._ticked ^= {name}
            self._list_files()
            self._say()

    def on_input_changed(self) -> None:
        """Show which files the new folder would replace."""
        self._say()

    def _say(self) -> None:
        """Show what would be replaced, and the equivalent command."""
        if not self.query("#same"):
            return
        items, last = self._items(), len(self._what.run.history) - 1
        folder = self.target()
        there = [
            file
            for file in (item.file_name(self._what.iteration, last) for item in items)
            if os.path.exists(folder / file)
        ]
        files = plural(len(there), "file")
        said = f"will replace {files} already there: {', '.join(there)}" if there else ""
        self.query_one("#replaces", Static).update(Text(printable(said)))
        shown = tuple(item for item in items if item.name != "screen")
        same = "nothing is chosen"
        if shown:
            same = self._what.command(shown, self._settings()) + self.out(there)
        elif items:
            same = "no command writes the screen itself"
        self.query_one("#same", Static).update(Text(printable(same)))

    def out(self, there: Sequence[str]) -> str:
        """Return the flags for the folder, where ``there`` are already."""
        out = ["--out", str(self.target()), *(["--force"] if there else [])]
        return f" {shlex.join(out)}"

    # --- writing -------------------------------------------------------------------------------

    def action_write(self) -> None:
        """Write the ticked files."""
        items = self._items()
        if self._job is not None:
            self.notify("The files are being written; ctrl+c stops.")
            return
        if not items:
            self.notify("Tick a file with space first.", severity="warning")
            return
        settings, folder = self._settings(), self.target()

        def work(job: Job) -> "Written | None":
            def found(whose: str, said: "Progress[Any]") -> bool:
                self._finding = f"{whose}: {said.doing}", said.done, said.total
                return not job.stopped

            def heard(said: "FileProgress") -> bool:
                self._said = said
                return not job.stopped

            whole = self._what.work_out(items, settings, found)
            if job.stopped:
                return None
            self._what = whole
            found_all = self._worker.write(self._what.request(items, folder, settings), heard)
            return self.finished(found_all) if found_all.complete else found_all

        self._said = self._finding = None
        self._job = Job(self, work, self._tell).start()
        self._tell()

    def stop(self) -> bool:
        """Stop writing; finished files stay."""
        if self._job is None:
            return False
        self._job.stop()
        self._worker.cancel()
        return True

    def on_job_done(self, message: Job.Done) -> None:
        """Say where the files are, or why there are none."""
        self._job, stopped = None, message.job.stopped
        self._tell()
        if message.error is not None:
            if not isinstance(message.error, ValueError):
                raise message.error
            self.notify(str(message.error), severity="error", timeout=10)
            self._say()
            return
        result: Written | None = message.result
        if stopped or result is None or not result.complete:
            self.stopped(() if result is None else result.paths)
            self._say()
            return
        self.hand_over(result.paths)
        self.dismiss()

    def finished(self, written: "Written") -> "Written":
        """Return what to hand over of what was written; runs in the job."""
        return written

    def hand_over(self, paths: Sequence[Path]) -> None:
        """Say where the files are."""
        self.app.exported(paths)  # type: ignore[attr-defined]

    def stopped(self, there: Sequence[Path]) -> None:
        """Say where the files are that were written until it was stopped."""
        self.notify(f"Stopped; {plural(len(there), 'file')} in {self.target()}.")

    def _tell(self) -> None:
        line, said = self.query_one(ProgressLine), self._said
        if self._job is None:
            line.draw("", 0, 0)
        elif said is None:
            line.draw(*(self._finding or ("starting …", 0, 0)))
        else:
            part = f", frame {said.frame}/{said.frames}" if said.frames > 1 else ""
            done = (said.number - 1) * 100 + 100 * said.frame // max(said.frames, 1)
            count = f"{said.number} of {said.files}"
            line.draw(f"{said.file}{part}", done, said.files * 100, count)


def _shown(value: Any) -> str:
    if value is None:
        return "its own"
    return "{}×{}".format(*value) if isinstance(value, tuple) else f"{value}"
