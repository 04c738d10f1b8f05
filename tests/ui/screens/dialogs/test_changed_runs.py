"""What has changed between two recorded runs, in full on the screen; the path typed in a dialog."""

import pytest

from kmeans_tui.cli import main
from kmeans_tui.command import Options
from kmeans_tui.ui.screens.dialogs.changed_runs import ChangedRunsDialog
from kmeans_tui.ui.screens.dialogs.pair_choice import PairDialog, PairInput
from kmeans_tui.ui.widgets.told import Told
from tests.headless.test_assign import month, written
from tests.pilot import answered, asking, press, screen_text, until


@pytest.fixture(autouse=True)
def months(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for seed, name in enumerate(("january", "february")):
        written(f"{name}.csv", list(month(90, seed=seed, shift=seed)))
        words = f"export {name}.csv -k 3 --init k-means++ --what run --out {name}"
        assert main(words.split()) == 0


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (100, 30)])
async def test_a_recording_is_chosen_by_its_path_and_all_tables_can_be_read(size, capsys):
    async with asking("compare", Options("january/run.json"), size=size) as pilot:
        await answered(pilot)
        await press(pilot, "c")
        assert pilot.app.screen is pilot.app.page, "there are no such tables of two programs"
        await press(pilot, "i")
        dialog = pilot.app.screen
        assert isinstance(dialog, PairDialog)
        for at, (text, _) in enumerate(dialog._offered):
            if text == "file:":
                dialog.query_one("#kinds").highlighted = at
        await press(pilot, "enter")
        field = dialog.query_one(PairInput)
        assert field.value == "file:"
        await press(pilot, *"feb", "tab")
        assert field.value.startswith("file:february")
        field.value = "file:february/run.json"
        await press(pilot, "enter")
        await answered(pilot)
        assert "c Changes" in screen_text(pilot.app)
        await press(pilot, "c")
        assert isinstance(pilot.app.screen, ChangedRunsDialog)
        told = pilot.app.screen.query_one(Told)
        lines = [line.rstrip() for line in told.lines]
        before = screen_text(pilot.app)
        await press(pilot, *"jjjjjj")
        if size == (60, 16):
            await until(pilot, lambda: screen_text(pilot.app) != before)
        await press(pilot, "escape")
        assert pilot.app.screen is pilot.app.page
    capsys.readouterr()
    words = ["compare", "january/run.json", "--pair", "file:february/run.json"]
    assert main(words) == 0
    out = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines == out[: len(lines)]
