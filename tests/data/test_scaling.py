"""Scales are scikit-learn's, logarithms come back in units, and both are told."""

import numpy as np
import pytest
from sklearn import preprocessing

from kmeans_tui import load_data
from kmeans_tui.data.columns import DataError
from kmeans_tui.data.dataset import Dataset

THEIRS = {
    "standard": preprocessing.StandardScaler,
    "minmax": preprocessing.MinMaxScaler,
    "robust": preprocessing.RobustScaler,
}


@pytest.mark.parametrize("scale", THEIRS)
@pytest.mark.parametrize("log", [(), ("proline", "magnesium")])
def test_scales_are_scikit_learns_and_come_back(scale, log):
    data = load_data("wine", scale=scale, log=log)
    table = data.table.copy()
    for name in log:
        table[:, data.columns.index(name)] = np.log(data.column(name))
    np.testing.assert_allclose(data.points, THEIRS[scale]().fit_transform(table), atol=1e-12)
    np.testing.assert_allclose(data.in_units(data.points), data.table, rtol=1e-12)
    np.testing.assert_allclose(data.project(data.points), data.shown(), atol=1e-9)


def test_a_logarithm_without_a_scale_is_shown_on_its_axis_and_told():
    data = load_data("wine", scale="none", log=("proline",), axes=("proline", "hue"))
    np.testing.assert_allclose(data.shown()[:, 0], np.log(data.column("proline")))
    assert data.axis_names == ("log(proline)", "hue")
    assert any(
        note.startswith("log(proline) is clustered; a centroid is the mean of these logs, ")
        and note.endswith("to the units of proline: a geometric mean.")
        for note in data.notes()
    )
    np.testing.assert_allclose(data.in_units(data.points), data.table)
    assert data.digest != load_data("wine", scale="none").digest


def test_zeros_and_negative_values():
    data = Dataset("d", np.array([[0.0], [3.0]]), ("x",), log=("x",))
    np.testing.assert_allclose(data.points[:, 0], [0, np.log(4)])
    np.testing.assert_allclose(data.in_units(data.points), data.table)
    assert "log(1 + x) is clustered, as x has zeros; a centroid is" in data.notes()[0]
    with pytest.raises(DataError, match="x has 1 negative value, the lowest -2"):
        _ = Dataset("d", np.array([[-2.0], [3.0]]), ("x",), log=("x",)).points


def test_a_logarithm_of_a_column_that_takes_no_part_is_refused():
    with pytest.raises(DataError, match="hue is not used"):
        load_data("wine", features=("ash", "alcohol"), log=("hue",))


@pytest.mark.parametrize("scale", THEIRS)
def test_one_value_and_a_middle_half_of_one_value(scale):
    table = np.column_stack([np.full(9, 0.1), [0, 5, 5, 5, 5, 5, 5, 5, 9.0]])
    data = Dataset("d", table, ("c", "x"), scale=scale)
    assert (data.points[:, 0] == 0).all()
    assert data.notes()[0].startswith("c has one value only: ")
    assert any("middle half of x" in note for note in data.notes()) == (scale == "robust")
    np.testing.assert_allclose(data.in_units(data.points), table)


@pytest.mark.parametrize("unit", [1e-150, 1e-151, 1e-170, 1e-250, 1e-290])
@pytest.mark.parametrize("beside", [1.0, 1e-170])
def test_a_column_of_the_smallest_numbers_is_standardised(unit, beside):
    values = np.array([1.0, 4.0, 2.0, 7.0])
    table = np.column_stack([values * unit, values[::-1] * beside])
    plain = np.column_stack([values, values[::-1]])
    data = Dataset("d", table, ("x", "y"), scale="standard")
    expected = Dataset("d", plain, ("x", "y"), scale="standard").points
    np.testing.assert_allclose(data.points, expected, rtol=1e-9)
    np.testing.assert_allclose(data.in_units(data.points), table, rtol=1e-9)


@pytest.mark.parametrize("log", [("x",), ("y",), ("x", "y"), ("y", "x"), ("z",), ("x", "z")])
@pytest.mark.parametrize("scale", ["none", "standard", "minmax"])
def test_a_centroid_of_logs_is_the_geometric_mean_and_the_mean_stands_beside(log, scale):
    rng = np.random.RandomState(1)
    table = np.exp(rng.normal(size=(60, 3))) * [1.0, 100.0, 1e-3]
    table[0, 2] = 0.0
    data = Dataset("d", table, ("x", "y", "z"), scale=scale, log=log)
    labels = rng.randint(2, size=60)
    prepared = np.array([data.points[labels == j].mean(axis=0) for j in (0, 1)])
    found, means = data.in_units(prepared), data.means(labels, 3)
    for i, name in enumerate(data.features):
        for j in (0, 1):
            rows = table[labels == j, i]
            assert means[j, i] == pytest.approx(rows.mean())
            offset = float(table[:, i].min() == 0)
            geometric = np.exp(np.log(rows + offset).mean()) - offset if name in log else None
            assert found[j, i] == pytest.approx(rows.mean() if geometric is None else geometric)
        assert data.centroid_names[i] == (f"{name} (geometric mean)" if name in log else name)
    assert np.isnan(means[2]).all()
