"""Commands on points that stay on disk: ctrl+c, going on, files, and the cache."""

import json

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
