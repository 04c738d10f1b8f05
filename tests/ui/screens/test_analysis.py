"""What Elbow, Seeds and Compare have in common: when they ask, stop, go on, and what they say."""

import threading
from dataclasses import replace

import pytest

from kmeans_tui.analysis import comparison, sweep
from kmeans_tui.analysis import seed_runs as running
from kmeans_tui.command import Options
from tests.pilot import (
    answered,
    ask,
    asking,
    copied,
    hold,
    opened,
    progress,
    screen_text,
    settled,
    until,
)
from tests.ui.screens.test_compare import timeless

WORK = {
    "elbow": (sweep, "sweep"),
    "seeds": (running, "run_seeds"),
    "compare": (comparison, "compare"),
}
KEY = {"elbow": "2", "seeds": "3", "compare": "4"}
SMALL = Options("blobs:n=60", k=3, seed=1, k_max=4, runs=1, census=5)


@pytest.fixture(params=WORK)
def name(request):
    return request.param


def counted(monkeypatch, name):
    gate = hold(monkeypatch, *WORK[name])
    gate.let()
    return gate


def failing(monkeypatch, name, error):
    """The work raises this."""

    def fail(*_, **__):
        raise error

    monkeypatch.setattr(*WORK[name], fail)


# --- when it asks ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "keys", "again"),
    [
        ("elbow", ["n", "plus", "i", "m", "right"], False),
        ("elbow", ["z"], True),
        ("seeds", ["n", "t", "right"], False),
        ("seeds", ["plus"], True),
        ("seeds", ["i"], True),
        ("compare", ["right", "space", "m", "greater_than_sign"], False),
        ("compare", ["n"], True),
        ("compare", ["z"], True),
    ],
)
async def test_only_what_the_question_depends_on_is_asked_again(monkeypatch, name, keys, again):
    gate = counted(monkeypatch, name)
    async with asking(name, SMALL) as pilot:
        await ask(pilot)
        await pilot.press("1")
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        await ask(pilot, KEY[name])
        assert gate.calls == 1 + again
        if again and keys != ["z"]:
            run = pilot.app.explore.session.run
            here = copied(pilot.app)
            assert (here.k, here.init, here.seed) == (
                run.history.k, run.options.init, run.options.seed,
            )  # fmt: skip


async def test_other_data_are_asked_about_anew(monkeypatch, name):
    gate = counted(monkeypatch, name)
    async with asking(name, SMALL) as pilot:
        await ask(pilot)
        await pilot.press("1")
        pilot.app.explore.fitter.open_data("blobs:n=50,k=2")
        await settled(pilot)
        shown = await ask(pilot, KEY[name])
        assert gate.calls == 2
        assert "blobs:n=50,k=2" in shown.splitlines()[0]
        assert copied(pilot.app).data == "blobs:n=50,k=2"
        assert "Nothing was changed here" in await ask(pilot, "backspace")


async def test_what_was_asked_here_stays_while_explore_does_other_things(monkeypatch, name):
    gate = counted(monkeypatch, name)
    async with asking(name, SMALL) as pilot:
        before = await ask(pilot, {"elbow": "plus", "seeds": "plus", "compare": "n"}[name])
        await pilot.press("1", "right", "t", "t")
        assert await ask(pilot, KEY[name]) == before
        assert gate.calls == 2


async def test_a_running_job_goes_on_while_another_screen_is_on_show(monkeypatch, name):
    gate = hold(monkeypatch, *WORK[name])
    async with asking(name, SMALL) as pilot:
        page = pilot.app.page
        await pilot.press("1", "right")
        assert page.busy
        gate.let()
        await until(pilot, lambda: not page.busy)
        assert "iteration 1" in screen_text(pilot.app)
        await ask(pilot, KEY[name])
        assert gate.calls == 1


# --- stopping ----------------------------------------------------------------------------------


async def test_ctrl_c_without_a_job_says_how_to_quit(name):
    async with asking(name, SMALL) as pilot:
        assert "q quits" in await ask(pilot, "ctrl+c")


async def test_stopped_it_says_so_and_goes_on_with_r(monkeypatch, name):
    # Those of other libraries stay from test to test.
    before = set(threading.enumerate())
    gate = hold(monkeypatch, *WORK[name], at=lambda said: True)
    async with asking(name, SMALL) as pilot:
        page = pilot.app.page
        await pilot.press("ctrl+c")
        await answered(pilot)
        assert progress(pilot).startswith("stopped")
        assert "what is done so far is kept" in screen_text(pilot.app)
        await until(pilot, lambda: set(threading.enumerate()) <= before)
        gate.let()
        await ask(pilot, "r")
        assert not progress(pilot).startswith("stopped")
        assert not page.stopped


async def test_the_job_ends_with_the_program(monkeypatch, name):
    hold(monkeypatch, *WORK[name], at=lambda said: True)
    async with asking(name, SMALL) as pilot:
        job = pilot.app.page._job
        assert not job.stopped
        pilot.app.exit()
        await pilot.pause()
    assert job.stopped


# --- errors ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (ValueError("k = 5 is more than the rows; choose fewer"), "choose fewer"),
        (MemoryError(), "there is not enough memory for this; choose fewer rows"),
    ],
)
async def test_what_cannot_be_answered_is_said_in_a_sentence(monkeypatch, name, error, says):
    with monkeypatch.context() as broken:
        failing(broken, name, error)
        async with asking(name, SMALL) as pilot:
            assert says in await ask(pilot)
            assert progress(pilot).startswith("stopped")
            broken.undo()
            await ask(pilot, "r")
            assert not progress(pilot).startswith("stopped")


async def test_a_fault_of_the_program_ends_it_in_one_sentence(monkeypatch, name, capsys):
    failing(monkeypatch, name, RuntimeError("on purpose"))

    async def run_into_it():
        async with asking(name, SMALL) as pilot:
            await until(pilot, lambda: not pilot.app.is_running)

    with pytest.raises(RuntimeError, match="on purpose"):
        await run_into_it()
    error = capsys.readouterr().err
    assert "kmeans-tui: internal error, RuntimeError: on purpose (test_analysis.py:" in (
        " ".join(error.split())
    )


async def test_the_command_of_the_screen_has_todays_look(name):
    async with asking(name, SMALL) as pilot:
        await ask(pilot, "T", "A")
        again = copied(pilot.app)
        assert (again.screen, again.theme, again.ascii) == (name, "textual-light", True)
        assert replace(again, theme=None, ascii=None, screen="explore").data == SMALL.data


async def test_the_screen_of_the_command_is_that_of_the_key(name):
    async with asking(name, SMALL) as pilot:
        named = await ask(pilot)
    async with opened(SMALL) as pilot:
        pressed = await ask(pilot, KEY[name])
    # Elbow by its key starts with k-means++; named with no start the command line does so too.
    if name == "elbow":
        assert "start k-means++" in pressed
    else:
        assert timeless(pressed) == timeless(named)


# --- other data on the way -----------------------------------------------------------------------


@pytest.mark.parametrize("screen", ["elbow", "seeds", "compare"])
@pytest.mark.parametrize("other", ["wine", "blobs:n=40,k=3", "blobs:d=5"])
async def test_an_answer_is_drawn_through_its_own_data(screen, other):
    options = Options("blobs", k_max=3, runs=1, census=5)
    async with asking(screen, options) as pilot:
        # The answer comes when Explore has other data already, which nobody looked at here yet.
        explore, page = pilot.app.explore, pilot.app.page
        await pilot.press("1")
        explore.fitter.open_data(other)
        await settled(pilot)
        page.paint()
        page.ask()
        await until(pilot, lambda: not page.busy)
        assert page.dataset.name == "blobs"
        await pilot.press("2" if screen == "elbow" else "3" if screen == "seeds" else "4")
        await answered(pilot)
        assert page.dataset is explore.session.run.dataset
        assert other.partition(":")[0] in screen_text(pilot.app).splitlines()[0]


@pytest.mark.parametrize("screen", ["elbow", "seeds", "compare"])
async def test_a_run_that_ends_while_another_screen_is_on_show_is_asked_about(screen):
    async with asking(screen, Options("blobs", k_max=3, runs=1, census=5)) as pilot:
        await answered(pilot)
        pilot.app.explore.fitter.open_data("wine")
        await settled(pilot)
        await answered(pilot)
        assert pilot.app.page.dataset.name == "wine"
        assert "wine" in screen_text(pilot.app).splitlines()[0]


@pytest.mark.parametrize("screen", ["elbow", "seeds", "compare"])
async def test_a_file_that_changed_is_asked_about_again(screen, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "".join(f"{i},{i % 7}\n" for i in range(40)))
    async with asking(screen, Options(str(path), k=3, k_max=3, runs=1, census=5)) as pilot:
        await answered(pilot)
        path.write_text("a,b\n" + "".join(f"{i},{i % 5}\n" for i in range(23)))
        await pilot.press("5")
        await until(pilot, lambda: pilot.app.page is pilot.app.screen and not pilot.app.page.busy)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "Explore")
        await until(pilot, lambda: pilot.app.explore.session.run.dataset.n == 23)
        await pilot.press({"elbow": "2", "seeds": "3", "compare": "4"}[screen])
        await answered(pilot)
        assert pilot.app.page.dataset.n == 23
