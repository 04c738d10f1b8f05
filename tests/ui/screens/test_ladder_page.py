"""The ladder on the Elbow screen: its key, its cursor, and the runs it opens."""

from dataclasses import replace

from kmeans_tui.analysis import sweep
from kmeans_tui.analysis.rungs import ladder
from kmeans_tui.command import Options
from kmeans_tui.data.catalogue import load_data
from kmeans_tui.ui.widgets.curve import Curve
from kmeans_tui.ui.widgets.flow_table import FlowTable
from kmeans_tui.ui.widgets.passage import Passage
from tests.pilot import (
    answered,
    ask,
    asking,
    climbed,
    copied,
    hold,
    press,
    progress,
    screen_text,
    text,
    until,
)

WINE = Options("wine", init="k-means++", seed=0, k_max=6)


def steps():
    return ladder(sweep.sweep(load_data("wine").points, 6, random_state=0, improve=True)).rungs


async def test_the_ladder_moves_with_k_and_opens_either_run_in_its_colours():
    rungs = steps()
    asked = next(rung.k for rung in rungs if rung.colours is not None and rung.k > 2)
    async with asking("elbow", WINE, size=(100, 30)) as pilot:
        await answered(pilot)
        await ask(pilot, "K", "g")
        await climbed(pilot)
        table = pilot.app.screen.query_one(FlowTable)
        assert table.display
        assert not pilot.app.screen.query_one(Curve).display
        assert text(table)[0].split() == ["▶", "k", "=", "1", "k", "=", "2"]
        await ask(pilot, *["j"] * (asked - 2), "right")
        head = text(table)[0].split()
        assert head == ["k", "=", str(asked - 1), "▶", "k", "=", str(asked)]
        said = " ".join(" ".join(text(pilot.app.screen.query_one(Passage))).split())
        assert said.startswith(f"k = {asked - 1} to {asked}: {rungs[asked - 1].sentence()}")
        wanted = copied(pilot.app)
        assert (wanted.screen, wanted.curve, wanted.k) == ("elbow", "ladder", asked - 1)
        await press(pilot, "x")
        assert "[x] ladder.png" in screen_text(pilot.app)
        await press(pilot, "escape", "enter")
        explore = pilot.app.explore
        await until(pilot, lambda: explore.session.run.history.k == asked)
        assert pilot.app.current_mode == "Explore"
        assert explore.session.run.options.colours == rungs[asked - 1].colours
        labels = explore.session.run.history[-1].labels
        assert labels.tolist() == found_labels(asked)
        await ask(pilot, "2", "left")
        await press(pilot, "enter")
        await until(pilot, lambda: explore.session.run.history.k == asked - 1)
        assert explore.session.run.options.colours == rungs[asked - 2].colours


def found_labels(k):
    rows = sweep.sweep(load_data("wine").points, 6, random_state=0, improve=True).rows
    return rows[k - 1].run.labels.tolist()


async def test_a_command_opens_the_ladder_and_the_mouse_chooses_a_side():
    async with asking("elbow", replace(WINE, curve="ladder", k=2), size=(60, 16)) as pilot:
        await answered(pilot)
        await climbed(pilot)
        table = pilot.app.screen.query_one(FlowTable)
        assert text(table)[0].split() == ["▶", "k", "=", "2", "k", "=", "3"]
        await pilot.click(FlowTable, offset=(table.size.width - 4, 2))
        await pilot.pause()
        assert text(table)[0].split() == ["k", "=", "2", "▶", "k", "=", "3"]
        await ask(pilot, "G")
        assert text(table)[0].split() == ["▶", "k", "=", "6"], "there is no k = 7"
        await ask(pilot, "-", "G")
        assert text(table)[0].split() == ["▶", "k", "=", "5"]
        await ask(pilot, "K")
        assert pilot.app.screen.query_one(Curve).display


async def test_a_stopped_sweep_has_the_rungs_of_its_rows(monkeypatch):
    gate = hold(monkeypatch, sweep, "sweep")
    async with asking("elbow", replace(WINE, curve="ladder")) as pilot:
        gate.let(3)
        await until(pilot, lambda: len(pilot.app.screen._rows) >= 3)
        await ask(pilot, "ctrl+c", "g")
        await until(pilot, lambda: "stopped" in progress(pilot))
        await climbed(pilot)
        table = pilot.app.screen.query_one(FlowTable)
        assert text(table)[0].split() == ["▶", "k", "=", "1", "k", "=", "2"]
        gate.let()
        await ask(pilot, "r")
        await answered(pilot)
        await climbed(pilot)
        assert len(pilot.app.screen.climbing.rungs) == 6
