"""The real command in a real pty: how it opens, plays, is interrupted, and leaves."""

import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.benchmarks.screen import differences, is_playing, open_run, replay, status
from tests.terminal import Screen, Terminal

COMMAND = [sys.executable, "-m", "kmeans_tui"]
BLOBS = ("blobs", "-k", "3")
Start = Callable[..., Terminal]


@pytest.fixture
def home(tmp_path) -> dict[str, str | None]:
    """Nothing of the user's own settings; escape is escape sooner than the next key comes."""
    return {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "ESCDELAY": "20"}


@pytest.fixture
def start(home) -> Iterator[Start]:
    """Start the command in a terminal, which is closed after the test."""
    with ExitStack() as stack:

        def started(*arguments: str, env=(), command=COMMAND, **settings) -> Terminal:
            environment = home | dict(env)
            terminal = Terminal([*command, *arguments], env=environment, **settings)
            return stack.enter_context(terminal)

        yield started


@pytest.fixture
def opened(start) -> Start:
    """Start the command and wait until its run is on show."""

    def run(*arguments: str, **settings) -> Terminal:
        terminal = start(*arguments, **settings)
        open_run(terminal)
        return terminal

    return run


def at_end(screen: Screen) -> bool:
    found = re.search(r"iteration (?:\d+ → )?(\d+) of (\d+)", status(screen))
    return found is not None and found[1] == found[2] and not is_playing(screen)


def test_opens_plays_to_the_end_and_leaves_a_clean_terminal(opened):
    terminal = opened(*BLOBS, "--speed", "30")
    assert "1 Explore" in terminal.text()[0]
    assert "iteration 0 of" in status(terminal.screen)
    terminal.send("space")
    terminal.wait_for(at_end)
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


def test_the_line_printed_at_the_end_opens_the_same_view(opened):
    first = opened(*BLOBS)
    for key in ("right", ".", "+", "n", "b", "t", "m", "i", "z", ">"):
        first.send(key)
        first.wait_quiet()
    first.wait_quiet(1)
    view = first.cells()
    first.send("q")
    assert first.wait_exit() == 0
    # A line longer than the window goes on in the next one.
    printed = "".join(first.text())
    words = shlex.split(printed[printed.rindex("kmeans-tui blobs") :])
    second = opened(*words[1:])
    second.wait_quiet(1)
    assert second.cells() == view


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_gives_the_terminal_back(opened, number, code):
    terminal = opened(*BLOBS, "--speed", "30", "--play")
    terminal.signal(number)
    assert terminal.wait_exit() == code
    assert terminal.left_behind() == []
    assert "Traceback" not in "\n".join(terminal.text())


def test_a_closed_window_ends_the_program(opened):
    terminal = opened(*BLOBS, "--speed", "30", "--play")
    terminal.hang_up()
    assert terminal.wait_exit() == 129


CRASH = """
from kmeans_tui.cli import main
from kmeans_tui.ui.screens.explore import Explore
Explore.action_half_step = lambda self, by: 1 // 0
raise SystemExit(main())
"""


def test_a_fault_of_the_program_gives_the_terminal_back_in_one_sentence(opened):
    terminal = opened(*BLOBS, command=[sys.executable, "-c", CRASH])
    terminal.send(".")
    assert terminal.wait_exit() == 1
    assert terminal.left_behind() == []
    said = [line for line in terminal.text() if line.strip()]
    assert len(said) == 1
    assert "internal error" in said[0]
    assert "ZeroDivisionError" in said[0]


def test_ctrl_c_says_how_to_quit_instead_of_quitting(opened):
    terminal = opened(*BLOBS)
    terminal.send("ctrl+c")
    terminal.wait_for("q quits")
    assert terminal.process.poll() is None
    terminal.send("q")
    assert terminal.wait_exit() == 0


def test_keys_are_heard_in_the_order_in_which_they_are_pressed(opened):
    terminal = opened(*BLOBS)
    for _ in range(3):
        terminal.send(":", "escape", "?", "escape", "f", "escape", "right", "left")
    terminal.send("right")
    terminal.wait_for("iteration 1 of")
    terminal.wait_quiet()
    assert "iteration 1 of" in "\n".join(terminal.text())
    assert "Search for" not in "\n".join(terminal.text())


def test_a_lone_escape_closes_a_dialog(opened):
    terminal = opened(*BLOBS)
    shown = terminal.cells()
    terminal.send("?")
    terminal.wait_for("help · Explore")
    terminal.send(b"\x1b")
    terminal.wait_for(lambda screen: "help · Explore" not in "\n".join(screen.text()))
    terminal.wait_quiet()
    assert terminal.cells() == shown


def test_ctrl_z_gives_the_terminal_back_until_the_program_goes_on(opened):
    terminal = opened(*BLOBS)
    terminal.send("right")
    terminal.wait_for("iteration 1 of")
    terminal.wait_quiet()
    view = terminal.cells()
    for _ in range(2):
        terminal.send("ctrl+z")
        wait_until(terminal.is_stopped)
        # What it wrote before it stopped may still be on its way here.
        wait_until(lambda: terminal.left_behind() == [])
        assert "iteration" not in "\n".join(terminal.text())
        terminal.signal(signal.SIGCONT)
        terminal.wait_for("iteration 1 of")
        terminal.wait_quiet()
        assert terminal.cells() == view
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []


def test_a_shell_gets_its_terminal_back_and_fg_brings_the_screen(start):
    shell = start("--norc", "-i", command=["bash"], env={"PS1": "shell$ "})
    shell.wait_for("shell$")
    shell.send(shlex.join([*COMMAND, *BLOBS]).encode(), "enter")
    open_run(shell)
    shell.send("ctrl+z")
    shell.wait_for("Stopped")
    shell.wait_for(lambda screen: any(line.startswith("shell$ ") for line in screen.text()))
    assert not {"alternate screen", "mouse moves", "hidden cursor"} & set(shell.left_behind())
    shell.send(b"fg", "enter")
    shell.wait_for("iteration 0 of")
    shell.send("right")
    shell.wait_for("iteration 1 of")
    shell.send("q")
    shell.wait_for("kmeans-tui blobs")
    shell.send(b"exit $?", "enter")
    assert shell.wait_exit() == 0


def wait_until(holds: Callable[[], bool]) -> None:
    limit = time.monotonic() + 30
    while not holds() and time.monotonic() < limit:
        time.sleep(0.02)
    assert holds()


def test_the_window_may_change_its_size_while_the_run_plays(opened):
    terminal = opened("blobs:n=300,k=3", "--seed", "4", "--speed", "30", "--play")
    for columns, lines in [(80, 24), (140, 50), (61, 17), (3, 2), (100, 30), (60, 16), (92, 28)]:
        terminal.resize(columns, lines)
        terminal.wait_quiet(0.05, timeout=0.2)
    terminal.send("g", "space")
    terminal.wait_for(at_end)
    terminal.wait_quiet()
    assert differences(terminal) == []
    terminal.send("q")
    assert terminal.wait_exit() == 0


def test_a_small_window_says_how_large_it_must_be(start):
    terminal = start(*BLOBS, columns=59, lines=15)
    terminal.wait_for("kmeans-tui needs 60 × 16 cells; this is 59 × 15")
    terminal.resize(60, 16)
    terminal.wait_for("iteration 0 of")
    terminal.wait_for(lambda screen: "needs 60" not in "\n".join(screen.text()))
    terminal.resize(59, 16)
    terminal.wait_for("this is 59 × 16")


def test_a_window_of_one_cell_is_survived(start):
    terminal = start(*BLOBS, columns=1, lines=1)
    terminal.wait_for(lambda screen: 1049 in screen.on)
    terminal.wait_quiet(1)
    terminal.send("right", "space", "?", "escape")
    terminal.wait_quiet()
    terminal.resize(100, 30)
    terminal.wait_for("iteration")
    terminal.send("q")
    assert terminal.wait_exit() == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("blobs", "-k", "4", "--seed", "3"),
        ("iris", "-k", "3", "--trails", "--regions"),
        ("blobs:n=5000,k=5", "--max-iterations", "6", "--theme", "textual-light"),
    ],
)
@pytest.mark.parametrize("size", [(100, 30), (80, 24)])
def test_the_screen_grown_step_by_step_is_the_screen_painted_at_once(start, arguments, size):
    terminal = start(*arguments, columns=size[0], lines=size[1])
    seen = list(replay(terminal))
    assert len(seen) >= 6
    assert [(line, wrong[:5]) for line, wrong in seen if wrong] == []


EVERYTHING = (
    "right", ".", ",", "left", "G", "g", "space", "space", ">", "<", "+", "-", "n", "N", "i", "i",
    "z", "z", "f", "escape", "m", "m", "m", "t", "b", "v", "escape", "?", "escape", "y", "escape",
    "x", "escape", "2", "3", "4", "5", "1", "backspace", "tab", "down", "shift+tab", "T", "ctrl+c",
    "r", "escape", ":", "escape", "ctrl+l",
)  # fmt: skip


def beyond_ascii(written: bytes) -> list[str]:
    return sorted(set(re.findall(r"[^\x00-\x7f]", written.decode("utf-8", "replace"))))


@pytest.mark.parametrize(
    ("arguments", "env"),
    [
        (("--ascii",), {}),
        ((), {"PYTHONIOENCODING": "ascii"}),
        ((), {"PYTHONIOENCODING": "latin-1"}),
    ],
)
def test_ascii_means_no_other_byte_whatever_is_pressed(opened, arguments, env):
    terminal = opened("iris", "-k", "3", *arguments, env=env)
    for key in EVERYTHING:
        terminal.send(key)
        terminal.wait_quiet(0.1)
    terminal.resize(80, 24)
    terminal.wait_quiet(0.5)
    terminal.resize(50, 10)
    terminal.wait_for("kmeans-tui needs 60 x 16")
    terminal.resize(100, 30)
    terminal.wait_for("iteration")
    terminal.send("escape", "q")
    assert terminal.wait_exit() == 0
    assert beyond_ascii(terminal.output()) == []
    assert rb"\u" not in terminal.output()


@pytest.mark.parametrize(
    "env",
    [
        {"NO_COLOR": "1"},
        {"TERM": "xterm", "COLORTERM": None},
        {"TERM": "xterm-256color", "COLORTERM": None},
        {"TERM": "linux", "COLORTERM": None},
    ],
    ids=["no colour", "16 colours", "256 colours", "linux console"],
)
def test_clusters_are_told_apart_with_few_colours_or_none(opened, env):
    terminal = opened("iris", "-k", "3", "--goto", "last", env=env)
    cells = terminal.cells()
    # A row of the clusters' table: shape, number, size.
    badges = {
        found[2]: cells[y][found.start(1)]
        for y, line in enumerate(terminal.text())
        if (found := re.search(r"│ (\S) ([123]) +\d+ ", line))
    }
    assert sorted(badges) == ["1", "2", "3"]
    assert len({cell.char for cell in badges.values()}) == 3
    assert len({cell.fg for cell in badges.values()}) == (1 if "NO_COLOR" in env else 3)


@pytest.mark.parametrize("theme", [[], ["--theme", "ansi-dark"], ["--theme", "textual-dark"]])
def test_no_colour_writes_no_colour_of_a_cluster(opened, theme):
    terminal = opened("iris", "-k", "3", "--goto", "last", *theme, env={"NO_COLOR": "1"})
    for row in terminal.cells():
        for cell in row:
            if re.fullmatch("[0-9a-f]{6}", cell.fg):
                red, green, blue = (int(cell.fg[at : at + 2], 16) for at in (0, 2, 4))
                assert max(red, green, blue) - min(red, green, blue) <= 8, cell
            # Whatever is written can be read.
            assert cell.fg != cell.bg or cell.fg == "default", cell
    # Nor any grey of a theme: the colours are the terminal's own.
    if theme != ["--theme", "textual-dark"]:
        assert not re.search(rb"\x1b\[[0-9;]*[34]8;[25];", terminal.output())


def refusal(result: subprocess.CompletedProcess) -> str:
    """The one line on stderr; nothing on stdout."""
    assert result.stdout == b""
    lines = result.stderr.decode().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def test_without_a_terminal_the_headless_command_is_named(home):
    env = {"PATH": "/usr/bin:/bin", **home}
    result = subprocess.run(
        [*COMMAND, *BLOBS], stdin=subprocess.DEVNULL, capture_output=True, env=env, check=False
    )
    assert result.returncode == 2
    assert "kmeans-tui run blobs" in refusal(result)


def test_a_dumb_terminal_is_refused_at_once(start):
    terminal = start(*BLOBS, env={"TERM": "dumb"})
    assert terminal.wait_exit() == 2
    assert b"\x1b" not in terminal.output()
    assert "kmeans-tui run blobs" in "".join(line.rstrip(" ") for line in terminal.text())


def test_piped_input_is_refused_at_once(start):
    pipe = ["sh", "-c", f"echo 1 | {shlex.join([*COMMAND, *BLOBS])}; exit $?"]
    terminal = start(command=pipe)
    assert terminal.wait_exit() == 2
    assert b"\x1b" not in terminal.output()
    assert "kmeans-tui run blobs" in "".join(line.rstrip(" ") for line in terminal.text())
