import numpy as np
import pytest

from kmeans_tui.clustering.initialisation import initialise
from kmeans_tui.partitioned import stored
from kmeans_tui.partitioned.executor import Assign
from kmeans_tui.partitioned.here import Here
from kmeans_tui.partitioned.part_starts import initial
from kmeans_tui.partitioned.plan import USUAL
from kmeans_tui.vocabulary import INITS, PARALLEL


@pytest.fixture
def points(tmp_path):
    draw = np.random.RandomState(0)
    centres = draw.uniform(-100, 100, (20, 2))
    X = centres[draw.randint(20, size=5000)] + draw.normal(size=(5000, 2))
    np.save(tmp_path / "x.npy", np.column_stack([X, draw.randint(0, 3, 5000)]))
    return X


def opened(folder, size=None, weights="column 3"):
    return Here(stored.npy(folder / "x.npy"), USUAL._replace(weights=weights), size)


@pytest.mark.parametrize("init", [*INITS, PARALLEL])
def test_a_start_does_not_depend_on_the_parts(tmp_path, points, init):
    found = []
    for size in (None, 1700, 211):
        executor = opened(tmp_path, size)
        sample = executor.sample(600, 3)
        found.append(initial(executor, sample, 20, init, 5))
        known = {row.tobytes() for row in points}
        assert found[-1].shape == (20, 2)
        assert init == "partition" or all(row.tobytes() in known for row in found[-1])
    assert (found[0] == found[1]).all()
    assert (found[0] == found[2]).all()
    assert not (initial(executor, sample, 20, init, 6) == found[0]).all()


def test_the_parallel_start_finds_the_blobs(tmp_path, points):
    executor = opened(tmp_path, 1700)
    sample = executor.sample(600, 3)
    cost = {
        init: executor.iterate(Assign(initial(executor, sample, 20, init, 1))).inertia
        for init in ("random", "k-means||")
    }
    assert cost["k-means||"] < 0.2 * cost["random"]


def test_all_rows_in_the_sample_start_as_in_memory(tmp_path, points):
    np.save(tmp_path / "x.npy", points)
    executor = opened(tmp_path, 1700, None)
    sample = executor.sample(5000, 3)
    assert (sample.points == points).all()
    assert sample.weights is None
    found = initial(executor, sample, 7, "k-means++", 9)
    assert (found == initialise(points, 7, "k-means++", np.random.RandomState(9))).all()


def test_few_distinct_rows_are_enough(tmp_path):
    np.save(tmp_path / "x.npy", np.array([[1.0, 2.0]] * 9))
    executor = opened(tmp_path, 4, None)
    assert initial(executor, executor.sample(9, 0), 4, "k-means||", 0).tolist() == [[1, 2]] * 4


def test_a_sample_holds_the_smaller_ones_and_every_row_may_be_in_it(tmp_path, points):
    executor = opened(tmp_path, 1700)
    large, small = executor.sample(900, 1), executor.sample(300, 1)
    assert len(large.rows) == 900
    assert set(small.rows) <= set(large.rows)
    assert (np.diff(large.rows) > 0).all()
    assert (large.points == points[large.rows]).all()
    # Evenly spread: a tenth of the file has about a tenth of the rows.
    counts = np.bincount(large.rows // 500, minlength=10)
    assert ((counts - 90) ** 2 / 90).sum() < 28  # chi-squared with 9 degrees, 1 in 1000
