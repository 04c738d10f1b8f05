"""KMeans: the plain form at every step, scikit-learn at the end, one sentence when refusing."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import cluster
from sklearn.datasets import make_blobs
from threadpoolctl import threadpool_limits

from kmeans_tui.clustering import textbook
from kmeans_tui.clustering.history import Event
from kmeans_tui.clustering.initialisation import STARTS
from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.clustering.stillness import limit


def cloud(n: int = 400, d: int = 2, seed: int = 0) -> np.ndarray:
    return np.random.RandomState(seed).normal(size=(n, d))


def direct_inertia(X: np.ndarray, labels: np.ndarray, centroids: np.ndarray) -> float:
    return float(((X - centroids[labels]) ** 2).sum())


@st.composite
def problems(draw: st.DrawFn) -> dict[str, Any]:
    """Points of every sort, k, a start (a name, or places that leave clusters empty), a rule."""
    n, d = draw(st.integers(1, 60)), draw(st.integers(1, 10))
    k = draw(st.integers(1, min(n, 8)))
    rng = np.random.RandomState(draw(st.integers(0, 2**32 - 1)))
    X = rng.normal(size=(n, d)) * draw(st.sampled_from([1e-3, 1.0, 50.0]))
    X = {
        "continuous": lambda: X,
        "lattice": lambda: np.round(X),
        "tenths": lambda: np.round(X, 1),
        "copies": lambda: X[rng.randint(max(1, n // 5), size=n)],
        "equal": lambda: np.full((n, d), 0.1),
        "offset": lambda: X + 1e6,
    }[draw(st.sampled_from(["continuous", "lattice", "tenths", "copies", "equal", "offset"]))]()
    init = draw(st.sampled_from([*STARTS, "near", "far", "twice"]))
    if init == "near":
        init = X[rng.choice(n, k)] + rng.normal(size=(k, d))
    elif init == "far":
        init = X.mean(axis=0) + rng.normal(size=(k, d)) * 100
    elif init == "twice":
        init = X[rng.choice(n, k)]
    return {
        "X": X,
        "k": k,
        "init": init,
        "empty": draw(st.sampled_from(["farthest", "random"])),
        "tolerance": draw(st.sampled_from([0.0, 1e-4, 0.5])),
        "max_iterations": draw(st.sampled_from([1, 2, 30])),
        "random_state": draw(st.integers(0, 2**32 - 1)),
    }


@given(problems())
@settings(max_examples=300, deadline=None)
def test_it_is_the_plain_form_snapshot_by_snapshot(problem):
    X = problem.pop("X")
    km = KMeans(**problem)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # fewer different rows than k, on purpose
        live = list(km.steps(X))
    rng = np.random.RandomState(problem["random_state"])
    km_again = KMeans(**{**problem, "random_state": rng})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        start = km_again.initialise_centroids(X)
    expected = textbook.kmeans(
        X, start, problem["max_iterations"], limit(problem["tolerance"], X), problem["empty"], rng
    )
    scale = 1e-9 * max(1e-300, np.abs(X).max())
    assert len(km.history) == len(expected) == km.iterations + 1
    for snapshot, entry in zip(km.history, expected, strict=True):
        assert snapshot["iteration"] == entry["iteration"]
        assert (snapshot["labels"] == entry["labels"]).all()
        assert snapshot["centroids"] == pytest.approx(entry["centroids"], rel=1e-9, abs=scale)
        inertia = direct_inertia(X, entry["labels"], entry["centroids"])
        assert snapshot.inertia == pytest.approx(inertia, rel=1e-9, abs=1e-30)
    for step in live:
        inertia = direct_inertia(X, step.labels, step.centroids)
        assert step.inertia == pytest.approx(inertia, rel=1e-9, abs=1e-30)
        assert (step.sizes == np.bincount(step.labels, minlength=km.k)).all()
    assert (km.labels == textbook.assign(X, km.centroids)).all()


@given(problems())
@settings(max_examples=150, deadline=None)
def test_the_inertia_never_rises(problem):
    X = problem.pop("X")
    km = KMeans(**{**problem, "empty": "farthest"})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        km.fit(X)
    falls = km.history.inertia
    slack = 1e-9 * falls[:-1] + 1e-14 * len(X) * np.abs(X).max() ** 2
    assert (falls[1:] <= falls[:-1] + slack).all()


def test_half_steps_alternate_and_carry_their_state():
    X = cloud()
    km = KMeans(4, random_state=1)
    steps = list(km.steps(X))
    assert [step.kind for step in steps[:3]] == ["assign", "update", "assign"]
    assert steps[-1].kind == "assign"
    assert [step.iteration for step in steps] == [(j + 1) // 2 for j in range(len(steps))]
    for j, step in enumerate(steps[1:], start=1):
        before = steps[j - 1]
        if step.kind == "update":
            assert (step.labels == before.labels).all()
            assert (step.previous == before.centroids).all()
            assert step.changed == before.changed
            means = [X[step.labels == c].mean(axis=0) for c in range(4)]
            assert step.centroids == pytest.approx(np.array(means))
        else:
            assert (step.centroids == before.centroids).all()
            assert step.changed == np.count_nonzero(step.labels != before.labels)
        assert step.inertia <= before.inertia * (1 + 1e-12)
    assert steps[0].previous is None
    assert steps[0].shifts.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("n", [400, 20_000])
@pytest.mark.parametrize("offset", [0, 1e6])
@pytest.mark.parametrize("far", [0, 1e8])
def test_the_inertia_of_an_update_keeps_its_digits(n, offset, far):
    X = cloud(n) + offset
    km = KMeans(2, init=X[:2] + far, max_iterations=10)
    for step in km.steps(X):
        direct = direct_inertia(X, step.labels, step.centroids)
        assert step.inertia == pytest.approx(direct, rel=1e-9)


def test_the_history_grows_with_the_steps():
    km = KMeans(3, random_state=0)
    lengths = [len(km.history) for _ in km.steps(cloud())]
    assert lengths[:4] == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("limit", "reason"), [(1, "max_iterations"), (2, "max_iterations"), (100, "converged")]
)
def test_the_last_labels_belong_to_the_last_centroids(limit, reason):
    X = cloud()
    km = KMeans(5, max_iterations=limit, random_state=3).fit(X)
    assert km.stopped_by == km.history.stopped_by == reason
    assert km.iterations == min(limit, km.iterations)
    assert len(km.history) == km.iterations + 1
    assert (km.labels == textbook.assign(X, km.centroids)).all()
    assert (km.labels == km.history[-1].labels).all()
    assert km.inertia(X) == pytest.approx(direct_inertia(X, km.labels, km.centroids))
    assert km.inertia(X) == km.history[-1].inertia


def test_a_second_fit_starts_a_new_history():
    km = KMeans(3, random_state=0).fit(cloud())
    first = km.history
    length = len(first)
    km.fit(cloud())
    assert km.history is not first
    assert len(km.history) == len(first) == length


def test_without_a_seed_it_draws_from_numpys_global_generator():
    X = cloud()
    np.random.seed(7)
    globally = KMeans(3).fit(X).history[0].centroids
    again = KMeans(3).fit(X).history[0].centroids
    assert (globally == KMeans(3, random_state=7).fit(X).history[0].centroids).all()
    assert not (globally == again).all()
    own = np.random.RandomState(7)
    assert (KMeans(3, random_state=own).fit(X).history[0].centroids == globally).all()
    assert (KMeans(3, random_state=own).fit(X).history[0].centroids == again).all()


def test_the_seed_of_a_fit_leaves_the_global_generator_alone():
    np.random.seed(1)
    expected = np.random.RandomState(1).uniform()
    KMeans(3, random_state=5).fit(cloud())
    assert np.random.uniform() == expected


def test_the_conceptual_steps_work_alone():
    X = cloud()
    km = KMeans(3, random_state=42)
    start = km.initialise_centroids(X)
    assert (start == X[np.random.RandomState(42).choice(400, 3, replace=False)]).all()
    labels = km.assign_clusters(X, start)
    assert (labels == textbook.assign(X, start)).all()
    moved = km.update_centroids(X, labels)
    assert (moved == textbook.update(X, labels, start)).all()
    assert not km.has_converged(start, moved)
    assert km.has_converged(moved, moved + 1e-6)
    fitted = km.fit(X)
    assert fitted is km
    assert (km.predict(X[:7]) == km.labels[:7]).all()


def test_an_empty_cluster_can_be_updated_alone_when_the_centroids_are_given():
    X = np.array([[0.0], [1.0], [2.0], [30.0]])
    km = KMeans(2)
    moved = km.update_centroids(X, [0, 0, 0, 0], [[1.0], [100.0]])
    assert moved.ravel().tolist() == [1, 30]
    with pytest.raises(ValueError, match="pass the current centroids"):
        km.update_centroids(X, [0, 0, 0, 0])


# Empty clusters


def test_four_clusters_on_three_different_points_converge_and_say_so():
    X = np.repeat([[0.0, 0.1], [0.1, 0.7], [0.3, 0.3]], 3, axis=0)
    for seed in range(20):
        with pytest.warns(UserWarning, match="3 distinct rows for k = 4"):
            km = KMeans(4, random_state=seed).fit(X)
        assert km.stopped_by == "converged"
        assert km.iterations < 8
        assert km.inertia(X) == pytest.approx(0, abs=1e-25)
        final = km.history.events[-1]
        assert (final.point, final.donor) == (None, None)
        assert final.iteration == km.iterations


@pytest.mark.parametrize("seed", range(12))
def test_several_empty_clusters_at_once_go_where_scikit_learn_puts_them(seed):
    X = cloud(300, 2 + seed % 3, seed)
    start = np.random.RandomState(seed).normal(size=(5, X.shape[1])) * 30
    km = KMeans(5, init=start, tolerance=0, max_iterations=300).fit(X)
    assert len([event for event in km.history.events if event.iteration == 1]) > 1
    theirs = reference(X, start)
    assert (km.labels == theirs.labels_).all()
    assert km.iterations == theirs.n_iter_
    assert km.centroids == pytest.approx(theirs.cluster_centers_, rel=1e-9)


def test_every_empty_cluster_is_an_event():
    X = cloud(50)
    start = np.vstack([X[:1], np.full((3, 2), 1e3) + np.arange(3)[:, np.newaxis]])
    for rule in ("farthest", "random"):
        km = KMeans(4, init=start, empty=rule, random_state=0).fit(X)
        for i in range(km.iterations):
            emptied = np.flatnonzero(km.history[i].sizes == 0).tolist()
            events = km.history[i + 1].events
            assert [event.cluster for event in events] == emptied
            for event in events:
                assert event.kind == "empty"
                assert event.iteration == i + 1
                assert event.donor == km.history[i].labels[event.point]
                assert (km.history[i + 1].centroids[event.cluster] == X[event.point]).all()


def test_the_inertia_of_an_update_counts_the_point_that_was_taken_out():
    X = cloud(20_000)
    km = KMeans(3, init=np.array([[0, 0], [0.5, 0], [50, 0]]), max_iterations=1)
    _, update, _ = km.steps(X)
    assert update.events
    direct = direct_inertia(X, update.labels, update.centroids)
    assert update.inertia == pytest.approx(direct, rel=1e-9)


def test_by_the_articles_rule_the_point_is_the_next_of_the_same_generator():
    X = cloud(50)
    start = np.vstack([X[:1], [[1e3, 1e3]]])
    km = KMeans(2, init=start, empty="random", random_state=11).fit(X)
    drawn = np.random.RandomState(11).randint(50)
    assert km.history.events[0] == Event("empty", 1, 1, drawn, 0)


# scikit-learn


def reference(X: np.ndarray, start: np.ndarray) -> cluster.KMeans:
    with threadpool_limits(1):
        return cluster.KMeans(
            len(start), init=start, n_init=1, tol=0, max_iter=300, algorithm="lloyd"
        ).fit(X)


@pytest.mark.parametrize(("d", "k"), [(1, 4), (2, 3), (2, 12), (5, 6), (10, 4)])
@pytest.mark.parametrize("init", STARTS)
def test_from_the_same_start_it_ends_where_scikit_learn_ends(init, d, k):
    for seed in range(3):
        X = make_blobs(600, d, centers=k, cluster_std=2.5, random_state=seed)[0]
        km = KMeans(k, init=init, tolerance=0, max_iterations=300, random_state=seed).fit(X)
        theirs = reference(X, km.history[0].centroids)
        assert (km.labels == theirs.labels_).all()
        assert km.iterations == theirs.n_iter_
        assert km.inertia(X) == pytest.approx(theirs.inertia_, rel=1e-9)


# Stopping


def test_false_from_progress_stops_the_run_and_keeps_what_is_whole():
    X = cloud(2000)
    for last in range(9):
        seen = []

        def progress(step, last=last, seen=seen):
            seen.append(step)
            return len(seen) <= last

        km = KMeans(8, random_state=1, tolerance=0).fit(X, progress)
        assert len(seen) == last + 1
        assert km.stopped_by == "cancelled"
        assert km.iterations == last // 2
        assert len(km.history) == km.iterations + 1
        assert (km.labels == textbook.assign(X, km.centroids)).all()
        assert (km.labels == km.history[-1].labels).all()


def test_progress_that_answers_nothing_goes_on():
    seen = []
    km = KMeans(3, random_state=1).fit(cloud(), seen.append)
    assert km.stopped_by == "converged"
    assert len(seen) == 2 * km.iterations + 1


def test_a_dropped_run_is_cancelled_and_whole():
    X = cloud(2000)
    km = KMeans(8, random_state=1)
    for step in km.steps(X):
        if step.kind == "update" and step.iteration == 2:
            break
    del step
    assert km.iterations == 1
    assert km.stopped_by == "cancelled"
    assert (km.labels == km.history[1].labels).all()


def test_a_run_that_has_ended_cannot_be_cancelled_any_more():
    km = KMeans(3, random_state=1)
    km.fit(cloud(), lambda step: km.stopped_by is None)
    assert km.stopped_by == "converged"


# Input


def test_points_of_other_types_are_taken():
    X = np.round(cloud() * 10)
    expected = KMeans(3, random_state=0).fit(X)
    for other in (
        X.astype(np.float32),
        X.astype(int),
        X.tolist(),
        np.asfortranarray(X),
        X[:, ::-1][:, ::-1],
    ):
        km = KMeans(3, random_state=0).fit(other)
        assert (km.labels == expected.labels).all()
        assert (km.centroids == expected.centroids).all()


def test_the_points_are_left_alone():
    X = cloud()
    before = X.copy()
    KMeans(3, random_state=0).fit(X)
    assert (before == X).all()
    assert X.flags.writeable


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ([1.0, 2.0], r"X has 1 dimension .*; use X.reshape\(-1, 1\) for a single feature$"),
        (np.zeros((2, 2, 2)), r"X has 3 dimensions .*; reshape it to a table$"),
        (3.0, "X has 0 dimensions"),
        (np.zeros((0, 2)), "X has no rows; give at least one point"),
        (np.zeros((4, 0)), "X has no columns; give"),
        ([[1, 2], [3, np.nan], [np.inf, np.nan]], r"X has 3 values .*first at row 1, column 1"),
        ([[1, 2], [3, 4], [5, -np.inf]], r"X has a value .* at row 2, column 1 .*; remove these"),
        (
            [[1, 2], [3, "setosa"], [5, 6]],
            r"X has 'setosa' at row 1, column 1 .*; keep only numeric",
        ),
        (np.array([[1, None, 2]], object), "X has None at row 0, column 1"),
        ([[1, 2j], [3, 4], [5, 6]], r"X has .* at row 0, column 0 .* not a number"),
        ([[1, 2], [3]], "X has rows of different lengths; give every row"),
        ([[1e200, 0], [0, 0], [0, 1]], r"values up to 1e\+200, too large to square; divide"),
        ([[1, 2], [3, 4]], "k = 3 clusters need 3 rows, but X has 2 rows; choose a smaller k"),
        ([[1, 2]], "X has 1 row; choose"),
    ],
)
def test_points_it_cannot_use_are_refused_in_one_sentence(points, sentence):
    km = KMeans(3, random_state=0).fit(cloud())
    history = km.history
    with pytest.raises(ValueError, match=sentence) as refusal:
        km.fit(points)
    assert "\n" not in str(refusal.value)
    assert km.history is history, "nothing of the run before is lost"
    assert km.labels is not None


def test_numbers_written_as_text_are_text():
    with pytest.raises(
        ValueError, match=r"numbers written as text; convert them with X.astype\(float\)"
    ):
        KMeans(1).fit([["1.5", "2"]])


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"k": 0}, "k is 0; give a whole number of at least 1"),
        ({"k": 2.5}, "k is 2.5; give a whole number"),
        ({"k": True}, "k is True"),
        ({"max_iterations": 0}, "max_iterations is 0; give a whole number of at least 1"),
        ({"tolerance": -1}, "tolerance is -1; give a finite number of at least 0"),
        ({"tolerance": float("nan")}, "tolerance is nan"),
        ({"tolerance": "small"}, "tolerance is 'small'"),
        (
            {"init": "best"},
            r"init is 'best'; choose one of random, partition, k-means\+\+, farthest",
        ),
        ({"empty": "keep"}, "empty is 'keep'; choose one of farthest, random"),
        ({"random_state": -1}, "random_state is -1; give None, a whole number from 0"),
        ({"random_state": "x"}, "random_state is 'x'"),
    ],
)
def test_parameters_it_cannot_use_are_refused_at_once_and_when_set_later(parameters, sentence):
    with pytest.raises(ValueError, match=sentence):
        KMeans(**parameters)
    km = KMeans()
    for name, value in parameters.items():
        setattr(km, name, value)
    with pytest.raises(ValueError, match=sentence):
        km.fit(cloud())


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        (
            np.zeros((2, 2)),
            r"init has the shape \(2, 2\), but k = 3 centroids .* \(3, 2\); give one",
        ),
        (np.zeros((3, 4)), r"init has the shape \(3, 4\)"),
        (np.zeros(3), r"init has the shape \(3,\)"),
        ([["a", "b"]] * 3, "init is not a table of numbers; give one row of 2 values"),
        (np.full((3, 2), np.nan), "init has values that are NaN"),
    ],
)
def test_a_start_that_does_not_fit_is_refused(start, sentence):
    with pytest.raises(ValueError, match=sentence):
        KMeans(3, init=start).fit(cloud())


def test_what_needs_a_fit_says_so():
    for method in (KMeans().predict, KMeans().inertia):
        with pytest.raises(ValueError, match=r"no centroids yet; call fit\(X\) first"):
            method(cloud())


def test_points_with_other_features_than_the_fitted_are_refused():
    km = KMeans(3, random_state=0).fit(cloud())
    with pytest.raises(ValueError, match=r"centroids has the shape \(3, 2\)"):
        km.predict(cloud(d=4))


@pytest.mark.parametrize("labels", [[0, 1], [0] * 399 + [3], [-1] * 400, [0.5] * 400])
def test_labels_that_do_not_fit_are_refused(labels):
    with pytest.raises(ValueError, match="labels must be 400 whole numbers from 0 to 2"):
        KMeans(3).update_centroids(cloud(), labels)


def test_fewer_different_rows_than_clusters_are_counted_in_a_warning():
    X = np.zeros((20, 2))
    X[::2] = -0.0
    with pytest.warns(UserWarning, match="only 1 distinct row for k = 2 clusters.*smaller k"):
        KMeans(2, random_state=0).fit(X)
    X[3] = 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        KMeans(2, random_state=0).fit(X)


@pytest.mark.parametrize("k", [1, 400])
def test_the_smallest_and_the_largest_k(k):
    X = cloud()
    km = KMeans(k, random_state=0).fit(X)
    assert km.stopped_by == "converged"
    expected = ((X - X.mean(axis=0)) ** 2).sum() if k == 1 else 0
    assert km.inertia(X) == pytest.approx(expected, abs=1e-12)


def test_it_says_nothing_on_the_terminal(capsys):
    KMeans(3, random_state=0).fit(cloud())
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("spread", [1e-151, 1e-160, 1e-170, 1e-250, 1e-300, 5e-324])
@pytest.mark.parametrize("beside", [None, 0.0, 7.0, -1e9])
def test_values_whose_squares_underflow_are_refused(spread, beside):
    X = np.array([[0.0], [spread], [0.0]])
    if beside is not None:
        X = np.column_stack([np.full(3, beside), X])
    for call in (KMeans(2).fit, KMeans(2).initialise_centroids):
        with pytest.raises(ValueError, match=r"differ by at most .*, too little to square; multip"):
            call(X)


@pytest.mark.parametrize("spread", [0.0, 1e-149, 1e-140, 1e-9])
def test_values_that_can_be_squared_are_taken(spread):
    X = np.array([[0.0], [spread], [0.0], [spread]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        km = KMeans(2, random_state=0, init="farthest").fit(X)
    assert km.history[-1].inertia == 0
    assert len(set(km.labels)) == (2 if spread else 1)


def test_a_tiny_column_beside_one_that_spreads_is_taken():
    X = np.array([[0.0, 1e-200], [1.0, 2e-200], [5.0, 3e-300]])
    assert KMeans(2, random_state=0).fit(X).stopped_by == "converged"
