"""The program as a whole: looks by terminal, the way out, a fault of its own."""

from dataclasses import replace

import pytest

from kmeans_tui import settings
from kmeans_tui.analysis import sweep
from kmeans_tui.command import Options, taken
from kmeans_tui.ui.app import KMeansApp, run_app
from tests.pilot import hold, opened
from tests.ui.screens.test_explore import explore, press, screen, until


@pytest.mark.parametrize(
    ("environment", "look", "tints", "mono"),
    [
        ({"COLORTERM": "truecolor"}, "dark", True, False),
        ({"COLORTERM": ""}, "dark", False, False),
        ({"COLORTERM": "", "TERM": "xterm"}, "ansi-dark", False, False),
        ({"COLORTERM": "", "TERM": "linux"}, "ansi-dark", False, False),
        ({"NO_COLOR": "1"}, "ansi-dark", False, True),
    ],
)
def test_the_look_follows_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    look: str,
    tints: bool,
    mono: bool,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    colours = KMeansApp(Options()).colours()
    assert (colours["look"], colours["tints"], colours["mono"]) == (look, tints, mono)


@pytest.mark.parametrize(
    ("theme", "look"),
    [("textual-light", "light"), ("nord", "dark"), ("ansi-light", "ansi-light")],
)
def test_the_look_follows_the_theme(theme: str, look: str) -> None:
    assert KMeansApp(Options(theme=theme)).colours()["look"] == look


async def test_shapes_alone_tell_clusters_apart_without_colours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with explore(Options("blobs:n=5000,k=3")) as (app, pilot):
        text = screen(app)
        assert all(shape in text for shape in "▴▪✚")
        assert "only shapes distinguish clusters" in await press(app, pilot, "m")


def test_an_unknown_theme_is_one_line_and_names_the_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_app(Options(theme="solarised")) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "'solarised' is not a theme" in error
    assert "ansi-dark" in error


async def test_a_fault_of_the_program_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(by: int) -> None:
        raise RuntimeError(f"on purpose {by}")

    async def run_into_it() -> None:
        async with explore() as (app, pilot):
            monkeypatch.setattr(app.explore, "action_half_step", fail)
            await pilot.press("full_stop")
            await pilot.pause()

    with pytest.raises(RuntimeError, match="on purpose"):
        await run_into_it()
    error = capsys.readouterr().err
    assert "kmeans-tui: internal error, RuntimeError: on purpose 1 (test_app.py:" in error
    assert "Traceback" not in error


async def test_redraw_sends_every_row_again() -> None:
    async with explore() as (app, pilot):
        before = screen(app)
        assert await press(app, pilot, "ctrl+l") == before


async def test_the_palette_opens_with_both_keys() -> None:
    for key in ("colon", "ctrl+p"):
        async with explore() as (app, pilot):
            await press(app, pilot, key)
            assert len(app.screen_stack) == 2


# --- the screens -------------------------------------------------------------------------------

SMALL = Options("blobs:n=60", k=3, k_max=3, runs=1, census=5)
PLACES = {"1": "Explore", "2": "Elbow", "3": "Seeds", "4": "Compare"}


async def test_every_screen_is_one_key_away_from_every_other() -> None:
    async with explore(SMALL) as (app, pilot):
        for key in "234132431421":
            await pilot.press(key)
            assert app.current_mode == PLACES[key]
            await pilot.press(key)
            assert app.current_mode == PLACES[key]
        assert len(app.screen_stack) == 1


@pytest.mark.parametrize("way", ["q", "escape", "ctrl+q"])
async def test_every_screen_leads_back_to_explore(way: str) -> None:
    async with explore(SMALL) as (app, pilot):
        for key in "234":
            await pilot.press(key, "question_mark")
            assert len(app.screen_stack) == 2
            await pilot.press(way)
            assert (app.current_mode, len(app.screen_stack)) == (PLACES[key], 1)
            await pilot.press(way)
            await pilot.pause()
            assert app.current_mode == "Explore"
            assert "iteration 0" in screen(app)
        assert app.is_running


async def test_a_screen_is_left_as_it_was_and_explore_too() -> None:
    async with explore(SMALL) as (app, pilot):
        before = await press(app, pilot, "right", "t")
        for key in "234":
            await pilot.press(key)
        assert await press(app, pilot, "1") == before


@pytest.mark.parametrize("size", [(100, 30), (80, 24)])
async def test_what_is_said_lies_over_nothing_but_the_keys_and_goes_with_the_next_one(size) -> None:
    async with explore(SMALL, size) as (app, pilot):
        before = screen(app).splitlines()
        await pilot.press("backspace")
        await until(pilot, lambda: "There is no previous run" in screen(app))
        *above, last = screen(app).splitlines()
        assert above == before[:-1]
        # The bar at the left tells a second line of a name from a line of the program.
        assert last.strip("▌ ") == "There is no previous run."
        await pilot.press("t")
        await until(pilot, lambda: screen(app).splitlines()[-1] == before[-1])


@pytest.mark.parametrize(
    ("name", "theme"),
    [("dark", "textual-dark"), ("light", "textual-light"), ("nord", "nord")],
)
def test_a_theme_by_the_name_people_give_it(name, theme) -> None:
    assert KMeansApp(Options(theme=name)).theme == theme


async def test_another_screen_from_a_dialog_closes_the_dialog() -> None:
    async with explore(SMALL) as (app, pilot):
        await pilot.press("question_mark", "2")
        assert (app.current_mode, len(app.screen_stack)) == ("Elbow", 1)
        await pilot.press("question_mark", "2")
        assert (app.current_mode, len(app.screen_stack)) == ("Elbow", 1)
        await pilot.press("1")
        await pilot.pause()
        assert len(app.screen_stack) == 1


async def test_before_the_data_are_read_there_is_nothing_to_ask_about() -> None:
    app = KMeansApp(Options("blobs:n=400000,k=3"))
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        assert app.explore.session.run is None
        await pilot.press("2")
        assert app.current_mode == "Explore"
        assert "The data are still being read" in screen(app)


async def test_playing_pauses_on_the_way_to_another_screen() -> None:
    async with explore(replace(SMALL, speed=0.5, play=True)) as (app, pilot):
        await pilot.press("2")
        assert not app.explore.playing
        await pilot.press("1")
        await pilot.pause()
        assert not app.explore.playing


async def test_ctrl_c_stops_the_job_of_the_screen_on_show_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hold(monkeypatch, sweep, "sweep", at=lambda said: True)
    async with explore(SMALL) as (app, pilot):
        await pilot.press("2", "1", "ctrl+c")
        await pilot.pause()
        assert "q quits" in screen(app)
        await pilot.press("2")
        assert app.page.busy  # type: ignore[attr-defined]
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert "what is done so far is kept" in screen(app)
        assert not app.page.busy  # type: ignore[attr-defined]


async def test_the_palette_acts_on_the_screen_on_show() -> None:
    async with explore(SMALL) as (app, pilot):
        await pilot.press("2", "colon")
        await pilot.press(*"init far")
        await until(pilot, lambda: "init: farthest" in screen(app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "start farthest" in screen(app))
        assert app.current_mode == "Elbow"


@pytest.mark.parametrize("key", "234")
async def test_the_last_line_after_leaving_names_the_screen_it_was_left_on(
    key: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with explore(SMALL) as (app, pilot):
        await pilot.press(key)
        app.exit(return_code=0)
    monkeypatch.setattr("kmeans_tui.ui.app.KMeansApp", lambda options, *_: app)
    monkeypatch.setattr(app, "run", lambda **_: None)
    assert run_app(SMALL) == 0
    assert f"--screen {PLACES[key].lower()}" in capsys.readouterr().out


def test_why_it_could_not_begin_is_one_line_however_narrow_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "kmeans-tui: " + "a table needs more than is free: " * 5

    def run(app: KMeansApp, **_: object) -> None:
        app.exit(return_code=1, message=said)
        app._print_error_renderables()

    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr(KMeansApp, "run", run)
    assert run_app(SMALL) == 1
    assert capsys.readouterr().err == f"{said}\n"


async def test_the_palette_opens_again_while_the_one_before_is_closing() -> None:
    async with explore(SMALL) as (app, pilot):
        await pilot.press("colon")
        first = app.screen
        # Gone from the stack, and not yet from the program: as when both keys come in one read.
        app._screen_stack.remove(first)
        await app.action_command_palette()
        await until(pilot, lambda: app.screen is not first and type(app.screen) is type(first))
        await first.remove()


async def test_keys_that_change_the_look_keep_it_and_the_copied_command_says_it() -> None:
    async with opened(SMALL) as pilot:
        await pilot.press("T", "m", "greater_than_sign", "A", "t")
        settings.finish()
        options = pilot.app.explore.session.options
        assert settings.kept() == (taken(options, settings.KEPT), [])
        assert options.speed == 4.0
        await pilot.press("less_than_sign")
        settings.finish()
        # The default again, but a change of the setting.
        assert "--speed 2" in pilot.app.command()
        assert settings.forget() == ""
        assert "--speed" not in pilot.app.command()
        assert settings.kept() == ({}, [])


@pytest.mark.parametrize("theme", ["solarised", "light", "ansi-light"])
def test_a_kept_theme_that_is_not_known_here_is_no_theme(
    theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    monkeypatch.setattr(KMeansApp, "run", lambda app, **_: started.append(app.theme))
    settings.keep(theme=theme)
    settings.finish()
    assert run_app(Options(theme=theme)) == 0
    fallback = {"solarised": "textual-dark", "light": "textual-light"}
    assert started == [fallback.get(theme, theme)]
