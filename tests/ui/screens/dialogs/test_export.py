"""The export dialog: what is offered on each screen, what is said before, what is written."""

import json
import threading
from pathlib import Path

import pytest
from PIL import Image
from textual.widgets import Input

from kmeans_tui.command import Options
from kmeans_tui.export.bundle import FileProgress, Written
from kmeans_tui.export.worker import Worker
from kmeans_tui.ui.screens.dialogs.export import CHOICES, ExportDialog
from tests.pilot import opened, screen_text, settled, until

# Few iterations and few runs: every frame and every run takes its time.
IRIS = Options("iris", k=3, goto="2", max_iterations=2, k_max=3, runs=1, census=4, seeds=range(2))


@pytest.fixture(autouse=True)
def _somewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def names(folder):
    return sorted(path.name for path in Path(folder).iterdir())


async def export(pilot, *keys):
    """Open the dialog and press keys in it."""
    await pilot.press("x")
    await until(pilot, lambda: isinstance(pilot.app.screen, ExportDialog))
    await pilot.pause()
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


async def written(pilot):
    """Press enter and wait until everything is written."""
    await pilot.press("enter")
    await until(pilot, lambda: pilot.app.folder is not None and pilot.app.screen is pilot.app.page)


def line_of(pilot, word):
    return next(line for line in screen_text(pilot.app).splitlines() if word in line)


async def test_explore_ticks_the_figures_of_the_run_and_writes_them():
    async with opened(IRIS, notifications=True) as pilot:
        await export(pilot)
        for file in ("iterations.png", "iteration-02.png", "animation.gif", "run.json"):
            assert "[x]" in line_of(pilot, file)
        for file in ("data.png", "labels.csv", "screen.svg"):
            assert "[ ]" in line_of(pilot, file)
        for file in ("elbow.png", "seeds.png", "compare.png"):
            assert ", computed" in line_of(pilot, file)
        await written(pilot)
        folder = Path("kmeans-iris-k3-s42")
        assert names(folder) == ["animation.gif", "iteration-02.png", "iterations.png", "run.json"]
        with Image.open(folder / "animation.gif") as gif:
            assert gif.n_frames == 3
        document = json.loads((folder / "run.json").read_text())
        assert document["parameters"]["k"] == 3
        await until(pilot, lambda: "4 files in kmeans-iris-k3-s42" in screen_text(pilot.app))


async def test_the_command_that_is_shown_writes_the_same_bytes(capsys):
    from kmeans_tui.cli import main

    async with opened(IRIS) as pilot:
        await export(pilot, "space", "j", "space")
        shown = " ".join(line.strip(" │") for line in screen_text(pilot.app).splitlines()).split(
            "kmeans-tui export"
        )[1]
        words = shown.split("╰")[0].split()
        assert words[words.index("--what") + 1] == "data,iteration,animation,run"
        await written(pilot)
    here = {path.name: path.read_bytes() for path in Path("kmeans-iris-k3-s42").iterdir()}
    words[words.index("--out") + 1] = "again"
    assert main(["export", *words]) == 0
    capsys.readouterr()
    assert {path.name: path.read_bytes() for path in Path("again").iterdir()} == here


async def test_what_would_be_replaced_is_said_before_and_then_replaced():
    folder = Path("kmeans-iris-k3-s42")
    folder.mkdir()
    (folder / "run.json").write_text("old")
    (folder / "notes.txt").write_text("mine")
    async with opened(IRIS) as pilot:
        await export(pilot)
        assert "will replace 1 file already there: run.json" in screen_text(pilot.app)
        assert "--force" in screen_text(pilot.app)
        await written(pilot)
    assert json.loads((folder / "run.json").read_text())["inertia"] > 0
    assert (folder / "notes.txt").read_text() == "mine"


async def test_each_screen_ticks_its_own_figure():
    async with opened(IRIS) as pilot:
        for key, file in (("2", "elbow.png"), ("3", "seeds.png"), ("4", "compare.png")):
            await pilot.press(key)
            place = Path(file).stem.capitalize()
            await until(pilot, lambda place=place: pilot.app.current_mode == place)
            await until(pilot, lambda: not pilot.app.page.busy)
            await export(pilot)
            assert "[x]" in line_of(pilot, file)
            assert "[ ]" in line_of(pilot, "iterations.png")
            await written(pilot)
            with Image.open(pilot.app.folder / file) as picture:
                assert picture.width > 1000
            assert pilot.app.page is not pilot.app.explore


async def test_a_screen_that_asks_about_another_run_exports_its_own_figure_alone():
    async with opened(IRIS) as pilot:
        await pilot.press("3")
        await until(pilot, lambda: pilot.app.page is not pilot.app.explore)
        await pilot.press("plus")
        await until(pilot, lambda: not pilot.app.page.busy)
        await export(pilot)
        assert "[x]" in line_of(pilot, "seeds.png")
        assert "enter opens the run first" in line_of(pilot, "iterations.png")
        assert "iris -k 4" in screen_text(pilot.app)


async def test_settings_go_round_and_change_files_and_command():
    async with opened(IRIS) as pilot:
        await export(pilot, "tab", "space")
        assert "iterations.svg" in screen_text(pilot.app)
        assert "iterations.svg,iteration.svg,animation,run" in screen_text(pilot.app)
        # It begins in the look of the screen.
        assert "--dark" in screen_text(pilot.app)
        await pilot.press("left", "down", "space")
        assert "--look article" in screen_text(pilot.app)
        await pilot.press(*(["down", "space"] * (len(CHOICES) - 2)))
        text = " ".join(line.strip(" │") for line in screen_text(pilot.app).splitlines())
        said = ("--size 800x600", "--dpi 72", "--transparent", "--glide", "animation.webp")
        for words in (*said, "--fps 0.5", "ipynb"):
            assert words in text, words


async def test_the_folder_is_typed_and_letters_stay_letters():
    async with opened(IRIS) as pilot:
        await export(pilot, "tab", "tab")
        pilot.app.focused.value = ""
        await pilot.press(*"q/out put")
        # The command may break anywhere; only its words count.
        words = " ".join(screen_text(pilot.app).replace("│", " ").split())
        assert "--out 'q/out put'" in words
        await written(pilot)
    assert "run.json" in names("q/out put")


async def test_what_the_file_system_refuses_is_one_sentence_and_the_program_goes_on():
    Path("taken").write_text("a file")
    async with opened(IRIS, notifications=True) as pilot:
        await export(pilot, "tab", "tab")
        pilot.app.focused.value = "taken/deeper"
        await pilot.press("enter")
        await until(
            pilot,
            lambda: (
                "taken" in screen_text(pilot.app).split("export")[0]
                or any("taken" in each.message for each in pilot.app._notifications)
            ),
        )
        assert isinstance(pilot.app.screen, ExportDialog)
        await pilot.press("escape")
        await settled(pilot)
    assert Path("taken").read_text() == "a file"


async def test_nothing_ticked_writes_nothing():
    async with opened(IRIS, notifications=True) as pilot:
        await pilot.press("2")
        await until(pilot, lambda: pilot.app.page is not pilot.app.explore)
        await until(pilot, lambda: not pilot.app.page.busy)
        await export(pilot)
        dialog = pilot.app.screen
        dialog._ticked.clear()
        dialog._say()
        await pilot.press("enter")
        await until(pilot, lambda: "Tick a file" in screen_text(pilot.app))
    assert names(".") == []


async def test_the_terminal_as_it_stands_is_a_picture_without_the_dialog():
    async with opened(IRIS) as pilot:
        await export(pilot)
        pilot.app.screen._ticked.clear()
        await pilot.press("end", "space")
        assert "no command writes the screen itself" in screen_text(pilot.app)
        await written(pilot)
        svg = (pilot.app.folder / "screen.svg").read_text()
    assert svg.startswith("<svg")
    assert "petal" in svg
    assert "already" not in svg


async def test_stopping_keeps_what_is_finished_and_closing_stops(monkeypatch):
    began, cancelled = threading.Event(), threading.Event()

    def write(self, request, progress):
        progress(FileProgress("iterations.png", 1, 4, 0, 1))
        began.set()
        cancelled.wait(20)
        return Written((request.folder / "iterations.png",), False)

    monkeypatch.setattr(Worker, "write", write)
    monkeypatch.setattr(Worker, "cancel", lambda self: cancelled.set())
    async with opened(IRIS, notifications=True) as pilot:
        await export(pilot, "enter")
        await until(pilot, began.is_set)
        await until(pilot, lambda: "1 of 4" in screen_text(pilot.app))
        await pilot.press("enter")
        await until(pilot, lambda: "being written" in screen_text(pilot.app))
        await pilot.press("ctrl+c")
        await until(pilot, lambda: "Stopped; 1 file in" in screen_text(pilot.app))
        assert isinstance(pilot.app.screen, ExportDialog)
        assert pilot.app.folder is None


async def test_leaving_says_where_the_files_are(capsys, monkeypatch):
    from kmeans_tui.ui import app as program

    def run(self, **_):
        self.folder = Path("figures")

    monkeypatch.setattr(program.KMeansApp, "run", run)
    assert program.run_app(IRIS) == 0
    assert capsys.readouterr().out == "files written to figures\n"


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 50)])
async def test_every_part_is_on_the_screen_at_any_size(size):
    async with opened(IRIS, size=size) as pilot:
        await export(pilot)
        text = screen_text(pilot.app)
        for part in ("iterations.png", "figures", "folder kmeans-iris", "kmeans-tui export iris"):
            assert part in text, part


@pytest.mark.parametrize("folder", ["x" * 3000, "~nobody-of-that-name/a", "a\0b", "/" * 5000])
async def test_a_folder_that_cannot_be_is_said(folder):
    async with opened(notifications=True) as pilot:
        await pilot.press("x")
        pilot.app.screen.query_one("#folder", Input).value = folder
        await pilot.pause()
        assert pilot.app.is_running
        assert len(pilot.app.screen_stack) == 2
