"""The terminal of the tests is itself tested, on children of a few lines."""

import shlex
import signal
import sys
import time

import pytest

from tests.terminal import Screen, Terminal

# Says its window size, then again at every change, until a key is pressed.
SIZES = """
import os, signal, sys
show = lambda *_: print("size %d x %d" % tuple(os.get_terminal_size()), flush=True)
signal.signal(signal.SIGWINCH, show)
show()
os.read(0, 1)
"""
# Goes over to the second screen and asks for everything a program may ask for, then waits.
GREEDY = """
import os, sys, time, tty
tty.setcbreak(0)
sys.stdout.write("shell$ \\x1b[?1049h\\x1b[?25l\\x1b[?1000;1006h\\x1b[?2004h\\x1b[>25u")
sys.stdout.write("\\x1b[Hinside")
sys.stdout.flush()
"""


def python(code: str, **settings) -> Terminal:
    return Terminal([sys.executable, "-c", code], **settings)


def test_what_is_written_is_on_the_screen_with_its_colours():
    code = r"print('\x1b[31mred\x1b[0m \x1b[1;38;2;1;2;3;48;5;231mown\x1b[0m \x1b[7m \x1b[0m é⣿')"
    with python(code, columns=20, lines=3) as terminal:
        assert terminal.wait_exit() == 0
        assert [line.rstrip() for line in terminal.text()] == ["red own   é⣿", "", ""]
        row = terminal.cells()[0]
    assert (row[0].char, row[0].fg, row[0].bold) == ("r", "red", False)
    assert (row[4].fg, row[4].bg, row[4].bold) == ("010203", "ffffff", True)
    assert row[8].reverse
    assert row[9].fg == "default"
    assert terminal.output().endswith("é⣿\r\n".encode())


def test_the_foreground_of_a_blank_is_not_seen():
    one, other = Screen(4, 1), Screen(4, 1)
    one.feed(b"\x1b[31ma \x1b[32mb\x1b[44m ")
    other.feed(b"\x1b[31ma\x1b[32m b\x1b[1;44m ")
    assert one.cells() == other.cells()
    other.feed(b"\x1b[1;2H\x1b[45m ")
    assert one.cells() != other.cells()


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_sequences_unknown_to_pyte_leave_no_garbage_however_they_are_cut(size):
    written = (
        "a\x1b[>25u\x1b[<u\x1b[=1;1u\x1b[?2026h\x1b[?2026$p\x1b[!p\x1b[ q\x1b[2 q\x1b[>c\x1b[c"
        "\x1b]52;c;aGk=\x07\x1b]0;title\x1b\\\x1bPq#0\x1b\\\x1b_Gi=1\x1b\\\x1b(B\x1b=\x1b[4:3m"
        "\x1b[38:2::1:2:3mé\x1b[0m-\x1b[3b\x1b[?2026l\x1b[6n"
    ).encode()
    screen = Screen(12, 1)
    for start in range(0, len(written), size):
        screen.feed(written[start : start + size])
    assert screen.text() == ["aé----      "]
    assert screen.cells()[0][1].fg == "010203"
    assert screen.commands == ["52;c;aGk=", "0;title"]
    assert screen.left_behind() == []


def test_keys_arrive_as_a_terminal_sends_them():
    code = (
        "import os, tty; tty.setraw(0); print('ready', flush=True); got = b''\n"
        "while b'~' not in got: got += os.read(0, 99)\nprint(got)"
    )
    with python(code) as terminal:
        terminal.wait_for("ready")
        terminal.send("space", "right", "ctrl+c", "shift+tab", "backspace", "é", b"[200~")
        terminal.wait_for(r"b' \x1b[C\x03\x1b[Z\x7f\xc3\xa9[200~'")
        with pytest.raises(ValueError, match="no key"):
            terminal.send("rihgt")


def test_a_query_is_answered_even_while_nobody_looks():
    code = (
        "import os, sys, tty; tty.setcbreak(0); sys.stdout.write('\x1b[?2026$p\x1b[?2048$p');"
        "sys.stdout.flush(); got = b''\n"
        "while got.count(b'y') < 2: got += os.read(0, 99)\nprint(got)"
    )
    with python(code) as terminal:
        assert terminal.wait_exit() == 0
        assert r"b'\x1b[?2026;2$y\x1b[?2048;0$y'" in "".join(terminal.text())


def test_a_resize_reaches_the_command_and_the_screen():
    with python(SIZES, columns=40, lines=5) as terminal:
        terminal.wait_for("size 40 x 5")
        terminal.resize(61, 9)
        terminal.wait_for("size 61 x 9")
        assert (len(terminal.text()), len(terminal.text()[0])) == (9, 61)
        terminal.send("enter")
        assert terminal.wait_exit() == 0


def test_what_a_command_leaves_behind_is_named():
    with python(GREEDY) as terminal:
        assert terminal.wait_exit() == 0
        assert terminal.left_behind() == [
            "alternate screen", "mouse clicks", "mouse as SGR", "bracketed paste", "hidden cursor",
            "kitty keyboard", "raw keyboard",
        ]  # fmt: skip
        assert terminal.text()[0].startswith("inside")


def test_a_command_that_tidies_up_leaves_nothing_behind():
    back = "sys.stdout.write('\\x1b[<u\\x1b[?2004l\\x1b[?1006;1000l\\x1b[?1049l\\x1b[?25hout')"
    keep = "import termios; kept = termios.tcgetattr(0)\n"
    restore = "\ntermios.tcsetattr(0, termios.TCSANOW, kept)\n"
    with python(keep + GREEDY + restore + back) as terminal:
        assert terminal.wait_exit() == 0
        assert terminal.left_behind() == []
        assert terminal.text()[0].startswith("shell$ out")


def test_a_shell_suspends_and_resumes_a_job():
    code = (
        "import signal, time; resumed = []\n"
        "signal.signal(signal.SIGCONT, lambda *_: resumed.append(1))\n"
        "print('waiting', flush=True)\n"
        "while not resumed: time.sleep(0.01)\nprint('done')"
    )
    with Terminal(["bash", "--norc", "-i"], env={"PS1": "shell$ "}) as terminal:
        terminal.wait_for("shell$")
        terminal.send(shlex.join([sys.executable, "-c", code]).encode(), "enter")
        terminal.wait_for(lambda screen: "waiting" in words(screen))
        terminal.send("ctrl+z")
        terminal.wait_for("Stopped")
        terminal.send(b"fg", "enter")
        terminal.wait_for(lambda screen: "done" in words(screen))
        terminal.send(b"exit 7", "enter")
        assert terminal.wait_exit() == 7


def words(screen: Screen) -> set[str]:
    """What stands alone on a line."""
    return {line.strip() for line in screen.text()}


def test_a_stopped_command_is_seen_as_stopped():
    code = "import os, signal; os.kill(os.getpid(), signal.SIGSTOP); print('back')"
    with python(code) as terminal:
        limit = time.monotonic() + 30
        while not terminal.is_stopped() and time.monotonic() < limit:
            time.sleep(0.01)
        assert terminal.is_stopped()
        terminal.signal(signal.SIGCONT)
        terminal.wait_for("back")


def test_the_exit_code_of_a_signal_a_closed_window_and_a_closed_terminal():
    with python("print('up', flush=True); input()") as terminal:
        terminal.wait_for("up")
        terminal.signal(signal.SIGHUP)
        assert terminal.wait_exit() == -signal.SIGHUP
    with python("print('up', flush=True); input()") as terminal:
        terminal.wait_for("up")
        terminal.hang_up()
        assert terminal.wait_exit() == -signal.SIGHUP
    with python("print('up', flush=True); input()") as terminal:
        terminal.wait_for("up")
    assert terminal.wait_exit() == -signal.SIGKILL


def test_waiting_ends_when_the_command_has_ended():
    with python("print('only this'); raise SystemExit(3)") as terminal:
        with pytest.raises(TimeoutError, match=r"(?s)exit code 3.*only this"):
            terminal.wait_for("something else", timeout=600)
        terminal.wait_quiet(600)


def test_held_output_is_not_looked_at_before_it_is_complete():
    code = (
        "import sys, time; w = lambda t: (sys.stdout.write(t), sys.stdout.flush())\n"
        "w('\x1b[?2026hfirst'); time.sleep(0.3); w(' second\x1b[?2026l'); input()"
    )
    with python(code) as terminal:
        terminal.wait_for("first")
        assert "first second" in terminal.screen.text()[0]


def test_every_frame_is_seen_even_where_many_arrive_at_once():
    code = "print(''.join(f'\x1b[?2026h\x1b[Hframe {i}\x1b[?2026l\x1b[?2026h' for i in range(9)))"
    with python(code) as terminal:
        terminal.process.wait()
        for number in range(9):
            terminal.wait_for(f"frame {number}")


def test_a_slow_link_holds_the_command_up():
    # The kernel keeps a few kilobytes for a reader; beyond them a write waits for the link.
    code = "import sys; sys.stdout.write('x' * 500_000); sys.stdout.flush()"
    with python(code, rate=20_000) as slow:
        slow.wait_for("x")
        assert slow.mark() < 250_000
        assert slow.process.poll() is None
    with python(code) as fast:
        assert fast.wait_exit() == 0
        assert fast.mark() == 500_000


def test_bytes_are_counted_from_a_mark():
    with python("import sys\nfor line in sys.stdin: print('got', line.strip())") as terminal:
        terminal.send(b"one", "enter")
        terminal.wait_for("got one")
        # The end of the line may come behind the words.
        terminal.wait_for(lambda _: terminal.output().endswith(b"got one\r\n"))
        mark = terminal.mark()
        assert mark == len("one\r\ngot one\r\n")
        terminal.send(b"two", "enter")
        terminal.wait_for(lambda _: terminal.output(mark).endswith(b"got two\r\n"))
        assert terminal.output(mark) == b"two\r\ngot two\r\n"


def test_processor_time_counts_threads_that_are_gone():
    code = (
        "import threading, time\n"
        "def burn():\n end = time.thread_time() + 0.2\n while time.thread_time() < end: pass\n"
        "t = threading.Thread(target=burn); t.start(); t.join()\n"
        "print('burnt', flush=True); input()"
    )
    with python(code) as terminal:
        moment = terminal.wait_for("burnt")
        assert terminal.now().cpu >= moment.cpu >= 0.2
        assert terminal.now().at > moment.at
