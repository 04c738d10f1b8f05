"""TracedKMeans: scikit-learn's own checks, its parameters' meaning, and the history on top."""

import pickle
import warnings

import numpy as np
import pytest
from sklearn import cluster
from sklearn.base import clone
from sklearn.datasets import make_blobs
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator
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


def test_float32_stays_float32_where_scikit_learn_keeps_it():
    X = cloud().astype(np.float32)
    ours = TracedKMeans(3, random_state=0).fit(X)
    assert ours.transform(X).dtype == np.float32
    assert (ours.predict(X) == ours.labels_).all()


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


def test_fewer_different_rows_than_clusters_are_told():
    X = np.repeat(np.eye(3), 4, axis=0)
    with pytest.warns(ConvergenceWarning, match=r"distinct clusters \(3\)"):
        TracedKMeans(4, random_state=0).fit(X)


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"n_clusters": 0}, "n_clusters is 0; give a whole number of at least 1"),
        ({"max_iter": 1.5}, "max_iter is 1.5; give"),
        ({"tol": -1}, "tol is -1; give a finite number"),
        ({"n_init": "many"}, "n_init is 'many'; give 'auto' or"),
        ({"init": "farthest"}, r"init is 'farthest'; choose k-means\+\+, random, an array"),
        ({"init": np.zeros((2, 2))}, r"init has the shape \(2, 2\); give one row of 2 values"),
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
