"""A Dataset: preparation, the way back to the units of the table, and the plane of the picture."""

import hashlib
import sys
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from kmeans_tui.data.catalogue import load_data
from kmeans_tui.data.dataset import DataError, Dataset


def table(rows, **preparation):
    array = np.asarray(rows, dtype=float)
    names = tuple("abcdefgh"[: array.shape[1]])
    return Dataset("t", array, names, **preparation)


@pytest.mark.parametrize("name", ["iris", "wine", "breast-cancer", "blobs", "varied"])
def test_standardised_points_are_those_of_standard_scaler(name):
    data = load_data(name, scale="standard")
    # A slice, as the article takes it: a list of columns gives another layout and other last bits.
    first = data.columns.index(data.features[0])
    chosen = data.table[:, first : first + data.d]
    np.testing.assert_array_equal(data.points, StandardScaler().fit_transform(chosen))


@given(st.integers(1, 40), st.integers(1, 5), st.integers(0, 10**6), st.sampled_from([1.0, 1e6]))
def test_standardised_points_come_back_in_units(n, d, seed, offset):
    rows = np.random.RandomState(seed).normal(size=(n, d)) * 3 + offset
    data = table(rows, scale="standard")
    assert np.isfinite(data.points).all()
    np.testing.assert_allclose(data.in_units(data.points), rows, rtol=1e-12, atol=1e-9)


def test_points_as_they_are_cost_no_copy_and_cannot_be_written():
    data = load_data("blobs")
    assert data.points is data.table
    for array in (data.table, data.points, load_data("iris").points, data.shown()):
        assert array.flags.c_contiguous
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1.0
    with pytest.raises(FrozenInstanceError):
        data.scale = "standard"


def test_a_constant_column_becomes_zeros_and_says_so():
    data = table([[1.0, 0.1], [2.0, 0.1], [3.0, 0.1]], scale="standard")
    assert (data.points[:, 1] == 0).all()
    np.testing.assert_allclose(data.in_units([[0.0, 0.0]]), [[2.0, 0.1]])
    remedy = "--features can leave it out."
    assert data.notes() == [f"b has one value only: standardised, it is 0 everywhere; {remedy}"]
    plain = data.with_scale("none").notes()
    assert plain == [f"b has one value only: it separates nothing; {remedy}"]


def test_equal_rows_are_counted_and_said():
    iris = load_data("iris")
    assert iris.distinct() == len(np.unique(iris.points, axis=0)) == 102
    assert iris.notes() == ["102 of the 150 rows are distinct."]
    assert table([[1, 2], [1, 2], [1, 2]]).notes() == ["All 3 rows are equal."]
    assert table([[1, 2]]).notes() == []
    # The first column repeats, the rows do not.
    assert table([[1, 2], [1, 3], [2, 2]]).distinct() == 3


@given(st.lists(st.tuples(st.integers(-1, 1), st.integers(-1, 1)), min_size=1, max_size=30))
def test_distinct_counts_what_a_set_would(rows):
    assert table(rows).distinct() == len(set(rows))


def test_the_digest_is_that_of_what_is_clustered():
    data = load_data("blobs:n=2,k=1,std=0")
    head = b'[["feature 1", "feature 2"], [2, 2]]'
    assert data.digest == hashlib.sha256(head + data.points.tobytes()).hexdigest()
    iris = load_data("iris")
    assert iris.digest == load_data("iris").digest == iris.with_axes(("4", "3")).digest
    others = [
        iris.with_scale("none"),
        iris.with_features(("petal length",)),
        iris.with_features(("petal width", "petal length")),
    ]
    assert len({iris.digest, *(each.digest for each in others)}) == 4


def test_features_change_and_the_axes_follow_where_they_must():
    iris = load_data("iris").with_features(("1", "2", "3", "4")).with_axes(("4", "2"))
    assert (iris.d, iris.axes) == (4, ("petal width", "sepal width"))
    assert iris.with_features(("2", "3", "4")).axes == ("petal width", "sepal width")
    assert iris.with_features(("1", "3", "4")).axes == ("petal width", "sepal length")
    assert iris.with_features(("1",)).axes == ("sepal length",)
    assert iris.with_features(("1",)).with_features(("1", "2")).axes == (
        "sepal length",
        "sepal width",
    )
    components = iris.with_axes(("pca",))
    assert components.with_features(("1", "2")).axes == ("pca",)
    assert components.with_features(("1",)).axes == ("sepal length",)
    with pytest.raises(DataError, match="did you mean petal length"):
        iris.with_features(("petal lenth",))
    with pytest.raises(DataError, match="is not used"):
        load_data("iris").with_axes(("sepal length", "petal width"))


def test_other_axes_share_the_points():
    data = load_data("wine")
    assert data.with_axes(("hue", "proline")).points is not None
    points = data.points
    assert data.with_axes(("hue", "proline")).points is points
    assert data.with_scale("none").points is not points


def test_two_features_are_shown_in_the_units_of_the_table():
    data = load_data("iris").with_axes(("petal width", "petal length"))
    assert data.axis_names == ("petal width", "petal length")
    np.testing.assert_array_equal(data.shown(), data.table[:, [3, 2]])
    np.testing.assert_allclose(data.project(data.points), data.shown())
    assert data.exact_plane
    np.testing.assert_allclose(data.unproject(data.shown()), data.points, atol=1e-12)


def test_two_of_many_features_are_no_exact_plane():
    data = load_data("iris", features=["1", "2", "3"], axes=["3", "1"])
    np.testing.assert_array_equal(data.shown(), data.table[:, [2, 0]])
    np.testing.assert_allclose(data.project(data.points), data.shown())
    assert not data.exact_plane
    with pytest.raises(ValueError, match="3 features"):
        data.unproject(data.shown())


@pytest.mark.parametrize("scale", ["standard", "none"])
def test_one_feature_is_shown_against_the_row(scale):
    data = load_data("iris", features=["petal width"], scale=scale)
    assert data.axis_names == ("petal width", "row")
    np.testing.assert_array_equal(data.shown()[:, 0], data.table[:, 3])
    np.testing.assert_array_equal(data.shown()[:, 1], np.arange(1, 151))
    drawn = data.project(data.points)
    np.testing.assert_allclose(drawn[:, 0], data.table[:, 3])
    assert (drawn[:, 1] == 75.5).all(), "a centroid is no row: it is drawn at the middle one"
    np.testing.assert_allclose(data.unproject(data.shown()), data.points, atol=1e-12)


@pytest.mark.parametrize("name", ["wine", "breast-cancer", "digits"])
def test_components_are_those_of_scikit_learn_with_settled_signs(name):
    data = load_data(name)
    theirs = PCA(2).fit(data.points)
    scores, shown = theirs.transform(data.points), data.shown()
    for axis in (0, 1):
        sign = np.sign(scores[0, axis] * shown[0, axis])
        np.testing.assert_allclose(shown[:, axis], sign * scores[:, axis], atol=1e-9)
        loadings = sign * theirs.components_[axis]
        assert loadings[np.abs(loadings).argmax()] > 0
        share = round(100 * theirs.explained_variance_ratio_[axis])
        assert data.axis_names[axis] == f"PC {axis + 1} ({share} %)"
    np.testing.assert_allclose(data.project(data.points[:5]), shown[:5], atol=1e-9)


def test_components_of_two_features_can_be_taken_back():
    data = load_data("iris").with_axes(("pca",))
    assert data.exact_plane
    np.testing.assert_allclose(data.unproject(data.shown()), data.points, atol=1e-9)


@pytest.mark.parametrize("rows", [[[1, 2, 3]], [[1, 2, 3], [1, 2, 3]]])
def test_components_of_what_does_not_vary(rows):
    data = table(rows, axes=("pca",))
    assert data.axis_names == ("PC 1", "PC 2")
    np.testing.assert_array_equal(data.shown(), np.zeros((len(rows), 2)))


@pytest.mark.parametrize(
    "array", [np.zeros((0, 2)), np.zeros((3, 0)), np.zeros((2, 2, 2)), np.zeros((3, 3))]
)
def test_what_is_no_table_is_refused(array):
    with pytest.raises(DataError, match="is not a table"):
        Dataset("t", array, ("a", "b"))


def test_components_of_few_features_need_no_library(monkeypatch):
    # Some features far from 0 and far from each other in size: what rounding would spoil.
    rng = np.random.RandomState(0)
    points = rng.normal(size=(60, 8)) * 10.0 ** np.arange(-4, 4) + 1e6
    scores = PCA(2).fit(points).transform(points)
    monkeypatch.setitem(sys.modules, "sklearn.decomposition", None)
    shown = table(points, axes=("pca",)).shown()
    signs = np.sign((scores * shown).sum(axis=0))
    np.testing.assert_allclose(shown - shown.mean(0), scores * signs, rtol=1e-9, atol=1e-3)


def test_components_of_many_features_come_from_the_library():
    points = np.random.RandomState(1).normal(size=(30, 300))
    names = tuple(f"f{i}" for i in range(300))
    shown = Dataset("wide", points, names, axes=("pca",)).shown()
    scores = PCA(2, random_state=0).fit(points).transform(points)
    np.testing.assert_allclose(np.abs(shown), np.abs(scores), atol=1e-9)


@pytest.mark.parametrize("scale", ["standard", "minmax", "robust", "none"])
def test_a_mean_of_zeros_comes_back_as_zero(scale):
    rng = np.random.RandomState(0)
    table = np.column_stack([rng.normal(size=200), np.where(np.arange(200) < 40, 12345.6, 0.0)])
    table[:, 1] *= rng.uniform(1, 2, 200)
    data = Dataset("z", table, ("a", "b"), scale=scale)
    means = np.array([data.points[:40].mean(axis=0), data.points[40:].mean(axis=0)])
    back = data.in_units(means)
    assert back[1, 1] == 0.0
    assert back[0] == pytest.approx(table[:40].mean(axis=0))
    assert back[1, 0] == pytest.approx(table[40:, 0].mean())
