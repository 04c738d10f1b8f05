"""Profiles: means, spreads and differences as numpy computes them, in the units of the table."""

import numpy as np
import pytest

from kmeans_tui import KMeans, load_data
from kmeans_tui.analysis.profile import profiles


def clustered(data, k=3):
    last = KMeans(k=k, random_state=0).fit(data.points).history[-1]
    return last.labels, last.centroids


def test_the_numbers_are_those_of_the_rows():
    data = load_data("wine", scale="robust", log=("proline",))
    labels, centroids = clustered(data)
    for profile in profiles(data, labels, centroids):
        own, rest = labels == profile.cluster, labels != profile.cluster
        assert profile.size == own.sum()
        assert profile.share == pytest.approx(own.mean())
        away = data.points[own] - centroids[profile.cluster]
        assert profile.inertia == pytest.approx((away**2).sum())
        for trait in profile.traits:
            values = data.column(trait.name)
            a, b = values[own], values[rest]
            assert trait.mean == pytest.approx(a.mean())
            assert trait.spread == pytest.approx(a.std())
            assert trait.rest == pytest.approx(b.mean())
            assert trait.difference == pytest.approx((a.mean() - b.mean()) / values.std())
        distances = np.linalg.norm(data.points - centroids[profile.cluster], axis=1)
        distances[rest] = np.nan
        assert profile.nearest[0] == np.nanargmin(distances)
        assert profile.farthest[0] == np.nanargmax(distances)


def test_what_sets_a_cluster_apart_comes_first():
    data = load_data("iris")
    setosa = max(profiles(data, *clustered(data)), key=lambda p: abs(p.apart[0].difference))
    assert setosa.size == 50
    assert setosa.sentence() == "petal length lower (-2.0), petal width lower (-1.9)"


def test_large_numbers_keep_their_spread(tmp_path):
    rows = [f"{1e9 + i % 3},{i // 10}" for i in range(40)]
    (tmp_path / "a.csv").write_text("x,y\n" + "\n".join(rows))
    data = load_data(str(tmp_path / "a.csv"))
    labels = np.arange(40) // 20
    found = profiles(data, labels, np.zeros((2, 2)))
    x = data.column("x")
    assert found[0].traits[0].spread == pytest.approx(x[:20].std(), rel=1e-6)


def test_one_cluster_an_empty_one_and_a_constant_feature(tmp_path):
    (tmp_path / "a.csv").write_text("x,c,n\n1,5,a\n2,5,a\n3,5,b\n")
    data = load_data(str(tmp_path / "a.csv"))
    (only,) = profiles(data, np.zeros(3, int), np.array([[2.0, 5.0]]))
    assert [each.difference for each in only.traits] == [None, None]
    assert only.sentence() == "like the rest in every feature"
    assert [(each.value, each.count) for each in only.common] == [("a", 2)]
    first, empty = profiles(data, np.zeros(3, int), np.zeros((2, 2)))
    assert (first.size, empty.size, empty.traits, empty.sentence()) == (3, 0, (), "no rows")
    assert len(empty.nearest) == 0
    one, two = profiles(data, np.array([0, 0, 1]), np.zeros((2, 2)))
    assert one.traits[1].difference is None
    assert two.common[0].value == "b"
