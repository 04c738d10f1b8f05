"""The rows on display of a table on disk, and as all there are of a recording."""

import numpy as np
import pytest

from kmeans_tui.cli import main
from kmeans_tui.command import Options
from kmeans_tui.requests.subject import open_subject
from kmeans_tui.ui.models import fitting


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """The recording of a run on 900 rows of which 200 are on display."""
    monkeypatch.chdir(tmp_path)
    np.save("x.npy", np.random.RandomState(0).normal(size=(900, 2)) * [1, 50])
    scaled = ["--where", "stream", "--display-rows", "200", "--cache", "c", "--scale", "standard"]
    assert main(["export", "x.npy", "-k", "3", *scaled, "--what", "run", "--out", "o"]) == 0
    return "o/run.json"


def test_another_run_of_a_recording_is_of_its_rows_alone(recorded, capsys):
    kept = open_subject(Options(recorded))
    assert (kept.dataset.counted, kept.dataset.notes()[0][:24]) == (900, "Display rows: 200 of 900")
    wanted = Options(recorded, k=2, seed=3)
    other = open_subject(wanted).dataset
    # The scale is still that of all rows.
    assert (other.points == kept.dataset.points).all()
    assert (other.counted, other.n) == (200, 200)
    (note,) = other.notes()
    assert note == "The recording holds 200 of 900 rows: another run is of these alone."
    shown = fitting.fit(Options(recorded), None, lambda said: True)
    on_screen = fitting.fit(wanted, shown, lambda said: True)
    assert (on_screen.dataset.counted, on_screen.history.counted) == (200, 200)
    assert fitting.fit(Options(recorded), on_screen, lambda said: True).dataset.counted == 900
    # Its own recording opens again.
    assert main(["export", recorded, "-k", "2", "--seed", "3", "--what", "run", "--out", "p"]) == 0
    again = open_subject(Options("p/run.json"))
    assert (again.dataset.points == other.points).all()
    assert (again.history[-1].centroids == on_screen.history[-1].centroids).all()
