"""Colours of ends that are matched to one and the same."""

from dataclasses import dataclass

import numpy as np
import pytest

from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.command import Options
from kmeans_tui.data.catalogue import load_data
from kmeans_tui.palette import check_worn, worn
from kmeans_tui.requests.session import Run
from kmeans_tui.ui.models.colouring import Colouring

PLACES = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])


@dataclass(frozen=True, eq=False)
class End:
    centroids: np.ndarray


def test_nothing_is_matched_before_there_is_a_best():
    colouring = Colouring()
    assert colouring.worn(End(PLACES)) is None
    assert colouring.named(End(PLACES)) is None


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 1, 0), (1, 0, 2)])
def test_the_same_places_wear_the_same_colours(order):
    colouring, data = Colouring(), load_data("blobs")
    colouring.match_to(None, data, End(PLACES))
    other = End(PLACES[list(order)] + 0.1)
    # Cluster i of the other lies where cluster order[i] of the best is.
    assert colouring.worn(other) == order
    same = order == (0, 1, 2)
    assert colouring.named(other) == (None if same else tuple(each + 1 for each in order))


@pytest.mark.parametrize("colours", [None, (2, 3, 1), (3, 2, 1)])
def test_the_run_on_show_keeps_its_colours(colours):
    data = load_data("blobs")
    model = KMeans(3, random_state=42).fit(data.points)
    run = Run(Options(k=3, colours=colours), data, model.history)
    colouring = Colouring()
    colouring.match_to(run, data, End(PLACES))
    assert colouring.worn(End(model.centroids)) == tuple(c - 1 for c in colours or (1, 2, 3))
    # Of another k it has nothing to match.
    other = Colouring()
    other.match_to(run, data, End(PLACES[:2]))
    assert other.worn(End(PLACES[[1, 0]])) == (1, 0)


def test_what_is_matched_to_stays_until_it_is_forgotten():
    colouring, data = Colouring(), load_data("blobs")
    colouring.match_to(None, data, End(PLACES))
    colouring.match_to(None, data, End(PLACES[[2, 0, 1]]))
    assert colouring.worn(End(PLACES)) == (0, 1, 2)
    colouring.forget()
    colouring.match_to(None, data, End(PLACES[[2, 0, 1]]))
    assert colouring.worn(End(PLACES)) == (1, 2, 0)


def test_colours_fit_the_clusters_or_are_refused():
    assert worn(None, 3) is None
    assert worn((3, 1, 2), 3) == (2, 0, 1)
    assert worn((3, 1, 2), 4) is None
    check_worn(None, 3)
    check_worn((2, 1), 2)
    with pytest.raises(ValueError, match="--colours 2,1 does not fit k = 3: name one for each"):
        check_worn((2, 1), 3)
