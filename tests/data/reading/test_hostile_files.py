"""Files that want to be read wrongly: each ends in a right table or in one plain sentence."""

import contextlib
import gzip
import io
import json
import os
import stat
import subprocess
import sys
import threading
import time
import zipfile

import numpy as np
import pytest

from kmeans_tui.cli import main
from kmeans_tui.data.columns import DataError
from kmeans_tui.data.preparation import Preparation
from kmeans_tui.data.reading.dialect import Dialect
from kmeans_tui.data.reading.files import open_file
from kmeans_tui.data.selection import Selection

NAN = float("nan")


@pytest.fixture
def put(tmp_path):
    """Write bytes or text to a file and return its path."""

    def write(content, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write


def table(path, dialect=None, **choices):
    """The table that is clustered, as lists."""
    return Selection(open_file(path, dialect), Preparation(**choices)).dataset().table.tolist()


def refusal(path, dialect=None, **choices):
    """The one sentence in which a file is refused."""
    with pytest.raises(DataError) as refused:
        Selection(open_file(path, dialect), Preparation(**choices)).dataset()
    said = str(refused.value)
    assert said
    assert "\n" not in said
    assert len(said) < 400
    for word in ("duckdb", "Traceback", "read_csv", "strict_mode", "ignore_errors", "Error"):
        assert word not in said
    return said


# What is right in the end.

RIGHT = {
    "plain": ("x,y\n1,2\n3,4\n", [[1, 2], [3, 4]]),
    "no line end at the end": ("x,y\n1,2\n3,4", [[1, 2], [3, 4]]),
    "no header": ("1,2\n3,4\n", [[1, 2], [3, 4]]),
    "no header, a text column": ("5.1,3.5,setosa\n4.9,3.0,setosa\n", [[5.1, 3.5], [4.9, 3.0]]),
    "one row, no header": ("1,2\n", [[1, 2]]),
    "one row and a header": ("x,y\n1,2\n", [[1, 2]]),
    "one column": ("x\n1\n2\n3\n", [[1], [2], [3]]),
    "one column, no header": ("1\n2\n", [[1], [2]]),
    "semicolons, decimal comma": ("x;y\n1,5;2\n2,25;3\n", [[1.5, 2], [2.25, 3]]),
    "tabs": ("x\ty\n1\t2\n", [[1, 2]]),
    "pipes": ("x|y\n1|2\n", [[1, 2]]),
    "single blanks": ("x y z\n1 2 3\n4 5 6\n", [[1, 2, 3], [4, 5, 6]]),
    "runs of blanks": ("  x    y\n  1    2\n 10   20\n", [[1, 2], [10, 20]]),
    "blanks after the comma": ("x, y\n1, 2\n3, 4\n", [[1, 2], [3, 4]]),
    "carriage returns": ("x,y\r\n1,2\r\n3,4\r\n", [[1, 2], [3, 4]]),
    "old Mac line ends": ("x,y\r1,2\r3,4\r", [[1, 2], [3, 4]]),
    "mixed line ends": ("x,y\r\n1,2\n3,4\r\n5,6\n", [[1, 2], [3, 4], [5, 6]]),
    "a byte order mark": (b"\xef\xbb\xbfx,y\n1,2\n", [[1, 2]]),
    "UTF-16": ("x,y\n1,2\n".encode("utf-16"), [[1, 2]]),
    "UTF-32": ("x,y\n1,2\n".encode("utf-32"), [[1, 2]]),
    "latin-1": ("x,größe\n1,2\n3,4\n".encode("latin-1"), [[1, 2], [3, 4]]),
    "Windows-1252": (b"x,n\n1,\x93a\x94\n2,b\n", [[1], [2]]),
    "quotes and newlines inside": ('x,n\n1,"a ""b""\nc, d"\n2,e\n', [[1], [2]]),
    "quoted numbers": ('"x","y"\n"1","2"\n', [[1, 2]]),
    "a newline in the header": ('"x\n(cm)",y\n1,2\n3,4\n', [[1, 2], [3, 4]]),
    "thousands": ('x,y\n"1,234.50",1\n"12",2\n', [[1234.5, 1], [12, 2]]),
    "thousands with points": ("x;y\n1.234,50;1\n2,5;2\n", [[1234.5, 1], [2.5, 2]]),
    "thousands with blanks": ("x;y\n1 234,50;1\n2,5;2\n", [[1234.5, 1], [2.5, 2]]),
    "thousands with apostrophes": ("x;y\n1'234.50;1\n2.5;2\n", [[1234.5, 1], [2.5, 2]]),
    "percent": ("x,y\n45%,1\n5.5 %,2\n", [[45, 1], [5.5, 2]]),
    "dollars": ("x,y\n$45,1\n-$5.5,2\n", [[45, 1], [-5.5, 2]]),
    "euros behind": ("x;y\n45,50 €;1\n5,25 €;2\n", [[45.5, 1], [5.25, 2]]),
    "exponents": ("x,y\n1e3,2\n1.5E-2,-.5\n", [[1000, 2], [0.015, -0.5]]),
    "plus signs and bare points": ("x,y\n+1,2.\n.5,+.25\n", [[1, 2], [0.5, 0.25]]),
    "blanks around numbers": ('x,y\n" 1 ",2\n3 ,4\n', [[1, 2], [3, 4]]),
    "marks of missing values": (
        "x,y\n1,2\nNA,3\n,4\nn/a,5\n?,6\n-,7\nnull,8\nNaN,9\n2,10\n3,11\n4,12\n5,13\n",
        [[1, 2], [2, 10], [3, 11], [4, 12], [5, 13]],
    ),
    "comments above": ("# made today\n# by hand, twice\nx,y\n1,2\n", [[1, 2]]),
    "a title above": ("Report\n\nx,y,z\n1,2,3\n4,5,6\n", [[1, 2, 3], [4, 5, 6]]),
    "blank lines": ("x,y\n\n1,2\n\n\n3,4\n\n", [[1, 2], [3, 4]]),
    "a separator at the end of the rows": ("x,y\n1,2,\n3,4,\n", [[1, 2], [3, 4]]),
    "a separator at the end of all": ("x,y,\n1,2,\n3,4,\n", [[1, 2], [3, 4]]),
    "row names of R": ("x,y\na,1,2\nb,3,4\n", [[1, 2], [3, 4]]),
    "the index of pandas": (",0,1\n0,1.5,2\n1,2.5,3\n", [[0, 1.5, 2], [1, 2.5, 3]]),
    "a doubled name": ("x,x\n1,2\n", [[1, 2]]),
    "an empty name": ("x,\n1,2\n3,4\n", [[1, 2], [3, 4]]),
    "injected names": ('"x""; DROP TABLE t; --",y\n1,2\n', [[1, 2]]),
    "names with brackets": ("[red]x[/],\x1b[31my\n1,2\n", [[1, 2]]),
    "an underscore in a name": ("petal_length,y\n1,2\n", [[1, 2]]),
    "a year as a name": ("country,2019,2020\nA,1.5,2.5\nB,3.5,4.5\n", [[1.5, 2.5], [3.5, 4.5]]),
    "dates": ("day,x\n2024-01-02,1\n2024-01-03,2\n", [[1], [2]]),
    "quotes in the middle of a cell": ('x,n\n1,5" pipe\n2,3" pipe\n', [[1], [2]]),
    "a stray NUL in a label": (b"x,n\n1,a\0b\n2,c\n", [[1], [2]]),
    "a number before a word": ("x,y\n1,2\n3,abc\n5,def\n7,ghi\n9,jkl\n", [[1], [3], [5], [7], [9]]),
}  # fmt: skip


@pytest.mark.parametrize(("content", "right"), RIGHT.values(), ids=RIGHT)
def test_comes_out_right(put, content, right):
    assert table(put(content)) == right


REFUSED = {
    "empty": (b"", "is empty"),
    "blank": (b"\n\n  \n", "is empty"),
    "comments only": ("# a\n# b\n", "only comments or blank lines"),
    "header only": ("x,y\n", "has a header and no rows"),
    "text only": ("a,b\nc,d\ne,f\n", "no column of numbers: a (text), b (text)"),
    "NaN only": ("x,y\nNaN,NaN\nNaN,NaN\n", "no column of numbers: x (empty), y (empty)"),
    "infinite only": ("x,y\ninf,1\ninf,2\n", "no row with a value in every feature"),
    "no row whole": ("x,y\n1,\n,2\n3,\n,4\n", "--missing median"),
    "one bad cell": ("x,y\n" + "1,2\n" * 116 + "N/A?,3\n" + "4,5\n" * 30,
                     "row 117, column x: 'N/A?' is not a number; --na 'N/A?' treats it as missing"),
    "a number with an underscore": ("x,y\n1_000,1\n5,2\n6,3\n", "row 1, column x: '1_000'"),
    "a hexadecimal number": ("x,y\n1,2\n0x1F,3\n4,5\n", "row 2, column x: '0x1F'"),
    "digits of another script": ("x,y\n1,2\n٣,3\n4,5\n", "row 2, column x: '٣' is not a number"),
    "a late thousands mark": ('x,y\n1,2\n"1,234",3\n4,5\n', "--decimal , or --thousands ,"),
    "one or a thousand": ("x;y\n1,234;1\n2,345;2\n", "'1,234' may have a decimal or"),
    "two currencies": ("x,y\n$5,1\n€6,2\n$7,3\n", "row 2, column x: '€6' is not a number"),
    "percent and bare": ("x,y\n5%,1\n0.06,2\n7%,3\n", "row 2, column x: '0.06' is not a number"),
    "too large to square": ("x,y\n1,2\n1e200,3\n", "row 2, column x: 1e+200 is too large"),
    "a quote that never ends": ('x,y\n1,"2\n3,4\n5,6\n', "line 2: a quote \" is never closed"),
    "text behind a quote": ('x,y\n1,"a"b\n2,c\n', "line 2"),
    "a PDF": (b"%PDF-1.7\n\x00\x01", "is a PDF document"),
    "a program": (b"\x7fELF\x02\x01\x01" + bytes(100), "is a program"),
    "noise": (bytes(range(256)) * 40, "binary data"),
    "zeros": (bytes(5000), "binary data"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(50), "use image:"),
    "truncated gzip": (gzip.compress(b"x,y\n" + os.urandom(9000).hex().encode())[:-900], "gzip"),
    "gzip of nothing": (gzip.compress(b""), "is empty"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "says"), REFUSED.values(), ids=REFUSED)
def test_is_refused_in_one_sentence(put, content, says):
    assert says in refusal(put(content))


def test_ragged_rows_are_counted_and_the_first_is_named(put):
    path = put("x,y,z\n1,2,3\n4,5\n6,7,8\n9,10,11,12\n13,14,15\n16,17,18\n")
    data = Selection(open_file(path)).dataset()
    assert data.table.tolist() == [[1, 2, 3], [6, 7, 8], [13, 14, 15], [16, 17, 18]]
    assert data.row_numbers.tolist() == [1, 3, 5, 6]
    assert data.notes() == ["2 rows dropped for the wrong number of cells: row 2 has 2, not 3."]


def test_ragged_rows_with_newlines_inside_quotes_keep_their_numbers(put):
    path = put('x,n\n1,"a\nb"\n2\n3,"c\n\nd"\n4,e\n')
    data = Selection(open_file(path)).dataset()
    assert data.table.tolist() == [[1], [3], [4]]
    assert data.row_numbers.tolist() == [1, 3, 4]


def test_a_table_that_is_mostly_ragged_is_refused(put):
    path = put("x,y,z\n" + "1,2,3\n" * 5 + "1,2\n" * 3 + "1,2,3,4\n" * 4)
    assert "name the separator" in refusal(path)


def test_infinities_are_dropped_and_named(put):
    path = put("x,y\n1,2\ninf,3\n1e400,4\n5,6\n-Infinity,7\n8,9\n")
    data = Selection(open_file(path)).dataset()
    assert data.table.tolist() == [[1, 2], [5, 6], [8, 9]]
    assert data.notes()[0] == (
        "3 rows of 6 dropped, the first is row 2: values infinite in x 3, first row 2: 'inf'."
    )


def test_whole_numbers_beyond_two_to_the_53_are_named(put):
    path = put("x,y\n9007199254740993,1\n5,2\n5,3\n9007199254740992,4\n")
    data = Selection(open_file(path)).dataset()
    assert data.table[0, 0] == 2.0**53
    assert "1 whole numbers beyond 2^53" in data.notes()[0]
    assert "row 1, 9007199254740993" in data.notes()[0]


def test_a_bad_cell_far_behind_the_sample_is_found(put):
    rows = [f"{i % 97}.5,{i % 13}" for i in range(60_000)]
    rows[51_233] = "oops,3"
    assert refusal(put("x,y\n" + "\n".join(rows) + "\n")).startswith("row 51234, column x: 'oops'")


def test_a_column_that_is_empty_for_long_is_a_number_column_all_the_same(put):
    rows = [f",{i % 7}" for i in range(3000)] + [f"{i % 5},{i % 7}" for i in range(5000)]
    data = Selection(open_file(put("x,y\n" + "\n".join(rows) + "\n"))).dataset()
    assert data.features == ("x", "y")
    assert data.n == 5000
    assert "x 3000" in data.notes()[0]


def test_words_that_outnumber_the_numbers_of_the_sample_make_a_text_column(put):
    rows = [f"{i % 5},{i % 7}" for i in range(1000)] + [f"w{i},{i % 7}" for i in range(4000)]
    data = Selection(open_file(put("x,y\n" + "\n".join(rows) + "\n"))).dataset()
    assert data.features == ("y",)
    assert "x: text, kept as labels." in data.notes()
    assert data.labels["x"][1000] == "w0"


def test_thousands_behind_the_sample_are_read_or_named_never_mistaken(put):
    rows = ["1.5;7"] * 3000 + ["1,234.5;8"]
    assert "row 3001, column x: '1,234.5' is not a number" in refusal(
        put("x;y\n" + "\n".join(rows))
    )
    data = Selection(open_file(put("x;y\n" + "\n".join(rows)), Dialect(thousands=","))).dataset()
    assert data.table[-1].tolist() == [1234.5, 8]


def test_latin_1_far_behind_the_head_is_found_and_said(put):
    body = b"".join(b"%d,caf\n" % i for i in range(60_000)) + b"7,caf\xe9\n"
    data = Selection(open_file(put(b"x,n\n" + body)), Preparation(features=("x",))).dataset()
    assert data.n == 60_001
    assert data.labels["n"][-1] == "café"
    assert "Read as latin-1: line 60002 holds the byte 0xE9, which is not UTF-8" in data.notes()[0]


def test_two_encodings_in_one_file_leave_the_numbers_right(put):
    content = "x,n\n1,größe\n".encode() + "2,größe\n".encode("latin-1")
    data = Selection(open_file(put(content))).dataset()
    assert data.table.tolist() == [[1], [2]]
    assert "not UTF-8" in data.notes()[0]


def test_ten_thousand_columns(put):
    names = ",".join(f"c{i}" for i in range(10_000))
    rows = "\n".join(",".join(str((i * 7 + j) % 11) for i in range(10_000)) for j in range(3))
    began = time.monotonic()
    data = Selection(open_file(put(f"{names}\n{rows}\n"))).dataset()
    assert (data.n, data.d) == (3, 10_000)
    assert data.table[2, 1] == 9
    assert time.monotonic() - began < 60


def test_a_line_without_end(put):
    assert "longer than 2,000,000 bytes" in refusal(put("x,y\n1,2\n3," + "9" * 3_000_000 + "\n"))


@pytest.mark.parametrize(
    "name",
    ["a b.csv", "it's.csv", 'q"q.csv', "größe ✓.csv", "a*.csv", "a?[1].csv", "x=1.csv", "--k.csv",
     "https:x.csv", "a;b.csv", "new\nline.csv", "file"],
)  # fmt: skip
def test_a_name_is_only_a_name(put, name, tmp_path):
    put("x,y\n7,8\n9,9\n", "other.csv")
    put("x,y\n7,8\n9,9\n", "a1.csv")
    path = put("x,y\n1,2\n3,4\n", name)
    assert table(path) == [[1, 2], [3, 4]]


def test_what_is_no_file(tmp_path):
    assert "is a folder" in refusal(str(tmp_path))
    assert "there is no file" in refusal(str(tmp_path / "none.csv"))
    assert "there is no folder" in refusal(str(tmp_path / "no" / "none.csv"))
    (tmp_path / "link.csv").symlink_to(tmp_path / "gone.csv")
    assert "is a link to" in refusal(str(tmp_path / "link.csv"))
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    assert "cannot be opened" in refusal(str(tmp_path / "loop.csv"))
    os.mkfifo(tmp_path / "pipe.csv")
    assert "is a pipe" in refusal(str(tmp_path / "pipe.csv"))
    assert "is a device" in refusal("/dev/null")
    assert "cannot be opened" in refusal("a\0b.csv")
    assert "cannot be opened" in refusal("x" * 5000 + ".csv")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(put):
    path = put("x,y\n1,2\n")
    os.chmod(path, 0)
    assert "Permission denied" in refusal(path)
    os.chmod(path, stat.S_IRUSR | stat.S_IWUSR)


def test_no_permission_is_a_sentence_whoever_runs_this(put, monkeypatch):
    path = put("x,y\n1,2\n")

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", refuse)
    assert refusal(path).endswith("cannot be read: Permission denied")


def test_a_file_that_grows_is_a_sentence_or_a_whole_table(put):
    path = put("x,y\n" + "1,2\n" * 200_000)
    stop = threading.Event()

    def grow():
        with open(path, "a") as file:
            while not stop.is_set():
                file.write("3,4\n")
                file.flush()

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        assert "changed while being read" in refusal(path)
    finally:
        stop.set()
        thread.join()


def test_rows_of_a_file_that_changed_are_not_joined(put):
    path = put("x,y\n1,2\n3,4\n")
    source = open_file(path)
    assert list(source.rows()) == [("1", "2"), ("3", "4")]
    put("x,y\n5,6\n7,8\n9,10\n")
    with pytest.raises(DataError, match="has changed since it was opened"):
        list(source.rows())
    os.remove(path)
    with pytest.raises(DataError, match="no longer exists"):
        list(source.rows())


# Arrays.


def saved(tmp_path, name, *arrays, **named):
    path = tmp_path / name
    if named:
        np.savez(path, **named)
    else:
        np.save(path, *arrays, allow_pickle=True)
    return str(path)


def test_arrays_that_are_tables(tmp_path):
    points = np.array([[1.5, 2], [3, 4]])
    assert table(saved(tmp_path, "a.npy", points)) == points.tolist()
    assert table(saved(tmp_path, "b.npz", X=points)) == points.tolist()
    assert table(saved(tmp_path, "c.npy", np.asfortranarray(points))) == points.tolist()
    assert table(saved(tmp_path, "d.npy", points.astype(">f4"))) == points.tolist()
    assert table(saved(tmp_path, "e.npy", np.array([1, 2, 3]))) == [[1], [2], [3]]
    record = np.array([(1, 2.5, "a"), (2, 3.5, "b")], [("n", "i4"), ("x", "f8"), ("s", "U1")])
    data = Selection(open_file(saved(tmp_path, "f.npy", record))).dataset()
    assert data.table.tolist() == [[1, 2.5], [2, 3.5]]
    assert data.labels["s"].tolist() == ["a", "b"]
    assert (tmp_path / "a.npy").rename(tmp_path / "a.csv")
    assert table(str(tmp_path / "a.csv")) == points.tolist(), "the bytes tell, not the suffix"


def test_gaps_in_an_array_are_dropped_and_named(tmp_path):
    data = Selection(
        open_file(saved(tmp_path, "a.npy", np.array([[1, 2], [NAN, 3], [np.inf, 4]])))
    ).dataset()
    assert data.table.tolist() == [[1, 2]]
    assert data.notes()[0].startswith("2 rows of 3 dropped, the first is row 2")


@pytest.mark.parametrize(
    ("array", "says"),
    [
        (np.zeros((2, 2, 2)), "save one table of rows and columns"),
        (np.zeros((0, 2)), "is empty"),
        (np.array([[1, "a"]], dtype=object), "holds Python objects"),
        (np.array([[1j, 2]]), "complex numbers"),
        (np.array(5.0), "save one table of rows and columns"),
        (np.array([["a", "b"]]), "no column of numbers"),
    ],
)
def test_arrays_that_are_none(tmp_path, array, says):
    assert says in refusal(saved(tmp_path, "a.npy", array))


def test_archives_that_are_none(tmp_path):
    objects = np.array([{"a": 1}], dtype=object)
    assert "Python objects" in refusal(saved(tmp_path, "a.npz", X=objects))
    two = saved(tmp_path, "b.npz", a=np.zeros((2, 2)), b=np.zeros((3, 2)))
    assert "one table" in refusal(two)
    whole = (tmp_path / "b.npz").read_bytes()
    (tmp_path / "c.npz").write_bytes(whole[: len(whole) // 2])
    assert "damaged" in refusal(str(tmp_path / "c.npz"))
    with zipfile.ZipFile(tmp_path / "d.npz", "w") as archive:
        archive.writestr("X.npy", b"\x93NUMPY\x01\x00\x10\x00garbage")
    assert "damaged" in refusal(str(tmp_path / "d.npz"))


def test_an_array_that_promises_more_than_it_holds(tmp_path):
    with io.BytesIO() as file:
        header = {"descr": "<f8", "fortran_order": False, "shape": (10**9, 10**3)}
        np.lib.format.write_array_header_1_0(file, header)
        (tmp_path / "a.npy").write_bytes(file.getvalue() + bytes(80))
    assert "is cut short" in refusal(str(tmp_path / "a.npy"))


def test_a_pickle_is_not_run(tmp_path):
    class Bomb:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "ran"),)

    assert "Python objects" in refusal(
        saved(tmp_path, "a.npy", np.array([Bomb(), Bomb()], dtype=object))
    )
    assert not (tmp_path / "ran").exists()


# Typed files.


def query(sql):
    import duckdb

    duckdb.connect(":memory:").execute(sql)


def test_parquet_with_every_type(tmp_path):
    path = tmp_path / "a.parquet"
    query(
        f"""COPY (SELECT * FROM (VALUES
        (1.5::DOUBLE, 2::INT, 'a', {{'q': 1}}, [1, 2], DATE '2020-01-01', true, 1.25::DECIMAL(5,2)),
        (2.5, 3, 'b', {{'q': 2}}, [3], DATE '2020-01-02', false, 2.25),
        (NULL, 4, NULL, NULL, NULL, NULL, NULL, 3.25)) t(x, n, s, nested, many, day, yes, money))
        TO '{path}'"""
    )
    data = Selection(open_file(str(path))).dataset()
    assert data.features == ("x", "n", "money")
    assert data.table.tolist() == [[1.5, 2, 1.25], [2.5, 3, 2.25]]
    assert data.notes() == [
        "1 row of 3 dropped, the first is row 3: values missing in x 1.",
        "nested, many: nested values, kept as labels.",
        "s, nested, many, yes: text, kept as labels.",
        "day: dates, kept as labels.",
    ]
    assert data.labels["s"].tolist() == ["a", "b"]


def test_parquet_with_quotes_in_its_names(tmp_path):
    path = tmp_path / "a.parquet"
    query(f"""COPY (SELECT 1 AS "a""b; DROP", 2 AS "c'd") TO '{path}'""")
    data = Selection(open_file(str(path))).dataset()
    assert data.columns == ('a"b; DROP', "c'd")
    assert data.table.tolist() == [[1, 2]]


@pytest.mark.parametrize("content", [b"PAR1garbagePAR1", b"PAR1", b"x,y\n1,2\n", bytes(50)])
def test_parquet_that_is_none(put, content):
    assert "damaged or not a Parquet file" in refusal(put(content, "a.parquet"))


def test_parquet_cut_short(tmp_path, put):
    path = tmp_path / "a.parquet"
    query(f"COPY (SELECT range AS x, random() AS y FROM range(10000)) TO '{path}'")
    assert "damaged" in refusal(put(path.read_bytes()[:5000], "b.parquet"))


def test_json_lines(put):
    lines = '{"x": 1, "y": 2.5, "n": "a"}\n{"y": 3, "x": 9007199254740993}\n{"x": 1e400, "y": 1}\n'
    data = Selection(open_file(put(lines, "a.jsonl"))).dataset()
    assert data.table.tolist() == [[1, 2.5], [2.0**53, 3]]
    assert any("beyond 2^53" in note for note in data.notes())
    assert any("infinite in x 1, first row 3: '1e400'" in note for note in data.notes())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"x": 1}\n{"x": \n', "damaged or not JSON"),
        ("[1, 2]\n[3, 4]\n", "contains no objects"),
        ("1\n2\n", "contains no objects"),
        ('{"x": "a"}\n{"x": "b"}\n', "no column of numbers"),
        ("hello", "damaged or not JSON"),
    ],
)
def test_json_that_is_no_table(put, content, says):
    assert says in refusal(put(content, "a.jsonl"))


def test_a_json_list_and_nested_values(put):
    data = Selection(
        open_file(put('[{"x": 1, "p": {"a": 1}}, {"x": 2, "p": null}]', "a.json"))
    ).dataset()
    assert data.table.tolist() == [[1], [2]]
    assert data.labels["p"][0] == '{"a":1}'


def test_arrow_and_feather(tmp_path):
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import feather, ipc

    held = arrow.table({"x": [1.5, None, 3.5], "s": ["a", "b", "c"], "l": [[1], [2], [3]]})
    feather.write_feather(held, str(tmp_path / "a.feather"))
    with ipc.new_stream(str(tmp_path / "b.arrows"), held.schema) as stream:
        stream.write_table(held)
    for name in ("a.feather", "b.arrows"):
        data = Selection(open_file(str(tmp_path / name))).dataset()
        assert data.table.tolist() == [[1.5], [3.5]]
        assert data.labels["s"].tolist() == ["a", "c"]
        assert len(list(data.source.rows())) == 3
    (tmp_path / "c.arrow").write_bytes(b"ARROW1\0\0garbage")
    assert "damaged or not an Arrow file" in refusal(str(tmp_path / "c.arrow"))


def workbook(path, rows, title="first", more=()):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for name, others in more:
        other = book.create_sheet(name)
        for row in others:
            other.append(row)
    book.save(path)
    return str(path)


def test_workbooks(tmp_path):
    pytest.importorskip("python_calamine")
    import datetime

    rows = [["n", "x", "when", "ok"], ["a", 1.5, datetime.date(2024, 1, 2), True],
            ["b", None, None, False], ["c", 2, datetime.date(2024, 1, 4), True]]  # fmt: skip
    path = workbook(tmp_path / "a.xlsx", rows, more=[("second", [["x"], [7], [8]]), ("none", [])])
    data = Selection(open_file(path)).dataset()
    assert data.table.tolist() == [[1.5], [2]]
    assert data.row_numbers.tolist() == [1, 3]
    assert "when: dates, kept as labels." in data.notes()
    assert table(path, Dialect(sheet="second")) == [[7], [8]]
    assert table(path, Dialect(sheet="2")) == [[7], [8]]
    assert "did you mean second" in refusal(path, Dialect(sheet="secnd"))
    assert "sheet none of a.xlsx is empty: choose another" in refusal(path, Dialect(sheet="none"))
    cut = tmp_path / "b.xlsx"
    cut.write_bytes((tmp_path / "a.xlsx").read_bytes()[:2000])
    assert "damaged or not a workbook" in refusal(str(cut))
    (tmp_path / "c.xlsx").write_bytes(b"x,y\n1,2\n")
    assert "damaged or not a workbook" in refusal(str(tmp_path / "c.xlsx"))


@pytest.mark.parametrize(("name", "extra"), [("python_calamine", "excel"), ("pyarrow", "arrow")])
def test_a_reader_that_is_not_installed_is_named(put, monkeypatch, name, extra):
    monkeypatch.setitem(sys.modules, name, None)
    path = put(
        b"PK\3\4" if extra == "excel" else b"ARROW1", f"a.{'xlsx' if extra == 'excel' else 'arrow'}"
    )
    assert f"pip install 'kmeans-tui[{extra}]'" in refusal(path)


# Standard input, gzip, and the command.


def test_gzip_is_unpacked(put):
    assert table(put(gzip.compress(b"x,y\n1,2\n"), "a.csv.gz")) == [[1, 2]]
    assert table(put(gzip.compress(b'{"x": 1}\n{"x": 2}\n'), "a.jsonl.gz")) == [[1], [2]]


def test_standard_input(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"x,y\n1,2\n3,4\n5,6\n")))
    assert main(["run", "-", "-k", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["data"]["name"] == "stdin"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert main(["run", "-"]) == 1
    assert (
        capsys.readouterr().err
        == "kmeans-tui: standard input is empty: there is nothing to cluster\n"
    )


def test_every_refusal_of_the_command_is_one_line_and_code_1(put, capsys):
    for content, says in REFUSED.values():
        assert main(["run", put(content)]) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") == 1
        assert says in err


def test_nothing_is_left_in_the_folder_or_beside_it(put, tmp_path):
    for name in ("a.csv.gz", "a[1].csv.gz"):
        path = put(gzip.compress(b"x,y\n1,2\n3,4\n5,6\n"), name)
        done = subprocess.run(
            [sys.executable, "-m", "kmeans_tui", "run", path, "-k", "2"],
            cwd=tmp_path,
            env={**os.environ, "TMPDIR": str(tmp_path)},
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.csv.gz", "a[1].csv.gz"]


def test_what_does_not_fit_is_said_before_it_is_tried(put, monkeypatch):
    monkeypatch.setattr("kmeans_tui.data.reading.memory.available", lambda: 50_000)
    said = refusal(put("x,y\n" + "1,2\n" * 10_000))
    assert "about 10,001 rows of 2 columns and needs about 0.5 MB" in said
    assert "0.1 MB are free" in said


@pytest.mark.parametrize(("shape", "extent"), [((9_000, 2), "9,000 rows of 2 columns"),
                                               ((9_000,), "9,000 rows of 1 column")])  # fmt: skip
def test_an_array_that_does_not_fit_is_told_by_its_shape(tmp_path, monkeypatch, shape, extent):
    path = saved(tmp_path, "a.npy", np.zeros(shape))
    monkeypatch.setattr("kmeans_tui.data.reading.memory.available", lambda: 50_000)
    with pytest.raises(DataError, match=f"has about {extent} and"):
        open_file(path)


def test_reading_tells_how_far_it_is_and_stops(put):
    path = put("x,y\n" + "1.2345,2.3456\n" * 400_000)
    heard = []

    def stop(done, size):
        heard.append((done, size))
        return False

    with contextlib.suppress(DataError):
        open_file(path, listener=stop)
    assert all(0 <= done <= size == os.path.getsize(path) for done, size in heard)
    packed = put(gzip.compress(b"x,y\n" + b"1,2\n" * 400_000), "a.csv.gz")
    with pytest.raises(DataError, match=r"reading a\.csv\.gz was stopped"):
        open_file(packed, listener=lambda done, size: False)
