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
from textual.app import App, ScreenStackError
from textual.binding import BindingType
from textual.css.query import NoMatches
from textual.driver import Driver
from textual.errors import NoWidget
from textual.events import Event, Key, MouseDown
from textual.filter import LineFilter, Monochrome, NoColor
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.theme import BUILTIN_THEMES
from textual.worker import WorkerFailed

from kmeans_tui import screen_table
from kmeans_tui.command import Options
from kmeans_tui.data.reading import memory
from kmeans_tui.shell_command import to_command
from kmeans_tui.ui import keys
from kmeans_tui.ui.ascii_filter import AsciiFilter
from kmeans_tui.ui.commands import KeyTable
from kmeans_tui.ui.ending import Ending
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.models.round_steps import following
from kmeans_tui.ui.printable_filter import PrintableFilter
from kmeans_tui.ui.screens.explore import Explore
from kmeans_tui.ui.screens.page import Page
from kmeans_tui.words import plural, printable

THEMES: Final = ("textual-dark", "textual-light", "ansi-dark", "ansi-light")
# What people call the first two.
_SHORT: Final = {"dark": "textual-dark", "light": "textual-light"}
# What works on a screen of any size.
_ALWAYS: Final = ("leave", "close_dialog", "stop_job", "suspend_process", "redraw")


class KMeansApp(App[None]):
    """The program."""

    CSS_PATH: ClassVar[str | Path | None] = "app.tcss"
    TITLE = "kmeans-tui"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar[set[Any]] = {KeyTable}
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("everywhere")]
    # Every screen is a mode of its own, so that its dialogs lie on it and it stays as it was left.
    DEFAULT_MODE = "Explore"

    def __init__(self, options: Options) -> None:
        super().__init__()
        self._printable = PrintableFilter()
        self._ascii = AsciiFilter(enabled=bool(options.ascii))
        self.theme = _theme(options.theme or self._default_theme())
        self.explore = Explore(options)
        self._pages: dict[str, Page] = {self.DEFAULT_MODE: self.explore}
        self.folder: Path | None = None
        for each in screen_table.TABLE:
            if each.place != self.DEFAULT_MODE:
                self.add_mode(each.place, partial(self._made, each.place))
        self.ending: Ending | None = None

    def _default_theme(self) -> str:
        """Sixteen colours are the terminal's own: ours would be rounded onto each other.

        So is a terminal without colours; any other theme would still send greys.
        """
        plain = self.no_color or self.console.color_system == "standard"
        return "ansi-dark" if plain else "textual-dark"

    def _made(self, name: str) -> Page:
        # Made when it is first asked for: starting must not wait for what few will see.
        module = import_module(f"kmeans_tui.ui.screens.{name.lower()}")
        page: Page = getattr(module, name)(self.explore.session)
        self._pages[name] = page
        return page

    @property
    def page(self) -> Page:
        """The screen on show, under the dialogs."""
        return self._pages[self.current_mode]

    def get_default_screen(self) -> Screen[Any]:
        """Explore is there from the start."""
        return self.explore

    def on_mount(self) -> None:
        """From here on the program can be left as any other."""
        # Not before: Textual reads all styles again for the first screen of a mode, which costs the
        # first paint 8 %.
        self.add_mode("Explore", lambda: self.explore)
        if self.ending is not None:
            self.ending.ready()
        self.app_resume_signal.subscribe(self, lambda _: self.action_redraw())

    def get_driver_class(self) -> type[Driver]:
        """Textual's own, or ours in the place of the one for terminals."""
        found = super().get_driver_class()
        if found.__name__ != "LinuxDriver":
            return found
        from kmeans_tui.ui.terminal import SteadyDriver

        return SteadyDriver

    def exit(
        self, result: None = None, return_code: int = 0, message: RenderableType | None = None
    ) -> None:
        """Leave the program; the end comes soon whatever is in its way."""
        if self.ending is not None:
            self.ending.begin(return_code)
        super().exit(result, return_code, message)

    def hurry(self) -> None:
        """Wait for no terminal any more; from any thread."""
        if (give_up := getattr(self._driver, "give_up", None)) is not None:
            give_up()

    def restore(self) -> None:
        """Give the terminal back where the loop does not come to it; from any thread."""
        if (give_back := getattr(self._driver, "give_back", None)) is not None:
            give_back()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, the one that lets no control pass, the one that keeps to ASCII."""
        found = list(super().get_line_filters())
        if self.no_color:
            # Textual chose before the theme was known, and on the terminal's own colours its
            # greys are black on black.
            found = [NoColor() if isinstance(each, Monochrome) else each for each in found]
        found.append(self._printable)
        return [*found, self._ascii] if self._ascii.enabled else found

    @property
    def ascii_only(self) -> bool:
        """Whether every character is ASCII."""
        return self._ascii.enabled

    def colours(self) -> dict[str, Any]:
        """How clusters look under this theme on this terminal."""
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
        """What was said goes with the next key or click.

        What is pressed where nothing is any more is pressed nowhere.
        """
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
        # While the program is taken down, what is drawn, clicked or searched may be gone already.
        cause = error.error if isinstance(error, WorkerFailed) else error
        if not (self._exit and isinstance(cause, NoMatches | NoWidget | ScreenStackError)):
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """A fault of the program ends in one sentence on a clean terminal."""
        error = self._exception
        text = f"kmeans-tui: internal error, {type(error).__name__}: {error}"
        where = error.__traceback__ if error else None
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        if where is not None:
            text += f" ({Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno})"
        # Without colours: they are escape sequences, and nothing of that kind passes the shell.
        # The first fault alone: what follows it is mostly its consequence.
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
        """Say something above the last line; it takes the place of what was said before.

        Nothing is taken for markup, whatever a widget asks for: names may hold square brackets.
        """
        self.clear_notifications()
        super().notify(
            printable(f"{title}: {message}" if title else message),
            severity=severity,
            timeout=timeout,
            markup=False,
        )

    def copy_to_clipboard(self, text: str) -> None:
        """Put a text on the clipboard to the byte, also where it names a file that is no UTF-8.

        It travels as base64, so that nothing in it is obeyed.
        """
        self._clipboard = text
        if self._driver is not None:
            payload = base64.b64encode(text.encode(errors="surrogateescape")).decode()
            self._driver.write(f"\x1b]52;c;{payload}\a")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """On a screen that is too small to show anything, keys do nothing that cannot be seen."""
        return action in _ALWAYS or not self.page.too_small

    # --- keys that work everywhere -----------------------------------------------------------

    async def action_show(self, name: str) -> None:
        """To a screen by its name, past any dialog."""
        while len(self.screen_stack) > 1:
            self.screen.dismiss()
        if name != self.current_mode:
            # What was said here is not about what is seen there.
            self.clear_notifications()
            if self.explore.session.run is None:
                self.notify("The data are still being read.")
                return
            self.explore.pause()
            await self.switch_mode(name)

    def action_close_dialog(self) -> None:
        """Close a dialog, else back to Explore."""
        if len(self.screen_stack) > 1:
            self.screen.dismiss()
        elif self.page.escape():
            return
        elif self.page is not self.explore:
            self.switch_mode("Explore")
        elif self.explore.cursor.row is not None:
            self.explore.question(None)

    def action_leave(self) -> None:
        """Close a dialog, else back to Explore; there, quit."""
        if len(self.screen_stack) > 1 or self.page is not self.explore:
            self.action_close_dialog()
        else:
            self.exit()

    async def action_help(self) -> None:
        """All keys of this screen."""
        from kmeans_tui.ui.screens.dialogs.help import HelpDialog

        if len(self.screen_stack) == 1:
            # Awaited, here and elsewhere: a key pressed right behind must meet the open dialog.
            await self.push_screen(HelpDialog(self.page.PLACE))

    async def action_remarks(self) -> None:
        """What is to be known of the data on show."""
        from kmeans_tui.ui.screens.dialogs.data_remarks import RemarksDialog

        if len(self.screen_stack) == 1 and (found := self.page.remarks()) is not None:
            await self.push_screen(RemarksDialog(*found))

    async def action_command_palette(self) -> None:  # type: ignore[override]
        """All actions by name."""
        from kmeans_tui.ui.screens.dialogs.command_palette import Palette

        if not isinstance(self.screen, Palette):
            # Without the name that Textual gives it: one that is closing still holds that.
            await self.push_screen(Palette())

    def action_stop_job(self) -> None:
        """Stop what is running; if nothing is, copy the selection or say how to quit."""
        selected = self.screen.get_selected_text()
        # By name: loading the dialogs only to ask for their class costs the first paint 5 %.
        stop = getattr(self.screen, "stop", self.page.stop)
        if stop() or self.page.stop():
            self.notify("Stopping; what is done so far stays.")
        elif selected:
            self.copy_to_clipboard(selected)
        else:
            self.notify("q quits; ctrl+c stops what is running.")

    def action_copy_command(self) -> None:
        """Copy the command for this view, and show it."""
        command = to_command(self.page.view_options())
        self.copy_to_clipboard(command)
        self.notify(command, title="copied")

    async def action_export(self) -> None:
        """Choose what to write, where, and how it looks."""
        run, view = self.explore.session.run, self.explore.view_options()
        if len(self.screen_stack) > 1 or run is None:
            return
        from kmeans_tui.export.bundle import folder_name
        from kmeans_tui.ui.models.exporting import exportable
        from kmeans_tui.ui.screens.dialogs.export import ExportDialog

        what = exportable(run, view, self._pages, self.current_mode, self.export_screenshot())
        seed = what.options.seed
        folder = self.folder or Path(folder_name(view.data, run.history.k, seed))
        await self.push_screen(ExportDialog(what, folder))

    def exported(self, paths: Sequence[Path]) -> None:
        """Say where the files are; in a browser, hand them over."""
        self.folder = paths[0].parent
        if self.is_web:
            for path in paths:
                self.deliver_binary(path, save_filename=path.name)
        self.notify(f"{plural(len(paths), 'file')} in {self.folder}", title="written")

    def action_undo(self) -> None:
        """Back to the run, or to what was asked, before this."""
        self.page.undo()

    def action_next_theme(self) -> None:
        """The next of the four themes."""
        self.use_theme(following(THEMES, self.theme))

    def use_theme(self, name: str) -> None:
        """Change the colours."""
        self.theme = name
        session = self.explore.session
        session.options = replace(session.options, theme=name)
        self.call_after_refresh(self._look)

    def action_toggle_ascii(self) -> None:
        """ASCII only, on and off."""
        self._ascii.enabled = not self._ascii.enabled
        session = self.explore.session
        session.options = replace(session.options, ascii=self._ascii.enabled)
        self.action_redraw()

    def action_redraw(self) -> None:
        """Send the whole screen again, whatever the terminal shows by now."""
        self._look()
        for screen in {*self._pages.values(), *self.screen_stack}:
            for widget in screen.walk_children(with_self=True):
                widget.refresh()
        self.refresh(layout=True)


def _theme(name: str) -> str:
    return _SHORT.get(name, name)


def run_app(options: Options) -> int:
    """Open the screen on these options; the exit code of the program."""
    if options.theme is not None and _theme(options.theme) not in BUILTIN_THEMES:
        known = ", ".join((*_SHORT, *BUILTIN_THEMES))
        said = printable(f"{options.theme!r} is no theme; there are {known}")
        print(f"kmeans-tui: {said}", file=sys.stderr)
        return 2
    if memory.too_few_addresses():
        print(f"kmeans-tui: {memory.needs_more('the screen')}", file=sys.stderr)
        return 1
    app = KMeansApp(options)
    # The screens say it themselves; on stderr it would be written over them.
    warnings.simplefilter("ignore", UserWarning)
    ending = app.ending = Ending(lambda code: app.exit(return_code=code), app.hurry, app.restore)
    ending.listen()
    app.run()
    code = app.return_code or 0
    if code == 0:
        if app.explore.session.run is not None:
            again = to_command(app.page.view_options())
            print(f"the last view again: {printable(again)}")
        if app.folder is not None:
            print(printable(f"files written to {app.folder}"))
    rests = Job.all_ended(patience=0.3)
    ending.reached()
    stuck = getattr(app._driver, "stuck", False)
    if stuck:
        app.restore()
    if not rests or stuck:
        # A thread that is still inside scikit-learn or numpy when Python takes itself down has been
        # seen to abort the process with "double free or corruption". Nothing is left to be done.
        ending.force(code)
    return code
