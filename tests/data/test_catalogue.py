"""The built-in sets: equal to scikit-learn's, described without being built, refused in words."""

import re

import numpy as np
import pytest
from sklearn import datasets as sk

from kmeans_tui.data.catalogue import describe, is_file, load_data, sets
from kmeans_tui.data.dataset import DataError
from kmeans_tui.data.preparation import Preparation

SHEAR = [[0.60834549, -0.63667341], [-0.40887718, 0.85253229]]


def same(spec, expected):
    """The table and the truth of ``spec`` are scikit-learn's, to the last bit."""
    points, truth = expected
    made = load_data(spec)
    np.testing.assert_array_equal(made.table, points)
    np.testing.assert_array_equal(made.truth, truth)


@pytest.mark.parametrize(
    ("spec", "arguments"),
    [
        ("blobs", {"n_samples": 300, "centers": 3, "cluster_std": 0.8}),
        (
            "blobs:n=301,k=7,d=5,std=1.3,seed=7",
            {
                "n_samples": 301,
                "centers": 7,
                "n_features": 5,
                "cluster_std": 1.3,
                "random_state": 7,
            },
        ),
        ("blobs:n=2,k=5", {"n_samples": 2, "centers": 5, "cluster_std": 0.8}),
        ("blobs:std=0", {"n_samples": 300, "centers": 3, "cluster_std": 0.0}),
        ("varied", {"n_samples": 1500, "cluster_std": [1.0, 2.5, 0.5], "random_state": 170}),
    ],
)
def test_blobs_are_those_of_scikit_learn(spec, arguments):
    same(spec, sk.make_blobs(**{"random_state": 42, **arguments}))


@pytest.mark.parametrize("n", [1, 2, 7, 300])
def test_moons_and_circles_are_those_of_scikit_learn(n):
    same(f"moons:n={n}", sk.make_moons(n, noise=0.05, random_state=42))
    same(f"moons:n={n},noise=0,seed=3", sk.make_moons(n, noise=0.0, random_state=3))
    same(f"circles:n={n}", sk.make_circles(n, noise=0.05, factor=0.5, random_state=42))
    same(f"circles:n={n},factor=0.2", sk.make_circles(n, noise=0.05, factor=0.2, random_state=42))


def test_anisotropic_and_uneven_are_those_of_scikit_learns_example():
    points, truth = sk.make_blobs(n_samples=1500, random_state=170)
    same("anisotropic", (points @ np.array(SHEAR), truth))
    parts = [points[truth == group][:size] for group, size in enumerate((500, 100, 10))]
    same("uneven", (np.vstack(parts), np.repeat([0, 1, 2], (500, 100, 10))))


@pytest.mark.parametrize(
    ("name", "loader"),
    [
        ("iris", sk.load_iris),
        ("wine", sk.load_wine),
        ("breast-cancer", sk.load_breast_cancer),
        ("digits", sk.load_digits),
    ],
)
def test_measured_tables_are_those_of_scikit_learn(name, loader):
    theirs = loader()
    same(name, (theirs.data, theirs.target))
    made = load_data(name)
    assert list(made.truth_names) == [str(each) for each in theirs.target_names] or name == "wine"
    plain = [re.sub(r" \(cm\)|/od315_of_diluted_wines", "", each) for each in theirs.feature_names]
    ours = [each.replace("/od315", "") for each in made.columns]
    assert [each.replace("_", " ") for each in ours] == [each.replace("_", " ") for each in plain]


def test_the_outlier_stands_at_its_distance_from_the_nearest_blob():
    blobs, data = load_data("blobs"), load_data("outlier:distance=40")
    np.testing.assert_array_equal(data.table[:-1], blobs.table)
    means = np.array([blobs.table[blobs.truth == group].mean(axis=0) for group in range(3)])
    distances = np.linalg.norm(data.table[-1] - means, axis=1)
    assert distances.min() == pytest.approx(40)
    assert data.truth_names[data.truth[-1]] == "outlier"


@pytest.mark.parametrize(("distance", "sizes"), [(70, [100, 100, 101]), (75, [1, 100, 200])])
def test_an_outlier_takes_a_centroid_between_72_and_75(distance, sizes):
    from sklearn.cluster import KMeans

    points = load_data(f"outlier:distance={distance}").points
    best = KMeans(3, n_init=20, random_state=0).fit(points)
    assert sorted(np.bincount(best.labels_)) == sizes


def test_uniform_fills_the_square_and_has_no_truth():
    data = load_data("uniform:n=5000,d=3")
    assert data.truth is None
    assert data.table.shape == (5000, 3)
    assert data.table.min() >= 0
    assert data.table.max() <= 1
    np.testing.assert_allclose(data.table.mean(axis=0), 0.5, atol=0.02)


def test_every_description_tells_what_is_built():
    entries = sets()
    assert [each.name for each in entries][:2] == ["blobs", "iris"]
    assert len({each.name for each in entries}) == len(entries) == 13
    for entry in entries:
        made = load_data(entry.name)
        assert (entry.n, entry.d, entry.k) == (made.n, len(made.columns), made.k)
        assert (entry.columns, entry.features, entry.scale, entry.axes, entry.about) == (
            made.columns,
            made.features,
            made.scale,
            made.axes,
            made.about,
        )
        assert "\n" not in entry.about
        assert len(entry.about) <= 64
        if made.truth is not None:
            assert made.truth.shape == (made.n,)
            assert set(np.unique(made.truth)) <= set(range(len(made.truth_names)))


def test_describing_a_great_set_builds_nothing(monkeypatch):
    def refuse(*_):
        raise AssertionError("built")

    monkeypatch.setattr(np.random, "RandomState", refuse)
    entry = describe("blobs:n=10000000,k=8,d=3")
    assert (entry.n, entry.k, entry.d) == (10_000_000, 8, 3)
    assert entry.parameters == {"n": 10_000_000, "k": 8, "d": 3, "std": 0.8, "seed": 42}


def test_preparation_by_default_and_as_asked():
    iris = load_data("iris")
    assert (iris.features, iris.scale) == (("petal length", "petal width"), "standard")
    assert iris.columns == ("sepal length", "sepal width", "petal length", "petal width")
    assert load_data("wine").axes == ("pca",)
    asked = load_data("iris", features=["1", "Petal Width"], scale="none", axes=["4", "1"])
    assert asked.features == ("sepal length", "petal width")
    assert asked.axes == ("petal width", "sepal length")
    np.testing.assert_array_equal(asked.points, iris.table[:, [0, 3]])
    # The default axes give way to the features asked for.
    assert load_data("wine", features=["hue"]).axes == ("hue",)


def test_names_are_forgiving_and_the_spec_is_kept():
    assert load_data(" Breast_Cancer ").n == 569
    data = load_data("blobs:n=3e3, k=5")
    assert (data.n, data.k, data.name) == (3000, 5, "blobs:n=3e3, k=5")
    assert load_data("blobs:n=2").k == 2, "no more groups are suggested than there are rows"


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("irsi", "did you mean iris"),
        ("zzz", "the sets are blobs, iris"),
        ("", "there is no data set ''"),
        ("blobs:noise=1", "blobs has no parameter 'noise': the parameters are n, k, d, std, seed"),
        ("moons:nois=1", "did you mean noise"),
        ("iris:n=10", "iris takes no parameters"),
        ("blobs:n=ten", "n of blobs takes a whole number from 1 to 10,000,000, not 'ten'"),
        ("blobs:n=2.5", "not '2.5'"),
        ("blobs:n=0", "not '0'"),
        ("blobs:k=-1", "not '-1'"),
        ("blobs:std=nan", "std of blobs takes a number from 0 to 1,000,000, not 'nan'"),
        ("blobs:std=inf", "not 'inf'"),
        ("blobs:seed=4294967296", "seed of blobs"),
        ("circles:factor=1", "factor of circles takes a number from 0 to 0.99"),
        ("blobs:n", "not nothing"),
        ("blobs:n=10000000,d=1000", "make n or d smaller"),
    ],
)
def test_a_wrong_spec_is_refused_in_one_line(spec, says):
    for reader in (load_data, describe):
        with pytest.raises(DataError) as refusal:
            reader(spec)
        assert says in str(refusal.value)
        assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("spec", ["points.csv", "./iris", "/tmp/points", "a.csv.gz", "~/x.tsv"])
def test_what_looks_like_a_file_is_looked_for_as_one(spec):
    assert is_file(spec)
    with pytest.raises(DataError, match=r"there is no file .*'kmeans-tui data' lists"):
        load_data(spec)


def test_a_file_without_a_suffix_is_recognised_by_being_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "measurements").write_text("1,2\n")
    (tmp_path / "iris").write_text("1,2\n")
    assert load_data("measurements").table.tolist() == [[1, 2]]
    assert load_data("iris").n == 150, "a name of ours wins over a file of that name"


@pytest.mark.parametrize(
    ("preparation", "says"),
    [
        ({"features": ["petal lenght"]}, "did you mean petal length"),
        ({"features": ["5"]}, "iris has no feature '5'"),
        ({"features": ["0"]}, "iris has no feature '0'"),
        ({"features": ["3", "petal length"]}, "chosen twice"),
        ({"scale": "log"}, "use standard, minmax, robust or none"),
        ({"axes": ["1", "2"]}, "sepal length is not used"),
        ({"axes": ["3", "3"]}, "two different features"),
        ({"features": ["3"], "axes": ["pca"]}, "only feature"),
    ],
)
def test_a_wrong_preparation_is_refused_in_one_line(preparation, says):
    for reader in (
        lambda: load_data("iris", **preparation),
        lambda: describe("iris", Preparation(**preparation)),
    ):
        with pytest.raises(DataError, match=says) as refusal:
            reader()
        assert "\n" not in str(refusal.value)


def test_a_missing_table_names_the_remedy(monkeypatch):
    monkeypatch.setattr("kmeans_tui.data.builtin.measured.find_spec", lambda _: None)
    with pytest.raises(DataError, match="pip install scikit-learn"):
        load_data("iris")
