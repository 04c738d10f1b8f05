"""Weights of rows in a file: read, checked, counted in the preparation, and refused if unusable."""

import numpy as np
import pytest

from kmeans_tui import load_data
from kmeans_tui.command import Options
from kmeans_tui.data import edits, new_rows
from kmeans_tui.data.columns import DataError
from kmeans_tui.data.weighing import quantiles
from kmeans_tui.given_points import GivenPoints
from kmeans_tui.requests import subject

ROWS = ["1,10,2,a", "2,20,3,b", "3,31,1,a", "5,47,4,b", "8,80,1,a", "13,90,2,b"]


@pytest.fixture
def file(tmp_path):
    def written(*rows, head="x,y,w,g"):
        path = tmp_path / "t.csv"
        path.write_text("\n".join([head, *rows]) + "\n")
        return str(path)

    return written


def test_the_column_is_taken_out_of_the_features(file):
    found = load_data(file(*ROWS), weights="w")
    assert found.features == ("x", "y")
    assert found.weights.tolist() == [2, 3, 1, 4, 1, 2]
    assert found.weight_column == "w"
    assert not found.weights.flags.writeable
    assert found.notes()[0] == "w weights the rows, from 1 to 4: 13 in total."
    plain = load_data(file(*ROWS))
    assert (plain.weights, plain.weight_column) == (None, "")
    other = load_data(file(*ROWS), features=("x", "y"))
    assert other.digest != found.digest
    assert load_data(file(*ROWS), weights="3").weights.tolist() == found.weights.tolist()


@pytest.mark.parametrize("scale", ["none", "standard", "minmax", "robust"])
@pytest.mark.parametrize("axes", [None, ("pca",)])
def test_the_preparation_is_that_of_rows_repeated(file, scale, axes):
    how = {"scale": scale, "log": ("x",), "features": ("x", "y"), "axes": axes}
    one = load_data(file(*ROWS), weights="w", **how)
    counts = one.weights.astype(int)
    copies = [row for row, count in zip(ROWS, counts, strict=True) for _ in range(count)]
    other = load_data(file(*copies), **how)
    back = np.repeat(np.arange(one.n), counts)
    np.testing.assert_allclose(one.points[back], other.points, rtol=1e-12)
    np.testing.assert_allclose(one.shown()[back], other.shown(), rtol=1e-9, atol=1e-12)
    assert one.axis_names == other.axis_names
    np.testing.assert_allclose(new_rows.medians(one), new_rows.medians(other))
    labels = np.array([0, 1, 0, 1, 1, 0])
    np.testing.assert_allclose(one.means(labels, 2), other.means(labels[back], 2))


def test_rows_without_a_weight_and_of_weight_0_are_dropped_and_counted(file):
    found = load_data(file(*ROWS, "1,1,,a", "2,2,0,b", "3,3,0,b"), weights="w")
    assert found.row_numbers.tolist() == [1, 2, 3, 4, 5, 6]
    assert "1 row dropped for want of a weight in w, the first is row 7." in found.notes()
    assert "2 rows dropped for a weight of 0 in w, the first is row 8." in found.notes()


def test_a_gap_is_filled_with_the_weighted_median(file):
    rows = ["1,1,5,a", ",2,1,a", "9,3,1,a", "7,4,1,b"]
    assert load_data(file(*rows), weights="w", missing="median").column("x")[1] == 1
    assert load_data(file(*rows), missing="median").column("x")[1] == 7


@pytest.mark.parametrize(
    ("rows", "asked", "said"),
    [
        (["1,2,-3,a"], {}, "row 7, column w: -3 is negative, and a weight is not: correct it, or "),
        (["1,2,1e120,a"], {}, r"row 7, column w: 1e\+120 is too large for a weight"),
        (["1,2,1e-120,a"], {}, "row 7, column w: 1e-120 is too small for a weight"),
        (["1,2,inf,a"], {}, "row 7, column w: 'inf' is no weight"),
        (["1,2,many,a"], {}, "row 7, column w: 'many' is not a number; --na 'many'"),
        ([], {"weights": "g"}, "column g of t.csv is text, as in row 1: 'a'; --weights needs num"),
        ([], {"weights": "v"}, "t.csv has no feature 'v'"),
        ([], {"features": ("x", "w")}, "w holds the weights: leave it out of --features"),
        ([], {"features": ("x", "3")}, "w holds the weights: leave it out of --features"),
        ([], {"truth": "w"}, "w cannot be both --weights and --truth"),
    ],
)  # fmt: skip
def test_what_cannot_be_weights_is_refused_in_one_sentence(file, rows, asked, said):
    with pytest.raises(DataError, match=said) as refusal:
        load_data(file(*ROWS, *rows), **{"weights": "w", **asked})
    assert "\n" not in str(refusal.value)


def test_weights_that_are_all_0_are_refused(file):
    with pytest.raises(DataError, match="gives no row a weight above 0"):
        load_data(file("1,2,0,a", "2,3,0,b", "2,3,,b"), weights="w")


def test_a_refused_row_can_be_left_out(file):
    options = Options(file(*ROWS, "1,2,-3,a"), weights="w", without=(7,))
    assert subject.load(options).n == 6


def test_identifiers_can_be_weights(file):
    rows = [f"{i % 4},{i % 3},{1000 + i},a" for i in range(30)]
    found = load_data(file(*rows, head="x,y,id,g"), weights="id")
    assert found.weights[:2].tolist() == [1000, 1001]


def test_edits_keep_the_weights_of_the_rows(file):
    found = load_data(file(*ROWS), weights="w")
    assert edits.without(found, (1, 4)).weights.tolist() == [3, 1, 1, 2]
    added = edits.adding(found, GivenPoints(((1.0, 2.0),)))
    assert added.weights.tolist() == [2, 3, 1, 4, 1, 2, 1]
    assert edits.drawn(found, np.array([1, 1, 3])).weights.tolist() == [3, 3, 4]
    assert found.with_axes(("pca",)).weights.tolist() == found.weights.tolist()
    assert found.with_scale("robust").weights.tolist() == found.weights.tolist()


def test_equal_weights_of_any_size_leave_quantiles_as_they_are():
    draw = np.random.RandomState(0)
    columns = draw.normal(size=(41, 3))
    shares = (0.0, 0.25, 0.5, 0.9, 1.0)
    for each in (1.0, 0.1, 1 / 3, 2.5):
        found = quantiles(columns, np.full(41, each), shares)
        np.testing.assert_allclose(found, np.quantile(columns, shares, axis=0), rtol=1e-12)


def test_quantiles_by_whole_weights_are_those_of_copies():
    draw = np.random.RandomState(1)
    for n in range(1, 40):
        columns, weights = draw.randint(0, 9, (n, 2)) * 1.0, draw.randint(1, 6, n)
        shares = (0.0, 0.25, 0.5, 0.75, 1.0)
        wanted = np.quantile(np.repeat(columns, weights, axis=0), shares, axis=0)
        np.testing.assert_allclose(quantiles(columns, weights * 1.0, shares), wanted, rtol=1e-12)


# Without row 7.
SAMPLED = {"features": ("x", "y"), "weights": "w", "sample": 9, "sample_seed": 0}


def numbered(weights):
    """Ten rows with these weights."""
    return [f"{i % 3},{i % 4},{weight},a" for i, weight in enumerate(weights)]


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        (["2"] * 8 + ["-1", "2"], "row 9, column w: -1 .* --without 9$"),
        ([""] * 8 + ["heavy", "light"], "as in row 9: 'heavy'"),
    ],
)
def test_a_refused_row_of_a_sample_has_its_number_in_the_file(file, weights, said):
    with pytest.raises(DataError, match=said):
        subject.load(Options(file(*numbered(weights)), **SAMPLED))


def test_a_gap_in_a_sample_has_its_number_in_the_file(file):
    path = file(*numbered(["2"] * 8 + ["", "2"]))
    found = subject.load(Options(path, **SAMPLED))
    assert any("the first is row 9." in each for each in found.remarks)
