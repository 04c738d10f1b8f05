"""The decision: which k and why, and the best clustering for it."""

import pytest

from kmeans_tui import load_data
from kmeans_tui.analysis.decision import decide


def test_the_criteria_decide_where_they_agree():
    data = load_data("blobs")
    found = decide(data, k_max=6)
    assert found.k == found.sweep.verdict.k == 3
    assert found.why == "k = 3 is what most criteria name."
    assert found.history[-1].inertia == pytest.approx(found.census.optima[0].inertia)
    assert sum(each.size for each in found.profiles) == 300
    assert found.truth.right == 300


@pytest.mark.parametrize(
    ("name", "k", "says"),
    [
        ("iris", 4, "k = 4 was asked for."),
        ("iris", None, "the number of known groups"),
        ("uniform", None, "The criteria name no clear k"),
    ],
)
def test_why_this_k(name, k, says):
    found = decide(load_data(name), k, k_max=6, sweep_runs=1)
    assert says in found.why
    assert found.history.k == found.k == len(found.profiles)


def test_one_row():
    found = decide(load_data("uniform:n=1"))
    assert found.k == 1
    assert found.profiles[0].size == 1


@pytest.mark.parametrize("word", ["silhouette", "seed"])
def test_it_stops_when_told(word):
    heard = []

    def stop(doing):
        heard.append(doing)
        return word not in doing

    assert decide(load_data("blobs"), k_max=3, sweep_runs=1, progress=stop) is None
    assert word in heard[-1]
