"""Numbers as people write them: what is one, in Python and in SQL alike, and which marks."""

import pytest

from kmeans_tui.data.reading.notation import Ambiguous, Notation, is_infinite, marks, sign_of

PLAIN, GERMAN, SWISS = Notation(), Notation(",", "."), Notation(".", "'")
CELLS = {
    PLAIN: {
        "1": 1, "-1.5": -1.5, "+.5": 0.5, "5.": 5, "1e3": 1e3, "1.5E-2": 0.015, " 7\t": 7,
        **dict.fromkeys(("", "1,5", "1 000", "1_000", "0x1F", "1e", "e5", "--1", "٣", "5%", "$5")),
        **dict.fromkeys(("1.2.3", "one", "- 5", "5-", "1\u00a0", "nan", "true", "1d", ".", "+")),
    },
    GERMAN: {
        "1,5": 1.5, "1.234,5": 1234.5, "1.234.567": 1234567, "1234,5": 1234.5, ",5": 0.5,
        "12": 12, "-1.234": -1234, "1,5e3": 1500,
        **dict.fromkeys(("1.5", "1.23,4", "12.34.567", "1,234,5", "1.2345", "1,5.5")),
    },
    SWISS: {"1'234.5": 1234.5, "12.5": 12.5, "1'23": None, "1,5": None, "'234": None},
    Notation(".", ","): {"1,234.50": 1234.5, "1,234": 1234, "12,34": None, ",123": None},
    Notation(",", " "): {"1 234,5": 1234.5, "1\u202f234,5": 1234.5, "1  234": None, "1 23": None},
    Notation(sign="%"): {"45%": 45, "4.5 %": 4.5, "-3%": -3, "45": None, "%45": None, "$5": None},
    Notation(sign="$"): {"$5": 5, "-$5.5": -5.5, "$-5": -5, "5$": 5, "5": None, "€5": None},
    Notation(",", ".", "€"): {"1.234,50 €": 1234.5, "€1,5": 1.5, "1,5": None},
}  # fmt: skip


@pytest.fixture(scope="module")
def cast():
    """The number that the database makes of a cell."""
    import duckdb

    connection = duckdb.connect(":memory:")
    return lambda sql, cell: connection.execute(
        f"SELECT {sql} FROM (SELECT ? AS c)", [cell]
    ).fetchone()[0]


@pytest.mark.parametrize("notation", CELLS, ids=str)
def test_python_and_sql_agree_on_every_cell(notation, cast):
    for cell, value in CELLS[notation].items():
        assert notation.is_number(cell) == (value is not None), cell
        found = cast(notation.sql("c", underscores=True), cell)
        if cell == "nan":
            assert found != found, "the one word that the cast takes; looked at again by its text"
        else:
            assert found == value, cell


def test_a_notation_describes_itself():
    assert str(Notation(",", " ", "%")) == "decimal ',', thousands blank, the sign % removed"
    assert str(SWISS) == "decimal '.', thousands \"'\""


@pytest.mark.parametrize("cell", ["inf", "-Infinity", "+INF", "1e400", "-1e999", " inf "])
def test_infinite(cell):
    assert is_infinite(cell)


@pytest.mark.parametrize("cell", ["1e300", "nan", "information", "", "1e-400"])
def test_not_infinite(cell):
    assert not is_infinite(cell)


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ([["1.5", "2"]], (".", "")),
        ([["1,5", "2"]], (",", "")),
        ([["1,234.5"]], (".", ",")),
        ([["1.234,5"]], (",", ".")),
        ([["1.234.567"]], (",", ".")),
        ([["1,234,567"]], (".", ",")),
        ([["1 234,5"]], (",", " ")),
        ([["1'234.5"]], (".", "'")),
        ([["1,234"], ["3.5"]], (".", ",")),
        ([["1,234"], ["3,5"]], (",", "")),
        ([["1.234"], ["3,5"]], (",", ".")),
        ([["0,234"]], (",", "")),
        ([["1.234"]], (".", "")),
        ([["12.03.2024", "1.2.3.4", "a,b"]], (".", "")),
        ([["$1,234.50"]], (".", ",")),
        ([["45,5 %"]], (",", "")),
        ([[]], (".", "")),
    ],
)
def test_marks_are_guessed_from_cells_that_can_mean_one_thing(columns, found):
    assert marks(columns, None, None) == found


def test_a_cell_that_can_mean_two_things_is_a_question():
    with pytest.raises(Ambiguous, match="1,234"):
        marks([["12", "1,234"]], None, None)
    assert marks([["1,234"]], ",", None) == (",", "")
    assert marks([["1,234"]], None, ",") == (".", ",")
    assert marks([["1,234"]], ".", "") == (".", "")


def test_signs():
    assert sign_of(["5", "6%"]) == "%"
    assert sign_of(["-$5"]) == sign_of(["$ 5.5"]) == sign_of(["5 $"]) == "$"
    assert sign_of(["50 % off", "cost $", "a$5"]) == ""
