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


FACTS = {
    "inertia": "inertia 1258.31",
    "drops": ("moving took off 5123.11 (56.8%)", "assigning took off 2643.28 (67.8%)"),
    "shares": ("moving −56.8%", "assigning −67.8%"),
    "work": "n·k·2 = 1,800 distances so far",
}


@pytest.mark.parametrize(("width", "said"), [
    (160, ("inertia 1258.31 = Σ distance²", *FACTS["drops"], FACTS["work"])),
    (110, ("inertia 1258.31 = Σ distance²", *FACTS["shares"], FACTS["work"])),
    (80, ("inertia 1258.31", *FACTS["shares"], "n·k·2 = 1,800 distances")),
    (60, ("inertia 1258.31", *FACTS["shares"])),
])  # fmt: skip
async def test_the_numbers_that_tell_most_are_kept(width, said):
    view = VIEW._replace(kind="assign", **FACTS)
    assert (await drawn(Summary(), (width, 3), view))[2].strip() == " · ".join(said)


async def test_what_is_notable_and_what_lies_in_one_place_come_first():
    view = VIEW._replace(kind="assign", **FACTS, shared="2 and 5 in one place")
    assert (await drawn(Summary(), (80, 3), view))[2].startswith(" 2 and 5 in one place · inertia")
    noted = view._replace(note="cluster 3 is empty")
    line = (await drawn(Summary(), (80, 3), noted))[2]
    assert line.startswith(" 2 and 5 in one place · cluster 3 is empty")


@pytest.mark.parametrize("width", [80, 90])
async def test_the_step_to_come_names_the_means_that_are_marked(width):
    view = VIEW._replace(kind="assign", assigned="45 points changed cluster", coming=True)
    line = (await drawn(Summary(), (width, 3), view))[0]
    assert "▶ 2 assign 45 changed" in line
    assert f"3 update {palette.COMING} the means" in line
    assert "6.37" not in line


@pytest.mark.parametrize("k", [3, 12, 40])
async def test_every_distance_can_be_reached(k):
    texts = [f"to {c} {c / 7:.2f}" for c in range(1, k + 1)]
    widget, seen = Summary(), set()
    async with shown(widget, size=(80, 4)):
        widget.draw(VIEW, (texts, "row 1: cluster 1"))
        for _ in texts:
            line = text(widget)[0]
            assert ("tab, j k" in line) == (k > 3)
            seen |= {each for each in texts if f"{each} " in f"{line} "}
            widget.action_scroll_rows(1)
        assert seen == set(texts)


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
