"""The rows farthest from their centroids: which, in which order, and the run without them."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from kmeans_tui.analysis.farthest_rows import farthest
from kmeans_tui.cli import main
from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.data.dataset import Dataset


def run(points, k=2, weights=None):
    dataset = Dataset("d", np.array(points, float), ("x", "y"), weights=weights)
    return dataset, KMeans(k=k, random_state=0).fit(dataset.points).history[-1]


def wide_and_narrow():
    """A wide cluster, and a narrow one with a row that is far only there."""
    draw = np.random.RandomState(0)
    wide = draw.normal(0, 10, (60, 2))
    narrow = draw.normal(200, 0.1, (60, 2))
    return np.vstack([wide, narrow, [[201.5, 200]]])


def test_a_row_is_measured_by_its_own_cluster():
    dataset, last = run(wide_and_narrow())
    found = farthest(dataset, last, 5)
    assert found.numbers(dataset)[0] == 121
    assert found.times[0] > 5 > found.times[1]
    assert found.distances[0] < found.distances[1:].max()
    own = last.labels == last.labels[120]
    distances = np.linalg.norm(dataset.points[own] - last.centroids[last.labels[120]], axis=1)
    assert found.times[0] == pytest.approx(distances.max() / distances.mean())


@pytest.mark.parametrize("most", [1, 3, 50, 1000])
def test_the_farthest_come_first_and_equal_ones_in_their_order(most):
    points = [[0, 0], [0, 2], [0, -2], [2, 0], [-2, 0], [0, 0]]
    dataset, last = run(points, k=1)
    found = farthest(dataset, last, most)
    # Rows that are their centroid are not far.
    assert found.rows.tolist() == [1, 2, 3, 4][:most]
    assert found.times[0] == pytest.approx(1.5)


def test_a_row_of_weight_three_counts_like_three():
    points, weights = [[0, 0], [1, 0], [10, 0], [0, 5]], np.array([3.0, 1, 2, 1])
    dataset, last = run(points, 1, weights)
    repeated, _ = run(np.repeat(points, weights.astype(int), axis=0), 1)
    whole = SimpleNamespace(labels=np.zeros(repeated.n, int), centroids=last.centroids)
    assert farthest(dataset, last, 1).times == pytest.approx(farthest(repeated, whole, 1).times)


def test_the_command_tells_the_rows_and_the_run_without_them(capsys):
    assert main(["farthest", "outlier", "-k", "3", "--rows", "1"]) == 0
    said = capsys.readouterr().out
    assert "without them: inertia" in said
    assert "take them out: kmeans-tui outlier" in said
    assert "--without 301" in said
    assert main(["farthest", "outlier", "-k", "3", "--rows", "1", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    (row,) = document["farthest"]
    assert row["row"] == 301
    assert document["without"]["rows"] == 300
    assert document["without"]["inertia"] > 0


def test_too_many_rows_and_none_at_all(capsys, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,1\n1,1\n5,5\n")
    assert main(["farthest", str(path), "-k", "2", "--init", "farthest"]) == 0
    assert "none is far" in capsys.readouterr().out
    assert main(["farthest", "eight", "--rows", "8"]) == 0
    assert "without them" not in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["farthest", "eight", "--rows", "0"])
