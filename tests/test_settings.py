"""The settings file: what is kept, and that nothing about it stops the program."""

import json
import os
import shlex

import pytest

from kmeans_tui import cli, settings
from kmeans_tui.command import taken
from kmeans_tui.settings import MOST_FILES, Settings
from kmeans_tui.shell_command import to_command


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


def written(content):
    path = settings.location()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_the_look_is_kept_by_entry_and_nothing_else_is():
    written({"speed": 8.0, "mine": 1, "recent_files": ["/a.csv"]})
    settings.keep(marker="braille", ascii=True, regions=True, k=4)
    settings.keep(marker="dot", theme="nord")
    settings.finish()
    assert settings.kept() == (
        {"speed": 8.0, "marker": "dot", "ascii": True, "theme": "nord"},
        [],
    )
    settings.remember("/b.csv")
    known = json.loads(settings.location().read_text())
    assert known["recent_files"] == ["/b.csv", "/a.csv"]
    assert known.keys() == {"speed", "mine", "recent_files", "marker", "ascii", "theme",
                            "remember_files"}  # fmt: skip


def test_ascii_turned_off_leaves_it_to_the_terminal_again():
    settings.keep(ascii=True)
    settings.keep(ascii=False)
    settings.finish()
    assert settings.kept() == ({}, [])


def test_forgotten_are_the_looks_alone():
    path = written({"theme": "nord", "speed": 8, "recent_files": ["/a.csv"], "keys": {}})
    assert settings.forget() == ""
    assert json.loads(path.read_text()) == {"recent_files": ["/a.csv"], "keys": {}}


@pytest.mark.parametrize("name", settings.KEPT)
@pytest.mark.parametrize(
    "value", [3.5, -1, "", "\x1b[31mred", "x" * 10_000, [1], {"a": [[[]]]}, 1e308, float("nan")]
)
def test_a_value_of_no_use_counts_as_missing_and_is_remarked_on(name, value):
    written({name: value, "marker" if name != "marker" else "speed": "dot" if name != "marker"
             else 4})  # fmt: skip
    found, (remark,) = settings.kept()
    assert found == ({"marker": "dot"} if name != "marker" else {"speed": 4.0})
    assert name in remark
    assert remark.isprintable()
    assert len(remark) < 200 + len(str(settings.location()))


@pytest.mark.parametrize("content", ['{"theme": "nord",}', "[1]", "{" * 5000, "[" * 100_000])
def test_a_damaged_file_is_remarked_on_and_set_aside_when_something_is_saved(content):
    path = written(content)
    found, (remark,) = settings.kept()
    assert found == {}
    assert str(path) in remark
    settings.keep(speed=4.0)
    settings.finish()
    assert settings.kept() == ({"speed": 4.0}, [])
    assert path.with_suffix(".damaged").read_text() == content


@pytest.mark.parametrize("theme", ["dark", "nord"])
def test_the_look_applies_at_the_next_start_unless_a_flag_says_otherwise(
    theme, monkeypatch, capsys
):
    opened = []
    monkeypatch.setattr(cli, "_no_screen", lambda: None)
    monkeypatch.setattr(cli, "_unicode", lambda: True)
    monkeypatch.setattr("kmeans_tui.ui.app.run_app", lambda options: opened.append(options) or 0)
    kept = {"theme": theme, "marker": "dot", "ascii": True, "speed": 8.0}
    content = written(kept).read_text()
    given = {"theme": "light", "marker": "glyph", "ascii": False, "speed": 2.0}
    flags = ["--theme", "light", "--marker", "glyph", "--no-ascii", "--speed", "2"]
    assert cli.main([]) == cli.main(flags) == 0
    assert [taken(each, settings.KEPT) for each in opened] == [kept, given]
    assert settings.location().read_text() == content
    # The copied command gives the same view here, and where there are no settings or others.
    for options in tuple(opened):
        words = shlex.split(to_command(options, spelled_out=settings.kept()[0]))[1:]
        for there in (kept, {}, {"theme": "nord", "marker": "braille", "speed": 60}):
            written(there)
            assert cli.main(words) == 0
            assert opened[-1] == options
        written(kept)
    assert capsys.readouterr().err == ""


def test_no_command_without_a_screen_heeds_the_look(capsys):
    written({"theme": "nope", "speed": "fast"})
    assert cli.main(["data"]) == 0
    assert capsys.readouterr().err == ""


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
