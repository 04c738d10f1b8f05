"""A run on points that stay on disk, on the screen while it goes on; passes wait for the test.

With ``DRAW_FRAMES=1`` its frames are drawn anew.
"""

import os
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest

from kmeans_tui.command import Options
from kmeans_tui.data.reading import heads
from kmeans_tui.partitioned.executor import Stopped
from kmeans_tui.partitioned.here import Here
from kmeans_tui.requests.session import Session
from kmeans_tui.requests.subject import load, open_subject
from kmeans_tui.ui.app import KMeansApp
from kmeans_tui.ui.models import fitting
from tests.pilot import press, screen_text, settled, until

FRAMES = Path(__file__).parents[2] / "frames" / "live"


@pytest.fixture
def points(tmp_path):
    draw = np.random.RandomState(5)
    centres = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.5], [5.0, 5.0]])
    path = tmp_path / "points.npy"
    np.save(path, draw.normal(size=(5000, 2)) + centres[draw.randint(4, size=5000)])
    return path


def wanted(path, **fields):
    return Options(
        str(path), k=4, where="stream", display_rows=300, cache=str(path.parent / "cache"), **fields
    )


@pytest.fixture
def passes(monkeypatch):
    """A semaphore: each assignment of all rows waits until it is released once more."""
    gate, plain = threading.Semaphore(0), Here.run

    def run(self, name, parts, recipe, task, listener):
        while name == "assign" and not gate.acquire(timeout=0.01):
            if listener is not None and listener(parts[0][1] // 2, parts[0][1]) is False:
                raise Stopped
        return plain(self, name, parts, recipe, task, listener)

    monkeypatch.setattr(Here, "run", run)
    monkeypatch.setattr(fitting, "PATIENCE", 0.0)
    return gate


async def shown(pilot, iteration):
    """Wait until a whole iteration of a run that goes on is drawn."""
    explore = pilot.app.explore
    await until(pilot, lambda: explore.session.run is not None)
    await until(pilot, lambda: explore.session.run.history.iterations >= iteration)
    await until(pilot, lambda: explore.stage.plotted and explore.stage.chart._scene is not None)
    await until(pilot, lambda: f"iteration {iteration + 1}: 50%" in screen_text(pilot.app))


async def test_iterations_are_shown_as_they_arrive(points, passes):
    app = KMeansApp(wanted(points))
    async with app.run_test(size=(100, 30)) as pilot:
        session = app.explore.session
        await until(pilot, lambda: "points.npy: k=4 seed 42 · iteration 0: 50%" in screen_text(app))
        assert session.run is None
        passes.release()
        await shown(pilot, 0)
        assert session.run.running
        assert session.position == 1
        await until(pilot, lambda: "display rows 300 of 5,000" in screen_text(app))
        assert "the next iteration is being computed" in session_words(app)
        passes.release()
        await shown(pilot, 1)
        assert session.position == 3  # at the end, the screen follows
        await pilot.press("left")
        await until(pilot, lambda: session.position == 1)
        passes.release()
        await shown(pilot, 2)
        assert session.position == 1  # elsewhere, it stays
        # What needs all points in memory is refused, and the run goes on.
        for key, said in (
            ("S", "Centroids are swapped among points in memory only, and these stay on disk."),
            ("Q", "The questions need all points in memory"),
            ("V", "The working is for small data: 5,000 rows"),
        ):
            await pilot.press(key)
            await until(pilot, partial(noticed, app, said))
        assert session.run.running
        sizes = session.run.history[-1].sizes
        assert sizes.sum() == 5000
        await pilot.press("end")
        await until(pilot, lambda: session.position == session.run.last)
        # ctrl+c keeps what is whole; r goes on from there.
        done = len(session.run.history)
        await pilot.press("ctrl+c")
        await until(pilot, lambda: not app.explore.fitter.busy)
        assert session.run.history.stopped_by == "cancelled"
        assert len(session.run.history) == done
        await settled(pilot)
        assert "stopped by you after 2 updates" in session_words(app)
        kept = [each.centroids for each in session.run.history]
        await pilot.press("r")
        for _ in range(100):
            passes.release()
        await until(pilot, lambda: not app.explore.fitter.busy)
        await settled(pilot)
        history = session.run.history
        assert history.stopped_by == "converged"
        assert all((a == b.centroids).all() for a, b in zip(kept, history, strict=False))
        assert "--where stream" in app.command()
        await press(pilot, "2")
        await until(pilot, lambda: "display rows 300 of 5,000" in screen_text(app))


def noticed(app, said):
    """Whether the notice on show says this."""
    return any(said in each.message for each in app._notifications)


def session_words(app):
    """What is said of the half step on show."""
    from kmeans_tui.requests import step_words

    session = app.explore.session
    return " ".join(step_words.notes(session.run, session.moment, session.step()))


async def test_a_run_whose_file_is_lost_says_so_and_goes_on(points, passes):
    app = KMeansApp(wanted(points))
    away = points.with_suffix(".away")
    async with app.run_test(size=(100, 30)) as pilot:
        session = app.explore.session
        passes.release()
        await shown(pilot, 0)
        points.rename(away)
        passes.release()
        await until(pilot, lambda: noticed(app, "points.npy is gone: put it back"))
        await until(pilot, lambda: session.run.history.stopped_by == "lost")
        await settled(pilot)
        assert "broken off by an error" in session_words(app)
        assert "by you" not in session_words(app)
        away.rename(points)
        await pilot.press("r")
        for _ in range(100):
            passes.release()
        await until(pilot, lambda: session.run.history.stopped_by == "converged")


async def test_another_wish_ends_it_and_undo_goes_back(points, passes):
    app = KMeansApp(wanted(points, row=2))
    async with app.run_test(size=(80, 24)) as pilot:
        session = app.explore.session
        passes.release()
        await shown(pilot, 0)
        numbers = session.run.dataset.row_numbers
        if 2 not in numbers:
            said = [each.message for each in app._notifications]
            assert said == ["Row 2 is not among the 300 display rows; --display-rows shows more."]
        first = session.run
        await pilot.press("plus")
        for _ in range(200):
            passes.release()
        await until(pilot, lambda: session.run.history.k == 5 and not app.explore.fitter.busy)
        assert session.run.parts.executor is first.parts.executor
        await settled(pilot)
        await pilot.press("backspace")
        await until(pilot, lambda: session.run.history.k == 4 and not app.explore.fitter.busy)
        assert session.run.history.stopped_by == "converged"
        app.explore.cursor.find("1")
        from kmeans_tui.requests import step_words

        assert "300 display rows" in step_words.no_such_row(session.run.dataset, "1")


@pytest.mark.parametrize("size", [(100, 30), (80, 24), (60, 16)])
async def test_frames_of_a_run_that_goes_on(points, passes, size, monkeypatch):
    monkeypatch.chdir(points.parent)
    monkeypatch.setattr(heads, "ROWS_OF_HEAD", 1000)
    app = KMeansApp(replace(wanted(points, seed=2), data=points.name))

    async def framed(pilot, name, said):
        def frame():
            return "\n".join(line.rstrip() for line in screen_text(app).splitlines()) + "\n"

        await until(pilot, lambda: said in screen_text(app))
        path = FRAMES / f"{name}{size[0]}x{size[1]}.txt"
        if "DRAW_FRAMES" in os.environ:
            await pilot.pause(1)
            path.write_text(frame(), encoding="utf-8")
        await until(pilot, lambda: frame() == path.read_text(encoding="utf-8"))

    async with app.run_test(size=size) as pilot:
        await framed(pilot, "begins-", "iteration 0: 50%")
        for iteration in range(2):
            passes.release()
            await shown(pilot, iteration)
        await framed(pilot, "", "iteration 2: 50%")
        await pilot.press("c")
        await framed(pilot, "changes-", "those among the 300 display rows")
        await pilot.press("escape", "comma")
        await framed(pilot, "back-", "iteration 0 → 1 of 1")
        await pilot.press("5")
        await framed(pilot, "data-", "of 5,000 rows")
        await pilot.press("1", "ctrl+c")
        await until(pilot, lambda: not app.explore.fitter.busy)
        app.clear_notifications()
        await pilot.press("G")
        await framed(pilot, "stopped-", "4 converged?")


def test_the_run_of_a_chosen_k_is_of_all_rows(points):
    options = wanted(points)
    subject = open_subject(options)
    model = object()  # of the rows on display
    found = fitting.fit(options, None, lambda said: True, model, subject.dataset)  # type: ignore[arg-type]
    assert found.history.counted == 5000


def test_a_table_applied_on_the_data_screen_stays_on_disk(points):
    options = wanted(points)
    in_memory = load(replace(options, where=None))
    found = fitting.fit(options, None, lambda said: True, dataset=in_memory)
    assert found.parts is not None
    assert found.dataset.n == 300


def test_an_improved_run_of_the_rows_on_display_runs_on_all_rows_without_swaps(points):
    options = wanted(points)
    run = fitting.fit(options, None, lambda said: True)
    owner, asked = Mock(), []
    fitter = fitting.Fitter(owner, Mock(options=options, run=run), lambda: None)
    fitter.start = lambda options, model=None: asked.append(options)  # type: ignore[method-assign]
    fitter.open_run(replace(options, k=3, improve=True))
    assert (asked[0].k, asked[0].improve, asked[0].where) == (3, None, "stream")
    assert "without them" in owner.notify.call_args.args[0]
    fitter.open_data("wine")
    assert (asked[1].data, asked[1].where, asked[1].cache) == ("wine", None, options.cache)


def test_how_far_a_table_is_converted_fits_a_narrow_line(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("a,b\n" + "1.5,2.5\n0.5,7\n" * 30_000)
    said: list[str] = []
    open_subject(wanted(path), tell=lambda line: said.append(line) or True)
    told = [each for each in said if each.startswith("converting table.csv once, ")]
    assert told
    assert all(str(path.parent / "cache") in each for each in told)
    # What a narrow line leaves out is behind the second comma.
    assert all(each.split(", ")[1].endswith("%") for each in told)


@pytest.mark.parametrize("form", ["npy", "csv"])
def test_a_file_that_has_changed_is_opened_again_when_it_is_needed(points, form):
    path = points.with_suffix(f".{form}")

    def write(seed):
        table = np.random.RandomState(seed).normal(size=(800, 2))
        np.save(path, table) if form == "npy" else np.savetxt(path, table, "%.17g", ",")

    write(0)
    options = wanted(path)
    run = fitting.fit(options, None, lambda said: True)
    write(1)
    os.utime(path, ns=(1, 1))
    # What was computed can be seen from elsewhere.
    seen = fitting.fit(replace(options, axes=("2", "1")), run, lambda said: True)
    assert seen.history is run.history
    for fields, given in (({"k": 3}, None), ({}, run.dataset)):
        again = fitting.fit(replace(options, **fields), run, lambda said: True, dataset=given)
        assert again.warnings == (f"{path.name} has changed: it was opened again.",)
        assert again.history[-1].inertia != run.history[-1].inertia
        assert again.parts.executor is not run.parts.executor
    path.unlink()
    with pytest.raises(ValueError, match=f"{path.name} "):
        fitting.fit(replace(options, k=5), again, lambda said: True)
    assert fitting.fit(options, again, lambda said: True).history is again.history


@pytest.mark.parametrize(("goto", "position"), [("0", 7), ("1", 3)])
def test_a_run_that_goes_on_is_shown_where_it_does(points, goto, position):
    options = wanted(points, max_iterations=3, tolerance=0.0, goto=goto)
    session = Session(options)
    fitter = fitting.Fitter(Mock(), session, lambda: None)
    fitter._job, fitter._live = Mock(), fitting.fit(options, None, lambda said: True)
    assert fitter.grown().running
    assert session.position == position
