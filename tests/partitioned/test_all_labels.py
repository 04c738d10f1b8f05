"""The labels of all rows of a table on disk, without holding them all."""

import pickle
import tracemalloc

import numpy as np
import pytest

from kmeans_tui.data.columns import DataError
from kmeans_tui.partitioned.all_labels import LabelledTable
from kmeans_tui.partitioned.plan import ColumnChoice
from kmeans_tui.partitioned.stored import npy


@pytest.fixture
def points(tmp_path):
    rng = np.random.default_rng(5)
    points = rng.normal(size=(5_000, 2)) + 9 * rng.integers(0, 3, (5_000, 1))
    np.save(tmp_path / "points.npy", points)
    return points


def test_every_row_has_the_label_of_its_nearest_centroid(tmp_path, points):
    points[17] = np.nan
    np.save(tmp_path / "points.npy", points)
    centroids = np.array([[0.0, 0.0], [9.0, 9.0], [18.0, 18.0]])
    told = []
    labelled = LabelledTable(npy(tmp_path / "points.npy"), ColumnChoice())
    labelled = pickle.loads(pickle.dumps(labelled))
    parts = labelled.labels(centroids, lambda done, rows: told.append((done, rows)))
    found = np.concatenate(list(parts))
    nearest = ((points[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)
    nearest[17] = -1
    assert (found == nearest).all()
    assert told[-1] == (4_999, 4_999)


def test_memory_is_that_of_a_few_parts(tmp_path, points, monkeypatch):
    monkeypatch.setattr("kmeans_tui.partitioned.plan._BYTES", 16 * 20_000)
    centroids = np.array([[0.0, 0.0], [9.0, 9.0]])

    def peak(rows):
        np.save(tmp_path / "many.npy", np.resize(points, (rows, 2)))
        labelled = LabelledTable(npy(tmp_path / "many.npy"), ColumnChoice())
        tracemalloc.start()
        try:
            assert sum(len(part) for part in labelled.labels(centroids)) == rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(5_000)
    assert peak(1_600_000) < 1.2 * peak(400_000)


def test_a_changed_file_ends_in_a_sentence(tmp_path, points):
    path = tmp_path / "points.npy"
    labelled = LabelledTable(npy(path), ColumnChoice())
    np.save(path, points[:100])
    with pytest.raises(DataError, match="has changed since it was opened"):
        list(labelled.labels(points[:2]))
