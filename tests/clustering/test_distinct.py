"""Which rows are different, in what order, and what their copies weigh."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_matrix

from kmeans_tui.clustering.distinct import distinct
from kmeans_tui.clustering.sparse_rows import SparseRows

tables = arrays(
    np.int8, st.tuples(st.integers(1, 30), st.integers(1, 5)), elements=st.integers(-2, 2)
)


@given(tables, st.booleans(), st.integers(1, 4))
@settings(max_examples=300, deadline=None)
def test_they_are_those_of_unique_plain_and_compressed(X, weighted, k):
    X = X.astype(float)
    weights = np.arange(len(X)) % 3.0 if weighted else None
    each, inverse = np.unique(X, axis=0, return_inverse=True)
    mass = np.bincount(inverse.ravel(), weights)
    each, mass = each[mass > 0], mass[mass > 0]
    for points in (X, SparseRows(csr_matrix(X))):
        rows, found = distinct(points, weights, k)
        if len(each) < k:
            assert rows is None
        elif not weighted and len(each) == len(X):
            assert rows is None
            assert found is None
        else:
            assert (X[rows] == each).all()
            assert (found == mass).all()


@pytest.mark.parametrize("weights", [None, np.array([0.0, 1.0, 0.0])])
def test_fewer_different_rows_than_clusters_are_drawn_from_all(weights):
    X = np.ones((3, 2))
    for points in (X, SparseRows(csr_matrix(X))):
        assert distinct(points, weights, 2) == (None, None)
