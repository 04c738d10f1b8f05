"""One rung of the ladder in text: every row is in it once, whatever the room."""

from itertools import pairwise

import numpy as np
import pytest

from kmeans_tui.analysis.rungs import Flow, Rung, arrangement, ladder
from kmeans_tui.analysis.sweep import sweep
from kmeans_tui.data.catalogue import load_data
from kmeans_tui.ui.widgets.flow_table import FlowTable, flow_lines
from tests.pilot import framed, shown, text


def rungs(name, k_max):
    return ladder(sweep(load_data(name).points, k_max, 1, criteria=False)).rungs


@pytest.mark.parametrize(("name", "k_max"), [("iris", 6), ("uniform", 30), ("wine", 12)])
def test_every_row_is_in_one_line_and_every_cluster_has_its_size_once(name, k_max):
    found = rungs(name, k_max)
    for before, after in pairwise(found):
        lines = flow_lines(before, after, arrangement(found))
        assert sum(each.rows for each in lines) == before.sizes.sum()
        left = {each.source: each.source_size for each in lines if each.source is not None}
        right = {each.target: each.target_size for each in lines if each.target_size is not None}
        assert [left[each] for each in range(before.k)] == before.sizes.tolist()
        assert [right[each] for each in range(after.k)] == after.sizes.tolist()
        parts = [each.more for each in lines if each.source is not None and each.rows]
        assert len(parts) == (before.sizes > 0).sum()


def test_what_changes_comes_before_what_stays():
    before = Rung(2, np.array([5, 9]), 1.0, (0, 1))
    after = Rung(
        3, np.array([5, 6, 3]), 0.5, (0, 1, 2), (Flow(1, 1, 6), Flow(0, 0, 5), Flow(1, 2, 3))
    )
    lines = flow_lines(before, after, arrangement([before, after]))
    assert [(each.source, each.target, each.rows) for each in lines] == [
        (1, 1, 6), (None, 2, 3), (0, 0, 5),
    ]  # fmt: skip


def test_an_empty_cluster_has_a_line_and_no_flow():
    before = Rung(2, np.array([4, 0]), 1.0, (0, 1))
    after = Rung(3, np.array([4, 0, 0]), 1.0, (0, 1, 2), (Flow(0, 0, 4),))
    lines = flow_lines(before, after, [0, 1, 2])
    assert [(each.source, each.target, each.rows) for each in lines] == [
        (0, 0, 4), (1, None, 0), (None, 1, 0), (None, 2, 0),
    ]  # fmt: skip
    alone = flow_lines(before, None, [0, 2, 1])
    assert [(each.source, each.target) for each in alone] == [(0, None), (1, None)]


@pytest.mark.parametrize("width", [8, 24, 31, 40, 90])
async def test_no_line_is_cut_where_there_is_room_and_none_overflows(width):
    found = rungs("uniform", 12)
    lines = flow_lines(found[10], found[11], arrangement(found))
    table = FlowTable(title="ladder")
    async with shown(table, size=(width, 8)) as pilot:
        table.draw(lines, ("k = 11", "k = 12"), 1)
        await pilot.pause()
        drawn = text(table)
        assert all(len(line) == width - 2 for line in drawn)
        if width >= 31:
            assert drawn[0].split() == ["k", "=", "11", "▶", "k", "=", "12"]
            assert not any("…" in line for line in drawn)
        assert framed(table)[1].startswith("1-5 of"[: max(0, width - 7)])
        await pilot.press("tab", "j", "j")
        table.focus()
        await pilot.press("j", "j")
        await pilot.pause()
        assert text(table)[1] != drawn[1]
