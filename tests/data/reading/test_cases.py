"""Tables that were once read wrongly, each with variants of its kind, as a user meets them."""

import csv
import gzip
import json
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kmeans_tui.cli import main
from kmeans_tui.data.columns import DataError, Question
from kmeans_tui.data.preparation import Preparation
from kmeans_tui.data.reading.dialect import Dialect
from kmeans_tui.data.reading.files import open_file
from kmeans_tui.data.reading.pixels import pixels
from kmeans_tui.data.selection import Selection

CASES = Path(__file__).parents[2] / "cases"
SEPARATORS = [",", ";", "\t", "|"]


def case(name):
    return str(CASES / name)


@pytest.fixture
def put(tmp_path):
    """Write a text or bytes to a file and return its path."""

    def write(content, name="table.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return str(path)

    return write


def data(path, dialect=None, **choices):
    return Selection(open_file(path, dialect), Preparation(**choices)).dataset()


def features(path, dialect=None, **choices):
    """What is clustered: a list of values by the name of each feature."""
    found = data(path, dialect, **choices)
    return {each: found.column(each).tolist() for each in found.features}


def run(capsys, *words):
    """Exit code, document or text, and what is said on stderr."""
    code = main(list(words))
    out, err = capsys.readouterr()
    return code, json.loads(out) if "--json" in words else out, err


# --- times and other cells with separators in them -----------------------------------------------


def test_times_and_counts():
    found = data(case("times_and_counts.csv"))
    assert found.features == ("count",)
    assert found.column("count")[:3].tolist() == [53, 62, 38]
    assert found.labels["time"][0] == "12:48:56"


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("rows", [3, 19, 20, 450])
@pytest.mark.parametrize(
    "cell",
    ["{:02}:48:56", "2024-01-02 {:02}:48:56", "00:1B:44:11:3A:{:02}", "chr{}:12345", "{}:07"],
)
def test_times_dates_and_addresses(put, separator, rows, cell):
    counts = [i * 7 % 23 // 2 for i in range(rows)]
    lines = [f"{cell.format(i % 22 + 1)}{separator}{count}" for i, count in enumerate(counts)]
    path = put(f"what{separator}count\n" + "\n".join(lines) + "\n")
    assert features(path) == {"count": counts}


# --- lines ---------------------------------------------------------------------------------------


def test_header_linebreak():
    found = data(case("header_linebreak.csv"))
    assert (found.n, found.features) == (6, ("height (cm)", "weight (kg)"))


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("inside", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_breaks_inside_quotes(put, bom, inside, end, separator):
    names = [f'"height{inside}(cm)"', f'"weight{inside}(kg)"', f'"what{inside}ever"']
    rows = [["153", "53", f'"a{inside}b"'], ["159", "52", "c"], ["171", "50", "d"]]
    path = put(bom + "".join(separator.join(row) + end for row in [names, *rows]))
    assert features(path) == {"height (cm)": [153, 159, 171], "weight (kg)": [53, 52, 50]}


def test_a_title_of_two_lines(put):
    path = put('"Heights\nof all","","" \r\n\r\nname,x,y\r\na,1,2\r\nb,3,4\r\nc,5,7\r\n')
    assert features(path) == {"x": [1, 3, 5], "y": [2, 4, 7]}


def test_vt_in_header():
    assert features(case("vt_in_header.csv")) == {"x (cm)": [1, 3, 5], "y": [2, 4, 7]}


@pytest.mark.parametrize("sign", ["\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_signs_that_end_no_line(put, sign, separator):
    lines = [f"x{sign}(cm)", "y", "note"], ["1", "2", f"a{sign}b"], ["3", "4", "c"]
    path = put("".join(separator.join(line) + "\n" for line in lines))
    assert features(path) == {"x (cm)": [1, 3], "y": [2, 4]}


def test_blank_before_quote():
    assert features(case("blank_before_quote.csv")) == {"x": [1, 3, 5], "y": [2, 4, 7]}


@pytest.mark.parametrize("blanks", [" ", "  ", "   "])
@pytest.mark.parametrize("separator", [",", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_blanks_before_quotes(put, blanks, separator, end):
    between = separator + blanks
    rows = [["x", "name", "y"], ["1", f'"Smith{separator} J"', "2"], ["3", '"Doe"', "4"]]
    path = put("".join(between.join(row) + end for row in rows))
    assert features(path) == {"x": [1, 3], "y": [2, 4]}


# --- names of rows -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["r_row_names.txt", "shuffled_index.csv"])
def test_names_of_rows(name):
    found = data(case(name))
    assert found.features == ("x", "y")
    assert found.labels["column 1"][1] in ("38", "3571")


@pytest.mark.parametrize("rows", [2, 5, 19, 20, 300])
@pytest.mark.parametrize("name", ["", "Unnamed: 0", "unnamed: 0", "row.names", "...1"])
@pytest.mark.parametrize("order", ["ascending", "shuffled", "drawn twice"])
def test_an_index(put, rows, name, order):
    index = list(range(rows))
    if order != "ascending":
        random.Random(1).shuffle(index)
    if order == "drawn twice":
        index[0] = index[-1]
    lines = [f"{i},{i % 7 + 0.5},{i % 5 + 0.25}" for i in index]
    assert tuple(features(put(f"{name},x,y\n" + "\n".join(lines)))) == ("x", "y")


@pytest.mark.parametrize("separator", [" ", "\t", ",", ";"])
@pytest.mark.parametrize("quote", ['"', ""])
@pytest.mark.parametrize("rows", [3, 40])
def test_row_names_of_r(put, separator, quote, rows):
    header = separator.join(f"{quote}{each}{quote}" for each in ("x", "y"))
    lines = [
        separator.join([f"{quote}{i * 37 % 997}{quote}", f"{i % 7 + 0.5}", f"{i % 5 + 0.25}"])
        for i in range(rows)
    ]
    found = data(put("\n".join([header, *lines]), "table.txt"))
    assert found.features == ("x", "y")
    assert found.n == rows


# --- short rows ----------------------------------------------------------------------------------


def test_last_cells_omitted():
    found = data(case("last_cells_omitted.csv"))
    assert (found.n, found.source.names) == (60, ("name", "x", "y", "comment"))
    assert [each for each in found.labels["comment"] if each] == ["checked"] * 3


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("share", [2, 3, 10, 60])
def test_omitted_labels_cost_no_row_and_no_name(put, separator, share):
    lines = ["name,x,y,comment,more"]
    lines += [
        f"n{i},{i * i},{i * 7 % 16}" + (",seen,it" if i % share == 1 else "") for i in range(60)
    ]
    found = data(put("\n".join(lines).replace(",", separator)))
    assert found.source.names == ("name", "x", "y", "comment", "more")
    assert found.n == 60


def test_a_few_short_rows_are_named(put):
    found = data(put("x,y,z\n" + "1,2,3\n" * 9 + "4,5\n" + "6,7,8\n" * 9))
    assert found.n == 18
    assert found.notes()[0] == "1 row dropped for the wrong number of cells: row 10 has 2, not 3."


@pytest.mark.parametrize("given", ["x,y\n1,5,2,5\n3,5,4,5\n", "t:n\n12:48:56:17\n01:16:32:43\n"])
def test_names_that_do_not_fit_are_no_note_above(put, given):
    with pytest.raises(DataError, match="the line above the first row has 2 names"):
        data(put(given))


# --- one column ----------------------------------------------------------------------------------


def test_one_column_decimal_comma():
    assert features(case("one_column_decimal_comma.csv")) == {"x": [1.5, 2.5, 3.75, 9.25]}


@pytest.mark.parametrize("name", ["x", "height (cm)", '"Größe"'])
@pytest.mark.parametrize("rows", [2, 20, 300])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_one_column_of_fractions(put, name, rows, end):
    values = [i % 13 + 0.25 * (i % 4) for i in range(rows)]
    cells = [f"{value}".replace(".", ",") for value in values]
    path = put(end.join([name, *cells]) + end)
    assert list(features(path).values()) == [values]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (["1,5", "2,5", "3,75"], "--decimal ,"),
        (["1,234", "5,678", "9,012"], "--thousands ,"),
        (["1 234", "5 678", "9 012"], "--thousands ' '"),
        (["x", "1,234", "5,678"], "--thousands ,"),
        (["x", "1.234", "983", "5.678"], "--thousands ."),
        (["12:30", "13:45", "14:00"], "no column of numbers"),
        (["t", "12:30", "13:45", "14:00"], "no column of numbers"),
    ],
)
def test_one_column_is_never_cut_in_silence(put, cells, says):
    with pytest.raises(DataError) as refused:
        data(put("\n".join(cells)))
    assert says in str(refused.value)


# --- what the first lines say --------------------------------------------------------------------


def test_sep_line():
    assert features(case("sep_line.csv")) == {"x": [1.5, 2.5, 4.5], "y": [2, 3, 9]}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", ":"])
@pytest.mark.parametrize("columns", [2, 3])
@pytest.mark.parametrize("start", ["sep={}\n", "sep={}\r\n", "\ufeffSEP={}\n", '"sep={}"\n'])
def test_sep_lines(put, separator, columns, start):
    rows = [["x", "y", "z"], ["1.5", "2", "3"], ["2.5", "3", "4"]]
    end = "\r\n" if "\r" in start else "\n"
    text = "".join(separator.join(row[:columns]) + end for row in rows)
    found = features(put(start.format(separator) + text))
    assert found == {"x": [1.5, 2.5], "y": [2, 3], **({"z": [3, 4]} if columns == 3 else {})}


def test_hash_header():
    assert features(case("hash_header.csv")) == {"height": [1, 3, 5], "weight": [2, 4, 6]}


@pytest.mark.parametrize("mark", ["# ", "#", "## ", "% ", "%"])
@pytest.mark.parametrize("separator", [",", ";", "\t", " "])
@pytest.mark.parametrize("above", ["", "# made by hand\n"])
def test_names_in_a_comment(put, mark, separator, above):
    names = separator.join(("height", "weight"))
    path = put(f"{above}{mark}{names}\n1{separator}2\n3{separator}4\n")
    assert features(path) == {"height": [1, 3], "weight": [2, 4]}


def test_a_comment_that_names_nothing(put):
    assert tuple(features(put("# by hand, in May, twice\n1,2\n3,4\n"))) == ("column 1", "column 2")


def test_notes_above():
    found = data(case("notes_above.csv"))
    assert found.features == ("milk", "fresh")
    assert "3 lines above the table skipped, the first is" in found.notes()[0]


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize(
    "notes",
    [
        ["Customers,,"],
        ["Customers,,", ",,"],
        ["Customers,,", "Source: survey,,unit: EUR", ",,"],
        [",,", "Customers,,", ",,"],
        ["Customers,2024,", "by hand,,"],
    ],
)
def test_notes_as_wide_as_the_table(put, separator, notes):
    rows = [f"a{i},{i * 3 % 11},{i * 5 % 7}" for i in range(12)]
    text = "\n".join([*notes, "name,milk,fresh", *rows]).replace(",", separator)
    found = data(put(text))
    assert found.features == ("milk", "fresh")
    assert found.n == 12
    assert found.notes()


@pytest.mark.parametrize(
    "top",
    [
        "name,milk,fresh\n", ",milk,fresh\n", "name,,fresh\n", "cm,,\nname,milk,fresh\n",
    ],
)  # fmt: skip
def test_an_incomplete_header_is_no_note(put, top):
    found = data(put(top + "".join(f"a{i},{i * 3 % 11},{i * 5 % 7}\n" for i in range(12))))
    assert found.n == 12
    assert len(found.features) == 2


@pytest.mark.parametrize(
    ("dialect", "rows"),
    [
        (Dialect(skip=3), 24),
        (Dialect(header_row=4), 24),
        (Dialect(header_row=4, skip=1), 24),
        (Dialect(skip=4, header=False), 24),
    ],
)
def test_the_first_lines_as_the_user_says(dialect, rows):
    found = data(case("notes_above.csv"), dialect)
    assert found.n == rows


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--skip", "300"], "--skip 300 leaves no line"),
        (["--header-row", "300"], "line 300, given by --header-row, does not exist"),
        (["--header-row", "3"], "holds no name"),
    ],
)
def test_lines_that_are_not_there(capsys, flags, says):
    code, _, err = run(capsys, "run", case("notes_above.csv"), *flags)
    assert code == 1
    assert says in err
    assert err.count("\n") == 1


def test_a_workbook_counts_the_rows_of_its_sheet(tmp_path, capsys):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B2"] = "Customers, 2024"
    for row, cells in enumerate([["x", "y"], [1, 2], [3, 4], [5, 7]], 5):
        sheet.cell(row, 2, cells[0])
        sheet.cell(row, 3, cells[1])
    path = str(tmp_path / "book.xlsx")
    book.save(path)
    for dialect in (Dialect(), Dialect(skip=4), Dialect(skip=2), Dialect(header_row=5)):
        assert features(path, dialect) == {"x": [1, 3, 5], "y": [2, 4, 7]}
    code, _, err = run(capsys, "run", path, "--header-row", "4")
    assert code == 1
    assert "row 4 of the sheet, given by --header-row, is blank" in err


def test_two_sheets(capsys):
    code, text, _ = run(capsys, "run", case("two_sheets.xlsx"), "-k", "2")
    assert code == 0
    assert "not 'February': --sheet February reads another" in text
    assert "February" not in run(capsys, "run", case("two_sheets.xlsx"), "--sheet", "1")[1]


# --- kinds of files ------------------------------------------------------------------------------


def test_json_case():
    assert features(case("json_case.jsonl")) == {"x": [1, 3, 9], "X": [20, 40, 10]}


@pytest.mark.parametrize("keys", [("x", "X"), ("id a", "ID A"), ("a.b", "A.b"), ('q"', 'Q"')])
@pytest.mark.parametrize("form", ["lines", "list", "swapped"])
def test_keys_that_differ_in_case(put, keys, form):
    rows = [{keys[0]: 1.5, keys[1]: 20}, {keys[0]: 3, keys[1]: 40}, {keys[0]: 9, keys[1]: 10}]
    if form == "swapped":
        rows = [dict(reversed(row.items())) for row in rows]
    text = json.dumps(rows) if form == "list" else "\n".join(map(json.dumps, rows))
    found = features(put(text, "table.json"))
    assert {name: found[name] for name in keys} == {keys[0]: [1.5, 3, 9], keys[1]: [20, 40, 10]}


@pytest.mark.parametrize("names", [("x", "X"), ("x", "X", "x_1"), ("x_1", "X_1", "y"), ("é", "É")])
@pytest.mark.parametrize("form", ["parquet", "feather"])
def test_columns_that_differ_in_case(tmp_path, names, form):
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import feather, parquet

    rows = {name: [1.5 + i, 3.0, 9.25 * i] for i, name in enumerate(names)}
    # What a column holds inside is no column.
    rows["inside"] = [{"x": 1.0, "deep": {"y": 2.0}}] * 3
    rows["last"] = [0.5, 1.5, 3.5]
    path = tmp_path / f"t.{form}"
    write = parquet.write_table if form == "parquet" else feather.write_feather
    write(arrow.table(rows), path)
    found = features(str(path))
    assert found == {name: rows[name] for name in (*names, "last")}


def test_utf16_no_bom(capsys):
    found = data(case("utf16_no_bom.csv"), Dialect(encoding="utf-16-le"))
    assert found.table.tolist() == [[1, 2], [3, 4], [5, 6]]


@pytest.mark.parametrize(
    "encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-16", "cp500", "utf-7",
                 "latin-1", "cp1252", "shift-jis", "utf-8-sig"],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_encoding_that_is_said_is_heard(put, encoding, end):
    path = put(end.join(["x,y", "1,2", "3,4", "5,6", ""]), encoding=encoding)
    assert features(path, Dialect(encoding=encoding)) == {"x": [1, 3, 5], "y": [2, 4, 6]}


def test_brace_first_cell():
    found = data(case("brace_first_cell.csv"))
    assert found.table.tolist() == [[1, 2], [3, 4], [5, 7]]


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt", "a.dat", "a"])
@pytest.mark.parametrize("first", ["{3F25-04E0}", "{a}", "[1]", "{x"])
def test_a_table_may_begin_with_a_brace(put, name, first):
    path = put(f"{first}\t1\t2\n{first}\t3\t4\n{first}\t5\t7\n", name)
    assert data(path).table.tolist() == [[1, 2], [3, 4], [5, 7]]


@pytest.mark.parametrize("name", ["a", "a.txt", "a.data"])
@pytest.mark.parametrize(
    "text", ['{"x": 1, "y": 2}\n{"x": 3, "y": 4}', '[{"x":1,"y":2},\n{"x":3,"y":4}]']
)
def test_json_is_known_by_its_beginning(put, name, text):
    assert features(put(text, name)) == {"x": [1, 3], "y": [2, 4]}


@pytest.mark.parametrize(
    "name", ["array.json", "json_case.jsonl", "times_and_counts.csv", "header_linebreak.csv"]
)
@pytest.mark.parametrize("packed", [False, True])
def test_standard_input_is_read_as_the_file(name, packed):
    content = (CASES / name).read_bytes()
    given = gzip.compress(content) if packed else content
    command = [sys.executable, "-m", "kmeans_tui", "run", "-k", "2", "--json"]
    piped = subprocess.run([*command, "-"], input=given, capture_output=True, check=True)
    alone = subprocess.run([*command, case(name)], capture_output=True, check=True)
    assert json.loads(piped.stdout)["centroids"] == json.loads(alone.stdout)["centroids"]


def test_all_null_parquet(capsys):
    code, text, _ = run(capsys, "run", case("all_null.parquet"), "-k", "2")
    assert code == 0
    assert "n: no value at all, left out." in text


# --- notations -----------------------------------------------------------------------------------


def test_swiss_2019():
    assert features(case("swiss_2019.csv"))["x"] == [1234.5, 2.5, 12000]


@pytest.mark.parametrize("mark", ["’", "'", "\u202f", "\u00a0", "\u2009", " "])
@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_marks_of_thousands(put, mark, decimal, separator):
    cells = [f"1{mark}234.50", "2.5", f"12{mark}000", f"-1{mark}234{mark}567.25", "7"]
    lines = [f"{cell.replace('.', decimal)}{separator}{i}" for i, cell in enumerate(cells)]
    path = put(f"x{separator}y\n" + "\n".join(lines))
    assert features(path)["x"] == [1234.5, 2.5, 12000, -1234567.25, 7]


def test_german_thousands(capsys):
    code, _, err = run(capsys, "run", case("german_thousands.csv"))
    assert code == 1
    assert "'23.162' may have a decimal or a thousands mark" in err
    assert "add --decimal . or --thousands ." in err
    assert data(case("german_thousands.csv"), Dialect(decimal=".")).column("umsatz")[1] == 23.162
    assert data(case("german_thousands.csv"), Dialect(thousands=".")).column("umsatz")[1] == 23162


@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize("mark", [".", ","])
@pytest.mark.parametrize("rows", [3, 20, 300])
def test_thousands_beside_hundreds_are_a_question(put, separator, mark, rows):
    cells = [str(100 + i) if i % 3 == 0 else f"{i % 99 + 1}{mark}{100 + i}" for i in range(rows)]
    path = put(f"x{separator}y\n" + "\n".join(f"{c}{separator}{i}" for i, c in enumerate(cells)))
    with pytest.raises(Question) as asked:
        data(path)
    assert [*asked.value.readings] == [{"decimal": mark}, {"thousands": mark}]


@pytest.mark.parametrize(
    "cells",
    [
        ["0.162", "3.759", "5.766"],
        ["1.162", "3.759", "5.766"],
        ["23.162", "983", "2.5"],
        ["23.162", "983", "2.50"],
        ["23.1620", "983", "2"],
        ["-0.162", "983", "23.162"],
        ["1e3", "23.162", "983", "1.5"],
        ["983.000", "23.162", "4.597"],
    ],
)
def test_decimals_that_are_sure(put, cells):
    lines = [f"{cell},{i}" for i, cell in enumerate(cells)]
    assert features(put("x,y\n" + "\n".join(lines)))["x"] == list(map(float, cells))


def test_negative_in_parentheses():
    found = data(case("negative_in_parentheses.csv"))
    assert found.column("profit")[:2].tolist() == [-498, 813]
    assert any("in parentheses is negative" in each for each in found.notes())


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["(498)", "813", "(20)"], [-498, 813, -20]),
        (["(498.5)", "813", "2.25"], [-498.5, 813, 2.25]),
        (["($498)", "$813", "$20"], [-498, 813, 20]),
        (["$(498)", "$813", "$20"], [-498, 813, 20]),
        (["(1,498.50)", "813.25", "20"], [-1498.5, 813.25, 20]),
        (["( 498 )", "813", "20"], [-498, 813, 20]),
        (["(4%)", "8%", "2%"], [-4, 8, 2]),
        (["(1 498)", "12 813", "20"], [-1498, 12813, 20]),
    ],
)
@pytest.mark.parametrize("late", [False, True])
def test_parentheses(put, cells, values, late):
    given, right = cells, values
    if late:
        plain = {"$": "${}", "%": "{}%"}.get(next((s for s in "$%" if s in cells[1]), ""), "{}")
        given = [plain.format(i % 90) for i in range(600)] + cells
        right = [i % 90 for i in range(600)] + values
    path = put("x;y\n" + "\n".join(f"{c};{i % 7}" for i, c in enumerate(given)))
    if late and any(mark in cells[0] for mark in (",", " 4")) and cells[0] != "( 498 )":
        # Thousands as well, of which the first rows say nothing.
        with pytest.raises(DataError, match="column x"):
            data(path)
    else:
        assert features(path)["x"] == right


@pytest.mark.parametrize(
    "cells",
    [
        ["45K", "12K", "7K"], ["$1.2B", "$3B", "$450M"], ["1,99", "1.99", "2.99", "3,49"],
        ["5 cm", "7 cm", "12 cm"], ["12", "45K", "7", "3M"], ["1.2e", "3kg", "4kg", "5kg"],
        ["3 mio", "4 mio", "12 mio"], ["10 %", "5 kg", "7 €", "12"], ["1,5M", "2,5M", "3,5M"],
        ["7", "8", "9", "1h", "2h", "3h", "4min"],
    ],
)  # fmt: skip
def test_amounts_never_become_text_in_silence(put, cells):
    many = [*cells * 5]
    path = put("x;y\n" + "\n".join(f"{cell};{i % 7}" for i, cell in enumerate(many)))
    source = open_file(path)
    if source.column("x").kind == "number":
        with pytest.raises(DataError, match="column x"):
            Selection(source).dataset()
    else:
        told = Selection(source).dataset().notes()
        assert any(each.startswith("x is kept as text") for each in told)


# --- labels --------------------------------------------------------------------------------------


def test_duplicate_id():
    found = data(case("duplicate_id.csv"))
    assert "CustomerID" not in found.features
    told = "CustomerID identifies rows more than once: 200 appears again in row 201."
    assert found.notes()[0] == told


def test_sampled_id():
    assert "CustomerID" not in data(case("sampled_id.csv")).features


@pytest.mark.parametrize(
    "name", ["id", "ID", "CustomerID", "customer_id", "userid", "UserId", "AccountNo", "zip", "Zip",
             "zipCode", "phone", "PHONE", "order-id", "uuid", "passengerId", "postcode"],
)  # fmt: skip
@pytest.mark.parametrize("damage", ["none", "repeated", "empty"])
def test_ids_are_labels(put, name, damage):
    ids = [str(10_000 + i * 7919 % 86_243) for i in range(60)]
    ids[40] = {"none": ids[40], "repeated": ids[3], "empty": ""}[damage]
    found = data(
        put(f"{name},x,y\n" + "\n".join(f"{c},{i % 7}.5,{i % 5}" for i, c in enumerate(ids)))
    )
    assert (found.features, found.n) == (("x", "y"), 60)
    assert [each or "" for each in found.labels[name]] == ids
    told = [each for each in found.notes() if "identifies rows more than once" in each]
    assert bool(told) == (damage == "repeated")


def test_date_as_number():
    found = data(case("date_as_number.csv"))
    assert found.features == ("sales", "visits")
    assert found.labels["day"][0] == "20230101"
    assert "day: dates, kept as labels." in found.notes()


def exported(tmp_path, *words):
    assert main(["export", *words, "--out", str(tmp_path)]) == 0


def test_leading_zeros_through_a_recorded_run(tmp_path):
    exported(
        tmp_path, case("leading_zeros.csv"), "--features", "latitude,longitude", "--what", "run"
    )
    exported(tmp_path, str(tmp_path / "run.json"), "--what", "labels")
    with (tmp_path / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    with open(case("leading_zeros.csv"), newline="") as file:
        came = list(csv.DictReader(file))
    for column in ("zip_code", "city", "state", "county"):
        assert [row[column] for row in rows] == [row[column] for row in came]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("zip", ["00501", "00544", "12345"]),
        ("code", ["007", "008", "123"]),
        ("id", ["1", "02", "003"]),
        ("id", ["1.0", "2.0", "3.0"]),
        ("id", ["1e3", "2e3", "3e3"]),
        ("day", ["20230101", "20230102", "20230103"]),
        ("day", ["2023-01-01", "01/02/2023", "2023-1-3"]),
        ("phone", ["+491234567", "0049123456", "123"]),
        ("id", ["12345678901234567890", "12345678901234567891", "7"]),
        ("label", [" a", "b  ", "Ünïc\u2028öde"]),
        ("label", ['say ""hi""', "a'b", "=1+1"]),
        ("time", ["01:02:03", "1:02", "23:59:59.5"]),
    ],
)
def test_labels_come_back_to_the_byte(put, tmp_path, name, cells):
    rows = "".join(f'"{cell}",{i % 3}.5,{i % 2}.25\n' for i, cell in enumerate(cells * 8))
    path = put(f"{name},x,y\n{rows}")
    exported(tmp_path, path, "--features", "x,y", "--what", "run", "-k", "2")
    exported(tmp_path, str(tmp_path / "run.json"), "--what", "labels")
    with (tmp_path / "labels.csv").open(newline="", encoding="utf-8") as file:
        came = [row[name] for row in csv.DictReader(file)]
    assert came == [each.replace('""', '"') for each in cells * 8]


# --- missing values and what a column costs ------------------------------------------------------


def test_sentinel(capsys):
    code, text, _ = run(capsys, "run", case("sentinel.csv"), "--na=-999.0")
    assert code == 0
    assert "9 rows of 100 dropped" in text
    assert run(capsys, "run", case("sentinel.csv"))[1].count("temp is -999 in 9 rows") == 1
    filled = data(case("sentinel.csv"), Dialect(missing_marks=("-999",)), missing="median")
    assert filled.n == 100
    assert filled.column("temp").min() > -100


@pytest.mark.parametrize("mark", ["-999", "-999.0", "-999.00", "-9.99e2", " -999 "])
@pytest.mark.parametrize("cell", ["-999", "-999.0", "-999.000", "-9.99e2"])
@pytest.mark.parametrize("decimal", [".", ","])
def test_a_mark_that_is_a_number_is_that_number(put, mark, cell, decimal):
    cells = [cell if i % 10 == 0 else f"{i % 17}.5" for i in range(40)]
    path = put(
        "x;y\n" + "\n".join(f"{c};{i % 7}" for i, c in enumerate(cells)).replace(".", decimal)
    )
    assert data(path, Dialect(missing_marks=(mark,))).n == 36


def test_constant_costs_rows():
    found = data(case("constant_costs_rows.csv"))
    assert found.n == 300
    assert "has_urgency_banner" not in found.features
    assert any("only one value, and none in 206 rows" in each for each in found.notes())
    assert data(case("constant_costs_rows.csv"), features=("price", "5")).n == 94


def test_the_cost_of_each_column_in_rows(put):
    rows = [f"{i % 7 if i % 4 else ''},{i % 5 if i % 10 else ''},{i % 3}" for i in range(1, 41)]
    told = data(put("a,b,c\n" + "\n".join(rows))).notes()[0]
    assert "values missing in a 10, b 4." in told
    assert "Rows that could be kept by leaving out a column: a 8, b 2." in told


def test_decides_alone(capsys):
    told = data(case("decides_alone.csv")).notes()[0]
    assert told.startswith("Fresh holds 45% of the total variance; next to it, Channel, Region")
    told = data(case("decides_alone.csv"), log=("Milk",)).notes()[0]
    assert told.startswith("Fresh holds 53% of the total variance")
    every = ("Fresh", "Milk", "Grocery", "Frozen", "Detergents_Paper", "Delicassen")
    quiet = data(case("decides_alone.csv"), features=every, log=every).notes()
    assert not any("total variance" in each for each in quiet)


# --- remarks -------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["run", "elbow", "seeds", "compare"])
def test_remarks_stand_wherever_numbers_do(capsys, command):
    words = [command, case("sentinel.csv"), "--na=-999.0", "-k", "2"]
    words += {"elbow": ["--k-max", "3", "--runs", "1"], "seeds": ["--seeds", "0-1"]}.get(
        command, []
    )
    _, text, _ = run(capsys, *words)
    assert "note: 9 rows of 100 dropped" in text
    _, found, _ = run(capsys, *words, "--json")
    assert found["remarks"][0].startswith("9 rows of 100 dropped")


# --- pictures ------------------------------------------------------------------------------------


def test_gray16_keeps_its_levels():
    assert len(np.unique(pixels(CASES / "gray16.png", "gray16").table)) == 256


@pytest.mark.parametrize("kind", ["png", "tiff"])
def test_shades_of_sixteen_bits(tmp_path, kind):
    shades = np.linspace(0, 65_535, 256).round().astype(np.uint16).reshape(16, 16)
    Image.fromarray(shades).save(tmp_path / f"a.{kind}")
    found = pixels(tmp_path / f"a.{kind}", "a").table[:, 0]
    assert found.tolist() == list(range(256))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["jpg", "png"])
def test_a_picture_is_turned_as_its_camera_says(tmp_path, orientation, kind):
    plain = Image.new("RGB", (24, 16), "white")
    plain.paste("red", (0, 0, 8, 8))
    exif = Image.Exif()
    exif[274] = orientation
    plain.save(tmp_path / f"a.{kind}", exif=exif)
    found = pixels(tmp_path / f"a.{kind}", "a")
    assert found.picture == ((16, 24) if orientation < 5 else (24, 16))
    height, width = found.picture
    seen = found.table.reshape(height, width, 3)
    # The corner at the upper left, in the turned picture.
    corner = {
        1: (2, 2),
        2: (2, -3),
        3: (-3, -3),
        4: (-3, 2),
        5: (2, 2),
        6: (2, -3),
        7: (-3, -3),
        8: (-3, 2),
    }
    assert seen[corner[orientation]][1] < 100
    assert seen[height // 2, width // 2][1] > 200


def test_phone(tmp_path):
    exported(tmp_path, f"image:{case('phone.jpg')}", "--what", "picture")
    assert Image.open(tmp_path / "picture.png").size == (40, 64)
