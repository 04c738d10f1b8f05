"""The last stop of the screen: nothing that a terminal obeys passes, and nothing moves."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from kmeans_tui.ui.printable_filter import PrintableFilter
from kmeans_tui.ui.widgets.cells import Cells
from kmeans_tui.words import printable
from tests.pilot import opened, shown, text, whole

BLACK = Color(0, 0, 0)
STYLE = Style(color="red", bold=True)
HOSTILE = "\x1b]52;c;UFdORUQ=\x07\x9b2J\u202e\u200b\rover\nnext"


def apply(segments):
    return PrintableFilter().apply(segments, BLACK)


def test_what_is_printable_is_left_alone():
    segments = [Segment("plain ╭─▶ é 中 ❤\ufe0f", STYLE), Segment("")]
    assert all(a is b for a, b in zip(apply(segments), segments, strict=True))


@given(st.lists(st.text(st.characters(), max_size=12), max_size=4))
def test_nothing_passes_and_every_segment_keeps_its_cells_and_its_style(texts):
    before = [Segment(each, STYLE) for each in texts]
    after = apply(before)
    assert [cell_len(each.text) for each in after] == [cell_len(each) for each in texts]
    assert all(printable(each.text) == each.text and each.style == STYLE for each in after)


def test_a_placeholder_is_seen():
    assert apply([Segment("a\x1b[2Jb")])[0].text == "a·[2J"
    assert apply([Segment("\x1b")])[0].text == ""


async def test_it_is_always_there():
    async with opened() as pilot:
        for key in ("A", "A"):
            found = pilot.app.get_line_filters()
            assert any(isinstance(each, PrintableFilter) for each in found)
            await pilot.press(key)


async def test_cells_are_printable_before_the_filter():
    widget = Cells()
    widget.framed = True
    async with shown(widget, size=(60, 4)) as pilot:
        # An app of nothing but widgets has no filter of ours.
        assert not any(isinstance(each, PrintableFilter) for each in pilot.app.get_line_filters())
        widget.entitle(HOSTILE, HOSTILE)
        widget.show([[(HOSTILE, STYLE)], [("plain", STYLE)]])
        await pilot.pause()
        lines = [strip.text for strip in whole(widget)]
        assert all(printable(each) == each and cell_len(each) == 60 for each in lines)
        assert text(widget)[0].startswith("·]52;c;UFdORUQ=··2J···over·next")


async def test_cells_pass_the_filter_themselves():
    class Forgetful(Cells):
        def row(self, y):
            return Strip([Segment(f"{HOSTILE} row")]).adjust_cell_length(self.inner.width)

    async with opened() as pilot:
        widget = Forgetful()
        await pilot.app.screen.mount(widget)
        await pilot.pause()
        assert all(printable(strip.text) == strip.text for strip in whole(widget))
