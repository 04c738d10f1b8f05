"""The cores of the machine, and the variable that limits them."""

import pytest

from kmeans_tui.data.reading.core_count import core_count


@pytest.mark.parametrize(("said", "number"), [("1", 1), ("0", 1), ("-3", 1), ("many", None)])
def test_the_cores_can_be_limited(monkeypatch, said, number):
    monkeypatch.delenv("LOKY_MAX_CPU_COUNT", raising=False)
    all_of_them = core_count()
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", said)
    assert core_count() == (number or all_of_them)
