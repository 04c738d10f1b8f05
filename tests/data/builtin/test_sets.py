"""The table of the built-in sets: an entry added to it is a set everywhere."""

import json

import numpy as np
import pytest
from sklearn.datasets import load_iris, make_circles

from kmeans_tui.cli import main
from kmeans_tui.command import Options
from kmeans_tui.data.builtin import generators
from kmeans_tui.data.builtin.sets import SETS, BuiltIn, Parameter
from kmeans_tui.data.catalogue import load_data
from kmeans_tui.ui.commands import KeyTable
from tests.export.code.test_script import executed, script_of
from tests.pilot import opened, screen_text

CODE = """\
from sklearn.datasets import make_circles

table, _ = make_circles({n}, noise={noise}, factor={factor}, random_state={seed})"""


@pytest.fixture(autouse=True)
def added(monkeypatch):
    """Two sets more: one drawn by a generator there is, one measured."""
    numbers = {"n": Parameter(120, 1, 1000), "seed": Parameter(3, 0, 99)}
    rings = BuiltIn(
        "two rings that nearly touch",
        code=CODE,
        generator="circles",
        k=2,
        n=120,
        parameters={
            **numbers,
            "noise": Parameter(0.02, 0.0, 1.0),
            "factor": Parameter(0.9, 0.0, 1.0),
        },
        truth=("outer", "inner"),
    )
    sepals = BuiltIn(
        "flowers by their sepals alone",
        code="from sklearn.datasets import load_iris\n\ntable = load_iris().data",
        file=("iris.csv", 1),
        n=150,
        columns=SETS["iris"].columns,
        features=SETS["iris"].columns[:2],
        truth=("setosa", "versicolor", "virginica"),
    )
    monkeypatch.setitem(SETS, "rings", rings)
    monkeypatch.setitem(SETS, "sepals", sepals)


def test_its_points_are_made():
    points, truth = make_circles(40, noise=0.5, factor=0.9, random_state=3)
    made = load_data("rings:n=40,noise=0.5")
    np.testing.assert_array_equal(made.table, points)
    np.testing.assert_array_equal(made.truth, truth)
    np.testing.assert_array_equal(load_data("sepals").points, load_iris().data[:, :2])


def test_it_is_listed_and_meant(capsys):
    assert main(["data"]) == 0
    lines = capsys.readouterr().out
    assert "two rings that nearly touch" in lines
    assert "n=120,seed=3,noise=0.02,factor=0.9" in lines
    assert main(["data", "--json"]) == 0
    found = {each["name"]: each for each in json.loads(capsys.readouterr().out)["sets"]}
    assert (found["rings"]["n"], found["rings"]["k"], found["sepals"]["d"]) == (120, 2, 4)
    assert main(["run", "ringz"]) == 1
    assert "did you mean rings" in capsys.readouterr().err
    assert main(["run", "rings:factor=2"]) == 1
    assert "factor" in capsys.readouterr().err
    assert main(["run", "rings"]) == 0


@pytest.mark.parametrize("data", ["rings:n=40,seed=7", "sepals"])
def test_the_script_of_its_run_makes_it_again(data, tmp_path):
    script, view = script_of(Options(data))
    text = script.text()
    assert "make_circles(40" in text or "load_iris" in text
    assert f"inertia {float(view.history[-1].inertia)!r}" in executed(text, tmp_path)


async def test_it_is_in_the_palette_and_on_the_data_screen():
    async with opened(size=(140, 50)) as pilot:
        titles = [title for title, _, _ in KeyTable(pilot.app.screen).entries()]
        assert {"data: rings", "data: sepals"} <= set(titles)
        await pilot.press("5")
        await pilot.pause()
        assert "rings" in screen_text(pilot.app)


@pytest.mark.parametrize("name", SETS)
def test_every_entry_has_its_points_and_its_code(name):
    each = SETS[name]
    assert bool(each.generator) != bool(each.file)
    assert each.file is None or each.columns
    assert not each.generator or callable(getattr(generators, each.generator))
    assert "table" in each.code.format(**{k: p.default for k, p in each.parameters.items()})
