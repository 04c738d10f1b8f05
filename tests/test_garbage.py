"""Garbage is collected again after the start, and what was loaded is not looked through."""

import gc

import pytest

from kmeans_tui.garbage import collect, uncollected


@pytest.fixture(autouse=True)
def _thaw():
    yield
    gc.unfreeze()
    gc.enable()


def test_the_start_collects_nothing():
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_at_the_start_leaves_the_collection_on():
    with pytest.raises(ValueError, match="never mind"), uncollected():
        raise ValueError("never mind")
    assert gc.isenabled()


def test_after_the_start_what_was_loaded_stays_out_of_it():
    with uncollected():
        collect()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 1000


def test_a_program_that_collects_anyway_keeps_all_its_garbage_in_view():
    before = gc.get_freeze_count()
    collect()
    assert gc.get_freeze_count() == before
