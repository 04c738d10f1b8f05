"""The program in a terminal that sends anything, stops reading, or goes away."""

import contextlib
import ctypes
import os
import random
import re
import signal
import sys
import time
from pathlib import Path

import pytest

from kmeans_tui.data.reading import rooms
from tests.benchmarks.screen import open_run
from tests.terminal import KEYS, Terminal

COMMAND = [sys.executable, "-m", "kmeans_tui", "blobs", "-k", "3"]
# The answer of a terminal that reports its size itself: Textual then asks for the mouse in pixels.
IN_BAND = b"\x1b[?2048;2$y"
MOUSE = {1000, 1003, 1015, 1006, 1016}
RUNS = int(os.environ.get("KMEANS_TUI_FUZZ", "3"))
BYTES = (
    "1",
    "2",
    "3",
    "4",
    "5",
    *"nmTbfvyxdpcr/:?.,+-gGizt0a",
    b"\x1b[<0;20;9M\x1b[<0;20;9m",
    b"\xff",
)
LEAVING = {"ctrl+q", "ctrl+z", "ctrl+s", "ctrl+d"}


@contextlib.contextmanager
def opened(tmp_path, env=None, command=COMMAND):
    folder = tmp_path / "tmp"
    folder.mkdir(exist_ok=True)
    wanted = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "TMPDIR": str(folder)}
    with Terminal(command, env=wanted | {"ESCDELAY": "20"} | (env or {})) as terminal:
        open_run(terminal)
        terminal.send(IN_BAND)
        yield terminal


def left(terminal, code):
    """The program has ended: with this code, soon, and with nothing left behind."""
    began = time.monotonic()
    ended = terminal.wait_exit()
    took = time.monotonic() - began
    shown = terminal.output().decode(errors="replace")
    fault = re.search("internal error|Traceback", shown)
    assert fault is None, shown[fault.start() :]
    assert ended == code
    return took


def modes_are_off(terminal):
    shown = terminal.output()
    for mode in MOUSE:
        on, off = (shown.rfind(f"\x1b[?{mode}{sign}".encode()) for sign in "hl")
        assert off > on, mode
    assert b"\x1b[?1016h" in shown
    assert terminal.left_behind() == []


@pytest.mark.parametrize(
    "typed",
    [
        "é".encode("latin-1"), b"\xff\xfe\xc3", bytes(range(128, 256)), b"\xc3", b"\xf0\x9f",
        b"\x1b[97:65:97;2:1u", b"\x1b[1;1:3A", b"\x1b[99999999999999999999u", b"\x1b[97;:;:u",
        b"\x1b[0;0;0;4294967295:1u", b"\x1b[<0;99999999999;5M", b"\x1b[<a;b;cM", b"\x1b[48;1;2;3t",
        b"\x1b[I\x1b[O\x1b[?\x1b[?;$y", b"\x1b[200~\xff\x1b[1;1:3A" + b"x" * 9000 + b"\x1b[201~",
        b"f\r\r", b"/7\r\r\r", b":\r\r\r", b"c\r\r", b"5p\r\r\x1b",
    ],
)  # fmt: skip
def test_whatever_is_typed_the_program_goes_on_and_ends_well(typed, tmp_path):
    with opened(tmp_path) as terminal:
        terminal.send(typed)
        terminal.wait_quiet()
        terminal.send(b"\x1b")
        terminal.wait_quiet(0.5)
        assert terminal.process.poll() is None
        for _ in range(6):
            with contextlib.suppress(OSError):
                terminal.send(b"\x11")
            terminal.wait_quiet(0.2)
        left(terminal, 0)
        modes_are_off(terminal)


@pytest.mark.parametrize(
    "env",
    [
        {"COLUMNS": "3", "LINES": "2"}, {"COLUMNS": "abc"}, {"LINES": "1000000"},
        {"TEXTUAL_DRIVER": "nonsense"}, {"TEXTUAL_FPS": "0"}, {"TEXTUAL_COLOR_SYSTEM": "mauve"},
        {"TEXTUAL_PRESS": "q", "TEXTUAL_SCREENSHOT": "1"},
    ],
    ids=str,
)  # fmt: skip
def test_nonsense_in_the_environment_is_ignored(env, tmp_path):
    with opened(tmp_path, env) as terminal:
        assert "1 Explore" in terminal.text()[0]
        terminal.send("q")
        left(terminal, 0)


SIGNALS = [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]


@pytest.mark.parametrize(("number", "code"), SIGNALS)
@pytest.mark.parametrize("reads", [True, False])
def test_a_signal_ends_it_with_keys_on_their_way(number, code, reads, tmp_path):
    with opened(tmp_path) as terminal:
        if not reads:
            # Nobody takes what it writes: the queue of output fills up.
            terminal._closing = True
            terminal._reader.join()
        for _ in range(40):
            terminal.send(b"nmTb")
            time.sleep(0.01)
        began = time.monotonic()
        os.kill(terminal.process.pid, number)
        assert terminal.process.wait(20) == code
        # 2 s are promised; machines that test much at a time are slow.
        assert time.monotonic() - began < 10
        if reads:
            modes_are_off(terminal)
    assert list(Path(tmp_path, "tmp").iterdir()) == []


@pytest.mark.parametrize("seed", range(RUNS))
def test_a_signal_at_any_moment(seed, tmp_path):
    chance = random.Random(seed)
    table = tmp_path / "t.csv"
    table.write_text("a;b\n" + "\n".join(f"{i % 97},5;{i % 89}" for i in range(150_000)), "latin-1")
    folder = tmp_path / "tmp"
    folder.mkdir()
    env = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "TMPDIR": str(folder)}
    number, code = chance.choice(SIGNALS)
    command = [sys.executable, "-m", "kmeans_tui", str(table), "--encoding", "latin-1"]
    with Terminal(command, env=env) as terminal:
        terminal.wait_for(lambda screen: 1049 in screen.on)
        time.sleep(chance.random() * 2)
        os.kill(terminal.process.pid, number)
        left(terminal, code)
        assert terminal.left_behind() == []
    assert list(folder.iterdir()) == []


TYPED = [name for name in (*KEYS, *BYTES) if name not in LEAVING]


@pytest.mark.parametrize("seed", range(RUNS))
def test_random_keys_and_sizes_then_the_end(seed, tmp_path):
    chance = random.Random(seed)
    table = tmp_path / "t.csv"
    table.write_text("a,b,c\n" + "\n".join(f"{i % 97},{i % 89},{i % 7}" for i in range(500)))
    data = chance.choice(["blobs", "iris", "wine", "blobs:d=1", "blobs:n=1,k=1", str(table)])
    with opened(
        tmp_path, command=[sys.executable, "-m", "kmeans_tui", data, "-k", "1"]
    ) as terminal:
        for _ in range(120):
            if chance.random() < 0.06:
                terminal.resize(*chance.choice([(100, 30), (80, 24), (60, 16), (1, 1), (30, 9)]))
            terminal.send(chance.choice(TYPED))
            if chance.random() < 0.3:
                time.sleep(chance.random() * 0.1)
        ends = [*SIGNALS, ("ctrl+q", 0), (signal.SIGKILL, -signal.SIGKILL)]
        number, code = chance.choice(ends)
        if isinstance(number, int):
            os.kill(terminal.process.pid, number)
        else:
            # Only there it quits: elsewhere it closes what is open.
            terminal.resize(100, 30)
            for _ in range(6):
                terminal.send("escape")
            terminal.send("1")
            # Control keys act at once, before what is still waiting: the first may close a dialog.
            for _ in range(20):
                terminal.wait_quiet(0.5)
                if terminal.process.poll() is not None:
                    break
                terminal.send(number)
        left(terminal, code)
        if code >= 0:
            assert terminal.left_behind() == []
    # What a program that was killed left is removed by the next that makes a folder.
    rooms.sweep(tmp_path / "tmp")
    assert list(Path(tmp_path, "tmp").iterdir()) == []
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize("mouse", [True, False])
def test_the_mouse_is_the_terminal_s_own_if_asked(mouse, tmp_path):
    command = COMMAND if mouse else [*COMMAND, "--no-mouse"]
    with opened(tmp_path, command=command) as terminal:
        terminal.wait_quiet()
        asked = {int(each) for each in re.findall(rb"\x1b\[\?(\d+)h", terminal.output())}
        assert bool(asked & MOUSE) == mouse
        terminal.send("q")
        left(terminal, 0)


def test_a_suspended_program_leaves_the_mouse_alone(tmp_path):
    with opened(tmp_path) as terminal:
        terminal.wait_quiet()
        terminal.send(b"\x1a")
        terminal.wait_for(lambda screen: 1049 not in screen.on)
        terminal.wait_quiet()
        shown = terminal.output()
        assert shown.rfind(b"\x1b[?1016l") > shown.rfind(b"\x1b[?1016h") > 0
        os.kill(terminal.process.pid, signal.SIGCONT)
        terminal.wait_for("1 Explore")
        terminal.send("q")
        left(terminal, 0)
        modes_are_off(terminal)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="no limit of addresses")
@pytest.mark.parametrize("megabytes", [300, 600])
def test_too_little_memory_is_said_before_the_terminal_is_taken(megabytes, tmp_path):
    limited = ["bash", "-c", f'ulimit -v {megabytes}000; exec "$@"', "bash", *COMMAND]
    with Terminal(limited, env={"XDG_CONFIG_HOME": str(tmp_path)}) as terminal:
        left(terminal, 1)
        assert "not enough memory for the screen" in "\n".join(terminal.text())
        assert b"\x1b" not in terminal.output()


def tell_another_thread(process, number):
    """Hand a signal to a thread that is not the first, as the kernel may."""
    other = next(int(t.name) for t in Path(f"/proc/{process.pid}/task").iterdir()
                 if int(t.name) != process.pid)  # fmt: skip
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.syscall(TGKILL[os.uname().machine], process.pid, other, int(number)) == 0


TGKILL = {"x86_64": 234, "aarch64": 131}


@pytest.mark.skipif(os.uname().machine not in TGKILL, reason="another machine's system calls")
@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_a_signal_that_another_thread_was_handed_is_obeyed_at_once(number, code, tmp_path):
    with opened(tmp_path) as terminal:
        terminal.wait_quiet(1.0)
        tell_another_thread(terminal.process, number)
        left(terminal, code)
        modes_are_off(terminal)


@pytest.mark.skipif(os.uname().machine not in TGKILL, reason="another machine's system calls")
def test_going_on_is_heard_by_any_thread(tmp_path):
    with opened(tmp_path) as terminal:
        terminal.wait_quiet(1.0)
        before = terminal.mark()
        tell_another_thread(terminal.process, signal.SIGCONT)
        terminal.wait_for(lambda _: b"1 Explore" in terminal.output(before))
        terminal.send("q")
        left(terminal, 0)
        modes_are_off(terminal)


@pytest.mark.parametrize("times", [1, 2])
def test_stopped_without_a_word_the_screen_comes_back_and_hears_every_key_once(times, tmp_path):
    with opened(tmp_path) as terminal:
        terminal.wait_quiet()
        shown = terminal.cells()
        for _ in range(times):
            os.kill(terminal.process.pid, signal.SIGSTOP)
            while not terminal.is_stopped():
                time.sleep(0.02)
            before = terminal.mark()
            os.kill(terminal.process.pid, signal.SIGCONT)
            terminal.wait_for(lambda _, before=before: b"1 Explore" in terminal.output(before))
            terminal.wait_quiet()
            assert terminal.cells() == shown
        terminal.send("right")
        terminal.wait_for("iteration 1 of")
        terminal.wait_quiet()
        assert "iteration 1 of" in "\n".join(terminal.text())
        terminal.send("q")
        left(terminal, 0)
        modes_are_off(terminal)


def wakes(process):
    return sum(
        int(line.split()[1])
        for task in Path(f"/proc/{process.pid}/task").iterdir()
        for line in (task / "status").read_text().splitlines()
        if line.startswith("voluntary_ctxt")
    )


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="no /proc")
@pytest.mark.parametrize("keys", [b"", b"2", b"5", b"?", b"f", b"x"])
def test_nothing_happens_when_nothing_happens(keys, tmp_path):
    with opened(tmp_path) as terminal:
        terminal.send(keys)
        terminal.wait_quiet(1.0)
        for _ in range(40):
            before = wakes(terminal.process)
            time.sleep(1.0)
            after = wakes(terminal.process)
            if after - before <= 2:
                break
        # A field with the focus blinks twice a second.
        assert after - before <= 2
