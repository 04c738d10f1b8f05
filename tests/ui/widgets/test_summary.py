"""The lines of a narrow screen: steps, clusters, numbers, and what is known of a point."""

import pytest

from kmeans_tui import palette
from kmeans_tui.command import Options
from kmeans_tui.ui.widgets.summary import Summary
from tests.pilot import opened, press, shown, text
from tests.ui.widgets.test_panels import MANY, VIEW, drawn

K = len(MANY)


async def test_it_holds_all_clusters_where_they_fit():
    first, second = await drawn(Summary(), (80, 2), VIEW)
    assert first.split("  ")[0].strip() == f"{palette.glyph(0)} 1 145 (-0.49, 7.00)"
    assert "3 55 (5.15, 1.62)" in first
    assert "tab" not in first
    assert second.strip() == "inertia 3104.07 · shift 6.37 · 300 points"


async def test_it_drops_all_places_before_it_cuts():
    view = VIEW._replace(rows=MANY[:8])
    whole_line, sizes = [(await drawn(Summary(), (width, 2), view))[0] for width in (300, 80)]
    assert (whole_line.count("("), sizes.count("(")) == (8, 0)
    for line in (whole_line, sizes):
        assert "tab" not in line
        assert [f" {c + 1} {c * 7}" in line for c in range(8)] == [True] * 8


@pytest.mark.parametrize("width", [40, 60, 80])
async def test_every_cluster_can_be_reached(width):
    seen = []
    widget = Summary()
    async with shown(widget, size=(width, 2)):
        widget.draw(VIEW._replace(rows=MANY))
        for _ in range(K):
            line = text(widget)[0]
            assert f" of {K}: tab, j k" in line
            fields = line.split(" of ")[0].split()[:-1]
            seen += zip(map(int, fields[1::3]), map(int, fields[2::3]), strict=True)
            widget.action_scroll_rows(1)
        assert dict(seen) == {c + 1: row.size for c, row in enumerate(MANY)}
        widget.action_scroll_rows(-K)
        assert text(widget)[0].split()[1] == "1"


@pytest.mark.parametrize(("kind", "verdict", "marked"), [
    ("initialise", False, "1 initialise"), ("assign", False, "2 assign"),
    ("update", False, "3 update"), ("update", True, "4 converged?"),
])  # fmt: skip
@pytest.mark.parametrize("width", [60, 80])
async def test_a_line_of_steps_marks_the_present_one(kind, verdict, marked, width):
    line, *_ = await drawn(Summary(), (width, 3), VIEW._replace(kind=kind, verdict=verdict))
    assert f"▶ {marked}" in line
    assert line.count("▶") == 1
    for title in ("1 initialise", "2 assign", "3 update", "4 converged?"):
        assert title in line


async def test_a_point_at_80_columns_has_its_distances():
    async with opened(Options("blobs", goto="1", row=118), size=(80, 24)) as pilot:
        line = text(pilot.app.query_one(Summary))[0]
        assert line.startswith(" distance to ")
        (questioned,) = [pilot.app.explore.cursor.questioned(None)]
        near = sorted(questioned.distances)
        values = [float(word) for word in line.split()[3::3]]
        assert values == pytest.approx(near, rel=0.01)
        await press(pilot, "escape")
        assert "2 assign" in text(pilot.app.query_one(Summary))[0]
