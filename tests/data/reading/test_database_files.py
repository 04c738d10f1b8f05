"""Tables of SQLite and DuckDB files: read, never written, and harmless whatever they hold."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import duckdb
import numpy as np
import pytest

from kmeans_tui.data import catalogue
from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading import database_tables, files, sqlite_file
from kmeans_tui.data.reading.database_tables import WhichTable, split

ROWS = [
    (20, 1.5, "red", "12,5", b"\x00\xff"),
    (30, 2.5, None, "13,25", None),
    (44, 9.0, "blue", "7,5", None),
]
COLUMNS = "age INTEGER, income REAL, city TEXT, price TEXT, photo BLOB"


def sqlite(path, *statements, rows=ROWS):
    connection = sqlite3.connect(path)
    connection.execute(f"CREATE TABLE customers ({COLUMNS})")
    connection.executemany("INSERT INTO customers VALUES (?, ?, ?, ?, ?)", rows)
    for each in statements:
        connection.execute(each)
    connection.commit()
    connection.close()
    return str(path)


def duck(path, *statements):
    connection = duckdb.connect(str(path))
    connection.execute("CREATE TABLE customers (age INTEGER, income DECIMAL(9, 2), city VARCHAR, "
                       "price VARCHAR, photo BLOB, member BOOLEAN, since DATE)")  # fmt: skip
    for row in ROWS:
        connection.execute(
            "INSERT INTO customers VALUES (?, ?, ?, ?, ?, true, DATE '2026-01-01')", row
        )
    for each in statements:
        connection.execute(each)
    connection.close()
    return str(path)


def contents(folder):
    return {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in folder.iterdir()}


@pytest.mark.parametrize("make", [sqlite, duck])
def test_a_table_is_read_with_its_types(make, tmp_path):
    # Its bytes say what it is, not its name.
    path = make(tmp_path / "shop.txt")
    before = contents(tmp_path)
    source = files.open_file(path)
    assert source.numbers[:, :3].tolist() == [[20, 1.5, 12.5], [30, 2.5, 13.25], [44, 9, 7.5]]
    assert [each.name for each in source.numeric] == ["age", "income", "price"]
    assert source.texts["city"].tolist() == ["red", None, "blue"]
    assert any("'customers' is read, the only one" in each for each in source.notes)
    assert any("inary values" in each and "photo" in each for each in source.notes)
    assert [row[:2] for row in source.rows()][2][0] == "44"
    assert contents(tmp_path) == before


def test_one_of_several_is_named_behind_the_path(tmp_path):
    path = sqlite(
        tmp_path / "shop.db",
        'CREATE TABLE "a""; DROP\x1b[31m::x" (x, y)',
        'INSERT INTO "a""; DROP\x1b[31m::x" VALUES (1, 2), (3, 5), (4, 4)',
        "CREATE VIEW rich AS SELECT age, income FROM customers WHERE income > 2",
    )
    with pytest.raises(WhichTable, match="holds 3 tables, 'customers', ") as refused:
        files.open_file(path)
    assert "\x1b" not in str(refused.value)
    assert refused.value.readings[0] == {"data": f"{path}::customers"}
    # Whatever is offered can be opened.
    sizes = [files.open_file(each["data"]).n for each in refused.value.readings]
    assert sizes == [3, 3, 2]
    assert files.open_file(f"{path}::RICH").name == "shop.db::RICH"
    with pytest.raises(DataError, match="no table 'custmers': did you mean customers"):
        files.open_file(f"{path}::custmers")
    Path(tmp_path, "t.csv").write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(DataError, match="not an SQLite or DuckDB database"):
        files.open_file(f"{tmp_path}/t.csv::a")


def test_the_path_ends_where_there_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sqlite("odd::name.db")
    assert split("odd::name.db") == ("odd::name.db", None)
    assert split("odd::name.db::customers") == ("odd::name.db", "customers")
    assert split("gone.db::a::b") == ("gone.db", "a::b")
    assert catalogue.is_file("gone.db::a")
    assert not catalogue.is_file("blobs::a")
    with pytest.raises(DataError, match=r"there is no file gone\.db"):
        files.check_file("gone.db::a")


@pytest.mark.parametrize("name", ["a b?.db", "50% #1;mode=rwc.db", "né[x]*.db", "'q\"uote.db"])
@pytest.mark.parametrize("make", [sqlite, duck])
def test_any_file_name_can_be_opened(make, name, tmp_path):
    path = make(tmp_path / name)
    assert files.open_file(f"{path}::customers").n == 3
    assert [each.name for each in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("make", [sqlite, duck])
def test_a_read_only_folder_is_enough(make, tmp_path):
    path = make(tmp_path / "shop.db")
    if make is sqlite:
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.close()
    before = contents(tmp_path)
    os.chmod(path, 0o400)
    tmp_path.chmod(0o500)
    try:
        assert files.open_file(path).n == 3
        assert contents(tmp_path) == before
    finally:
        tmp_path.chmod(0o700)


def test_changes_in_the_log_of_a_writer_are_read(tmp_path):
    path = sqlite(tmp_path / "shop.db")
    writer = sqlite3.connect(path)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("INSERT INTO customers VALUES (50, 3.5, 'red', '1,5', NULL)")
    writer.commit()
    alone = tmp_path / "copy"
    alone.mkdir()
    for end in ("", "-wal"):
        Path(alone, f"shop.db{end}").write_bytes(Path(f"{path}{end}").read_bytes())
    before = contents(alone)
    assert files.open_file(path).n == 4
    # A log without its index, as a crash or a copy leaves it: nothing is put beside it.
    assert files.open_file(str(alone / "shop.db")).n == 4
    assert contents(alone) == before
    writer.close()


def test_the_log_of_a_duckdb_file_is_read(tmp_path):
    path = duck(tmp_path / "shop.duckdb")
    code = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); "
        "c.execute('INSERT INTO customers (age, income) VALUES (1, 2)'); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, path], check=True)
    assert Path(f"{path}.wal").exists()
    before = contents(tmp_path)
    source = files.open_file(path)
    assert source.n == 4
    assert len(list(source.rows())) == 4
    assert contents(tmp_path) == before


HOSTILE_DUCKDB = (
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT getenv('HOME') AS x",
    "SELECT * FROM sqlite_scan('x.db', 't')",
)


@pytest.mark.parametrize("view", HOSTILE_DUCKDB)
def test_a_view_of_duckdb_reaches_nothing_else(view, tmp_path):
    path = tmp_path / "bad.duckdb"
    connection = duckdb.connect(str(path))
    try:
        connection.execute(f"CREATE VIEW v AS {view}")
    except duckdb.Error:
        pytest.skip("this DuckDB does not even store it")
    connection.close()
    with pytest.raises(DataError) as refused:
        files.open_file(f"{path}::v")
    assert "root" not in str(refused.value)


HOSTILE_SQLITE = {
    "SELECT load_extension('x') AS a": "does more than read",
    "SELECT * FROM gone": "not there",
    "SELECT a.age, zeroblob(1000000000) AS b FROM customers AS a": "value of more than",
    "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT x FROM t": "yields",
    "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT sum(x) FROM t": "takes",
    "SELECT age, printf('%.*c', 3000000, 'x') AS b FROM customers": "longer than",
}


@pytest.mark.parametrize("view", HOSTILE_SQLITE)
def test_a_view_of_sqlite_does_no_harm(view, tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite_file, "_PATIENCE", 0.2)
    monkeypatch.setattr(sqlite_file, "_HARMLESS", 1 << 20)
    monkeypatch.setattr(sqlite_file, "_MOST_TIMES_STORED", 1)
    if "printf" in view:
        monkeypatch.setattr(sqlite_file, "_HARMLESS", 1 << 30)
    path = sqlite(tmp_path / "bad.db", f"CREATE VIEW v AS {view}")
    with pytest.raises(DataError, match=HOSTILE_SQLITE[view]):
        files.open_file(f"{path}::v")


def test_nothing_but_reading_is_allowed():
    allowed = sqlite_file._allowed
    assert allowed(sqlite3.SQLITE_READ, "t", "c") == sqlite3.SQLITE_OK
    for action in (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_INSERT, sqlite3.SQLITE_PRAGMA,
                   sqlite3.SQLITE_DELETE, sqlite3.SQLITE_CREATE_TABLE):  # fmt: skip
        assert allowed(action, "x", "y") == sqlite3.SQLITE_DENY


def test_reading_can_be_stopped(tmp_path):
    path = sqlite(
        tmp_path / "slow.db",
        "CREATE VIEW v AS WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) "
        "SELECT sum(x) FROM t",
    )
    with pytest.raises(DataError, match="stopped"):
        files.open_file(f"{path}::v", listener=lambda done, size: False)


def test_numbers_stay_exact_and_texts_as_they_are(tmp_path):
    rows = [
        (2**53 + 1, 0.1 + 0.2, 'a "quoted",\nline', "007", None),
        (5, -1e-300, "", "008", None),
        (6, None, "nul\0", "009", None),
    ]
    source = files.open_file(sqlite(tmp_path / "t.db", rows=rows))
    income = source.column("income")
    assert source.numbers[0, income.position] == 0.1 + 0.2
    assert source.numbers[1, income.position] == -1e-300
    assert np.isnan(source.numbers[2, income.position])
    assert source.column("age").rounded is not None
    assert source.texts["city"][0] == 'a "quoted",\nline'


def refusal(path):
    with pytest.raises(DataError) as refused:
        files.open_file(str(path))
    return str(refused.value)


def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path):
    whole = Path(sqlite(tmp_path / "a.db")).read_bytes()
    cut, odd, empty = tmp_path / "cut.db", tmp_path / "odd.db", tmp_path / "empty.db"
    cut.write_bytes(whole[:4096])
    assert "damaged" in refusal(cut)
    odd.write_bytes(whole[:16] + b"\xff" * (len(whole) - 16))
    assert "not an SQLite database" in refusal(odd) or "damaged" in refusal(odd)
    sqlite3.connect(empty).execute("CREATE TABLE t (a)").connection.close()
    assert "no rows" in refusal(empty)

    ducks = bytearray(Path(duck(tmp_path / "a.duckdb")).read_bytes())
    ducks[5000] ^= 255
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(ducks)
    assert "damaged" in refusal(broken)
    broken.write_bytes(ducks[:5000])
    assert "damaged" in refusal(broken)


def test_a_file_in_use_by_a_writer(tmp_path):
    path = duck(tmp_path / "a.duckdb")
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        writer.stdout.readline()
        assert "in use by a program that writes" in refusal(path)
        writer.communicate(b"\n")
    other = sqlite3.connect(sqlite(tmp_path / "a.db"), isolation_level=None)
    other.execute("PRAGMA cache_size = 1")
    other.execute("BEGIN EXCLUSIVE")
    other.execute("UPDATE customers SET age = 1")
    # Read before the change, or refused; never half of both.
    with suppress(DataError):
        assert files.open_file(str(tmp_path / "a.db")).numbers[0, 0] == 20
    other.close()


def test_damage_anywhere_gives_a_table_or_a_sentence(tmp_path):
    draw = np.random.RandomState(0)
    for make in (sqlite, duck):
        whole = Path(make(tmp_path / "whole")).read_bytes()
        for _ in range(25):
            broken = bytearray(whole)
            for at in draw.randint(16, len(whole), 40):
                broken[at] = draw.randint(256)
            for at in draw.randint(16, min(8192, len(whole)), 3):
                broken[at] = draw.randint(256)
            path = tmp_path / "broken"
            path.write_bytes(broken)
            with suppress(DataError):
                files.open_file(str(path))
        (tmp_path / "whole").unlink()


def test_the_tables_of_a_full_text_index_are_not_offered(tmp_path):
    try:
        path = sqlite(tmp_path / "a.db", "CREATE VIRTUAL TABLE words USING fts5(text)")
    except sqlite3.OperationalError:
        pytest.skip("this SQLite has no full-text index")
    assert files.open_file(path).n == 3


def test_a_list_of_many_tables_is_short():
    with pytest.raises(WhichTable) as refused:
        database_tables.chosen("a.db", "a.db", None, [f"t{i}" for i in range(500)])
    assert len(str(refused.value)) < 200
    assert len(refused.value.readings) == 9
