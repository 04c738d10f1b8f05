"""The dialog that labels new rows: paths, refusals, the result, at the smallest size."""

from pathlib import Path

import pytest
from textual.widgets import Static

from kmeans_tui.command import Options
from kmeans_tui.ui.screens.dialogs.labelling_dialog import LabellingDialog
from kmeans_tui.ui.widgets.told import Told
from tests.headless.test_assign import month, written
from tests.pilot import opened, press, screen_text, until

JANUARY = Options("january.csv", k=3, init="k-means++", seed=0, scale="standard")


@pytest.fixture(autouse=True)
def months(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    written("january.csv", list(month(120, seed=1)))
    written("february.csv", list(month(60, seed=2, shift=2.0)))
    Path("other.csv").write_text("income,spend\n1,2\n")


def said(pilot, name):
    return str(pilot.app.screen.query_one(name, Static).render())


def told(pilot):
    return "\n".join(pilot.app.screen.query_one(Told).lines)


@pytest.mark.parametrize("size", [(60, 16), (100, 30)])
async def test_rows_are_labelled_and_what_became_of_them_is_read(size):
    async with opened(JANUARY, size=size, notifications=True) as pilot:
        await press(pilot, "U")
        assert isinstance(pilot.app.screen, LabellingDialog)
        await press(pilot, "enter")
        assert "Type the path of a table with new rows." in told(pilot)
        await press(pilot, *"other.csv", "enter")
        await until(pilot, lambda: "age" in told(pilot))
        assert told(pilot).startswith("✗ ")
        await press(pilot, *["backspace"] * 9, "f", "e", "tab")
        assert "february.csv" in screen_text(pilot.app)
        assert "assign" in said(pilot, "#same")
        assert not said(pilot, "#replaces")
        await press(pilot, "enter")
        await until(pilot, lambda: "60 of 60 rows" in told(pilot))
        lines = Path("february-clusters.csv").read_text().splitlines()
        assert len(lines) == 61
        assert lines[0].endswith("cluster,distance,margin,far")
        await until(pilot, lambda: "february-clusters.csv" in screen_text(pilot.app))
        assert "written to february-clusters.csv" in told(pilot)
        assert "will replace february-clusters.csv" in said(pilot, "#replaces")
        before = screen_text(pilot.app)
        await press(pilot, "j", "j")
        if size == (60, 16):
            await until(pilot, lambda: screen_text(pilot.app) != before)
        await press(pilot, "escape")
        assert pilot.app.screen is pilot.app.explore
