"""Arrays in the page: nothing is lost, and nothing in them has a meaning in HTML."""

import base64
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.export.player import packing

TYPES = {"u1": "<u1", "u2": "<u2", "u4": "<u4", "f8": "<f8"}


def unpacked(array):
    """What the script makes of an array."""
    found = np.frombuffer(base64.b64decode(array["bytes"]), TYPES[array["type"]])
    return (
        (found.astype(float) + array["low"]) / 10.0 ** array["digits"]
        if "digits" in array
        else found
    )


@given(st.lists(st.floats(allow_nan=True, allow_infinity=False), min_size=1, max_size=9))
def test_numbers_come_back_to_the_last_bit(values):
    values = np.array(values)
    assert unpacked(packing.column(values)).tobytes() == values.tobytes()


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([0.1, 0.2, 25.5], "u1"), ([-3.0, 4.0], "u1"), ([1e9, 1e9 + 70_000], "u4"),
        ([0.001, 65.0], "u2"), ([0.123456789], "f8"), ([-0.0, 1.0], "f8"), ([1e300], "f8"),
    ],
)  # fmt: skip
def test_decimals_are_short(values, kind):
    found = packing.column(np.array(values))
    assert found["type"] == kind
    assert unpacked(found).tobytes() == np.array(values).tobytes()


@given(st.text())
def test_no_text_leaves_its_place(text):
    written = packing.as_json({text: [text]})
    assert json.loads(written) == {text: [text]}
    assert written.isascii()
    assert not set(written) & set("<>&'")


def test_numbers_that_json_does_not_know_are_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        packing.as_json(float("nan"))


@pytest.mark.parametrize("k", [3, 300])
def test_the_clusters_of_a_sample_in_every_iteration(k):
    points = np.random.default_rng(k).normal(size=(2000, 2))
    history = KMeans(k, init="random", random_state=1).fit(points).history
    rows = np.arange(0, 2000, 7)
    found = {name: unpacked(each) for name, each in packing.changes(history, rows).items()}
    labels, begin = found["first"].astype(int), 0
    for i, many in enumerate(found["counts"]):
        changed = slice(begin, begin := begin + int(many))
        labels[found["rows"][changed]] ^= found["flips"][changed]
        assert (labels == history.labels(i)[rows]).all()
    assert begin == len(found["rows"]) > 0
