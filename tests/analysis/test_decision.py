"""The decision: which k and why, and the best clustering for it."""

import pytest

from kmeans_tui import KMeans, load_data
from kmeans_tui.analysis.decision import decide


def test_the_criteria_decide_where_they_agree():
    data = load_data("blobs")
    found = decide(data, k_max=6)
    assert found.k == found.sweep.verdict.k == 3
    assert found.why == "Most criteria choose k = 3."
    assert found.history[-1].inertia == pytest.approx(found.census.optima[0].inertia)
    assert sum(each.size for each in found.profiles) == 300
    assert found.truth.right == 300


@pytest.mark.parametrize(
    ("name", "k", "says"),
    [
        ("iris", 4, "k = 4 was requested."),
        ("iris", None, "the number of known groups"),
        ("uniform", None, "The criteria give no clear k"),
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

    def stop(said):
        heard.append(said.doing)
        return word not in said.doing

    assert decide(load_data("blobs"), k_max=3, sweep_runs=1, progress=stop) is None
    assert word in heard[-1]


@pytest.mark.parametrize("k", [3, 5, 8])
@pytest.mark.parametrize("name", ["iris", "wine", "blobs:n=200,k=6,std=2"])
def test_the_best_is_the_best_of_all_that_ran(name, k):
    data = load_data(name)
    found = decide(data, k, k_max=k)
    best = found.history[-1].inertia
    runs = [*(row.inertia for row in found.runs.rows), found.sweep.rows[k - 1].best]
    assert best <= min(*runs, *(each.inertia for each in found.census.optima)) * (1 + 1e-9)
    alone = KMeans(k, init="k-means++", random_state=found.seed).fit(data.points)
    assert alone.history[-1].inertia == best


def test_a_run_of_the_sweep_that_is_better_joins_the_count(monkeypatch):
    monkeypatch.setattr("kmeans_tui.analysis.decision._STARTS", 5)
    data = load_data("blobs:n=300,k=12,std=1.5")
    joined = 0
    for seed in range(100, 124, 4):
        found = decide(data, 12, k_max=12, random_state=seed)
        assert sum(each.share for each in found.census.optima) == pytest.approx(1)
        assert sum(each.count for each in found.census.optima) == found.census.runs
        assert found.history[-1].inertia <= found.sweep.rows[11].best * (1 + 1e-9)
        joined += found.census.runs == 6
    assert joined
