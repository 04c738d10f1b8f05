"""A run as its figures see it."""

import os
from dataclasses import replace

import numpy as np
import pytest

from kmeans_tui.command import Options
from kmeans_tui.export.view import RunView
from tests.exporting import view_of


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("iris", "iris"),
        ("blobs:n=1000000,k=8,std=2.4,seed=17", "blobs:n=1000000,k=8,std=2.4…"),
        (os.path.join("", "data", "in", "winter", "penguins.csv"), "…n/winter/penguins.csv"),
    ],
)  # fmt: skip
def test_a_long_name_is_cut_where_it_says_least(name, shown):
    view = view_of()
    found = RunView(replace(view.dataset, name=name), view.history, view.settings).name
    assert len(found) <= 28
    assert found[:5] == shown[:5] or found[-12:] == shown[-12:]


def test_sixty_clusters_have_sixty_looks():
    view = view_of(Options("uniform:n=200", k=60))
    assert len(set(view.styles)) == 60


def test_the_way_of_a_centroid_ends_where_it_is():
    view = view_of(Options("iris", seed=1))
    ways = view.ways(3)
    assert ways.shape == (4, 3, 2)
    np.testing.assert_array_equal(ways[-1], view.places(3))
