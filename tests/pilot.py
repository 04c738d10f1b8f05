"""What the Pilot tests share: open the program or one widget, wait, and read the screen."""

import asyncio
import shlex
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from kmeans_tui.analysis.progress import Progress
from kmeans_tui.command import Options
from kmeans_tui.shell_command import to_command
from kmeans_tui.ui.app import KMeansApp
from kmeans_tui.ui.widgets.cells import Cells
from kmeans_tui.ui.widgets.chart import Chart
from kmeans_tui.ui.widgets.listing import Listing
from kmeans_tui.ui.widgets.picture import Picture
from kmeans_tui.ui.widgets.progress_line import ProgressLine
from tests.test_command import read

# What a screen is resized to: every breakpoint from both sides, too small, and back.
SIZES = ((60, 16), (80, 24), (95, 30), (20, 5), (160, 50), (89, 21), (59, 16), (90, 22), (100, 30))

Cell = tuple[str, Style]


def screen_text(app: App[Any]) -> str:
    """The screen as plain text, one line per row."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def cells(widget: Cells) -> list[list[Cell]]:
    """What stands inside the frame of a widget: character and style of every cell."""
    return [
        [(character, style or Style.null()) for text, style, _ in strip for character in text]
        for strip in _inside(widget)
    ]


def text(widget: Cells) -> list[str]:
    """The lines inside the frame of a widget."""
    return [strip.text for strip in _inside(widget)]


def whole(widget: Cells) -> list[Strip]:
    """All rows of a widget as Textual gets them, the frame included."""
    return widget.render_lines(Region(0, 0, *widget.size))


def framed(widget: Cells) -> tuple[str, str]:
    """The words in the frame of a widget: its title and its hint."""
    top, *_, bottom = whole(widget)
    assert (top.text[0], top.text[-1], bottom.text[0], bottom.text[-1]) == tuple("╭╮╰╯")
    return top.text.strip("╭─╮").strip(), bottom.text.strip("╰─╯").strip()


def _inside(widget: Cells) -> list[Strip]:
    width, height = widget.size
    if not widget.framed:
        return whole(widget)
    return [strip.crop(1, max(1, width - 1)) for strip in whole(widget)[1 : max(1, height - 1)]]


async def until(pilot: Pilot[Any], true: Callable[[], object], what: str = "") -> None:
    """Wait until something is true; generous, because nothing here is about time."""
    for _ in range(4000):
        if true():
            return
        await asyncio.sleep(0.005)
    raise AssertionError(f"never came: {what or true}\n{screen_text(pilot.app)}")


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until no fit is running and the screen is drawn."""
    explore = pilot.app.explore  # type: ignore[attr-defined]
    await until(pilot, lambda: explore.session.run is not None and not explore.fitter.busy)
    # The plots are mounted after the first run has been adopted, and painted after that.
    await until(pilot, lambda: any(chart._scene for chart in explore.query(Chart)))
    await pilot.pause()
    # A plot that had no size yet is drawn when it gets one.
    seen = [plot for plot in explore.query(Picture) if plot.is_on_screen and min(plot.inner) > 0]
    await until(pilot, lambda: all(plot._characters is not None for plot in seen))


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys one by one, each after what the one before set going."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


@asynccontextmanager
async def opened(
    options: Options | None = None, size: tuple[int, int] = (100, 30), **settings: Any
) -> AsyncIterator[Pilot[None]]:
    """The program with its first run on show."""
    app = KMeansApp(options or Options())
    async with app.run_test(size=size, **settings) as pilot:
        await settled(pilot)
        yield pilot


async def answered(pilot: Pilot[Any]) -> None:
    """Wait until the screen on show has the answer to its question, and is drawn."""
    app: Any = pilot.app
    await until(pilot, lambda: app.page is app.screen and app.page.is_mounted)
    await until(pilot, lambda: app.page._job is not None and not app.page.busy)
    await until(pilot, lambda: getattr(app.page, "_drawing", None) is None)
    await pilot.pause()


async def climbed(pilot: Pilot[Any]) -> None:
    """Wait until the ladder on show has a rung for every row."""
    page = pilot.app.screen
    await until(pilot, lambda: len(page.climbing.rungs) == len(page.found().rows))  # type: ignore[attr-defined]
    await pilot.pause()


@asynccontextmanager
async def asking(
    screen: str, options: Options | None = None, size: tuple[int, int] = (100, 30)
) -> AsyncIterator[Pilot[None]]:
    """The program opened on a screen that asks many runs, with the question put."""
    app = KMeansApp(replace(options or Options(), screen=screen))
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: app.current_mode == screen.capitalize())
        page: Any = app.page
        await until(pilot, lambda: page is app.screen and page._job is not None)
        await pilot.pause()
        yield pilot


async def ask(pilot: Pilot[Any], *keys: str) -> str:
    """Press keys on such a screen, each after the answer to the one before; the screen then."""
    for key in keys:
        await pilot.press(key)
        await until(pilot, lambda: not getattr(pilot.app.page, "busy", False))
    await answered(pilot)
    return screen_text(pilot.app)


def copied(app: KMeansApp) -> Options:
    """The options in the command that ``y`` copies."""
    program, *words = shlex.split(to_command(app.page.view_options()))
    assert program == "kmeans-tui"
    return read(words)


def rows(pilot: Pilot[Any], name: str) -> list[list[str]]:
    """The words of every row of a listing, without header, mark and bar."""
    _, *lines = text(pilot.app.screen.query_one(name, Listing))
    return [words for line in lines if (words := line.replace("▶", " ").replace("█", "").split())]


def chosen(pilot: Pilot[Any], name: str) -> list[str]:
    """The words of the rows that are marked."""
    return [line for line in text(pilot.app.screen.query_one(name, Listing)) if "▶" in line]


def progress(pilot: Pilot[Any]) -> str:
    """The line of progress, without the key that reads the remarks on the data."""
    (line,) = text(pilot.app.screen.query_one(ProgressLine))
    return line.strip().partition(" · R: ")[0]


class Gate:
    """Holds work after each row it finds, or wherever it is told, until it is let through."""

    def __init__(self, at: Callable[[Progress[Any]], bool]) -> None:
        self.calls = 0
        self._at = at
        self._open = threading.Semaphore(0)

    def let(self, rows: int = 10**6) -> None:
        """Let this many rows through."""
        self._open.release(rows)

    def held(self, work: Callable[..., Any]) -> Callable[..., Any]:
        """The work that waits here; asked to stop, it does not wait."""

        def slow(*arguments: Any, progress: Callable[..., Any], **keywords: Any) -> Any:
            self.calls += 1

            def listen(said: Progress[Any]) -> bool:
                on = progress(said)
                while on is not False and self._at(said) and not self._open.acquire(timeout=0.005):
                    on = progress(replace(said, row=None))
                return on is not False

            return work(*arguments, progress=listen, **keywords)

        return slow


def hold(
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
    at: Callable[[Progress[Any]], bool] = lambda said: said.row is not None,
) -> Gate:
    """Hold this function of an analysis at a gate."""
    gate = Gate(at)
    monkeypatch.setattr(module, name, gate.held(getattr(module, name)))
    return gate


class Frame(App[None]):
    """An app of nothing but the widgets under test."""

    CSS = "Screen { overflow: hidden; } Screen > * { width: 100%; height: 1fr; }"

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self._shown = widgets

    def compose(self) -> ComposeResult:
        """The widgets one below the other, sharing the screen."""
        yield from self._shown


@asynccontextmanager
async def shown(*widgets: Widget, size: tuple[int, int] = (60, 20)) -> AsyncIterator[Pilot[None]]:
    """Widgets on a screen of this size, laid out and ready to be drawn on."""
    async with Frame(*widgets).run_test(size=size) as pilot:
        await pilot.pause()
        yield pilot
