"""Roles of columns on the Data screen: names, weights, encoded text, and rows taken out."""

from dataclasses import replace

import pytest

from kmeans_tui.command import Options
from kmeans_tui.shell_command import to_command
from kmeans_tui.ui.models import opening
from kmeans_tui.ui.screens.data_words import Columns, facts, gaps
from kmeans_tui.ui.screens.dialogs.open import OpenDialog
from tests.pilot import screen_text, until
from tests.ui.screens.test_data import data, marked, press, said, wish


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = "\n".join(
        f"{2000 + i},{'' if i in (4, 9) else i % 7},{i % 5 + 0.5},"
        f"{'' if i in (9, 11, 12) else 'xyz'[i % 3]},{2 ** (i % 9) / 4}"
        for i in range(60)
    )
    (tmp_path / "roles.csv").write_text(f"id,a,b,kind,w\n{rows}\n")
    return tmp_path


def looked(**fields):
    options = Options("roles.csv", **fields)
    found = opening.open_data(options, lambda *_: True)
    return options, found, opening.prepare(options, found)


@pytest.mark.parametrize(
    ("column", "fields", "says"),
    [
        ("a", {}, "a: 2 missing; leaving it out brings back 2 rows"),
        ("a", {"encode": ("kind",)}, "a: 2 missing; leaving it out brings back 1 row"),
        ("a", {"features": ("b",)}, "a: 2 missing; ticking it costs 2 rows"),
        ("a", {"missing": "median"}, "a: 2 missing, filled with the median"),
        ("a", {"missing": "median", "features": ("b",)}, "a: 2 missing"),
        ("kind", {"encode": ("kind",)}, "kind: 3 missing; leaving it out brings back 2 rows"),
        ("kind", {"encode": ("kind",), "missing": "median"},
         "kind: 3 missing, filled with its most frequent value"),
        ("kind", {}, ""),
        ("b", {}, ""),
    ],
)  # fmt: skip
def test_what_the_gaps_of_a_column_cost(column, fields, says):
    options, found, prepared = looked(**fields)
    chosen = found.source.column(column)
    taking = column in {*found.ticked(options), *found.encoded(options)}
    assert gaps(chosen, taking, prepared, options) == says


def test_a_gap_that_another_column_shares_brings_nothing_back(folder):
    (folder / "both.csv").write_text("a,b\n1,2\n,\n3,5\n4,1\n")
    options = Options("both.csv")
    found = opening.open_data(options, lambda *_: True)
    prepared = opening.prepare(options, found)
    assert gaps(found.source.column("a"), True, prepared, options) == (
        "a: 1 missing; leaving it out brings back no row, all lack other values as well"
    )


@pytest.mark.parametrize(
    ("role", "shows"),
    [
        ({"weights": "w"}, "the weights of the rows"),
        ({"id_column": "w"}, "names the rows"),
        ({"truth": "w"}, "the known grouping"),
    ],
)
def test_no_logarithm_is_offered_of_a_column_in_a_role(role, shows):
    options, found, prepared = looked(missing="median")
    assert "w" in prepared.skewed

    def told(wish):
        table = Columns(found, prepared, wish, 60, ascii_only=False).lines()
        lines = facts(found, prepared, wish, found.source.columns[0], 60)
        joined = ["".join(text for text, _ in each) for each in (table[4], *lines)]
        return joined[0], "\n".join(joined[1:])

    line, preparation = told(options)
    assert "l?" in line
    assert "suggested for w" in preparation
    line, preparation = told(replace(options, **role))
    assert shows in line
    assert "l?" not in line
    assert "suggested for w" not in preparation


async def test_roles_are_given_by_keys_and_go_into_the_command_and_explore():
    async with data(Options("roles.csv")) as pilot:
        await press(pilot, "tab", "g")
        await press(pilot, "i")
        assert "names the rows" in marked(pilot, "#columns")
        await press(pilot, "G")
        await press(pilot, "W")
        assert "the weights of the rows" in marked(pilot, "#columns")
        await press(pilot, "k", "space")
        assert "by its 3 values" in marked(pilot, "#columns")
        shown = screen_text(pilot.app)
        assert "kind: 3 missing; leaving it out" in shown
        await press(pilot, "e")
        assert "kind: 3 missing, filled with its most" in screen_text(pilot.app)
        assert "the most frequent value of kind" in said(pilot)
        await press(pilot, "tab", "j", "j", "O")
        expected = Options("roles.csv", id_column="id", weights="w", encode=("kind",),
                           missing="median", without=(3,))  # fmt: skip
        assert wish(pilot) == expected
        command = to_command(wish(pilot))
        for part in ("--id id", "--weights w", "--encode kind", "--without 3"):
            assert part in command
        await press(pilot, "O")
        assert wish(pilot).without is None
        await press(pilot, "O", "s")
        await until(pilot, lambda: isinstance(pilot.app.screen, OpenDialog))
        assert "sample" in screen_text(pilot.app)
        await press(pilot, "escape")
        assert wish(pilot) == expected
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "Explore")
        await until(pilot, lambda: pilot.app.explore.session.run.options.data == "roles.csv")
        dataset = pilot.app.explore.session.run.dataset
        assert (dataset.n, dataset.id_column, dataset.weight_column) == (59, "id", "w")
