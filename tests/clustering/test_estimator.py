"""TracedKMeans: scikit-learn's own checks, its parameters' meaning, and the history on top."""

import pickle
import re
import warnings
from inspect import signature

import numpy as np
import pytest
from sklearn import cluster
from sklearn.base import clone
from sklearn.datasets import make_blobs
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import (
    check_estimator,
    check_param_validation,
    parametrize_with_checks,
)
from threadpoolctl import threadpool_limits

from kmeans_tui import TracedKMeans


def cloud(n: int = 600, d: int = 2, seed: int = 0) -> np.ndarray:
    return make_blobs(n, d, centers=5, cluster_std=2.5, random_state=seed)[0]


def theirs(X: np.ndarray, weights: np.ndarray | None = None, **parameters) -> cluster.KMeans:
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return cluster.KMeans(**parameters).fit(X, sample_weight=weights)


def test_every_check_of_scikit_learn_passes():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        done = check_estimator(TracedKMeans(), on_skip=None)
    assert {each["status"] for each in done} <= {"passed", "skipped"}
    assert "check_sample_weight_equivalence_on_dense_data" in {e["check_name"] for e in done}


@parametrize_with_checks([TracedKMeans(), TracedKMeans(2, algorithm="elkan", init="random")])
def test_each_check_of_scikit_learn_passes(estimator, check):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(estimator)


def test_parameters_are_validated_in_scikit_learns_words():
    check_param_validation("TracedKMeans", TracedKMeans())


def test_its_parameters_begin_as_scikit_learns_do():
    ours, known = (signature(each).parameters for each in (TracedKMeans, cluster.KMeans))
    assert {name: each.default for name, each in ours.items() if name != "n_jobs"} == {
        name: each.default for name, each in known.items()
    }
    for method in ("fit", "predict", "fit_predict", "transform", "fit_transform", "score"):
        ours, known = (
            signature(getattr(each, method)).parameters for each in (TracedKMeans, cluster.KMeans)
        )
        assert list(ours) == list(known)


@pytest.mark.parametrize("tol", [0.0, 1e-4, 1e-2])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("d", "k"), [(1, 3), (2, 5), (9, 4)])
def test_from_equal_starts_it_is_scikit_learns(d, k, weighted, tol):
    for seed in range(4):
        X = cloud(d=d, seed=seed)
        draw = np.random.RandomState(seed)
        weights = draw.uniform(0.1, 3, size=len(X)) if weighted else None
        start = X[draw.choice(len(X), k, replace=False)]
        parameters = {"n_clusters": k, "init": start, "n_init": 1, "tol": tol}
        ours = TracedKMeans(**parameters).fit(X, sample_weight=weights)
        known = theirs(X, weights, **parameters)
        assert (ours.labels_ == known.labels_).all()
        assert ours.n_iter_ == known.n_iter_ == len(ours.history_) - 1
        assert ours.cluster_centers_ == pytest.approx(known.cluster_centers_, rel=1e-9)
        assert ours.inertia_ == pytest.approx(known.inertia_, rel=1e-9)
        assert ours.transform(X) == pytest.approx(known.transform(X), rel=1e-6, abs=1e-6)
        assert ours.score(X, sample_weight=weights) == pytest.approx(known.score(X, None, weights))
        assert (ours.predict(X) == ours.labels_).all()


@pytest.mark.parametrize("init", ["k-means++", "random"])
@pytest.mark.parametrize("n_init", ["auto", 3])
def test_from_the_same_seed_it_is_scikit_learns_where_no_row_is_repeated(init, n_init):
    X = cloud()
    parameters = {"n_clusters": 5, "init": init, "n_init": n_init, "random_state": 3}
    ours, known = TracedKMeans(**parameters).fit(X), theirs(X, **parameters)
    assert ours.inertia_ == pytest.approx(known.inertia_, rel=1e-9)
    assert (ours.labels_ == known.labels_).all()


@pytest.mark.parametrize("init", ["k-means++", "random"])
def test_lloyd_and_elkan_give_the_same_history(init):
    X = cloud()
    one, two = (
        TracedKMeans(5, init=init, random_state=1, algorithm=algorithm).fit(X).history_
        for algorithm in ("lloyd", "elkan")
    )
    assert (one.centroids == two.centroids).all()
    assert (one.inertia == two.inertia).all()
    assert all((a.labels == b.labels).all() for a, b in zip(one, two, strict=True))


def test_a_start_can_be_a_function():
    X = cloud()
    ours = TracedKMeans(3, init=lambda X, k, random_state: X[:k]).fit(X)
    assert (ours.history_[0].centroids == X[:3]).all()


def test_the_history_holds_the_centres_of_every_iteration():
    X = cloud()
    start = X[:5]
    ours = TracedKMeans(5, init=start, tol=0).fit(X)
    for i in range(1, 6):
        stopped = theirs(X, n_clusters=5, init=start, n_init=1, tol=0, max_iter=i)
        assert ours.history_[i].centroids == pytest.approx(stopped.cluster_centers_, rel=1e-9)
        assert (ours.history_[i].labels == stopped.labels_).all()


@pytest.mark.parametrize("far", [1e3, 1e5])
def test_empty_clusters_go_where_scikit_learn_puts_them(far):
    X = cloud()
    weights = np.random.RandomState(0).randint(1, 4, size=len(X)).astype(float)
    start = np.vstack([X[:2], far + np.arange(6.0).reshape(3, 2)])
    parameters = {"n_clusters": 5, "init": start, "n_init": 1, "tol": 0}
    ours = TracedKMeans(**parameters).fit(X, sample_weight=weights)
    assert len(ours.history_[1].events) == 3
    assert (ours.labels_ == theirs(X, weights, **parameters).labels_).all()


def test_it_lives_in_pipelines_grids_clones_and_pickles():
    X = cloud()
    pipeline = make_pipeline(StandardScaler(), TracedKMeans(4, random_state=0)).fit(X)
    assert pipeline.predict(X).shape == (len(X),)
    assert pipeline.get_feature_names_out().tolist() == [f"tracedkmeans{j}" for j in range(4)]
    grid = GridSearchCV(TracedKMeans(random_state=0), {"n_clusters": [2, 3]}, cv=3).fit(X)
    assert grid.best_params_ == {"n_clusters": 3}
    fitted = TracedKMeans(4, random_state=0).fit(X)
    assert not hasattr(clone(fitted), "history_")
    back = pickle.loads(pickle.dumps(fitted))
    assert (back.predict(X) == fitted.labels_).all()
    assert all(
        (a.labels == b.labels).all() for a, b in zip(back.history_, fitted.history_, strict=True)
    )


@pytest.mark.parametrize(
    ("n", "d", "weighted"), [(300, 2, 0), (3000, 4, 0), (3000, 4, 1), (100_000, 2, 0)]
)
def test_the_number_of_threads_changes_nothing(n, d, weighted):
    X = cloud(n, d)
    weights = np.random.RandomState(0).uniform(0.1, 3, n) if weighted else None
    fits = [
        TracedKMeans(6, n_init=4, random_state=0, n_jobs=jobs).fit(X, sample_weight=weights)
        for jobs in (None, 1, 2, 4)
    ]
    for other in fits[1:]:
        assert (other.labels_ == fits[0].labels_).all()
        assert (other.history_.centroids == fits[0].history_.centroids).all()
        assert (other.history_.inertia == fits[0].history_.inertia).all()
        assert (other.history_.changed == fits[0].history_.changed).all()


@pytest.mark.parametrize("far", [0, 1000])
def test_float32_stays_float32_where_scikit_learn_keeps_it(far):
    X = (cloud(3000) + far).astype(np.float32)
    ours = TracedKMeans(3, random_state=0).fit(X)
    assert ours.transform(X).dtype == ours.cluster_centers_.dtype == np.float32
    assert ours.history_[-1].centroids.dtype == np.float64
    assert (ours.predict(X) == ours.labels_).all()
    assert ours.score(X) == pytest.approx(-ours.inertia_, rel=1e-9)


def test_centres_that_somebody_sets_are_those_that_count():
    X = cloud()
    ours = TracedKMeans(2, random_state=0).fit(X)
    ours.cluster_centers_ = ours.cluster_centers_[::-1]
    assert (ours.predict(X) == 1 - ours.labels_).all()
    assert ours.score(X) == pytest.approx(-ours.inertia_)
    assert (ours.transform(X).argmin(axis=1) == 1 - ours.labels_).all()


def test_a_weight_is_as_good_as_copies_in_any_order():
    X = cloud(80)
    draw = np.random.RandomState(0)
    weights = draw.randint(4, size=len(X))
    order = draw.permutation(len(X))
    for init in ("k-means++", "random"):
        one = TracedKMeans(4, init=init, random_state=1).fit(X, sample_weight=weights)
        two = TracedKMeans(4, init=init, random_state=1).fit(np.repeat(X, weights, axis=0))
        three = TracedKMeans(4, init=init, random_state=1).fit(
            X[order], sample_weight=weights[order]
        )
        for other in (two, three):
            assert other.cluster_centers_ == pytest.approx(one.cluster_centers_)
            assert other.inertia_ == pytest.approx(one.inertia_)


@pytest.mark.parametrize("init", ["k-means++", "random"])
def test_starts_are_drawn_by_weight_and_never_from_a_weight_of_0(init):
    X = cloud(200)
    weights = np.random.RandomState(0).uniform(size=len(X))
    weights[::2] = 0
    for seed in range(10):
        parameters = {"init": init, "n_init": 1, "random_state": seed, "max_iter": 1}
        start = TracedKMeans(8, **parameters).fit(X, sample_weight=weights).history_[0].centroids
        rows = np.flatnonzero((X[:, np.newaxis] == start).all(axis=2).any(axis=1))
        assert len(rows) == 8
        assert (weights[rows] > 0).all()
        plain = TracedKMeans(8, **parameters).fit(X).history_[0].centroids
        assert not np.isin(start, plain).all()


@pytest.mark.parametrize("tol", [0, 1e-2])
def test_verbose_prints_the_lines_of_scikit_learn(tol, capsys):
    X = cloud(d=5)
    parameters = {"init": X[:4], "n_clusters": 4, "n_init": 1, "tol": tol, "verbose": 1}
    known = theirs(X, **parameters)
    wanted = capsys.readouterr().out.splitlines()
    ours = TracedKMeans(**parameters).fit(X)
    printed = capsys.readouterr().out.splitlines()
    assert len(wanted) == len(printed) == known.n_iter_ + 2

    def parts(line: str) -> tuple[list[str], list[float]]:
        number = r"\d+(?:\.\d+)?(?:e-?\d+)?"
        return re.split(number, line), [float(each) for each in re.findall(number, line)]

    for mine, line in zip(printed, wanted, strict=True):
        assert parts(mine)[0] == parts(line)[0]
        assert parts(mine)[1] == pytest.approx(parts(line)[1], rel=1e-6)
    TracedKMeans(**{**parameters, "verbose": 0}).fit(X)
    assert capsys.readouterr().out == ""
    assert ours.n_iter_ == known.n_iter_


def test_what_is_asked_for_and_not_done_is_told():
    X = cloud()
    with pytest.warns(RuntimeWarning, match="performing only one init in TracedKMeans instead of"):
        TracedKMeans(2, init=X[:2], n_init=5).fit(X)
    with pytest.warns(RuntimeWarning, match="algorithm='elkan' doesn't make sense"):
        TracedKMeans(1, algorithm="elkan").fit(X)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        TracedKMeans(2, init=X[:2]).fit(X)
        TracedKMeans(2, init=X[:2], n_init=1, algorithm="elkan").fit(X)


@pytest.mark.parametrize("copy_x", [True, False])
def test_what_is_fitted_is_not_written_to(copy_x):
    X, start, weights = cloud() + 100, cloud()[:3].copy(), np.full(600, 2.0)
    kept = X.copy(), start.copy(), weights.copy()
    km = TracedKMeans(3, init=start, copy_x=copy_x).fit(X, sample_weight=weights)
    km.predict(X)
    km.score(X)
    for before, after in zip(kept, (X, start, weights), strict=True):
        assert (before == after).all()


def test_fewer_different_rows_than_clusters_are_told():
    X = np.repeat(np.eye(3), 4, axis=0)
    with pytest.warns(ConvergenceWarning, match=r"distinct clusters \(3\)"):
        TracedKMeans(4, random_state=0).fit(X)


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"n_clusters": 0}, "The 'n_clusters' parameter of TracedKMeans must be an int in"),
        ({"max_iter": 1.5}, "The 'max_iter' parameter of TracedKMeans must be .* Got 1.5 instead"),
        ({"tol": -1}, "The 'tol' parameter of TracedKMeans must be .* Got -1 instead"),
        ({"n_init": "many"}, "The 'n_init' parameter of TracedKMeans must be a str among"),
        ({"init": "farthest"}, "The 'init' parameter of TracedKMeans must be a str among"),
        ({"algorithm": "full"}, "The 'algorithm' parameter .* must be a str among .*lloyd"),
        ({"verbose": -1}, "The 'verbose' parameter of TracedKMeans must be an int in"),
        ({"copy_x": 2}, "The 'copy_x' parameter of TracedKMeans must be an instance of 'bool'"),
        (
            {"init": np.zeros((2, 2))},
            r"shape of the initial centers \(2, 2\) does not match the number of clusters 8",
        ),
        (
            {"init": np.zeros((8, 3))},
            r"initial centers \(8, 3\) does not match the number of features of the data 2",
        ),
        ({"n_jobs": 0}, "n_jobs is 0; give None, a whole number of at least 1, or -1"),
        ({"n_clusters": 601}, "n_samples=600 should be >= n_clusters=601"),
    ],
)
def test_what_it_cannot_use_is_refused_in_one_sentence(parameters, sentence):
    with pytest.raises(ValueError, match=sentence):
        TracedKMeans(**parameters).fit(cloud())


def test_weights_it_cannot_use_are_refused():
    for weights, sentence in ((-1.0, "Negative values"), (0.0, "at least one non-zero")):
        with pytest.raises(ValueError, match=sentence):
            TracedKMeans(2).fit(cloud(), sample_weight=np.full(600, weights))
    with pytest.raises(NotFittedError):
        TracedKMeans().predict(cloud())
