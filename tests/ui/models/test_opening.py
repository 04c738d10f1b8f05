"""Data before clustering, as the Data screen opens them."""

import numpy as np
import pytest

from kmeans_tui.command import Options
from kmeans_tui.data.reading.heads import ROWS_OF_HEAD
from kmeans_tui.ui.models import opening


@pytest.mark.parametrize("name", ["x.npy", "x.csv"])
def test_the_data_screen_reads_only_the_first_rows_of_what_stays_on_disk(tmp_path, name):
    rows = ROWS_OF_HEAD + 500
    X = np.random.RandomState(0).normal(size=(rows, 2))
    X[3, 1] = np.nan
    path = tmp_path / name
    if name.endswith("npy"):
        np.save(path, X)
    else:
        lines = ["a,b", *(f"{a:.6f},{'' if b != b else f'{b:.6f}'}" for a, b in X.tolist())]
        path.write_text("\n".join(lines) + "\n")
    found = opening.open_data(Options(str(path), where="stream"), lambda *_: True)
    assert found.source.n == ROWS_OF_HEAD
    assert len(found.usual) == 2
    assert any("only the first 20,000 are shown" in each for each in found.source.notes)
    made = opening.prepare(Options(str(path), where="stream", scale="standard"), found)
    assert made.dataset is not None
    assert made.dataset.n == ROWS_OF_HEAD - 1


def test_all_rows_of_a_small_table_that_stays_on_disk_are_shown(tmp_path):
    path = tmp_path / "small.npy"
    np.save(path, np.random.RandomState(0).normal(size=(30, 2)))
    found = opening.open_data(Options(str(path), where="stream"), lambda *_: True)
    assert found.source.n == 30
    assert not any("only the first" in each for each in found.source.notes)


@pytest.mark.parametrize("suffix", ["npy", "csv"])
def test_a_first_file_without_rows_is_passed_over(tmp_path, suffix):
    for number, rows in enumerate((0, 5)):
        path, X = tmp_path / f"{number}.{suffix}", np.ones((rows, 2))
        np.save(path, X) if suffix == "npy" else np.savetxt(path, X, header="a\tb", comments="")
    found = opening.open_data(Options(str(tmp_path / f"*.{suffix}")), lambda *_: True)
    assert found.source.n == 5


@pytest.mark.parametrize("unit", [1e154, 1.0, 1e-170])
@pytest.mark.parametrize("weights", [None, np.array([1.0, 2.0, 1.0])])
def test_mean_and_spread_of_numbers_of_any_size(unit, weights):
    mean, spread = opening._mean_and_spread(unit * np.array([1.0, 2.0, 3.0]), weights)
    assert mean == pytest.approx(2 * unit)
    assert spread == pytest.approx(unit * (2 / 3 if weights is None else 1 / 2) ** 0.5)
