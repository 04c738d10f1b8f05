"""Prediction in Explore as its user meets it: press keys, read the screen."""

from kmeans_tui.command import Options
from kmeans_tui.shell_command import to_command
from kmeans_tui.ui.screens import predict_page
from tests.pilot import opened, press, screen_text, settled, until

SMALL = Options("blobs:n=60", k=3, seed=1)


async def reply(pilot, *, right=True):
    """Answer the open question with its keys."""
    explore = pilot.app.explore
    asked = explore.quiz.question
    if asked.kind == "cluster":
        await press(pilot, str(asked.answer + 1 if right else (asked.answer + 1) % 3 + 1), "enter")
    elif asked.kind == "place":
        if right:
            explore.reach(asked.answer)
        await press(pilot, "enter")
    elif asked.kind == "stop":
        await press(pilot, "y" if asked.answer == right else "n")
    else:
        await press(pilot, "m" if (asked.answer == "move") == right else "a")


async def test_ten_questions_are_answered_by_keys_and_the_run_is_untouched():
    async with opened(SMALL, notifications=True) as pilot:
        app, explore = pilot.app, pilot.app.explore
        run = explore.session.run
        await press(pilot, "G", "Q")
        assert explore.session.position == explore.quiz.questions[0].position
        for number in range(1, len(explore.quiz.questions) + 1):
            total = len(explore.quiz.questions)
            assert f"predict {number} of {total} · {number - 1} right" in screen_text(app)
            assert explore.session.position == explore.quiz.question.position
            if explore.quiz.state == "cluster":
                # Typed into the field: no other screen, no other seed; a wrong number is refused.
                await press(pilot, "9", "enter")
                assert "from 1 to 3" in screen_text(app)
            else:
                await press(pilot, "full_stop", "N", "plus", "i", "H")
            asked = explore.quiz.question
            await reply(pilot)
            assert "right" in screen_text(app).splitlines()[-3], asked
            assert explore.session.position == explore.quiz.question.shows
            await press(pilot, "enter")
        assert "All of them right." in screen_text(app)
        assert explore.session.run is run
        # Again, the same questions; wrong answers are counted as such.
        first = explore.quiz.questions
        await press(pilot, "enter")
        assert explore.quiz.questions == first
        await reply(pilot, right=False)
        assert "0 right" in screen_text(app)
        assert "wrong" in screen_text(app)
        await press(pilot, "escape")
        assert explore.quiz is None
        assert explore.hand is None
        assert "predict" not in screen_text(app)
        await press(pilot, "full_stop")
        assert "iteration" in screen_text(app).splitlines()[-2]


async def test_another_run_ends_it_and_a_point_typed_in_a_field_does_not_switch_screens():
    async with opened(SMALL) as pilot:
        explore = pilot.app.explore
        await press(pilot, "Q", "2")
        assert pilot.app.current_mode == "Explore"
        assert explore.query_one("#prediction").value == "2"
        explore.change(k=4)
        await settled(pilot)
        assert explore.quiz is None
        assert explore.session.run.history.k == 4


async def test_the_questions_on_many_points_are_drawn_in_a_job(monkeypatch):
    monkeypatch.setattr(predict_page, "AT_ONCE", 0)
    async with opened(SMALL) as pilot:
        await press(pilot, "Q")
        await until(pilot, lambda: "predict 1 of" in screen_text(pilot.app))
        await press(pilot, "escape")
        assert pilot.app.explore.quiz is None


async def test_the_command_of_a_view_opens_it_with_the_questions_of_its_seed():
    async with opened(SMALL) as pilot:
        await press(pilot, "Q")
        asked = [each.position for each in pilot.app.explore.quiz.questions]
        options = pilot.app.explore.view_options()
        await press(pilot, "escape")
        assert not pilot.app.explore.view_options().predict
    assert "--predict" in to_command(options)
    async with opened(options) as pilot:
        await until(pilot, lambda: pilot.app.explore.quiz is not None)
        assert [each.position for each in pilot.app.explore.quiz.questions] == asked
