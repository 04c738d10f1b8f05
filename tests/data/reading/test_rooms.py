"""Temporary folders: gone with the program that made them, or with the next one."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading import rooms


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def left_by_a_dead_process():
    """A folder of a process that had no time to tidy up."""
    code = (
        "import os; from kmeans_tui.data.reading.rooms import room; r = room(); "
        "open(r.name + '/table', 'w').close(); print(r.name, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == -9
    return Path(done.stdout.strip())


def test_what_a_dead_process_left_is_removed():
    orphan = left_by_a_dead_process()
    assert (orphan / "table").exists()
    with_us = rooms.room()
    assert not orphan.exists()
    second = rooms.room()
    assert Path(with_us.name).exists(), "its process lives"
    rooms.remove_all()
    assert not Path(with_us.name).exists()
    assert not Path(second.name).exists()


def test_a_number_that_was_given_again(temporary):
    mine = rooms.room()
    name = Path(mine.name).name
    head, machine, process, began, tail = name.rsplit("-", 4)
    other = temporary / f"{head}-{machine}-{process}-{int(began) + 1}-{tail}"
    other.mkdir()
    rooms.sweep(temporary)
    assert not other.exists() or int(began) == 0
    assert Path(mine.name).exists()


def test_what_is_not_ours_stays(temporary, tmp_path):
    orphan = left_by_a_dead_process()
    name = orphan.name
    treasure = tmp_path / "treasure"
    treasure.mkdir()
    (treasure / "kept").write_text("x")
    (orphan / "link").symlink_to(treasure)
    kept = [
        temporary / (name + "a.b"),
        temporary / ("x" + name),
        temporary / name.replace("-", "-f", 2),
        temporary / "kmeans-tui-old",
    ]
    for each in kept:
        each.mkdir()
    link = temporary / (name + "link")
    link.symlink_to(treasure)
    file = temporary / (name + "file")
    file.write_text("x")
    rooms.sweep(temporary)
    assert not orphan.exists()
    assert (treasure / "kept").exists()
    assert link.is_symlink()
    assert file.exists()
    assert all(each.exists() for each in kept)


def test_the_folder_of_another_user_stays(monkeypatch, temporary):
    orphan = left_by_a_dead_process()
    monkeypatch.setattr(os, "getuid", lambda: 54321)
    rooms.sweep(temporary)
    assert orphan.exists()


def test_no_folder_can_be_made(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    with pytest.raises(DataError, match="set TMPDIR to a writable folder"):
        rooms.room()
