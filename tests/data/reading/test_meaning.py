"""What columns mean: numbers with odd cells, dates, identifiers."""

import numpy as np
import pytest

from kmeans_tui.data.reading.meaning import (
    is_date_column,
    is_date_number,
    is_identifier,
    is_number_column,
    is_padded,
    lone_extreme,
    looks_like_amounts,
    looks_numeric,
    notation_of,
)
from kmeans_tui.data.reading.notation import Notation


def test_a_number_column_has_few_odd_cells_or_few_different_ones():
    assert is_number_column(100, {})
    assert is_number_column(100, {"oops": 1})
    assert is_number_column(60, {"unknown": 40})
    assert is_number_column(2, {"x": 1})
    assert not is_number_column(661, {f"A/5 {i}": 1 for i in range(230)})
    assert not is_number_column(40, {"unknown": 60})
    assert not is_number_column(0, {})


def test_dates():
    assert is_date_column(["2024-01-02", "2024-1-3 10:30"])
    assert is_date_column(["02.01.2024", "3.1.24"])
    assert is_date_column(["10:30", "11:45:12.5"])
    assert not is_date_column(["2024-01-02", "soon"])
    assert not is_date_column([])


def test_the_notation_of_a_column_is_the_plain_one_where_it_will_do():
    assert notation_of(["1", "2.5"], ".", ",").plain
    assert notation_of(["1,234"], ".", ",") == Notation(".", ",")
    assert notation_of(["5 %"], ".", "") == Notation(sign="%")
    assert not notation_of(["1", "2"], ",", "").plain, "a point may follow, which is then no number"
    assert looks_numeric({"1,5 €": 2, "x": 2})
    assert not looks_numeric({"12.03.2024": 1, "x": 2})


ORDER = np.random.default_rng(0).permutation(50).astype(float)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        *(
            (name, 1000 + 37 * ORDER[:12] % 991)
            for name in (
                "id", "ID", "Id", "CustomerID", "customerId", "customer_id", "customer-id",
                "userid", "USERID", "Order ID", "PassengerId", "uuid", "zip", "ZipCode",
                "zip_code", "postcode", "PLZ", "phone", "Phone Number", "SSN", "isbn",
                "account_no", "AccountNo", "InvoiceNr", "order number",
            )
        ),
        ("id", np.append(np.arange(49.0), 3)),
        ("id", np.append(np.arange(49.0), np.nan)),
        ("AccountNo", np.append(ORDER * 1000, [3000, np.nan])),
        ("store id", np.repeat(np.arange(5.0), 10)),
        ("any", np.arange(50.0)),
        ("any", np.cumsum(ORDER + 1)),
        ("any", ORDER + 5),
        ("any", 100_000_000 + ORDER * 1234),
    ],
)  # fmt: skip
def test_identifiers(name, values):
    assert is_identifier(name, values)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("id", np.arange(50.0) + 0.5),
        ("income", 5_000 + ORDER * 2531),
        ("idea", ORDER * 1000),
        *((name, ORDER * 1000) for name in ("humid", "solid", "grid", "paid", "width", "zipper")),
        ("phone", np.arange(50.0) % 2),
        ("key", ORDER % 12),
        ("index", ORDER[:12] * 1000),
        ("rooms", np.arange(19.0)),
    ],
)
def test_no_identifiers(name, values):
    assert not is_identifier(name, values)


def test_an_index_without_a_name():
    assert is_identifier("column 1", ORDER[:3] * 714, unnamed=True)
    assert is_identifier("column 1", np.array([0.0, 0.5, 1.0]), unnamed=True)
    assert not is_identifier("column 1", np.array([0.5, 0.1, 0.7]), unnamed=True)


DAYS = [20230100.0 + day for day in range(1, 29)]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("day", DAYS),
        ("any", DAYS),
        ("any", [*DAYS[:3], np.nan]),
        ("any", [19991231.0, 20000229.0, 20241130.0]),
        ("date", [20240131.0]),
        ("Month", [202401.0, 202402.0]),
        ("order_date", DAYS[:1]),
        ("OrderDate", DAYS[:2]),
        ("yyyymm", [199912.0, 200001.0]),
        ("period", [202312.0, 202401.0]),
    ],
)
def test_days_written_as_numbers(name, values):
    assert is_date_number(name, np.array(values))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("any", [20231301.0, 20230101.0, 20230102.0]),
        ("any", [20230132.0, 20230101.0, 20230102.0]),
        ("any", [20230101.5, 20230101.0, 20230102.0]),
        ("price", [202401.0, 202402.0, 202403.0]),
        ("date", [45000.0, 45001.0]),
        ("any", [20230101.0, 20230102.0]),
        ("year", [2001.0, 2002.0, 2003.0]),
        ("day", [1.0, 2.0, 31.0]),
        ("any", [np.nan, np.nan]),
        ("any", [9.0e7, 20230101.0, 20230102.0]),
    ],
)
def test_numbers_that_are_no_days(name, values):
    assert not is_date_number(name, np.array(values))


SPREAD = np.random.default_rng(1).normal(15, 5, 60).round(1)


@pytest.mark.parametrize(
    "mark", [-999, -999.0, -9999, 9999, 99999, -99, 999, 8888, -32768, 1e20, -200]
)
def test_marks_of_missing_values_among_numbers(mark):
    values = np.append(SPREAD, [mark] * 3)
    assert lone_extreme(np.random.default_rng(0).permutation(values)) == (mark, 3)


@pytest.mark.parametrize(
    "values",
    [
        SPREAD,
        np.append(SPREAD, [700, 700]),
        np.append(SPREAD, [-3.7, -3.7]),
        np.arange(60.0) % 2,
        np.append(np.zeros(40), SPREAD),
        np.append(np.full(30, 5.0), [-999, -999]),
        np.append(np.arange(60.0) % 3, [99, 99]),
        np.append(SPREAD * 100, [-999, -999]),
        np.append(SPREAD, [1000000.0] * 4),
        np.full(60, 7.0),
    ],
)
def test_numbers_without_such_a_mark(values):
    assert lone_extreme(values) is None


@pytest.mark.parametrize(
    "cell",
    ["45K", "$1.2B", "1,99", "(498)", "5 cm", "12kg", "3.5 mio", "7%", "€ 3", "1.5M", "20 °C"],
)
def test_amounts(cell):
    assert looks_like_amounts({cell: 2, "none of it": 1}) == 2


@pytest.mark.parametrize("cell", ["A45", "12-34", "red", "3 of 5", "2a", "k5", "", "12:30"])
def test_texts_that_are_no_amounts(cell):
    assert looks_like_amounts({cell: 2}) == 0


def test_zeros_before_whole_numbers_are_codes():
    assert is_padded(["00501", "12345"])
    assert not is_padded(["0", "1", "10"])
    assert not is_padded(["0.5", "01"])
    assert not is_padded(["501", "601"])
