"""A start that is watched is the one that is not, and its chances are those that it drew by."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.datasets import make_blobs

from kmeans_tui.clustering import initialisation
from kmeans_tui.clustering.initialisation import STARTS, Distances, initialise
from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.clustering.watched_start import watched_start

clouds = st.tuples(st.integers(1, 40), st.integers(1, 7)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.integers(-20, 20).map(lambda i: i / 4))
)


@pytest.mark.filterwarnings("ignore:X has only")
@settings(max_examples=150, deadline=None)
@given(clouds, st.data(), st.sampled_from([*STARTS]), st.integers(0, 2**32 - 1))
def test_watching_changes_nothing(X, data, init, seed):
    k = data.draw(st.integers(1, len(X)))
    plain, watched = np.random.RandomState(seed), np.random.RandomState(seed)
    expected = initialise(X, k, init, plain)
    start = watched_start(X, k, init, watched)
    np.testing.assert_array_equal(start.centroids, expected)
    # The generator goes on from the same place.
    assert plain.randint(2**31) == watched.randint(2**31)
    assert len(start) == (1 if init == "partition" else k)
    if init == "partition":
        (draw,) = start
        means = [X[draw.labels == c].mean(axis=0) for c in range(k)]
        np.testing.assert_allclose(means, expected, atol=1e-12)
        assert draw.row is None
        with pytest.raises(ValueError, match="draws clusters"):
            start.chances(0)
        return
    np.testing.assert_array_equal(X[start.rows(k)], expected)
    for number, draw in enumerate(start):
        chances = start.chances(number)
        assert chances.shape == (len(X),)
        assert chances.sum() == pytest.approx(1)
        assert chances.min() >= 0
        assert chances[draw.row] > 0
        np.testing.assert_array_equal(start.placed(number), expected[: number + 1])
        before = X[start.rows(number)]
        nearest = start.nearest(number)
        if not number:
            assert np.isinf(nearest).all()
            continue
        brute = ((X[:, None] - before) ** 2).sum(axis=2).min(axis=1)
        np.testing.assert_allclose(nearest, brute, atol=1e-9)
        if draw.rule == "farthest":
            assert brute[draw.row] == pytest.approx(brute.max())
        if draw.rule == "squared distance":
            assert len(draw.tried) == len(draw.sums) == 2 + int(np.log(k))
            assert draw.sums.min() == draw.sums[draw.best]
            with_each = [
                np.minimum(brute, ((X - X[row]) ** 2).sum(axis=1)).sum() for row in draw.tried
            ]
            np.testing.assert_allclose(draw.sums, with_each, atol=1e-9)


@pytest.mark.parametrize(
    ("n", "d", "far"), [(300, 2, 0), (9000, 2, 0), (3000, 9, 0), (3000, 9, 300)]
)
def test_the_chances_are_to_the_last_bit_those_drawn_by(n, d, far, monkeypatch):
    X = make_blobs(n_samples=n, n_features=d, centers=5, random_state=1)[0] + far
    used = []

    class Recorded(Distances):
        def squared(self, part, rows):
            found = super().squared(part, rows)
            used.append((part, rows.copy(), found.copy()))
            return found

    monkeypatch.setattr(initialisation, "Distances", Recorded)
    start = watched_start(X, 6, "k-means++", 3)
    nearest = np.full(n, np.inf)
    for number in range(6):
        np.testing.assert_array_equal(start.nearest(number), nearest)
        draw = start[number]
        for part, rows, found in used:
            if len(rows) == len(draw.tried) and (rows == draw.tried).all():
                nearest[part] = np.minimum(nearest[part], found[draw.best])


def test_every_start_of_a_run_can_be_watched():
    X = make_blobs(n_samples=60, random_state=1)[0]
    for init in STARTS:
        model = KMeans(4, init=init, random_state=7)
        start = model.watched_start(X)
        np.testing.assert_array_equal(start.centroids, model.fit(X).history[0].centroids)
        assert not start[0].tried.flags.writeable
    with pytest.raises(ValueError, match="nothing is drawn"):
        KMeans(2, init=X[:2]).watched_start(X)


def test_what_cannot_be_watched():
    X = np.eye(3)
    for arguments in ((4, "random"), (2, "given"), (0, "random"), (2, "farthest", -1)):
        with pytest.raises(ValueError, match=r"[a-z]"):
            watched_start(X, *arguments)
