"""What does not fit is refused with the numbers, before it is tried."""

import pytest

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading import memory


def test_rows_are_estimated_from_a_sample():
    assert memory.rows_of(1000, [("1234", "5678")] * 10) == 100


def test_a_table_that_does_not_fit_is_refused_with_the_numbers(monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 2_000_000_000)
    memory.check("a.csv", 1_000_000, 10, 10)
    with pytest.raises(DataError) as refused:
        memory.check("a.csv", 12_000_000, 40, 40)
    assert str(refused.value) == (
        "a.csv has about 12,000,000 rows of 40 columns and needs about 11.5 GB of memory; 2.0 GB "
        "are free: leave its points on disk with --where stream, draw some rows at random with "
        "--sample 100000, or take fewer columns"
    )


def test_what_is_free_is_known_here():
    assert 1 << 20 < memory.available() < 1 << 63


def test_an_unknown_system_has_no_limit(monkeypatch):
    for name in ("_meminfo", "_control_group", "address_space"):
        monkeypatch.setattr(memory, name, lambda: None)
    assert memory.available() >= 1 << 60


def test_a_limit_of_the_shell_is_what_is_named(monkeypatch):
    monkeypatch.setattr(memory, "_limit", lambda: None)
    assert memory.needs_more("this") == "there is not enough memory for this; choose fewer rows"
    assert not memory.too_few_addresses()
    monkeypatch.setattr(memory, "_limit", lambda: 500_000_000)
    assert memory.needs_more("a.csv") == (
        "there is not enough memory for a.csv; this shell allows 500 MB (ulimit -v): raise that, "
        "or choose fewer rows"
    )
    assert memory.too_few_addresses()


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        ImportError("x.so: failed to map segment from shared object"),
        OSError("[Errno 12] Cannot allocate memory"),
        RuntimeError("can't start new thread"),
    ],
)
def test_libraries_say_it_in_their_own_words(error):
    assert memory.is_short(error)
    assert not memory.is_short(RuntimeError("something else"))
