"""The CSV files: the user's rows as they came, clusters, distances, centroids."""

import csv
import io
import pickle

import numpy as np
import pytest

from kmeans_tui import KMeans, load_data
from kmeans_tui.command import Options
from kmeans_tui.data.dataset import DataError, Dataset
from kmeans_tui.export import tables
from tests.exporting import view_of


def read(write, view):
    file = io.BytesIO()
    write(view.dataset, view.history, file)
    text = file.getvalue().decode()
    assert text.endswith("\n")
    assert "\r" not in text
    head, *rows = csv.reader(io.StringIO(text))
    return head, rows


@pytest.mark.parametrize("data", ["iris", "wine", "blobs:n=25000,k=5", "digits"])
def test_labels_are_the_rows_as_they_came_with_three_columns_more(data):
    view = view_of(Options(data))
    head, rows = read(tables.labels, view)
    columns = view.dataset.columns
    assert head == [*columns, "cluster", "distance", "margin"]
    found = np.array(rows, float)
    np.testing.assert_array_equal(found[:, : len(columns)], view.dataset.table)
    np.testing.assert_array_equal(found[:, -3], view.history.labels(-1) + 1)
    places = view.history[-1].centroids
    distances = np.sqrt(
        np.stack([((view.dataset.points - place) ** 2).sum(axis=1) for place in places], axis=1)
    )
    distances.sort(axis=1)
    np.testing.assert_allclose(found[:, -2], distances[:, 0], atol=1e-9)
    np.testing.assert_allclose(found[:, -1], distances[:, 1] - distances[:, 0], atol=1e-9)


def test_whole_numbers_are_written_as_such():
    _, rows = read(tables.labels, view_of(Options("digits")))
    assert rows[0][:4] == ["0", "0", "5", "13"]
    _, rows = read(tables.labels, view_of(Options("iris")))
    assert rows[0][:4] == ["5.1", "3.5", "1.4", "0.2"]


def test_a_single_cluster_has_no_margin():
    _, rows = read(tables.labels, view_of(Options("iris", k=1)))
    assert {row[-1] for row in rows} == {""}


def test_a_column_of_the_users_keeps_its_name():
    from kmeans_tui import KMeans

    points = np.arange(8.0).reshape(4, 2)
    dataset = Dataset("mine", points, ("cluster", "size"))
    history = KMeans(2, random_state=0).fit(dataset.points).history
    for write, wanted in (
        (tables.labels, ["cluster", "size", "cluster_", "distance", "margin"]),
        (tables.centroids, ["cluster_", "cluster", "size", "size_", "inertia"]),
    ):
        file = io.BytesIO()
        write(dataset, history, file)
        assert file.getvalue().decode().splitlines()[0].split(",") == wanted


@pytest.mark.parametrize("data", ["iris", "wine"])
def test_centroids_are_in_the_units_of_the_data(data):
    view = view_of(Options(data, k=3))
    head, rows = read(tables.centroids, view)
    assert head == ["cluster", *view.dataset.features, "size", "inertia"]
    found = np.array(rows, float)
    chosen = [view.dataset.columns.index(each) for each in view.dataset.features]
    labels = view.history.labels(-1)
    for j, row in enumerate(found):
        mine = view.dataset.table[labels == j]
        np.testing.assert_allclose(row[1:-2], mine[:, chosen].mean(axis=0))
        assert row[-2] == len(mine)
    assert found[:, -1].sum() == pytest.approx(view.history[-1].inertia)


@pytest.fixture
def file(tmp_path):
    """Rows that take part and rows that do not, text between the numbers."""
    path = tmp_path / "mein Tisch.csv"
    path.write_text(
        "name;größe;x\n"
        + "\n".join(f"n{i};{i},5;{'?' if i in (2, 9) else i % 4}" for i in range(30))
    )
    return load_data(str(path))


def test_rows_of_a_file_come_back_as_they_came_with_those_that_took_no_part(file):
    history = KMeans(2, random_state=0).fit(file.points).history
    rows = list(csv.DictReader(io.StringIO(_written(tables.labels, file, history))))
    assert [row["name"] for row in rows] == [f"n{i}" for i in range(30)]
    assert rows[3]["größe"] == "3,5"
    assert (rows[2]["x"], rows[2]["cluster"], rows[2]["margin"]) == ("?", "", "")
    found = [int(row["cluster"]) - 1 for row in rows if row["cluster"]]
    assert found == history[-1].labels.tolist()


def test_a_file_that_changed_is_not_joined_to_other_rows(file, tmp_path):
    history = KMeans(2, random_state=0).fit(file.points).history
    (tmp_path / "mein Tisch.csv").write_text("name;größe;x\nanother;1,5;2\n")
    with pytest.raises(DataError, match="has changed since it was opened"):
        _written(tables.labels, file, history)


def test_rows_of_a_file_are_read_again_in_another_process(file):
    history = KMeans(2, random_state=0).fit(file.points).history
    copy = pickle.loads(pickle.dumps(file))
    assert copy.source.numbers.size == 0
    assert copy.source.n == file.source.n > 0
    assert _written(tables.labels, copy, history) == _written(tables.labels, file, history)


def _written(table, dataset, history):
    found = io.BytesIO()
    table(dataset, history, found)
    return found.getvalue().decode()
