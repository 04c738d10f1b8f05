"""The working by hand: every number is that of the run, and can be added up again."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kmeans_tui.analysis.working import MOST_DISTANCES, refusal, working
from kmeans_tui.cli import main
from kmeans_tui.clustering import textbook
from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.data.dataset import Dataset
from tests.data.reading.test_files import document

small = st.tuples(st.integers(1, 12), st.integers(1, 3)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.integers(-30, 30).map(lambda i: i / 4))
)


def value(text):
    """What a sum comes to, by its own numbers."""
    assert re.fullmatch(r"[-+/(). 0-9]+", text)
    return eval(text)


@pytest.mark.filterwarnings("ignore:X has only")
@settings(max_examples=120, deadline=None)
@given(small, st.data(), st.sampled_from(["farthest", "random"]), st.integers(0, 99))
def test_the_working_is_that_of_the_run(X, data, empty, seed):
    k = data.draw(st.integers(1, len(X)))
    names = ("x", "y", "z")[: X.shape[1]]
    dataset = Dataset("small", X, names)
    history = KMeans(k, init="random", empty=empty, random_state=seed).fit(X).history
    for i, snapshot in enumerate(history):
        found = working(dataset, history, i)
        assert [line.nearest for line in found.lines] == textbook.assign(
            X, snapshot.centroids
        ).tolist()
        for line, row in zip(found.lines, found.distances, strict=True):
            assert float(line.distances[line.nearest]) == pytest.approx(row.min(), abs=0.00501)
            least = [c for c in range(k) if row[c] == row.min()]
            assert [line.nearest, *line.tied] == least
            # What is not the smallest does not look like it.
            looks = {line.distances[c] for c in range(k) if c not in least}
            assert line.distances[line.nearest] not in looks or np.isclose(
                np.sort(row)[0], np.sort(row)[len(least)], rtol=1e-9
            )
        if i + 1 == len(history):
            assert found.means == ()
            continue
        for mean in found.means:
            centroid = history[i + 1].centroids[mean.cluster]
            assert bool(mean.note) == (not mean.members)
            for text, expected in zip(mean.sums, centroid, strict=False):
                total, _, result = text.rpartition(" = ")
                assert float(result) == pytest.approx(expected, abs=0.00501)
                if total:
                    assert value(total) == pytest.approx(expected, abs=0.02)


def test_the_exercise_as_it_is_written(capsys):
    assert main(["run", "eight", "--working"]) == 0
    out = capsys.readouterr().out
    assert "A2   (2, 5)      5   4.24   3.16*        3" in out
    assert "A8   (4, 9)   2.24*  3.61   6.04         1  was in 2" in out
    assert "  x = (8 + 5 + 7 + 6 + 4) / 5 = 6\n" in out
    assert out.count("iteration ") == 6  # five, and the head of the table below
    plain = document(capsys, "run", "eight", "--working")
    assert len(plain["working"]) == len(plain["iterations"])
    assert plain["working"][0]["distances"][1][2] == pytest.approx(10**0.5)
    assert plain["working"][-1]["nearest"] == [0, 2, 1, 0, 1, 1, 2, 0]


def test_ties_small_numbers_and_empty_clusters_are_told():
    line = Dataset("line", np.array([[0.0], [1.0], [2.0]]), ("x",))
    history = KMeans(2, init=np.array([[0.0], [2.0]])).fit(line.points).history
    assert "as near to 2: the lower wins" in "\n".join(working(line, history, 0).text())
    tiny = Dataset("tiny", np.array([[0.0], [0.0001], [0.0003]]), ("x",))
    history = KMeans(2, init=tiny.points[:2], tolerance=0).fit(tiny.points).history
    assert working(tiny, history, 0).lines[2].distances == ("0.0003", "0.0002")
    lost = Dataset("lost", np.array([[0.0], [1.0], [9.0]]), ("x",))
    history = KMeans(2, init=np.array([[1.0], [99.0]])).fit(lost.points).history
    text = "\n".join(working(lost, history, 0).text())
    assert "cluster 2: the empty cluster 2 moves to row 3 of cluster 1, (9)" in text
    assert "cluster 1: 1, 2\n  x = (0 + 1) / 2 = 0.5" in text


def test_only_small_data_are_worked(capsys):
    assert refusal(MOST_DISTANCES, 1, 2) is None
    assert "limit is 6" in refusal(5, 2, 7)
    assert main(["run", "blobs", "--working"]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "900 distances, and the limit is 400" in err


def test_scaled_numbers_are_called_so(capsys):
    words = ["run", "eight", "--scale", "standard", "--log", "x", "--working"]
    assert main(words) == 0
    out = capsys.readouterr().out
    assert "  log x, scaled = " in out
    assert "  y, scaled = " in out
