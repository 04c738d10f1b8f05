"""From one month to the next: a run of January, rows of February, and what other programs see."""

import csv
import io
import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from kmeans_tui.cli import main
from tests.headless.test_assign import month, written

FLAGS = ("--scale", "standard", "--log", "spend", "--seed", "3")
COLUMNS = ("income", "age", "spend")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A folder with both months, the run of January, its report, and February assigned."""
    folder = tmp_path_factory.mktemp("months")
    january = list(month(240, seed=1))
    for row in (5, 77):
        january[row]["age"] = ""
    written(folder / "january.csv", january)
    # Another order, and a column that January did not have.
    order = ("spend", "channel", "age", "region", "id", "income")
    rows = ({**row, "channel": "web", "id": row["id"] + 5000} for row in month(91, seed=2))
    february = [{name: row[name] for name in order} for row in rows]
    february[3]["age"] = february[8]["income"] = ""
    february[4]["region"] = "west"
    february[90].update(income=4000.0, age=900.0)
    written(folder / "february.csv", february)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        words = ("january.csv", "-k", "3", "--init", "k-means++", *FLAGS)
        what = "run,labels,pipeline,rules,centroids"
        assert main(["export", *words, "--what", what, "--out", "run"]) == 0
        words = ("january.csv", "-k", "3", "--k-max", "3", "--runs", "1", *FLAGS)
        assert main(["report", *words, "--out", "report/"]) == 0
    return folder


@pytest.fixture(autouse=True)
def there(files, monkeypatch):
    monkeypatch.chdir(files)


def said(capsys, *words):
    capsys.readouterr()
    assert main([*words]) == 0
    return capsys.readouterr()


def test_february_gets_the_clusters_of_january(capsys):
    out, err = said(capsys, "assign", "run/run.json", "february.csv")
    found = pd.read_csv(io.StringIO(out), keep_default_na=False)
    assert len(found) == 91
    assert (found["cluster"] == "").sum() == 2
    assert found.loc[[3, 8], "cluster"].tolist() == ["", ""]
    # Each is the nearest of the centroids of January, measured as January was prepared.
    january = pd.read_csv("january.csv").dropna()
    mean, spread = (getattr(logged(january), name)(axis=0) for name in ("mean", "std"))
    centroids = pd.read_csv("run/centroids.csv")
    at = np.array(
        [
            [row[name if name in row else f"{name} (geometric mean)"] for name in COLUMNS]
            for _, row in centroids.iterrows()
        ]
    )
    at[:, 2] = np.log(at[:, 2])
    rows = found[found["cluster"] != ""]
    points = (logged(rows) - mean) / spread
    away = np.linalg.norm(points[:, None] - ((at - mean) / spread)[None], axis=2)
    assert (away.argmin(axis=1) + 1).tolist() == rows["cluster"].astype(int).tolist()
    assert rows["distance"].astype(float).to_numpy() == pytest.approx(away.min(axis=1), rel=1e-6)
    # Rows far out are marked; a new category in a column that was not clustered is no matter.
    assert found["far"].tolist()[90] == "yes"
    assert found.loc[4, "cluster"] != ""
    assert "2 rows" in err


def logged(table):
    values = table[list(COLUMNS)].astype(float).to_numpy()
    values[:, 2] = np.log(values[:, 2])
    return values


def test_a_third_program_joins_both(capsys):
    out, _ = said(capsys, "assign", "run/run.json", "february.csv")
    both = pd.concat([pd.read_csv("run/labels.csv"), pd.read_csv(io.StringIO(out))])
    assert both["id"].is_unique
    joined = both.merge(
        pd.concat([pd.read_csv("january.csv"), pd.read_csv("february.csv")]),
        on="id", validate="one_to_one", suffixes=("", "_again"),
    )  # fmt: skip
    assert len(joined) == 240 + 91
    # The groups that the months are drawn from have the same numbers in both.
    known = joined[joined["cluster"].notna() & (joined["income"] < 1000)]
    of_region = known[known["region"] != "west"].groupby("region")["cluster"].nunique()
    assert of_region.tolist() == [1, 1, 1]


def test_the_pipeline_gives_the_same_labels(capsys):
    ours, _ = said(capsys, "assign", "run/run.json", "february.csv")
    done = subprocess.run(
        [sys.executable, "-I", "run/pipeline.py", "february.csv"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    theirs = list(csv.DictReader(io.StringIO(done.stdout)))
    for one, two in zip(csv.DictReader(io.StringIO(ours)), theirs, strict=True):
        assert (one["id"], one["cluster"], one["far"]) == (two["id"], two["cluster"], two["far"])


def in_duckdb(query):
    return duckdb.sql(query.format(table="read_csv('january.csv')")).fetchall()


def in_sqlite(query):
    with sqlite3.connect(":memory:") as base:
        pd.read_csv("january.csv").to_sql("january", base, index=False)
        return base.execute(query.format(table="january")).fetchall()


@pytest.mark.parametrize("asked", [in_duckdb, in_sqlite])
def test_the_rules_as_sql_give_the_counts_that_the_report_names(asked):
    report = Path("report/report.md").read_text()
    named = re.findall(
        r"^- cluster (\d) if .*: .* (?:of |in 100 of )([\d,]+) rows? right$", report, re.MULTILINE
    )
    assert {cluster for cluster, _ in named} == {"1", "2", "3"}
    counts = {}
    for cluster, rows in named:
        counts[int(cluster)] = counts.get(int(cluster), 0) + int(rows.replace(",", ""))
    rules = Path("report/rules.sql").read_text()
    query = (
        f"SELECT cluster, count(*) FROM (SELECT {rules} AS cluster FROM {{table}} WHERE "
        "income IS NOT NULL AND age IS NOT NULL AND spend IS NOT NULL) GROUP BY cluster"
    )
    assert dict(asked(query)) == counts
    assert sum(counts.values()) == 238


def test_the_report_tells_what_the_run_tells():
    report = Path("report/report.md").read_text()
    assert "**3 clusters** in 238 of 240 rows (2 left out: gaps in age), by 3 features" in report
    for size in pd.read_csv("run/labels.csv")["cluster"].value_counts():
        assert f"| {size} | {size / 238:.1%} |" in report


@pytest.mark.parametrize("command", ["elbow", "seeds", "compare", "run", "stability"])
def test_every_command_says_what_was_left_out(capsys, command):
    quick = {"elbow": ("--k-max", "2", "--runs", "1"), "seeds": ("--seeds", "0-1")}
    quick["stability"] = ("--resamples", "4")
    words = (command, "january.csv", *FLAGS[:2], *quick.get(command, ()))
    note = "2 rows of 240 dropped, the first is row 6: values missing in age 2."
    assert f"note: {note}" in said(capsys, *words)[0].splitlines()
    assert note in json.loads(said(capsys, *words, "--json")[0])["remarks"]
