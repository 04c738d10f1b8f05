"""The picture of a wide table is of what shows its clusters apart."""

import numpy as np
import pytest

from kmeans_tui import KMeans, load_data
from kmeans_tui.analysis.separation import clearest
from kmeans_tui.command import Options
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.requests import subject


def found(table, k, names=None):
    names = names or tuple(f"c{i}" for i in range(table.shape[1]))
    dataset = Dataset("t", table, names)
    last = (
        KMeans(k=k, init="k-means++", random_state=0, improve=True).fit(dataset.points).history[-1]
    )
    return clearest(dataset, last.labels, last.centroids)


def noise(columns, n=200):
    return np.random.default_rng(0).normal(size=(n, columns))


def test_two_features_that_divide_the_clusters():
    table = noise(6)
    group = np.arange(200) % 4
    table[:, 2] += 20 * (group % 2)
    table[:, 5] += 20 * (group // 2)
    plane = found(table, 4)
    assert plane.axes == ("c2", "c5")
    assert plane.share == 1
    assert plane.sentence().startswith(
        "The rows by c2 and c5, the two features that tell the clusters apart best: by these, 100 "
        "in 100 rows"
    )


def test_features_that_say_the_same_are_not_taken_together():
    # c0 and c1 differ most, but both divide the same two pairs of clusters.
    table = noise(4)
    group = np.arange(200) % 4
    table[:, 0] += 40 * (group % 2)
    table[:, 1] += 40 * (group % 2)
    table[:, 3] += 20 * (group // 2)
    assert found(table, 4).axes in (("c0", "c3"), ("c1", "c3"))


def test_components_where_the_clusters_differ_in_many_features_at_once():
    # Corners of a simplex in 20 dimensions, each feature noisy: no two features divide them.
    rng = np.random.default_rng(1)
    corners = rng.choice([-1.0, 1.0], size=(3, 20))
    table = np.repeat(corners, 70, axis=0) * 1.2 + rng.normal(size=(210, 20))
    plane = found(table, 3)
    assert plane.axes == ("pca",)
    assert plane.share > plane.other + 0.05
    assert "principal components" in plane.sentence()


@pytest.mark.parametrize("data", ["blobs", "iris"])
def test_two_features_are_all_there_is(data):
    dataset = load_data(data)
    last = KMeans(k=3).fit(dataset.points).history[-1]
    assert clearest(dataset, last.labels, last.centroids) is None


@pytest.mark.parametrize("size", [1e-140, 1e140])
def test_huge_and_tiny_numbers(size):
    assert 0 < found(noise(4) * size, 3).share <= 1


def test_equal_rows_and_a_constant_feature():
    table = noise(3)
    table[:, 1] = 7.0
    assert "c1" not in found(table, 2).axes
    labels = np.zeros(5, int)
    dataset = Dataset("same", np.ones((5, 3)), ("a", "b", "c"))
    assert clearest(dataset, labels, np.ones((1, 3))).share == 1


def test_a_large_table_is_judged_by_a_sample():
    table = noise(5, 20_000)
    table[:, 1] += 9 * (np.arange(20_000) % 2)
    assert "c1" in found(table, 2).axes


def test_indicators_are_no_axes_while_two_measured_features_are_there(tmp_path):
    path = tmp_path / "t.csv"
    rows = [f"{i % 7},{i % 5},{i % 3},{'xyz'[i % 3]}" for i in range(60)]
    path.write_text("a,b,c,kind\n" + "\n".join(rows) + "\n")
    for features, axes in ((("a", "b", "c"), {"a", "b", "c"}), (("c",), None)):
        dataset = subject.load(Options(str(path), features=features, encode=("kind",)))
        last = KMeans(k=3, init="k-means++", random_state=0).fit(dataset.points).history[-1]
        plane = clearest(dataset, last.labels, last.centroids)
        assert plane is not None
        assert axes is None or plane.axes == ("pca",) or set(plane.axes) <= axes
