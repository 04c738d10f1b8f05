"""Lines: what ends one, outside quotes and inside."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmeans_tui.data.reading.lines import one_end, records

# Characters that str.splitlines takes for line ends, and a table does not.
NO_ENDS = ["\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]


def lines(text):
    return [line for line, _ in records(text)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("inside", ["\n", "\r\n", "\r", *NO_ENDS])
def test_a_break_inside_quotes_ends_no_line(end, inside):
    text = f'"h{inside}(cm)",y{end}1,2{end}3,"a{inside}{inside}b"{end}'
    assert records(text) == [
        (f'"h{inside}(cm)",y', end), ("1,2", end), (f'3,"a{inside}{inside}b"', end)
    ]  # fmt: skip


@pytest.mark.parametrize("sign", NO_ENDS)
def test_no_other_character_ends_one(sign):
    assert lines(f"x{sign}(cm),y\n1,2\n") == [f"x{sign}(cm),y", "1,2"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("\n\n", ["", ""]),
        ("a", ["a"]),
        ("a\r\nb\nc\rd", ["a", "b", "c", "d"]),
        ('5" pipe,1\n3" pipe,2\n', ['5" pipe,1', '3" pipe,2']),
        ('1, "a\nb", 2\n3,c\n', ['1, "a\nb", 2', "3,c"]),
        ('"a""\nb",1\n2,3\n', ['"a""\nb",1', "2,3"]),
        ('x;"a\nb"\n', ['x;"a\nb"']),
        ('x:"a\nb"\n1:2\n', ['x:"a\nb"', "1:2"]),
        ('x "a\nb"\n1 2\n', ['x "a\nb"', "1 2"]),
        ('x,"never closed\n1,2\n3,4\n', ['x,"never closed', "1,2", "3,4"]),
        ("# it's 5\" wide\n1,2\n", ["# it's 5\" wide", "1,2"]),
    ],
)
def test_lines(text, found):
    assert lines(text) == found


def test_as_many_as_wanted():
    assert records("a\nb\nc\n", 2) == [("a", "\n"), ("b", "\n")]


cells = st.text('ab,;"\n\r \v\u2028', max_size=6)


@given(
    st.lists(st.lists(cells, min_size=2, max_size=3), min_size=1, max_size=8),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_what_csv_writes_is_told_apart(rows, end):
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator=end).writerows(rows)
    assert [found for _, found in records(text.getvalue())] == [end] * len(rows)


@given(
    st.lists(st.tuples(cells, st.sampled_from(["\n", "\r\n", "\r"])), min_size=1, max_size=12),
    st.integers(1, 7),
)
def test_line_ends_are_made_one_whatever_the_blocks(rows, size):
    quoted = ['"' + cell.replace('"', '""') + '",1' for cell, _ in rows]
    text = "".join(line + end for line, (_, end) in zip(quoted, rows, strict=True))
    blocks = (text[at : at + size] for at in range(0, len(text), size))
    assert "".join(one_end(blocks)) == "".join(f"{line}\n" for line in quoted)
