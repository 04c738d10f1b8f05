"""Characters and pens become exactly those cells, and only what differs is sent again."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style
from textual.geometry import Region

from kmeans_tui.ui.widgets.picture import Colours, Picture, codes, to_ascii
from tests.pilot import cells, shown, text

COLOURS = ["#ff0000", "#00ff00", "#0000ff"]
YELLOW = "#ffff00"


class Sheet(Picture):
    """Pens 0 to 2 are colours; from 3 on they have a background as well."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def refresh(self, *regions, **settings):
        if hasattr(self, "asked"):
            self.asked.append(regions)
        return super().refresh(*regions, **settings)

    def style(self, pen):
        return Style(color=COLOURS[pen % 3], bgcolor=YELLOW if pen > 2 else None)

    def alike(self, first, second):
        return (first > 2) == (second > 2)


def arrays(lines, pens):
    return codes("".join(lines)).reshape(len(lines), -1), np.array(pens, np.int32)


@pytest.fixture
async def sheet():
    widget = Sheet()
    async with shown(widget, size=(6, 3)):
        widget.lay(*arrays(["ab  cd", "      ", "▴▪ ✚  "], np.zeros((3, 6))))
        widget.asked.clear()
        yield widget


def test_codes_are_one_number_a_cell():
    assert codes("a▴🔎").tolist() == [0x61, 0x25B4, 0x1F50E]


@given(st.text("ab ▴█⠿·", min_size=6, max_size=6))
def test_ascii_keeps_the_shape_and_the_ascii_cells(line):
    before = codes(line).reshape(2, 3)
    after = to_ascii(before)
    assert after.shape == before.shape
    assert (after < 0x80).all()
    assert (after[before < 0x80] == before[before < 0x80]).all()


async def test_characters_stand_where_they_were_laid(sheet):
    assert text(sheet) == ["ab  cd", "      ", "▴▪ ✚  "]


async def test_every_cell_has_its_pen():
    widget, random = Sheet(), Random(0)
    async with shown(widget, size=(12, 40)):
        lines = ["".join(random.choices("xy ", k=12)) for _ in range(40)]
        pens = [random.choices(range(6), k=12) for _ in range(40)]
        widget.lay(*arrays(lines, pens))
        drawn = cells(widget)
    assert ["".join(character for character, _ in row) for row in drawn] == lines
    for row, row_pens in zip(drawn, pens, strict=True):
        for (character, style), pen in zip(row, row_pens, strict=True):
            yellow = style.bgcolor is not None and style.bgcolor.name == YELLOW
            assert yellow == (pen > 2)
            assert character == " " or style.color.name == COLOURS[pen % 3]


async def test_the_same_arrays_refresh_nothing(sheet):
    sheet.lay(*arrays(["ab  cd", "      ", "▴▪ ✚  "], np.zeros((3, 6))))
    assert sheet.asked == []


async def test_a_changed_character_and_a_changed_pen_refresh_their_cells(sheet):
    pens = np.zeros((3, 6))
    pens[2, 3] = 1
    sheet.lay(*arrays(["ab  cX", "      ", "▴▪ ✚  "], pens))
    assert sheet.asked == [(Region(5, 0, 1, 1), Region(3, 2, 1, 1))]
    assert cells(sheet)[2][3] == ("✚", cells(sheet)[2][3][1])
    assert cells(sheet)[2][3][1].color.name == COLOURS[1]


async def test_a_blank_is_sent_again_only_where_its_background_changes(sheet):
    pens = np.zeros((3, 6))
    pens[1, 1], pens[1, 4] = 2, 3
    sheet.lay(*arrays(["ab  cd", "      ", "▴▪ ✚  "], pens))
    assert sheet.asked == [(Region(4, 1, 1, 1),)]
    assert cells(sheet)[1][4][1].bgcolor.name == YELLOW
    sheet.asked.clear()
    pens[1, 4] = 5
    sheet.lay(*arrays(["ab  cd", "      ", "▴▪ ✚  "], pens))
    assert sheet.asked == []


async def test_blanks_share_the_run_of_a_neighbour_that_looks_the_same(sheet):
    sheet.lay(
        *arrays(["a    b", "a    b", " " * 6], [[0, 1, 2, 1, 2, 1], [0, 3, 3, 3, 3, 1], [0] * 6])
    )
    assert [segment.text for segment in sheet.row(0)] == ["a    ", "b"]
    assert [segment.text for segment in sheet.row(1)] == ["a", "    ", "b"]


async def test_inside_a_frame_cells_stand_and_change_one_further():
    class Framed(Sheet):
        framed = True

    widget = Framed()
    async with shown(widget, size=(8, 4)):
        widget.lay(*arrays(["ab  cd", "xy    "], np.zeros((2, 6))))
        assert text(widget) == ["ab  cd", "xy    "]
        widget.asked.clear()
        widget.lay(*arrays(["ab  cd", "xY    "], np.zeros((2, 6))))
        assert widget.asked == [(Region(2, 2, 1, 1),)]
        assert text(widget) == ["ab  cd", "xY    "]


async def test_a_forgotten_picture_is_sent_whole(sheet):
    sheet.forget()
    assert text(sheet) == [" " * 6] * 3
    sheet.lay(*arrays(["ab  cd", "      ", "▴▪ ✚  "], np.zeros((3, 6))))
    assert sheet.asked == [()]


async def test_ascii_pictures_hold_no_other_character(sheet):
    sheet.forget()
    sheet.colours = Colours(ascii_only=True)
    sheet.lay(*arrays(["ab──cd", "┌    ┐", "▴▪ ✚  "], np.zeros((3, 6))))
    assert text(sheet) == ["ab--cd", "+    +", "ox +  "]


async def test_a_picture_smaller_than_its_widget_is_padded(sheet):
    sheet.lay(*arrays(["abc"], [[0, 0, 0]]))
    assert text(sheet) == ["abc   ", " " * 6, " " * 6]
