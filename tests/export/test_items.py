"""The table of what can be exported."""

import pytest

from kmeans_tui.export.items import KINDS, Item


def test_every_name_gives_a_file_of_its_own():
    names = [Item.read(name).file_name(2, 8) for name in KINDS]
    assert len(set(names)) == len(KINDS) == 14
    assert "iteration-02.png" in names
    assert "code.py" not in names, "it would hide a module of the standard library"
    assert Item.read("iteration").file_name(7, 300) == "iteration-007.png"


@pytest.mark.parametrize(
    ("text", "still", "name"),
    [
        ("iterations.pdf", "png", "iterations.pdf"),
        ("iterations", "svg", "iterations.svg"),
        ("iterations.png", "svg", "iterations.png"),
        ("animation", "svg", "animation.gif"),
        ("code.ipynb", "png", "kmeans_run.ipynb"),
        ("labels", "pdf", "labels.csv"),
    ],
)
def test_an_ending_chooses_the_form(text, still, name):
    item = Item.read(text, still)
    assert item.file_name(0, 1) == name
    assert Item.read(str(item)) == item


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("elbov", "did you mean elbow"),
        ("zzz", "use data, iterations"),
        ("labels.png", "labels cannot be written as 'png': use csv"),
        ("iterations.jpg", "use png or svg or pdf"),
    ],
)
def test_what_there_is_not_is_refused_in_one_line(text, says):
    with pytest.raises(ValueError, match=says):
        Item.read(text)
