"""Columns left out, rows named by a column, and a sample with a seed of its own."""

import csv
import json

import numpy as np
import pytest

from kmeans_tui.cli import main
from kmeans_tui.data import rows
from kmeans_tui.data.columns import DataError
from kmeans_tui.data.preparation import Preparation
from kmeans_tui.data.reading.dialect import Dialect
from kmeans_tui.data.reading.files import open_file
from kmeans_tui.data.row_costs import row_costs
from kmeans_tui.data.sampling import sampled_rows
from kmeans_tui.data.selection import Selection


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "t.csv"
    lines = [
        f"C{1000 + i // 2},{i},{'' if i % 3 == 0 else i % 7},{i % 5 if i % 10 else ''}"
        for i in range(60)
    ]
    path.write_text("customer,x,y,z\n" + "\n".join(lines) + "\n")
    return str(path)


def chosen(table, dialect=None, **fields):
    return Selection(open_file(table, dialect), Preparation(**fields)).dataset()


def test_what_a_column_costs_is_what_comes_back(table):
    source = open_file(table)
    whole = chosen(table)
    costs = row_costs(source, whole.features)
    for name in ("y", "z"):
        without = chosen(table, drop=(name,))
        assert without.n == whole.n + costs[name]
        assert row_costs(source, without.features)[name] == costs[name]
    assert f"--drop y brings back {costs['y']} rows" in " ".join(whole.notes())


def test_dropping_is_the_complement_of_choosing(table):
    assert chosen(table, drop=("2", "customer")).features == ("y", "z")
    for fields in ({"drop": ("x",), "features": ("y",)}, {"drop": ("x", "y", "z")}):
        with pytest.raises(DataError, match="--drop"):
            chosen(table, **fields)


def test_a_name_is_found_before_a_number(table):
    named = chosen(table, id_column="x", missing="median")
    assert named.features == ("y", "z")
    # The name 17 is in row 18; a name that is not there leaves the number.
    assert rows.find(named, "17").tolist() == [17]
    assert rows.find(named, "row 17").tolist() == [16]
    assert rows.find(named, "60").tolist() == [59]
    assert rows.called(named, 17) == "row 18 (x 17)"
    twice = chosen(table, id_column="customer", missing="median")
    assert rows.find(twice, "c1004").tolist() == [8, 9]
    assert any("30 names of customer in several rows" in each for each in twice.notes())


def test_a_sample_is_that_of_its_own_seed(table):
    whole = chosen(table, missing="median")
    for seed in (0, 7):
        part = chosen(table, Dialect(sample=20, sample_seed=seed), missing="median")
        numbers = sampled_rows(20, 60, seed)
        drawn = np.random.default_rng(seed).choice(60, 20, replace=False)
        assert numbers.tolist() == sorted((drawn + 1).tolist()) == part.row_numbers.tolist()
        assert part.column("x").tolist() == whole.column("x")[numbers - 1].tolist()
        for row in range(part.n):
            assert rows.cells(part, row) == rows.cells(whole, int(numbers[row]) - 1)
    assert part.title == "t.csv (sample of 20 of 60 rows)"
    assert chosen(table, Dialect(sample=60)).n == chosen(table).n


def test_a_sample_and_its_names_go_into_every_file(table, tmp_path, capsys):
    words = ["--sample", "20", "--id", "x", "--missing", "median", "-k", "2"]
    out = tmp_path / "out"
    assert main(["export", table, *words, "--what", "run,labels", "--out", str(out)]) == 0
    with (out / "labels.csv").open(newline="") as file:
        written = list(csv.DictReader(file))
    assert next(iter(written[0])) == "x"
    numbers = sampled_rows(20, 60, 0)
    assert [int(each["x"]) for each in written] == (numbers - 1).tolist()
    kept = json.loads((out / "run.json").read_text())["recording"]
    assert kept["sampled"] == {"rows": 20, "of": 60, "seed": 0}
    assert kept["id_column"] == "x"
    assert kept["row_numbers"] == numbers.tolist()
    capsys.readouterr()
    for seed in ("1", "2"):
        assert main(["run", table, *words, "--seed", seed, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)["data"]
        assert found["digest"] == kept["digest"]
        assert found["sampled"]["of"] == 60
    target = tmp_path / "new.csv"
    assert main(["assign", str(out / "run.json"), table, "--out", str(target)]) == 0
    with target.open(newline="") as file:
        assigned = list(csv.reader(file))
    # More rows are never sampled.
    assert assigned[0][0] == "x"
    assert len(assigned) == 61
