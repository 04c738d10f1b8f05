import csv

import numpy as np
import pytest

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.preparation import Preparation
from kmeans_tui.data.reading.files import open_file
from kmeans_tui.data.selection import Selection
from kmeans_tui.partitioned import stored
from kmeans_tui.partitioned.executor import Assign
from kmeans_tui.partitioned.here import Here
from kmeans_tui.partitioned.part_reading import prepared
from kmeans_tui.partitioned.plan import USUAL


def written(folder, n=700, seed=0, whole=False):
    """A table with gaps, marks of them, zeros for the logarithm, text, and a torn row."""
    draw = np.random.RandomState(seed)
    path = folder / "x.csv"
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["name", "a", "b", "flat", "w"])
        for i in range(n):
            a = "" if i % 50 == 7 else "n/a" if i % 97 == 3 else f"{draw.normal() * 9:.3f}"
            b = "" if i % 61 == 5 else str(draw.randint(0, 9) ** 3)
            w = draw.randint(0, 9) if whole else f"{draw.random_sample():.2f}"
            out.writerow([f"r{i}", a, b, 7, "" if i % 83 == 9 else w])
    return path


def both(path, **choice):
    """The table in parts, and the data set in memory."""
    weights = choice.pop("weights", None)
    preparation = Preparation(**{"features": ("a", "b"), "weights": weights, **choice})
    dataset = Selection(open_file(str(path)), preparation).dataset()
    given = {name: value for name, value in choice.items() if value is not None}
    table, chosen = stored.opened(
        str(path), USUAL._replace(**{"features": ("a", "b"), "weights": weights, **given}),
        folder=path.parent / "cache",
    )  # fmt: skip
    return Here(table, chosen, 130), dataset


@pytest.mark.parametrize("scale", ["none", "standard", "minmax", "robust"])
@pytest.mark.parametrize("log", [(), ("b",)])
@pytest.mark.parametrize("missing", ["drop", "median"])
def test_the_points_are_those_in_memory(tmp_path, scale, log, missing):
    executor, dataset = both(written(tmp_path), scale=scale, log=log, missing=missing)
    plan = executor.plan()
    sample = executor.sample(10_000, 0)
    assert (sample.rows + 1 == dataset.row_numbers).all()
    assert plan.all_rows == 700
    assert plan.dropped == 700 - dataset.n
    centre, spread = dataset.centre_and_spread
    # The one pass of the standard deviation rounds elsewhere; order statistics are exact.
    nearly = 1e-12 if scale == "standard" else 0
    assert np.allclose(plan.centre, centre, rtol=nearly, atol=nearly)
    assert np.allclose(plan.scale, spread, rtol=nearly, atol=0)
    assert np.allclose(sample.points, dataset.points, rtol=1e-12, atol=nearly)
    assert plan.offsets == dataset.log_offsets
    assert (sample.table == dataset.table[:, [dataset.columns.index(f) for f in "ab"]]).all()
    assert (plan.low <= sample.points.min(axis=0)).all()
    assert (plan.high >= sample.points.max(axis=0)).all()
    assert plan.spread == pytest.approx(np.sqrt(dataset.points.var(axis=0).mean()), rel=1e-12)
    totals = executor.iterate(Assign(sample.points[:3]))
    assert totals.sizes.sum() == dataset.n
    assert (prepared(sample.table, plan.recipe) == sample.points).all()


@pytest.mark.parametrize("scale", ["standard", "robust"])
@pytest.mark.parametrize("missing", ["drop", "median"])
@pytest.mark.parametrize("whole", [True, False])
def test_weights_count_as_in_memory(tmp_path, scale, missing, whole):
    path = written(tmp_path, whole=whole)
    executor, dataset = both(path, weights="w", scale=scale, missing=missing)
    plan, sample = executor.plan(), executor.sample(1000, 0)
    assert (sample.rows + 1 == dataset.row_numbers).all()
    assert (sample.weights == dataset.weights).all()
    assert plan.weighted
    assert plan.total_weight == pytest.approx(dataset.weights.sum(), rel=1e-12)
    centre, spread = dataset.centre_and_spread
    assert np.allclose(plan.centre, centre, rtol=1e-12)
    assert np.allclose(plan.scale, spread, rtol=1e-12)
    assert np.allclose(sample.points, dataset.points, rtol=1e-12, atol=1e-12)
    variance = np.average((dataset.points - plan.middle) ** 2, axis=0, weights=dataset.weights)
    assert plan.spread == pytest.approx(np.sqrt(variance.mean()), rel=1e-12)
    drawn = executor.sample(300, 1, by_weight=True)
    assert len(drawn.rows) == 300
    assert drawn.weights.mean() > 1.1 * sample.weights.mean()


@pytest.mark.parametrize("ties", [False, True])
def test_order_statistics_are_exact_whatever_the_sample(tmp_path, ties):
    # The sample is a third of the rows; a whole part is larger than all others.
    draw = np.random.RandomState(0)
    X = draw.standard_cauchy((60_001, 2))
    X[50_000:] += 1e6
    if ties:
        X = np.round(X)
    X[::7, 1] = np.nan
    np.save(tmp_path / "x.npy", X)
    choice = USUAL._replace(scale="robust", missing="median")
    plan = Here(stored.npy(tmp_path / "x.npy"), choice, 9_000).plan()
    X[::7, 1] = np.nanmedian(X[:, 1])
    assert plan.recipe["fill"][1] == X[0, 1]
    lower, middle, upper = np.percentile(X, (25, 50, 75), axis=0)
    assert (plan.centre == middle).all()
    assert (plan.scale == upper - lower).all()


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"log": ("a",)}, r"^a has negative values, the lowest -\d+\.\d+: a logarithm needs"),
        ({"log": ("w",)}, "^w is not used in the clustering: leave it out of --log$"),
        (
            {"weights": "a", "features": ("b",)},
            r"^column a: -\d+\.\d+ is negative: a weight is at least 0",
        ),
        ({"features": ("name",)}, "^column name of x.csv is text, as in row 1: 'r0'; the numeric"),
        ({"weights": "a"}, "^a is the weight of the rows: leave it out of --features$"),
        ({"features": ("c",)}, "^x.csv has no (column|feature) '?c'?"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(tmp_path, choice, said):
    path = written(tmp_path)
    choice = USUAL._replace(**{"features": ("a", "b"), **choice})
    with pytest.raises(DataError, match=said):
        Here(*stored.opened(str(path), choice, folder=tmp_path / "cache")).plan()


def test_no_row_left_and_numbers_too_large(tmp_path):
    np.save(tmp_path / "x.npy", [[1.0, np.nan], [np.inf, 2.0]])
    with pytest.raises(DataError, match=r"^x.npy has no row with a value in every feature"):
        Here(stored.npy(tmp_path / "x.npy")).plan()
    np.save(tmp_path / "y.npy", [[1.0, -1e200], [3.0, 2.0]])
    with pytest.raises(DataError, match=r"^column column 2: -1e\+200 is too large to be squared"):
        Here(stored.npy(tmp_path / "y.npy")).plan()
