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
    assert "log(proline) is clustered; centroids are told in the units of proline." in data.notes()
    np.testing.assert_allclose(data.in_units(data.points), data.table)
    assert data.digest != load_data("wine", scale="none").digest


def test_zeros_and_negative_values():
    data = Dataset("d", np.array([[0.0], [3.0]]), ("x",), log=("x",))
    np.testing.assert_allclose(data.points[:, 0], [0, np.log(4)])
    np.testing.assert_allclose(data.in_units(data.points), data.table)
    assert "log(1 + x) is clustered, as x has zeros; centroids" in data.notes()[0]
    with pytest.raises(DataError, match="x has 1 negative value, the least -2"):
        _ = Dataset("d", np.array([[-2.0], [3.0]]), ("x",), log=("x",)).points


def test_a_logarithm_of_a_column_that_takes_no_part_is_refused():
    with pytest.raises(DataError, match="hue takes no part"):
        load_data("wine", features=("ash", "alcohol"), log=("hue",))


@pytest.mark.parametrize("scale", THEIRS)
def test_one_value_and_a_middle_half_of_one_value(scale):
    table = np.column_stack([np.full(9, 0.1), [0, 5, 5, 5, 5, 5, 5, 5, 9.0]])
    data = Dataset("d", table, ("c", "x"), scale=scale)
    assert (data.points[:, 0] == 0).all()
    assert data.notes()[0].startswith("c has one value only: ")
    assert any("middle half of x" in note for note in data.notes()) == (scale == "robust")
    np.testing.assert_allclose(data.in_units(data.points), table)
