"""Text columns that take part by their values: distances, shares, gaps, and every way they go."""

import json
import subprocess
import sys
from dataclasses import replace

import duckdb
import numpy as np
import pytest

from kmeans_tui.analysis.cluster_rules import rules
from kmeans_tui.analysis.profile import profiles
from kmeans_tui.cli import main
from kmeans_tui.command import Options
from kmeans_tui.data import left_out
from kmeans_tui.data.columns import DataError
from kmeans_tui.data.doubts import much_filled
from kmeans_tui.data.encoding import Encoding
from kmeans_tui.data.row_costs import row_costs
from kmeans_tui.data.source import Column
from kmeans_tui.requests import subject

COLOURS = ["red", "blue", 'it\'s "x"\x1b[31m', "red"]


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "t.csv"
    lines = ["age,income,colour,city,one,colour=red"]
    for i in range(40):
        colour = COLOURS[i % 4].replace('"', '""')
        colour = "" if i == 7 else f'" {colour}"'
        lines.append(f"{20 + i % 3},{10 + 5 * (i % 5)},{colour},c{i},x,{i}")
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def loaded(table, **options):
    known = {"features": ("age", "income"), "encode": ("colour",), "scale": "standard"}
    return subject.load(Options(table, **(known | options)))


def test_two_values_are_one_standard_deviation_apart(table):
    dataset = loaded(table)
    rows = {text: np.flatnonzero(dataset.labels["colour"] == f" {text}") for text in COLOURS}
    first = dataset.points[rows["red"][0]].copy()
    second = dataset.points[rows["blue"][0]].copy()
    own = ~dataset.indicators
    first[own] = second[own]
    assert np.linalg.norm(first - second) == pytest.approx(1.0, abs=1e-15)
    assert "two rows that differ only in it are 1 apart" in " ".join(dataset.notes())
    # Nothing else changes.
    plain = Options(table, features=("age", "income"), scale="standard", without=(8,))
    without = subject.load(plain)
    assert np.array_equal(dataset.points[:, own], without.points)


@pytest.mark.parametrize("scale", ["none", "minmax", "robust"])
def test_the_unit_is_that_of_the_other_features(table, scale):
    dataset = loaded(table, scale=scale)
    deviations = dataset.points[:, ~dataset.indicators].std(axis=0)
    unit = np.sqrt(np.mean(deviations**2))
    present = dataset.points[:, dataset.indicators]
    assert present.max() * np.sqrt(2) == pytest.approx(unit, rel=1e-12)
    # And the units of the table are shares, whatever it is.
    assert np.allclose(dataset.in_units(dataset.points)[:, dataset.indicators].sum(axis=1), 1)
    chosen = [dataset.columns.index(each) for each in dataset.features]
    table_rows = dataset.table[:, chosen]
    assert np.array_equal(dataset.prepared(table_rows), dataset.points)


def test_names_are_unique_printable_and_in_order(table):
    dataset = loaded(table)
    names = dataset.features[2:]
    # There is a column colour=red already.
    assert names == ("colour=blue", 'colour=it\'s "x" [31m', "colour=red (2)")
    assert dataset.encoded[0].values == ("blue", COLOURS[2], "red")


def test_a_missing_text_is_a_gap_like_any_other(table):
    dataset = loaded(table)
    assert dataset.n == 39
    assert any("row 8: values missing in colour 1" in each for each in dataset.notes())
    filled = loaded(table, missing="median")
    assert filled.n == 40
    assert filled.table[7, filled.columns.index("colour=red (2)")] == 1


@pytest.mark.parametrize(
    ("column", "why"),
    [
        ("city", "a value of its own in each row, 40 in 40 rows"),
        ("one", "one value only, 'x'"),
        ("age", "holds numbers"),
        ("colr", "did you mean colour"),
    ],
)
def test_a_column_that_cannot_be_encoded_is_refused_in_a_sentence(table, column, why):
    with pytest.raises(DataError, match=why):
        loaded(table, encode=(column,))


def test_only_texts_are_enough(table):
    dataset = subject.load(Options(table, features=("colour",), encode=("colour",)))
    assert dataset.d == 3
    first, second = np.unique(dataset.points, axis=0)[:2]
    assert np.linalg.norm(first - second) == pytest.approx(1.0)


def test_the_mean_is_a_share_and_is_told_as_one(table):
    dataset = loaded(table)
    labels = np.array([int(str(each).strip() == "red") for each in dataset.labels["colour"]])
    found = profiles(dataset, labels, np.zeros((2, dataset.d)))
    red = next(each for each in found[1].traits if each.name == "colour=red (2)")
    assert (red.mean, red.rest) == pytest.approx((1, 0), abs=1e-12)
    assert red.is_share
    assert red.said() == "colour=red (2) 100% of rows (the rest 0%)"
    heavy = replace(dataset, weights=np.linspace(0.5, 2, dataset.n))
    told = profiles(heavy, labels, np.zeros((2, dataset.d)))[1].traits
    assert "colour=red (2) 100% of the weight (the rest 0%)" in [each.said() for each in told]
    share = dataset.means(labels, 2)[1][dataset.features.index("colour=red (2)")]
    assert share == 1.0


def test_rules_say_what_the_text_is_and_hold_in_sql_and_python(table):
    dataset = loaded(table)
    texts = [str(each).strip() for each in dataset.labels["colour"]]
    labels = np.array([sorted(set(texts)).index(each) for each in texts])
    found = rules(dataset, labels, 3)
    assert found.share == 1
    said = " ".join(map(str, found.rules))
    assert "colour is" in said
    assert "above" not in said
    with duckdb.connect() as database:
        database.execute("CREATE TABLE t (colour VARCHAR)")
        database.executemany("INSERT INTO t VALUES (?)", [[f" {each}"] for each in texts])
        got = database.execute(f"SELECT {found.sql()} FROM t").fetchall()
    assert [each for (each,) in got] == (labels + 1).tolist()
    space = {}
    exec(found.python(), space)
    assert [space["cluster"]({"colour": each}) for each in texts] == (labels + 1).tolist()
    assert space["cluster"]({"colour": None}) is None or found.rules[0].conditions == ()


def test_a_run_goes_on_through_run_json_assign_and_pipeline(table, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    flags = ["--features", "age,income", "--encode", "colour", "--missing", "median"]
    assert main(["export", table, *flags, "--what", "run,pipeline", "--out", "out"]) == 0
    again = subject.open_subject(Options("out/run.json"))
    dataset = loaded(table, scale=None, missing="median")
    assert again.dataset.encoded == dataset.encoded
    assert np.array_equal(again.dataset.points, dataset.points)
    new = tmp_path / "new.csv"
    new.write_text("colour,income,age\nred,12,20\nviolet,30,21\n,15,22\nblue,11,20\nviolet,1,2\n")
    assert main(["assign", "out/run.json", str(new), "--out", "a.csv", "--json"]) == 0
    document = json.loads(capsys.readouterr().out.split("\n", 2)[2])
    assert document["new_values"] == {"colour": {"violet": 2}}
    assert any("equally unlike all" in each for each in document["remarks"])
    assert document["assigned"] == 5
    subprocess.run([sys.executable, "out/pipeline.py", str(new), "b.csv"], check=True)
    ours, theirs = (duckdb.read_csv(each).df() for each in ("a.csv", "b.csv"))
    assert ours["cluster"].tolist() == theirs["cluster"].tolist()
    assert np.allclose(ours["distance"], theirs["distance"])


def test_a_damaged_encoding_is_refused(table, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    flags = ["--features", "age,income", "--encode", "colour", "--what", "run", "--out", "out"]
    assert main(["export", table, *flags]) == 0
    text = (tmp_path / "out" / "run.json").read_text()
    for old, new in (('"values": ["blue", ', '"values": ['), ('"column": "colour"', '"column": 3')):
        assert old in text
        (tmp_path / "bad.json").write_text(text.replace(old, new))
        assert main(["run", "bad.json"]) == 1
        assert "recording.encoded" in capsys.readouterr().err


def test_an_unknown_value_is_none_of_them_and_a_gap_is_unknown():
    encoding = Encoding("c", ("a", "b"), ("c=a", "c=b"))
    found = encoding.indicators(["a", " b ", "z", None, " "])
    assert found[:3].tolist() == [[1, 0], [0, 1], [0, 0]]
    assert np.isnan(found[3:]).all()
    assert encoding.usual(found).tolist() == [1, 0]
    assert encoding.usual(found, np.array([1.0, 5, 1, 1, 1])).tolist() == [0, 1]


def test_gaps_in_text_are_filled_counted_and_named_as_text(table, tmp_path):
    path = tmp_path / "gaps.csv"
    rows = [
        f"{'' if i in (4, 9) else i % 7},{'' if i in (9, 11, 12) else 'xyz'[i % 3]},{i % 5}"
        for i in range(40)
    ]
    path.write_text("a,kind,b\n" + "\n".join(rows) + "\n")
    options = Options(str(path), encode=("kind",))
    dropped = subject.load(options)
    said = " ".join(dropped.notes())
    assert "4 rows of 40 dropped, the first is row 5: values missing in a 2, kind 3." in said
    assert "Rows that could be kept by leaving out a column: kind 2, a 1." in said
    assert row_costs(dropped.source, dropped.features, dropped.encoded) == {"a": 1, "kind": 2}
    assert left_out.counted(dropped) == "36 of 40 rows (4 left out: gaps in a and kind)"
    filled = " ".join(subject.load(replace(options, missing="median")).notes())
    assert "filled with the median of each column and the most frequent value of kind" in filled
    only = replace(options, features=("b",), missing="median")
    assert "3 rows of 40 filled with the most frequent value of kind, the" in " ".join(
        subject.load(only).notes()
    )
    assert "median" not in " ".join(subject.load(only).notes())


def test_much_filled_text_is_said_to_be_text():
    column = Column("kind", "text", missing=30)
    made = Encoding("kind", ("a", "b"), ("kind=a", "kind=b"))
    (said,) = much_filled([column], 100, (made,))
    assert "30% of the rows, which now all have its most frequent value" in said


def test_shares_of_a_weighted_run_are_told_by_weight(table):
    assert "are 62 % of its weight." in " ".join(loaded(table, weights="colour=red").notes())
    assert "are 62 % of its rows." in " ".join(loaded(table).notes())
