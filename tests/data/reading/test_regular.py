"""What is no plain file is refused at once, whatever it becomes while it is read."""

import os
import socket
import subprocess
import sys
import threading
import time
from importlib import import_module

import pytest

from kmeans_tui.cli import main
from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading import regular
from kmeans_tui.data.reading.files import check_file, open_file
from kmeans_tui.requests.recorded import is_recording


def special(folder):
    """A path of each kind that is no file, and what is said of it."""
    os.mkfifo(folder / "pipe.csv")
    (folder / "to the pipe.csv").symlink_to(folder / "pipe.csv")
    (folder / "empty.csv").write_bytes(b"")
    (folder / "folder.csv").mkdir()
    return {
        str(folder / "pipe.csv"): "is a pipe: read it as",
        str(folder / "to the pipe.csv"): "is a pipe: read it as",
        str(folder / "empty.csv"): "is empty",
        str(folder / "folder.csv"): "is a folder",
        "/dev/zero": "is a device",
        "/dev/null": "is a device",
        "/proc/cpuinfo": "is made up by the system",
        "/proc/self/environ": "is made up by the system",
        "/sys/kernel/mm/transparent_hugepage/enabled": "is made up by the system",
        "/proc/kmsg": "is made up by the system",
    }


@pytest.mark.parametrize("prefix", ["", "image:"])
def test_only_plain_files_are_opened(tmp_path, prefix, capsys):
    for path, says in special(tmp_path).items():
        if not os.path.exists(path):  # not on this system
            continue
        with pytest.raises(DataError, match=says):
            check_file(prefix + path)
        assert not is_recording(path)
        assert main(["run", prefix + path]) == 1
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert says in err


def test_a_socket(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("s.csv")
        with pytest.raises(DataError, match="is a socket"):
            check_file("s.csv")


def test_what_was_opened_counts_and_not_its_name(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    os.mkfifo(path)
    # As if it had been a file a moment ago.
    with pytest.raises(DataError, match="is a pipe"):
        regular.opened(path)
    monkeypatch.setattr(regular, "check", lambda path, seen: None)
    with regular.opened(path) as file:
        assert file.read() == b""


@pytest.mark.parametrize("moment", ["spool.unpacked", "typed_file.json", "text_file.take_in"])
def test_a_file_that_becomes_a_pipe(tmp_path, monkeypatch, moment):
    path = tmp_path / ("a.jsonl" if "json" in moment else "a.csv")
    path.write_text('{"x": 1}\n{"x": 2}\n' if "json" in moment else "x,y\n1,2\n3,4\n")
    where, name = moment.split(".")
    module = import_module(f"kmeans_tui.data.reading.{where}")
    before = getattr(module, name)

    def swapped(*arguments, **named):
        path.unlink()
        os.mkfifo(path)
        return before(*arguments, **named)

    monkeypatch.setattr(module, name, swapped)
    began = time.monotonic()
    with pytest.raises(DataError, match=r"is a pipe|changed while it was read"):
        open_file(str(path))
    assert time.monotonic() - began < 20, "it waited for a writer"
    # Let the thread that opened it go.
    os.close(os.open(path, os.O_RDWR | os.O_NONBLOCK))


def test_only_the_bytes_that_were_there_are_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"x" * (3 << 20))
    total = 0
    for block in regular.blocks(path, "a.csv"):
        with path.open("ab") as file:
            file.write(block)
        total += len(block)
    assert total == 3 << 20
    with pytest.raises(DataError, match="was stopped"):
        list(regular.blocks(path, "a.csv", lambda done, size: False))


def test_a_file_that_grows_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("x,y\n1,2\n3,4\n" * 1)
    from kmeans_tui.data.reading import text_file

    before = text_file.take_in

    def grown(*arguments, **named):
        with path.open("a") as file:
            file.write("5,6\n")
        return before(*arguments, **named)

    monkeypatch.setattr(text_file, "take_in", grown)
    with pytest.raises(DataError, match="changed while it was read"):
        open_file(str(path))


@pytest.mark.parametrize("start", [b"x,y\n1,2\n3,4\n", b'{"x": 1}\n', b"x,y\n" + b"1,2\n" * 99_999])
def test_a_file_with_a_hole(tmp_path, start):
    path = tmp_path / ("a.jsonl" if start[:1] == b"{" else "a.csv")
    with path.open("wb") as file:
        file.write(start)
        file.truncate(100 << 30)
    with path.open("rb") as file:
        if regular.first_hole(file) is None:
            pytest.skip("this file system does not tell")
    with pytest.raises(DataError, match=r"claims 107\.4 GB and has nothing at byte"):
        open_file(str(path))


def test_a_file_without_a_hole(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"x" * 5000)
    with path.open("rb") as file:
        file.seek(7)
        assert regular.first_hole(file) is None
        assert file.tell() == 7


def test_more_than_memory_could_hold(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("x,y\n" + "1,2\n" * 100_000)
    monkeypatch.setattr("kmeans_tui.data.reading.memory.available", lambda: 50_000)
    with pytest.raises(DataError, match=r"a\.csv has 0\.4 MB, and 0\.1 MB of memory are free"):
        open_file(str(path))


def test_standard_input_may_be_a_pipe(tmp_path):
    """The remedy that the refusal of a pipe names."""
    path = tmp_path / "pipe"
    os.mkfifo(path)

    def feed():
        with path.open("w") as file:
            file.write("x,y\n1,2\n3,4\n5,6\n")

    threading.Thread(target=feed, daemon=True).start()
    with path.open("rb") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "kmeans_tui", "run", "-", "-k", "2"],
            stdin=pipe, capture_output=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
