"""Two recordings of the same columns: clusters matched, rows that moved, means that drifted."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kmeans_tui.analysis.change import changed
from kmeans_tui.analysis.pair import PairSide
from kmeans_tui.cli import main
from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.data.columns import DataError
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.data.encoding import Encoding
from tests.data.reading.test_files import document
from tests.headless.test_assign import month, written

PLACES = np.array([[30.0, 25.0], [55.0, 60.0], [90.0, 40.0]])


def texts(cells):
    found = np.empty(len(cells), object)
    found[:] = cells
    return found


def side(name, groups, *, ids=None, shift=0.0, order=(0, 1, 2), features=("x", "y"), **fields):
    """A run on rows of these groups, started so that group i becomes cluster ``order[i]``."""
    rng = np.random.RandomState(len(groups))
    table = PLACES[groups] + rng.normal(size=(len(groups), 2)) + [shift, 0]
    if features == ("y", "x"):
        table = table[:, ::-1]
    labels = {} if ids is None else {"customer": texts([str(each) for each in ids])}
    dataset = Dataset(name, table, features, labels=labels, **fields)
    start = np.empty_like(PLACES)
    start[list(order)] = PLACES if features == ("x", "y") else PLACES[:, ::-1]
    km = KMeans(3, init=dataset.prepared(start)).fit(dataset.points)
    return PairSide(name, dataset, km.history)


def test_the_same_table_is_matched_row_by_row():
    groups = np.arange(90) % 3
    one, two = side("a", groups), side("b", groups, order=(2, 0, 1), scale="standard")
    found = changed(one, two)
    assert found.change.by == "row"
    assert found.change.by_rows
    assert found.numbers.tolist() == [1, 2, 0], "cluster 1 of b is cluster 2 of a"
    assert found.agreement == 1
    assert found.parted_at is None
    assert np.diag(found.change.moves).tolist() == [30, 30, 30]
    assert not found.change.drift.moved.any()


def test_rows_are_known_by_their_id():
    groups = np.arange(90) % 3
    then = side("january", groups, ids=range(100, 190))
    later = groups.copy()
    later[20:23] = (later[20:23] + 1) % 3
    keep = np.r_[10:90]
    order = np.random.RandomState(0).permutation(len(keep))
    now = side(
        "february", later[keep][order], ids=np.arange(100, 190)[keep][order],
        order=(1, 2, 0), shift=2.0, features=("y", "x"),
    )  # fmt: skip
    found = changed(then, now)
    assert (found.change.by, found.change.by_rows, len(found.rows)) == ("customer", True, 80)
    assert found.numbers.tolist() == [2, 0, 1]
    assert sorted(then.dataset.labels["customer"][found.disputed]) == ["120", "121", "122"]
    assert found.change.moves.sum() == 80
    assert found.change.moves.trace() == 77
    assert found.sentence.startswith("3 of the 80 rows in both, by customer, are in another clus")
    np.testing.assert_allclose(found.change.means_now[0], PLACES[0] + [2, 0], atol=0.6)
    moved = found.change.drift.moved
    assert moved[0] > 0.02
    expected = now.dataset.column("x").mean() - then.dataset.column("x").mean()
    assert moved[0] == pytest.approx(expected / then.dataset.column("x").std())


@pytest.mark.parametrize("ids", [None, range(1, 61), range(5000, 5060)])
def test_without_common_rows_the_nearest_centroids_match(ids):
    # Numbers that only count the rows say nothing of another table.
    then = side("january", np.arange(90) % 3, ids=ids and range(1, 91), scale="standard")
    now = side("february", np.arange(60) % 3, ids=ids, order=(2, 0, 1), shift=3.0)
    found = changed(then, now)
    assert (found.change.by, found.change.by_rows, len(found.rows)) == ("", False, 0)
    assert found.numbers.tolist() == [1, 2, 0]
    assert np.isnan(found.agreement)
    assert found.sentence == "No row is in both; the nearest centroids match the clusters."
    assert found.change.drift.sizes_now.tolist() == [20, 20, 20]
    assert found.parted_at is None


def test_another_number_of_clusters_and_other_features():
    then = side("january", np.arange(90) % 3)
    now = side("february", np.arange(60) % 3)
    km = KMeans(2, init=now.dataset.prepared(PLACES[[2, 0]])).fit(now.dataset.points)
    found = changed(then, replace(now, history=km.history))
    assert set(found.numbers.tolist()) <= {0, 1, 2}
    assert found.numbers[0] == 2
    more = changed(replace(now, history=km.history), then)
    assert sorted(more.numbers.tolist()) == [0, 1, 2]
    assert more.change.drift.sizes_then.tolist()[2] == 0
    assert np.isnan(more.change.means_then[2]).all()
    other = PairSide("february", Dataset("f", now.dataset.table, ("x", "z")), now.history)
    with pytest.raises(DataError, match="only february clusters by z: compare two runs with the s"):
        changed(then, other)


def test_at_the_shell(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    flags = ("-k", "3", "--init", "k-means++", "--scale", "standard", "--log", "spend")
    for name, seed, shift in (("january", 1, 0.0), ("february", 2, 4.0)):
        rows = [{**row, "customer": f"C{row['id']}"} for row in month(150, seed=seed, shift=shift)]
        for row in rows:
            del row["id"]
        written(f"{name}.csv", rows[10 * seed :])
        words = ("--seed", str(seed), "--what", "run", "--out", name)
        assert main(["export", f"{name}.csv", *flags, *words]) == 0
    capsys.readouterr()
    recordings = ("january/run.json", "--pair", "file:february/run.json")
    found = document(capsys, "compare", *recordings)
    assert found["first"]["parameters"]["random_state"] == 1
    assert found["second"]["parameters"]["random_state"] == 2
    assert (found["rows_by"], found["matched_by"], found["rows"]) == ("customer", "rows", 130)
    assert found["agreement"] == 1
    assert found["drift"][0]["column"] == "income"
    assert 3 < found["drift"][0]["now"] - found["drift"][0]["then"] < 5
    shares = found["shares"]
    assert [each["rows_now"] for each in shares] == [
        round(each["share_now"] * 130) for each in shares
    ]
    assert main(["compare", *recordings]) == 0
    out = capsys.readouterr().out
    assert "0 of the 130 rows in both, by customer, are in another cluster" in out
    assert "number in february/run.json" in out
    # Next to a run that is fitted here.
    again = document(capsys, "compare", "january.csv", *flags, "--seed", "1", *recordings[1:])
    assert again["shares"] == shares
    for text in ("january.csv", "march.json"):
        assert main(["compare", "january/run.json", "--pair", f"file:{text}"]) == 1
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)


def test_hostile_names_are_harmless(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("x,y\n1,2\n3,4\n9,9\n8,8\n")
    assert main(["export", "a.csv", "-k", "2", "--what", "run", "--out", "a"]) == 0
    kept = json.loads(Path("a/run.json").read_text())
    kept["recording"]["name"] = "\x1b]52;c;x\x07\n"
    Path("b\x1b[31m.json").write_text(json.dumps(kept))
    capsys.readouterr()
    assert main(["compare", "a/run.json", "--pair", "file:b\x1b[31m.json"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\x07" not in out


def by_channel(name, groups, channels, *, weights=None, order=(0, 1, 2)):
    """A run on rows of these groups and an encoded column, whose values are those that occur."""
    values = tuple(sorted(set(channels)))
    encoding = Encoding("channel", values, tuple(f"channel={each}" for each in values))
    rng = np.random.RandomState(len(groups))
    table = np.column_stack([
        encoding.indicators(channels), PLACES[groups] + rng.normal(size=(len(groups), 2))
    ])  # fmt: skip
    dataset = Dataset(
        name, table, (*encoding.features, "x", "y"), encoded=(encoding,), weights=weights,
        labels={"customer": texts([f"{name}{i}" for i in range(len(groups))])},
    )  # fmt: skip
    start = np.column_stack([np.zeros((3, len(values))), PLACES[list(order)]])
    km = KMeans(3, init=dataset.prepared(start)).fit(dataset.points, weights=weights)
    return PairSide(name, dataset, km.history)


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        (("web", "shop"), ("fax", "web", "shop"), ["Only b has channel 'fax' (30 rows), which"]),
        (("web", "shop", "fax"), ("shop", "web"), ["Only a has channel 'fax' (30 rows), which"]),
        (
            ("web", "shop"),
            ("fax", "web"),
            ["Only a has channel 'shop'", "Only b has channel 'fax'"],
        ),
        (("web", "shop"), ("shop", "web"), []),
    ],
)
@pytest.mark.parametrize("weighted", [False, True])
def test_values_that_only_one_run_has_are_named_and_the_rest_is_compared(then, now, said, weighted):
    groups = np.arange(90) % 3
    weights = np.linspace(0.3, 3, 90) if weighted else None
    cells = [[some[i * len(some) // 90] for i in range(90)] for some in (then, now)]
    one = by_channel("a", groups, cells[0], weights=weights)
    two = by_channel("b", groups, cells[1], weights=weights, order=(2, 0, 1))
    found = changed(one, two)
    assert found.numbers.tolist() == [2, 0, 1], "matched by the centroids"
    assert [
        each[: len(begin)] for each, begin in zip(found.change.alone, said, strict=True)
    ] == said
    assert all(each in found.sentence for each in found.change.alone)
    both = [f"channel={each}" for each in sorted({*then} & {*now})]
    assert list(found.change.drift.features) == [*both, "x", "y"]
    for side_, means in ((one, found.change.drift.means_then), (two, found.change.drift.means_now)):
        for feature, mean in zip(found.change.drift.features, means, strict=True):
            expected = np.average(side_.dataset.column(feature), weights=weights)
            assert mean == pytest.approx(expected)
    np.testing.assert_allclose(found.change.means_now[:, -2:], PLACES, atol=1)


def test_a_column_that_only_one_run_encodes_is_refused_by_its_name():
    groups = np.arange(90) % 3
    coded = by_channel("a", groups, [("web", "shop")[i % 2] for i in range(90)])
    with pytest.raises(DataError, match=r"^only a clusters by channel.*: compare two runs"):
        changed(coded, side("b", groups))


def test_a_share_of_nothing_is_nothing():
    groups = np.arange(90) % 3
    run = by_channel(
        "a", groups, [("web", "shop", "fax")[i] for i in groups], weights=np.linspace(0.3, 3, 90)
    )
    means = run.dataset.means(run.history[-1].labels, 3)
    assert sorted(means[:, :3].ravel().tolist()) == pytest.approx([0] * 6 + [1] * 3)
    assert (means[:, :3] == 0).sum() == 6, "not the rounding of a sum"
