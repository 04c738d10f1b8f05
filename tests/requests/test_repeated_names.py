"""Names of rows that come more than once, counted in bounded memory."""

import numpy as np
import pytest

from kmeans_tui.data.dataset import Dataset
from kmeans_tui.requests import repeated_names
from kmeans_tui.requests.repeated_names import RepeatedNames, naming_column


def test_what_is_behind_the_names_that_are_kept_is_a_lower_bound(monkeypatch):
    monkeypatch.setattr(repeated_names, "_MOST_SEEN", 3)
    found = RepeatedNames("id")
    found.add(["a", "b", None, " ", "a "])
    assert found.told() == [
        "1 name of id in several rows, each with its own cluster: 'a' in 2 rows."
    ]
    found.add(["c", "d", "d", "a"])
    assert found.told() == [
        "At least 1 name of id in several rows, each with its own cluster: 'a' in 3 rows."
    ]


@pytest.mark.parametrize(
    ("labels", "chosen", "named"),
    [
        ({"town": ["x", "x", "y"], "id": ["a", "b", "c"]}, None, "id"),
        ({"town": ["x", "x", "y"], "id": ["a", "b", "c"]}, "town", "town"),
        ({"id": ["a", None, "c"]}, None, None),
        ({}, None, None),
    ],
)
def test_the_column_that_names_the_rows(labels, chosen, named):
    cells = {name: np.array(each, object) for name, each in labels.items()}
    dataset = Dataset("d", np.eye(3, 2), ("x", "y"), labels=cells, id_column=chosen)
    assert naming_column(dataset) == named
