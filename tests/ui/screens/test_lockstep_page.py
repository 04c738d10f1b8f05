"""Two runs on Compare as their user meets them: one clock, matched colours, the sentence."""

from dataclasses import replace

import pytest
from textual.widgets import Input, Static

from kmeans_tui import settings
from kmeans_tui.command import Options
from kmeans_tui.export import run_file
from kmeans_tui.requests import pairs
from kmeans_tui.requests.document import document
from kmeans_tui.ui.screens.compare import Curves
from kmeans_tui.ui.widgets.chart import Chart
from kmeans_tui.ui.widgets.passage import Passage
from tests.exporting import performed
from tests.pilot import (
    answered,
    ask,
    asking,
    cells,
    copied,
    framed,
    hold,
    opened,
    press,
    progress,
    screen_text,
    settled,
    text,
    until,
)

SEEDS = Options("blobs", k=3, pair="seeds:0,1")


def titles(pilot):
    return [framed(pilot.app.screen.query_one(name, Chart))[0] for name in ("#ours", "#theirs")]


def pictures(pilot):
    return [cells(pilot.app.screen.query_one(name, Chart)) for name in ("#ours", "#theirs")]


def said(pilot):
    return " ".join(" ".join(text(pilot.app.screen.query_one("#compared", Passage))).split())


async def test_the_keys_move_both_runs_together_until_each_has_ended():
    async with asking("compare", SEEDS) as pilot:
        await answered(pilot)
        assert [each.partition(" · s")[0] for each in titles(pilot)] == [
            "seed 0 · iteration 0 of 3", "seed 1 · iteration 0 of 6",
        ]  # fmt: skip
        before = pictures(pilot)
        await ask(pilot, "full_stop")
        assert all("iteration 1 of" in each and ", update" in each for each in titles(pilot))
        assert all(new != old for new, old in zip(pictures(pilot), before, strict=True))
        await ask(pilot, "right", "right", "right", "right", "right")
        ours, theirs = titles(pilot)
        assert ours.startswith("seed 0 · iteration 3 of 3 · ended")
        assert theirs.startswith("seed 1 · iteration 5 of 6")
        assert "iteration 5 of 6 · " in progress(pilot)
        assert "seed 0 362.79" in text(pilot.app.screen.query_one(Curves))[0]
        assert said(pilot).startswith("They part from the start, where 126 of 300 points differ:")
        await ask(pilot, "g")
        assert pictures(pilot) == before
        assert "another cluster" in progress(pilot)
        await pilot.press("G", "space")
        assert pilot.app.page.playing
        assert pilot.app.page.lockstep.position <= 2
        await pilot.press("comma")
        assert not pilot.app.page.playing


async def test_a_recording_beside_another_with_the_numbers_of_the_first(tmp_path):
    paths = [str(tmp_path / f"{name}.json") for name in ("january", "february")]
    for path, seed in zip(paths, (0, 3), strict=True):
        options = Options(f"blobs:n={60 + seed},seed={seed}", k=3, seed=seed, init="k-means++")
        dataset, history = performed(options)
        with open(path, "wb") as file:
            run_file.write(file, document(options, dataset, history), dataset, history)
    asked = Options(paths[0], pair=f"file:{paths[1]}")
    async with asking("compare", asked, size=(100, 40)) as pilot:
        await answered(pilot)
        pair = pilot.app.page.lockstep.pair
        assert pair.first.history is pilot.app.explore.session.run.history, "it is not run again"
        assert said(pilot).startswith("No row is in both; the nearest centroids match the clusters")
        await ask(pilot, "G")
        assert "no point is in both" in progress(pilot)
        assert titles(pilot)[1].startswith("february.json · ")
        assert copied(pilot.app).pair == asked.pair
        await press(pilot, "tab", "enter")
        await settled(pilot)
        run = pilot.app.explore.session.run
        assert run.recorded
        assert run.dataset.digest in {side.dataset.digest for side in (pair.first, pair.second)}


async def test_axes_that_only_one_of_two_recordings_has(tmp_path):
    paths = []
    for name, channels in (("february", ("web", "fax", "shop")), ("january", ("web", "shop"))):
        rows = [
            f"{i % 3 * 9 + i % 7},{i % 3 * 5 - i % 5},{channels[i % len(channels)]}"
            for i in range(60)
        ]
        table = tmp_path / f"{name}.csv"
        table.write_text("\n".join(["x,y,channel", *rows]))
        options = Options(str(table), k=3, encode=("channel",))
        dataset, history = performed(options)
        paths.append(str(tmp_path / f"{name}.json"))
        with open(paths[-1], "wb") as file:
            run_file.write(file, document(options, dataset, history), dataset, history)
    asked = Options(paths[0], pair=f"file:{paths[1]}")
    async with asking("compare", asked, size=(100, 40)) as pilot:
        await answered(pilot)
        assert "Only february.json has channel 'fax' (20 rows)" in said(pilot)
        await press(pilot, "1", "f", "down", "down", "enter")
        await settled(pilot)
        assert "channel=fax" in pilot.app.explore.session.run.dataset.axes
        await ask(pilot, "4")
        sides = pilot.app.page.lockstep.sides
        assert "channel=fax" in sides[0].dataset.axes
        assert sides[1].dataset.axes == ("x", "y"), "it has no such feature"


async def test_the_speed_chosen_here_is_kept_for_the_next_start():
    async with asking("compare", SEEDS) as pilot:
        await answered(pilot)
        await ask(pilot, "greater_than_sign")
        speed = pilot.app.explore.session.options.speed
        assert speed > SEEDS.speed
    settings.finish()
    assert settings.kept()[0] == {"speed": speed}


async def test_playing_ends_at_the_end_of_the_longer_run():
    async with asking("compare", replace(SEEDS, speed=60.0)) as pilot:
        await answered(pilot)
        await pilot.press("space")
        await until(pilot, lambda: not pilot.app.page.playing)
        assert pilot.app.page.lockstep.at_end
        assert "iteration 6 of 6" in titles(pilot)[1]


@pytest.mark.parametrize(
    ("options", "keys"),
    [
        (SEEDS, ("n", "right", "full_stop")),
        (replace(SEEDS, pair="k:2,5"), ("plus", "t", "G")),
        (Options("iris", pair="scale:none,standard"), ("b", "right")),
        (replace(SEEDS, pair="mini-batch", ascii=True), ("n", "G", "comma")),
    ],
)
async def test_the_copied_command_gives_the_same_half_step_and_undo_the_pair(options, keys):
    async with asking("compare", options) as pilot:
        shown = await ask(pilot, *keys)
        seen = pictures(pilot)
        again = copied(pilot.app)
        assert again.pair == pilot.app.page.options.pair
        if keys[0] in ("n", "plus"):
            await ask(pilot, "backspace")
            assert pilot.app.page.options.pair == options.pair
    async with asking("compare", again) as pilot:
        assert await ask(pilot) == shown
        assert pictures(pilot) == seen


async def test_n_tries_the_second_seed_and_plus_the_second_k():
    async with asking("compare", SEEDS, size=(80, 24)) as pilot:
        await ask(pilot, "n", "N", "N")
        # The first seed is passed over, and before 0 there is none.
        assert "Seeds start at 0." in screen_text(pilot.app)
        assert pilot.app.page.options.pair == "seeds:0,1"
        pilot.app.page.change(pair="k:2,3")
        await ask(pilot, "plus")
        assert pilot.app.page.options.pair == "k:2,4"
        assert [len(chart._scene.centroids) for chart in pilot.app.screen.query(Chart)] == [2, 4]
        pilot.app.page.change(pair="init:random,k-means++")
        await ask(pilot, "n")
        assert pilot.app.page.options.seed == SEEDS.seed + 1


@pytest.mark.parametrize("keys", [(), ("tab",), ("tab", "tab")])
async def test_enter_watches_the_run_of_the_plot_with_the_focus(keys):
    async with asking("compare", SEEDS) as pilot:
        await ask(pilot, *keys)
        before = screen_text(pilot.app)
        side = pilot.app.page.lockstep.sides[len(keys) == 2]
        assert f"enter watches {side.name} in Explore" in before
        await pilot.press("enter")
        explore = pilot.app.explore
        await until(pilot, lambda: pilot.app.current_mode == "Explore" and not explore.fitter.busy)
        await settled(pilot)
        assert explore.session.run.history.inertia.tolist() == side.history.inertia.tolist()
        await pilot.press("4")
        await answered(pilot)
        assert pilot.app.page.lockstep.sides[len(keys) == 2] is side


async def test_an_inspected_point_is_left_out_by_one_key():
    async with opened(Options("outlier", k=3, row=301), notifications=True) as pilot:
        await press(pilot, "X")
        await answered(pilot)
        page = pilot.app.page
        assert (pilot.app.current_mode, page.options.pair) == ("Compare", "without:301")
        await until(pilot, lambda: page.lockstep is not None)
        assert [side.dataset.n for side in page.lockstep.sides] == [301, 300]
        ours, theirs = pilot.app.screen.query(Chart)
        assert ours.whole == theirs.whole
        await press(pilot, "1", "escape", "X")
        assert "Inspect a point first" in screen_text(pilot.app)


async def test_a_pair_is_chosen_from_a_list_or_typed():
    async with asking("compare", Options("blobs:n=60", k=3, seed=7)) as pilot:
        await ask(pilot)
        await pilot.press("i")
        await pilot.pause()
        shown = screen_text(pilot.app)
        for text_ in ("scikit-learn:defaults", "seeds:7,8", "k:3,4", "mini-batch"):
            assert text_ in shown
        assert "Inspect a point in" in shown
        pilot.app.screen.query_one(Input).focus()
        pilot.app.screen.query_one(Input).value = "seeds:1,1"
        await pilot.press("enter")
        explained = pilot.app.screen.query_one("#explained", Static)
        assert "two different values" in str(explained.render())
        pilot.app.screen.query_one(Input).value = "seeds:3,8"
        await pilot.press("enter")
        await ask(pilot)
        assert titles(pilot)[1].startswith("seed 8")
        await ask(pilot, "i", "end", "enter")
        assert titles(pilot)[1].startswith("mini-batch")
        await ask(pilot, "i", "home", "enter")
        assert titles(pilot)[0].startswith("ours")
        assert "scikit-learn tells only its end" in await ask(pilot, "full_stop")


async def test_what_stops_or_cannot_be_run_is_said(monkeypatch):
    gate = hold(monkeypatch, pairs, "compared")
    async with asking("compare", SEEDS) as pilot:
        await until(pilot, lambda: pilot.app.page._job.rows)
        assert said(pilot) == "…"
        assert "seed 1" in progress(pilot)
        await pilot.press("ctrl+c")
        await answered(pilot)
        assert progress(pilot) == "stopped · r runs both again"
        assert said(pilot) == "Stopped before both had run."
        await pilot.press("full_stop", "G", "space", "enter")
        assert pilot.app.current_mode == "Compare"
        gate.let()
        await ask(pilot, "r")
        assert said(pilot).startswith("They part")
        pilot.app.page.change(pair="without:1-300")
        await ask(pilot)
        assert "takes out every row" in said(pilot)


@pytest.mark.parametrize("size", [(100, 30), (80, 24), (60, 16)])
async def test_plots_curves_and_sentence_have_room_or_take_turns(size):
    async with asking("compare", SEEDS, size=size) as pilot:
        await ask(pilot)
        charts = pilot.app.screen.query(Chart)
        assert all(chart.size.height >= (8 if size[1] >= 24 else 12) for chart in charts)
        assert all(chart.raster is not None for chart in charts)
        curves, words = pilot.app.screen.query_one(Curves), pilot.app.screen.query_one("#compared")
        curves.focus()
        await ask(pilot)
        await pilot.pause()
        assert "♦" in "".join(text(curves))
        words.focus()
        await ask(pilot)
        await pilot.pause()
        assert said(pilot).startswith("They part from the start")
        assert "where they part" in screen_text(pilot.app)


async def test_a_resized_screen_is_the_screen_opened_at_that_size():
    options, fresh = replace(SEEDS, goto="2", screen="compare"), {}
    sizes = ((60, 16), (89, 21), (100, 30))
    for size in sizes:
        async with asking("compare", options, size=size) as pilot:
            fresh[size] = await ask(pilot)
    async with asking("compare", options) as pilot:
        await answered(pilot)
        for size in sizes:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            await ask(pilot)
            assert await ask(pilot) == fresh[size], size


async def test_other_axes_and_other_data_in_explore_are_followed():
    options = Options("iris", k=3, features=("1", "2", "3", "4"), pair="scale:none,standard")
    async with asking("compare", options) as pilot:
        await answered(pilot)
        pair = pilot.app.page.lockstep.pair
        await pilot.press("1")
        pilot.app.explore.change(axes=("pca",))
        await settled(pilot)
        await ask(pilot, "4")
        sides = pilot.app.page.lockstep.sides
        assert [side.dataset.axes for side in sides] == [("pca",)] * 2
        # The same runs, only seen from elsewhere.
        assert [side.history for side in sides] == [pair.first.history, pair.second.history]
        await pilot.press("1")
        pilot.app.explore.fitter.open_data("wine")
        await settled(pilot)
        await ask(pilot, "4")
        assert [side.dataset.name for side in pilot.app.page.lockstep.sides] == ["wine"] * 2
