"""The settings file: what is kept, and that nothing about it stops the program."""

import json
import os

import pytest

from kmeans_tui import settings
from kmeans_tui.settings import MOST_FILES, Settings


def test_nothing_is_kept_at_first():
    assert settings.load() == Settings(remember=True, files=())
    assert not settings.location().exists()


def test_the_latest_file_comes_first_and_each_once():
    for path in ("/a.csv", "/b.csv", "/a.csv"):
        settings.remember(path)
    assert settings.load().files == ("/a.csv", "/b.csv")


def test_no_more_than_ten_are_kept():
    for i in range(15):
        settings.remember(f"/{i}.csv")
    assert settings.load().files == tuple(f"/{i}.csv" for i in range(14, 14 - MOST_FILES, -1))


def test_switched_off_nothing_is_remembered():
    settings.remember("/a.csv")
    assert settings.save(Settings(remember=False)) == ""
    settings.remember("/b.csv")
    assert settings.load() == Settings(remember=False, files=())
    assert "a.csv" not in settings.location().read_text()


def test_a_name_in_any_writing_comes_back():
    settings.remember("/tmp/Größen 表 'x'.csv")
    assert settings.load().files == ("/tmp/Größen 表 'x'.csv",)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[1, 2]", b"null", b"\xff\xfe", b"[" * 100_000,
        b'{"recent_files": 3, "remember_files": "yes"}',
        b'{"recent_files": [1, null, "", "\\u0007"]}',
    ],
)  # fmt: skip
def test_what_cannot_be_read_counts_as_not_there(content):
    path = settings.location()
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert settings.load() == Settings()
    settings.remember("/a.csv")
    assert settings.load().files == ("/a.csv",)


def test_what_else_stands_in_the_file_stays():
    path = settings.location()
    path.parent.mkdir(parents=True)
    path.write_text('{"theme": "nord"}')
    settings.remember("/a.csv")
    assert json.loads(path.read_text())["theme"] == "nord"


def test_a_folder_that_cannot_be_written_is_told_to_who_asks_and_stops_nobody(
    tmp_path, monkeypatch
):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    settings.remember("/a.csv")
    assert settings.load() == Settings()
    assert settings.save(Settings(remember=False)) != ""


def test_a_crash_while_writing_leaves_the_old_file_and_nothing_else(monkeypatch):
    settings.remember("/a.csv")

    def broken(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", broken)
    assert settings.save(Settings()).endswith("cannot be written: disk full")
    monkeypatch.undo()
    folder = settings.location().parent
    if folder.exists():
        assert [each.name for each in folder.iterdir()] in ([], ["settings.json"])


def test_a_link_stays_a_link(tmp_path):
    path = settings.location()
    path.parent.mkdir(parents=True)
    (tmp_path / "kept.json").write_text("{}")
    path.symlink_to(tmp_path / "kept.json")
    settings.remember("/a.csv")
    assert path.is_symlink()
    assert "a.csv" in (tmp_path / "kept.json").read_text()


def test_a_relative_folder_is_not_obeyed(monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", "here")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert str(settings.location()) == "/home/somebody/.config/kmeans-tui/settings.json"


def test_lessons_that_are_done_are_kept_each_once_beside_the_files():
    settings.remember("/a.csv")
    for name in ("seeds", "steps", "seeds"):
        assert settings.finish_lesson(name) == ""
    settings.remember("/b.csv")
    assert settings.load() == Settings(True, ("/b.csv", "/a.csv"), ("seeds", "steps"))


@pytest.mark.parametrize("listed", [3, None, {"a": 1}, [1, None, "", "a b", "\x1b[2J", "x" * 99]])
def test_what_is_no_list_of_lessons_counts_as_none(listed):
    path = settings.location()
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"lessons_done": listed}))
    assert settings.load().lessons == ()
    settings.finish_lesson("seeds")
    assert settings.load().lessons == ("seeds",)
