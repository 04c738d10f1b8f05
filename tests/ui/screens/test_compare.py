"""The Compare screen as its user meets it: both plots, the numbers, the truth, the verdict."""

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from kmeans_tui.analysis import comparison
from kmeans_tui.command import Options
from kmeans_tui.data.catalogue import load_data
from kmeans_tui.pair_kinds import PROGRAMS
from kmeans_tui.requests.fit import our_side
from kmeans_tui.ui.models import difference
from kmeans_tui.ui.widgets.chart import Chart
from kmeans_tui.ui.widgets.passage import Passage
from tests import pilot as pilots
from tests.pilot import (
    SIZES,
    answered,
    ask,
    cells,
    copied,
    framed,
    hold,
    press,
    progress,
    rows,
    screen_text,
    settled,
    text,
    until,
)

IRIS = Options("iris", seed=0)
COMPARE = comparison.compare


def asking(screen, options=None, size=(100, 40)):
    """The screen, mostly at a size at which the tables have their place."""
    return pilots.asking(screen, options, size=size)


def compared(options, k=3):
    data = load_data(options.data)
    return COMPARE(
        data.points,
        options.k or k,
        start=PROGRAMS[options.pair][0],
        init=options.init,
        random_state=options.seed,
        truth=data.truth,
    )


def timeless(shown):
    """The screen but for what differs from run to run: seconds, and rounding below 1e-9."""
    shown = re.sub(r"(s, one run +)[\d.]+( +)[\d.]+ *", r"\1\2", shown)
    return re.sub(r"[+-]?\de(-1\d|\+00)", "tiny", shown)


def said(pilot):
    return " ".join(" ".join(text(pilot.app.screen.query_one("#compared", Passage))).split())


def truth(pilot):
    return pilot.app.screen.query_one("#truth", Passage)


def plot(pilot, name):
    return cells(pilot.app.screen.query_one(name, Chart))


# --- the answer --------------------------------------------------------------------------------


async def test_iris_is_the_same_to_rounding_and_50_48_46_of_the_truth():
    async with asking("compare", IRIS) as pilot:
        await answered(pilot)
        found = compared(IRIS)
        table = {words[0]: words[1:] for words in rows(pilot, "#difference")}
        assert table["inertia"][:2] == ["18.02696", "18.02696"]
        assert table["iterations"] == [str(found.ours.updates)] * 2 + ["0"]
        assert table["same"] == ["cluster", "100.00%"]
        assert said(pilot).startswith("The same to rounding: all 150 points are in the same")
        assert "Same start, and both run until nothing moves." in said(pilot)
        lines = [line.split() for line in text(truth(pilot))]
        assert [line[1:] for line in lines[1:4]] == [
            ["50", "0", "0"], ["0", "48", "2"], ["0", "4", "46"],
        ]  # fmt: skip
        assert lines[4] == ["144", "of", "150", "rows", "match"]
        assert framed(truth(pilot))[0] == "truth: adjusted Rand index 0.8857"
        assert plot(pilot, "#ours") == plot(pilot, "#theirs")


@pytest.mark.parametrize("pair", PROGRAMS)
async def test_i_chooses_how_both_programs_start(pair):
    async with asking("compare", Options("uniform", k=6, seed=3)) as pilot:
        await ask(pilot, "i", *["down"] * [*PROGRAMS].index(pair), "enter")
        found = compared(Options("uniform", k=6, seed=3, pair=pair))
        expected = (f"{part[:1].upper()}{part[1:]}." for part in (found.verdict, found.reason))
        # A long reason goes on below the frame.
        assert " ".join(expected).startswith(said(pilot))
        assert len(said(pilot)) > len(found.verdict)
        table = {words[0]: words[1:] for words in rows(pilot, "#difference")}
        assert table["inertia"][:2] == [
            f"{found.ours.inertia:.7g}", f"{found.scikit_learn.inertia:.7g}",
        ]  # fmt: skip
        assert {"same": "the same 6 centroids", "k-means++": "k-means++ in both"}.get(
            PROGRAMS[pair][0], "own defaults"
        ) in progress(pilot)


async def test_clusters_have_the_same_numbers_on_both_sides():
    options = Options("blobs", seed=42, pair="scikit-learn:k-means++")
    async with asking("compare", options) as pilot:
        await answered(pilot)
        for name in ("#ours", "#theirs"):
            chart = pilot.app.screen.query_one(name, Chart)
            found = compared(options)
            side = found.ours if name == "#ours" else found.scikit_learn
            assert chart._scene.labels.tolist() == side.labels.tolist()
        assert plot(pilot, "#ours") == plot(pilot, "#theirs")


async def test_without_a_truth_there_is_no_table_of_it():
    async with asking("compare", Options("uniform")) as pilot:
        await answered(pilot)
        assert not truth(pilot).display
        assert "truth" not in screen_text(pilot.app)


async def test_where_the_table_has_no_room_a_sentence_stands_for_it():
    async with asking("compare", IRIS, size=(77, 40)) as pilot:
        await answered(pilot)
        assert not truth(pilot).display
        pilot.app.screen.query_one("#compared").focus()
        await pilot.press("j", "j", "j", "j")
        assert "Against the truth: adjusted Rand index 0.8857, 144 of 150 rows" in said(pilot)


async def test_the_ten_groups_of_digits_stand_beside_each_other():
    async with asking("compare", Options("digits")) as pilot:
        await answered(pilot)
        lines = text(truth(pilot))
        assert not any("…" in line for line in lines)
        header, *table = [line.split() for line in lines]
        assert sorted(map(int, header[1:])) == list(range(1, 11))
        assert all(len(row) == 11 for row in table[:5])
        ends = [match.end() for match in re.finditer(r"\d+", lines[0])]
        for line in lines[1:6]:
            assert [match.end() for match in re.finditer(r" \d+", line[3:])] == [
                end - 3 for end in ends
            ]
        assert "of 12 lines" in framed(truth(pilot))[1]


@pytest.mark.parametrize(("size", "title"), [((100, 40), "adjusted Rand index"), ((80, 40), "ARI")])
async def test_the_index_is_never_cut(size, title):
    async with asking("compare", IRIS, size=size) as pilot:
        await answered(pilot)
        assert framed(truth(pilot))[0] == f"truth: {title} 0.8857"


# --- stopping, asking something else -----------------------------------------------------------


async def test_ours_is_drawn_while_theirs_is_still_to_come(monkeypatch):
    gate = hold(monkeypatch, comparison, "compare")
    async with asking("compare", IRIS) as pilot:
        await until(pilot, lambda: "loading scikit-learn" in progress(pilot))
        await until(pilot, lambda: pilot.app.screen.query_one("#ours", Chart)._scene)
        assert pilot.app.screen.query_one("#theirs", Chart)._scene is None
        assert rows(pilot, "#difference") == []
        await pilot.press("ctrl+c")
        await answered(pilot)
        assert progress(pilot) == "stopped · r runs both again"
        gate.let()
        await ask(pilot, "r")
        assert said(pilot).startswith("The same to rounding")


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        (["plus"], {"k": 4}),
        (["minus", "underscore", "equals_sign"], {"k": 2}),
        (["n", "n", "N"], {"seed": 1}),
        (["i", "j", "enter", "n"], {"pair": "scikit-learn:k-means++", "seed": 1}),
    ],
)
async def test_changes_while_it_runs_and_after_come_to_the_same(monkeypatch, keys, asked):
    options = replace(IRIS, k=3)
    async with asking("compare", replace(options, **asked)) as pilot:
        expected = timeless(await ask(pilot))
    gate = hold(monkeypatch, comparison, "compare")
    async with asking("compare", options) as pilot:
        await until(pilot, lambda: "loading scikit-learn" in progress(pilot))
        await pilot.press(*keys)
        gate.let()
        assert timeless(await ask(pilot)) == expected
        # Back, and there again.
        for key in keys:
            # These two are for the dialog.
            if key not in ("j", "enter"):
                await pilot.press("backspace")
        assert "seed 0" in await ask(pilot)
        assert timeless(await ask(pilot, *keys)) == expected


async def test_k_and_seed_have_their_ends():
    async with asking("compare", Options("blobs:n=3,k=2", seed=0)) as pilot:
        assert "Seeds start at 0" in await ask(pilot, "N")
        assert "With 3 rows, k can only be 1 to 3." in await ask(pilot, "plus", "plus")
        await ask(pilot, "minus", "minus")
        assert "the same 1 centroid for both" in progress(pilot)
        assert "k can only be 1 to" in await ask(pilot, "minus")


async def test_undo_takes_back_one_change_after_the_other():
    async with asking("compare", IRIS) as pilot:
        views = [timeless(await ask(pilot))]
        views += [timeless(await ask(pilot, key)) for key in ("plus", "n")]
        for view in views[-2::-1]:
            assert timeless(await ask(pilot, "backspace")) == view
        assert "Nothing was changed here" in await ask(pilot, "backspace")


# --- our run -----------------------------------------------------------------------------------


@pytest.mark.parametrize("pair", PROGRAMS)
async def test_enter_watches_exactly_our_run(pair):
    start = PROGRAMS[pair][0]
    options = Options("iris", k=5, seed=3, pair=pair, tolerance=0.5)
    data = load_data("iris")
    found = COMPARE(
        data.points, 5, start=start, init="random", random_state=3, tolerance=0.5
    )  # fmt: skip
    async with asking("compare", options) as pilot:
        before = timeless(await ask(pilot))
        await pilot.press("enter")
        explore = pilot.app.explore
        await until(pilot, lambda: pilot.app.current_mode == "Explore" and not explore.fitter.busy)
        await settled(pilot)
        history = explore.session.run.history
        assert history.inertia.tolist() == found.history.inertia.tolist()
        assert explore.session.moment.iteration == 0
        assert explore.session.run.options.tolerance == our_side(options).tolerance
        # Coming back is no new question.
        assert timeless(await ask(pilot, "4")) == before


# --- the look ----------------------------------------------------------------------------------


async def test_markers_trails_and_regions_are_those_of_explore():
    async with asking("compare", Options(marker="glyph")) as pilot:
        await answered(pilot)
        plain = plot(pilot, "#theirs")
        await ask(pilot, "b")
        assert plot(pilot, "#theirs") != plain
        assert plot(pilot, "#theirs") == plot(pilot, "#ours")
        await ask(pilot, "b", "t")
        # scikit-learn does not say which way its centroids went.
        assert plot(pilot, "#theirs") == plain
        assert "⋅" in "".join(text(pilot.app.screen.query_one("#ours", Chart)))
        await ask(pilot, "t", "m")
        assert any("\u2801" <= c <= "\u28ff" for c in screen_text(pilot.app))
        await pilot.press("b", "1")
        await settled(pilot)
        options = pilot.app.explore.session.options
        assert (options.marker, options.trails, options.regions) == ("braille", False, True)


async def test_a_look_is_no_new_question(monkeypatch):
    gate = hold(monkeypatch, comparison, "compare")
    gate.let()
    async with asking("compare", Options()) as pilot:
        await ask(pilot, "b", "t", "m", "m", "T", "A")
        assert gate.calls == 1


async def test_regions_need_two_features():
    async with asking("compare", Options("wine")) as pilot:
        assert "Regions need one or two features" in await ask(pilot, "b")


async def test_a_resized_screen_is_the_screen_opened_at_that_size():
    fresh = {}
    for size in SIZES:
        async with asking("compare", IRIS, size=size) as pilot:
            fresh[size] = timeless(await ask(pilot))
    async with asking("compare", IRIS) as pilot:
        await answered(pilot)
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert timeless(await ask(pilot)) == fresh[size], size


@pytest.mark.parametrize(
    ("options", "keys"),
    [
        (IRIS, ()),
        (IRIS, ("plus",)),
        (IRIS, ("i", "end", "k", "k", "k", "enter", "n", "T")),
        (replace(IRIS, pair="scikit-learn:defaults"), ("n", "T")),
        (Options(), ("b", "t", "m")),
        (Options("wine", ascii=True, axes=("hue", "ash")), ("m", "t")),
    ],
)
async def test_the_copied_command_gives_the_same_screen(options, keys):
    size = (80, 24) if options is IRIS else (100, 30)
    async with asking("compare", options, size=size) as pilot:
        await ask(pilot)
        shown = timeless(await ask(pilot, *keys))
        if "Without colours" in shown:
            pilot.app.clear_notifications()
            shown = timeless(await ask(pilot))
        plots = plot(pilot, "#ours"), plot(pilot, "#theirs")
        await pilot.press("y")
        assert "--screen compare" in pilot.app.clipboard
        again = copied(pilot.app)
    async with asking("compare", again, size=size) as pilot:
        assert timeless(await ask(pilot)) == shown
        assert (plot(pilot, "#ours"), plot(pilot, "#theirs")) == plots
        assert copied(pilot.app) == again


@pytest.mark.parametrize(
    "options",
    [
        Options("blobs:n=1,k=1"),
        Options("blobs:n=2,k=2", k=2),
        Options("blobs:n=60,std=0,k=1", k=3),
        Options("blobs:n=40,d=1", regions=True),
        Options("uniform", k=12),
        Options("wine", pair="scikit-learn:defaults"),
    ],
)
async def test_any_data_have_a_compare_screen(options):
    async with asking("compare", options) as pilot:
        shown = await ask(pilot, "n")
        assert "nan" not in shown
        assert len(rows(pilot, "#difference")) == 5
        assert said(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "Explore")
        await settled(pilot)
        # What is said of the data goes with the next key.
        await press(pilot, "t")
        assert "iteration 0" in screen_text(pilot.app)


async def test_in_ascii_every_character_is():
    async with asking("compare", replace(IRIS, ascii=True)) as pilot:
        for size in ((100, 30), (80, 24), (60, 16), (95, 24), (59, 16)):
            await pilot.resize_terminal(*size)
            shown = await ask(pilot)
            assert shown.isascii()
            assert "?" not in shown.replace("? Help", "")


async def test_without_colours_shapes_alone_tell_clusters_apart(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with asking("compare", Options()) as pilot:
        assert "only shapes distinguish clusters" in await ask(pilot, "m")
        for name in ("#ours", "#theirs"):
            shown = "".join(text(pilot.app.screen.query_one(name, Chart)))
            assert all(shape in shown for shape in "▴▪✚")


async def test_the_tolerance_of_the_run_that_was_watched_is_no_wish_of_its_own():
    async with asking("compare", Options("iris")) as pilot:
        await answered(pilot)
        await press(pilot, "enter", "n")
        assert pilot.app.explore.session.run.options.tolerance == 0
        await pilot.press("4")
        await answered(pilot)
        assert pilot.app.page.options.seed == Options.seed + 1
        assert pilot.app.page.options.tolerance == Options.tolerance


@pytest.mark.parametrize("width", [44, 45])
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (5481.689, 362.7901),
        (362.7901, 362.7901 + 5e-13),
        (1.234567e12, 9.876543e11),
        (1234567.8, 1234567.9),
        (0.000012345, 0.0),
        (123456.7, 3.0),
    ],
)
def test_the_columns_of_the_difference_never_touch(ours, theirs, width):
    found: Any = SimpleNamespace(
        ours=SimpleNamespace(inertia=ours, updates=100, seconds=0.0123),
        scikit_learn=SimpleNamespace(inertia=theirs, updates=9, seconds=123.4567),
        agreement=1.0,
        largest_centroid_gap=1234.5,
    )
    lines = ["".join(part for part, _ in line) for line in difference.table(found, width)]
    assert all(len(line) <= width for line in lines)
    assert len(lines[1].split()) == 4
    assert len(lines[2].split()) == 4
    assert float(lines[1].split()[1]) == pytest.approx(ours, rel=1e-2)
