"""Runs for every k, each from the best before it."""

import numpy as np
import pytest
from sklearn import cluster
from sklearn.datasets import make_blobs
from threadpoolctl import threadpool_limits

from kmeans_tui.clustering import textbook
from kmeans_tui.clustering.sweep import sweep


@pytest.mark.parametrize(("n", "d"), [(300, 2), (3000, 5), (100_000, 2)])
def test_every_run_is_a_run_and_the_inertia_never_rises(n, d):
    X = make_blobs(n, d, centers=5, cluster_std=1.5, random_state=2)[0]
    best = []
    for k, histories in enumerate(sweep(X, 7, runs=2, random_state=0), start=1):
        assert len(histories) == (1 if k == 1 else 2)
        ends = [history[-1] for history in histories]
        assert [end.inertia for end in ends] == sorted(end.inertia for end in ends)
        for history, end in zip(histories, ends, strict=True):
            assert history.k == k
            assert history.stopped_by == "converged"
            assert (end.labels[:2000] == textbook.assign(X[:2000], end.centroids)).all()
        if best:
            assert (histories[0][0].centroids[:-1] == best[-1].centroids).all()
        best.append(ends[0])
    inertia = [end.inertia for end in best]
    assert inertia == sorted(inertia, reverse=True)
    assert inertia[0] == pytest.approx(((X - X.mean(axis=0)) ** 2).sum(), rel=1e-9)


def test_it_is_repeatable_and_copes_with_few_different_points():
    X = np.repeat([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]], 4, axis=0)
    with pytest.warns(UserWarning, match="3 different rows"):
        one = [histories[0][-1].inertia for histories in sweep(X, 5, random_state=1)]
    with pytest.warns(UserWarning, match="3 different rows"):
        two = [histories[0][-1].inertia for histories in sweep(X, 5, random_state=1)]
    assert one == two
    assert one[2:] == [0, 0, 0]


def flat(X, **parameters):
    return [history for k in sweep(X, 5, random_state=4, **parameters) for history in k]


@pytest.mark.parametrize(("n", "d"), [(300, 2), (5000, 3), (250_000, 2)])
def test_the_number_of_threads_changes_nothing(n, d):
    X = make_blobs(n, d, centers=5, cluster_std=1.5, random_state=2)[0]
    one = flat(X)
    for jobs in (2, 4, -1):
        for a, b in zip(one, flat(X, n_jobs=jobs), strict=True):
            assert (a.centroids == b.centroids).all()
            assert (a.inertia == b.inertia).all()
            assert all((s.labels == t.labels).all() for s, t in zip(a, b, strict=True))


@pytest.mark.parametrize("jobs", [1, 2])
def test_it_ends_within_an_iteration_when_cancelled(jobs):
    X = make_blobs(5000, 3, centers=5, random_state=2)[0]
    asked = []

    def cancelled():
        asked.append(1)
        return len(asked) > 10

    assert len(list(sweep(X, 8, random_state=0, n_jobs=jobs, cancelled=cancelled))) <= 2
    assert len(asked) <= 10 + 2 * 3 + 1


def test_an_error_in_a_run_ends_it():
    X = make_blobs(5000, 3, centers=5, random_state=2)[0]

    def cancelled():
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        list(sweep(X, 8, random_state=0, runs=2, n_jobs=2, cancelled=cancelled))


def test_the_ends_are_as_good_as_those_of_scikit_learn():
    ratios = []
    for seed in range(8):
        X = make_blobs(2000, 2, centers=2 + seed, cluster_std=1.5, random_state=seed)[0]
        for k, histories in enumerate(sweep(X, 10, random_state=0), start=1):
            with threadpool_limits(1):
                known = cluster.KMeans(k, n_init=3, random_state=0).fit(X)
            ratios.append(histories[0][-1].inertia / known.inertia_)
    assert np.mean(ratios) <= 1
    assert np.mean(np.array(ratios) > 1.01) <= 0.05  # for scikit-learn's with another seed 0.08


@pytest.mark.parametrize("jobs", [0, 1.5, True, "all"])
def test_a_number_of_threads_it_cannot_use_is_refused(jobs):
    with pytest.raises(ValueError, match=r"n_jobs is .*; give None, a whole number"):
        next(sweep(np.eye(3), 2, n_jobs=jobs))
