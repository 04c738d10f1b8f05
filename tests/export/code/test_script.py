"""The exported script runs without us and gives the same run and the same figure."""

import os
import subprocess
import sys

import numpy as np
import pytest

from kmeans_tui import load_data
from kmeans_tui.command import Options
from kmeans_tui.data.catalogue import sets
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.code.script import Script
from kmeans_tui.export.figures import stills
from kmeans_tui.export.view import RunView
from kmeans_tui.requests import fit
from kmeans_tui.requests.document import document
from tests.exporting import SOURCE, drawn, performed, pixels


def script_of(options, settings=None, dataset=None, parameters=None):
    """A run's script, and the view it was made of."""
    if dataset is None:
        dataset, history = performed(options)
    else:
        history = fit.model(options, dataset).fit(dataset.points).history
    view = RunView(dataset, history, settings or Appearance())
    known = document(options, dataset, history)["parameters"]
    return Script(view, known if parameters is None else parameters, SOURCE), view


def executed(text, folder):
    """What the script prints, in an interpreter that knows nothing of this checkout."""
    path = folder / "kmeans_run.py"
    path.write_text(text, encoding="utf-8")
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-I", path.name], cwd=folder, env=kept, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        (Options("iris"), Appearance()),
        (Options("wine", k=4, init="partition", seed=3), Appearance(look="dark", size=(1200, 900))),
        (Options("blobs:n=21000", k=3, init="k-means++"), Appearance(dpi=80)),
        (Options("blobs", k=6, seed=3, improve=True), Appearance()),
    ],
    ids=["iris", "wine", "many", "swaps"],
)
def test_it_gives_the_same_inertia_and_the_same_figure(tmp_path, options, settings):
    script, view = script_of(options, settings)
    text = script.text()
    assert "kmeans_tui" not in text
    said = executed(text, tmp_path)
    inertia = float(said.rpartition(" ")[2])
    assert inertia == pytest.approx(float(view.history[-1].inertia), rel=1e-9)
    assert said.startswith(f"{view.history.iterations} updates")
    ours = pixels(drawn(stills.iterations(view)))
    theirs = pixels((tmp_path / "iterations.png").read_bytes())
    assert ours.shape == theirs.shape
    # A point half a pixel from a border may round to the other side.
    assert (np.abs(ours - theirs).max(axis=2) > 8).mean() < 1e-3


def test_of_swaps_that_were_stopped_it_gives_the_last_stretch(tmp_path):
    options = Options("blobs", k=6, seed=3, improve=True)
    dataset = load_data("blobs")
    model = fit.model(options, dataset)
    first = fit.model(options, dataset).fit(dataset.points).history.swaps[0].iteration
    model.fit(dataset.points, lambda step: step.swap is None or step.iteration == first)
    history = model.history
    assert history.stopped_by == "cancelled"
    assert len(history.swaps) == 2
    known = document(options, dataset, history)["parameters"]
    script = Script(RunView(dataset, history, Appearance()), known, SOURCE)
    said = executed(script.text(), tmp_path)
    assert float(said.rpartition(" ")[2]) == pytest.approx(float(history[-1].inertia), rel=1e-9)
    assert said.startswith(f"{history.iterations - history.swaps[-1].iteration} updates")
    assert "# From the last swap on" in script.text()


@pytest.mark.parametrize("name", [each.name for each in sets()])
def test_every_built_in_set_is_loaded_to_the_last_bit(name):
    script, view = script_of(Options(name, k=2))
    space = {"np": np}
    exec(script.sections()[1].code, space)
    np.testing.assert_array_equal(space["X"], view.dataset.points)


@pytest.mark.parametrize(
    "name",
    ["blobs:n=50,k=7,d=3,std=2.5,seed=9", "moons:n=41,noise=0", "uniform:n=9,d=1", "outlier:n=30"],
)
def test_parameters_of_a_set_are_kept(name):
    script, view = script_of(Options(name, k=2))
    space = {"np": np}
    exec(script.sections()[1].code, space)
    np.testing.assert_array_equal(space["X"], view.dataset.points)


def test_features_and_scale_are_those_of_the_run():
    script, view = script_of(Options("iris", features=("1", "4"), scale="none"))
    space = {"np": np}
    exec(script.sections()[1].code, space)
    np.testing.assert_array_equal(space["X"], view.dataset.points)


def test_points_of_ones_own_are_in_the_script_to_the_last_bit():
    points = np.random.RandomState(0).normal(size=(40, 3))
    # A name that is a set's and points that are not.
    for name in ("mine", "iris"):
        script, _ = script_of(Options(k=2), dataset=Dataset(name, points, ("a", "b", "c")))
        space = {"np": np}
        exec(script.sections()[1].code, space)
        np.testing.assert_array_equal(space["X"], points)


def run_again(script):
    """The history that the script makes, without its figure."""
    space = {"np": np}
    exec("from __future__ import annotations\n" + script.sections()[2].code, space)
    for section in script.sections()[1:4]:
        exec("from __future__ import annotations\n" + section.code, space)
    return space["history"]


@pytest.mark.parametrize("init", ["random", "partition", "k-means++", "farthest"])
@pytest.mark.parametrize("empty", ["farthest", "random"])
def test_every_start_and_rule_gives_the_same_run(capsys, init, empty):
    options = Options("iris", k=8, init=init, empty=empty, seed=5)
    script, view = script_of(options)
    assert "start = np.array" not in script.text()
    again = run_again(script)
    assert len(again) == len(view.history)
    np.testing.assert_array_equal(again[-1]["labels"], view.history.labels(-1))


def test_a_start_that_no_seed_draws_is_written_out(capsys):
    script, view = script_of(Options("iris", seed=2), parameters={})
    assert "start = np.array" in script.text()
    again = run_again(script)
    np.testing.assert_allclose(again[-1]["centroids"], view.history[-1].centroids)
    script, _ = script_of(Options("iris", seed=2), parameters={"init": "random", "random_state": 3})
    assert "start = np.array" in script.text()


def test_a_command_with_quotes_and_backslashes_stays_inside_its_string(tmp_path):
    from kmeans_tui.export.provenance import Provenance

    view = RunView(load_data("iris"), performed(Options("iris"))[1], Appearance())
    source = Provenance('kmeans-tui export \'""" \\N \\\' --what code', "0" * 64)
    compile(Script(view, {}, source).text(), "script", "exec")
