"""Nothing above 0x7f passes, and nothing else is touched."""

from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from kmeans_tui.command import Options
from kmeans_tui.ui.ascii_filter import AsciiFilter
from tests.pilot import opened, press, screen_text

BLACK = Color(0, 0, 0)
STYLE = Style(color="red", bold=True)


def apply(segments):
    return AsciiFilter().apply(segments, BLACK)


@given(st.lists(st.text("ab ╭─╮│▴✚·→×é", max_size=12)))
def test_every_segment_keeps_its_length_and_its_style(texts):
    before = [Segment(text, STYLE) for text in texts]
    after = apply(before)
    assert [len(segment.text) for segment in after] == [len(text) for text in texts]
    assert all(segment.text.isascii() and segment.style == STYLE for segment in after)


def test_ascii_segments_are_left_alone():
    segment = Segment("plain text", STYLE)
    assert apply([segment])[0] is segment


def test_boxes_stay_boxes():
    assert apply([Segment("╭─▶ a ·╮")])[0].text == "+-> a .+"


async def test_the_whole_screen_is_ascii_when_asked_for():
    async with opened(Options(ascii=True), size=(120, 40)) as pilot:
        text = screen_text(pilot.app)
        # The strips of the compositor come before the filter; the lines of the chart are ASCII.
        assert any(isinstance(each, AsciiFilter) for each in pilot.app.get_line_filters())
        filtered = "".join(
            segment.text
            for strip in pilot.app.screen._compositor.render_strips()
            for segment in apply(list(strip))
        )
        assert filtered.isascii()
        assert "?" not in filtered.replace("? Help", "").replace("converged?", "")
        assert len(filtered) == len(text.replace("\n", ""))


async def test_the_key_turns_it_on_and_off():
    async with opened() as pilot:

        def filtering():
            return any(isinstance(each, AsciiFilter) for each in pilot.app.get_line_filters())

        assert not filtering()
        await press(pilot, "A")
        assert filtering()
        assert pilot.app.explore.session.options.ascii is True
        assert "▴" not in screen_text(pilot.app)
        await press(pilot, "A")
        assert not filtering()
        assert pilot.app.explore.session.options.ascii is False
        assert "▴" in screen_text(pilot.app)
