"""The scatter shows what the numbers say: read back from its cells."""

import os
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from rich.color import Color

from kmeans_tui import palette
from kmeans_tui.ui.widgets.chart import Chart
from kmeans_tui.ui.widgets.looks import contrast
from kmeans_tui.ui.widgets.picture import Colours
from kmeans_tui.ui.widgets.scene import Scene
from tests.pilot import cells, shown, text, until, whole

SQUARE = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0], [5.0, 5.0]])
LABELS = np.array([0, 1, 0, 1, 0], np.uint8)
FAR = np.array([[2.0, 8.0], [8.0, 2.0]])  # a cell that none of the points is in
OWN = np.array([[0.0, 10.0], [10.0, 0.0]])


def canvas(chart):
    """The cells inside the frame of the chart."""
    lines = text(chart)
    left = lines[0].index("┌") + 1
    right = lines[0].index("┐")
    bottom = next(y for y, line in enumerate(lines) if "└" in line)
    return [row[left:right] for row in cells(chart)[1:bottom]]


def where(chart, character):
    """The cells (column, row) of the canvas with this character."""
    return [
        (x, y)
        for y, row in enumerate(canvas(chart))
        for x, (found, _) in enumerate(row)
        if found == character
    ]


def at(chart, place):
    return canvas(chart)[place[1]][place[0]]


def place_of(chart, position):
    """The cell of one position, found by drawing a ring there and the numbers elsewhere."""
    away = np.array([[9.0, 7.5], [9.0, 7.5]])
    chart.draw(Scene(LABELS, away, previous=np.array([position, away[1]])))
    (found,) = where(chart, palette.WAS)
    return found


@pytest.fixture
async def chart():
    widget = Chart()
    async with shown(widget, size=(60, 20)):
        widget.set_points(SQUARE)
        yield widget


def spy(chart, monkeypatch):
    asked = []
    monkeypatch.setattr(chart, "refresh", lambda *regions, **_: asked.append(regions))
    return asked


# --- points and centroids ----------------------------------------------------------------------


async def test_points_show_the_shape_and_the_colour_of_their_cluster(chart):
    chart.draw(Scene(LABELS, FAR))
    first, second = where(chart, palette.glyph(0)), where(chart, palette.glyph(1))
    assert len(first) == 3
    assert len(second) == 2
    # Clusters lie left and right of the middle as their points do: x grows to the right.
    assert max(x for x, _ in first) < min(x for x, _ in second)
    for c, places in enumerate((first, second)):
        for place in places:
            assert at(chart, place)[1].color.name == palette.colour(c, "dark")


async def test_y_grows_upwards(chart):
    chart.draw(Scene(np.array([0, 0, 1, 1, 0]), FAR))
    lower, upper = where(chart, palette.glyph(0)), where(chart, palette.glyph(1))
    assert max(y for _, y in upper) < min(y for _, y in lower)


@pytest.mark.parametrize("point", SQUARE.tolist())
async def test_a_centroid_stands_in_the_cell_of_a_point_with_its_coordinates(chart, point):
    chart.draw(Scene(LABELS, FAR))
    points = set(where(chart, palette.glyph(0)) + where(chart, palette.glyph(1)))
    chart.draw(Scene(LABELS, np.array([FAR[0], point])))
    (number,) = where(chart, "2")
    covered = points - set(where(chart, palette.glyph(0)) + where(chart, palette.glyph(1)))
    assert covered == {number}


async def test_clusters_are_numbered_from_one(chart):
    chart.draw(Scene(LABELS, FAR))
    assert [len(where(chart, digit)) for digit in "012"] == [0, 1, 1]
    assert where(chart, "1") == [place_of(chart, FAR[0])]


async def test_of_two_centroids_in_one_cell_the_lower_number_is_seen(chart):
    chart.draw(Scene(LABELS, np.array([[5.0, 5.0], [5.0, 5.0]])))
    assert len(where(chart, "1")) == 1
    assert where(chart, "2") == []


async def test_a_number_of_two_digits_stays_on_the_canvas(chart):
    centroids = np.vstack([np.tile(FAR[0], (11, 1)), [[99.0, 5.0]]])
    chart.draw(Scene(LABELS, centroids))
    (digit,) = where(chart, "2")
    row = canvas(chart)[digit[1]]
    assert "".join(character for character, _ in row).endswith("12")


async def test_a_centroid_outside_the_data_is_drawn_at_the_edge(chart):
    chart.draw(Scene(LABELS, np.array([[-99.0, 5.0], [99.0, -99.0]])))
    width, height = len(canvas(chart)[0]), len(canvas(chart))
    assert [x for x, _ in where(chart, "1")] == [0]
    assert where(chart, "2") == [(width - 1, height - 1)]


async def test_before_the_first_assignment_points_have_no_cluster(chart):
    chart.draw(Scene(None, FAR))
    dots = where(chart, palette.UNASSIGNED)
    assert len(dots) == len(SQUARE)
    colours = {palette.colour(c, "dark") for c in range(2)}
    for place in dots:
        style = at(chart, place)[1]
        assert style.color is None or style.color.name not in colours
    assert where(chart, palette.glyph(0)) == []


async def test_more_clusters_than_shapes(chart):
    points = np.random.RandomState(0).uniform(size=(400, 2))
    labels = np.arange(400) % 14
    chart.set_points(points)
    chart.draw(Scene(labels, points[:14]), "glyph")
    seen = {
        (character, style.color.name)
        for row in canvas(chart)
        for character, style in row
        if character in palette.GLYPHS
    }
    assert seen <= {(palette.glyph(c), palette.colour(c, "dark")) for c in range(14)}
    assert len(seen) > 11


# --- where the centroids were --------------------------------------------------------------------


async def test_a_ring_marks_where_a_centroid_was(chart):
    chart.draw(Scene(LABELS, FAR, previous=OWN))
    rings = where(chart, palette.WAS)
    assert len(rings) == 2
    (left, top), (right, bottom) = sorted(rings)
    assert left < right
    assert top < bottom
    for c, place in enumerate([(left, top), (right, bottom)]):
        assert at(chart, place)[1].color.name == palette.colour(c, "dark")


async def test_a_centroid_that_did_not_move_has_no_ring(chart):
    chart.draw(Scene(LABELS, FAR, previous=FAR))
    assert where(chart, palette.WAS) == []
    assert len(where(chart, "1") + where(chart, "2")) == 2


async def test_a_trail_leads_from_stop_to_stop(chart):
    stops = np.array([[1.0, 9.0], [3.0, 3.0], [6.0, 6.0]])
    trail = np.stack([stops, np.tile(FAR[1], (3, 1))], axis=1)
    places = [place_of(chart, stop) for stop in stops]
    chart.draw(Scene(LABELS, np.array([stops[-1], FAR[1]]), trail=trail))
    assert where(chart, "1") == [places[-1]]
    assert sorted(where(chart, palette.WAS)) == sorted(places[:-1])
    way = set(where(chart, palette.TRAIL)) | set(places)
    steps = sum(max(abs(x1 - x), abs(y1 - y)) for (x, y), (x1, y1) in pairwise(places))
    assert len(way) == steps + 1
    assert all(
        any(max(abs(x - a), abs(y - b)) == 1 for a, b in way - {(x, y)}) for x, y in way
    )  # no gap
    assert {at(chart, p)[1].color.name for p in where(chart, palette.TRAIL)} == {
        palette.colour(0, "dark")
    }


# --- regions -----------------------------------------------------------------------------------


def halves(positions):
    """Cluster 0 owns everything left of 4 in the units of the data."""
    return (positions[:, 0] >= 4).astype(np.intp)


async def test_regions_are_tints_where_a_background_can_be_mixed(chart):
    chart.colours = Colours(tints=True)
    chart.draw(Scene(LABELS, FAR, owner=halves))
    numbers = {*where(chart, "1"), *where(chart, "2")}
    border = place_of(chart, [4.0, 8.0])[0]
    chart.draw(Scene(LABELS, FAR, owner=halves))
    tints = [set(), set()]
    for y, row in enumerate(canvas(chart)):
        for x, (_, style) in enumerate(row):
            if (x, y) not in numbers and x != border:
                tints[x > border].add(style.bgcolor)
    assert [len(each) for each in tints] == [1, 1]
    assert None not in tints[0] | tints[1]
    assert tints[0] != tints[1]
    assert where(chart, palette.BORDER) == []


@pytest.mark.parametrize("colours", [Colours(tints=False), Colours(tints=False, look="ansi-dark")])
async def test_regions_are_borders_where_it_cannot(chart, colours):
    chart.colours = colours
    chart.forget()
    chart.draw(Scene(LABELS, FAR))
    backgrounds = {style.bgcolor for row in canvas(chart) for _, style in row}
    points = where(chart, palette.glyph(0)) + where(chart, palette.glyph(1))
    chart.draw(Scene(LABELS, FAR, owner=halves))
    border = where(chart, palette.BORDER)
    assert len({x for x, _ in border}) == 1
    assert len(border) == len(canvas(chart))
    assert set(border).isdisjoint(points)
    assert where(chart, palette.glyph(0)) + where(chart, palette.glyph(1)) == points
    assert {style.bgcolor for row in canvas(chart) for _, style in row} == backgrounds


async def test_a_border_gives_way_to_points(chart):
    chart.colours = Colours(tints=False)
    # Every cell belongs to another cluster than the next: borders everywhere.
    chart.draw(Scene(LABELS, FAR, owner=lambda positions: np.arange(len(positions)) % 2))
    assert len(where(chart, palette.BORDER)) > 500
    assert len(where(chart, palette.glyph(0)) + where(chart, palette.glyph(1))) == len(SQUARE)


async def test_regions_go_again(chart):
    chart.draw(Scene(LABELS, FAR))
    plain = cells(chart)
    chart.draw(Scene(LABELS, FAR, owner=halves))
    assert cells(chart) != plain
    chart.draw(Scene(LABELS, FAR))
    assert cells(chart) == plain


# --- markers and colours -------------------------------------------------------------------------


def many(n=2000):
    points = np.random.RandomState(1).normal(size=(n, 2))
    return points, (points[:, 0] > 0).astype(np.uint8)


async def test_few_points_are_shapes_and_many_are_braille(chart):
    chart.draw(Scene(LABELS, FAR))
    assert chart.shown_marker == "glyph"
    points, labels = many()
    chart.set_points(points)
    chart.draw(Scene(labels, points[:2]))
    assert chart.shown_marker == "braille"
    characters = {character for row in canvas(chart) for character, _ in row}
    assert characters.isdisjoint(palette.GLYPHS)
    assert any(0x2800 < ord(character) <= 0x28FF for character in characters)


@pytest.mark.parametrize("colours", [Colours(mono=True), Colours(ascii_only=True)])
@pytest.mark.parametrize("wanted", [None, "braille", "dot", "glyph", "octant"])
async def test_without_colours_or_beyond_ascii_only_shapes_tell_clusters_apart(
    chart, colours, wanted
):
    points, labels = many()
    chart.colours = colours
    chart.set_points(points)
    chart.draw(Scene(labels, points[:2]), wanted)
    assert not chart.free_marker
    assert chart.shown_marker == "glyph"
    drawn = {character for row in cells(chart) for character, _ in row}
    assert palette.glyph(0, colours.ascii_only) in drawn
    assert palette.glyph(1, colours.ascii_only) in drawn


@pytest.mark.parametrize("marker", ["glyph", "braille", "dot", "octant"])
async def test_the_marker_that_was_chosen_is_drawn_in_the_same_cells(chart, marker):
    chart.draw(Scene(LABELS, FAR), "glyph")
    places = where(chart, palette.glyph(0)) + where(chart, palette.glyph(1))
    chart.draw(Scene(LABELS, FAR), marker)
    assert chart.shown_marker == marker
    belongs = {
        "glyph": lambda c: c in palette.GLYPHS,
        "braille": lambda c: 0x2800 < ord(c) <= 0x28FF,
        "octant": lambda c: c in palette.OCTANTS[1:],
        "dot": lambda c: c == palette.DOT,
    }[marker]
    assert all(belongs(at(chart, place)[0]) for place in places)


async def test_without_colours_nothing_has_a_colour_and_numbers_are_reversed(chart):
    def hues():
        seen = {c for row in cells(chart) for _, s in row for c in (s.color, s.bgcolor)}
        return {colour for colour in seen if len(set(colour.get_truecolor())) > 1}

    chart.draw(Scene(LABELS, FAR))
    assert hues()
    chart.colours = Colours(mono=True, tints=False)
    chart.forget()
    chart.draw(Scene(LABELS, FAR))
    assert not hues()
    assert at(chart, where(chart, "1")[0])[1].reverse


async def test_ascii_holds_in_every_cell(chart):
    chart.colours = Colours(ascii_only=True, tints=False)
    chart.forget()
    chart.draw(Scene(LABELS, FAR, previous=OWN, trail=np.stack([OWN, FAR]), owner=halves))
    assert "".join(text(chart)).isascii()
    assert "?" not in "".join(text(chart))


@pytest.mark.parametrize("look", ["dark", "light"])
async def test_numbers_can_be_read_on_every_colour(chart, look):
    k = len(palette.HUES)
    centroids = np.column_stack([np.linspace(0, 10, k), np.linspace(0, 10, k)])
    chart.colours = Colours(look=look)
    chart.forget()
    chart.draw(Scene(LABELS, centroids))
    digits = [style for row in canvas(chart) for text, style in row if text.isdigit()]
    assert {style.bgcolor.name for style in digits} == {palette.colour(c, look) for c in range(k)}
    for style in digits:
        assert contrast(style.color, style.bgcolor) >= 3


def test_contrast_of_known_colours():
    black, white = Color.parse("#000000"), Color.parse("#ffffff")
    assert contrast(black, white) == contrast(white, black) == pytest.approx(21)
    assert contrast(white, white) == 1
    # The grey that WCAG's own examples give 4.5 on white.
    assert contrast(Color.parse("#767676"), white) == pytest.approx(4.54, abs=0.01)
    assert contrast(Color.parse("#ff0000"), white) == pytest.approx(4.0, abs=0.01)


# --- axes --------------------------------------------------------------------------------------


async def test_the_axes_stay_when_the_centroids_move(chart):
    def labels():
        return [line.partition("┤")[0] for line in text(chart) if "┤" in line], text(chart)[-2:]

    chart.draw(Scene(LABELS, FAR))
    before = labels()
    chart.draw(Scene(LABELS, np.array([[-99.0, 99.0], [50.0, 50.0]])))
    assert labels() == before


# --- what is sent ------------------------------------------------------------------------------


async def test_the_same_scene_again_refreshes_nothing(chart, monkeypatch):
    scene = Scene(LABELS, FAR, previous=OWN, trail=np.stack([OWN, FAR]), owner=halves)
    chart.draw(scene)
    asked = spy(chart, monkeypatch)
    chart.draw(scene)
    chart.draw(Scene(LABELS.copy(), FAR.copy(), OWN.copy(), np.stack([OWN, FAR]), halves))
    assert asked == []


async def test_a_moved_centroid_refreshes_two_cells(chart, monkeypatch):
    chart.draw(Scene(LABELS, FAR))
    asked = spy(chart, monkeypatch)
    chart.draw(Scene(LABELS, np.array([FAR[0], [2.0, 2.0]])))
    ((one, other),) = asked
    assert one.area == other.area == 1


def seen(chart):
    """What can be seen of every cell: of a blank its background alone."""
    return [[(c, s.bgcolor, s if c != " " else None) for c, s in row] for row in cells(chart)]


async def test_what_was_kept_looks_as_if_drawn_anew(chart):
    scenes = [
        Scene(LABELS, FAR, owner=halves),
        Scene(LABELS, OWN, previous=FAR, owner=halves),
        Scene(1 - LABELS, OWN, owner=lambda positions: 1 - halves(positions)),
        Scene(LABELS, FAR, trail=np.stack([OWN, FAR])),
        Scene(None, FAR),
    ]
    for scene in scenes + scenes[::-1]:
        chart.draw(scene)
        kept = seen(chart)
        chart.forget()
        chart.draw(scene)
        assert kept == seen(chart)


# --- the point that is questioned --------------------------------------------------------------


@pytest.mark.parametrize("marker", ["glyph", "braille", "dot", "octant"])
@pytest.mark.parametrize("row", range(len(SQUARE)))
async def test_the_cursor_stands_in_the_cell_of_its_point(chart, marker, row):
    chart.draw(Scene(LABELS, FAR), marker)
    before = canvas(chart)
    chart.draw(Scene(LABELS, FAR, questioned=row), marker)
    (place,) = where(chart, palette.CURSOR)
    x, y = place
    assert before[y][x][0] not in " 12"
    style = at(chart, place)[1]
    assert style.reverse
    assert style.bold
    raster = chart.raster
    assert int(raster.cell[row]) == y * raster.width + x
    changed = [
        (x, y)
        for y, (old, new) in enumerate(zip(before, canvas(chart), strict=True))
        for x, pair in enumerate(zip(old, new, strict=True))
        if pair[0] != pair[1] and (pair[0][0], pair[1][0]) != (" ", " ")
    ]
    assert changed == [place]


async def test_the_cursor_covers_a_centroid_and_a_trail(chart):
    trail = np.stack([FAR, np.array([SQUARE[4], FAR[1]])])
    chart.draw(Scene(LABELS, trail[-1], previous=FAR, trail=trail, questioned=4))
    assert len(where(chart, palette.CURSOR)) == 1
    assert where(chart, "1") == []


async def test_a_moved_cursor_refreshes_two_cells(chart, monkeypatch):
    chart.draw(Scene(LABELS, FAR, questioned=0))
    asked = spy(chart, monkeypatch)
    chart.draw(Scene(LABELS, FAR, questioned=3))
    ((one, other),) = asked
    assert one.area == other.area == 1
    asked.clear()
    chart.draw(Scene(LABELS, FAR, questioned=3))
    assert asked == []
    chart.draw(Scene(LABELS, FAR))
    ((gone,),) = asked
    assert gone.area == 1


LOOKS = [
    *(Colours(tints=tints) for tints in (True, False)),
    Colours(mono=True),
    Colours(ascii_only=True),
    Colours(mono=True, ascii_only=True),
]


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("marker", ["glyph", "braille", "dot", "octant"])
@pytest.mark.parametrize("owner", [None, halves])
async def test_a_moving_cursor_leaves_nothing_behind(chart, marker, owner, look):
    points = np.random.RandomState(3).uniform(size=(80, 2)) * 10
    labels = (points[:, 0] >= 4).astype(np.uint8)
    chart.colours = look
    chart.set_points(points)
    drawn = []
    for row in (0, 7, 7, None, 31, 2, 31, 79, None):
        scene = Scene(labels, FAR, previous=OWN, owner=owner, questioned=row)
        chart.draw(scene, marker)
        kept = seen(chart)
        chart.forget()
        chart.draw(scene, marker)
        assert kept == seen(chart)
        drawn.append(kept)
    assert drawn[0] != drawn[1] == drawn[2] != drawn[3] == drawn[8]
    assert drawn[4] == drawn[6] != drawn[5]


async def test_the_kept_points_follow_labels_marker_and_colours(chart):
    scenes = [
        (Scene(LABELS, FAR, questioned=1), "glyph"),
        (Scene(1 - LABELS, FAR, questioned=1), "glyph"),
        (Scene(1 - LABELS, FAR, questioned=1), "braille"),
        (Scene(None, FAR, questioned=1), "braille"),
        (Scene(None, FAR, questioned=1), "dot"),
    ]
    for scene, marker in scenes + scenes[::-1]:
        chart.draw(scene, marker)
        fresh = Chart()
        async with shown(fresh, size=(60, 20)):
            fresh.set_points(SQUARE)
            fresh.draw(scene, marker)
            assert seen(fresh) == seen(chart)


async def test_the_raster_of_a_new_size_and_of_new_points():
    widget = Chart()
    async with shown(widget, size=(60, 20)) as pilot:
        assert widget.raster is None
        widget.set_points(SQUARE)
        first = widget.raster
        assert widget.raster is first
        await pilot.resize_terminal(90, 30)
        await pilot.pause()
        assert widget.raster.width > first.width
        widget.set_points(SQUARE[:2])
        assert len(widget.raster.cell) == 2
        await pilot.resize_terminal(20, 5)
        await pilot.pause()
        assert widget.raster is None


async def test_another_number_of_clusters_is_drawn_in_its_own_colours(chart):
    chart.draw(Scene(LABELS, FAR))
    chart.draw(Scene(np.array([0, 1, 2, 3, 2]), np.vstack([FAR, FAR + 1])))
    for c in range(4):
        for place in where(chart, palette.glyph(c)):
            assert at(chart, place)[1].color.name == palette.colour(c, "dark")


async def test_a_new_size_is_drawn_for_that_size():
    widget = Chart()
    async with shown(widget, size=(60, 20)) as pilot:
        widget.set_points(SQUARE)
        widget.draw(Scene(LABELS, FAR))
        await pilot.resize_terminal(90, 30)
        await pilot.pause()
        grown = cells(widget)
    fresh = Chart()
    async with shown(fresh, size=(90, 30)):
        fresh.set_points(SQUARE)
        fresh.draw(Scene(LABELS, FAR))
        assert cells(fresh) == grown


async def test_no_size_is_too_small():
    widget = Chart()
    async with shown(widget, size=(30, 8)) as pilot:
        widget.set_points(SQUARE)
        widget.draw(Scene(LABELS, FAR))
        for width in (1, 23, 24, 25, 30):
            for height in (1, 2, 5, 6, 8):
                await pilot.resize_terminal(width, height)
                size = (width, height)
                await until(pilot, lambda size=size: widget.size == size)
                widget.draw(Scene(LABELS, FAR, previous=OWN, owner=halves))
                assert [len(strip.text) for strip in whole(widget)] == [width] * height
        assert "┌" in text(widget)[0]


@pytest.mark.parametrize("value", [0.0, 1e300, -1e300, 1e-300])
async def test_equal_points_and_extreme_ones_are_drawn(chart, value):
    chart.set_points(np.array([[value, value], [-value, value], [value, 0.0]]))
    with np.errstate(all="raise", under="ignore"):
        chart.draw(Scene(np.array([0, 1, 0]), np.array([[value, value], [0.0, 0.0]])))
    assert len(where(chart, "1")) == 1
    assert "nan" not in "".join(text(chart))


SCRIPT = """
import asyncio
import numpy as np
from kmeans_tui.ui.widgets.chart import Chart
from kmeans_tui.ui.widgets.scene import Scene
from kmeans_tui.ui.widgets.curve import Curve
from tests.pilot import cells, shown

async def main():
    chart, curve = Chart(), Curve()
    async with shown(chart, curve, size=(60, 40)):
        points = np.random.RandomState(0).normal(size=(300, 2))
        labels = (points[:, 0] > 0) + 2 * (points[:, 1] > 0)
        chart.set_points(points)
        chart.draw(Scene(labels, points[:4], points[4:8], np.stack([points[4:8], points[:4]]),
                         lambda p: (p[:, 0] > 0) * 1))
        curve.draw([9.0, 4.0, 2.5, 2.0], 2, "inertia 2.5")
        for widget in (chart, curve):
            for row in cells(widget):
                print([(character, str(style)) for character, style in row])

asyncio.run(main())
"""


def test_the_picture_does_not_depend_on_the_hash_seed():
    printed = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert "┌" in printed[0]
    assert printed[0] == printed[1]


async def test_clusters_of_a_photo_are_drawn_in_their_mean_colours():
    points = np.array([[0.0, 0.0], [1.0, 1.0], [0.2, 0.9]])
    chart = Chart()
    async with shown(chart):
        chart.set_points(points)
        labels = np.array([0, 1, 1], np.uint8)
        for inks in (("#102030", "#fa000a"), ("#102030", "#00fa0a")):
            chart.draw(Scene(labels, points[:2], inks=inks), "dot")
            colours = {style.color.name for row in cells(chart) for _, style in row if style.color}
            assert inks[1] in colours
        assert "#fa000a" not in colours


# --- what comes next ---------------------------------------------------------------------------


async def test_a_ghost_stands_where_a_centroid_will_be_and_a_line_leads_there(chart):
    coming = np.array([[2.0, 4.0], FAR[1]])
    chart.draw(Scene(LABELS, FAR, coming=coming))
    # The second stays where it is, under its number.
    (ghost,) = where(chart, palette.COMING)
    assert at(chart, ghost)[1].color.name == palette.colour(0, "dark")
    way = where(chart, palette.TRAIL)
    assert way
    top, bottom = where(chart, "1")[0][1], ghost[1]
    assert all(x == ghost[0] and top < y < bottom for x, y in way)
    chart.draw(Scene(LABELS, FAR))
    assert where(chart, palette.COMING) == where(chart, palette.TRAIL) == []


async def test_distances_are_lines_from_the_point_with_their_lengths(chart):
    chart.draw(Scene(LABELS, FAR, questioned=0, distances=(8.25, 8.5)))
    drawn = "\n".join("".join(c for c, _ in row) for row in canvas(chart))
    assert "8.25" in drawn
    assert "8.50" in drawn
    assert where(chart, palette.TRAIL)
    # No point is covered by a line, only by a number.
    assert len(where(chart, palette.glyph(0)) + where(chart, palette.glyph(1))) >= 3
    chart.draw(Scene(LABELS, FAR, questioned=0))
    assert where(chart, palette.TRAIL) == []


async def test_of_many_centroids_the_nearest_have_their_lines(chart):
    around = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    centroids = 5 + 4 * np.column_stack([np.cos(around), np.sin(around)])
    far = tuple(float(c + 1) for c in range(12))
    chart.draw(Scene(LABELS, centroids, questioned=4, distances=far))
    drawn = " ".join("".join(c for c, _ in row) for row in canvas(chart))
    assert "9.00" in drawn
    assert "10.00" not in drawn
