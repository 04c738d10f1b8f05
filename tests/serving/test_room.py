"""Where visitors are at home: what they find there, and what they are told of the computer."""

import os

import pytest

from kmeans_tui.serving.room import Room


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", "a.csv"), ("a b.csv", "a b.csv"), ("table", "./table"), ("iris", "./iris"),
        ("-", "./-"), ("~a.csv", "~a.csv"), ("image:x.csv", "./image:x.csv"),
    ],
)  # fmt: skip
def test_a_file_is_served_by_its_name(tmp_path, monkeypatch, name, data):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    folder = tmp_path / "secret"
    folder.mkdir()
    folder.joinpath(name).write_text("x,y\n1,2\n")
    with Room(str(folder / name)) as room:
        assert room.data == data
        homes = [room.enter(), room.enter()]
        for home in homes:
            assert sorted(each.name for each in home.iterdir()) == sorted([name, "tmp"])
            assert home.joinpath(name).read_text() == "x,y\n1,2\n"
        # What happens to the user's file later is nothing to visitors, and the other way round.
        folder.joinpath(name).write_text("gone")
        os.remove(homes[0] / name)
        assert homes[1].joinpath(name).read_text() == "x,y\n1,2\n"
        room.leave(homes[0])
        assert not homes[0].exists()
    assert not homes[1].exists()
    assert folder.joinpath(name).read_text() == "gone"


def test_a_picture_stays_a_picture(tmp_path):
    tmp_path.joinpath("p.png").write_bytes(b"no picture")
    with Room(f"image:{tmp_path}/p.png") as room:
        assert room.data == "image:p.png"


def test_a_built_in_set_needs_no_file():
    with Room("blobs:n=30") as room:
        assert room.data == "blobs:n=30"
        assert [each.name for each in room.enter().iterdir()] == ["tmp"]


def test_a_visitor_gets_nothing_of_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    for name in ("SECRET_TOKEN", "HOME", "XDG_CONFIG_HOME", "TEXTUAL", "TEXTUAL_LOG", "NO_COLOR"):
        monkeypatch.setenv(name, "/somewhere/private")
    with Room("iris") as room:
        found = room.environment(room.enter())
    assert "/somewhere/private" not in found.values()
    assert not {"SECRET_TOKEN", "TEXTUAL", "TEXTUAL_LOG", "NO_COLOR"} & set(found)
