"""The rows farthest out: listed, looked at, compared without, taken out."""

from textual.widgets import OptionList

from kmeans_tui.command import Options
from kmeans_tui.ui.screens.dialogs.farthest import FarthestDialog
from tests.pilot import opened, press, screen_text, settled, until

OUTLIER = Options("outlier", k=3, seed=1, goto="last")


async def test_the_farthest_row_is_listed_first_and_can_be_looked_at_and_taken_out():
    async with opened(OUTLIER) as pilot:
        session = pilot.app.explore.session
        await pilot.press("B")
        assert isinstance(pilot.app.screen, FarthestDialog)
        listed = pilot.app.screen.query_one(OptionList)
        assert listed.option_count == 100
        first = str(listed.get_option_at_index(0).prompt)
        row = int(first.split()[1])
        assert first.split()[4] == max(
            (str(listed.get_option_at_index(i).prompt).split()[4] for i in range(100)), key=float
        )
        assert "X and O take the chosen row" in screen_text(pilot.app)
        await pilot.press("enter")
        await settled(pilot)
        assert session.options.row == row
        await press(pilot, "escape", "B", "O")
        await settled(pilot)
        await until(pilot, lambda: session.run is not None and session.run.dataset.n == 300)
        assert session.options.without == (row,)
        # Together with the one that is out already.
        await press(pilot, "B", "j", "O")
        await until(pilot, lambda: session.run is not None and session.run.dataset.n == 298)
        await press(pilot, "B", "X")
        await until(pilot, lambda: "without row" in screen_text(pilot.app))
        assert pilot.app.current_mode == "Compare"
