"""S on Explore: the run goes on by swaps, and back."""

from kmeans_tui.command import Options
from kmeans_tui.shell_command import to_command
from tests.pilot import opened, press, screen_text


async def test_the_run_on_show_is_improved_and_brought_back():
    async with opened(Options(k=6, seed=3, goto="last")) as pilot:
        explore = pilot.app.explore  # type: ignore[attr-defined]
        plain = explore.session.run.history
        await press(pilot, "S")
        history = explore.session.run.history
        assert history.swaps
        assert explore.session.moment.iteration == plain.iterations
        (notice,) = pilot.app._notifications
        assert notice.message == (
            f"2 swaps, no other helps ({history.tried} tried): inertia 242.58 to 231.17. "
            "Space plays them."
        )
        assert "a swap follows" in screen_text(pilot.app)
        await press(pilot, "full_stop")
        assert "swap 1: centroid 3 is less needed (19 % of the inertia)" in screen_text(pilot.app)
        assert "by the swap 242.58 to 231.95" in screen_text(pilot.app)
        assert "✱" in screen_text(pilot.app)
        await press(pilot, "v")
        assert "the textbook's pairs" in screen_text(pilot.app)
        await press(pilot, "escape", "G")
        assert f"no other helps ({history.tried} tried)" in screen_text(pilot.app)
        assert " --improve" in to_command(explore.view_options())
        # The clock stands at each swap, for its sentence.
        await press(pilot, "g")
        while explore.session.play_on(1):
            pass
        assert explore.session.step().swap == history.swaps[0]
        await press(pilot, "backspace")
        assert explore.session.run.history.inertia.tolist() == plain.inertia.tolist()
        assert " --improve" not in to_command(explore.view_options())
        await press(pilot, "S", "S")
        assert explore.session.run.history.swaps == ()
        await press(pilot, "S", "n")
        # Another seed is improved as well.
        assert explore.session.run.history.tried is not None
        assert explore.session.options.seed == 4


async def test_a_run_that_cannot_be_improved_says_so():
    async with opened(Options(goto="last"), size=(80, 24)) as pilot:
        await press(pilot, "S")
        (notice,) = pilot.app._notifications
        assert notice.message.startswith("No swap helps (")
        assert "no swap helps (" in screen_text(pilot.app)
