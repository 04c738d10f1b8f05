"""The program on the terminal: themes, the keys that work everywhere, and a clean way out."""

import base64
import sys
import warnings
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, Final

from rich.console import RenderableType
from rich.text import Text
from textual.app import ScreenStackError
from textual.binding import BindingType
from textual.css.query import NoMatches
from textual.errors import NoWidget
from textual.events import Event, Key, MouseDown
from textual.filter import LineFilter, Monochrome, NoColor
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.worker import WorkerFailed

from kmeans_tui import garbage, screen_table, settings, user_keys
from kmeans_tui.command import Options
from kmeans_tui.data.reading import memory
from kmeans_tui.shell_command import to_command
from kmeans_tui.ui import themes
from kmeans_tui.ui.ascii_filter import AsciiFilter
from kmeans_tui.ui.bindings import bindings, rebind
from kmeans_tui.ui.commands import KeyTable
from kmeans_tui.ui.ending import Ending
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.models.round_steps import following
from kmeans_tui.ui.printable_filter import PrintableFilter
from kmeans_tui.ui.screens.explore import Explore
from kmeans_tui.ui.screens.page import Page
from kmeans_tui.ui.visited import Visited
from kmeans_tui.ui.visitor import Visitor
from kmeans_tui.words import plural, printable

# Seconds after the first paint in which the first picture is drawn, if it is quick at all.
_START: Final = 1.0
# The actions that work on a screen of any size.
_ALWAYS: Final = ("leave", "close_dialog", "stop_job", "suspend_process", "redraw")


class KMeansApp(Visited):
    """The program."""

    CSS_PATH: ClassVar[str | Path | None] = "app.tcss"
    TITLE = "kmeans-tui"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar[set[Any]] = {KeyTable}
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("everywhere")]
    # Every screen is its own mode, so that it keeps its dialogs and its state.
    DEFAULT_MODE = "Explore"

    def __init__(self, options: Options, visitor: Visitor | None = None) -> None:
        # Before all: it decides on the driver.
        self.visitor = visitor
        super().__init__()
        rebind(self, "everywhere")
        self._printable = PrintableFilter()
        self.last_words = ""
        self._ascii = AsciiFilter(enabled=bool(options.ascii))
        plain = self.no_color or self.console.color_system == "standard"
        self.theme = themes.full_name(options.theme or themes.to_begin_with(plain))
        self.explore = Explore(options)
        self._pages: dict[str, Page] = {self.DEFAULT_MODE: self.explore}
        self.folder: Path | None = None
        for each in screen_table.TABLE:
            if each.place != self.DEFAULT_MODE:
                self.add_mode(each.place, partial(self._made, each.place))
        self.ending: Ending | None = None

    def _made(self, name: str) -> Page:
        # Created on first use, so that starting does not wait for it.
        module = import_module(f"kmeans_tui.ui.screens.{name.lower()}")
        page: Page = getattr(module, name)(self.explore.session)
        self._pages[name] = page
        return page

    @property
    def page(self) -> Page:
        """The current screen, under any dialogs."""
        return self._pages[self.current_mode]

    def get_default_screen(self) -> Screen[Any]:
        """Return Explore, which exists from the start."""
        return self.explore

    def on_mount(self) -> None:
        """Let signals end the program from here on."""
        # Not earlier: Textual rereads all styles for the first screen of a mode, which costs the
        # first paint 8 %.
        self.add_mode("Explore", lambda: self.explore)
        if self.ending is not None:
            self.ending.ready()
        self.app_resume_signal.subscribe(self, lambda _: self.action_redraw())
        self.set_timer(_START, garbage.collect)

    def exit(
        self, result: None = None, return_code: int = 0, message: RenderableType | None = None
    ) -> None:
        """Leave the program, soon in any case."""
        if self.ending is not None:
            self.ending.begin(return_code)
        if message is not None:
            # Printed at the end: Textual would break it into lines, and their ends become dots.
            self.last_words = str(message)
        super().exit(result, return_code)

    def hurry(self) -> None:
        """Stop waiting for the terminal; safe from any thread."""
        if (give_up := getattr(self._driver, "give_up", None)) is not None:
            give_up()

    def restore(self) -> None:
        """Restore the terminal if the loop fails to; safe from any thread."""
        if (give_back := getattr(self._driver, "give_back", None)) is not None:
            give_back()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return Textual's filters, the one for printable text, and the one for ASCII if on."""
        found = list(super().get_line_filters())
        if self.no_color:
            # Textual chose before the theme was known; with the terminal's own colours its greys
            # are black on black.
            found = [NoColor() if isinstance(each, Monochrome) else each for each in found]
        found.append(self._printable)
        return [*found, self._ascii] if self._ascii.enabled else found

    @property
    def ascii_only(self) -> bool:
        """Whether every character is ASCII."""
        return self._ascii.enabled

    def colours(self) -> dict[str, Any]:
        """Return how clusters look with this theme on this terminal."""
        system = self.console.color_system
        theme = self.current_theme
        ansi = theme.ansi or system == "standard"
        ground = "dark" if theme.dark else "light"
        return {
            "look": f"ansi-{ground}" if ansi else ground,
            "ascii_only": self.ascii_only,
            "tints": system == "truecolor" and not ansi and not self.no_color,
            "mono": self.no_color,
        }

    def _look(self) -> None:
        for page in self._pages.values():
            page.look(self.colours())

    async def on_event(self, event: Event) -> None:
        """Clear notices at the next key or click; ignore a click on a widget that is gone."""
        pressed_anew = isinstance(event, Key | MouseDown) and not event.is_forwarded
        if pressed_anew and self._notifications:
            self.clear_notifications()
        if isinstance(event, MouseDown) and not event.is_forwarded:
            try:
                pressed, _ = self.get_widget_at(event.x, event.y)
            except NoWidget:
                return
            if pressed.parent is None:
                return
        await super().on_event(event)

    def _handle_exception(self, error: Exception) -> None:
        # During shutdown, a widget that is drawn, clicked or looked up may be gone already.
        cause = error.error if isinstance(error, WorkerFailed) else error
        if not (self._exit and isinstance(cause, NoMatches | NoWidget | ScreenStackError)):
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Report a bug in the program in one sentence on a clean terminal."""
        error = self._exception
        text = f"kmeans-tui: internal error, {type(error).__name__}: {error}"
        where = error.__traceback__ if error else None
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        if where is not None:
            text += f" ({Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno})"
        # Without colours, which are escape sequences and must not end up in the shell. Only the
        # first error: the others mostly follow from it.
        self._exit_renderables[:] = [Text(printable(text), overflow="fold")]
        self._close_messages_no_wait()

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a notice on the last line, or above the status if longer; it replaces the previous.

        Markup is always off, whatever a widget asks for: names may contain square brackets.
        """
        self.clear_notifications()
        text = printable(f"{title}: {message}" if title else message)
        # The bar at its left takes a cell.
        self.set_class(Text(text).cell_len >= self.size.width, "-long-notice")
        super().notify(text, severity=severity, timeout=timeout, markup=False)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy a text exactly, as base64: no file name in it is changed, or obeyed."""
        self._clipboard = text
        if self._driver is not None:
            payload = base64.b64encode(text.encode(errors="surrogateescape")).decode()
            self._driver.write(f"\x1b]52;c;{payload}\a")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Ignore keys with a visible effect on a screen that is too small to show it."""
        return action in _ALWAYS or not self.page.too_small

    # --- keys that work everywhere -----------------------------------------------------------

    async def action_show(self, name: str) -> None:
        """Go to a screen by its name, closing any dialogs."""
        while len(self.screen_stack) > 1:
            self.screen.dismiss()
        if name != self.current_mode:
            # Notices of this screen do not apply to the next.
            self.clear_notifications()
            if self.explore.session.run is None:
                self.notify("The data are still being read.")
                return
            self.explore.pause()
            await self.switch_mode(name)

    def action_close_dialog(self) -> None:
        """Close a dialog, else go back to Explore."""
        self.screen.clear_selection()
        if len(self.screen_stack) > 1:
            self.screen.dismiss()
        elif self.page.escape():
            return
        elif self.page is not self.explore:
            self.switch_mode("Explore")
        elif self.explore.cursor.row is not None:
            self.explore.question(None)

    def action_leave(self) -> None:
        """Close a dialog, else go back to Explore; there, quit."""
        if len(self.screen_stack) > 1 or self.page is not self.explore:
            self.action_close_dialog()
        else:
            self.exit()

    async def action_help(self) -> None:
        """Show all keys of this screen."""
        from kmeans_tui.ui.screens.dialogs.help import HelpDialog

        if len(self.screen_stack) == 1:
            # Awaited, here and elsewhere: a key pressed right after must reach the dialog.
            await self.push_screen(HelpDialog(self.page.PLACE))

    async def action_remarks(self) -> None:
        """Show the remarks on the data."""
        from kmeans_tui.ui.screens.dialogs.data_remarks import RemarksDialog

        if len(self.screen_stack) == 1 and (found := self.page.remarks()) is not None:
            await self.push_screen(RemarksDialog(*found))

    async def action_command_palette(self) -> None:  # type: ignore[override]
        """Show all actions by name."""
        from kmeans_tui.ui.screens.dialogs.command_palette import Palette

        if not isinstance(self.screen, Palette):
            # Without Textual's id, which a palette that is still closing has too.
            await self.push_screen(Palette())

    def action_stop_job(self) -> None:
        """Stop the running job; if there is none, copy the selection or say how to quit."""
        selected = self.screen.get_selected_text()
        # By name: importing the dialogs just to check the class costs the first paint 5 %.
        stop = getattr(self.screen, "stop", self.page.stop)
        if stop() or self.page.stop():
            self.notify("Stopping; what is done so far is kept.")
        elif selected:
            self.copy_to_clipboard(selected)
        else:
            self.notify(f"{user_keys.key('leave')} quits; ctrl+c stops a running job.")

    def command(self) -> str:
        """Return the command for this view, which is the same under any settings."""
        return to_command(self.page.view_options(), spelled_out=settings.kept()[0])

    def action_copy_command(self) -> None:
        """Copy the command for this view, and show it."""
        command = self.command()
        self.copy_to_clipboard(command)
        self.notify(command, title="copied")

    async def action_export(self) -> None:
        """Choose what to write, where, and how it looks."""
        run, view = self.explore.session.run, self.explore.view_options()
        if len(self.screen_stack) > 1 or run is None:
            return
        from kmeans_tui.export.bundle import folder_name
        from kmeans_tui.ui.models.exporting import exportable

        what = exportable(run, view, self._pages, self.current_mode, self.export_screenshot())
        name = folder_name(view.data, run.history.k, what.options.seed)
        await self.push_screen(self.export_dialog(what, self.folder or Path(name)))

    def exported(self, paths: Sequence[Path]) -> None:
        """Say where the files are."""
        self.folder = paths[0].parent
        self.notify(f"{plural(len(paths), 'file')} in {self.folder}", title="written")

    def action_undo(self) -> None:
        """Go back to the previous run or options."""
        self.page.undo()

    def action_next_theme(self) -> None:
        """Use the next of the four themes."""
        self.use_theme(following(themes.CYCLE, self.theme))

    def use_theme(self, name: str) -> None:
        """Change the colours."""
        self.theme = name
        self.explore.session.prefer(theme=name)
        self.call_after_refresh(self._look)

    def action_toggle_ascii(self) -> None:
        """Turn ASCII only on or off."""
        self._ascii.enabled = not self._ascii.enabled
        self.explore.session.prefer(ascii=self._ascii.enabled)
        self.action_redraw()

    def action_redraw(self) -> None:
        """Send the whole screen again."""
        self._look()
        for screen in {*self._pages.values(), *self.screen_stack}:
            for widget in screen.walk_children(with_self=True):
                widget.refresh()
        self.refresh(layout=True)


def run_app(
    options: Options, visitor: Visitor | None = None, size: tuple[int, int] | None = None
) -> int:
    """Open the screen with these options, and return the exit code of the program.

    Without a visitor it is the terminal that is drawn on; the size is that of a visitor's page.
    """
    if options.theme is not None and (said := themes.refusal(options.theme)):
        if settings.kept()[0].get("theme") != options.theme:
            print(f"kmeans-tui: {printable(said)}", file=sys.stderr)
            return 2
        # Kept from another version of the program.
        options = replace(options, theme=None)
    if memory.too_few_addresses():
        print(f"kmeans-tui: {memory.needs_more('the screen')}", file=sys.stderr)
        return 1
    app = KMeansApp(options, visitor)
    # The screens show warnings themselves; on stderr they would overwrite the screen.
    warnings.simplefilter("ignore", UserWarning)
    ending = app.ending = Ending(lambda code: app.exit(return_code=code), app.hurry, app.restore)
    ending.listen()
    app.run(mouse=options.mouse, size=size)
    code = app.return_code or 0
    if app.last_words:
        print(printable(app.last_words), file=sys.stderr)
    if code == 0 and visitor is None:
        if app.explore.session.run is not None:
            print(f"to see the last view again: {printable(app.command())}")
        if app.folder is not None:
            print(printable(f"files written to {app.folder}"))
    settings.finish()
    rests = Job.all_ended(patience=0.3)
    ending.reached()
    stuck = getattr(app._driver, "stuck", False)
    if stuck:
        app.restore()
    if not rests or stuck:
        # A thread still inside scikit-learn or numpy while Python shuts down has been seen to
        # abort the process with "double free or corruption". Nothing is left to do.
        ending.force(code)
    return code
