"""Features whose means and distances may mislead."""

import numpy as np
import pytest

from kmeans_tui.data.doubts import much_filled, unlike_measurements
from kmeans_tui.data.source import Column

N = 60
FLAGS = np.arange(N) % 2.0
CODES = np.arange(N) % 5.0
DEGREES = np.linspace(-120, 60, N)


def column(missing):
    return Column("income", "number", 0, missing=missing)


@pytest.mark.parametrize(("missing", "told"), [(0, False), (20, False), (21, True), (58, True)])
def test_a_median_that_stands_in_much_of_a_column_is_told(missing, told):
    said = much_filled([column(missing)], 100)
    assert bool(said) == told
    assert not told or f"missing in {missing}%" in said[0]


@pytest.mark.parametrize(
    ("names", "columns", "said"),
    [
        (["smoker"], [FLAGS], "smoker: 0 and 1 only."),
        (["smoker", "owner"], [FLAGS, 1 - FLAGS], "smoker, owner: 0 and 1 only."),
        (["region code"], [CODES], "region code: a code"),
        (["shipType"], [CODES], "shipType: a code"),
        (["lat", "lng"], [DEGREES / 2, DEGREES], "lat, lng: degrees"),
        (["start_latitude", "start_longitude"], [DEGREES / 2, DEGREES], "degrees"),
    ],
)
def test_what_is_no_measurement_is_told(names, columns, said):
    (found,) = unlike_measurements(names, np.column_stack(columns))
    assert said in found


@pytest.mark.parametrize(
    ("names", "columns"),
    [
        (["dose"], [FLAGS * 2]),
        (["rooms"], [CODES]),
        (["plate", "length"], [DEGREES, DEGREES]),
        (["code"], [np.linspace(0, 1, N)]),
        (["lat", "lng"], [DEGREES * 1000, DEGREES]),
    ],
)
def test_measurements_and_counts_are_left_alone(names, columns):
    assert unlike_measurements(names, np.column_stack(columns)) == []
