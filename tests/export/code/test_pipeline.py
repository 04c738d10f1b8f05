"""The pipeline script: the same clusters as the program, from the user's own file."""

import ast
import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kmeans_tui.cli import main
from kmeans_tui.command import Options
from kmeans_tui.export.code import pipeline
from kmeans_tui.export.provenance import Provenance
from tests.export.code.test_hostile_names import NAMES
from tests.exporting import performed
from tests.headless.test_assign import month, written

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def ran(*words):
    done = subprocess.run(
        [sys.executable, "-I", *words], capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout, done.stderr


def same(ours, theirs):
    """Whether two tables of results agree: clusters and marks exactly, distances to rounding."""
    ours, theirs = (list(csv.reader(io.StringIO(text))) for text in (ours, theirs))
    assert ours[0] == theirs[0]
    assert len(ours) == len(theirs)
    for one, two in zip(ours[1:], theirs[1:], strict=True):
        assert [*one[:-3], one[-1]] == [*two[:-3], two[-1]]
        for a, b in zip(one[-3:-1], two[-3:-1], strict=True):
            assert a == b == "" or float(a) == pytest.approx(float(b), rel=1e-6)


@pytest.mark.parametrize(
    ("flags", "separator", "decimal"),
    [
        (("--scale", "standard", "--log", "spend", "--missing", "median"), ";", ","),
        (("--scale", "minmax", "--na", "unknown"), ",", "."),
        (("--scale", "robust", "--features", "age,spend", "--skip", "2"), "\t", "."),
    ],
    ids=["standard", "minmax", "robust"],
)
def test_it_labels_as_the_program_does(tmp_path, monkeypatch, capsys, flags, separator, decimal):
    monkeypatch.chdir(tmp_path)
    above = "made by\nsomeone\n" if "--skip" in flags else ""

    def table(name, rows):
        written(name, rows, separator, decimal)
        Path(name).write_text(above + Path(name).read_text())

    rows = list(month(240, seed=1))
    rows[7]["age"] = ""
    table("january.csv", rows)
    words = ("-k", "3", "--init", "k-means++", *flags, "--what", "run,pipeline", "--out", "run")
    assert main(["export", "january.csv", *words]) == 0
    new = [{"note": "a, b", **row, "cluster": "mine"} for row in month(90, seed=2, shift=2.0)]
    new[3]["age"], new[4]["spend"], new[5]["age"] = "", 0.0, 900.5
    if "unknown" in flags:
        new[6]["age"] = "Unknown"
    table("february.csv", new)
    capsys.readouterr()
    assert main(["assign", "run/run.json", "february.csv"]) == 0
    ours = capsys.readouterr().out
    code, theirs, err = ran("run/pipeline.py", "february.csv")
    assert (code, err) == (0, "")
    assert "cluster_" in theirs.partition("\n")[0]
    assert "yes" in theirs
    same(ours, theirs)
    if separator == ";":
        # The same table from a program that states types.
        pd.read_csv("february.csv", sep=";", decimal=",").to_parquet("february.parquet")
        code, typed, err = ran("run/pipeline.py", "february.parquet")
        assert (code, err) == (0, "")
        found = pd.read_csv(io.StringIO(typed))
        assert found["cluster_"].tolist()[10:] == [
            int(row["cluster_"]) for row in list(csv.DictReader(io.StringIO(ours)))[10:]
        ]
        Path("march.csv").write_text("income;spend\n1;2\n")
        assert ran("run/pipeline.py", "march.csv")[::2] == (
            1, "march.csv is not a table with the columns income, age, spend\n",
        )  # fmt: skip
        Path("march.csv").write_text("income;age;spend\n1;2;3\n1;x;3\n")
        assert ran("run/pipeline.py", "march.csv")[::2] == (
            1, "march.csv, row 2, column age: 'x' is not a number\n",
        )  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_only_literals_come_from_outside(name):
    dataset, history = performed(Options("blobs:n=30,k=2", k=2))
    reading = {
        "separator": name, "encoding": name, "sheet": name, "missing_marks": (name, "-999"),
        "decimal": ",", "thousands": name[:1],
    }  # fmt: skip
    hostile = replace(
        dataset, name=name, columns=(name, f"{name}2"), features=(), axes=(), reading=reading
    )
    source = Provenance(name, "ab" * 32)
    usual = ast.parse(pipeline.text(dataset, history, source)).body
    found = ast.parse(pipeline.text(hostile, history, source)).body
    assert len(found) == len(usual)
    for ours, theirs in zip(found, usual, strict=True):
        if not isinstance(ours, ast.Assign):
            assert ast.dump(ours) == ast.dump(theirs)
            continue
        value = ours.value
        if isinstance(value, ast.Call):
            assert ast.unparse(value.func) == "re.compile"
            (value,) = value.args
        ast.literal_eval(value)


def test_a_run_without_scale_and_a_single_cluster(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["export", "iris", "-k", "1", "--what", "run,pipeline", "--out", "run"]) == 0
    names = json.loads(Path("run/run.json").read_text())["recording"]["features"]
    Path("new.csv").write_text(f"{','.join(names)}\n" + "1,2\n3,4\n90,1\n")
    capsys.readouterr()
    assert main(["assign", "run/run.json", "new.csv"]) == 0
    ours = capsys.readouterr().out
    code, theirs, err = ran("run/pipeline.py", "new.csv")
    assert (code, err) == (0, "")
    same(ours, theirs)


def test_names_that_are_changed_when_read_are_found_in_the_file_again(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    names = ["a|b\x1b]0;x\x07", "two\nlines ", f"How {'very ' * 80}much?", "kind\x00\u200b"]
    with Path("t.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(names)
        for i in range(60):
            rows.writerow([i % 3 * 9 + i % 7 / 7, i % 2 * 9 + i % 5 / 5, i % 4, "xyz"[i % 3]])
    words = ["export", "t.csv", "-k", "3", "--encode", "4", "--scale", "standard"]
    assert main([*words, "--what", "run,pipeline", "--out", "."]) == 0
    capsys.readouterr()
    features = json.loads(Path("run.json").read_text())["data"]["features"]
    assert features[:2] == ["a|b ]0;x", "two lines"]
    assert [len(features[2]), features[3]] == [300, "kind=x"]
    assert main(["assign", "run.json", "t.csv"]) == 0
    ours = capsys.readouterr().out
    code, theirs, err = ran("pipeline.py", "t.csv")
    assert (code, err) == (0, "")
    labels = [[row["cluster"] for row in csv.DictReader(io.StringIO(text, newline=""))]
              for text in (ours, theirs)]  # fmt: skip
    assert labels[0] == labels[1]
    assert len(labels[0]) == 60


@pytest.mark.parametrize(
    ("above", "flags"),
    [(0, ()), (3, ("--header-row", "4")), (3, ("--skip", "3")), (1, ())],
)
def test_a_sheet_is_read_as_the_run_read_it(tmp_path, monkeypatch, capsys, above, flags):
    monkeypatch.chdir(tmp_path)
    rng = np.random.RandomState(0)
    places = np.repeat([[0, 0], [9, 0], [0, 9]], 20, axis=0)
    table = pd.DataFrame(places + rng.normal(size=(60, 2)), columns=["a b", "y"]).round(3)
    table.loc[7, "y"] = np.nan
    table["name"] = [f"n{i}" for i in range(60)]
    sheet = 'My "data"'
    with pd.ExcelWriter("book.xlsx") as book:
        pd.DataFrame({"q": [1, 2]}).to_excel(book, sheet_name="Notes", index=False)
        table.to_excel(book, sheet_name=sheet, index=False, startrow=above)
        for row in range(above):
            book.sheets[sheet].cell(row + 1, 1, f"note {row}")
    words = ("export", "book.xlsx", "-k", "3", "--sheet", sheet, *flags, "--scale", "robust")
    assert main([*words, "--missing", "median", "--what", "run,pipeline", "--out", "out"]) == 0
    assert main(["assign", "out/run.json", "book.xlsx", "--out", "ours.csv"]) == 0
    done = subprocess.run(
        [sys.executable, "-I", "out/pipeline.py", "book.xlsx", "theirs.csv"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    ours, theirs = (pd.read_csv(each) for each in ("ours.csv", "theirs.csv"))
    assert len(theirs) == 60
    assert theirs["cluster"].tolist() == ours["cluster"].tolist()
    np.testing.assert_allclose(theirs["distance"], ours["distance"])
