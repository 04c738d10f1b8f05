"""Files appear whole or not at all."""

import errno
import os

import pytest

from kmeans_tui.whole_file import ExportError, beside, make_folder, refusal, whole_file


def test_a_file_takes_its_place_once_it_is_whole(tmp_path):
    target = tmp_path / "figure.png"
    target.write_bytes(b"old")
    with whole_file(target, "7") as file:
        file.write(b"new")
        assert target.read_bytes() == b"old"
        assert beside(target, "7").exists()
    assert target.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["figure.png"]


@pytest.mark.parametrize("error", [KeyError("x"), KeyboardInterrupt(), MemoryError()])
def test_an_error_on_the_way_leaves_the_old_file_and_nothing_else(tmp_path, error):
    target = tmp_path / "figure.png"
    target.write_bytes(b"old")

    def fail():
        with whole_file(target, "7") as file:
            file.write(b"ne")
            raise error

    with pytest.raises(type(error)):
        fail()
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["figure.png"]


def test_the_mode_is_that_of_any_new_file(tmp_path):
    before = os.umask(0o027)
    try:
        with whole_file(tmp_path / "figure.png", "7"):
            pass
    finally:
        os.umask(before)
    assert (tmp_path / "figure.png").stat().st_mode & 0o777 == 0o640


def test_through_a_link_the_file_it_leads_to_is_written(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "figure.png").symlink_to(tmp_path / "real" / "figure.png")
    with whole_file(tmp_path / "figure.png", "7") as file:
        file.write(b"new")
    assert (tmp_path / "figure.png").is_symlink()
    assert (tmp_path / "real" / "figure.png").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (errno.ENOSPC, "no space left"),
        (errno.EDQUOT, "quota"),
        (errno.EACCES, "you have no permission to write there"),
        (errno.EROFS, "read-only"),
        (errno.ENOENT, "the folder does not exist"),
        (errno.EIO, "input/output error"),
    ],
)
def test_what_the_file_system_refuses_is_said_in_one_sentence(tmp_path, code, says):
    def fail():
        with whole_file(tmp_path / "figure.png", "7") as file:
            file.write(b"ne")
            raise OSError(code, os.strerror(code))

    with pytest.raises(ExportError, match=says) as found:
        fail()
    assert "figure.png" in str(found.value)
    assert "\n" not in str(found.value)
    assert os.listdir(tmp_path) == []


def test_a_folder_that_is_gone_and_one_that_is_a_file(tmp_path):
    def write(target):
        with whole_file(target, "7"):
            pass

    with pytest.raises(ExportError, match="the folder does not exist"):
        write(tmp_path / "gone" / "figure.png")
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="is a file"):
        write(tmp_path / "file" / "figure.png")
    with pytest.raises(ExportError, match="choose another folder"):
        make_folder(tmp_path / "file")
    with pytest.raises(ExportError, match="choose another folder"):
        make_folder(tmp_path / "file" / "deeper")
    (tmp_path / "figure.png").mkdir()
    with pytest.raises(ExportError, match="a folder with that name"):
        write(tmp_path / "figure.png")
    assert sorted(os.listdir(tmp_path)) == ["figure.png", "file"]


def test_an_error_without_a_number_is_told_as_it_is(tmp_path):
    assert "something odd" in str(refusal(tmp_path, OSError("something odd")))
