"""Points as text and as small files: what is written is what is read, and bad input is refused."""

import argparse
import os
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmeans_tui.command import GIVEN, Options
from kmeans_tui.given_points import GivenPoints, UnusablePointsFile, given_points
from kmeans_tui.shell_command import to_command
from tests.test_command import read

values = st.floats(-1e150, 1e150, allow_nan=False)
tables = st.integers(1, 4).flatmap(
    lambda d: st.lists(st.tuples(*[values] * d), min_size=1, max_size=5).map(tuple)
)
columns = st.text("ab ,:\"'é;", min_size=1, max_size=6).filter(lambda name: name == name.strip())


@given(tables, st.data())
def test_points_read_back_as_they_are_written(rows, data):
    d = len(rows[0])
    names = data.draw(st.just(()) | st.lists(columns, min_size=d, max_size=d).map(tuple))
    points = GivenPoints(rows, names)
    assert given_points(str(points)) == points


@given(tables)
def test_the_command_of_a_given_start_reads_back(rows):
    options = Options("iris", k=len(rows), init=GIVEN, centroids=GivenPoints(rows))
    for verbs in ((), ("run",)):
        words = shlex.split(to_command(options, *verbs))[1 + len(verbs) :]
        assert "-k" not in words
        assert "--init" not in words
        assert read(words, *verbs) == options


def test_another_start_leaves_the_given_one_out():
    options = Options(k=2, init="k-means++", centroids=GivenPoints(((1.0, 2.0), (3.0, 4.0))))
    assert to_command(options) == "kmeans-tui blobs -k 2 --init k-means++ --seed 42"
    assert "--centroids '1,2 3,4'" in to_command(options, "report")


@pytest.mark.parametrize(
    ("text", "rows", "names"),
    [
        ("1,2 3.5,-4", ((1, 2), (3.5, -4)), ()),
        ("1,2;3,4", ((1, 2), (3, 4)), ()),
        ("7", ((7,),), ()),
        (" -1e3,2 ", ((-1000, 2),), ()),
        ("x,y: 1,2 3,4", ((1, 2), (3, 4)), ("x", "y")),
        ('"a,b",c: 1,2', ((1, 2),), ("a,b", "c")),
        ("a:b,c: 1,2", ((1, 2),), ("a:b", "c")),
    ],
)
def test_points_in_a_word(text, rows, names):
    assert given_points(text) == GivenPoints(rows, names)


@pytest.mark.parametrize(
    "text",
    ["1,2 3", "1,,2", "nan,1", "1,inf", "1e200,1", "1e400,1", "x: 1,2", ": 1,2", "1-2,3", "1,2,",
     "1,2 " * 4000],
)  # fmt: skip
def test_what_is_no_list_of_points(text):
    with pytest.raises(argparse.ArgumentTypeError):
        given_points(text)


@pytest.mark.parametrize(
    ("content", "rows", "names"),
    [
        ("1,2\n3,4\n", ((1, 2), (3, 4)), ()),
        ("x,y\n1,2\n3,4", ((1, 2), (3, 4)), ("x", "y")),
        ("\ufeffx;y\r\n1,5;2\r\n3;4,25\r\n", ((1.5, 2), (3, 4.25)), ("x", "y")),
        ("1,5;2\n", ((1.5, 2),), ()),
        ("x\ty\n1\t2\n", ((1, 2),), ("x", "y")),
        ("name,x,y\nfirst,1,2\nsecond,3,4\n\n", ((1, 2), (3, 4)), ("x", "y")),
        ("5\n6\n", ((5,), (6,)), ()),
    ],
)
def test_points_in_a_file(content, rows, names, tmp_path):
    path = tmp_path / "start.csv"
    path.write_text(content, encoding="utf-8")
    assert given_points(str(path)) == GivenPoints(rows, names)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"x,y\n", "there is no point"),
        (b"x,y\n1,2\n3\n", "row 2 of"),
        (b"x,y\n1,2\n3,oops\n", "row 2, column y"),
        (b"x,y\n1,2\n3,\n", "row 2, column y"),
        (b"x,y\n1,nan\n", "not finite"),
        (b"x,y\n1,1e200\n", "too large"),
        (b"\xff\xfe\x00\x01", "not text in UTF-8"),
        (b"1,2\n" * 5000, "the limit is"),
        (b"1," * 600_000, "larger than a megabyte"),
        (b'"' + b"1" * 200_000, "not CSV"),
        (b"\x1b[31mx,y\nno,no\n", "there is no point"),
    ],
)
def test_files_that_cannot_be_used(content, said, tmp_path):
    path = tmp_path / "start.csv"
    path.write_bytes(content)
    with pytest.raises(UnusablePointsFile, match=said) as refused:
        given_points(str(path))
    assert str(refused.value).isprintable()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_paths_that_are_no_files(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe, tmp_path / "none.csv", "a\0b", "\x1b[31m.csv", ""):
        with pytest.raises(UnusablePointsFile, match="cannot be read") as refused:
            given_points(str(path))
        assert str(refused.value).isprintable()


def test_values_belong_to_features():
    named = GivenPoints(((1, 2, 3),), ("b", "cluster", "A"))
    assert named.of(("a", "b"), "--centroids") == ((3, 1),)
    with pytest.raises(ValueError, match="no column 'c'"):
        named.of(("a", "c"), "--centroids")
    with pytest.raises(ValueError, match="two columns"):
        GivenPoints(((1, 2),), ("A", "A ")).of(("a",), "--add")
    plain = GivenPoints(((1, 2),))
    assert plain.of(("a", "b"), "--centroids") == ((1, 2),)
    with pytest.raises(ValueError, match="2 values for each point and needs 3 values"):
        plain.of(("a", "b", "c"), "--centroids")
