"""The dialog to open a file by its path, with a preview of how it is read."""

import os
from dataclasses import replace
from typing import ClassVar, Final

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from kmeans_tui.command import Options
from kmeans_tui.data import catalogue
from kmeans_tui.data.reading import files
from kmeans_tui.ui.models import opening, paths
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.models.opening import Opened
from kmeans_tui.ui.models.read_settings import ReadSettings
from kmeans_tui.ui.models.reader import Kept, Reader, Shelf
from kmeans_tui.ui.screens.dialogs.dialog import Dialog
from kmeans_tui.ui.screens.dialogs.export import Settable
from kmeans_tui.ui.widgets.choices import Choices
from kmeans_tui.ui.widgets.progress_line import ProgressLine
from kmeans_tui.words import plural, printable

# Seconds without typing before the file is read.
_PAUSE: Final = 0.2


class PathInput(Input):
    """An input for a path; tab completes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "screen.complete", show=False),
        Binding("down", "screen.matches", show=False),
    ]


class Matches(Choices):
    """The completions of the path; enter takes the highlighted one."""


class OpenDialog(Dialog[Options | None]):
    """A path, its completions, what is in the file, and how it is read."""

    NAME = "open"

    def __init__(self, shelf: Shelf, present: Options | None, *, settings: bool = False) -> None:
        super().__init__()
        self._begins = Settable if settings else PathInput
        self._reader = Reader(self, shelf, _PAUSE, self._tell)
        self._wish = present or Options("")
        self._accepts = False
        self._known: Opened | None = None

    def body(self) -> ComposeResult:
        """Yield the path at the top, matches and facts below it, the settings at the right."""
        with Vertical(id="open", classes="dialog") as box:
            box.border_title = "open a file"
            with Horizontal(id="path-line"):
                yield Static("path ")
                yield PathInput(self._wish.data, id="path", compact=True)
            with Horizontal(id="open-lists"):
                yield Matches(id="matches")
                yield Settable(id="read-as")
            yield Static(id="found")
            yield ProgressLine(id="opening")

    def on_mount(self) -> None:
        """Focus the path, or the settings of the file that is there."""
        self._list_settings()
        self.query_one(self._begins).focus()
        self._look()

    def on_unmount(self) -> None:
        """Stop reading."""
        self._reader.rest()

    # --- the path ------------------------------------------------------------------------------

    @property
    def _data(self) -> str:
        """The path as an option, never read as a built-in set or as standard input."""
        typed = self.query_one(PathInput).value
        if typed.strip() != typed and not os.path.lexists(files.located(typed)):
            typed = typed.strip()
        if typed and (not catalogue.is_file(typed) or typed == files.STDIN):
            return os.path.join(os.curdir, typed)
        return typed

    def on_input_changed(self) -> None:
        """List the matches of the new path, and read its file."""
        self._list_matches()
        self._known = None
        self._wish = replace(self._wish, data=self._data)
        self._look()

    def _list_matches(self) -> None:
        matches = self.query_one(Matches)
        matches.clear_options()
        found = paths.matching(self.query_one(PathInput).value)
        for each in found.names:
            matches.add_option(Option(Text(opening.listed(each)), id=each))
        if found.more:
            matches.add_option(Option(Text(f"and {found.more:,} more", "dim"), disabled=True))

    def action_complete(self) -> None:
        """Complete as far as all matches agree; if that adds nothing, go to the settings."""
        field = self.query_one(PathInput)
        found = paths.completed(field.value)
        if found == field.value:
            self.query_one(Settable).focus()
        else:
            field.value = found
            field.cursor_position = len(found)

    def action_matches(self) -> None:
        """Go to the list of matches."""
        matches = self.query_one(Matches)
        if matches.option_count:
            matches.highlighted = matches.highlighted or 0
            matches.focus()

    # --- how it is read ------------------------------------------------------------------------

    @property
    def _settings(self) -> ReadSettings:
        # Still those of the file while it is being read in another way.
        return ReadSettings(self._wish, self._reader.opened or self._known)

    def _list_settings(self) -> None:
        how, settings = self.query_one(Settable), self._settings
        at = how.highlighted or 0
        how.clear_options()
        for name in settings.names:
            how.add_option(Option(Text(printable(settings.line(name))), id=name))
        how.highlighted = min(at, len(settings.names) - 1)

    def action_set(self, by: int) -> None:
        """Choose the next or previous value of the highlighted setting."""
        settings = self._settings
        name = settings.names[self.query_one(Settable).highlighted or 0]
        self._wish = settings.changed(name, by)
        self._list_settings()
        self._look()

    # --- reading -------------------------------------------------------------------------------

    def _look(self) -> None:
        """Read the file that the path names, if it names one."""
        self._accepts = False
        if self._wish.data and self._is_there():
            self._reader.want(self._wish)
        else:
            self._reader.drop()
        self._say()

    def _is_there(self) -> bool:
        path = files.located(self._wish.data.removeprefix(files.IMAGE))
        try:
            return path.is_file()
        except (OSError, ValueError):
            return False

    def on_job_done(self, message: Job.Done) -> None:
        """Show what was found, and take it if enter was pressed."""
        if not self._reader.finish(message):
            return
        self._accepts = self._accepts and not self._reader.stopped
        self._tell()
        self._say()
        self._list_tables()
        if self._accepts:
            self._accept()

    def _list_tables(self) -> None:
        """List the tables of a database of which none is named, to be chosen like a path."""
        kept = self._reader.kept
        named = [each["data"] for each in kept.readings if "data" in each] if kept else []
        if named:
            matches = self.query_one(Matches)
            matches.clear_options()
            matches.add_options(Option(Text(opening.listed(each)), id=each) for each in named)

    def stop(self) -> bool:
        """Stop reading."""
        return self._reader.stop()

    # --- accepting -----------------------------------------------------------------------------

    def on_input_submitted(self) -> None:
        """Take the file; a path that is not a file is first completed, if possible."""
        field = self.query_one(PathInput)
        if not self._is_there() and (found := paths.completed(field.value)) != field.value:
            field.value, field.cursor_position = found, len(found)
        else:
            self._accept()

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Put a match into the path; in the settings, take the file."""
        if message.option_list.id == "matches":
            field = self.query_one(PathInput)
            field.focus()
            field.value = message.option.id or ""
            field.cursor_position = len(field.value)
        else:
            self._accept()

    def _accept(self) -> None:
        if self._reader.waits:
            self._reader.read()
        self._accepts = self._reader.busy
        if self._accepts:
            self._tell()
        elif self._reader.kept is None:
            self._refuse()
        elif self._reader.opened is None:
            self._say()
        else:
            self.dismiss(self._wish)

    def _refuse(self) -> None:
        """Say why there is no file to read."""
        said = "type the path of a file"
        if self._wish.data:
            try:
                files.check_file(self._wish.data)
            except ValueError as error:
                said = str(error)
        self.query_one("#found", Static).update(Text(printable(f"✗ {said}.")))

    def _say(self) -> None:
        """Show what would be read, and the settings that there are for it."""
        self._known = self._reader.opened or self._known
        self._list_settings()
        found, kept = self.query_one("#found", Static), self._reader.kept
        if kept is None:
            found.update(Text("reading …" if self._reader.busy else ""))
        elif kept.opened is None:
            found.update(Text(printable(f"✗ {kept.refusal}.")))
        else:
            found.update(Text("\n".join(map(printable, _facts(kept)))))

    def _tell(self) -> None:
        then = ", then opens" if self._accepts else ""
        self.query_one("#opening", ProgressLine).draw(*self._reader.doing(then) or ("", 0, 0))


def _facts(kept: Kept) -> list[str]:
    if kept.opened is None or kept.prepared is None:
        return []
    source, kinds = kept.opened.source, dict[str, list[str]]()
    for each in source.columns:
        kinds.setdefault(each.kind, []).append(each.name)
    said = [f"{source.extent} × {plural(len(source.columns), 'column')}"]
    said[0] += f" · {source.read_as}" if source.read_as else ""
    for kind, names in kinds.items():
        more = f" and {len(names) - 6:,} more" if len(names) > 6 else ""
        said.append(f"{kind}: {', '.join(names[:6])}{more}")
    if kept.prepared.refusal:
        said.insert(1, f"✗ {kept.prepared.refusal}.")
    else:
        said += kept.prepared.notes
    return said
