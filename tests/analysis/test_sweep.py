"""The sweep over k: the article's numbers, the criteria beside it, and runs that open again."""

import numpy as np
import pytest
from sklearn import cluster
from threadpoolctl import threadpool_limits

from kmeans_tui import KMeans, load_data
from kmeans_tui.analysis.sweep import PROCEDURES, model, sweep
from kmeans_tui.data.builtin.generators import blobs

BLOBS = load_data("blobs").points
IRIS = load_data("iris").points
ARTICLE_BLOBS = [20120.54, 5526.51, 362.79, 320.02, 284.73, 235.15, 205.64, 180.07, 157.15, 140.55]
ARTICLE_IRIS = [300.00, 54.17, 18.03, 12.28, 9.17, 8.00, 6.54, 5.78, 4.97, 4.39]


@pytest.fixture(scope="module")
def of_blobs():
    return sweep(BLOBS)


@pytest.fixture(scope="module")
def of_iris():
    return sweep(IRIS)


@pytest.mark.parametrize(("X", "expected"), [(BLOBS, ARTICLE_BLOBS), (IRIS, ARTICLE_IRIS)])
def test_the_articles_procedure_from_its_seed(X, expected):
    found = sweep(X, init="article", random_state=42, criteria=False)
    assert [row.best for row in found.rows] == pytest.approx(expected, abs=6e-3)


def test_the_articles_procedure_in_the_order_of_its_script():
    rng = np.random.RandomState(42)
    for X in (BLOBS, IRIS):
        KMeans(3, empty="random", random_state=rng).fit(X)
    found = [sweep(X, init="article", random_state=rng, criteria=False) for X in (BLOBS, IRIS)]
    expected = [20120.54, 5526.51, 362.79, 318.23, 294.55, 231.25, 198.04, 190.87, 175.92, 147.42]
    assert [row.best for row in found[0].rows] == pytest.approx(expected, abs=6e-3)
    expected = [300.00, 54.17, 18.03, 12.28, 9.25, 8.70, 7.37, 6.14, 4.98, 4.30]
    assert [row.best for row in found[1].rows] == pytest.approx(expected, abs=6e-3)


def test_all_agree_on_the_blobs(of_blobs):
    verdict = of_blobs.verdict
    assert set(verdict.choices.values()) == {3}
    assert (verdict.k, verdict.sentence) == (
        3,
        "k = 3: all 6 criteria agree (3 k-means++ starts for each k)",
    )
    assert verdict.knee.clear
    assert (verdict.chord.k, round(verdict.chord.strength, 2)) == (3, 0.77)
    assert verdict.rises == ()
    rows = of_blobs.rows[1:6]
    expected = [0.7206, 0.8781, 0.6823, 0.5048, 0.3307]
    assert [row.scores["silhouette"] for row in rows[:3]] == pytest.approx(expected[:3], abs=2e-2)
    assert rows[1].scores["calinski_harabasz"] == pytest.approx(8087.4, abs=0.1)
    assert rows[1].scores["davies_bouldin"] == pytest.approx(0.1704, abs=1e-4)
    assert of_blobs.rows[0].scores["silhouette"] is None
    assert of_blobs.rows[0].scores["gap"] is not None


def test_iris_disagrees_and_says_so(of_iris):
    choices = of_iris.verdict.choices
    assert (choices["elbow"], choices["gap"]) == (3, 3)
    assert (choices["silhouette"], choices["davies_bouldin"]) == (2, 2)
    assert of_iris.verdict.k is None
    sentence = of_iris.verdict.sentence
    assert sentence.startswith("no clear k: ")
    assert "11% of the rows lie near a border" in sentence
    assert "silhouette, Davies-Bouldin and overlap say 2" in sentence
    assert "elbow and gap 3" in sentence
    rows = of_iris.rows
    assert [rows[1].scores["silhouette"], rows[2].scores["silhouette"]] == pytest.approx(
        [0.7434, 0.6741], abs=1e-4
    )
    assert [rows[1].scores["davies_bouldin"], rows[2].scores["davies_bouldin"]] == pytest.approx(
        [0.2893, 0.4749], abs=1e-4
    )


def test_uniform_noise_gets_no_k():
    verdict = sweep(load_data("uniform").points).verdict
    assert verdict.choices["elbow"] is None
    assert verdict.choices["gap"] == 1
    assert verdict.k is None
    assert verdict.sentence.startswith("no clear k: ")
    assert "no clear elbow" in verdict.sentence


@pytest.mark.parametrize("init", PROCEDURES)
@pytest.mark.parametrize("empty", ["farthest", "random"])
def test_a_row_opens_as_its_own_run(init, empty):
    found = sweep(IRIS, 9, 2, init=init, empty=empty, random_state=7, criteria=False)
    for row in found.rows:
        again = found.model(row.k).fit(IRIS)
        assert again.history[-1].inertia == pytest.approx(row.best, rel=1e-12)
        assert again.iterations == row.run.updates
        assert (again.labels == row.run.labels).all()
        assert (again.history[0].centroids == row.run.start).all()
        assert row.worst >= row.best
        assert row.sizes.tolist() == again.history[-1].sizes.tolist()
        early = model(row, init, 100, 1e-4, found.empty)
        assert early.fit(IRIS).history[-1].inertia == pytest.approx(row.best, rel=1e-12)


@pytest.mark.parametrize("n", [6000, 30_000])
def test_a_row_of_many_points_opens_as_its_own_run(n):
    X = blobs(n, 5, 2, 2.0, 3)[0]
    for init in ("k-means++", "warm"):
        found = sweep(X, 6, 2, init=init, criteria=False)
        for row in found.rows:
            again = found.model(row.k).fit(X)
            assert again.history[-1].inertia == pytest.approx(row.best, rel=1e-9)
            assert (again.labels == row.run.labels).all()


def test_a_seed_is_named_where_one_leads_to_the_run(of_blobs):
    for row in of_blobs.rows:
        alone = KMeans(row.k, init="k-means++", random_state=row.run.seed).fit(BLOBS)
        assert 42 <= row.run.seed <= 44
        assert alone.history[-1].inertia == pytest.approx(row.best, rel=1e-12)


@pytest.mark.parametrize("name", ["blobs", "iris", "uniform", "moons", "outlier", "wine"])
@pytest.mark.parametrize("seed", range(5))
def test_a_warm_sweep_never_rises(name, seed):
    X = load_data(name).points
    found = sweep(X, 12, init="warm", random_state=seed, criteria=False)
    assert found.verdict.rises == ()
    assert (np.diff([row.best for row in found.rows]) <= 0).all()


def test_a_warm_sweep_of_many_points_never_rises():
    X = blobs(30_000, 4, 3, 3.0, 5)[0]
    found = sweep(X, 8, init="warm", criteria=False)
    assert (np.diff([row.best for row in found.rows]) < 0).all()
    assert all(row.worst >= row.best for row in found.rows)


@pytest.mark.parametrize("n", [2000, 5000])
def test_the_ends_of_a_warm_sweep_are_as_good_as_those_of_scikit_learn(n):
    ratios = []
    for seed in range(6):
        X = blobs(n, 2 + 2 * seed, 2, 1.6, seed)[0]
        found = sweep(X, 10, init="warm", random_state=seed, criteria=False)
        for row in found.rows:
            with threadpool_limits(1):
                known = cluster.KMeans(row.k, n_init=3, random_state=0).fit(X).inertia_
            ratios.append(row.best / known)
    assert np.mean(ratios) <= 1
    # 10 in 1000 on forty sets of 5,000 points; of scikit-learn's with another seed 69.
    assert np.mean(np.array(ratios) > 1.01) <= 0.05


def test_a_sweep_can_be_stopped_before_every_half_step():
    X = blobs(20_000, 6, 2, 2.0, 4)[0]
    heard = []
    found = sweep(X, 6, init="warm", criteria=False, progress=lambda said: heard.append(said))
    updates = sum(row.run.updates for row in found.rows)
    assert sum(said.row is None for said in heard) >= 2 * updates
    for after in (3, len(heard) // 2, len(heard) - 3):
        asked = []
        stopped = sweep(
            X,
            6,
            init="warm",
            criteria=False,
            progress=lambda said, asked=asked, after=after: asked.append(1) or len(asked) < after,
        )
        assert not stopped.complete
        assert len(asked) == after, "the first no ends it"


def test_a_rise_is_flagged_with_cause_and_remedy():
    found = sweep(load_data("outlier").points, 6, init="article", criteria=False)
    assert found.verdict.rises == (6,)
    (note,) = (note for note in found.verdict.notes if "rises" in note)
    assert "from k = 5 to 6" in note
    assert "3 starts were too few at k = 6" in note
    assert "k-means++" in note


def test_a_high_silhouette_on_one_point_is_flagged():
    found = sweep(load_data("outlier").points, 6)
    assert found.verdict.choices["silhouette"] == 4
    assert any("rests on a cluster of 1 of 301 rows" in note for note in found.verdict.notes)
    assert not any("rests on" in note for note in sweep(BLOBS, 4).verdict.notes)


def test_inertia_comes_first_and_the_criteria_after():
    heard = []
    sweep(BLOBS, 4, progress=lambda said: heard.append(said) or True)
    rows = [said.row for said in heard if said.row]
    assert [(row.k, row.judged) for row in rows] == [
        *((k, False) for k in (1, 2, 3, 4)),
        *((k, True) for k in (1, 2, 3, 4)),
    ]
    assert (heard[-1].done, heard[-1].total) == (16, 16)
    done = [said.done for said in heard]
    assert done == sorted(done)
    assert len(heard) > 100, "it is asked before every update"


def test_stopped_it_keeps_what_is_done():
    found = sweep(BLOBS, 8, progress=lambda said: said.done < 9)
    assert [row.k for row in found.rows] == [1, 2, 3]
    assert not found.complete
    assert found.verdict.choices["silhouette"] is None
    assert "nothing else was asked" in found.verdict.sentence or found.verdict.k is None
    none = sweep(BLOBS, 8, progress=lambda said: False)
    assert none.rows == ()
    assert none.verdict.sentence == "no clear k: the curve has no clear elbow"
    with pytest.raises(ValueError, match="no run for k = 9"):
        found.model(9)


@pytest.mark.parametrize("init", ["k-means++", "warm"])
def test_known_rows_are_taken_over(init):
    few = sweep(IRIS, 5, init=init)
    more = sweep(IRIS, 8, init=init, known=few.rows)
    assert all(a is b for a, b in zip(few.rows, more.rows, strict=False))
    fresh = sweep(IRIS, 8, init=init)
    assert [row.best for row in more.rows] == [row.best for row in fresh.rows]
    assert [row.scores["gap"] for row in more.rows] == [row.scores["gap"] for row in fresh.rows]


def test_the_silhouette_of_many_rows_is_sampled_and_says_so():
    X = blobs(6000, 3, 2, 0.8, 42)[0]
    found = sweep(X, 4)
    assert found.silhouette_rows == 2000
    assert found.verdict.choices["silhouette"] == 3
    assert sweep(BLOBS, 2).silhouette_rows == 300


def test_fewer_rows_than_k():
    found = sweep(BLOBS[:4], 10)
    assert [row.k for row in found.rows] == [1, 2, 3, 4]
    assert found.rows[-1].scores["silhouette"] is None
    assert found.rows[-1].scores["gap"] is None


@pytest.mark.filterwarnings("ignore")
def test_equal_rows_and_few_different_rows():
    flat = sweep(np.zeros((20, 2)), 4)
    assert flat.verdict.k is None
    assert all(row.scores["gap"] is None for row in flat.rows)
    three = np.repeat(BLOBS[:3], 10, axis=0)
    found = sweep(three, 6)
    assert found.verdict.choices["elbow"] == 3
    assert found.rows[2].best == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"k_max": 0}, "k_max"),
        ({"runs": 0}, "runs"),
        ({"init": "best"}, "init"),
        ({"tolerance": -1}, "tolerance"),
        ({"random_state": -1}, "random_state"),
    ],
)
def test_what_cannot_be_used_is_refused(arguments, says):
    with pytest.raises(ValueError, match=says):
        sweep(BLOBS, **arguments)


def test_the_prediction_strength_is_that_of_stability_and_has_no_vote():
    from kmeans_tui.analysis.reproducibility import by_k
    from kmeans_tui.analysis.resampling import Clustering
    from kmeans_tui.vocabulary import HALVES

    data = load_data("iris")
    found = sweep(data.points, 4, 1)
    known = by_k(data.points, [2, 3, 4], Clustering(2), HALVES, 5)
    for row in found.rows[1:]:
        assert row.scores["prediction_strength"] == known[row.k].strength
    assert found.rows[0].scores["prediction_strength"] is None
    strong = [k for k, row in known.items() if row.strength >= 0.8]
    assert found.verdict.choices["prediction_strength"] == max(strong)
    assert "prediction strength" not in found.verdict.sentence
