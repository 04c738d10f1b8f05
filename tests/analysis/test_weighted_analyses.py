"""A table with whole-number weights says the same of its clusters as one with its rows repeated."""

import numpy as np
import pytest

from kmeans_tui.analysis import (
    case_weights,
    census,
    change,
    cluster_rules,
    comparison,
    mini_batch,
    pair,
    point,
    profile,
    profile_words,
    reproducibility,
    resampling,
    rungs,
    seed_runs,
    stable_clusters,
    sweep,
    working,
)
from kmeans_tui.analysis.assignment import Assigner, thresholds
from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.vocabulary import BOOTSTRAP, HALVES

WEIGHTS = np.array([1.0, 2.0, 3.0, 5.0])


def _groups(seed: int = 0, n: int = 60, k: int = 3) -> np.ndarray:
    rng = np.random.RandomState(seed)
    return rng.normal(size=(n, 3)) + 6 * rng.randint(k, size=(n, 1))


def _two(seed: int = 0, n: int = 60) -> tuple[Dataset, Dataset]:
    """The same rows with weights, and repeated."""
    points = _groups(seed, n)
    rng = np.random.RandomState(seed + 1)
    weights = rng.choice(WEIGHTS, n)
    kinds = rng.choice(["a", "b", "c"], n).astype(object)
    truth = rng.randint(3, size=n)
    times = weights.astype(int)
    names = ("x", "y", "z")
    weighted = Dataset(
        "weighted", points, names, labels={"kind": kinds}, weights=weights, weight_column="w",
        truth=truth, truth_names=("p", "q", "r"),
    )  # fmt: skip
    repeated = Dataset(
        "repeated", points.repeat(times, 0), names, labels={"kind": kinds.repeat(times)},
        truth=truth.repeat(times), truth_names=("p", "q", "r"),
    )  # fmt: skip
    return weighted, repeated


def _run(dataset: Dataset, k: int = 3, **how):
    return KMeans(k, random_state=3, **how).fit(dataset.points, weights=dataset.weights).history


def _both(seed: int = 0, k: int = 3):
    weighted, repeated = _two(seed)
    start = weighted.points[:k].copy()
    return (weighted, _run(weighted, k, init=start)), (repeated, _run(repeated, k, init=start))


@pytest.mark.parametrize("seed", range(3))
def test_profiles_and_shares_are_those_of_repeated_rows(seed: int) -> None:
    (weighted, run), (repeated, other) = _both(seed)
    found = profile.profiles(weighted, run[-1].labels, run[-1].centroids)
    wanted = profile.profiles(repeated, other[-1].labels, other[-1].centroids)
    for one, two in zip(found, wanted, strict=True):
        assert one.weight == two.size
        assert one.share == pytest.approx(two.share, rel=1e-12)
        assert one.inertia == pytest.approx(two.inertia, rel=1e-12)
        for trait, plain in zip(one.traits, two.traits, strict=True):
            for name in ("mean", "spread", "rest", "difference"):
                assert getattr(trait, name) == pytest.approx(getattr(plain, name), rel=1e-10)
        assert [(c.name, c.value, c.count) for c in one.common] == [
            (c.name, c.value, c.count) for c in two.common
        ]
        head = profile_words.heading(one, 0.0)[1]
        assert head.startswith(f"{one.size} rows, weight {two.size},")
        (common, *_) = profile_words.asides(one, weighted)
        assert common.startswith(f"kind: mostly {one.common[0].value}, weight ")


@pytest.mark.parametrize("seed", range(3))
def test_a_sweep_is_that_of_repeated_rows(seed: int) -> None:
    weighted, repeated = _two(seed)
    found = sweep.sweep(weighted.points, 5, 3, weights=weighted.weights, improve=True)
    wanted = sweep.sweep(repeated.points, 5, 3, improve=True)
    for one, two in zip(found.rows, wanted.rows, strict=True):
        assert one.best == pytest.approx(two.best, rel=1e-9)
        assert one.weights == pytest.approx(two.sizes)
        assert one.sizes.sum() == weighted.n
        for key, value in two.scores.items():
            # Halves of rows are not halves of their copies.
            if key != "prediction_strength":
                near = None if value is None else pytest.approx(value, rel=1e-6)
                assert one.scores[key] == near, key
    assert found.verdict.k == wanted.verdict.k


def test_the_doubt_about_a_tiny_cluster_is_about_its_weight() -> None:
    points = np.r_[_groups(n=50), [[90.0, 90.0, 90.0]]]
    light, heavy = np.r_[np.full(50, 10.0), 1.0], np.r_[np.full(50, 10.0), 400.0]
    notes = [sweep.sweep(points, 4, weights=each).verdict.notes for each in (light, heavy)]
    assert any("rests on a cluster of weight 1 of 501" in each for each in notes[0])
    assert not any("rests on a cluster" in each for each in notes[1])


def test_ends_of_seeds_and_the_census_are_those_of_repeated_rows() -> None:
    weighted, repeated = _two()
    how = {"init": "k-means++", "tolerance": 0.0}
    found = seed_runs.run_seeds(weighted.points, 3, range(8), weights=weighted.weights, **how)
    wanted = seed_runs.run_seeds(repeated.points, 3, range(8), **how)
    # k-means++ draws the very rows that it draws of copies next to each other.
    assert [row.inertia for row in found.rows] == pytest.approx(
        [row.inertia for row in wanted.rows], rel=1e-9
    )
    one = census.census(weighted.points, 3, range(20), weights=weighted.weights, **how)
    two = census.census(repeated.points, 3, range(20), **how)
    assert [(each.count, each.first_seed) for each in one.optima] == [
        (each.count, each.first_seed) for each in two.optima
    ]
    assert one.sentence() == two.sentence()


@pytest.mark.parametrize("init", ["random", "k-means++", "partition", "farthest", "warm"])
def test_a_row_of_a_sweep_is_repeated_by_its_model(init: str) -> None:
    weighted, _ = _two()
    weights = weighted.weights
    found = sweep.sweep(weighted.points, 4, init=init, criteria=False, weights=weights)
    history = found.model(4).fit(weighted.points, weights=weights).history
    assert history[-1].inertia == pytest.approx(found.rows[-1].best, rel=1e-12)


@pytest.mark.parametrize("start", comparison.STARTS)
def test_scikit_learn_gets_the_same_weights(start: str) -> None:
    weighted, repeated = _two()
    found = comparison.compare(
        weighted.points, 3, start=start, weights=weighted.weights, truth=weighted.truth
    )
    assert found is not None
    if start != "defaults":
        assert found.kind == "rounding"
        assert found.ours.inertia == pytest.approx(found.scikit_learn.inertia, rel=1e-12)
    wanted = comparison.against_truth(
        repeated.truth, found.ours.labels.repeat(weighted.weights.astype(int)), 3
    )
    assert found.truth is not None
    assert found.truth.ari == pytest.approx(wanted.ari, rel=1e-12)
    assert found.truth.table.sum() == weighted.n


@pytest.mark.parametrize("seed", range(3))
def test_rules_are_those_of_repeated_rows_and_count_rows_too(seed: int) -> None:
    (weighted, run), (repeated, other) = _both(seed)
    found = cluster_rules.rules(weighted, run[-1].labels, 3)
    wanted = cluster_rules.rules(repeated, other[-1].labels, 3)
    assert [str(each) for each in found.rules] == [str(each) for each in wanted.rules]
    assert found.share == pytest.approx(wanted.share, rel=1e-12)
    for one, two in zip(found.rules, wanted.rules, strict=True):
        assert (one.weight, one.right_weight) == (two.rows, two.right)
        assert one.share == pytest.approx(two.share, rel=1e-12)
        assert f"right by weight, {one.rows} row" in one.price()
    assert sum(each.rows for each in found.rules) == weighted.n
    assert "rows by weight into their cluster" in found.sentence()
    assert {"weight", "right_weight"} <= set(found.document()["rules"][0])
    assert not {"weight", "right_weight"} & set(wanted.document()["rules"][0])


def test_the_ladder_matches_and_flows_by_weight() -> None:
    weighted, repeated = _two()
    one = sweep.sweep(weighted.points, 4, criteria=False, weights=weighted.weights)
    two = sweep.sweep(repeated.points, 4, criteria=False)
    found, wanted = rungs.ladder(one, weighted.weights), rungs.ladder(two)
    for rung, plain in zip(found.rungs, wanted.rungs, strict=True):
        assert sorted(rung.amounts) == pytest.approx(sorted(plain.sizes))
        amounts = sorted(flow.amount for flow in rung.flows)
        assert amounts == pytest.approx(sorted(flow.rows for flow in plain.flows))
    sentence = found.rungs[2].sentence()
    assert "(weight " in sentence or "joins weight of" in sentence
    assert "weights" in found.document()[0]
    assert "weights" not in wanted.document()[0]


def test_mini_batches_are_weighted() -> None:
    weighted, _ = _two()
    start = weighted.points[:3].copy()
    found = mini_batch.mini_batch(weighted.points, start, 30, 0, weights=weighted.weights)
    plain = mini_batch.mini_batch(weighted.points, start, 30, 0)
    assert found is not None
    assert plain is not None
    assert not np.array_equal(found[-1].centroids, plain[-1].centroids)
    own = found[-1].centroids[found[-1].labels]
    inertia = float(weighted.weights @ ((weighted.points - own) ** 2).sum(axis=1))
    assert found[-1].inertia == pytest.approx(inertia, rel=1e-12)
    assert found[-1].weights.sum() == pytest.approx(weighted.weights.sum())


@pytest.mark.parametrize("way", [BOOTSTRAP, HALVES])
@pytest.mark.parametrize("n", [80, 5000])
def test_a_resample_takes_the_weights_of_its_rows_with_it(way: str, n: int) -> None:
    points = _groups(n=n)
    weights = np.random.RandomState(5).choice(WEIGHTS, n)
    how = resampling.Clustering(3, runs=2)
    found = resampling.clustered(points, how, [1, 2], way, weights=weights)
    assert found is not None
    for each in found:
        rows = each.rows
        run = KMeans(3, init=each.start, tolerance=how.tolerance).fit(
            points[rows], weights=weights[rows]
        )
        assert each.centroids == pytest.approx(run.centroids, rel=1e-9)
        assert each.inertia == pytest.approx(run.history[-1].inertia, rel=1e-9)


def test_stability_is_by_weight() -> None:
    points, weights = _groups(n=90), np.random.RandomState(6).choice(WEIGHTS, 90)
    how = resampling.Clustering(3)
    own = stable_clusters.original(points, how, weights=weights)
    assert own is not None
    assert own.weights is not None
    assert own.weights.sum() == pytest.approx(weights.sum())
    known = stable_clusters.ClusterStability.of(own, BOOTSTRAP)
    known = stable_clusters.resample(points, known, how, 6, weights=weights)
    assert all(each is not None and 0 <= each <= 1 for each in known.jaccard)
    rows = reproducibility.by_k(points, [2, 3], how, BOOTSTRAP, 3, weights=weights)
    assert all(-1 <= row.ari <= 1 and 0 <= row.strength <= 1 for row in rows.values())
    # Shares that add up to 1 say the same: they are in proportion.
    same = reproducibility.by_k(
        points, [3], how, BOOTSTRAP, 3, weights=weights * (90 / weights.sum())
    )
    small = reproducibility.by_k(points, [3], how, BOOTSTRAP, 3, weights=weights / weights.sum())
    assert same[3].strength == pytest.approx(small[3].strength, rel=1e-9)
    assert same[3].ari == pytest.approx(small[3].ari, rel=1e-9)


def test_the_silhouette_of_one_point_is_that_among_copies() -> None:
    (weighted, run), (repeated, other) = _both()
    first = np.cumsum(np.r_[0, weighted.weights]).astype(int)
    for row in range(0, weighted.n, 7):
        one = point.question(weighted, run, row)
        two = point.question(repeated, other, int(first[row]))
        assert one.weight == weighted.weights[row]
        assert two.weight is None
        assert one.silhouette == pytest.approx(two.silhouette, rel=1e-12)


@pytest.mark.parametrize("n", [400, 2500])
def test_the_limit_of_what_is_far_is_that_of_repeated_rows(n: int) -> None:
    rng = np.random.RandomState(8)
    points, weights = rng.normal(size=(n, 2)), rng.choice(WEIGHTS, n)
    labels, centroids = rng.randint(3, size=n), rng.normal(size=(3, 2))
    times = weights.astype(int)
    found = thresholds(points, labels, centroids, weights)
    wanted = thresholds(points.repeat(times, 0), labels.repeat(times), centroids)
    assert found == pytest.approx(wanted)


def test_new_rows_count_by_their_weights() -> None:
    (weighted, run), (repeated, other) = _both()
    limits = np.full(3, np.inf)
    fresh = _groups(seed=9, n=40)
    heavy = np.random.RandomState(9).choice(WEIGHTS, 40)
    found, wanted = (
        Assigner(data, history, None, limits)
        for data, history in ((weighted, run), (repeated, other))
    )
    whole = np.ones(40, bool)
    found.place(fresh[:25], whole[:25], heavy[:25])
    found.place(fresh[25:], whole[25:], heavy[25:])
    times = heavy.astype(int)
    wanted.place(fresh.repeat(times, 0), np.ones(times.sum(), bool))
    one, two = found.drift, wanted.drift
    for shares, plain in zip(one.shares, two.shares, strict=True):
        assert shares == pytest.approx(plain, rel=1e-12)
    assert one.distance_then == pytest.approx(two.distance_then, rel=1e-10)
    assert one.distance_now == pytest.approx(two.distance_now, rel=1e-10)
    assert one.means_now == pytest.approx(two.means_now, rel=1e-10)
    assert one.deviations == pytest.approx(two.deviations, rel=1e-10)
    assert one.sizes_now.sum() == 40
    assert one.weights_now.sum() == heavy.sum()


def test_new_rows_without_a_usable_weight_get_a_cluster_and_do_not_count() -> None:
    (weighted, run), _ = _both()
    found = Assigner(weighted, run, None, np.full(3, np.inf))
    rows = _groups(seed=9, n=5)
    heavy = np.array([2.0, np.nan, -1.0, 0.0, 1e200])
    placed = found.place(rows, np.ones(5, bool), heavy)
    assert (placed.labels >= 0).all()
    assert found.unweighted == 4
    assert found.drift.weights_now.sum() == 2.0
    assert np.isfinite(found.drift.distance_now)


def test_two_runs_agree_by_weight_and_part_by_rows() -> None:
    weighted, _ = _two()
    sides = [
        pair.PairSide(str(k), weighted, _run(weighted, k, init=weighted.points[:k].copy()))
        for k in (3, 2)
    ]
    found = pair.pair(sides[0], sides[1], "why")
    assert found.apart[-1] == len(found.disputed)
    weights = weighted.weights
    share = 1 - weights[found.disputed].sum() / weights.sum()
    assert found.agreement == pytest.approx(share)


def test_what_changed_between_two_recordings_is_by_weight() -> None:
    (weighted, run), (repeated, other) = _both()
    found = change.changed(pair.PairSide("a", weighted, run), pair.PairSide("b", repeated, other))
    assert found.change is not None
    drift = found.change.drift
    assert drift.weights_now is None
    assert drift.shares[0] == pytest.approx(drift.shares[1], rel=1e-12)
    assert drift.means_then == pytest.approx(drift.means_now, rel=1e-10)
    assert drift.distance_then == pytest.approx(drift.distance_now, rel=1e-10)


def test_working_by_hand_shows_the_weighted_sum() -> None:
    points = np.array([[1.0], [3.0], [11.0], [13.0]])
    weights = np.array([3.0, 1.0, 0.5, 1.0])
    dataset = Dataset("hand", points, ("x",), weights=weights)
    start = np.array([[0.0], [12.0]])
    history = KMeans(2, init=start).fit(points, weights=weights).history
    lines = working.working(dataset, history, 0).text()
    assert "cluster 1: 1 (weight 3), 2 (weight 1)" in lines
    assert "  x = (3 * 1 + 3) / 4 = 1.5" in lines
    assert "  x = (0.5 * 11 + 13) / 1.5 = 12.33" in lines


def test_working_by_hand_of_negative_values_keeps_its_signs() -> None:
    points = np.array([[-1.0], [-3.0], [2.0]])
    weights = np.array([2.0, 1.0, 0.25])
    dataset = Dataset("hand", points, ("x",), weights=weights)
    history = KMeans(1, init=np.array([[0.0]])).fit(points, weights=weights).history
    text = working.working(dataset, history, 0).text()
    assert "  x = (-2 * 1 - 3 + 0.25 * 2) / 3.25 = -1.38" in text


def test_weights_of_clusters() -> None:
    labels = np.array([0, 2, 2])
    assert case_weights.of_clusters(labels, 3, None) is None
    found = case_weights.of_clusters(labels, 3, np.array([1.0, 2.0, 0.5]))
    assert found is not None
    assert found.tolist() == [1.0, 0.0, 2.5]


def test_working_by_hand_leaves_two_of_three_copies_where_one_takes_over() -> None:
    points = np.array([[0.0], [1.0], [4.0]])
    weights = np.array([1.0, 1.0, 3.0])
    dataset = Dataset("hand", points, ("x",), weights=weights)
    start = np.array([[1.0], [100.0]])
    history = KMeans(2, init=start, max_iterations=1).fit(points, weights=weights).history
    assert history[1].centroids.ravel().tolist() == [2.25, 4.0]
    text = working.working(dataset, history, 0).text()
    assert "cluster 1: 1 (weight 1), 2 (weight 1), 3 (weight 2)" in text
    assert "  x = (0 + 1 + 2 * 4) / 4 = 2.25" in text


@pytest.mark.filterwarnings("ignore:X has only 3 distinct rows")
def test_working_by_hand_of_several_rows_that_leave_one_cluster() -> None:
    points = np.array([[0.5], [0.0], [0.5], [0.5], [0.0], [0.5], [0.75]])
    dataset = Dataset("hand", points, ("x",))
    start = np.full((4, 1), 0.5)
    history = KMeans(4, init=start, max_iterations=1).fit(points).history
    text = working.working(dataset, history, 0).text()
    assert "  x = (0.5 + 0.5 + 0.5 + 0.5) / 4 = 0.5" in text
