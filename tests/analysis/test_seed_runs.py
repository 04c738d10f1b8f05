"""Many starts: the article's five seeds, and the census of a thousand."""

import itertools
import re

import numpy as np
import pytest

from kmeans_tui import KMeans, load_data
from kmeans_tui.analysis.census import census
from kmeans_tui.analysis.seed_runs import run_seeds

BLOBS = load_data("blobs").points
IRIS = load_data("iris").points


def test_the_articles_five_seeds():
    found = run_seeds(BLOBS, 3, range(5))
    assert [round(row.inertia, 2) for row in found.rows] == [
        362.79,
        5481.69,
        362.79,
        5483.66,
        362.79,
    ]
    assert [row.updates + 1 for row in found.rows] == [4, 7, 3, 6, 15]
    assert (found.best.seed, found.worst.seed) == (0, 3)
    assert found.difference == pytest.approx(5120.87, abs=5e-3)
    assert [row.seed for row in found.sorted()] == [0, 2, 4, 1, 3]
    assert found.rows[1].gap == pytest.approx(5481.6886 / 362.7901 - 1, rel=1e-6)
    assert found.complete
    assert found.summary() == (
        "3 of 5 seeds end within 1 % of the best; the worst, seed 3, is 15.1 times as bad"
    )


def test_a_row_is_the_run_of_its_seed():
    found = run_seeds(IRIS, 8, [5, 99, 7], init="k-means++", empty="random")
    for row in found.rows:
        alone = KMeans(8, init="k-means++", empty="random", random_state=row.seed).fit(IRIS)
        assert row.inertia == pytest.approx(alone.history[-1].inertia, rel=1e-12)
        assert row.updates == alone.iterations
        assert (row.centroids == alone.centroids).all()


def test_clusters_are_numbered_like_those_of_the_best():
    found = run_seeds(BLOBS, 3, range(5))
    for row in found.rows:
        if row.gap == 0:
            np.testing.assert_allclose(row.centroids[row.order], found.best.centroids)
    assert any(row.order.tolist() != [0, 1, 2] for row in found.rows)


def test_iris_does_not_care_where_it_starts():
    found = run_seeds(IRIS, 3, range(5))
    assert found.difference == pytest.approx(0, abs=1e-9)
    assert "seeds listed end within 1 %" in found.summary()
    whole = census(IRIS, 3)
    assert [each.count for each in whole.optima] == [1000]
    assert whole.sentence() == "all 1,000 random starts find the best known here: one is enough"


def test_the_census_of_the_articles_blobs():
    found = census(BLOBS, 3)
    assert [each.count for each in found.optima] == [733, 242, 25]
    assert [each.share for each in found.optima] == [0.733, 0.242, 0.025]
    for each in found.optima:
        alone = KMeans(3, random_state=each.first_seed).fit(BLOBS)
        assert alone.history[-1].inertia == pytest.approx(each.inertia, rel=1e-12)
    assert [round(each.inertia) for each in found.optima] == [363, 5481, 11056]
    assert sum(each.partitions for each in found.optima) == found.partitions
    assert found.optima[0].partitions == 1
    assert found.starts_needed == 4
    assert found.sentence().startswith(
        "a single random start fails here 27 times in 100; "
        "4 starts find the best known 99 times in 100"
    )
    plus_plus = census(BLOBS, 3, init="k-means++")
    assert [each.count for each in plus_plus.optima] == [1000]


def test_the_census_counts_partitions_as_runs_one_by_one_do():
    counted: dict[tuple, int] = {}
    for seed in range(150):
        labels = KMeans(5, random_state=seed).fit(IRIS).labels
        names = {label: i for i, label in enumerate(dict.fromkeys(labels.tolist()))}
        key = tuple(names[label] for label in labels.tolist())
        counted[key] = counted.get(key, 0) + 1
    found = census(IRIS, 5, range(150))
    assert found.partitions == len(counted)
    assert sum(each.count for each in found.optima) == 150
    assert [each.inertia for each in found.optima] == sorted(e.inertia for e in found.optima)


def test_ends_of_equal_inertia_are_one():
    # The corners of a square in two clusters: cut upright or across, both are best.
    square = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    found = census(square, 2, range(200))
    assert [each.inertia for each in found.optima].count(1.0) == 1
    assert found.optima[0].partitions == 2


def test_first_seed_leads_to_its_optimum():
    for each in census(BLOBS, 3, range(300, 500)).optima:
        alone = KMeans(3, random_state=each.first_seed).fit(BLOBS)
        assert each.first_seed >= 300
        assert alone.history[-1].inertia == pytest.approx(each.inertia, rel=1e-12)


def test_progress_brings_every_row_and_stops_what_it_stops():
    heard = []
    run_seeds(BLOBS, 3, range(3), progress=lambda said: heard.append(said) or True)
    assert [said.row.seed for said in heard if said.row] == [0, 1, 2]
    assert all(said.total == 3 for said in heard)

    def stop(said):
        return said.done < 200

    few = census(BLOBS, 3, range(5000), progress=stop)
    assert 0 < few.runs < 5000
    assert not few.complete
    assert sum(each.count for each in few.optima) == few.runs
    none = run_seeds(BLOBS, 3, range(3), progress=lambda said: False)
    assert (none.rows, none.complete) == ((), False)
    assert census(BLOBS, 3, range(10), progress=lambda said: False).optima == ()


def test_equal_points_have_no_gap():
    with pytest.warns(UserWarning, match="1 distinct row"):
        found = run_seeds(np.zeros((5, 2)), 2, range(3))
    assert [row.gap for row in found.rows] == [None] * 3
    assert "all 3 seeds" in found.summary()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"k": 301, "seeds": [1]}, "choose a smaller k"),
        ({"k": 3, "seeds": [-1]}, "random_state"),
        ({"k": 3, "seeds": [1], "init": "best"}, "init"),
        ({"k": 3, "seeds": [1], "empty": "keep"}, "empty"),
    ],
)
def test_what_cannot_be_used_is_refused(arguments, says):
    with pytest.raises(ValueError, match=says):
        run_seeds(BLOBS, **arguments)
    with pytest.raises(ValueError, match=says):
        census(BLOBS, **arguments)


GRIDS = {
    "square": (10, 10, 2),
    "cross": (2, 2, 2),
    "small": (4, 4, 2),
    "quarters": (6, 6, 4),
    "long": (12, 3, 2),
    "long, in three": (9, 3, 3),
    "odd": (5, 5, 2),
    "line": (12, 1, 3),
    "three by three": (3, 3, 3),
}


@pytest.mark.parametrize("scale", [1.0, 0.1, 1e6])
@pytest.mark.parametrize("name", GRIDS)
def test_ends_of_one_inertia_are_counted_as_one(name, scale):
    rows, columns, k = GRIDS[name]
    X = np.array([(x, y) for x in range(rows) for y in range(columns)], float) * scale
    found = census(X, k, range(120))
    ends = [KMeans(k, random_state=seed).fit(X).history[-1].inertia for seed in range(120)]
    reached = sum(each <= min(ends) * (1 + 1e-9) for each in ends)
    # Ends within 1 % that lie alike count too, so there may be more.
    assert found.optima[0].count >= reached
    levels = [each.inertia for each in found.optima]
    assert all(b > a * (1 + 1e-9) for a, b in itertools.pairwise(levels))
    assert sum(each.share for each in found.optima) == pytest.approx(1)
    assert sum(each.partitions for each in found.optima) == found.partitions


@pytest.mark.parametrize("seeds", [range(1), range(2), range(3), range(5), range(7, 9), range(40)])
@pytest.mark.parametrize(("X", "k"), [(BLOBS, 3), (IRIS, 3), (IRIS, 8), (BLOBS, 1)])
def test_no_rate_is_above_100_in_100(X, k, seeds):
    said = census(X, k, seeds).sentence()
    for rate in re.findall(r"([\d.]+) (?:times )?in 100", said):
        assert 0 <= float(rate) <= 100
    assert "100 times in 100" not in said


@pytest.mark.parametrize("k", [2, 3, 5, 6, 8, 9])
@pytest.mark.parametrize("init", ["random", "k-means++"])
def test_every_optimum_has_a_seed_of_its_own(k, init):
    found = census(IRIS, k, range(60), init=init)
    alone = {
        seed: KMeans(k, init=init, random_state=seed).fit(IRIS).history[-1].inertia
        for seed in range(60)
    }
    assert found.optima[0].inertia == pytest.approx(min(alone.values()), rel=1e-12)
    for each in found.optima:
        assert alone[each.first_seed] == pytest.approx(each.inertia, rel=1e-12)


@pytest.mark.parametrize(
    ("init", "name"),
    [
        ("random", "random"),
        ("k-means++", "k-means++"),
        ("partition", "random partition"),
        ("farthest", "farthest point"),
    ],
)
def test_the_sentence_names_the_start(init, name):
    for X in (BLOBS, IRIS):
        said = census(X, 3, range(30), init=init).sentence()
        assert re.search(rf"(single|all 30) {re.escape(name)} starts? ", said)
