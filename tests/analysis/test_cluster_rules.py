"""ClusterRules: exact counts in any reader, borders as short as they can be, and their price."""

import sqlite3
from contextlib import closing
from decimal import ROUND_CEILING, Decimal

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kmeans_tui import KMeans, load_data
from kmeans_tui.analysis.cluster_rules import ClusterRule, ClusterRules, Condition, rules
from kmeans_tui.analysis.short_border import shortest
from kmeans_tui.command import Options
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.requests.subject import open_subject


def clustered(data, k=3):
    return KMeans(k=k, random_state=0).fit(data.points).labels


@pytest.mark.parametrize("name", ["iris", "wine", "blobs", "moons", "varied"])
@pytest.mark.parametrize("k", [2, 3, 5])
def test_every_row_has_one_rule_and_the_counts_are_those_of_the_rows(name, k):
    data = load_data(name)
    labels = clustered(data, k)
    found = rules(data, labels, k)
    for rule in found.rules:
        taken = np.ones(data.n, dtype=bool)
        for each in rule.conditions:
            taken &= each.taken(data.column(each.column))
        assert rule.rows == taken.sum()
        assert rule.right == (labels[taken] == rule.cluster).sum()
    assert sum(rule.rows for rule in found.rules) == data.n
    assert found.share == sum(rule.right for rule in found.rules) / data.n


def test_simple_clusters_have_simple_rules():
    data = load_data("iris")
    found = rules(data, clustered(data), 3)
    assert [len(rule.conditions) for rule in found.rules] == [1, 1, 1]
    assert {rule.conditions[0].column for rule in found.rules} == {"petal width"}
    assert found.fit
    assert found.sentence() == "the rules put 99 in 100 rows into their cluster"
    assert any(str(rule).endswith("if petal width up to 0.8") for rule in found.rules)


def test_many_clusters_do_not_fit_into_few_rules():
    data = Dataset("noise", np.random.default_rng(0).random((900, 2)), ("a", "b"))
    found = rules(data, clustered(data, 20), 20)
    assert not found.fit
    assert found.sentence().startswith("rules do not fit: 12 clusters of 20 have none")


def test_clusters_along_a_diagonal_do_not_fit():
    points = np.random.default_rng(0).normal(size=(600, 12))
    found = rules(Dataset("t", points, tuple("abcdefghijkl")), (points.sum(axis=1) > 0) * 1, 2)
    assert not found.fit
    assert "use labels or the centroids" in found.sentence()


def test_one_cluster_is_always():
    data = load_data("blobs")
    found = rules(data, np.zeros(data.n, dtype=int), 1)
    assert next(found.lines()) == "cluster 1 always: 100 in 100 of 300 rows right"
    assert "1 = 1" in found.sql()
    assert "    if True:" in found.python()


def test_what_to_heed_stands_in_the_code(tmp_path):
    path = tmp_path / "t.csv"
    cells = [f"{i // 10 * 50 + i % 3},{i % 7}" for i in range(30)]
    cells[4], cells[8] = "4,", "8,"
    path.write_text("\n".join(["a,b", *cells]))
    data = open_subject(Options(str(path))).dataset
    found = rules(data, (data.table[:, 0] > 40) * 1, 2)
    note = "2 rows left out of the clustering may get a cluster here too"
    assert f"  -- {note}" in found.sql().splitlines()
    assert f"    # {note}" in found.python().splitlines()
    named = "needs columns of exactly these names"
    assert f"  -- {named} (SQLite takes a wrong name for a text): a" in found.sql().splitlines()
    assert f"    # {named}: a" in found.python().splitlines()
    whole = rules(Dataset("t", data.table, data.columns), (data.table[:, 0] > 40) * 1, 2)
    assert "left out" not in whole.sql()


TABLES = {
    "plain": ("income", "age"),
    "hostile": ('a"b\\; DROP TABLE t; --', "x'y\n\x1b]0;t\x07`${z}"),
    "words": ("select", "class"),
}


@pytest.mark.parametrize("columns", TABLES.values(), ids=TABLES)
def test_sql_and_python_give_the_counts(columns):
    generator = np.random.default_rng(1)
    points = np.concatenate([generator.normal(at, 1.4, (60, 2)) for at in ((0, 0), (6, 1), (2, 7))])
    data = Dataset("t", points.round(3), columns)
    found = rules(data, clustered(data), 3)
    expected = {}
    for rule in found.rules:
        expected[rule.cluster + 1] = expected.get(rule.cluster + 1, 0) + rule.rows
    names = ", ".join('"' + each.replace('"', '""') + '" DOUBLE' for each in columns)
    query = f"SELECT {found.sql()} AS cluster, count(*) FROM t GROUP BY 1"
    for database in (sqlite3.connect(":memory:"), duckdb.connect()):
        database.execute(f"CREATE TABLE t ({names})")
        database.executemany("INSERT INTO t VALUES (?, ?)", data.table.tolist())
        assert dict(database.execute(query).fetchall()) == expected
        database.execute("DELETE FROM t")
        database.execute("INSERT INTO t VALUES (NULL, NULL)")
        assert database.execute(query).fetchall() == [(None, 1)]
        database.close()
    space = {}
    exec(found.python(), space)
    told = [space["cluster"](dict(zip(columns, row, strict=True))) for row in data.table.tolist()]
    assert {each: told.count(each) for each in set(told)} == expected


@pytest.mark.parametrize("gap", [None, "", " "])
def test_a_gap_is_in_no_rule_that_asks_for_it(gap):
    table = np.column_stack([np.repeat([1.0, 50.0, 100.0], 20), np.tile([3.0, 4.0], 30)])
    found = rules(Dataset("t", table, ("age", "n")), np.repeat([0, 1, 2], 20), 3)
    assert {each.cluster for each in found.rules if each.conditions[-1].high is None} == {2}
    # As SQLite holds the cells of an imported CSV file: an empty text in a column of numbers.
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE t (age REAL, other REAL)")
        database.executemany("INSERT INTO t VALUES (?, 1)", [(gap,), (100.0,)])
        assert database.execute(f"SELECT {found.sql()} FROM t").fetchall() == [(None,), (3,)]
        # A name that the table does not have is a text to SQLite.
        absent = found.sql().replace('"age"', '"Age in years"')
        assert set(database.execute(f"SELECT {absent} FROM t")) == {(None,)}
    with duckdb.connect() as database:
        cells = "(NULL), (100::SMALLINT)"
        told = database.execute(f"SELECT {found.sql()} FROM (VALUES {cells}) AS t(age)").fetchall()
        assert told == [(None,), (3,)]
    space = {}
    exec(found.python(), space)
    for each in (gap, float("nan"), pd.NA, pd.NaT):
        assert space["cluster"]({"age": each, "n": 3}) is None
        assert space["cluster"](pd.Series({"age": each, "n": 3}, dtype=object)) is None
    assert space["cluster"](pd.Series({"age": 100, "n": 3})) == 3


def test_a_gap_is_not_another_text():
    other, own = (Condition("plan", *each, "O'Hara") for each in ((None, 0.5), (0.5, None)))
    pair = (ClusterRule(0, (other,), 2, 2), ClusterRule(1, (own,), 1, 1))
    found = ClusterRules(pair, 3, 2)
    cells = ["basic", " O'Hara ", None, "", "  "]
    expected = [1, 2, None, None, None]
    for database in (sqlite3.connect(":memory:"), duckdb.connect()):
        with closing(database):
            database.execute("CREATE TABLE t (plan VARCHAR)")
            database.executemany("INSERT INTO t VALUES (?)", [(each,) for each in cells])
            told = database.execute(f"SELECT {found.sql()} FROM t").fetchall()
            assert [each for (each,) in told] == expected
    space = {}
    exec(found.python(), space)
    assert [space["cluster"]({"plan": each}) for each in cells] == expected


def test_values_beyond_single_precision_are_divided_exactly():
    low = 1e300
    column = np.array([low, np.nextafter(low, np.inf)] * 30)
    data = Dataset("t", column[:, np.newaxis], ("a",))
    found = rules(data, (column > low).astype(int), 2)
    assert [rule.share for rule in found.rules] == [1.0, 1.0]
    assert found.rules[0].conditions == (Condition("a", None, low),)


def place(value):
    """The place of the last digit that is not 0: 100 for 1500."""
    return Decimal(1).scaleb(Decimal(repr(value)).normalize().as_tuple().exponent)


@settings(max_examples=300, deadline=None)
@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12))
@example(990000000001.0, 1e12)
@example(0.1, 0.10000000000000003)
@example(1.0, 1.0000000000000002)
def test_a_border_divides_and_no_rounder_number_does(a, b):
    low, high = sorted((a, b))
    if low == high:
        return
    border = shortest(low, high)
    assert low <= border < high
    if low <= 0 < high:
        assert len(Decimal(repr(border)).normalize().as_tuple().digits) == 1
        return
    rounder = place(border) * 10
    least = (Decimal(repr(low)) / rounder).to_integral_value(ROUND_CEILING) * rounder
    assert float(least) >= high
    assert place(border) >= place(low)


@pytest.mark.parametrize(
    ("low", "high", "border"),
    [
        (1.2345, 1.2399, 1.237),
        (-3.2, 117, 100),
        (5, 6, 5),
        (-2, -1, -2),
        (0.0, 1e-300, 0.0),
        (990000000001, 1e12, 995e9),
        (0.1, 0.10000000000000003, 0.1),
    ],
)
def test_borders(low, high, border):
    assert shortest(low, high) == border


def test_a_rule_never_says_that_all_are_right_while_one_is_wrong():
    data = load_data("blobs:n=2000")
    labels = clustered(data)
    labels[0] = (labels[0] + 1) % 3
    found = rules(data, labels, 3)
    wrong = [rule for rule in found.rules if rule.right < rule.rows]
    assert wrong
    assert not any(rule.price().startswith("100 in 100") for rule in wrong)
    assert found.sentence() == "the rules put 99 in 100 rows into their cluster"


def test_the_document_counts_clusters_from_one():
    data = load_data("iris")
    document = rules(data, clustered(data), 3).document()
    assert [each["cluster"] for each in document["rules"]] == [1, 2, 3]
    assert set(document["rules"][0]["conditions"][0]) == {"column", "above", "up_to"}
