"""Only changed cells are sent, and the screen they make is the one that a full repaint makes."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.geometry import Region
from textual.strip import Strip

from kmeans_tui.ui.widgets.cells import GAP, Cells, SpanScreen, changed_spans, joined
from tests.pilot import cells, framed, shown, text, whole
from tests.terminal import Screen

RED, BLUE, PLAIN = Style(color="red"), Style(color="blue"), Style.null()
ON_RED = Style(bgcolor="red")
columns = st.sets(st.integers(0, 120)).map(sorted)
STYLES = [PLAIN, RED, BLUE, ON_RED, Style(reverse=True), Style(underline=True, dim=True)]
row_of_20 = st.lists(
    st.tuples(st.sampled_from("ab  "), st.sampled_from(STYLES)), min_size=20, max_size=20
)


def strip(*runs):
    return Strip([Segment(text, style) for text, style in runs])


def spans(before, after):
    return list(changed_spans(before, after))


@given(columns)
def test_joined_spans_hold_the_columns_and_split_at_wide_gaps_only(columns):
    found = list(joined(columns))
    inside = {x for first, after in found for x in range(first, after)}
    assert set(columns) <= inside
    assert all(first in columns and after - 1 in columns for first, after in found)
    for (_, after), (first, _) in pairwise(found):
        assert first - (after - 1) > GAP
    for one, next_one in pairwise(columns):
        same = any(first <= one and next_one < after for first, after in found)
        assert same == (next_one - one <= GAP)


def test_nothing_joined_is_nothing():
    assert list(joined([])) == []


def test_equal_rows_have_no_changed_spans():
    assert spans(strip(("abc", RED)), strip(("ab", RED), ("c", RED))) == []


def test_a_changed_character_and_a_changed_style_are_spans():
    assert spans(strip(("abcd", RED)), strip(("abXd", RED))) == [(2, 3)]
    assert spans(strip(("abcd", RED)), strip(("a", RED), ("bc", BLUE), ("d", RED))) == [(1, 3)]


def test_far_changes_are_spans_of_their_own():
    before, after = strip(("." * 40, RED)), strip(("X" + "." * 38 + "X", RED))
    assert spans(before, after) == [(0, 1), (39, 40)]


def test_blanks_that_look_alike_do_not_count():
    assert spans(strip(("a  b", RED)), strip(("a", RED), ("  ", BLUE), ("b", RED))) == []
    assert spans(strip(("  ", PLAIN)), strip(("  ", Style(bold=True, dim=True)))) == []


@pytest.mark.parametrize("style", [ON_RED, Style(reverse=True), Style(underline=True)])
def test_blanks_that_can_be_seen_do_count(style):
    assert spans(strip(("    ", RED)), strip((" ", RED), ("  ", style), (" ", RED))) == [(1, 3)]


def test_rows_of_other_lengths_are_sent_whole():
    assert spans(strip(("ab", RED)), strip(("abc", RED))) == [(0, 3)]


@given(row_of_20, row_of_20)
def test_a_cell_outside_the_spans_looks_as_before(before, after):
    changed = spans(strip(*before), strip(*after))
    for x, (old, new) in enumerate(zip(before, after, strict=True)):
        if not any(first <= x < last for first, last in changed):
            seen = new[1].bgcolor or new[1].reverse or new[1].underline
            assert old[0] == new[0]
            assert old[1] == new[1] or (new[0] == " " and not seen)


class Spy(Cells):
    """Keeps the regions it was asked to refresh."""

    def __init__(self, title=""):
        super().__init__(title=title)
        self.asked = []

    def refresh(self, *regions, **settings):
        if hasattr(self, "asked"):
            self.asked.append(regions)
        return super().refresh(*regions, **settings)


@pytest.fixture
async def spy():
    widget = Spy()
    async with shown(widget, size=(40, 4)):
        widget.show([[("one", RED)], [("two", RED)], [("three", RED)]])
        widget.asked.clear()
        yield widget


async def test_only_the_changed_spans_are_refreshed(spy):
    spy.show([[("one", RED)], [("tWo", RED)], [("three", RED), ("!", BLUE)]])
    assert spy.asked == [(Region(1, 1, 1, 1), Region(5, 2, 1, 1))]
    assert [line.rstrip() for line in text(spy)] == ["one", "tWo", "three!", ""]


async def test_the_same_picture_refreshes_nothing(spy):
    spy.show([[("one", RED)], [("tw", RED), ("o", RED)], [("three", RED), ("  ", BLUE)]])
    assert spy.asked == []


async def test_another_number_of_rows_refreshes_everything(spy):
    spy.show([[("one", RED)]])
    assert spy.asked == [()]
    assert [line.rstrip() for line in text(spy)] == ["one", "", "", ""]


async def test_a_forgotten_picture_is_sent_whole(spy):
    spy.forget()
    spy.show([[("one", RED)], [("two", RED)], [("three", RED)]])
    assert spy.asked == [()]


async def test_rows_are_padded_to_the_width_or_cut_with_an_ellipsis(spy):
    spy.show([[("x" * 41, RED)], [("x" * 40, RED)], [("x" * 30, RED), ("y" * 11, BLUE)], []])
    assert text(spy) == ["x" * 39 + "…", "x" * 40, "x" * 30 + "y" * 9 + "…", " " * 40]


# --- the frame ---------------------------------------------------------------------------------


class FramedSpy(Spy):
    framed = True


@pytest.fixture
async def box():
    widget = FramedSpy(title="title")
    async with shown(widget, size=(20, 5)) as pilot:
        widget.pilot = pilot
        widget.show([[("one", RED)], [("two", BLUE)]])
        widget.asked.clear()
        yield widget


def drawn(widget):
    return [strip.text for strip in whole(widget)]


async def test_a_frame_stands_around_the_rows(box):
    assert drawn(box) == [
        "╭─ title ──────────╮",
        "│one               │",
        "│two               │",
        "│                  │",
        "╰──────────────────╯",
    ]
    assert box.inner == (18, 3)
    assert cells(box)[0][0][1].color == cells(box)[0][2][1].color
    assert cells(box)[0][0][1].color != cells(box)[1][0][1].color


async def test_a_widget_without_a_frame_is_all_inside(spy):
    assert spy.inner == spy.size == (40, 4)


async def test_title_and_hint_are_written_into_the_frame(box):
    box.entitle("new", "below")
    assert framed(box) == ("new", "below")
    assert drawn(box)[-1] == "╰────────── below ─╯"
    box.entitle(hint="")
    assert framed(box) == ("new", "")
    box.entitle("")
    assert framed(box) == ("", "")


async def test_only_what_changes_in_the_frame_is_sent(box):
    box.entitle(hint="n·k·2 = 18")
    assert {region.y for region in box.asked.pop()} == {4}
    box.entitle(hint="n·k·3 = 27")
    assert box.asked == [(Region(11, 4, 6, 1),)]
    assert drawn(box)[-1] == "╰───── n·k·3 = 27 ─╯"


async def test_the_same_title_refreshes_nothing(box):
    box.entitle("title")
    box.entitle("title", "")
    box.entitle()
    assert box.asked == []


@pytest.mark.parametrize("length", range(13, 20))
async def test_a_title_too_long_for_the_frame_ends_in_an_ellipsis(box, length):
    title = "abcdefghijklmnopqrst"[:length]
    box.entitle(title, title)
    for found in framed(box):
        assert found == title or (found.endswith("…") and title.startswith(found[:-1]))
        assert (found == title) == (length <= 14)
    assert {len(line) for line in drawn(box)} == {20}


async def test_changed_spans_are_inside_the_frame(box):
    box.show([[("one", RED)], [("tWo", BLUE)]])
    assert box.asked == [(Region(2, 2, 1, 1),)]
    assert text(box)[:2] == ["one".ljust(18), "tWo".ljust(18)]


async def test_the_frame_shows_the_focus():
    class Focused(FramedSpy):
        can_focus = True

    first, second = Focused(), Focused()
    async with shown(first, second, size=(20, 10)) as pilot:
        # The colours that the program's own style sheet gives them.
        for widget in (first, second):
            widget.app.stylesheet.add_source(".cells--focus { color: #ff0000; }")
        widget.app.refresh_css()
        seen = []
        for widget in (first, second, first):
            widget.focus()
            await pilot.pause()
            colours = [next(iter(whole(each)[0])).style.color for each in (first, second)]
            seen.append([colour.triplet == (255, 0, 0) for colour in colours])
    assert seen == [[True, False], [False, True], [True, False]]


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 1), (1, 4), (5, 3), (7, 2)])
async def test_no_frame_is_too_small(size):
    widget = FramedSpy(title="title")
    async with shown(widget, size=size):
        widget.entitle(hint="hint")
        widget.show([[("one", RED)], [("two", RED)]])
        assert [len(line) for line in drawn(widget)] == [size[0]] * size[1]
        assert widget.inner == (max(0, size[0] - 2), max(0, size[1] - 2))


# --- finished rows are kept --------------------------------------------------------------------


async def test_a_finished_row_is_finished_once(box, monkeypatch):
    finished = []
    row = box.row
    monkeypatch.setattr(box, "row", lambda y: finished.append(y) or row(y))
    before = drawn(box)
    finished.clear()
    assert drawn(box) == before
    assert finished == []
    box.show([[("one", RED)], [("tWo", BLUE)]])
    drawn(box)
    assert finished == [1]
    finished.clear()
    box.notify_style_update()
    drawn(box)
    assert finished == [0, 1, 2]


async def test_a_part_of_a_row_is_that_part_of_the_whole(box):
    lines = drawn(box)
    for crop in (Region(0, 0, 3, 5), Region(4, 1, 6, 2), Region(19, 0, 1, 5)):
        parts = [strip.text for strip in box.render_lines(crop)]
        assert parts == [lines[y][crop.x : crop.right] for y in crop.line_range]


async def test_another_theme_reaches_rows_that_were_finished(box):
    before = whole(box)
    box.app.theme = "textual-light"
    await box.pilot.pause()
    after = whole(box)
    assert [strip.text for strip in after] == [strip.text for strip in before]
    for old, new in zip(before, after, strict=True):
        assert [segment.style for segment in old] != [segment.style for segment in new]


async def test_another_style_reaches_rows_that_were_finished(box):
    whole(box)
    box.styles.background = "#0000ff"
    await box.pilot.pause()
    for strip in whole(box):
        assert {segment.style.bgcolor.triplet for segment in strip} == {(0, 0, 255)}


async def test_another_background_of_the_screen_reaches_rows_that_were_finished(box):
    whole(box)
    box.screen.styles.background = "#0000ff"
    await box.pilot.pause()
    for strip in whole(box):
        assert {segment.style.bgcolor.triplet for segment in strip} == {(0, 0, 255)}


async def test_a_forgotten_row_is_not_kept(box):
    assert text(box)[0].strip() == "one"
    box.forget()
    assert [line.strip() for line in text(box)] == ["", "", ""]


async def test_rows_follow_the_width(box):
    rows = [[("x" * 25, RED)], [("two", BLUE)]]
    box.show(rows)
    assert text(box)[0] == "x" * 17 + "…"
    for width in (40, 12, 30, 20):
        await box.pilot.resize_terminal(width, 5)
        await box.pilot.pause()
        box.show(rows)
        expected = "x" * 25 if width >= 27 else "x" * (width - 3) + "…"
        assert text(box)[0].rstrip() == expected
        assert {len(line) for line in drawn(box)} == {width}


# --- what reaches the terminal ---------------------------------------------------------------

CONSOLE = Console(force_terminal=True, color_system="truecolor", width=60)
SIZE = (60, 8)


class Bench(App[None]):
    """Two widgets of cells side by side on a screen that narrows its updates."""

    CSS = "Screen { layout: horizontal; overflow: hidden; } Cells { width: 1fr; height: 100%; }"

    def __init__(self):
        super().__init__()
        self.left, self.right = Cells(), Cells()
        self.sent = []

    def get_default_screen(self):
        return SpanScreen()

    def on_mount(self):
        self.screen.mount(self.left, self.right)

    def _display(self, screen, renderable):
        if isinstance(renderable, CompositorUpdate):
            self.sent.append(renderable.render_segments(CONSOLE))


def repainted(app):
    """The cells of a terminal that got the whole screen at once."""
    screen = Screen(*SIZE)
    screen.feed(app.screen._compositor.render_full_update().render_segments(CONSOLE).encode())
    return screen.cells()


def colours_set(sent):
    """The sequences that set colours, in order."""
    return re.findall(r"\x1b\[[0-9;]*m", sent)


PICTURES = [
    [[("abc", RED), (" " * 20, PLAIN), ("xyz", BLUE)] for _ in range(8)],
    [[("abc", RED), (" " * 20, PLAIN), ("xYz", BLUE)] for _ in range(8)],
    [[("aXc", RED), (" " * 20, ON_RED), ("xYz", RED)] for _ in range(8)],
    [[("a", BLUE), (" " * 24, PLAIN), ("z", BLUE)], *([[("row", RED)]] * 7)],
    [[("q" * 30, Style(reverse=True))], *([[("row", RED)]] * 6), [("end", BLUE)]],
]


async def test_partial_updates_make_the_screen_of_a_full_repaint():
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.left.show(PICTURES[0])
        app.right.show(PICTURES[1])
        await pilot.pause()
        terminal = Screen(*SIZE)
        terminal.feed(app.screen._compositor.render_full_update().render_segments(CONSOLE).encode())
        for left, right in zip(PICTURES[1:] + PICTURES, PICTURES + PICTURES[1:], strict=True):
            app.sent.clear()
            app.left.show(left)
            app.right.show(right)
            await pilot.pause()
            terminal.feed("".join(app.sent).encode())
            assert terminal.cells() == repainted(app)


async def test_a_changed_cell_costs_a_cell():
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.left.show(PICTURES[0])
        app.right.show(PICTURES[0])
        await pilot.pause()
        app.sent.clear()
        app.right.show([*PICTURES[0][:7], [("abc", RED), (" " * 20, PLAIN), ("xyQ", BLUE)]])
        await pilot.pause()
        (sent,) = app.sent
        # Row 8, column 30 + 25 + 1; "xy" stays unsent.
        assert sent.startswith("\x1b[8;56H")
        assert "Q" in sent
        assert "y" not in sent


async def test_colours_are_set_only_where_they_change():
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.left.show([[("a" * 20, RED)], [("b" * 20, RED)], [("c" * 20, BLUE)]])
        await pilot.pause()
        app.sent.clear()
        app.left.show([[("A" * 20, RED)], [("B" * 20, RED)], [("C" * 20, BLUE)]])
        await pilot.pause()
        (sent,) = app.sent
        red, blue, reset = colours_set(sent)
        assert red.startswith("\x1b[0;")
        assert blue.startswith("\x1b[0;")
        assert red != blue
        assert reset == "\x1b[0m"
        assert sent.endswith(reset)
        assert sent.index(red) < sent.index("A") < sent.index("B") < sent.index(blue)


async def test_nothing_changed_sends_nothing():
    app = Bench()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.left.show(PICTURES[0])
        await pilot.pause()
        app.sent.clear()
        app.left.show(PICTURES[0])
        await pilot.pause()
        assert app.sent == []
