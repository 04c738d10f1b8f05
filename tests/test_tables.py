"""The CSV files: the user's rows as they came, clusters, distances, centroids."""

import csv
import io

import numpy as np
import pytest

from kmeans_tui.command import Options
from kmeans_tui.data.dataset import Dataset
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
