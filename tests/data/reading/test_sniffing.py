"""Layouts: separator, what stands above the table, whether there are names."""

import pytest

from kmeans_tui.data.reading.dialect import Dialect
from kmeans_tui.data.reading.sniffing import layout


def found(text, **dialect):
    return layout(text, Dialect(**dialect))


@pytest.mark.parametrize(
    ("text", "separator", "width"),
    [
        ("x,y\n1,2\n", ",", 2),
        ("x;y\n1,5;2,5\n", ";", 2),
        ("a;b;c\n1,5;2;x\n2,5;3;y\n", ";", 3),
        ("x\ty\n1\t2\n", "\t", 2),
        ("x|y\n1|2\n", "|", 2),
        ("1 2 3\n4 5 6\n", " ", 3),
        ("1:2\n3:4\n", ":", 2),
        ("day,x\n2024-01-01 10:00:00,1\n2024-01-02 11:00:00,2\n", ",", 2),
        ("name,v\na b,1\nc d,2\n", ",", 2),
        ('x,n\n1,"a;b;c"\n2,"d;e;f"\n', ",", 2),
        ("x\n1\n2\n", ",", 1),
        ("sepal length\n5.1\n4.9\n", ",", 1),
    ],
)
def test_separators(text, separator, width):
    laid = found(text)
    assert (laid.separator, laid.width) == (separator, width)


def test_runs_of_blanks_and_single_ones():
    assert not found("x y\n1 2\n").runs
    assert found("x  y\n1 2\n").runs
    assert found(" x y\n 1 2\n").runs


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x,y\n1,2\n", ("x", "y")),
        ("1,2\n3,4\n", None),
        ("5.1,setosa\n4.9,setosa\n", None),
        ("1e400,2\n3,4\n", None),
        ("NA,2\n1,3\n", None),
        ("name,2019,2020\nA,1.5,2\nB,3,4\n", ("name", "2019", "2020")),
        (",0,1\n0,5,6\n1,7,8\n", ("", "0", "1")),
        ("0,1,2\n5,6,7\n", None),
        ("a,b\nc,d\n", ("a", "b")),
        ("x,y\n", ("x", "y")),
        ("x\n1\n", ("x",)),
        ('"1,5";"x"\n2;y\n', None),
    ],
)
def test_names(text, names):
    laid = found(text)
    assert laid.names == names
    assert laid.header == (names is not None)


def test_a_header_may_be_decreed():
    assert found("1,2\n3,4\n", header=True).names == ("1", "2")
    assert found("x,y\n3,4\n", header=False).names is None


def test_what_stands_above():
    laid = found("# one\n# two, three\n\nx,y\n1,2\n")
    assert (laid.skipped, laid.above, laid.names) == (3, "# one", ("x", "y"))
    laid = found("Report of May\n\nx,y,z\n1,2,3\n4,5,6\n")
    assert (laid.skipped, laid.above) == (2, "Report of May")
    laid = found("x,y\na,1,2\nb,3,4\n")
    assert (laid.skipped, laid.header, laid.names) == (0, True, ("", "x", "y"))
    assert laid.row_names
    assert laid.above == ""
    laid = found("x,y\n1,2,\n3,4,\n")
    assert (laid.skipped, laid.names, laid.row_names) == (0, ("x", "y", ""), False)


def test_one_ragged_row_decides_nothing():
    laid = found("x,y,z\n1,2,3\n1,2\n4,5,6\n7,8,9,10\n11,12,13\n")
    assert (laid.width, laid.skipped, laid.names) == (3, 0, ("x", "y", "z"))


def test_nothing_to_lay_out():
    assert found("") is None
    assert found("# a\n\n# b\n") is None
    assert found("\n \n") is None
