"""The shape of the groups: K-Means is called the wrong tool where it is, and only there."""

import numpy as np
import pytest
from sklearn.datasets import make_blobs, make_circles, make_moons

from kmeans_tui.analysis.shape import Shapes, connected
from kmeans_tui.analysis.sweep import sweep


def _stripes(turn: float) -> np.ndarray:
    rng = np.random.RandomState(3)
    x = np.c_[rng.normal(size=400) * 9, rng.normal(size=400) * 0.5 + 6 * rng.randint(0, 2, 400)]
    return x @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])


WRONG = {
    "moons": (make_moons(300, noise=0.05, random_state=1)[0], "curved"),
    "circles": (make_circles(300, noise=0.04, factor=0.4, random_state=1)[0], "curved"),
    "stripes": (_stripes(0.0), "long"),
    "slanted stripes": (_stripes(0.7), "long"),
}
RIGHT = {
    "round groups": make_blobs(300, centers=4, random_state=2)[0],
    "many features": make_blobs(200, 20, centers=3, random_state=2)[0],
    "one cloud": np.random.RandomState(0).normal(size=(300, 2)),
    "even": np.random.RandomState(0).uniform(size=(300, 3)),
    "equal rows": np.ones((40, 2)),
    "whole numbers": np.random.RandomState(0).poisson(3, (200, 2)).astype(float),
    "three rows": np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 9.0]]),
}


@pytest.mark.parametrize("name", WRONG)
def test_the_first_note_names_the_shape_and_what_would_do(name: str) -> None:
    X, kind = WRONG[name]
    verdict = sweep(X, 4, 2).verdict
    assert verdict.shape is not None
    assert verdict.shape.kind == kind
    assert verdict.notes[0] == verdict.shape.sentence
    method = {"curved": "DBSCAN or spectral clustering", "long": "Gaussian mixture"}[kind]
    assert verdict.notes[0].startswith("K-Means may be the wrong tool here")
    assert method in verdict.notes[0]


@pytest.mark.parametrize("name", RIGHT)
def test_nothing_is_said_of_round_groups_or_of_one_cloud(name: str) -> None:
    verdict = sweep(RIGHT[name], 4, 2).verdict
    assert verdict.shape is None or not verdict.shape.sentence
    assert not any("wrong tool" in note for note in verdict.notes)


@pytest.mark.parametrize("factor", [1e-150, 1e-3, 1e150])
def test_the_unit_and_the_origin_do_not_matter(factor: float) -> None:
    X, labels = make_moons(200, noise=0.04, random_state=1)
    cut = (X[:, 0] > X[:, 0].mean()).astype(int)
    assert Shapes(X * factor).of(cut, 2) == Shapes(X).of(cut, 2)
    assert Shapes(X + 1000).of(cut, 2).kind == "curved"
    assert Shapes(X).of(labels, 2).kind == "round"


def test_many_rows_are_sampled() -> None:
    X, _ = make_moons(20_000, noise=0.04, random_state=1)
    shapes = Shapes(X)
    assert len(shapes.groups) == 1000
    assert shapes.of((X[:, 0] > 0.5).astype(int), 2).kind == "curved"


def test_connected_groups_are_those_of_chains() -> None:
    line = np.c_[np.r_[np.arange(30.0), np.arange(100.0, 130.0)], np.zeros(60)]
    found = connected(line, 4)
    assert found.tolist() == [0] * 30 + [1] * 30
