"""The cursor in Explore as its user meets it: press keys, read the screen."""

import asyncio
import shlex
from contextlib import asynccontextmanager
from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console
from textual._compositor import CompositorUpdate
from textual.events import Key

from kmeans_tui import TracedKMeans, load_data, palette
from kmeans_tui.cli import main
from kmeans_tui.command import Options
from kmeans_tui.shell_command import to_command
from kmeans_tui.ui.app import KMeansApp
from kmeans_tui.ui.models import cursor as model
from kmeans_tui.ui.models.job import Job
from kmeans_tui.words import plural
from tests.pilot import cells, opened, press, screen_text, settled, text, until, whole
from tests.test_command import read

FIRST = Options(goto="1")
# Row 2 has no x and is left out.
CLOSE = "name,town,x,y\nAnna,Bern,0,0\nBob,Rome,,0\nanna-lena,Bern,0,0\nCy,Oslo,9,9\nDi,Bern,9,0\n"


def explore(pilot):
    return pilot.app.explore


def asked(pilot):
    """The row in the command of the view: what --row would be."""
    return explore(pilot).session.options.row


def chart(pilot):
    return pilot.app.query_one("#chart")


def panel(pilot):
    """Title and words of the panel."""
    found = pilot.app.query_one("#question")
    assert found.display
    # A panel that has just come back is drawn a moment later.
    title = whole(found)[0].text.strip("╭─╮+- ") if whole(found) else ""
    return title, " ".join(" ".join(text(found)).split())


def cursor(pilot):
    """Column and row of the cursor inside the frame of the chart."""
    (place,) = [
        (x, y)
        for y, row in enumerate(cells(chart(pilot)))
        for x, (character, _) in enumerate(row)
        if character == palette.CURSOR
    ]
    return place


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(CLOSE)
    return str(path)


# --- the cursor ----------------------------------------------------------------------------------


async def test_enter_puts_a_cursor_on_a_point_and_the_panel_in_the_place_of_the_inertia():
    async with opened(replace(FIRST, distances=False)) as pilot:
        assert palette.CURSOR not in screen_text(pilot.app)
        points = sum(line.count(palette.glyph(c)) for line in text(chart(pilot)) for c in range(3))
        await press(pilot, "enter")
        x, y = cursor(pilot)
        after = sum(line.count(palette.glyph(c)) for line in text(chart(pilot)) for c in range(3))
        assert after == points - 1, "it stands on a point"
        assert cells(chart(pilot))[y][x][1].reverse
        assert panel(pilot)[0] == f"row {asked(pilot)}"
        assert "╭─ inertia" not in screen_text(pilot.app)
        await press(pilot, "escape")
        assert palette.CURSOR not in screen_text(pilot.app)
        assert asked(pilot) is None
        assert "╭─ inertia" in screen_text(pilot.app)
        await press(pilot, "escape")
        assert pilot.app.is_running


async def test_q_quits_with_a_cursor():
    async with opened(FIRST) as pilot:
        await press(pilot, "enter")
        await pilot.press("q")
        await pilot.pause()
        assert pilot.app.return_code == 0


@pytest.mark.parametrize(
    ("key", "ahead"),
    [
        ("left", lambda was, now: now[0] < was[0]),
        ("right", lambda was, now: now[0] > was[0]),
        ("up", lambda was, now: now[1] < was[1]),
        ("down", lambda was, now: now[1] > was[1]),
        ("k", lambda was, now: now[1] < was[1]),
        ("j", lambda was, now: now[1] > was[1]),
    ],
)
async def test_arrows_move_to_a_neighbour_and_stop_at_the_edge(key, ahead):
    async with opened(FIRST) as pilot:
        await press(pilot, "enter")
        was, steps = cursor(pilot), 0
        while True:
            await press(pilot, key)
            now = cursor(pilot)
            if now == was:
                break
            assert ahead(was, now)
            was, steps = now, steps + 1
        assert steps > 1
        spots = chart(pilot).raster.spots.positions
        row = chart(pilot).raster.spots.rows.tolist().index(explore(pilot).cursor.row)
        axis = 0 if key in ("left", "right") else 1
        edge = spots[:, axis].min() if key in ("left", "down", "j") else spots[:, axis].max()
        assert spots[row, axis] == edge
        assert "iteration 1 of 3" in screen_text(pilot.app), "arrows no longer step"


async def test_without_a_cursor_arrows_step():
    async with opened(FIRST) as pilot:
        await press(pilot, "right")
        assert "iteration 2 of 3" in screen_text(pilot.app)
        await press(pilot, "up", "down", "left")
        assert "iteration 1 of 3" in screen_text(pilot.app)
        assert asked(pilot) is None


async def test_enter_again_goes_through_the_rows_in_one_place():
    async with opened(Options("iris", goto="1")) as pilot:
        await press(pilot, "enter")
        raster = chart(pilot).raster
        crowded = raster.spots.rows[raster.spots.counts == 3][0]
        explore(pilot).question(int(crowded))
        await settled(pilot)
        place, here = cursor(pilot), np.flatnonzero(raster.cell == raster.cell[crowded])
        seen = []
        for _ in range(4):
            seen.append(explore(pilot).cursor.row)
            assert panel(pilot)[0] == f"row {seen[-1] + 1} · one of 3 here"
            await press(pilot, "enter")
            assert cursor(pilot) == place
        assert seen == [*here, here[0]]


async def test_h_and_l_step_and_space_plays_with_a_cursor():
    async with opened(Options(speed=60.0)) as pilot:
        await press(pilot, "enter")
        row, place = asked(pilot), cursor(pilot)
        assert "iteration 0 of 3" in screen_text(pilot.app)
        await press(pilot, "l")
        assert "iteration 1 of 3" in screen_text(pilot.app)
        await press(pilot, "h")
        assert "iteration 0 of 3" in screen_text(pilot.app)
        await pilot.press("space")
        await until(pilot, lambda: not explore(pilot).playing)
        await settled(pilot)
        assert "iteration 3 of 3" in screen_text(pilot.app)
        assert (asked(pilot), cursor(pilot)) == (row, place)
        assert "silhouette" in panel(pilot)[1]


async def test_the_panel_follows_every_half_step():
    async with opened(Options(row=56, goto="0:initialise")) as pilot:
        said = []
        for _ in range(5):
            said.append(panel(pilot)[1])
            await press(pilot, "full_stop")
        start, assigned, updated, moved, later = said
        assert start.startswith("no cluster yet, nearest is 1, margin ")
        assert assigned.startswith("cluster 1, margin ")
        assert updated.startswith("cluster 1, but nearer to 3 by 2.44 starts in cluster 1")
        assert moved.startswith("cluster 3, margin 2.44 to 1 iteration 1: its own centroid moved")
        assert later.startswith("cluster 3, margin ")
        assert len(set(said)) == 5


# --- finding -------------------------------------------------------------------------------------


async def find(pilot, words):
    await pilot.press("slash", *words, "enter")
    await settled(pilot)


async def test_a_row_is_found_by_its_number_in_the_file_and_by_a_label(table):
    async with opened(Options(table, k=2, scale="none"), notifications=True) as pilot:
        await find(pilot, "5")
        assert (asked(pilot), explore(pilot).cursor.row) == (5, 3)
        assert panel(pilot)[0] == "row 5"
        assert "name: Di town: Bern x: 9 y: 0" in panel(pilot)[1]
        await find(pilot, "cy")
        assert asked(pilot) == 4
        await find(pilot, "2")
        assert "No row is called '2' among the 4 rows clustered." in screen_text(pilot.app)
        assert asked(pilot) == 4, "the cursor stays"


async def test_enter_finds_the_next_of_several(table):
    async with opened(Options(table, k=2, scale="none"), notifications=True) as pilot:
        await find(pilot, "bern")
        assert "3 rows match; / and enter finds the next." in screen_text(pilot.app)
        seen = [asked(pilot)]
        for _ in range(3):
            await press(pilot, "slash", "enter")
            seen.append(asked(pilot))
        assert seen == [1, 3, 5, 1]


async def test_nothing_typed_and_esc_find_nothing():
    async with opened(FIRST, notifications=True) as pilot:
        await press(pilot, "slash", "enter")
        assert asked(pilot) is None
        await press(pilot, "slash", "7", "escape")
        assert asked(pilot) is None
        assert "No row" not in screen_text(pilot.app)


# --- another run, other data ---------------------------------------------------------------------


@pytest.mark.parametrize("key", ["plus", "minus", "n", "i", "z", "m", "b", "t", "T", "A"])
async def test_the_cursor_stays_on_its_row_in_another_run(key):
    async with opened(Options(goto="1", row=118)) as pilot:
        before = panel(pilot)
        await press(pilot, key)
        assert asked(pilot) == 118
        assert explore(pilot).cursor.row == 117
        assert panel(pilot)[0] == "row 118"
        if key in ("plus", "minus", "z"):
            assert panel(pilot) != before
        run = explore(pilot).session.run
        assert panel(pilot)[1].count(":") >= run.history.k, "a distance to every centroid"
        await press(pilot, "backspace")
        assert asked(pilot) == 118


@pytest.mark.parametrize("other", ["iris", "blobs:n=400,k=3", "blobs:n=20,k=3"])
async def test_other_data_have_no_cursor(other):
    async with opened(Options(goto="1", row=118), notifications=True) as pilot:
        explore(pilot).fitter.open_data(other)
        await settled(pilot)
        assert asked(pilot) is None
        assert palette.CURSOR not in screen_text(pilot.app)
        assert "not among" not in screen_text(pilot.app)
        await press(pilot, "enter")
        assert explore(pilot).cursor.row < explore(pilot).session.run.dataset.n


async def test_a_row_that_takes_no_part_is_said(table):
    for row, options in ((2, Options(table, k=2, row=2)), (301, Options(row=301))):
        async with opened(options, notifications=True) as pilot:
            assert f"Row {row} is not among the" in screen_text(pilot.app)
            assert asked(pilot) is None
            assert palette.CURSOR not in screen_text(pilot.app)
            await press(pilot, "y")
            assert "--row" not in pilot.app.clipboard


async def test_a_changed_axis_keeps_the_row_and_moves_the_cursor():
    async with opened(Options("wine", axes=("alcohol", "ash"), row=44)) as pilot:
        before = cursor(pilot)
        await press(pilot, "f", "down", "enter")
        assert asked(pilot) == 44
        assert cursor(pilot) != before


# --- the same view again -------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(100, 30), (80, 24)])
@pytest.mark.parametrize("keys", [(), ("right",), ("l", "comma"), ("G",), ("m", "b"), ("plus",)])
async def test_the_copied_command_gives_the_same_cells(keys, size):
    async with opened(Options("iris", goto="1"), size=size) as pilot:
        await press(pilot, "enter", *keys, "y")
        command = pilot.app.clipboard
        assert f"--row {asked(pilot)}" in command
        assert command == to_command(pilot.app.page.view_options())
        shown = [cells(each) for each in every(pilot)]
        title = panel(pilot)[0] if size == (100, 30) else ""
    async with opened(read(shlex.split(command)[1:]), size=size) as pilot:
        await until(pilot, lambda: [cells(each) for each in every(pilot)] == shown)
        if title:
            assert panel(pilot)[0] == title


def every(pilot):
    return [
        each
        for each in map(pilot.app.query_one, ("#chart", "#question", "#summary", "#status"))
        if each.display and each.size
    ]


async def test_a_place_with_several_points_says_so_from_the_start():
    async with opened(Options("iris", goto="1", row=29)) as pilot:
        cell = chart(pilot).raster.cell
        count = int((cell == cell[28]).sum())
        assert count > 1
        assert panel(pilot)[0] == f"row 29 · one of {count} here"


async def test_a_resized_screen_counts_anew_and_is_the_one_opened_at_that_size():
    options = Options("blobs:n=3000", goto="1", row=29)
    fresh = {}
    for size in ((100, 30), (80, 24), (60, 16), (120, 50)):
        async with opened(options, size=size) as pilot:
            fresh[size] = [cells(each) for each in every(pilot)]
            if size[0] >= 100:
                fresh[size].append(panel(pilot)[0])
    assert fresh[100, 30][-1] != fresh[120, 50][-1]
    async with opened(options, size=(100, 30)) as pilot:
        for size in ((80, 24), (120, 50), (60, 16), (100, 30)):
            await pilot.resize_terminal(*size)

            def now(size=size):
                drawn = [cells(each) for each in every(pilot)]
                return drawn + ([panel(pilot)[0]] if size[0] >= 100 else [])

            await until(pilot, lambda now=now, size=size: now() == fresh[size], str(size))


@pytest.mark.parametrize("size", [(80, 24), (60, 16)])
async def test_a_narrow_screen_has_the_sentence_below_the_plot(size):
    async with opened(FIRST, size=size) as pilot:
        plain = text(pilot.app.query_one("#summary"))
        await press(pilot, "c", "enter")
        said = " ".join(" ".join(text(pilot.app.query_one("#summary"))).split())
        assert (
            "row 56 went to cluster 3: its own centroid moved 3.31 away, centroid 3 came 0.146 "
            "closer"
        ) in said
        assert "iteration 1 of 3" in text(pilot.app.query_one("#status"))[0]
        await press(pilot, "escape")
        assert text(pilot.app.query_one("#summary")) == plain


# --- special data --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        Options("blobs:n=1,k=1", k=1),
        Options("blobs:n=50,std=0,k=1", k=1),
        Options("blobs:n=50,std=0,k=1", k=3),
        Options("blobs:d=1", goto="1"),
        Options("wine", goto="1"),
        Options("wine", axes=("hue", "ash"), goto="1"),
        Options("wine", axes=("pca",), goto="1", ascii=True),
        Options("digits", k=10),
        Options("blobs:n=12,k=3", k=7, init="partition", seed=1),
    ],
)
@pytest.mark.parametrize("size", [(100, 30), (60, 16)])
async def test_special_data_are_questioned_like_any_other(options, size):
    async with opened(options, size=size) as pilot:
        await press(pilot, "enter")
        for key in ("left", "up", "right", "down", "enter", "h", "l", "G", "g", "comma", "plus"):
            await press(pilot, key)
            row, run = explore(pilot).cursor.row, explore(pilot).session.run
            assert asked(pilot) == row + 1
            assert 0 <= row < run.dataset.n
            raster = chart(pilot).raster
            width = raster.width
            (x, y), cell = cursor_in_canvas(pilot), int(raster.cell[row])
            assert (x, y) == (cell % width, cell // width), key
        if size[0] == 100:
            assert panel(pilot)[0].startswith(f"row {asked(pilot)}")


def cursor_in_canvas(pilot):
    """Column and row of the reversed bold cell of the cursor on the canvas."""
    lines = text(chart(pilot))
    sign = palette.to_ascii(palette.CURSOR) if pilot.app.ascii_only else palette.CURSOR
    left = len(lines[-2].partition("+" if pilot.app.ascii_only else "└")[0]) + 1
    places = [
        (x - left, y - 1)
        for y, row in enumerate(cells(chart(pilot)))
        for x, (character, style) in enumerate(row)
        if character == sign and style.reverse
    ]
    assert len(places) == 1
    return places[0]


async def test_a_recording_is_questioned_as_it_was(tmp_path):
    points = load_data("blobs").points
    estimator = TracedKMeans(n_clusters=3, init="random", random_state=4, n_init=1).fit(points)
    path = tmp_path / "run.npz"
    estimator.history_.save(path, points, ["length", "width"])
    async with opened(Options(str(path), goto="1", row=3)) as pilot:
        run = explore(pilot).session.run
        assert run.recorded
        assert "length: " in panel(pilot)[1]
        assert run.history[1].changed
        await press(pilot, "c")
        count = plural(run.history[1].changed, "point")
        assert f"{count} changed cluster in iteration 1" in screen_text(pilot.app)
        await press(pilot, "enter")
        assert "iteration 1: " in panel(pilot)[1]
        await press(pilot, "n")
        assert not explore(pilot).session.run.recorded
        assert explore(pilot).cursor.row is not None, "the same points, fitted here"


async def test_an_exported_run_knows_the_rows_of_its_file(table, tmp_path):
    out = tmp_path / "out"
    flags = ["-k", "2", "--scale", "none", "--what", "run", "--out", str(out)]
    assert main(["export", table, *flags]) == 0
    async with opened(Options(str(next(out.rglob("run.json"))), row=5)) as pilot:
        assert explore(pilot).session.run.recorded
        assert (panel(pilot)[0], explore(pilot).cursor.row) == ("row 5", 3)
        assert "x: 9 y: 0" in panel(pilot)[1]
        await find(pilot, "4")
        assert explore(pilot).cursor.row == 2
        await find(pilot, "2")
        assert asked(pilot) == 4, "row 2 took no part"


async def test_a_list_of_data_that_are_gone_questions_nothing():
    async with opened(FIRST) as pilot:
        await pilot.press("c")
        explore(pilot).fitter.open_data("iris")
        await settled(pilot)
        await press(pilot, "enter")
        assert asked(pilot) is None
        assert len(pilot.app.screen_stack) == 1


# --- large sets ----------------------------------------------------------------------------------


async def test_a_large_set_says_all_but_the_silhouette_at_once(monkeypatch):
    async with opened(Options(goto="1", row=56)) as pilot:
        small = panel(pilot)
    monkeypatch.setattr(model, "AT_ONCE", 10)
    began = []
    monkeypatch.setattr(Job, "start", lambda job: began.append(job) or job)
    async with large(FIRST, began) as pilot:
        explore(pilot).question(55)
        await settled(pilot)
        assert panel(pilot)[1].startswith("cluster 3, margin 2.44 to 1 iteration 1: its own")
        assert "silhouette …" in panel(pilot)[1]
        (job,) = began
        await answer(pilot, job)
        assert panel(pilot) == small


async def test_one_answer_is_waited_for_and_an_old_one_is_not_shown(monkeypatch):
    said = {}
    for row in (10, 56):
        async with opened(Options(goto="1", row=row)) as pilot:
            said[row] = panel(pilot)
    monkeypatch.setattr(model, "AT_ONCE", 10)
    began = []
    monkeypatch.setattr(Job, "start", lambda job: began.append(job) or job)
    async with large(FIRST, began) as pilot:
        for row in (9, 20, 30, 55):
            explore(pilot).question(row)
            await settled(pilot)
        assert len(began) == 1, "the others wait"
        await answer(pilot, began[0])
        assert "silhouette …" in panel(pilot)[1], "that was another row's"
        assert len(began) == 2
        await answer(pilot, began[1])
        assert panel(pilot) == said[56]
        explore(pilot).question(9)
        explore(pilot).question(None)
        await answer(pilot, began[2])
        assert palette.CURSOR not in screen_text(pilot.app)
        assert len(began) == 3


@asynccontextmanager
async def large(options, began):
    """The program on its first run, the jobs after it held back."""
    app = KMeansApp(options)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: began)
        began.pop()._run(asyncio.get_running_loop())
        await settled(pilot)
        yield pilot


async def answer(pilot, job):
    job._run(asyncio.get_running_loop())
    await pilot.pause()
    await settled(pilot)


async def test_a_really_large_set_is_answered():
    async with opened(Options("blobs:n=200001", goto="last")) as pilot:
        await press(pilot, "enter")
        await until(pilot, lambda: "silhouette 0." in panel(pilot)[1])
        first = asked(pilot)
        await press(pilot, "right", "up")
        assert asked(pilot) != first
        await until(pilot, lambda: "silhouette 0." in panel(pilot)[1])


# --- before there is a picture -------------------------------------------------------------------


@pytest.mark.parametrize("key", ["enter", "up", "left", "slash", "c", "d", "escape", "full_stop"])
async def test_keys_before_the_first_picture_are_no_fault(key):
    app = KMeansApp(Options("blobs", row=3))
    async with app.run_test(size=(100, 30)) as pilot:
        for _ in range(60):
            # Pilot's own press waits until the program is at rest, and then the picture is there.
            app.post_message(Key(key, None))
            await asyncio.sleep(0)
            if len(app.screen_stack) > 1:
                app.post_message(Key("escape", None))
                await asyncio.sleep(0)
        await pilot.pause()
        if len(app.screen_stack) > 1:
            await pilot.press("escape")
        await settled(pilot)
        assert app.is_running


# --- what is sent --------------------------------------------------------------------------------


LINE = Console(force_terminal=True, color_system="truecolor", width=100)


async def test_a_cursor_sends_little_more_than_what_changed(monkeypatch):
    sent = []

    def display(app, screen, renderable):
        if isinstance(renderable, CompositorUpdate):
            sent.append(len(renderable.render_segments(LINE).encode()))

    monkeypatch.setattr(KMeansApp, "_display", display)
    async with opened(Options(row=1)) as pilot:
        app = pilot.app
        await pilot.pause()
        whole = len(app.screen._compositor.render_full_update().render_segments(LINE).encode())
        for key in ("right", "up", "left", "down"):
            sent.clear()
            await press(pilot, key)
            # The panel, and the lines to the centroids.
            assert 0 < sum(sent) < 2500, key
        sent.clear()
        await press(pilot, "full_stop", "full_stop", "full_stop", "full_stop", "full_stop")
        await press(pilot, "full_stop")
        assert "iteration 3 of 3" in screen_text(app)
        assert 0 < sum(sent) < whole
