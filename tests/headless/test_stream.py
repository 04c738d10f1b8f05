"""The last write to the shell: whatever a line says, it is one line of printable text."""

import io
import sys

import pytest

from kmeans_tui import cli
from kmeans_tui.headless import shell
from kmeans_tui.headless.stream import PrintableStream, printable_streams

HOSTILE = "\x1b]52;c;UFdORUQ=\x07\x9b2J\u202e\u200b\rover\nkmeans-tui: forged"
SHOWN = "·]52;c;UFdORUQ=··2J···over·kmeans-tui: forged"


def test_a_control_that_the_program_did_not_write_itself_does_not_pass():
    written = io.StringIO()
    stream = PrintableStream(written)
    print(HOSTILE, file=stream)
    stream.write(f"{HOSTILE}\n")
    stream.writelines([HOSTILE, "\n"])
    assert written.getvalue() == f"{SHOWN}\n" * 3


def test_the_end_of_a_line_and_the_way_back_pass_alone():
    written = io.StringIO()
    stream = PrintableStream(written)
    parts = ("\r", "half", "\n", "a\n", "\n\n", "")
    assert [stream.write(each) for each in parts] == list(map(len, parts))
    assert written.getvalue() == "\rhalf\na\n·\n"


def test_it_is_the_stream_in_all_else():
    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    stream = PrintableStream(file)
    assert (stream.encoding, stream.isatty(), stream.closed) == ("ascii", False, False)


def test_the_streams_come_back_but_for_a_traceback(capsys):
    before = sys.stdout, sys.stderr
    with printable_streams():
        assert isinstance(sys.stdout, PrintableStream)
        assert isinstance(sys.stderr, PrintableStream)
        print(HOSTILE)
    assert (sys.stdout, sys.stderr) == before
    with pytest.raises(SystemExit), printable_streams():
        raise SystemExit(2)
    assert (sys.stdout, sys.stderr) == before
    try:
        with pytest.raises(RuntimeError), printable_streams():
            raise RuntimeError(HOSTILE)
        assert isinstance(sys.stderr, PrintableStream)
    finally:
        sys.stdout, sys.stderr = before
    assert capsys.readouterr().out == f"{SHOWN}\n"


def test_a_closed_stream_stays_closed(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    with printable_streams():
        assert sys.stdout is None


# The gates before it, each by itself: what they hand to a stream is printable already.


def test_lines_are_printable_before_they_are_written(capsys):
    shell.print_lines([HOSTILE, "plain"])
    assert capsys.readouterr().out == f"{SHOWN}\nplain\n"


def test_a_refusal_is_one_printable_line(capsys):
    assert shell.refuse(HOSTILE, 2) == 2
    assert capsys.readouterr().err == f"kmeans-tui: {SHOWN}\n"


def test_a_document_escapes_what_is_not_ascii(capsys):
    shell.print_json({HOSTILE: HOSTILE + "\x7f\ud800"})
    assert capsys.readouterr().out.rstrip("\n").isprintable()


def test_usage_is_one_printable_line(capsys):
    parser = shell.Parser("kmeans-tui", "about")
    with pytest.raises(SystemExit) as ended:
        parser.parse_args([HOSTILE])
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("kmeans-tui: unrecognized arguments: ·]52;c;")
    assert line.isprintable()


def test_narration_is_printable(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    from kmeans_tui.headless.narration import Narration

    with Narration() as narration:
        narration._next = 0
        narration.say(HOSTILE)
    assert capsys.readouterr().err.replace("\r", "").rstrip() == SHOWN


def test_the_command_writes_behind_the_gate(capsys, monkeypatch):
    def careless(_):
        print(HOSTILE)
        print(HOSTILE, file=sys.stderr)
        return 0

    monkeypatch.setattr(cli, "_main", careless)
    assert cli.main([]) == 0
    assert capsys.readouterr() == (f"{SHOWN}\n", f"{SHOWN}\n")
