"""Rows that are mostly zeros: the history of the plain numbers, without their memory."""

import warnings
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse as scipy_sparse
from sklearn.utils.sparsefuncs import mean_variance_axis

from kmeans_tui import History, TracedKMeans
from kmeans_tui.clustering import estimator, sparse_rows
from kmeans_tui.clustering.engines import Sparse
from kmeans_tui.clustering.engines import sparse as engine
from kmeans_tui.clustering.sparse_rows import SparseDistances, SparseRows, best_kept


def mostly_zeros(n=900, d=40, share=0.1, seed=0, dtype=np.float64):
    drawn = np.random.RandomState(seed)
    return scipy_sparse.random(n, d, share, "csr", dtype, drawn, data_rvs=drawn.standard_normal)


@pytest.fixture
def kept_sparse(monkeypatch):
    monkeypatch.setattr(estimator, "best_kept", SparseRows)


def same_history(one, other):
    assert len(one) == len(other)
    for mine, theirs in zip(one, other, strict=True):
        assert (mine.labels == theirs.labels).all()
        assert mine.centroids == pytest.approx(theirs.centroids, rel=1e-9, abs=1e-12)
        assert mine.inertia == pytest.approx(theirs.inertia, rel=1e-9, abs=1e-12)
        assert mine.events == theirs.events


@pytest.mark.parametrize("form", ["csr", "csc", "coo", "lil"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64])
@pytest.mark.parametrize("init", ["k-means++", "random", "array", "function"])
@pytest.mark.usefixtures("kept_sparse")
def test_the_history_is_that_of_the_plain_numbers(init, dtype, form):
    X = (10 * mostly_zeros()).astype(dtype).asformat(form)
    start = {
        "array": X.toarray()[:6].astype(float),
        "function": lambda X, k, random_state: (
            np.asarray(X[:k].todense(), float) if scipy_sparse.issparse(X) else X[:k]
        ),
    }.get(init, init)
    for weights in (None, np.random.RandomState(1).randint(0, 4, X.shape[0])):
        km = TracedKMeans(6, init=start, n_init="auto", random_state=2)
        thin, plain = (
            TracedKMeans(**km.get_params()).fit(each, sample_weight=weights)
            for each in (X, X.toarray())
        )
        same_history(thin.history_, plain.history_)
        assert thin.cluster_centers_.dtype == plain.cluster_centers_.dtype
        for fitted in (thin, plain):
            assert (fitted.predict(X) == thin.labels_).all()
        close = {"rel": 1e-5, "abs": 1e-5} if dtype == np.float32 else {"rel": 1e-9, "abs": 1e-9}
        assert thin.transform(X) == pytest.approx(plain.transform(X.toarray()), **close)
        assert thin.transform(X).dtype == plain.transform(X.toarray()).dtype
        score = thin.score(X, sample_weight=weights)
        assert score == pytest.approx(-thin.inertia_, rel=1e-9)


# Whole numbers add up exactly in any order, so ties stay ties.
whole = arrays(
    np.int8, st.tuples(st.integers(2, 25), st.integers(1, 4)), elements=st.integers(-2, 2)
)


@given(whole, st.integers(1, 6), st.integers(0, 9), st.booleans(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_ties_empty_clusters_and_copies_change_nothing(X, k, seed, weighted, far):
    k, X = min(k, len(X)), X.astype(float)
    draw = np.random.RandomState(seed)
    weights = draw.randint(1, 4, len(X)).astype(float) if weighted else None
    init = draw.randint(-9, 9, (k, X.shape[1])) if far else ("k-means++", "random")[seed % 2]
    found = []
    with warnings.catch_warnings(), mock.patch.object(estimator, "best_kept", SparseRows):
        warnings.simplefilter("ignore")
        for each in (X, scipy_sparse.csr_matrix(X)):
            km = TracedKMeans(k, init=init, n_init=1, tol=0, max_iter=12, random_state=seed)
            found.append(km.fit(each, sample_weight=weights).history_)
    assert all((a.labels == b.labels).all() for a, b in zip(*found, strict=True))
    assert all((a.events == b.events) for a, b in zip(*found, strict=True))


def test_rows_answer_like_the_array_they_stand_for():
    X = mostly_zeros(50, 7, 0.3)
    plain, rows = X.toarray(), SparseRows(X)
    some = np.array([3, 3, 49, 0])
    assert (rows[5:20] == plain[5:20]).all()
    assert (rows[40:90] == plain[40:]).all()
    assert (rows[some] == plain[some]).all()
    assert (rows.take(some, axis=0) == plain[some]).all()
    assert (rows.subset(some)[:] == plain[some]).all()
    assert (rows.max(), rows.min(), len(rows), rows.size) == (plain.max(), plain.min(), 50, 350)
    assert rows.squared_norms() == pytest.approx((plain**2).sum(axis=1))
    assert rows.variances() == pytest.approx(mean_variance_axis(X, 0)[1])
    assert rows.variances() == pytest.approx(plain.var(axis=0))


def test_entries_given_twice_and_zeros_given_are_tidied_up_and_the_matrix_is_left_alone():
    parts = np.array([1.0, 2.0, 0.0, 5.0]), np.array([1, 1, 0, 2]), np.array([0, 3, 4])
    X = scipy_sparse.csr_matrix(parts, shape=(2, 3))
    rows = SparseRows(X)
    assert (rows[:] == [[0, 3, 0], [0, 0, 5]]).all()
    assert rows.matrix.nnz == 2
    assert X.nnz == 4


def test_it_stays_compressed_where_that_pays_and_where_memory_is_short(monkeypatch):
    assert isinstance(best_kept(mostly_zeros(2000, 1000, 0.05)), SparseRows)
    for n, d, share in ((2000, 1000, 0.5), (20_000, 30, 0.05), (100, 90, 0.01)):
        assert isinstance(best_kept(mostly_zeros(n, d, share)), np.ndarray)
    monkeypatch.setattr(sparse_rows, "_free", lambda: 1e6)
    assert isinstance(best_kept(mostly_zeros(2000, 1000, 0.5)), SparseRows)


def test_what_is_far_too_large_for_plain_numbers_is_clustered():
    n, d = 100_000, 100_000  # as plain numbers 80 GB
    draw = np.random.RandomState(0)
    places = np.repeat(np.arange(n), 5), draw.randint(d, size=5 * n)
    X = scipy_sparse.coo_matrix((draw.standard_normal(5 * n), places), (n, d)).tocsr()
    km = TracedKMeans(3, random_state=0, max_iter=3).fit(X)
    assert km.labels_.shape == (100_000,)
    assert km.transform(X).shape == (100_000, 3)
    assert (km.predict(X) == km.labels_).all()
    assert (np.diff(km.history_.inertia) <= 0).all()


@pytest.mark.parametrize("scale", [1.0, 1e-170, 1e160])
def test_labels_are_exact_where_squares_leave_the_range(scale):
    X = mostly_zeros(300, 20, 0.3) * scale
    centres = X[:5].toarray()
    with np.errstate(over="ignore"):
        plain = ((X.toarray()[:, np.newaxis] - centres) ** 2).sum(axis=2).argmin(axis=1)
    with np.errstate(over="ignore"):
        assert (engine.nearest(SparseRows(X), centres) == plain).all()


def test_distances_to_a_centre_that_is_a_row_are_0():
    X = mostly_zeros(300, 20, 0.3)
    found = engine.distances(SparseRows(X), X[:4].toarray())
    assert (found[:4].diagonal() == 0).all()
    exact = np.sqrt(((X.toarray()[:, np.newaxis] - X[:4].toarray()) ** 2).sum(axis=2))
    assert found == pytest.approx(exact, rel=1e-9)
    squared = SparseDistances(SparseRows(X)).squared(slice(0, 300), np.arange(4))
    assert squared == pytest.approx(exact.T**2, rel=1e-9, abs=1e-12)


def test_a_recording_of_sparse_points_is_saved(tmp_path):
    X = mostly_zeros()
    km = TracedKMeans(3, random_state=0).fit(X)
    km.history_.save(tmp_path / "kept.npz")
    km.history_.save(tmp_path / "given.npz", X)
    for name in ("kept.npz", "given.npz"):
        same_history(History.load(tmp_path / name), km.history_)


def test_the_engine_is_chosen_by_what_the_points_are():
    assert type(estimator.engine_for(SparseRows(mostly_zeros()), 3)) is Sparse
