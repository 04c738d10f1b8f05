"""Commands on points that stay on disk: ctrl+c, going on, files, and the cache."""

import json
import sys

import numpy as np
import pytest

from kmeans_tui.cli import main
from kmeans_tui.partitioned.here import Here
from kmeans_tui.requests import recorded


@pytest.fixture
def table(tmp_path, monkeypatch):
    """A text of numbers with a gap, in 3,000 rows; the cache is empty."""
    monkeypatch.setenv("KMEANS_TUI_CACHE", str(tmp_path / "cache"))
    draw = np.random.RandomState(1)
    centres = np.array([[0.0, 0.0], [3.0, 0.0], [0.0, 3.5]])
    X = draw.normal(size=(3000, 2)) + centres[draw.randint(3, size=3000)]
    lines = [f"{x:.4f},{y:.4f}" for x, y in X.tolist()]
    lines[11] = "1.5,"
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["x,y", *lines]) + "\n")
    return path


def stream(table, *more):
    return [str(table), "-k", "3", "--init", "farthest", "--where", "stream", "--display-rows",
            "100", *more]  # fmt: skip


def numbers(text):
    """The iterations in the lines of a run: number, points that changed cluster."""
    table = text.partition("largest shift")[2].partition("\n\n")[0]
    lines = [line.split() for line in table.splitlines()]
    return [(int(line[0]), line[2]) for line in lines if len(line) == 4 and line[0].isdecimal()]


def interrupted(monkeypatch, count):
    """Let the pass of assignment number ``count`` be ended by ctrl+c."""
    plain, seen = Here.run, []

    def run(self, name, *given):
        if name == "assign":
            seen.append(name)
            if len(seen) > count:
                raise KeyboardInterrupt
        return plain(self, name, *given)

    monkeypatch.setattr(Here, "run", run)


def test_iterations_are_printed_as_they_are_done(table, capsys):
    assert main(["run", *stream(table)]) == 0
    text = capsys.readouterr().out
    assert "t.csv: 2999 rows (100 on display)" in text
    assert "note: 1 row of 3,000 had missing values and was dropped." in text
    assert main(["run", *stream(table, "--json")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(each["iteration"], each["changed"]) for each in found["iterations"]][1:] == [
        (number, int(changed)) for number, changed in numbers(text)[1:]
    ]
    assert (found["rows"], found["sample"]["n"], sum(found["sizes"])) == (2999, 100, 2999)
    assert f"inertia {found['inertia']!r}" in text


def test_ctrl_c_keeps_whole_iterations_and_the_next_run_goes_on(table, capsys, monkeypatch):
    assert main(["run", *stream(table)]) == 0
    undisturbed = numbers(capsys.readouterr().out)
    with monkeypatch.context() as patched:
        interrupted(patched, 2)
        assert main(["run", *stream(table)]) == 130
    out, err = capsys.readouterr()
    assert numbers(out) == undisturbed[:2]
    assert "cancelled after 1 update" in out
    assert "the same command continues after the last whole iteration" in err
    assert main(["run", *stream(table)]) == 0
    out, err = capsys.readouterr()
    assert "it continues from iteration 1 (--no-resume starts anew)" in err
    assert numbers(out) == undisturbed
    assert main(["run", *stream(table)]) == 0
    assert "continues" not in capsys.readouterr().err


def test_ctrl_c_before_the_first_iteration(table, capsys, monkeypatch):
    interrupted(monkeypatch, 0)
    assert main(["run", *stream(table)]) == 130
    assert not numbers(capsys.readouterr().out)


def test_the_labels_of_all_rows_are_written(table, tmp_path, capsys):
    duckdb = pytest.importorskip("duckdb")
    out = tmp_path / "out"
    what = "labels.parquet,labels,run,centroids"
    assert main(["export", *stream(table), "--what", what, "--out", str(out)]) == 0
    history = recorded.open_recording(str(out / "run.json")).history
    found = duckdb.sql(f"SELECT row, cluster FROM '{out / 'labels.parquet'}'").fetchall()
    assert [row for row, _ in found] == list(range(1, 3001))
    assert found[11] == (12, None)
    counts = [sum(cluster == c + 1 for _, cluster in found) for c in range(3)]
    assert counts == history[-1].sizes.tolist()
    lines = (out / "labels.csv").read_text().splitlines()
    assert lines[0] == "row,cluster"
    assert lines[1:] == [f"{row},{'' if cluster is None else cluster}" for row, cluster in found]
    inertia = [line.split(",")[4] for line in (out / "centroids.csv").read_text().splitlines()]
    assert inertia == ["inertia", "", "", ""]


def test_a_recording_is_opened_again_without_its_table(table, tmp_path, capsys):
    out = tmp_path / "out"
    given = stream(table, "--scale", "standard")
    assert main(["export", *given, "--what", "run", "--out", str(out)]) == 0
    assert main(["run", *given, "--json"]) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[-1])
    table.unlink()
    assert main(["run", str(out / "run.json"), "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    for name in ("iterations", "centroids", "sizes", "rows", "inertia", "stopped_by"):
        assert again[name] == first[name]
    assert again["data"]["digest"] == first["data"]["digest"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"counted": 7}, "recording.counted"),
        ({"counted": "many"}, "recording.counted"),
        ({"flat": ["z"]}, "recording.flat"),
        ({"row_numbers": None}, "row_numbers"),
        ({"moved": [1]}, "moved"),
    ],
)
def test_a_damaged_recording_is_refused(table, tmp_path, capsys, change, said):
    out = tmp_path / "out"
    assert main(["export", *stream(table), "--what", "run", "--out", str(out)]) == 0
    found = json.loads((out / "run.json").read_text())
    found["recording"] |= change
    (out / "bad.json").write_text(json.dumps(found))
    assert main(["run", str(out / "bad.json")]) == 1
    err = capsys.readouterr().err
    assert "is damaged" in err
    assert said in err


def test_the_script_of_points_on_disk_is_refused(table, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["export", *stream(table), "--what", "code", "--out", str(out)]) == 1
    assert "leave code out" in capsys.readouterr().err
    assert not out.exists()


def test_labels_of_points_in_memory_as_parquet(table, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    out = tmp_path / "out"
    assert (
        main(["export", str(table), "-k", "3", "--what", "labels.parquet", "--out", str(out)]) == 0
    )
    found = duckdb.sql(f"SELECT row, cluster FROM '{out / 'labels.parquet'}'").fetchall()
    assert len(found) == 3000
    assert [row for row, cluster in found if cluster is None] == [12]


def test_the_cache_is_listed_and_removed(table, tmp_path, capsys, monkeypatch):
    interrupted(monkeypatch, 1)
    assert main(["run", *stream(table)]) == 130
    capsys.readouterr()
    assert main(["cache"]) == 0
    out = capsys.readouterr().out
    assert f"{table} (2 columns)" in out
    assert "1 table, 0.0 MB, and 1 unfinished run kept in" in out
    assert main(["cache", "--remove", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (len(found["tables"]), found["unfinished"], found["removed"]) == (1, 1, True)
    assert not [each for each in (tmp_path / "cache").rglob("*") if each.is_file()]


def test_starts(table, capsys):
    given = [str(table), "-k", "3", "--where", "stream", "--display-rows", "100"]
    assert main(["run", *given]) == 0
    assert "start k-means++, seed 42" in capsys.readouterr().out
    assert main(["run", *given, "--init", "k-means||"]) == 0
    assert "start k-means||" in capsys.readouterr().out
    assert main(["run", str(table), "-k", "3", "--init", "k-means||"]) == 1
    assert "take k-means++, or add --where stream" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["--workers", "2"], ["--where", "processes"], ["--scheduler", "tcp://127.0.0.1:9"]]
)
def test_visitors_start_no_processes(tmp_path, capsys, words):
    pytest.importorskip("textual_serve")
    from kmeans_tui.headless import serve

    path = tmp_path / "points.npy"
    np.save(path, np.arange(20.0).reshape(10, 2))
    assert serve.main([str(path), "--port", "0", *words]) == 2
    assert "visitors start no processes" in capsys.readouterr().err


@pytest.fixture
def weighed(table):
    """The same rows with a name and a weight each; some weigh nothing."""
    head, *lines = table.read_text().splitlines()
    more = [f"{line},{i % 3},n{i}" for i, line in enumerate(lines)]
    table.write_text("\n".join([f"{head},w,name", *more]) + "\n")
    return table


def test_weights_and_names_of_rows_on_disk_are_in_all_files(weighed, tmp_path, capsys):
    pq = pytest.importorskip("pyarrow.parquet")
    given = stream(weighed, "--weights", "w", "--id", "name", "--out", str(tmp_path / "out"))
    assert main(["export", *given, "--what", "run,labels,labels.parquet"]) == 0
    rows = pq.read_table(tmp_path / "out/labels.parquet").to_pydict()
    assert list(rows) == ["row", "name", "cluster"]
    assert rows["name"] == [f"n{i}" for i in range(3000)]
    assert rows["row"] == list(range(1, 3001))
    assert [c is None for c in rows["cluster"]] == [i % 3 == 0 or i == 11 for i in range(3000)]
    head, *lines = (tmp_path / "out/labels.csv").read_text().splitlines()
    assert head == "row,name,cluster"
    assert lines == [
        f"{row},{name},{cluster or ''}" for row, name, cluster in zip(*rows.values(), strict=True)
    ]
    capsys.readouterr()
    assert main(["run", *stream(weighed, "--weights", "w", "--json")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert main(["run", str(tmp_path / "out/run.json"), "--json"]) == 0
    read = json.loads(capsys.readouterr().out)
    weigh = [0.0, 0.0, 0.0]
    for row, cluster in zip(rows["row"], rows["cluster"], strict=True):
        if cluster is not None:
            weigh[cluster - 1] += (row - 1) % 3
    assert told["weights"] == read["weights"] == weigh
    assert read["data"]["total_weight"] == sum(weigh) == told["data"]["total_weight"]
    assert read["data"]["id_column"] == "name"
    assert "w weights the rows: 2,998 in total." in told["notes"]
    assert (
        "1,001 rows of 3,000 had missing values, or no weight in column w, and were dropped."
        in (told["notes"])
    )


def test_other_analyses_weigh_the_rows_on_display(weighed, capsys):
    every = ["--display-rows", "5000", "-k", "3", "--seeds", "0-2", "--init",
             "k-means++", "--json"]  # fmt: skip
    best = []
    for place in ("stream", "memory"):
        words = ["seeds", str(weighed), "--weights", "w", "--where", place, *every]
        assert main(words) == 0
        runs = json.loads(capsys.readouterr().out)["rows"]
        best.append(sorted(each["inertia"] for each in runs))
    assert best[0] == pytest.approx(best[1], rel=1e-12)


def test_a_recorded_run_in_which_weights_are_damaged_is_refused(weighed, tmp_path, capsys):
    given = stream(weighed, "--weights", "w", "--out", str(tmp_path / "out"))
    assert main(["export", *given, "--what", "run"]) == 0
    path = tmp_path / "out/run.json"
    whole = json.loads(path.read_text())
    for wrong in ([[1.0, 2.0, 3.0]], [[1.0]], "x", [[-1.0, 2.0, 3.0]] * 3, None):
        path.write_text(json.dumps({**whole, "recording": {
            **whole["recording"], "cluster_weights": wrong}}))  # fmt: skip
        capsys.readouterr()
        assert main(["run", str(path)]) == 1
        assert "is damaged: cluster_weights" in capsys.readouterr().err


def test_another_run_on_a_recording_says_that_it_is_of_the_display_rows(table, tmp_path, capsys):
    assert main(["export", *stream(table, "--out", str(tmp_path / "out")), "--what", "run"]) == 0
    capsys.readouterr()
    assert main(["run", str(tmp_path / "out/run.json")]) == 0
    assert "as recorded\n" in capsys.readouterr().out
    assert main(["run", str(tmp_path / "out/run.json"), "-k", "2"]) == 0
    assert "The recording holds 100 of 2,999 rows: another run is of these alone." in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("--where stream --workers 3", "--workers is for --where processes, not stream"),
        ("--where memory --workers 3", "--workers is for --where processes, not memory"),
        ("--where dask --workers 3", "--workers is for --where processes, not dask"),
        ("--where stream --scheduler tcp://h:1", "--scheduler is for --where dask, not stream"),
        ("--where memory --scheduler tcp://h:1", "--scheduler is for --where dask, not memory"),
        ("--where processes --tls-ca x", "--tls-ca is for --where dask, not processes"),
        ("--workers 2 --scheduler tcp://h:1", "the workers are those of the --scheduler"),
    ],
)
def test_places_that_contradict_each_other_are_misuse(table, capsys, given, said):
    with pytest.raises(SystemExit) as end:
        main(["run", str(table), *given.split()])
    assert end.value.code == 2
    assert said in capsys.readouterr().err


def test_one_worker_is_one(table, capsys):
    from kmeans_tui.partitioned.where import as_asked

    assert as_asked("processes", 1).why == "The points stay on disk: 1 process reads them"


def test_too_many_clusters_for_the_rows_on_display(table, capsys):
    words = ["run", str(table), "--where", "stream", "-k", "9", "--display-rows", "5"]
    assert main(words) == 1
    assert capsys.readouterr().err == (
        "kmeans-tui: k = 9 clusters need as many rows on display, and there are 5: choose a "
        "smaller k, or more --display-rows\n"
    )


def test_watch_tells_a_run_on_disk_and_makes_others_on_all_rows(
    table, tmp_path, capsys, monkeypatch
):
    (tmp_path / "keys").write_text("G+bSq")
    with (tmp_path / "keys").open() as keys:
        monkeypatch.setattr(sys, "stdin", keys)
        assert main(["watch", *stream(table)]) == 0
    said = capsys.readouterr().out
    assert "Its points stay on disk: the run is done, and is told from what was kept." in said
    assert "t.csv: 2999 rows (100 on display), 2 features, scale none, k 4" in said
    assert "of the display rows" not in said
    assert "Centroids are swapped among points in memory only" in said
