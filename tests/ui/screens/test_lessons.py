"""Lessons as a class meets them: the list, the lines over every screen, the keys, the ticks."""

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from kmeans_tui import screen_table, settings
from kmeans_tui.command import Options
from kmeans_tui.key_table import rows
from kmeans_tui.lessons.course import COURSE, find
from kmeans_tui.lessons.course import opened as at_lesson
from kmeans_tui.ui.app import KMeansApp
from kmeans_tui.ui.models.lecture import Lecture
from tests.pilot import opened, screen_text, settled, until


def lecture_of(app: Any) -> Lecture:
    """The lesson in progress."""
    assert app.lecture is not None
    return app.lecture  # type: ignore[no-any-return]


async def arrived(pilot: Pilot[Any]) -> Lecture:
    """Wait until the view of the present step is open, and its answers are computed."""
    app: Any = pilot.app
    await until(pilot, lambda: app._arrived and lecture_of(app).measured is not None)
    await until(pilot, lambda: not app.explore.fitter.busy)
    await pilot.pause()
    return lecture_of(app)


async def do(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys one after the other, each once the one before has taken effect."""
    app: Any = pilot.app
    for key in keys:
        await pilot.press(key)
        await until(pilot, lambda: not app.explore.fitter.busy)
        await pilot.pause()


async def answer(pilot: Pilot[Any], typed: str) -> None:
    """Type an answer into its field."""
    while len(pilot.app.screen_stack) > 1:
        await pilot.press("escape")
    await pilot.press("E")
    await until(pilot, lambda: pilot.app.screen.query("#answer Input"))
    pilot.app.screen.query_one(Input).value = typed
    await pilot.press("enter")
    await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
    await pilot.pause()


# The others are done the same way; these use every screen and every dialog that a task needs.
@pytest.mark.parametrize("name", ["seeds", "outlier", "tolerance", "how_many"])
async def test_a_lesson_is_done_by_the_keys_it_names(name: str) -> None:
    number = find(name)
    async with opened() as pilot:
        app: Any = pilot.app
        await app.begin_lesson(number)
        for at, step in enumerate(COURSE[number].steps):
            lecture = await arrived(pilot)
            assert (lecture.at, lecture.phase) == (at, "task")
            await do(pilot, *step.keys)
            await until(pilot, lambda: lecture_of(app).phase == "question", f"step {at + 1}")
            measured = lecture.measured
            assert measured is not None
            right = step.answer(measured)
            await answer(pilot, "ab"[step.choices.index(right)] if step.choices else right)
            assert lecture.phase == "told", lecture.words()
            while lecture.phase == "told" and lecture.at == at:
                await do(pilot, "L")
        assert lecture.words()[0].startswith(f"Lesson {number + 1} is done")
        assert settings.load().lessons == (name,)
        await do(pilot, "7")
        await until(pilot, lambda: "1 of 15 done" in screen_text(app))
        assert f"✓ {number + 1:>2} {COURSE[number].title[:10]}" in screen_text(app)


def test_every_key_that_a_task_names_is_one_of_its_screens() -> None:
    for lesson in COURSE:
        for step in lesson.steps:
            place = screen_table.screen(step.view.screen).place
            known = {
                name
                for where in (place, "Hand", "everywhere")
                for row in rows(where)
                for names, _ in row.bindings
                for name in names.split(",")
            }
            typed = {"slash", "colon"} & set(step.keys)
            assert set(step.keys) <= known or typed, (lesson.name, step.task)


async def test_a_class_begins_at_a_step_and_goes_on_over_every_screen() -> None:
    app = KMeansApp(at_lesson(Options(lesson="3:2", theme="textual-light")))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        lecture = await arrived(pilot)
        assert "lesson 3 of 15 · Another seed, another end · step 2 of 4" in screen_text(app)
        assert app.explore.session.options.seed == 1
        for key in ("2", "3", "4", "5", "7", "escape", "question_mark", "escape", "escape"):
            await do(pilot, key)
            if len(app.screen_stack) == 1:
                assert "step 2 of 4" in screen_text(app), key
        assert (lecture.phase, app.current_mode) == ("task", "Explore")
        await do(pilot, "L", "L")
        assert "Not done yet" in screen_text(app)
        await do(pilot, "E")
        assert len(app.screen_stack) == 1, "the task comes first"
        await do(pilot, "n", "n")
        assert lecture.phase == "question"
        await answer(pilot, "5")
        assert "No." in screen_text(app)
        await answer(pilot, "2")
        assert "Right." in screen_text(app)
        await do(pilot, "y")
        assert app.clipboard == (
            "kmeans-tui blobs -k 3 --init random --seed 3 --lesson 3:2 --goto 5 "
            "--theme textual-light"
        )
        await do(pilot, "F")
        assert "step 2 of 4" not in screen_text(app)
        assert app.explore.session.options.seed == 3, "the view stays"
        await do(pilot, "y")
        assert "--lesson" not in app.clipboard
        assert settings.load().lessons == ()
        await do(pilot, "L")
        assert app.current_mode == "Lessons"
        await do(pilot, "E", "F", "G", "g", "j", "enter")
        lecture = await arrived(pilot)
        assert lecture.place == "2:1"
        assert app.current_mode == "Explore"
