"""The panels: every number in its column, nothing cut without a sign."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from kmeans_tui import palette
from kmeans_tui.footer import footer
from kmeans_tui.ui.screens.page import tabs
from kmeans_tui.ui.widgets import panels
from kmeans_tui.ui.widgets.panels import Algorithm, Bar, ClusterRow, Clusters, View, number
from kmeans_tui.ui.widgets.status_line import Status
from kmeans_tui.ui.widgets.summary import Summary
from kmeans_tui.words import amount, changed_cluster
from tests.pilot import cells, framed, shown, text, until, whole

ROWS = [
    ClusterRow(145, (-0.49, 7.0), 6.37),
    ClusterRow(100, (-6.88, -6.96), 0.5),
    ClusterRow(55, (5.15, 1.62), 0.31),
]
VIEW = View(
    kind="update",
    iteration=1,
    iterations=3,
    start="random, seed 42",
    assigned="300 points",
    shift="shift 6.37",
    converged="no (tol 0.0001)",
    verdict=False,
    inertia="inertia 3104.07",
    note="",
    rows=ROWS,
    playing=False,
    speed=2.0,
)
MANY = [ClusterRow(c * 7, (c - 10.123, 1000.0 * c), c / 8) for c in range(30)]
RUN = "init random · seed 42"


def around(widget, width, height):
    """The size of a panel that has this much room inside its frame."""
    return (width + 2, height + 2) if widget.framed else (width, height)


async def drawn(widget, size, *arguments):
    """The lines inside a panel with this much room after it has drawn this."""
    async with shown(widget, size=around(widget, *size)):
        widget.draw(*arguments)
        return text(widget)


# --- numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "width", "shown"),
    [
        (0.0, 6, "0.00"), (-0.5, 6, "-0.50"), (9.999, 6, "10.00"), (123.456, 6, "123.46"),
        (1234.56, 6, "1234.6"), (-1234.56, 6, "-1235"), (123456.0, 6, "123456"),
        (1234567.0, 6, "1.2e+06"), (-1e300, 6, "-1.0e+300"), (0.5, 4, "0.50"), (0.5, 3, "0.5"),
        (0.005, 6, "0.01"), (0.0049, 6, "5e-03"), (3.4e-4, 6, "3e-04"), (-3.4e-4, 6, "-3e-04"),
        (1e-300, 6, "1e-300"),
    ],
)  # fmt: skip
def test_decimals_give_way_to_the_width(value, width, shown):
    assert number(value, width) == shown


@pytest.mark.parametrize(("value", "width", "shown"), [(-0.0, 6, "0.00"), (-0.4, 3, "0")])
def test_a_number_that_shows_nothing_has_no_sign(value, width, shown):
    assert number(value, width) == shown


@given(st.floats(-1e6, 1e6, allow_subnormal=False), st.integers(8, 14))
def test_a_number_fits_and_is_right_to_its_last_digit(value, width):
    shown = number(value, width)
    assert len(shown) <= width
    digits, _, exponent = shown.partition("e")
    last = 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))
    assert abs(float(shown) - value) <= 0.5 * last * (1 + 1e-9)
    # Only nothing looks like nothing.
    assert (float(shown) == 0) == (value == 0)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"), (9024.6973, "9024.70"), (1.0, "1.00"), (0.28765, "0.288"), (6.374, "6.37"),
        (0.00012345, "0.000123"), (1e-9, "1e-09"), (1e-300, "1e-300"), (99_999.0, "99999.00"),
        (1e5, "100,000"), (1.23456e7, "12,345,600"), (999_999_999.0, "999,999,999"),
        (1.234e9, "1.23e+09"), (1e300, "1e+300"),
    ],
)  # fmt: skip
def test_amounts(value, shown):
    assert amount(value) == shown


@given(st.floats(0, 1e300))
def test_an_amount_is_nothing_only_where_there_is_nothing(value):
    assert float(amount(value).replace(",", "")) == pytest.approx(value, rel=0.006)


# --- the algorithm's steps ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "verdict", "present"),
    [("initialise", False, 0), ("assign", False, 1), ("update", False, 2), ("assign", True, 3)],
)
async def test_the_present_step_is_marked_and_no_other(kind, verdict, present):
    widget = Algorithm()
    lines = await drawn(widget, (35, 4), VIEW._replace(kind=kind, verdict=verdict))
    assert [line.startswith("▶") for line in lines] == [row == present for row in range(4)]
    assert [line[2:].split()[:2] for line in lines] == [
        ["1", "initialise"], ["2", "assign"], ["3", "update"], ["4", "converged?"],
    ]  # fmt: skip


async def test_every_step_says_what_it_came_to_in_one_column():
    lines = await drawn(Algorithm(), (35, 4), VIEW)
    said = [VIEW.start, VIEW.assigned, VIEW.shift, VIEW.converged]
    assert {line.index(words) for line, words in zip(lines, said, strict=True)} == {15}


# --- the clusters ------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [30, 35, 45])
@pytest.mark.parametrize("rows", [ROWS, MANY[:8], [ClusterRow(None, (0.5, -0.5), None)]])
async def test_columns_are_aligned_under_their_titles(width, rows):
    title, *lines = await drawn(Clusters(), (width, 10), VIEW._replace(rows=rows))
    ends = [title.index(name) + len(name) for name in (" n ", " x ", " y ", " shift")]
    ends = [ends[0] - 1, ends[1] - 1, ends[2] - 1, ends[3]]
    for row, line in zip(rows, lines, strict=False):
        fields = [line[a:b].strip() for a, b in zip([6, *ends], ends, strict=False)]
        assert fields[0] == ("" if row.size is None else str(row.size))
        assert fields[3] == ("" if row.moved is None else f"{row.moved:.2f}")
        for field, value in zip(fields[1:3], row.place, strict=True):
            assert float(field) == pytest.approx(value, abs=0.5)
        assert len(line) == width


async def test_with_weights_it_says_what_clusters_weigh():
    rows = [ClusterRow(3, (0.5, 0.5), 1.5, 1234.5), ClusterRow(1, (0.25, 0.5), 1.5, 0.125)]
    view = VIEW._replace(rows=rows, weighted=True)
    title, *lines = await drawn(Clusters(), (40, 3), view)
    assert title.split()[0] == "weight"
    assert [line.split()[2] for line in lines] == ["1,234.50", "0.125"]
    end = title.index("weight") + len("weight")
    assert all(line[:end].endswith(text) for line, text in zip(lines, ("50", "125"), strict=True))
    line = (await drawn(Summary(), (100, 3), view))[1]
    assert "weight 1,234.50" in line
    assert view.formula == "inertia 3104.07 = Σ w·distance²"


async def test_one_feature_has_one_place():
    rows = [ClusterRow(7, (-0.25,), 1.5)]
    title, line = await drawn(Clusters(), (35, 2), VIEW._replace(rows=rows, extent=((-1.0, 1.0),)))
    assert line.split() == [palette.glyph(0), "1", "7", "-0.250", "1.50"]
    for name, value in (("n", "7"), ("x", "-0.250"), ("shift", "1.50")):
        assert title.index(name) + len(name) == line.index(value) + len(value)
    first, _ = await drawn(Summary(), (80, 2), VIEW._replace(rows=rows, extent=((-1.0, 1.0),)))
    assert first.strip() == f"{palette.glyph(0)} 1 7 (-0.250)"


async def test_without_colours_letters_follow_the_shapes():
    widget = Clusters()
    async with shown(widget, size=around(widget, 35, 31)):
        widget.mono = True
        widget.draw(VIEW._replace(rows=MANY))
        badges = [line.split()[0] for line in text(widget)[1:]]
        assert "".join(badges) == (palette.GLYPHS + palette.LETTERS)[:30]


async def test_a_cluster_has_its_shape_its_number_and_its_colour():
    widget = Clusters()
    async with shown(widget, size=around(widget, 35, 4)):
        widget.draw(VIEW)
        for c, line in enumerate(cells(widget)[1:]):
            assert "".join(character for character, _ in line[:4]) == f" {palette.glyph(c)} {c + 1}"
            assert line[1][1].color.name == palette.colour(c, "dark")
        widget.mono = widget.ascii_only = True
        widget.draw(VIEW)
        for c, line in enumerate(cells(widget)[1:]):
            assert line[1][0] == palette.ASCII_GLYPHS[c]
            assert line[1][1].color == line[-1][1].color


@pytest.mark.parametrize("width", [30, 35])
@pytest.mark.parametrize("size", [145, 123456])
async def test_tiny_and_negative_numbers_keep_apart_from_their_neighbours(width, size):
    row = ClusterRow(size, (-0.001, -0.002), 3e-4)
    _, line = await drawn(Clusters(), (width, 2), VIEW._replace(rows=[row]))
    n, x, y, moved = line.split()[2:]
    assert n == str(size)
    assert (float(x), float(y)) == pytest.approx(row.place, abs=0.005)
    assert float(moved) == 3e-4


async def test_many_clusters_scroll_and_say_which_are_shown():
    widget = Clusters(title="clusters")
    async with shown(widget, size=around(widget, 35, 6)) as pilot:
        widget.draw(VIEW._replace(rows=MANY))
        first = [line.split()[1] for line in text(widget)[1:]]
        assert first == ["1", "2", "3", "4", "5"]
        assert framed(widget) == ("clusters", "1-5 of 30: tab, then j k")
        widget.focus()
        await pilot.press("down", "j", "k", "j")
        assert [line.split()[1] for line in text(widget)[1:]] == ["3", "4", "5", "6", "7"]
        assert framed(widget)[1] == "3-7 of 30: tab, then j k"
        for _ in range(40):
            widget.action_scroll_rows(1)
        assert text(widget)[-1].split()[1] == "30"
        await pilot.press("up")
        assert text(widget)[-1].split()[1] == "29"
        for _ in range(40):
            widget.action_scroll_rows(-1)
        assert [line.split()[1] for line in text(widget)[1:]] == first


async def test_fewer_clusters_after_scrolling_are_all_seen():
    widget = Clusters()
    async with shown(widget, size=around(widget, 35, 6)):
        widget.draw(VIEW._replace(rows=MANY))
        widget.action_scroll_rows(20)
        widget.draw(VIEW)
        assert [line.split()[1] for line in text(widget)[1:4]] == ["1", "2", "3"]
        assert framed(widget) == ("", "")


async def test_no_size_is_too_small_for_the_clusters():
    widget = Clusters()
    async with shown(widget, size=(35, 6)) as pilot:
        for size in [(1, 1), (5, 2), (20, 1), (1, 4), (9, 6)]:
            await pilot.resize_terminal(*size)
            await until(pilot, lambda size=size: widget.size == size)
            widget.draw(VIEW._replace(rows=MANY))
            assert [len(strip.text) for strip in whole(widget)] == [size[0]] * size[1]


# --- the lines below ---------------------------------------------------------------------------


@pytest.mark.parametrize("widget", [Summary, Status])
async def test_a_note_too_long_for_its_line_ends_in_an_ellipsis(widget):
    note = "nothing changed in this iteration · converged after 12 updates: no centroid moved " * 2
    arguments = (VIEW._replace(note=note), *([RUN] if widget is Status else []))
    lines = await drawn(widget(), (100, 2), *arguments)
    (line,) = [line for line in lines if "nothing changed" in line]
    assert line.rstrip().endswith("…")


async def test_a_note_takes_the_place_of_the_numbers():
    for widget, arguments in ((Summary(), ()), (Status(), (RUN,))):
        lines = await drawn(widget, (100, 2), VIEW._replace(note="a word"), *arguments)
        assert "a word" in "".join(lines)
        assert "shift" not in "".join(lines)


async def test_the_status_reads_as_a_sentence():
    (line,) = await drawn(Status(), (120, 1), VIEW, RUN)
    assert re.split(r"\s{3,}", line.strip()) == [
        "❚❚ 2/s", "iteration 0 → 1 of 3", "step 3 update", "inertia 3104.07", "shift 6.37", RUN,
    ]  # fmt: skip


async def test_a_hundred_columns_have_room_for_the_seed():
    (line,) = await drawn(Status(), (100, 1), VIEW, RUN)
    assert line.rstrip().endswith(RUN)


@pytest.mark.parametrize("widths", [range(52, 89, 4), range(90, 131, 4)])
@pytest.mark.parametrize(
    "view", [VIEW, VIEW._replace(kind="assign", iteration=88, iterations=100, verdict=True)]
)
async def test_the_status_says_as_much_as_its_line_holds(view, widths):
    facts = [view.inertia, view.shift, RUN]
    widget = Status()
    said = []
    async with shown(widget, size=(widths[0], 1)) as pilot:
        for width in widths:
            await pilot.resize_terminal(width, 1)
            widget.draw(view, RUN)
            (line,) = text(widget)
            assert "…" not in line
            assert f"{view.iteration} of {view.iterations}" in line
            said.append([fact in line for fact in facts])
    # What a line says a wider one says too, and the widest leaves out nothing it could say.
    for fact, column in zip(facts, zip(*said, strict=True), strict=True):
        assert list(column) == sorted(column), fact
    assert said[-1] == [widths[-1] > 90, widths[-1] > 90, True]
    assert " step " in line


async def test_a_shorter_number_does_not_push_the_rest_along():
    lines = [
        (await drawn(Status(), (120, 1), VIEW._replace(inertia=inertia, shift=shift), RUN))[0]
        for inertia, shift in (("inertia 9024.70", "shift 6.37"), ("inertia 1.5", "shift 0"))
    ]
    assert len({line.index("shift") for line in lines}) == 1
    assert len({line.index(RUN) for line in lines}) == 1


@pytest.mark.parametrize(("playing", "sign"), [(True, "▶"), (False, "❚❚")])
async def test_the_status_shows_whether_it_plays_and_how_fast(playing, sign):
    (line,) = await drawn(Status(), (120, 1), VIEW._replace(playing=playing, speed=0.5), RUN)
    assert line.startswith(f" {sign} 0.5/s")


@pytest.mark.parametrize(
    ("kind", "verdict", "step"),
    [
        ("initialise", False, "step 1 initialise"), ("assign", False, "step 2 assign"),
        ("update", False, "step 3 update"),
    ],
)  # fmt: skip
async def test_the_status_counts_the_steps_as_the_algorithm_does(kind, verdict, step):
    (line,) = await drawn(Status(), (120, 1), VIEW._replace(kind=kind, verdict=verdict), RUN)
    assert step in line


async def test_the_verdict_is_step_four():
    (line,) = await drawn(Status(), (120, 1), VIEW._replace(kind="assign", verdict=True), RUN)
    assert "step 4" in line


async def test_a_narrow_status_leaves_the_numbers_to_the_summary():
    (line,) = await drawn(Status(), (80, 1), VIEW._replace(note="a word"), RUN)
    assert line.rstrip().endswith(RUN)
    assert "a word" not in line
    assert "inertia" not in line


async def test_the_status_says_what_is_worked_on():
    widget = Status()
    async with shown(widget, size=(80, 1)):
        widget.draw(VIEW, RUN)
        widget.say("fitting …")
        assert text(widget)[0].strip() == "fitting …"


# --- the bars ----------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [60, 80, 90, 100, 120])
async def test_the_tabs_fit_and_bracket_the_present_screen(width):
    widget = Bar()
    async with shown(widget, size=(width, 1)):
        widget.tabs(tabs(), "Explore", "blobs · k=3")
        (line,) = text(widget)
    assert cell_len(line) == width
    assert line.count("[") == line.count("]") == 1
    assert "[1 Explore]" in line
    # On a narrow screen the others have their keys only, so that the name of the data has room.
    shown_as = (f"{key} {name}" if width >= 80 else f" {key} " for key, name in tabs()[1:])
    assert all(each in line for each in shown_as)
    assert ("kmeans-tui" in line) == (width >= 120)
    # Room for the whole name, and one blank at the edge.
    assert line.endswith(" blobs · k=3 ")


async def test_a_long_name_is_cut_with_an_ellipsis():
    widget = Bar()
    async with shown(widget, size=(80, 1)):
        widget.tabs(tabs(), "Explore", "blobs:n=1000000,k=8,std=1.25,seed=123 · k=8")
        (line,) = text(widget)
    assert line.endswith("… ")
    assert "5 Data" in line
    assert "blobs:n=1" in line


@pytest.mark.parametrize("width", [1, 10, 30])
async def test_tabs_on_a_line_too_short_for_them(width):
    widget = Bar()
    async with shown(widget, size=(width, 1)):
        widget.tabs(tabs(), "Explore", "blobs · k=3")
        assert [len(line) for line in text(widget)] == [width]


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
async def test_the_keys_of_a_footer_are_all_seen(width):
    widget = Bar()
    async with shown(widget, size=(width, 1)):
        pairs = footer("Explore", width)
        widget.keys(pairs)
        (line,) = text(widget)
        assert all(f"{shown} {word}" in line for shown, word in pairs)
        # A key stands out from its word.
        bold = [style.bold for _, style in cells(widget)[0]]
        assert bold[line.index("space")] is True
        assert not Style.null().bold
        assert not bold[line.index("Play")]


async def test_an_update_answers_two_steps_and_leads_from_one_iteration_to_the_next():
    _, assign, update, converged = await drawn(Algorithm(), (35, 4), VIEW)
    assert [line[0] for line in (assign, update, converged)] == [" ", "▶", " "]
    assert converged.split()[-3:] == ["no", "(tol", "0.0001)"]
    (line,) = await drawn(Status(), (100, 1), VIEW, RUN)
    assert "iteration 0 → 1 of 3" in line
    later = VIEW._replace(kind="assign")
    lines = await drawn(Algorithm(), (35, 4), later)
    assert [line[0] for line in lines] == [" ", "▶", " ", " "]
    (line,) = await drawn(Status(), (100, 1), later, RUN)
    assert "iteration 1 of 3" in line


async def test_centroids_far_from_zero_and_close_together_are_told_apart():
    places = [(1e9 + i * 1e-4, 5.0 + i) for i in range(3)]
    view = VIEW._replace(
        rows=[ClusterRow(10, place, 0.1) for place in places],
        extent=((1e9, 1e9 + 1e-3), (0.0, 9.0)),
    )
    panel = Clusters()
    async with shown(panel, size=around(panel, 35, 4)):
        panel.draw(view)
        _, *lines = text(panel)
        assert [line.split()[3] for line in lines] == ["0.0000", "0.1000", "0.2000"]
        assert "x from 1e9, in 1e-3" in framed(panel)[1]


@pytest.mark.parametrize(
    ("count", "room", "said"),
    [
        (45, 30, "45 points changed cluster"),
        (45, 20, "45 changed cluster"),
        (12_345, 20, "12,345 changed"),
        (1, 20, "1 changed cluster"),
        (0, 30, "no point changed cluster"),
        (0, 20, "none changed cluster"),
        (0, 15, "none changed"),
    ],
)
def test_what_changed_is_shortened_word_by_word(count, room, said):
    assert panels._shortened(changed_cluster(count), room) == said
    assert len(said) <= room
