"""How soon something is seen: the program beside a Textual app that shows one empty Static.

``python -m tests.benchmarks.first_paint [ROUNDS]`` starts both by turns, so that the neighbours on
the machine disturb both alike, and prints the medians.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from compileall import compile_dir
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import kmeans_tui
from kmeans_tui.palette import GLYPHS
from tests.terminal import Moment, Screen, Terminal

EMPTY = """
from textual.app import App
from textual.widgets import Static

class Empty(App):
    def compose(self):
        yield Static()

Empty().run()
"""
COMMAND = os.fspath(Path(sys.executable).with_name("kmeans-tui"))
# Wall time, as a ratio to the empty app.
TARGETS = {"first paint": 1.4, "first picture": 2.0}
ENOUGH = 10  # points that make a picture


@contextmanager
def program(*arguments: str, **terminal: Any) -> Iterator[Terminal]:
    """The program in a terminal, without the settings of whoever measures."""
    with (
        tempfile.TemporaryDirectory() as home,
        Terminal(
            [COMMAND, *arguments],
            env={"HOME": home, "XDG_CONFIG_HOME": home},
            **terminal,
        ) as running,
    ):
        yield running


def is_painted(screen: Screen) -> bool:
    """Whether a whole frame has come: its last cell has the background of the app."""
    corner = screen.buffer[screen.lines - 1][screen.columns - 1]
    return 1049 in screen.on and corner.bg != "default"


def has_text(screen: Screen) -> bool:
    """Whether a whole frame has come, and words in it."""
    return is_painted(screen) and any(line.strip() for line in screen.text())


def has_points(screen: Screen) -> bool:
    """Whether points of the data are seen."""
    points = 0
    for char in "".join(screen.text()):
        points += char in GLYPHS or "\u2800" < char <= "\u28ff"
    return points >= ENOUGH


def since_start(terminal: Terminal, seen: Callable[[Screen], bool]) -> Moment:
    """When that was seen, counted from the start; wall and processor time in seconds."""
    moment = terminal.wait_for(seen, timeout=120)
    return Moment(moment.at - terminal.started, moment.cpu)


def measure(rounds: int, columns: int = 120, lines: int = 40) -> dict[str, list[Moment]]:
    """Start both apps by turns and note what was seen when."""
    size = {"columns": columns, "lines": lines}
    # As an installation does; without it, our modules alone would be compiled at every start.
    compile_dir(os.fspath(Path(kmeans_tui.__file__).parent), quiet=2)
    found: dict[str, list[Moment]] = {"empty app": [], "first paint": [], "first picture": []}
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "empty.py")
        script.write_text(EMPTY)
        for _ in range(rounds):
            with Terminal([sys.executable, os.fspath(script)], **size) as terminal:
                found["empty app"].append(since_start(terminal, is_painted))
            with program("blobs", **size) as terminal:
                found["first paint"].append(since_start(terminal, has_text))
                found["first picture"].append(since_start(terminal, has_points))
    return found


def table(found: dict[str, list[Moment]]) -> Iterator[str]:
    """The medians, and their ratio to the empty app."""
    yield "| 120x40 | wall ms | ratio | target | CPU ms | ratio |"
    yield "|---|---|---|---|---|---|"
    base = middle(found["empty app"])
    for name, moments in found.items():
        mine = middle(moments)
        target = f"<= {TARGETS[name]}" if name in TARGETS else ""
        yield (
            f"| {name} | {mine.at * 1e3:.0f} | {mine.at / base.at:.2f} | {target} "
            f"| {mine.cpu * 1e3:.0f} | {mine.cpu / base.cpu:.2f} |"
        )


def middle(moments: Sequence[Moment]) -> Moment:
    """The median of the wall times and that of the processor times."""
    return Moment(median(each.at for each in moments), median(each.cpu for each in moments))


if __name__ == "__main__":
    for line in table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 9)):
        print(line)
