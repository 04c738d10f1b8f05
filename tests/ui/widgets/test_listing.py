"""The table with a chosen row: what is chosen stays in sight, what is clicked is said."""

from itertools import pairwise

import pytest

from kmeans_tui.ui.widgets.listing import Listing
from kmeans_tui.ui.widgets.panels import PLAIN
from tests.pilot import framed, shown, text, whole

HEADER = "k  inertia"


def rows(count):
    return [[(f"row {at}", PLAIN), (f" value {at}", PLAIN)] for at in range(count)]


class Heard(Listing):
    """Keeps what it says."""

    def __init__(self):
        super().__init__(title="list")
        self.picked = []

    def on_listing_picked(self, message):
        assert message.control is self
        self.picked.append(message.row)


@pytest.fixture
async def listing():
    widget = Heard()
    async with shown(widget, size=(40, 8)) as pilot:
        widget.pilot = pilot
        yield widget


@pytest.mark.parametrize("chosen", [None, 0, 2, 4])
async def test_one_row_is_marked_below_the_header(listing, chosen):
    listing.draw(HEADER, rows(5), chosen)
    header, *lines = text(listing)
    assert header.rstrip() == f"  {HEADER}"
    assert [line.startswith("▶ ") for line in lines] == [at == chosen for at in range(5)]
    assert [line[2:].rstrip() for line in lines] == [f"row {at} value {at}" for at in range(5)]
    assert framed(listing) == ("list", "")


@pytest.mark.parametrize("count", [6, 30])
async def test_what_is_chosen_stays_in_sight_and_the_list_moves_no_more_than_it_must(
    listing, count
):
    seen = []
    for chosen in [*range(count), *range(count - 1, -1, -1)]:
        listing.draw(HEADER, rows(count), chosen)
        _, *lines = text(listing)
        (marked,) = [line for line in lines if "▶" in line]
        assert marked.split()[2] == str(chosen)
        first = int(lines[0].replace("▶", "").split()[1])
        assert framed(listing)[1] == f"{first + 1}-{first + 5} of {count}"
        seen.append(first)
    assert max(abs(b - a) for a, b in pairwise(seen)) == 1
    assert (seen[0], max(seen), seen[-1]) == (0, count - 5, 0)


async def test_a_note_stands_in_the_frame_where_all_rows_do(listing):
    listing.draw(HEADER, rows(5), 0, "* a word")
    assert framed(listing)[1] == "* a word"
    listing.draw(HEADER, rows(6), 0, "* a word")
    assert framed(listing)[1] == "1-5 of 6"
    listing.draw(HEADER, rows(3), 0)
    assert framed(listing)[1] == ""


async def test_fewer_rows_after_scrolling_are_all_seen(listing):
    listing.draw(HEADER, rows(30), 29)
    listing.draw(HEADER, rows(4), 3)
    assert [line.replace("▶", "").split()[1] for line in text(listing)[1:5]] == ["0", "1", "2", "3"]
    listing.draw(HEADER, [], None)
    assert [line.strip() for line in text(listing)] == [HEADER, "", "", "", "", ""]


async def test_a_click_names_its_row_wherever_the_list_stands(listing):
    listing.draw(HEADER, rows(30), 0)
    await listing.pilot.click(Heard, offset=(3, 2))
    await listing.pilot.click(Heard, offset=(3, 6))
    listing.draw(HEADER, rows(30), 29)
    await listing.pilot.click(Heard, offset=(3, 2))
    assert listing.picked == [0, 4, 25]


@pytest.mark.parametrize("place", [(3, 0), (3, 1), (3, 5), (3, 7)])
async def test_a_click_beside_the_rows_names_none(listing, place):
    listing.draw(HEADER, rows(3), 0)
    await listing.pilot.click(Heard, offset=place)
    assert listing.picked == []


async def test_a_list_not_drawn_yet_takes_a_click():
    widget = Heard()
    async with shown(widget, size=(20, 6)) as pilot:
        await pilot.click(Heard, offset=(3, 3))
        assert widget.picked == []


async def test_another_size_shows_what_fits_it(listing):
    listing.draw(HEADER, rows(10), 9)
    fresh = {}
    for size in ((40, 8), (20, 14), (9, 4), (1, 1), (40, 3), (2, 2)):
        await listing.pilot.resize_terminal(*size)
        assert [len(strip.text) for strip in whole(listing)] == [size[0]] * size[1]
        fresh.setdefault(size, text(listing))
    await listing.pilot.resize_terminal(40, 8)
    assert text(listing) == fresh[40, 8]
