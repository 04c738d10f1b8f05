"""What each cluster is like: numbers, labels and rows, in the units of the table."""

import numpy as np
import pytest

from kmeans_tui.command import Options
from kmeans_tui.ui.screens.dialogs.clusters import ClustersDialog
from tests.pilot import opened, press, screen_text, until


def inside(pilot):
    """The lines of the dialog, without its frame and its scrollbar."""
    region = pilot.app.screen.query_one(".dialog").region
    rows = screen_text(pilot.app).splitlines()[region.y + 1 : region.bottom - 1]
    return [row[region.x + 1 : region.right - 4].strip() for row in rows]


@pytest.mark.parametrize("size", [(100, 30), (80, 24), (60, 16)])
async def test_the_profile_has_numpys_numbers_in_the_units_of_the_table(size):
    options = Options("iris", features=("1", "2", "3", "4"), scale="standard", goto="last", seed=0)
    async with opened(options, size=size) as pilot:
        run = pilot.app.explore.session.run
        labels = run.history[-1].labels
        await pilot.press("d")
        assert isinstance(pilot.app.screen, ClustersDialog)
        await until(pilot, lambda: "cluster 1" in screen_text(pilot.app))
        lines = inside(pilot)
        for _ in range(40):
            await pilot.press("j")
            lines += inside(pilot)
        for c in range(3):
            own = run.dataset.table[labels == c]
            rest = run.dataset.table[labels != c]
            points = run.dataset.points
            away = [(labels == j).sum() * points[labels == j].var(axis=0).sum() for j in range(3)]
            assert (
                f"cluster {c + 1} · {len(own)} rows, {len(own) / 150:.1%} · "
                f"{away[c] / sum(away):.1%} of the inertia"
            ) in lines
            for i, name in enumerate(run.dataset.features):
                numbers = (
                    own[:, i].mean(),
                    own[:, i].std(),
                    rest[:, i].mean(),
                    (own[:, i].mean() - rest[:, i].mean()) / run.dataset.table[:, i].std(),
                )
                rows = [w.removeprefix(name).split() for w in lines if w.startswith(name)]
                rows = [row for row in rows if len(row) == 4]
                assert any(
                    np.allclose([float(cell) for cell in row], numbers, rtol=0.006, atol=0.006)
                    for row in rows
                ), (c, name, numbers, rows)


async def test_the_profile_names_labels_and_rows_of_the_file(tmp_path):
    rows = [("a", 0.0), ("a", 1.0), ("b", None), ("b", 100.0), ("b", 101.0), ("c", 103.0)]
    path = tmp_path / "t.csv"
    cells = "".join(f"{name},{'' if x is None else x},0.5,{x}\n" for name, x in rows)
    path.write_text("kind,x,y,z\n" + cells.replace("None", "7"))
    options = Options(str(path), k=2, init="farthest", features=("x", "z"), goto="last")
    async with opened(options) as pilot:
        await pilot.press("d")
        await until(pilot, lambda: "cluster 2" in screen_text(pilot.app))
        shown = screen_text(pilot.app)
        assert "kind: mostly a, 2 of 2" in shown
        assert "kind: mostly b, 2 of 3" in shown
        assert "nearest rows 5, 4, 6" in shown
        assert "farthest rows 6, 4, 5" in shown


async def test_nothing_is_described_before_the_first_assignment():
    async with opened(Options(goto="0:initialise"), notifications=True) as pilot:
        await press(pilot, "d")
        assert len(pilot.app.screen_stack) == 1
        assert "No points are assigned yet." in screen_text(pilot.app)


async def test_the_rules_come_below_the_profiles():
    async with opened(Options("iris", k=3, goto="last"), size=(100, 50)) as pilot:
        await pilot.press("d")
        await until(pilot, lambda: pilot.app.screen.found is not None)
        await press(pilot, "G")
        await until(pilot, lambda: "as rules" in screen_text(pilot.app))
        shown = screen_text(pilot.app)
        assert "the rules put 99 in 100 rows into their cluster" in shown
        assert "up to 0.8: 50 of 50 rows right" in shown
