"""Rows by number and by label."""

import pytest

from kmeans_tui import load_data
from kmeans_tui.data.rows import cells, find, number


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("name,town,x\nAnna,Bern,1\nBob,Rome,\nanna-lena,Bern,3\n12,Oslo,4\nZoë,,5\n")
    return load_data(str(path))


def test_a_number_is_that_of_the_file(data):
    assert find(data, "3").tolist() == [1], "row 2 was dropped"
    assert number(data, 1) == 3
    assert find(data, "2").tolist() == []
    assert find(data, "12").tolist() == [2], "no row 12, but a label"
    assert find(load_data("blobs"), " 300 ").tolist() == [299]
    assert find(load_data("blobs"), "301").tolist() == []


def test_a_label_whole_and_then_in_part(data):
    assert find(data, "ANNA").tolist() == [0]
    assert find(data, "lena").tolist() == [1]
    assert find(data, "bern").tolist() == [0, 1]
    assert find(data, "zoË").tolist() == [3]
    assert find(data, "nobody").tolist() == find(data, " ").tolist() == []


def test_the_groups_of_a_built_in_set_are_labels():
    iris, blobs = load_data("iris"), load_data("blobs")
    assert find(iris, "Setosa").tolist() == list(range(50))
    assert len(find(iris, "v")) == 100
    assert (blobs.truth[find(blobs, "group 2")] == 1).all()
    assert len(find(blobs, "group 2")) == 100


def test_cells_are_those_of_the_file(data):
    assert cells(data, 3) == (("name", "Zoë"), ("town", ""), ("x", "5"))
    assert cells(load_data("iris"), 0) == (
        *(("sepal length", "5.1"), ("sepal width", "3.5")),
        *(("petal length", "1.4"), ("petal width", "0.2"), ("known group", "setosa")),
    )
