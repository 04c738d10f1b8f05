"""The Seeds screen as its user meets it: the list, the end of a seed, the census."""

import re
import threading
from dataclasses import replace

import numpy as np
import pytest

from kmeans_tui import palette
from kmeans_tui.analysis import census as counting
from kmeans_tui.analysis import seed_runs as running
from kmeans_tui.clustering import batch
from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.command import Options
from kmeans_tui.data.catalogue import load_data
from kmeans_tui.options.analysis_options import ORDERS
from kmeans_tui.ui.screens import seeds as screen
from kmeans_tui.ui.screens.seeds import COUNTS
from kmeans_tui.ui.widgets.chart import Chart
from kmeans_tui.ui.widgets.passage import Passage
from kmeans_tui.words import amount
from tests.pilot import (
    SIZES,
    answered,
    ask,
    asking,
    cells,
    chosen,
    copied,
    framed,
    hold,
    opened,
    progress,
    rows,
    screen_text,
    settled,
    text,
    until,
)

LIST, CENSUS = "#seeds-rows", "#census"
SMALL = Options("blobs:n=60", census=50)


def listed(pilot):
    """The seeds on the list, from above."""
    return [int(words[0]) for words in rows(pilot, LIST)]


def drawn(pilot):
    """The plot: its cells and its title."""
    chart = pilot.app.screen.query_one("#seeds-chart", Chart)
    return cells(chart), framed(chart)[0]


def unshaped(screen):
    """The screen without the shapes of clusters: they are matched to the run on show."""
    return screen.translate(dict.fromkeys(map(ord, palette.GLYPHS), "*"))


def said(pilot):
    return " ".join(" ".join(text(pilot.app.screen.query_one(Passage))).split())


def ends(data="blobs", k=3, init="random", seeds=range(5)):
    points = load_data(data).points
    return {seed: KMeans(k, init=init, random_state=seed).fit(points) for seed in seeds}


def one_by_one(monkeypatch):
    """Each seed is run alone, so that the screen can be stopped between two."""
    monkeypatch.setattr(batch, "together", lambda *_: 1)


# --- the answer --------------------------------------------------------------------------------


async def test_the_articles_blobs_fail_27_times_in_100():
    async with opened() as pilot:
        await ask(pilot, "3")
        await until(pilot, lambda: progress(pilot) == "done: 5 seeds, 1,000 counted")
        assert [words[:3] for words in rows(pilot, CENSUS)] == [
            ["362.79", "733", "73.3%"], ["5481.28", "242", "24.2%"], ["11055.71", "25", "2.5%"],
        ]  # fmt: skip
        assert said(pilot).startswith(
            "A single random start fails here 27 times in 100; 4 starts find the best known 99 "
        )
        assert "3 of 5 seeds end within 1 % of the best" in said(pilot)
        assert progress(pilot) == "done: 5 seeds, 1,000 counted"


async def test_where_all_starts_fail_none_is_called_the_best_known():
    options = Options("blobs:n=700,k=35,std=0.3,seed=1", k=35, census=20)
    async with asking("seeds", options) as pilot:
        await ask(pilot)
        assert re.search(r"ends? \d+ % lower, so none of them is the best known", said(pilot))
        assert "1 % of the best of them;" in said(pilot)
        assert "20 counted" in progress(pilot)


@pytest.mark.parametrize(("data", "k", "init"), [("blobs", 3, "random"), ("iris", 5, "k-means++")])
async def test_the_list_has_the_ends_of_the_seeds(data, k, init):
    found = ends(data, k, init)
    least = min(model.history[-1].inertia for model in found.values())
    async with asking("seeds", Options(data, k=k, init=init, census=5)) as pilot:
        await answered(pilot)
        assert {
            int(seed): (inertia, above, int(updates))
            for seed, inertia, above, updates in rows(pilot, LIST)
        } == {
            seed: (
                amount(model.history[-1].inertia),
                f"{model.history[-1].inertia / least - 1:.1%}",
                model.iterations,
            )
            for seed, model in found.items()
        }


async def test_o_sorts_by_inertia_seed_and_iterations():
    found = ends()
    keys = {
        "inertia": lambda seed: (found[seed].history[-1].inertia, seed),
        "seed": lambda seed: seed,
        "iterations": lambda seed: (found[seed].iterations, found[seed].history[-1].inertia),
    }
    async with asking("seeds", Options(census=5)) as pilot:
        (before,) = chosen(pilot, LIST) if await ask(pilot) else ()
        for order in (*ORDERS[1:], ORDERS[0]):
            shown = await ask(pilot, "o")
            assert f"sorted by {order}" in shown
            assert listed(pilot) == sorted(found, key=keys[order])
            # The chosen seed stays chosen, wherever it stands.
            assert chosen(pilot, LIST) == [before]


async def test_bars_are_as_long_as_the_seeds_are_bad():
    async with asking("seeds", Options(census=5)) as pilot:
        await answered(pilot)
        _, *lines = text(pilot.app.screen.query_one("#seeds-rows"))
        bars = [line.count("█") for line in lines[:5]]
        assert bars[:3] == [0, 0, 0]
        assert bars[3] == bars[4] > 10
        assert "…" not in "".join(lines)
        _, *lines = text(pilot.app.screen.query_one("#census"))
        counts = [int(words[1]) for words in rows(pilot, CENSUS)]
        bars = [line.count("█") for line in lines[: len(counts)]]
        assert (bars[0] > bars[1]) == (counts[0] > counts[1])


@pytest.mark.parametrize("options", [Options(census=50), Options("wine", k=4, census=20)])
async def test_the_plot_is_the_end_of_the_chosen_seed(options):
    """Each seed's last iteration, as Explore draws it, but for the numbers of the clusters."""
    async with asking("seeds", options) as pilot:
        await answered(pilot)
        for key in ("g", "j", "G"):
            await ask(pilot, key)
            seed = int(chosen(pilot, LIST)[0].split()[1])
            plot, title = drawn(pilot)
            assert title.startswith(f"seed {seed} · final state")
            dataset = pilot.app.page.dataset
            model = KMeans(options.k or 3, random_state=seed).fit(dataset.points)
            chart = pilot.app.screen.query_one("#seeds-chart", Chart)
            scene = chart._scene
            # The same partition: every cluster of one is a cluster of the other.
            pairs = set(zip(scene.labels.tolist(), model.labels.tolist(), strict=True))
            assert len(pairs) == len(set(model.labels.tolist()))
            order = [mine for _, mine in sorted(pairs)]
            np.testing.assert_allclose(
                scene.centroids, dataset.project(model.centroids[order]), atol=1e-9
            )
            assert any(character != " " for line in plot for character, _ in line)


async def test_clusters_keep_their_colours_across_seeds_and_the_numbers_of_their_runs():
    def coloured():
        """The plot, whatever the numbers are."""
        return [[("#" if c.isdigit() else c, style) for c, style in row] for row in drawn(pilot)[0]]

    async with asking("seeds", Options(census=5)) as pilot:
        await ask(pilot, "g")
        plots, numbered = [coloured()], [drawn(pilot)[0]]
        for _ in range(2):
            await ask(pilot, "j")
            plots.append(coloured())
            numbered.append(drawn(pilot)[0])
        # The first three end in the same place from other starts: nothing moves, no colour changes.
        assert plots[1] == plots[0]
        assert plots[2] == plots[0]
        assert numbered[1] != numbered[0]
        await ask(pilot, "j")
        assert coloured() != plots[0]


async def test_a_run_that_is_opened_keeps_its_numbers_and_colours():
    def seen(chart):
        """The colour behind each number, the labels and the places."""
        scene, ground = chart._scene, cells(chart)[0][0][1].bgcolor
        marks = {
            (character, style.bgcolor.name)
            for row in cells(chart)
            for character, style in row
            if character.isdigit() and style.bgcolor != ground
        }
        assert len(marks) == 4
        return marks, scene.labels.tolist(), scene.centroids.round(6).tolist()

    async with asking("seeds", Options(k=4, seed=3, census=30)) as pilot:
        page, explore = pilot.app.page, pilot.app.explore
        await ask(pilot, "g")
        carried = []
        for key in ("g", "j", "j", "j"):
            await ask(pilot, key)
            there = seen(page.query_one("#seeds-chart", Chart))
            options = copied(pilot.app)
            await pilot.press("enter")
            await until(pilot, lambda seed=options.seed: explore.session.run.options.seed == seed)
            await settled(pilot)
            await pilot.press("G")
            await settled(pilot)
            assert seen(explore.stage.chart) == there
            assert copied(pilot.app).colours == options.colours
            carried.append(options.colours)
            panel = text(explore.stage.query_one("#clusters"))
            shapes = [line.split()[0] for line in panel[1:5]]
            assert shapes == list(palette.GLYPHS[:4])
            numbers = [int(line.split()[1]) for line in panel[1:5]]
            worn = options.colours or (1, 2, 3, 4)
            assert numbers == sorted(range(1, 5), key=lambda number: worn[number - 1])
            await ask(pilot, "3")
        assert any(carried)
        await pilot.press("1")
        await until(pilot, lambda: pilot.app.current_mode == "Explore")
        await pilot.press("n")
        await settled(pilot)
        # Another run is matched to nothing.
        assert copied(pilot.app).colours is None


# --- the census --------------------------------------------------------------------------------


async def test_enter_on_a_bar_watches_its_first_seed():
    async with asking("seeds", Options(census=100)) as pilot:
        await answered(pilot)
        page, explore = pilot.app.page, pilot.app.explore
        shown = await ask(pilot, "tab", "tab")
        while not page._in_census:
            shown = await ask(pilot, "tab")
        for row, key in enumerate(("g", "j", "G")):
            shown = await ask(pilot, key)
            words = rows(pilot, CENSUS)[row]
            assert chosen(pilot, CENSUS)[0].split()[1:4] == words[:3]
            assert f"result of {words[1]} seed" in drawn(pilot)[1]
            seed = int(re.search(rf"enter watches seed (\d+), one of {words[1]}", shown)[1])
            await pilot.press("enter")
            await until(pilot, lambda seed=seed: explore.session.run.options.seed == seed)
            await settled(pilot)
            assert explore.session.run.history.inertia[-1] == pytest.approx(
                float(words[0]), rel=0.01
            )
            await ask(pilot, "3")


async def test_s_counts_a_thousand_and_then_ten_times_as_many(monkeypatch):
    async with asking("seeds", Options("blobs:n=30,k=2", k=2, census=7)) as pilot:
        assert "7 counted" in await ask(pilot)
        assert "1,000 counted" in await ask(pilot, "s")
        assert "10,000 counted" in await ask(pilot, "s")
        assert "where 10,000 seeds end" in screen_text(pilot.app)
        assert "1,000 counted" in await ask(pilot, "backspace")


async def test_the_first_census_does_not_keep_anyone_waiting(monkeypatch):
    monkeypatch.setattr(screen, "_PATIENCE", 0.0)
    async with asking("seeds", Options()) as pilot:
        await answered(pilot)
        assert progress(pilot) == "done: 5 seeds · s counts 1,000"
        assert rows(pilot, CENSUS) == []
        await ask(pilot, "s")
        assert progress(pilot) == "done: 5 seeds, 1,000 counted"


# --- stopping, going on, asking something else -------------------------------------------------


async def test_rows_come_one_by_one_and_ctrl_c_keeps_them(monkeypatch):
    one_by_one(monkeypatch)
    gate = hold(monkeypatch, running, "run_seeds")
    async with asking("seeds", Options(census=20)) as pilot:
        for count in (1, 2, 3):
            await until(pilot, lambda count=count: len(listed(pilot)) == count)
            await until(pilot, lambda count=count: f"{count}/5" in progress(pilot))
            if count < 3:
                gate.let(1)
        await pilot.press("ctrl+c")
        await answered(pilot)
        assert progress(pilot) == "stopped after 3 seeds · r goes on"
        assert sorted(listed(pilot)) == [0, 1, 2]
        gate.let()
        await ask(pilot, "r")
        assert progress(pilot) == "done: 5 seeds, 20 counted"
        after = rows(pilot, LIST), rows(pilot, CENSUS), drawn(pilot)
    async with asking("seeds", Options(census=20)) as pilot:
        await answered(pilot)
        assert (rows(pilot, LIST), rows(pilot, CENSUS), drawn(pilot)) == after


async def test_a_stopped_census_keeps_what_it_counted(monkeypatch):
    one_by_one(monkeypatch)
    gate = hold(monkeypatch, counting, "census", at=lambda said: said.done >= 5)
    async with asking("seeds", Options(census=200)) as pilot:
        await until(pilot, lambda: "5/200" in progress(pilot))
        await pilot.press("ctrl+c")
        await until(pilot, lambda: "counted" in progress(pilot))
        counted = int(re.search(r"(\d+) counted", progress(pilot))[1])
        assert counted == 5
        assert "r goes on" in progress(pilot)
        gate.let()
        await ask(pilot, "r")
        assert progress(pilot) == "done: 5 seeds, 200 counted"


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        (["plus"], {"k": 4}),
        (["minus", "underscore"], {"k": 1}),
        (["i"], {"init": "k-means++"}),
        (["i", "i"], {}),
        (["greater_than_sign"], {"seeds": range(10)}),
        (["greater_than_sign", "greater_than_sign", "less_than_sign"], {"seeds": range(10)}),
        (["plus", "i", "equals_sign", "greater_than_sign"],
         {"k": 5, "init": "k-means++", "seeds": range(10)}),
    ],
)  # fmt: skip
async def test_changes_while_it_runs_and_after_come_to_the_same(monkeypatch, keys, asked):
    options = replace(SMALL, k=3)
    async with asking("seeds", replace(options, **asked)) as pilot:
        expected = unshaped(await ask(pilot))
    async with asking("seeds", options) as pilot:
        await ask(pilot)
        assert unshaped(await ask(pilot, *keys)) == expected
    one_by_one(monkeypatch)
    gate = hold(monkeypatch, running, "run_seeds")
    async with asking("seeds", options) as pilot:
        gate.let(1)
        await until(pilot, lambda: len(listed(pilot)) == 2)
        await pilot.press(*keys)
        gate.let()
        assert unshaped(await ask(pilot)) == expected


async def test_more_seeds_run_only_those_that_are_missing(monkeypatch):
    asked = []
    run = running.ends_of_seeds

    def noted(X, options, seeds, *rest):
        asked.append(list(seeds))
        return run(X, options, seeds, *rest)

    monkeypatch.setattr(running, "ends_of_seeds", noted)
    async with asking("seeds", SMALL) as pilot:
        await ask(pilot, "greater_than_sign")
        assert asked == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]
        await ask(pilot, "less_than_sign")
        assert sorted(listed(pilot)) == [0, 1, 2, 3, 4]
        assert asked[2:] == [[]]


async def test_seeds_have_a_fewest_and_a_most():
    async with asking("seeds", Options("blobs:n=20,k=2", census=5)) as pilot:
        await ask(pilot, "less_than_sign")
        assert len(listed(pilot)) == COUNTS[0] == 5
        await pilot.press(*["greater_than_sign"] * (len(COUNTS) + 1))
        assert f"{COUNTS[-1]:,} seeds, k = 2" in await ask(pilot)
        shown = await ask(pilot, "G")
        assert f"{COUNTS[-1]:,} of {COUNTS[-1]:,}".replace(",", "") in shown.replace(",", "")


async def test_k_stays_between_one_and_the_rows():
    async with asking("seeds", Options("blobs:n=3,k=2", census=5)) as pilot:
        await ask(pilot, "plus")
        assert "With 3 rows, k can only be 1 to 3." in await ask(pilot, "plus")
        assert "k can only be 1 to" in await ask(pilot, "minus", "minus", "minus")
        assert "k = 1" in screen_text(pilot.app)


async def test_undo_takes_back_one_change_after_the_other():
    async with asking("seeds", SMALL) as pilot:
        views = [await ask(pilot)]
        views += [await ask(pilot, key) for key in ("plus", "i", "greater_than_sign")]
        for view in views[-2::-1]:
            assert await ask(pilot, "backspace") == view
        assert "Nothing was changed here" in await ask(pilot, "backspace")


# --- the run behind a row ----------------------------------------------------------------------


@pytest.mark.parametrize("init", ["random", "k-means++"])
async def test_enter_watches_exactly_the_run_of_the_seed(init):
    found = ends("iris", 5, init)
    async with asking("seeds", Options("iris", k=5, init=init, census=20)) as pilot:
        before = await ask(pilot)
        explore = pilot.app.explore
        for key in ("g", "j", "G"):
            await ask(pilot, key)
            seed = int(chosen(pilot, LIST)[0].split()[1])
            assert f"enter watches seed {seed} from iteration 0" in screen_text(pilot.app)
            await pilot.press("enter")
            await until(pilot, lambda seed=seed: explore.session.run.options.seed == seed)
            await settled(pilot)
            history = explore.session.run.history
            assert history.inertia.tolist() == found[seed].history.inertia.tolist()
            assert explore.session.moment.iteration == 0
            await ask(pilot, "3")
        assert rows(pilot, LIST) != []
        await ask(pilot, "g", "j")
        assert progress(pilot) in before


async def test_enter_before_the_first_seed_says_so(monkeypatch):
    hold(monkeypatch, running, "run_seeds", at=lambda said: True)
    async with asking("seeds", SMALL) as pilot:
        await pilot.press("j", "G", "g", "o", "enter")
        await pilot.pause()
        assert "No seed has run yet" in screen_text(pilot.app)
        assert pilot.app.current_mode == "Seeds"


@pytest.mark.parametrize("row", [0, 2, 4])
async def test_a_click_chooses_a_seed_or_an_end(row):
    async with asking("seeds", Options(census=100)) as pilot:
        await answered(pilot)
        await pilot.click(LIST, offset=(10, row + 2))
        await answered(pilot)
        assert int(chosen(pilot, LIST)[0].split()[1]) == listed(pilot)[row]
        assert chosen(pilot, CENSUS) == []
        await pilot.click(CENSUS, offset=(10, 2 + row // 2))
        await answered(pilot)
        assert chosen(pilot, CENSUS)[0].split()[1] == rows(pilot, CENSUS)[row // 2][0]
        assert drawn(pilot)[1].startswith("result of ")
        await pilot.click(LIST, offset=(10, 2))
        await answered(pilot)
        assert drawn(pilot)[1].startswith(f"seed {listed(pilot)[0]} · final state")


# --- the look ----------------------------------------------------------------------------------


async def test_other_axes_in_explore_are_the_axes_here_too():
    """The points must not stay where the old axes had them while the centroids move."""
    options = Options("wine", census=5, axes=("alcohol", "ash"))
    async with asking("seeds", replace(options, axes=("hue", "ash"))) as pilot:
        expected = await ask(pilot)
    async with asking("seeds", options) as pilot:
        await ask(pilot)
        await pilot.press("1")
        pilot.app.explore.change(axes=("hue", "ash"))
        await settled(pilot)
        assert await ask(pilot, "3") == expected
        assert copied(pilot.app).axes == ("hue", "ash")


async def test_ends_of_very_many_points_are_drawn_when_they_are_known(monkeypatch):
    monkeypatch.setattr(screen, "_AT_ONCE", 10)
    async with asking("seeds", SMALL) as pilot:
        shown = await ask(pilot, "j", "j", "k")
    monkeypatch.setattr(screen, "_AT_ONCE", 10**9)
    async with asking("seeds", SMALL) as pilot:
        assert await ask(pilot, "j", "j", "k") == shown


async def test_a_resized_screen_is_the_screen_opened_at_that_size():
    fresh = {}
    for size in SIZES:
        async with asking("seeds", SMALL, size=size) as pilot:
            fresh[size] = await ask(pilot)
    async with asking("seeds", SMALL) as pilot:
        await answered(pilot)
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert await ask(pilot) == fresh[size], size


async def test_a_resize_while_it_runs_loses_nothing(monkeypatch):
    async with asking("seeds", SMALL) as pilot:
        expected = await ask(pilot)
    one_by_one(monkeypatch)
    gate = hold(monkeypatch, running, "run_seeds")
    async with asking("seeds", SMALL) as pilot:
        for size in SIZES:
            await pilot.resize_terminal(*size)
            gate.let(1)
            await pilot.pause()
            lines = screen_text(pilot.app).splitlines()
            assert (len(lines[0]), len(lines)) == size
        gate.let()
        assert await ask(pilot) == expected


@pytest.mark.parametrize("size", [(100, 30), (95, 30), (80, 24), (60, 16)])
async def test_no_column_is_cut(size):
    async with asking("seeds", replace(SMALL, census=20), size=size) as pilot:
        await answered(pilot)
        lines = text(pilot.app.screen.query_one("#seeds-rows"))
        assert not any("…" in line for line in lines)
        assert any(line.strip() for line in text(pilot.app.screen.query_one("#seeds-chart")))


@pytest.mark.parametrize(
    ("options", "keys"),
    [
        (SMALL, ()),
        (SMALL, ("plus", "o")),
        (SMALL, ("i", "greater_than_sign", "T")),
        (replace(SMALL, seeds=(3, 9, 10, 11, 40), order="seed"), ("minus",)),
        (replace(SMALL, census=None), ("o", "o")),
        (replace(SMALL, ascii=True, empty="random", features=("1",)), ()),
    ],
)
async def test_the_copied_command_gives_the_same_screen(options, keys):
    size = (80, 24) if options.seeds == range(5) else (100, 30)
    async with asking("seeds", options, size=size) as pilot:
        shown = await ask(pilot, *keys)
        await pilot.press("y")
        assert "--screen seeds" in pilot.app.clipboard
        again = copied(pilot.app)
    async with asking("seeds", again, size=size) as pilot:
        assert await ask(pilot) == shown
        assert copied(pilot.app) == again


@pytest.mark.parametrize(
    "options",
    [
        Options("blobs:n=1,k=1"),
        Options("blobs:n=2,k=2", k=2),
        Options("blobs:n=60,std=0,k=1", k=3),
        Options("blobs:n=40,d=1"),
        Options("uniform", k=12),
        Options("wine"),
        Options("digits", seeds=range(2)),
        Options("blobs:n=30,std=900000"),
    ],
)
async def test_any_data_have_a_seeds_screen(options):
    async with asking("seeds", replace(options, census=20)) as pilot:
        shown = await ask(pilot, "G", "o", "g")
        assert "20 counted" in shown
        assert "nan" not in shown
        assert len(rows(pilot, LIST)) == len(options.seeds)
        for words in rows(pilot, LIST):
            assert len(words) == 4, "two columns have grown together"
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "Explore")
        await settled(pilot)
        # What is said of the data goes with the next key.
        await pilot.press("t")
        assert "iteration 0" in screen_text(pilot.app)


async def test_in_ascii_every_character_is():
    async with asking("seeds", replace(SMALL, ascii=True)) as pilot:
        for size in ((100, 30), (80, 24), (60, 16), (95, 24), (59, 16)):
            await pilot.resize_terminal(*size)
            shown = await ask(pilot, "o")
            assert shown.isascii()
            assert "?" not in shown.replace("? Help", "")


async def test_without_colours_shapes_alone_tell_clusters_apart(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with asking("seeds", SMALL) as pilot:
        await answered(pilot)
        shown = "".join(text(pilot.app.screen.query_one("#seeds-chart")))
        assert all(shape in shown for shape in "▴▪✚")


async def test_a_seed_of_a_stopped_thread_does_not_come_late(monkeypatch):
    """An answer to an earlier question, come behind the later one, is not taken."""
    # Those of other libraries stay from test to test.
    before = set(threading.enumerate())
    entered, go = threading.Event(), threading.Event()
    run = running.run_seeds

    def late(X, k, *rest, **keywords):
        if k == 3:
            entered.set()
            go.wait(20)
        return run(X, k, *rest, **keywords)

    monkeypatch.setattr(running, "run_seeds", late)
    async with asking("seeds", replace(SMALL, k=3)) as pilot:
        await until(pilot, entered.is_set)
        shown = await ask(pilot, "plus")
        go.set()
        await until(pilot, lambda: set(threading.enumerate()) <= before)
        await pilot.pause()
        assert screen_text(pilot.app) == shown
