"""The Explore screen as its user meets it: press keys, read the screen."""

import shlex
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from textual.pilot import Pilot

from kmeans_tui import History, TracedKMeans, load_data
from kmeans_tui.command import Options
from kmeans_tui.shell_command import to_command
from kmeans_tui.ui.app import KMeansApp
from kmeans_tui.ui.models import fitting
from tests.test_command import read


def screen(app: KMeansApp) -> str:
    """The screen as text."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def cells(app: KMeansApp) -> list[list[tuple[str, object]]]:
    """The screen cell by cell: character and style."""
    return [
        [(c, segment.style) for segment in strip for c in segment.text]
        for strip in app.screen._compositor.render_strips()
    ]


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Wait for something to become true; it is an error if it never does."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "waited in vain:\n" + screen(pilot.app)  # type: ignore[arg-type]
        await pilot.pause(0.02)
    await pilot.pause()


@asynccontextmanager
async def explore(
    options: Options | None = None, size: tuple[int, int] = (100, 30)
) -> AsyncIterator[tuple[KMeansApp, Pilot[None]]]:
    """The program opened on these options, its first run on show."""
    app = KMeansApp(options or Options())
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: app.explore.session.run is not None)
        await pilot.pause()
        yield app, pilot


async def press(app: KMeansApp, pilot: Pilot[None], *keys: str) -> str:
    """Press keys, let the run that they ask for finish, and read the screen."""
    for key in keys:
        await pilot.press(key)
    await until(pilot, lambda: not app.explore.fitter.busy)
    await pilot.pause()
    return screen(app)


async def test_opens_on_the_articles_blobs_at_iteration_0() -> None:
    async with explore() as (app, _pilot):
        text = screen(app)
        assert "iteration 0 of 3" in text
        assert "inertia 9024.70" in text
        assert "random, seed 42" in text
        assert "▶ 2 assign" in text
        assert "❚❚" in text


async def test_iterations_go_forward_and_back_and_stop_at_both_ends() -> None:
    async with explore() as (app, pilot):
        assert "inertia 1258.31" in await press(app, pilot, "right")
        assert "45 changed cluster" in screen(app)
        assert "iteration 3 of 3" in await press(app, pilot, "l", "l", "l", "l")
        assert "inertia 362.79" in screen(app)
        assert "iteration 2 of 3" in await press(app, pilot, "left")
        assert "iteration 0 of 3" in await press(app, pilot, "h", "h", "h", "h")


async def test_half_steps_show_assign_and_update_by_turns() -> None:
    async with explore() as (app, pilot):
        text = await press(app, pilot, "full_stop")
        assert "▶ 3 update" in text
        assert "iteration 0 → 1 of 3" in text
        assert "shift 6.37" in text
        assert "▶ 2 assign" in await press(app, pilot, "full_stop")
        assert "▶ 3 update" in await press(app, pilot, "comma")
        text = await press(app, pilot, "comma", "comma")
        assert "▶ 1 initialise" in text
        assert "no point is assigned yet" in text
        assert "▴" not in "".join(text.splitlines()[2:24][i][:62] for i in range(20))


async def test_first_and_last() -> None:
    async with explore() as (app, pilot):
        text = await press(app, pilot, "G")
        assert "iteration 3 of 3" in text
        assert "▶ 4 converged? yes" in text
        assert "iteration 0 of 3" in await press(app, pilot, "g")
        assert "iteration 3 of 3" in await press(app, pilot, "end")
        assert "iteration 0 of 3" in await press(app, pilot, "home")


async def test_the_end_says_why_and_that_nothing_changed() -> None:
    async with explore() as (app, pilot):
        text = await press(app, pilot, "G")
        assert "iteration 3 of 3  4 converged?" in text
        assert "no point changed cluster · converged: no centroid moved" in text
        assert "no point changed cluster" in await press(app, pilot, "left")
    async with explore(Options(max_iterations=1)) as (app, pilot):
        assert "the limit of 1 update was reached" in await press(app, pilot, "G")
    async with explore(Options(tolerance=8.0)) as (app, pilot):
        assert "no centroid moved by more than 8" in await press(app, pilot, "G")


async def test_play_runs_to_the_end_and_plays_again() -> None:
    async with explore(Options(speed=60.0)) as (app, pilot):
        await pilot.press("space")
        assert app.explore.playing
        await until(pilot, lambda: not app.explore.playing)
        assert "iteration 3 of 3" in screen(app)
        app.explore.action_play()
        assert app.explore.session.position == 0
        await until(pilot, lambda: not app.explore.playing)
        assert app.explore.session.at_end


async def test_a_move_by_hand_pauses() -> None:
    async with explore(Options(speed=0.5, play=True)) as (app, pilot):
        assert "▶ 0.5/s" in screen(app)
        text = await press(app, pilot, "right")
        assert "❚❚ 0.5/s" in text
        assert not app.explore.playing


async def test_speed_has_a_slowest_and_a_fastest() -> None:
    async with explore() as (app, pilot):
        assert "4/s" in await press(app, pilot, "greater_than_sign")
        assert "0.5/s" in await press(app, pilot, *["less_than_sign"] * 9)
        assert "60/s" in await press(app, pilot, *["greater_than_sign"] * 9)


async def test_replay_goes_to_iteration_0_and_plays() -> None:
    async with explore(Options(goto="last", speed=0.5)) as (app, pilot):
        text = await press(app, pilot, "r")
        assert "iteration 0 of 3" in text
        assert app.explore.playing


@pytest.mark.parametrize(
    ("key", "field", "value"),
    [
        ("plus", "k", 4),
        ("equals_sign", "k", 4),
        ("minus", "k", 2),
        ("underscore", "k", 2),
        ("n", "seed", 43),
        ("N", "seed", 41),
        ("i", "init", "k-means++"),
        ("z", "scale", "standard"),
    ],
)
async def test_a_change_runs_again_at_the_same_iteration(
    key: str, field: str, value: object
) -> None:
    async with explore(Options(goto="1")) as (app, pilot):
        await press(app, pilot, key)
        run = app.explore.session.run
        assert run is not None
        assert getattr(app.explore.session.options, field) == value
        expected = fitting.fit(app.explore.session.options, None, lambda _: True)
        assert np.array_equal(run.history.inertia, expected.history.inertia)
        assert app.explore.session.moment.iteration == min(1, run.history.iterations)


async def test_undo_brings_back_runs_one_by_one() -> None:
    async with explore(Options(goto="2")) as (app, pilot):
        before = cells(app)
        await press(app, pilot, "plus")
        await press(app, pilot, "n")
        await press(app, pilot, "backspace")
        assert app.explore.session.options.k == 4
        await press(app, pilot, "backspace")
        assert cells(app) == before
        assert "no previous run" in await press(app, pilot, "backspace")


async def test_k_stays_between_one_and_the_rows() -> None:
    async with explore(Options("blobs:n=4,k=3", k=4)) as (app, pilot):
        assert "With 4 rows, k can only be 1 to 4." in await press(app, pilot, "plus")
        await press(app, pilot, "minus")
        await press(app, pilot, "minus")
        await press(app, pilot, "minus")
        await press(app, pilot, "minus")
        assert app.explore.session.options.k == 1


async def test_keys_pressed_faster_than_fits_end_at_the_last_one() -> None:
    async with explore(Options("blobs:n=20000,k=3")) as (app, pilot):
        await press(app, pilot, *["plus"] * 6)
        run = app.explore.session.run
        assert run is not None
        assert run.history.k == 9


async def test_an_empty_cluster_is_said_and_pauses_play() -> None:
    # Three of the four points are equal: two centroids start on one place, one of them runs empty.
    async with explore(Options("blobs:n=12,k=3", k=7, init="partition", seed=1)) as (app, pilot):
        run = app.explore.session.run
        assert run is not None
        events = [e for snapshot in run.history for e in snapshot.events]
        assert events, "this start is chosen because a cluster runs empty"
        app.explore.session.options = replace(app.explore.session.options, speed=60.0)
        await pilot.press("comma", "space")
        await until(pilot, lambda: not app.explore.playing)
        assert app.explore.session.moment.iteration == events[0].iteration - 1
        step = app.explore.session.step()
        assert step is not None
        # In the half step that leaves it empty; the next one says what takes it over.
        assert (step.kind, bool(step.sizes.all())) == ("assign", False)
        assert " empty" in screen(app)
        assert "the empty cluster" in await press(app, pilot, "full_stop")


async def test_axes_dialog_shows_another_pair_of_the_same_run() -> None:
    async with explore(Options("wine", axes=("alcohol", "ash"))) as (app, pilot):
        run = app.explore.session.run
        await press(app, pilot, "f")
        await press(app, pilot, "down", "enter")
        after = app.explore.session.run
        assert run is not None
        assert after is not None
        assert after.history is run.history
        assert after.options.axes == ("malic acid", "ash")
        assert "malic acid × ash" in screen(app)


async def test_markers_trails_and_regions() -> None:
    async with explore(Options(goto="2", coming=False)) as (app, pilot):
        assert any("\u2801" <= c <= "\u28ff" for c in await press(app, pilot, "m"))
        assert "∙∙∙" in await press(app, pilot, "m")
        assert "▴▴▴" in await press(app, pilot, "m")
        assert "⋅⋅" not in "".join(line[:62] for line in screen(app).splitlines())
        assert "⋅⋅" in "".join(line[:62] for line in (await press(app, pilot, "t")).splitlines())
        plain = cells(app)
        await press(app, pilot, "b")
        assert cells(app) != plain
        await press(app, pilot, "b")
        assert cells(app) == plain


async def test_regions_need_two_features() -> None:
    async with explore(Options("wine", axes=("alcohol", "ash"))) as (app, pilot):
        assert "Regions need one or two features" in await press(app, pilot, "b")


async def test_one_feature_is_shown_against_the_row() -> None:
    async with explore(Options("iris", features=("petal length",))) as (app, pilot):
        assert "petal length × row" in screen(app)
        assert "only one feature" in await press(app, pilot, "f")
        await press(app, pilot, "b", "right")
        assert "iteration 1 of" in screen(app)


async def test_q_closes_a_dialog_before_it_quits_and_esc_never_quits() -> None:
    async with explore() as (app, pilot):
        for opening in ("question_mark", "v", "f", "colon"):
            for closing in ("escape", "q") if opening != "colon" else ("escape",):
                await press(app, pilot, opening)
                assert len(app.screen_stack) == 2, opening
                await press(app, pilot, closing)
                assert len(app.screen_stack) == 1, (opening, closing)
        await press(app, pilot, "escape")
        assert app.is_running
        await pilot.press("q")
        await pilot.pause()
        assert app.return_code == 0


async def test_ctrl_c_says_how_to_quit() -> None:
    async with explore() as (app, pilot):
        assert "q quits" in await press(app, pilot, "ctrl+c")


async def test_ctrl_c_stops_a_long_fit_and_keeps_what_it_has() -> None:
    async with explore() as (app, pilot):
        explore_screen = app.explore
        explore_screen.fitter.start(
            Options("uniform:n=1000000", k=100, max_iterations=5000, tolerance=0.0)
        )
        await until(pilot, lambda: "fitting" in screen(app) and "ctrl+c stops" in screen(app))
        await pilot.press("ctrl+c")
        await until(pilot, lambda: not explore_screen.fitter.busy)
        run = explore_screen.session.run
        assert run is not None
        assert run.history.stopped_by == "cancelled"
        assert "stopped by you" in await press(app, pilot, "G")


@pytest.mark.parametrize(
    "keys",
    [
        (), ("right",), ("full_stop",), ("comma",), ("G",), ("G", "g"), ("plus",), ("minus",),
        ("n",), ("N",), ("i",), ("z",), ("m",), ("m", "m"), ("t", "right", "right"), ("b",),
        ("b", "t", "m", "G"), ("T",), ("T", "T"), ("A",), ("greater_than_sign",),
        ("less_than_sign",), ("right", "plus", "backspace"), ("plus", "r", "left"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", [(100, 30), (80, 24)])
async def test_the_copied_command_gives_the_same_cells(
    keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    async with explore(size=size) as (app, pilot):
        await press(app, pilot, *keys)
        command = to_command(app.page.view_options())
        shown = cells(app)
    async with explore(read(shlex.split(command)[1:]), size=size) as (app, _pilot):
        assert cells(app) == shown


async def test_y_copies_the_command_and_shows_it() -> None:
    async with explore(Options("iris")) as (app, pilot):
        text = await press(app, pilot, "right", "t", "y")
        command = "kmeans-tui iris -k 3 --init random --seed 42 --goto 1 --trails"
        assert app.clipboard == command
        assert command in text


async def test_a_running_play_is_part_of_the_command() -> None:
    async with explore(Options(speed=0.5, play=True)) as (app, pilot):
        await pilot.press("y")
        assert app.clipboard.endswith("--speed 0.5 --play")


@pytest.mark.parametrize("size", [(100, 30), (80, 24), (60, 16), (120, 40), (95, 28), (200, 60)])
async def test_no_panel_is_cut_at_any_size(size: tuple[int, int]) -> None:
    async with explore(Options("iris", goto="2:update"), size=size) as (app, _pilot):
        lines = screen(app).splitlines()
        assert len(lines) == size[1]
        assert all(len(line) == size[0] for line in lines)
        assert "iteration 1 → 2 of 6" in screen(app)
        assert "q Quit" in lines[-1]
        assert "seed 42" in screen(app)


async def test_too_small_says_so_and_recovers() -> None:
    async with explore(size=(59, 15)) as (app, pilot):
        assert "kmeans-tui needs 60 × 16 cells; this is 59 × 15" in screen(app)
        await pilot.resize_terminal(1, 1)
        await pilot.pause()
        await pilot.resize_terminal(100, 30)
        await until(pilot, lambda: "iteration 0 of 3" in screen(app))


async def test_a_resize_while_playing_keeps_playing() -> None:
    async with explore(Options(seed=4, speed=8.0, play=True)) as (app, pilot):
        for size in ((80, 24), (60, 16), (30, 8), (120, 40), (100, 30)):
            await pilot.resize_terminal(*size)
            await pilot.pause(0.1)
        await until(pilot, lambda: not app.explore.playing)
        assert "iteration 14 of 14" in screen(app)


SIZES = (
    (100, 30), (95, 30), (100, 30), (80, 24), (99, 30), (100, 29), (59, 15), (120, 40), (60, 16),
    (90, 24), (100, 40), (100, 15), (100, 30), (89, 30), (90, 30), (10, 3), (100, 30),
)  # fmt: skip


async def test_a_resized_screen_is_the_screen_opened_at_that_size() -> None:
    options = Options("iris", goto="2:update")
    fresh = {}
    for size in dict.fromkeys(SIZES):
        async with explore(options, size=size) as (app, _pilot):
            fresh[size] = cells(app)
    async with explore(options, size=SIZES[0]) as (app, pilot):
        for opening in ((), ("question_mark",), ("v",), ("f",)):
            for size in SIZES[1:]:
                await press(app, pilot, *opening)
                await pilot.resize_terminal(*size)
                await pilot.pause(0.1)
                if opening:
                    await press(app, pilot, "escape")
                    await pilot.pause(0.1)
                assert cells(app) == fresh[size], (opening, size)


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3])
async def test_leaving_while_it_opens_is_no_fault(delay: float) -> None:
    app = KMeansApp(Options("blobs:n=100000,k=3"))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause(delay)
        await pilot.press("q")
        await pilot.pause(0.4)
    assert app.return_code == 0


async def test_backspace_gives_up_a_fit_that_is_running() -> None:
    async with explore(Options("uniform:n=300000", k=8)) as (app, pilot):
        await press(app, pilot, "plus")
        before = app.explore.session.run
        app.explore.action_seed(1)
        assert app.explore.fitter.busy
        text = await press(app, pilot, "backspace")
        assert app.explore.session.run is before
        assert "seed 42" in text
        await press(app, pilot, "backspace")
        assert app.explore.session.options.k == 8


async def test_backspace_twice_at_once_takes_back_two() -> None:
    async with explore(Options("uniform:n=100000", k=4)) as (app, pilot):
        for _ in range(3):
            await press(app, pilot, "plus")
        await press(app, pilot, "backspace", "backspace")
        assert app.explore.session.options.k == 5


async def test_keys_do_nothing_behind_the_notice() -> None:
    async with explore(size=(59, 15)) as (app, pilot):
        await press(app, pilot, "plus", "z", "question_mark", "x", "space")
        assert len(app.screen_stack) == 1
        assert app.explore.session.options == Options(k=3)
        assert "needs 60 × 16" in screen(app)
        await pilot.press("q")
        await pilot.pause()
        assert app.return_code == 0


async def test_r_fits_a_stopped_run_again() -> None:
    async with explore(Options("uniform:n=200000", k=20)) as (app, pilot):
        app.explore.action_seed(1)
        app.explore.fitter.stop()
        await until(pilot, lambda: not app.explore.fitter.busy)
        run = app.explore.session.run
        assert run is not None
        assert run.history.stopped_by == "cancelled"
        await press(app, pilot, "r")
        run = app.explore.session.run
        assert run is not None
        assert run.history.stopped_by != "cancelled"


async def test_seeds_begin_at_0() -> None:
    async with explore(Options(seed=0)) as (app, pilot):
        assert "Seeds start at 0" in await press(app, pilot, "N")


async def test_one_feature_has_one_coordinate() -> None:
    for size in ((100, 30), (80, 24)):
        async with explore(Options("blobs:d=1"), size=size) as (app, _pilot):
            assert "150.50" not in screen(app)


async def test_the_code_is_that_of_the_start_in_use() -> None:
    async with explore(Options(init="k-means++", goto="0:initialise")) as (app, pilot):
        assert "start k-means++: plus_plus" in await press(app, pilot, "v")
    async with explore(Options(goto="0:initialise")) as (app, pilot):
        assert "the textbook's initialise" in await press(app, pilot, "v")


async def test_what_is_said_takes_the_place_of_what_was_said() -> None:
    async with explore() as (app, pilot):
        assert "q quits; ctrl+c stops" in await press(app, pilot, "ctrl+c")
        text = await press(app, pilot, "backspace")
        assert "There is no previous run" in text
        assert "q quits; ctrl+c stops" not in text


async def test_bad_data_before_the_first_run_ends_in_one_sentence() -> None:
    app = KMeansApp(Options("blobs:n=2,k=2", k=5))
    async with app.run_test() as pilot:
        end = time.monotonic() + 20
        while app.return_code is None and time.monotonic() < end:
            await pilot.pause(0.05)
    assert app.return_code == 1


@pytest.mark.parametrize(
    "options",
    [
        Options("blobs:n=1,k=1"),
        Options("blobs:n=2,k=1", k=2),
        Options("blobs:n=50,std=0,k=1", k=1),
        Options("blobs:n=50,std=0,k=1", k=3),
        Options("iris", features=("petal width",), scale="none"),
        Options("digits", init="farthest"),
        Options("blobs", k=60, goto="last", trails=True),
    ],
)
async def test_degenerate_data_are_watched_like_any_other(options: Options) -> None:
    async with explore(options) as (app, pilot):
        await press(app, pilot, "G", "t", "g", "full_stop", "m")
        assert "iteration" in screen(app)
        assert app.is_running


async def test_themes_and_ascii_take_effect_at_once() -> None:
    async with explore() as (app, pilot):
        before = cells(app)
        await press(app, pilot, "T")
        assert app.theme == "textual-light"
        assert cells(app) != before
        await press(app, pilot, "T", "T", "T")
        assert app.theme == "textual-dark"
        assert cells(app) == before
        assert (await press(app, pilot, "A")).isascii()
        assert cells(app) != before
        await press(app, pilot, "A")
        assert cells(app) == before


@pytest.fixture
def recording(tmp_path: Path) -> str:
    """A run of iris by the estimator, from a start of its own, as a file."""
    points = load_data("iris").points
    estimator = TracedKMeans(n_clusters=4, init="k-means++", random_state=7, n_init=1).fit(points)
    path = tmp_path / "iris petals.npz"
    estimator.history_.save(path, points, ["length", "width"])
    return str(path)


async def test_a_recording_is_watched_as_it_was(recording: str) -> None:
    async with explore(Options(recording)) as (app, pilot):
        run = app.explore.session.run
        assert run is not None
        assert np.array_equal(run.history.inertia, History.load(recording).inertia)
        text = await press(app, pilot, "right")
        assert "as recorded" in text
        assert "length × width" in text
        assert "k=4" in text
        command = to_command(app.page.view_options())
        assert "--init" not in command
        shown = cells(app)
    async with explore(read(shlex.split(command)[1:])) as (app, pilot):
        assert cells(app) == shown
        await press(app, pilot, "n")
        assert app.explore.session.options.k == 4
        assert "random, seed 43" in screen(app)
        await press(app, pilot, "backspace")
        assert cells(app) == shown


async def test_a_damaged_recording_ends_in_one_sentence(recording: str) -> None:
    with Path(recording).open("r+b") as file:
        file.seek(400)
        file.write(b"\0" * 200)
    app = KMeansApp(Options(recording))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.return_code is not None)
    assert app.return_code == 1
