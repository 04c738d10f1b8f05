"""Tables written in many ways come back as the numbers that were written."""

import csv
import io

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kmeans_tui.data.reading.files import open_file
from kmeans_tui.data.selection import Selection

numbers = st.floats(-1e6, 1e6).map(lambda value: round(value, 4)) | st.integers(-999, 999).map(
    float
)
words = st.text("ab cdé'\"\n;,|", min_size=1, max_size=8).map(lambda word: f"w{word}w")


@st.composite
def tables(draw):
    """Rows of numbers (None where missing), a label for each, and how they are written."""
    width = draw(st.integers(1, 4))
    rows = draw(st.lists(st.tuples(*[st.none() | numbers] * width), min_size=3, max_size=30))
    # A column of gaps alone, or a row of them, is another matter.
    rows = [tuple(0.5 if cell is None else cell for cell in rows[0]), *rows[1:]]
    labels = draw(st.lists(words, min_size=len(rows), max_size=len(rows)))
    decimal = draw(st.sampled_from(".,"))
    separator = draw(st.sampled_from(";\t|" if decimal == "," else ",;\t|"))
    return rows, labels, {
        "decimal": decimal,
        "separator": separator,
        "header": draw(st.booleans()),
        "missing": draw(st.sampled_from(["", "NA", "n/a", "?", "-", "NULL"])),
        "quoting": draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        "ends": draw(st.sampled_from(["\n", "\r\n"])),
        "encoding": draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"])),
        "label first": draw(st.booleans()),
    }  # fmt: skip


def written(rows, labels, how):
    text = io.StringIO()
    writer = csv.writer(
        text, delimiter=how["separator"], quoting=how["quoting"], lineterminator=how["ends"]
    )

    def cell(value):
        if value is None:
            return how["missing"]
        # One number in each column says which the decimal mark is.
        return f"{value:.4f}".replace(".", how["decimal"])

    def line(label, cells):
        return [label, *cells] if how["label first"] else [*cells, label]

    if how["header"]:
        writer.writerow(line("name", [f"x{i}" for i in range(len(rows[0]))]))
    for row, label in zip(rows, labels, strict=True):
        writer.writerow(line(label, [cell(value) for value in row]))
    return text.getvalue().encode(how["encoding"])


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(tables())
def test_what_was_written_is_read(tmp_path, table):
    rows, labels, how = table
    path = tmp_path / "table.csv"
    path.write_bytes(written(rows, labels, how))
    source = open_file(str(path))
    expected = np.array([[np.nan if v is None else v for v in row] for row in rows])
    assert source.n == len(rows)
    np.testing.assert_array_equal(source.numbers, expected)
    (text,) = source.texts.values()
    # In a file of two encodings or kinds of line ends only these are made one.
    assert [each.replace("\r\n", "\n") for each in text] == labels
    kept = ~np.isnan(expected).any(axis=1)
    data = Selection(source).dataset()
    np.testing.assert_array_equal(data.table, expected[kept])
    assert data.row_numbers.tolist() == (np.flatnonzero(kept) + 1).tolist()
