"""The process that writes: the same files, progress, cancelling, and whatever may kill it."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kmeans_tui.command import Options
from kmeans_tui.export import bundle
from kmeans_tui.export.worker import Worker
from kmeans_tui.whole_file import ExportError
from tests.exporting import request_of


@pytest.fixture(scope="module")
def running():
    with Worker() as found:
        yield found


def long_request(folder, **fields):
    """Some twenty seconds of work: an large animation of 101 frames."""
    from kmeans_tui.export.appearance import Appearance

    options = Options("blobs:n=20000,k=8,std=3", k=8, tolerance=0.0)
    settings = Appearance(size=(2500, 2500))
    return request_of(
        folder, "centroids", "animation", options=options, settings=settings, **fields
    )


def test_it_writes_what_is_written_without_it(tmp_path, running):
    names, heard = ("iteration", "animation", "run", "labels"), []
    result = running.write(request_of(tmp_path / "there", *names), heard.append)
    here = bundle.write(request_of(tmp_path / "here", *names))
    assert result.complete
    for one, other in zip(result.paths, here.paths, strict=True):
        assert one.parent == tmp_path / "there"
        assert one.read_bytes() == other.read_bytes()
    assert (heard[0].file, heard[0].number, heard[0].files) == ("iteration-03.png", 1, 4)
    assert max(said.frames for said in heard) == 4


def test_it_refuses_in_one_sentence_and_goes_on(tmp_path, running):
    (tmp_path / "file").write_text("")
    process = running._process
    with pytest.raises(ExportError, match="a file with the folder's name exists"):
        running.write(request_of(tmp_path / "file", "labels"))
    with pytest.raises(ExportError, match="there is no iteration 77"):
        running.write(request_of(tmp_path, "iteration", iteration=77))
    assert running.write(request_of(tmp_path / "new", "labels")).complete
    assert running._process is process


def test_a_listener_stops_it_and_the_next_request_is_written(tmp_path, running):
    result = running.write(long_request(tmp_path / "new"), lambda said: said.number < 2)
    assert not result.complete
    assert [path.name for path in result.paths] == ["centroids.csv"]
    assert os.listdir(tmp_path / "new") == ["centroids.csv"]
    assert running.write(request_of(tmp_path / "next", "labels")).complete


def test_cancelling_from_another_thread_leaves_the_old_file(tmp_path, running):
    (tmp_path / "animation.gif").write_bytes(b"old")
    began = threading.Event()
    found = []

    def write():
        request = long_request(tmp_path, force=True)
        found.append(running.write(request, lambda said: began.set() if said.number == 2 else None))

    thread = threading.Thread(target=write)
    thread.start()
    assert began.wait(60)
    time.sleep(0.2)
    running.cancel()
    thread.join(10)
    assert not thread.is_alive()
    assert not found[0].complete
    assert (tmp_path / "animation.gif").read_bytes() == b"old"
    assert sorted(os.listdir(tmp_path)) == ["animation.gif", "centroids.csv"]


def test_a_process_that_is_killed_leaves_neither_half_a_file_nor_a_lost_one(tmp_path, running):
    (tmp_path / "animation.gif").write_bytes(b"old")

    def kill(said):
        if said.number == 2:
            os.kill(running._process.pid, signal.SIGKILL)

    with pytest.raises(ExportError, match="was ended") as found:
        running.write(long_request(tmp_path, force=True), kill)
    assert "\n" not in str(found.value)
    assert (tmp_path / "animation.gif").read_bytes() == b"old"
    assert sorted(os.listdir(tmp_path)) == ["animation.gif", "centroids.csv"]
    assert running.write(request_of(tmp_path / "next", "labels")).complete


def test_a_listener_that_raises_ends_the_process(tmp_path, running):
    def fail(_):
        raise RuntimeError("the screen is gone")

    with pytest.raises(RuntimeError, match="the screen is gone"):
        running.write(request_of(tmp_path / "new", "iterations"), fail)
    assert running.write(request_of(tmp_path / "next", "labels")).complete
    assert os.listdir(tmp_path / "next") == ["labels.csv"]


def test_where_no_process_can_start_the_thread_writes(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError("no more processes")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with Worker() as found:
        assert found.write(request_of(tmp_path / "new", "iteration", "labels")).complete
        stopped = found.write(
            request_of(tmp_path / "stopped", "labels", "animation"),
            lambda said: found.cancel() if said.number == 2 else None,
        )
    assert not stopped.complete
    assert os.listdir(tmp_path / "stopped") == ["labels.csv"]


def test_it_says_nothing_on_the_screen_where_the_home_cannot_be_written_to(tmp_path):
    code = f"""
from pathlib import Path
from tests.exporting import request_of
from kmeans_tui.export.worker import Worker
with Worker() as worker:
    worker.write(request_of(Path({str(tmp_path)!r}), "iteration"))
    worker._process = None
    worker.start = lambda: None
    worker.write(request_of(Path({str(tmp_path)!r}), "iteration", force=True))
"""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG", "MPL"))}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**kept, "HOME": "/proc/1", "TMPDIR": str(tmp_path)},
        cwd=Path(__file__).parents[2],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    caches = [name for name in os.listdir(tmp_path) if name.startswith("kmeans_tui-mpl")]
    assert len(caches) == 1
    assert (tmp_path / caches[0]).stat().st_mode & 0o777 == 0o700
