"""Clusters that run empty, in words."""

from dataclasses import replace

import numpy as np
import pytest

from kmeans_tui.analysis.empty_clusters import ran_empty, taken_over
from kmeans_tui.clustering.steps import Event
from kmeans_tui.data.dataset import Dataset

DATA = Dataset("line", np.arange(20.0).reshape(10, 2), ("a", "b"))


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ([3, 4], ""),
        ([3, 0], "cluster 2 is empty"),
        ([0, 3, 0], "clusters 1 and 3 are empty"),
        ([0, 0, 0, 9], "clusters 1, 2 and 3 are empty"),
    ],
)
def test_an_assignment_names_the_clusters_it_leaves_without_points(sizes, said):
    assert ran_empty(np.array(sizes)) == said


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([], ""),
        ([(2, 4, 1)], "the empty cluster 3 moves to row 5 of cluster 2"),
        ([(2, 4, None)], "the empty cluster 3 moves to row 5"),
        ([(2, None, None)], "cluster 3 stays empty, with nowhere to go"),
        ([(2, 4, 0), (4, 7, 0)], "the empty clusters 3 and 5 move to far points"),
        ([(2, None, None), (4, None, None)], "clusters 3 and 5 stay empty, with nowhere to go"),
    ],
)
def test_an_update_says_what_became_of_them(events, said):
    found = [Event("empty", 1, *each) for each in events]
    assert taken_over(found, DATA) == said


def test_a_row_has_its_number_in_the_file_where_rows_were_left_out():
    some = replace(DATA, row_numbers=np.arange(1, 11) * 3)
    assert "row 15 " in taken_over([Event("empty", 1, 2, 4, 1)], some)
