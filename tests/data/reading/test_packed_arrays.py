"""A sample of an archive of arrays larger than memory is that of the array in memory."""

import numpy as np
import pytest

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading import memory, packed_arrays
from kmeans_tui.data.reading.dialect import Dialect
from kmeans_tui.data.reading.files import open_file

X = np.random.default_rng(0).normal(size=(5000, 3))
NAMES = np.array([f"r{i}" for i in range(5000)])
FIELDS = np.rec.fromarrays([X[:, 0], np.arange(5000)], names="a,b")
ARCHIVES = {
    "stored": (np.savez, {"x": X}),
    "packed": (np.savez_compressed, {"x": X, "y": X[:, 0] * 2, "names": NAMES}),
    "by column": (np.savez, {"x": np.asfortranarray(X)}),
    "single": (np.savez_compressed, {"x": X.astype(">f4")}),
    "fields": (np.savez, {"x": FIELDS}),
}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_a_sample_is_drawn_without_reading_the_rest_into_memory(kind, tmp_path, monkeypatch):
    save, arrays = ARCHIVES[kind]
    path = str(tmp_path / "t.npz")
    save(path, **arrays)
    whole = open_file(path)
    # Some of the rows fit, all do not.
    monkeypatch.setattr(memory, "available", lambda: 24 * 5000)
    monkeypatch.setattr(packed_arrays, "_BLOCK", 1000)
    with pytest.raises(DataError, match="--sample"):
        open_file(path)
    found = open_file(path, Dialect(sample=100))
    assert found.n == 100
    rows = np.asarray(found.row_numbers) - 1
    assert np.array_equal(found.numbers, whole.numbers[rows])
    for name, texts in found.texts.items():
        assert texts.tolist() == whole.texts[name][rows].tolist()
    with pytest.raises(DataError, match="memory"):
        open_file(path, Dialect(sample=4999))


def test_arrays_of_different_lengths_and_dimensions_are_refused(tmp_path):
    path = str(tmp_path / "t.npz")
    for arrays, why in (
        ({"x": X, "y": X[:9, 0]}, "different lengths"),
        ({"x": X[:, :, None]}, "save one table"),
        ({"x": X[:, 0], "y": np.array(1.0)}, "save one table"),
    ):
        np.savez(path, **arrays)
        with pytest.raises(DataError, match=why):
            open_file(path, Dialect(sample=5))
