"""Next month's rows: assigned to the clusters of a recorded run, for any other program."""

import csv
import io
import json
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kmeans_tui.analysis import assignment
from kmeans_tui.cli import main
from kmeans_tui.data.reading import batches
from kmeans_tui.headless import assign

REGIONS = ("north", "south", "east")


def month(n, *, seed, shift=0.0):
    """Rows of customers in three groups: id, income, age, region, spend."""
    rng = random.Random(seed)
    for i in range(n):
        group = i % 3
        yield {
            "id": 1000 + i,
            "income": round([30, 55, 90][group] + rng.gauss(0, 4) + shift, 2),
            "age": round([25, 60, 40][group] + rng.gauss(0, 3), 1),
            "region": REGIONS[group],
            "spend": round(10 ** (2 + group / 2 + rng.gauss(0, 0.1)), 2),
        }


def written(path, rows, separator=",", decimal="."):
    with open(path, "w", newline="") as file:
        table = csv.writer(file, delimiter=separator)
        table.writerow(rows[0])
        for row in rows:
            table.writerow(
                str(each).replace(".", decimal) if isinstance(each, float) else each
                for each in row.values()
            )


@pytest.fixture
def january(tmp_path, monkeypatch):
    """A run of January, recorded; the working folder is its own."""
    monkeypatch.chdir(tmp_path)
    rows = list(month(300, seed=1))
    rows[5]["age"] = ""
    written("january.csv", rows)
    return rows


def recorded(*flags, data="january.csv", out="run"):
    words = ("export", data, "-k", "3", "--init", "k-means++", *flags)
    assert main([*words, "--what", "run,labels", "--out", out, "--force"]) == 0
    return f"{out}/run.json"


def assigned(capsys, *words):
    capsys.readouterr()
    assert main(["assign", *words]) == 0
    out, err = capsys.readouterr()
    return list(csv.DictReader(io.StringIO(out))), err


def refusal(capsys, *words, code=1):
    capsys.readouterr()
    assert main(["assign", *words]) == code
    _, err = capsys.readouterr()
    assert err.count("\n") == 1
    assert err.startswith("kmeans-tui: ")
    return err


@pytest.mark.parametrize(
    "flags",
    [
        (),
        ("--scale", "standard", "--missing", "median"),
        ("--scale", "minmax", "--log", "spend"),
        ("--scale", "robust", "--features", "age,income", "--missing", "median"),
    ],
    ids=" ".join,
)
def test_the_rows_of_the_run_get_their_own_clusters(january, capsys, flags):
    run = recorded(*flags)
    rows, err = assigned(capsys, run, "january.csv")
    theirs = list(csv.DictReader(Path("run/labels.csv").read_text().splitlines()))
    assert [{**row, "far": None} for row in rows] == [{**row, "far": None} for row in theirs]
    assert not any(row["far"] for row in rows), "no row is farther out than itself"
    assert "0 rows far out" in err
    clusters = [row["cluster"] for row in rows]
    assert (clusters[5] == "") == ("median" not in flags)


def test_names_in_other_letters_are_the_same_columns(january, capsys):
    run = recorded("--id", "id")
    rows = [{name.upper(): cell for name, cell in row.items()} for row in month(9, seed=2)]
    rows[4]["REGION"] = "west"
    written("february.csv", rows)
    told, err = assigned(capsys, run, "february.csv")
    assert all(row["cluster"] for row in told)
    assert "does not have" not in err
    assert "not here" not in err
    assert "REGION has values that are not in january.csv: 'west' in 1 row." in err


def test_february_end_to_end(january, capsys):
    run = recorded("--scale", "standard", "--log", "spend", "--missing", "median")
    rows = [
        {**{name: row[name] for name in ("spend", "region", "age")}, "note": "new", **row}
        for row in month(150, seed=2, shift=3.0)
    ]
    for row in rows:
        del row["id"]
    rows[3]["income"] = ""
    rows[4]["region"] = "west"
    rows[5]["income"] = 900.5
    rows[6]["spend"] = 0.0
    written("february.csv", rows)
    assert main(["assign", run, "february.csv", "--out", "feb-clusters.csv"]) == 0
    out, err = capsys.readouterr()
    assert out.endswith("feb-clusters.csv\n")
    assert "february.csv: 149 of 150 rows assigned to the 3 clusters of january.csv" in err
    assert "Columns that january.csv does not have: note." in err
    assert "Columns of january.csv that are not here: id." in err
    assert "1 row with a missing value: filled with the medians of january.csv." in err
    assert "region has values that are not in january.csv: 'west' in 1 row." in err
    assert "no cluster; in row 7, spend 0 has no logarithm." in err

    # As pandas joins both months.
    then, now = pd.read_csv("run/labels.csv"), pd.read_csv("feb-clusters.csv")
    assert list(now.columns[-4:]) == ["cluster", "distance", "margin", "far"]
    assert now.far[5] == "yes"
    assert now.cluster.isna().sum() == 1
    both = pd.concat([then, now]).groupby(["cluster", "region"]).size().unstack(fill_value=0)
    assert sorted(both.max(axis=1) / both.sum(axis=1) > 0.9) == [True] * 3, "numbers stay the same"

    assert main(["assign", run, "february.csv", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["rows"], document["assigned"], document["gaps"]) == (150, 149, 1)
    assert document["new_values"] == {"region": {"west": 1}}
    counts = now.cluster.value_counts()
    for each in document["clusters"]:
        assert each["rows_now"] == counts[each["cluster"] + 1]
        assert each["share_now"] == pytest.approx(each["rows_now"] / 149)
    assert sum(each["far"] for each in document["clusters"]) == (now.far == "yes").sum()
    drift = {each["column"]: each for each in document["drift"]}
    usable = now[now.cluster.notna()].fillna({"income": then.income.median()})
    for name in ("income", "age", "spend"):
        filled = then[name].fillna(then[name].median())
        assert drift[name]["then"] == pytest.approx(filled.mean())
        assert drift[name]["now"] == pytest.approx(usable[name].mean())
        moved = (usable[name].mean() - filled.mean()) / filled.std(ddof=0)
        assert drift[name]["moved"] == pytest.approx(moved)
    assert document["mean_distance"]["now"] == pytest.approx(now.distance.mean())


def test_a_batch_at_a_time_gives_the_same(january, capsys, monkeypatch):
    run = recorded("--scale", "standard")
    rows = list(month(100, seed=3))
    rows[41]["age"] = ""
    written("february.csv", rows)
    whole, said = assigned(capsys, run, "february.csv")
    sizes = []
    place = assignment.Assigner.place

    def seen(self, values, whole, weights):
        sizes.append(len(values))
        return place(self, values, whole, weights)

    monkeypatch.setattr(assignment.Assigner, "place", seen)
    monkeypatch.setattr(batches, "ROWS", 7)
    parts, again = assigned(capsys, run, "february.csv")
    assert parts == whole
    assert again == said
    assert max(sizes) == 7
    assert sum(sizes) == 100


def test_an_interrupted_file_is_not_there(january, capsys, monkeypatch):
    run = recorded()
    calls = []
    place = assignment.Assigner.place

    def interrupted(self, values, whole, weights):
        calls.append(1)
        if len(calls) > 2:
            raise KeyboardInterrupt
        return place(self, values, whole, weights)

    monkeypatch.setattr(assignment.Assigner, "place", interrupted)
    monkeypatch.setattr(batches, "ROWS", 50)
    before = sorted(each.name for each in Path().iterdir())
    assert main(["assign", run, "january.csv", "--out", "new.csv"]) == 130
    assert sorted(each.name for each in Path().iterdir()) == before


def test_the_flags_of_the_run_are_the_defaults(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    rows = list(month(60, seed=1))
    rows[4]["age"] = "unknown"
    for name, separator, decimal in (("de.csv", ";", ","), ("us.csv", ",", ".")):
        written(name, rows, separator, decimal)
    run = recorded("--na", "unknown", data="de.csv")
    here, _ = assigned(capsys, run, "de.csv")
    assert [row["cluster"] for row in here].count("") == 1
    err = refusal(capsys, run, "us.csv")
    assert "is not a number with the decimal mark ','; add --decimal ." in err
    there, _ = assigned(capsys, run, "us.csv", "--decimal", ".")
    assert [row["cluster"] for row in here] == [row["cluster"] for row in there]


def replaced(rows, **changes):
    return [{**row, **changes} for row in rows]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda rows: [{k: v for k, v in row.items() if k != "age"} for row in rows],
            "february.csv has no column age, which the run clusters by: the columns are id, ",
        ),
        (
            lambda rows: [{k: v for k, v in row.items() if k in ("id", "age")} for row in rows],
            "lacks 2 of the 3 columns that the run clusters by, income, spend: its columns are id,",
        ),
        (
            lambda rows: replaced(rows, income="high"),
            "column income of february.csv is text, as in row 1: 'high'; the run needs its numb",
        ),
        (
            lambda rows: [*rows[:9], {**rows[9], "income": "n.n."}, *rows[10:]],
            "february.csv, row 10, column income: 'n.n.' is not a number; --na 'n.n.' treats it as",
        ),
        (
            lambda rows: [{**row, "income": f"{row['income']}".replace(".", ",")} for row in rows],
            "' is not a number with the decimal mark '.'; add --decimal ,",
        ),
        (lambda rows: replaced(rows, income=""), "has no row with a usable value in each of"),
    ],
)  # fmt: skip
def test_a_table_that_does_not_fit_is_one_sentence(january, capsys, change, said):
    run = recorded()
    written("february.csv", change(list(month(60, seed=2))))
    err = refusal(capsys, run, "february.csv", "--out", "new.csv")
    assert said in err
    assert not Path("new.csv").exists()


def test_files_that_are_in_the_way_or_no_recording(january, capsys):
    run = recorded()
    assert "is not a recorded run" in refusal(capsys, "january.csv", "january.csv")
    assert "there is no file" in refusal(capsys, run, "march.csv")
    Path("old.csv").write_text("mine")
    assert "already exists: --force" in refusal(capsys, run, "january.csv", "--out", "old.csv")
    assert Path("old.csv").read_text() == "mine"
    said = refusal(capsys, run, "january.csv", "--out", "january.csv", "--force")
    assert "is read and cannot be written as well" in said


def test_an_old_recording_says_less(january, capsys):
    run = recorded("--scale", "standard", "--missing", "median")
    rows, _ = assigned(capsys, run, "january.csv")
    document = json.loads(Path(run).read_text())
    del document["preparation"], document["recording"]["missing"], document["recording"]["reading"]
    Path("old.json").write_text(json.dumps(document))
    dropped, err = assigned(capsys, "old.json", "january.csv")
    assert "does not say what became of rows with a gap: they get no cluster" in err
    assert [row["cluster"] for row in dropped].count("") == 1
    filled, err = assigned(capsys, "old.json", "january.csv", "--missing", "median")
    assert "does not say" not in err
    assert filled == rows


@pytest.mark.parametrize("name", ["new.parquet", "new.jsonl", "new.csv.gz", "new.xlsx", "new.npz"])
def test_other_formats(january, capsys, name):
    run = recorded("--scale", "standard")
    table = pd.DataFrame(january).replace("", np.nan).astype({"age": float})
    if name.endswith("parquet"):
        table.to_parquet(name)
    elif name.endswith("jsonl"):
        table.to_json(name, orient="records", lines=True)
    elif name.endswith("xlsx"):
        table.to_excel(name, index=False)
    elif name.endswith("npz"):
        np.savez(name, **{each: table[each].to_numpy() for each in ("income", "age", "spend")})
    else:
        table.to_csv(name, index=False)
    here, _ = assigned(capsys, run, "january.csv")
    there, _ = assigned(capsys, run, name)
    assert [row["cluster"] for row in here] == [row["cluster"] for row in there]


def test_a_cell_with_controls_is_harmless_on_a_terminal(capsys):
    assign._Terminal().write(b"\x1b]52;c;x\x07,1\nb\n")
    assert capsys.readouterr().out == "·]52;c;x·,1\nb\n"


def test_far_is_99_9_percent_of_a_large_cluster():
    points = np.arange(3000, dtype=float)[:, np.newaxis]
    labels = np.repeat(np.array([0, 1, 3], np.uint8), [2000, 999, 1])
    centroids = np.array([[0.0], [2000.0], [0.0], [2999.0]])
    found = assignment.thresholds(points, labels, centroids)
    assert found[:2].tolist() == [1997, 998], "two of 2,000 are farther out, none of 999"
    assert np.isnan(found[2])
    assert found[3] == 0


@pytest.mark.parametrize("flags", [(), ("--id", "customer")])
def test_names_that_come_again_are_said(tmp_path, monkeypatch, capsys, flags):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(batches, "ROWS", 7)
    rows = [{"customer": f"K{i:03}", **each} for i, each in enumerate(month(90, seed=1))]
    written("january.csv", rows)
    run = recorded("--features", "income,age", *flags)
    again = [dict(each) for each in rows]
    again[40]["customer"] = again[80]["customer"] = "K003"
    again[50]["customer"] = "K004"
    again[60]["customer"] = again[61]["customer"] = ""
    written("february.csv", again)
    capsys.readouterr()
    assert main(["assign", run, "february.csv", "--json"]) == 0
    (said,) = (e for e in json.loads(capsys.readouterr().out)["remarks"] if "several rows" in e)
    assert said == (
        "2 names of customer in several rows, each with its own cluster: 'K003' in 3 rows."
    )
    assert main(["assign", run, "january.csv", "--json"]) == 0
    assert "several rows" not in capsys.readouterr().out
