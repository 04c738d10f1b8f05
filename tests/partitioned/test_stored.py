import errno
import gzip
import json
import os
import sys
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kmeans_tui import whole_file
from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading.dialect import Dialect
from kmeans_tui.partitioned import block_cache, part_listing, stored
from kmeans_tui.partitioned.here import Here
from kmeans_tui.partitioned.plan import USUAL, ColumnChoice

TEXT = "id;x;y;note\n" + "".join(
    f"{i};{i * 0.5:.1f};{'?' if i == 4 else -i};{'abc'[i % 3]}\n".replace(".", ",")
    for i in range(10)
)
X = np.column_stack([np.arange(10) * 0.5, -np.arange(10.0)])
X[4, 1] = np.nan


def rows(table, choice, size=3):
    """All rows of a table as its parts give them, and the numbers of these rows."""
    sample = Here(table, choice, size).sample(1000, 0)
    return sample.table, sample.rows


@pytest.fixture
def about():
    told = []

    def tell(name, size, folder):
        told.append((name, size))

    tell.told = told
    return tell


@pytest.mark.parametrize("packed", [False, True])
def test_text_is_converted_once(tmp_path, about, packed):
    path = tmp_path / ("x.csv.gz" if packed else "x.csv")
    path.write_bytes(gzip.compress(TEXT.encode()) if packed else TEXT.encode())
    folder = tmp_path / "cache"
    for _ in range(2):
        table, choice = stored.opened(str(path), folder=folder, about=about)
        assert choice.features == ("x", "y")
        found, numbers = rows(table, choice)
        assert (found == np.delete(X, 4, axis=0)).all()
        assert numbers.tolist() == [0, 1, 2, 3, 5, 6, 7, 8, 9]
    assert about.told == [(path.name, 160)]
    (kept,) = block_cache.arrays(folder)
    assert (kept.source, kept.columns) == (str(path), ("x", "y"))
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    assert oct(kept.path.stat().st_mode & 0o777) == "0o600"
    (folder / "mine.npy").write_text("not of the cache")
    assert block_cache.remove(folder) == [kept]
    assert [each.name for each in folder.iterdir()] == ["mine.npy"]


@pytest.mark.parametrize("change", ["size", "time", "file", "columns", "dialect", "version"])
def test_anything_that_changes_is_converted_again(tmp_path, about, monkeypatch, change):
    path, folder = tmp_path / "x.csv", tmp_path / "cache"
    path.write_text(TEXT)
    stored.opened(str(path), folder=folder, about=about)
    choice, dialect = USUAL, Dialect()
    if change == "size":
        path.write_text(TEXT + "11;1,0;2;a\n")
    elif change == "time":
        os.utime(path, ns=(0, 123_456_789))
    elif change == "file":
        seen = path.stat()
        other = tmp_path / "y.csv"
        other.write_text(TEXT.replace("-9", "-8"))
        os.utime(other, ns=(seen.st_atime_ns, seen.st_mtime_ns))
        other.replace(path)
    elif change == "columns":
        choice = USUAL._replace(features=("y",))
    elif change == "dialect":
        dialect = Dialect(missing_marks=("-3",))
    else:
        monkeypatch.setattr(block_cache, "_VERSION", block_cache._VERSION + 1)
    table, choice = stored.opened(str(path), choice, dialect, folder=folder, about=about)
    assert len(about.told) == 2
    found, _ = rows(table, choice)
    assert len(found) == {"size": 10, "dialect": 8}.get(change, 9)
    assert found[-1, -1] == {"size": 2, "file": -8}.get(change, -9)


@pytest.mark.parametrize("harm", ["cut", "no note", "other note", "half"])
def test_what_is_not_whole_is_never_used(tmp_path, about, harm):
    path, folder = tmp_path / "x.csv", tmp_path / "cache"
    path.write_text(TEXT)
    stored.opened(str(path), folder=folder, about=about)
    (kept,) = block_cache.arrays(folder)
    note = kept.path.with_suffix(".json")
    if harm == "cut":
        os.truncate(kept.path, 100)
    elif harm == "no note":
        note.unlink()
    elif harm == "other note":
        note.write_text(json.dumps(["columns"]))
    else:
        half = kept.path.with_name(f".{kept.path.name}.1-00.part")
        kept.path.replace(half)
        os.utime(half, (0, 0))
    table, choice = stored.opened(str(path), folder=folder, about=about)
    assert len(about.told) == 2
    assert len(rows(table, choice)[0]) == 9
    assert sorted(each.suffix for each in folder.iterdir()) == [".json", ".npy"]


def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path, monkeypatch):
    path, folder = tmp_path / "x.csv", tmp_path / "cache"
    path.write_text(TEXT)

    def full(number):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(whole_file.os, "fsync", full)
        with pytest.raises(DataError, match=r"^[^\n]* cannot be written: there is no space left"):
            stored.opened(str(path), folder=folder)
    assert list(folder.iterdir()) == []
    with monkeypatch.context() as patch:
        patch.setattr(block_cache.shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
        with pytest.raises(
            DataError, match=r"^x.csv needs 0.0 MB in the cache .* and 67 MB beside it,"
        ):
            stored.opened(str(path), folder=folder)
    assert list(folder.iterdir()) == []


def test_it_can_be_stopped_before_and_while_it_is_written(tmp_path):
    path, folder = tmp_path / "x.csv", tmp_path / "cache"
    path.write_text(TEXT)
    with pytest.raises(DataError, match=r"^reading x.csv was stopped$"):
        stored.opened(str(path), folder=folder, about=lambda *_: False)
    with pytest.raises(DataError, match=r"^reading x.csv was stopped$"):
        stored.opened(str(path), folder=folder, listener=lambda done, total: done != 10)
    assert not folder.exists() or list(folder.iterdir()) == []


def test_rows_of_another_width_are_dropped(tmp_path):
    path, folder = tmp_path / "x.csv", tmp_path / "cache"
    path.write_text("x,y\n" + "".join(f"{i},{i * i}\n" for i in range(30)) + "3,4,5\n7,8\n")
    table, choice = stored.opened(str(path), folder=folder)
    assert table.torn == 1
    found, numbers = rows(table, choice)
    assert numbers.tolist() == [*range(30), 31]
    assert found[-1].tolist() == [7, 8]
    with pytest.raises(DataError, match=r"^1 row of x.csv with a wrong number of cells"):
        stored.opened(str(path), USUAL._replace(missing="median"), folder=folder)


ARRAYS = {
    "float64": X,
    "fortran": np.asfortranarray(X),
    "float32": X.astype(np.float32),
    "big-endian": X.astype(">f8"),
    "records": np.rec.fromarrays([X[:, 0], X[:, 1].astype(np.float32)], names="x,y"),
}


@pytest.mark.parametrize("kind", ARRAYS)
def test_every_kind_of_array_is_read_as_it_is(tmp_path, kind):
    np.save(tmp_path / "x.npy", ARRAYS[kind])
    table, choice = stored.opened(str(tmp_path / "x.npy"), folder=tmp_path / "none")
    assert choice.features == (("x", "y") if kind == "records" else ("column 1", "column 2"))
    for size in (3, 100):
        assert (rows(table, choice, size)[0] == np.delete(X, 4, axis=0)).all()
    other, choice = stored.opened(str(tmp_path / "x.npy"), USUAL._replace(features=("2",)))
    assert (rows(other, choice)[0][:, 0] == np.delete(X[:, 1], 4)).all()
    assert not (tmp_path / "none").exists()


def test_arrays_of_one_dimension_and_whole_numbers(tmp_path):
    np.save(tmp_path / "x.npy", np.arange(7, dtype=np.int8))
    table, choice = stored.opened(str(tmp_path / "x.npy"))
    assert rows(table, choice)[0][:, 0].tolist() == list(range(7))


@pytest.mark.parametrize("arrow", [True, False])
def test_folders_and_patterns_of_parquet(tmp_path, about, monkeypatch, arrow):
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    many = tmp_path / "many"
    (many / "b").mkdir(parents=True)
    for name, part in (("a.parquet", X[:6]), ("b/b.parquet", X[6:])):
        given = {"t": ["u"] * len(part), "x": part[:, 0], "y": part[:, 1]}
        gaps = pa.array([None if np.isnan(v) else v for v in part[:, 1]])
        pq.write_table(pa.table({**given, "y": gaps}), many / name, row_group_size=4)
    (many / "_metadata").write_text("")
    if not arrow:
        monkeypatch.setitem(sys.modules, "pyarrow", None)
    for data in (many, many / "**" / "*.parquet"):
        table, choice = stored.opened(str(data), folder=tmp_path / "cache", about=about)
        assert choice.features == ("x", "y")
        found, numbers = rows(table, choice, 4)
        assert (found == np.delete(X, 4, axis=0)).all()
        assert numbers.tolist() == [0, 1, 2, 3, 5, 6, 7, 8, 9]
    assert len(about.told) == (0 if arrow else 2)
    pq.write_table(pa.table({"x": [1.0]}), many / "c.parquet")
    with pytest.raises(
        DataError, match=r"^(a.parquet and c.parquet in many have|c.parquet has no)"
    ):
        stored.opened(str(many), folder=tmp_path / "cache")


def test_parquet_of_other_numbers_is_converted(tmp_path, about):
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    x = pa.array([Decimal("1.5"), Decimal("2.5"), Decimal("9.0")])
    pq.write_table(pa.table({"x": x, "y": [1, 2, 3]}), tmp_path / "x.parquet")
    table, choice = stored.opened(str(tmp_path / "x.parquet"), folder=tmp_path / "c", about=about)
    assert choice.features == ("x", "y")
    assert rows(table, choice)[0].tolist() == [[1.5, 1], [2.5, 2], [9, 3]]
    # A number that marks a missing value is one of text files: the cells are looked at.
    dialect = Dialect(missing_marks=("2",))
    table, choice = stored.opened(
        str(tmp_path / "x.parquet"), USUAL._replace(features=("y",)), dialect,
        folder=tmp_path / "c", about=about,
    )  # fmt: skip
    assert rows(table, choice)[0].tolist() == [[1], [3]]
    assert len(about.told) == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("-", "standard input cannot be read in parts"),
        ("nothing.csv", "there is no file "),
        ("*.nothing", r"no file fits the pattern .*\*\.nothing: check the spelling"),
        ("", r"there are no Parquet files or arrays in .* as in 'folder/\*\.csv'"),
        ("cut.npy", "cut.npy is cut short: it should have 288 bytes and has "),
        ("text.npy", "text.npy holds <U1: only real numbers"),
        ("objects.npy", "objects.npy holds object: only real numbers"),
        ("deep.npy", r"deep.npy has the shape \(2, 2, 2\): save one table"),
        ("none.npy", "none.npy has no rows: there is nothing to cluster"),
        ("broken.npy", "broken.npy is damaged or not a numpy array"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(tmp_path, data, said):
    np.save(tmp_path / "cut.npy", X)
    os.truncate(tmp_path / "cut.npy", 200)
    np.save(tmp_path / "text.npy", np.array([["a"]]))
    np.save(tmp_path / "objects.npy", np.array([[None]]), allow_pickle=True)
    np.save(tmp_path / "deep.npy", np.ones((2, 2, 2)))
    np.save(tmp_path / "none.npy", np.ones((0, 3)))
    (tmp_path / "broken.npy").write_bytes(b"\x93NUMPY\x01\x00\x10\x00{'descr': evil()}")
    (tmp_path / "empty").mkdir()
    given = data if data == "-" else str(tmp_path / data) if data else str(tmp_path / "empty")
    with pytest.raises(DataError, match=said):
        stored.opened(given, folder=tmp_path / "cache")


@pytest.mark.parametrize("kind", ["parquet", "npy"])
@pytest.mark.parametrize("empty", [{0}, {1}, {0, 2}])
def test_files_without_rows_are_left_out(tmp_path, kind, empty):
    whole = np.delete(X, 4, axis=0)
    given = [whole[:0] if i in empty else whole[3 * i : 3 * i + 3] for i in range(3)]
    for i, each in enumerate(given):
        if kind == "npy":
            np.save(tmp_path / f"{i}.npy", each)
        else:
            # Written without a row, a column has no type of its own.
            names = ["a", "b"]
            columns = dict(zip(names, each.T if len(each) else [[], []], strict=True))
            pq.write_table(pa.table(columns), tmp_path / f"{i}.parquet")
    table, choice = stored.opened(str(tmp_path))
    assert (rows(table, choice)[0] == np.concatenate(given)).all()
    count = len(empty)
    assert table.remarks == (f"{count} file{'s' * (count > 1)} without rows left out.",)
    for path in list(tmp_path.iterdir()):
        if int(path.stem) not in empty:
            path.unlink()
    with pytest.raises(DataError, match=r"(a header and|has) no rows: there is nothing"):
        stored.opened(str(tmp_path))


def test_hidden_files_of_a_folder_are_left_alone(tmp_path):
    for name in (".a.parquet", "_b.parquet", "c.npy"):
        (tmp_path / name).write_text("")
    assert part_listing.found(str(tmp_path)) == [str(tmp_path / "c.npy")]
    (tmp_path / "d.PARQUET").write_text("")
    assert part_listing.found(str(tmp_path)) == [str(tmp_path / "d.PARQUET")]


def test_the_place_of_the_cache_can_be_chosen(monkeypatch, tmp_path):
    monkeypatch.delenv(block_cache.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert block_cache.place() == tmp_path / "kmeans-tui" / "parts"
    monkeypatch.setenv(block_cache.VARIABLE, "/somewhere")
    assert str(block_cache.place()) == "/somewhere"
    assert str(block_cache.place("/else")) == "/else"
    monkeypatch.delenv(block_cache.VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    assert block_cache.place().is_absolute()


def test_a_part_without_rows_or_with_other_types_is_part_of_a_table(tmp_path):
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    whole = {"a": [1.5, 2.0, 3.0], "b": [4.0, 5.0, 6.0], "s": ["x", "y", "z"]}
    floats, nothing, texts = (pa.array([], kind) for kind in (pa.float64(), pa.null(), pa.string()))
    for name, columns in {
        "0": {"a": floats, "b": nothing, "s": texts},
        "1": whole,
        "2": {"a": pa.array([7], pa.int64()), "b": pa.array([8], pa.float32()), "s": ["x"]},
        "3": {"b": [9.0], "s": ["x"], "a": [10.0]},
        "4": {"a": [11.0], "b": pa.nulls(1), "s": ["x"]},
        "5": {"a": floats, "b": floats, "s": texts},
    }.items():  # fmt: skip
        pq.write_table(pa.table(columns), tmp_path / f"{name}.parquet")
    table, choice = stored.opened(str(tmp_path))
    found, numbers = rows(table, choice)
    assert found.tolist() == [[1.5, 4], [2, 5], [3, 6], [7, 8], [10, 9]]
    assert numbers.tolist() == [0, 1, 2, 3, 4]
    for name in "1234":
        (tmp_path / f"{name}.parquet").unlink()
    with pytest.raises(DataError, match="no rows: there is nothing to cluster"):
        stored.opened(str(tmp_path))


@pytest.mark.parametrize("suffix", ["npy", "csv"])
def test_arrays_and_texts_without_rows_are_parts(tmp_path, suffix):
    for number, part in enumerate((X[:0], X[:4], X[:0], X[4:5], X[5:])):
        path = tmp_path / f"{number}.{suffix}"
        if suffix == "npy":
            np.save(path, part)
        else:
            np.savetxt(path, part, delimiter=",", header="x,y", comments="")
    table, choice = stored.opened(str(tmp_path / f"*.{suffix}"), folder=tmp_path / "cache")
    found, numbers = rows(table, choice)
    assert (found == np.delete(X, 4, axis=0)).all()
    assert numbers.tolist() == [0, 1, 2, 3, 5, 6, 7, 8, 9]


@pytest.mark.parametrize("suffix", ["npy", "csv"])
def test_columns_are_dropped(tmp_path, suffix):
    path = tmp_path / f"x.{suffix}"
    if suffix == "npy":
        np.save(path, np.column_stack([X, X[:, 0]]))
    else:
        path.write_text("\n".join(["a,b,c", *(f"{i},{i / 3},{-i}" for i in range(9))]) + "\n")
    _, choice = stored.opened(str(path), ColumnChoice(drop=("2",)), folder=tmp_path / "cache")
    usual = {"npy": ("column 1", "column 3"), "csv": ("a", "c")}[suffix]
    assert (choice.features, choice.drop) == (usual, None)
    for wrong, said in (
        (ColumnChoice(drop=("1", "2", "3")), "--drop leaves no feature"),
        (ColumnChoice(drop=("nope",)), "no .*'?nope"),
        (ColumnChoice(drop=("1",), features=("1",)), "both choose the features"),
    ):
        with pytest.raises(DataError, match=said):
            stored.opened(str(path), wrong, folder=tmp_path / "cache")


def test_a_source_that_changes_while_it_is_converted_leaves_nothing(tmp_path, monkeypatch):
    path, folder = tmp_path / "x.csv", tmp_path / "cache"
    path.write_text(TEXT)
    plain = block_cache.write

    def late(*given):
        plain(*given)
        os.utime(path, ns=(1, 1))

    monkeypatch.setattr(block_cache, "write", late)
    with pytest.raises(DataError, match=r"x\.csv changed while it was read: open it again"):
        stored.opened(str(path), folder=folder)
    assert not list(folder.iterdir())


def test_another_run_may_write_the_same_array_meanwhile(tmp_path):
    path, folder = tmp_path / "x.csv", tmp_path / "cache"
    path.write_text(TEXT)
    table, choice = stored.opened(str(path), folder=folder)
    here = Here(table, choice)
    here.plan()
    (kept,) = block_cache.arrays(folder)
    again = kept.path.read_bytes()
    kept.path.unlink()
    kept.path.write_bytes(again)
    os.utime(kept.path, ns=(5, 5))
    assert len(here.sample(100, 0).rows) == 9
    os.utime(path, ns=(5, 5))
    with pytest.raises(DataError, match="has changed since it was opened"):
        here.sample(100, 0)
