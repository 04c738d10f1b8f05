"""The Elbow screen as its user meets it: the rows, the verdict, the run behind each row."""

import re
from dataclasses import replace
from functools import cache

import pytest

from kmeans_tui.analysis import sweep
from kmeans_tui.analysis.criteria import curves
from kmeans_tui.analysis.partition import EXACT, SAMPLE
from kmeans_tui.command import Options
from kmeans_tui.data.catalogue import load_data
from kmeans_tui.ui.models.fitting import fit
from kmeans_tui.ui.screens.elbow import PROCEDURES
from kmeans_tui.ui.widgets.curve import Curve
from kmeans_tui.ui.widgets.flow_table import FlowTable
from kmeans_tui.ui.widgets.listing import Listing
from kmeans_tui.ui.widgets.passage import Passage
from kmeans_tui.words import amount
from tests.pilot import (
    SIZES,
    answered,
    ask,
    asking,
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

SMALL = Options("blobs:n=60", init="k-means++", k_max=6, runs=2)
IRIS = Options("iris", init="k-means++", seed=0)
TABLE = "#elbow-rows"


SWEEP = sweep.sweep  # the tests hold the other


@cache
def swept(data="iris", k_max=10, runs=3, init="k-means++", seed=0):
    improve = init != "article"
    return SWEEP(load_data(data).points, k_max, runs, init=init, random_state=seed, improve=improve)


def best(pilot):
    """Inertia of the best run in every row, as written."""
    return [words[1].rstrip("*") for words in rows(pilot, TABLE)]


async def moved_to(pilot, k):
    await ask(pilot, "g", *["j"] * (k - 1))
    (line,) = chosen(pilot, TABLE)
    assert int(line.split()[1]) == k


# --- the answer --------------------------------------------------------------------------------


async def test_the_rows_are_those_of_the_sweep():
    async with opened(Options("iris", seed=0), size=(160, 50)) as pilot:
        # The start is k-means++ whatever that of the run which Explore shows.
        shown = await ask(pilot, "2")
        assert "start k-means++, seed 0" in shown
        found = swept()
        assert best(pilot) == [amount(row.best) for row in found.rows]
        assert [words[2] for words in rows(pilot, TABLE)] == [amount(r.worst) for r in found.rows]
        said = " ".join(" ".join(text(pilot.app.screen.query_one(Passage))).split())
        assert said.startswith(found.verdict.sentence)
        assert progress(pilot) == "done: 28 runs for k = 1 to 10"


async def test_every_criterion_marks_the_k_it_votes_for():
    async with asking("elbow", IRIS) as pilot:
        await answered(pilot)
        header, *lines = text(pilot.app.screen.query_one(TABLE, Listing))
        choices = swept().verdict.choices
        for name, title in (("elbow", "best"), ("silhouette", "silh."), ("gap", "gap"),
                            ("davies_bouldin", "D-B")):  # fmt: skip
            at = header.index(f" {title}") + len(title) + 1
            assert [k for k, line in enumerate(lines, 1) if line[at] == "*"] == [choices[name]]


async def test_rows_come_one_by_one_and_the_bar_grows(monkeypatch):
    gate = hold(monkeypatch, sweep, "sweep")
    async with asking("elbow", IRIS) as pilot:
        bars = []
        for k in (1, 2, 3):
            await until(pilot, lambda k=k: len(rows(pilot, TABLE)) == k)
            await until(pilot, lambda k=k: f"{3 * k}/40" in progress(pilot))
            assert f"k = {k}: 3 runs" in progress(pilot)
            bars.append(progress(pilot).count("█"))
            gate.let(1)
        assert bars == sorted(set(bars))
        gate.let()
        await answered(pilot)
        assert best(pilot) == [amount(row.best) for row in swept().rows]


async def test_the_knee_is_chosen_until_another_row_is():
    async with asking("elbow", IRIS) as pilot:
        await answered(pilot)
        (line,) = chosen(pilot, TABLE)
        assert line.split()[1] == "3"
        for key, k in (("down", 4), ("k", 3), ("up", 2), ("g", 1), ("up", 1), ("G", 10),
                       ("j", 10), ("home", 1), ("end", 10)):  # fmt: skip
            await ask(pilot, key)
            (line,) = chosen(pilot, TABLE)
            assert int(line.split()[1]) == k, key
            assert f"k = {k}: " in text(pilot.app.screen.query_one(Curve))[0]


async def test_a_row_chosen_while_it_runs_stays_chosen(monkeypatch):
    gate = hold(monkeypatch, sweep, "sweep")
    async with asking("elbow", IRIS) as pilot:
        gate.let(4)
        await until(pilot, lambda: len(rows(pilot, TABLE)) == 5)
        await pilot.press("G")
        gate.let()
        await answered(pilot)
        (line,) = chosen(pilot, TABLE)
        assert line.split()[1] == "5"


@pytest.mark.parametrize("place", [(8, 2), (30, 6), (20, 11)])
async def test_a_click_chooses_a_row(place):
    async with asking("elbow", IRIS) as pilot:
        await answered(pilot)
        await pilot.click(TABLE, offset=place)
        await answered(pilot)
        (line,) = chosen(pilot, TABLE)
        assert int(line.split()[1]) == place[1] - 1


@pytest.mark.parametrize("place", [(8, 0), (8, 1), (8, 15)])
async def test_a_click_beside_the_rows_chooses_nothing(place):
    async with asking("elbow", IRIS) as pilot:
        before = await ask(pilot, "G")
        await pilot.click(TABLE, offset=place)
        await answered(pilot)
        assert chosen(pilot, TABLE)[0] in before


# --- stopping, going on, asking something else -------------------------------------------------


async def test_ctrl_c_keeps_the_rows_and_r_goes_on(monkeypatch):
    gate = hold(monkeypatch, sweep, "sweep")
    async with asking("elbow", IRIS) as pilot:
        gate.let(2)
        await until(pilot, lambda: len(rows(pilot, TABLE)) == 3)
        await pilot.press("ctrl+c")
        await answered(pilot)
        assert "what is done so far is kept" in screen_text(pilot.app)
        assert progress(pilot) == "stopped after 7 runs for k = 1 to 3 · r goes on"
        kept = best(pilot)
        assert kept == [amount(row.best) for row in swept().rows[:3]]
        gate.let()
        await ask(pilot, "r")
        assert best(pilot) == [amount(row.best) for row in swept().rows]
        assert progress(pilot) == "done: 28 runs for k = 1 to 10"


async def test_r_after_the_end_asks_all_again(monkeypatch):
    gate = hold(monkeypatch, sweep, "sweep")
    gate.let()
    async with asking("elbow", IRIS) as pilot:
        before = await ask(pilot)
        assert await ask(pilot, "r") == before
        assert gate.calls == 2


async def test_a_long_sweep_stops_at_once():
    async with asking("elbow", Options("blobs:n=200000,k=8")) as pilot:
        await until(pilot, lambda: len(rows(pilot, TABLE)) >= 2)
        await pilot.press("ctrl+c")
        await answered(pilot)
        assert re.match(r"stopped after \d+ runs for k = 1 to \d+ · r goes on", progress(pilot))
        assert 2 <= len(rows(pilot, TABLE)) < 10


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        (["plus", "equals_sign"], {"k_max": 12}),
        (["minus", "underscore", "minus"], {"k_max": 7}),
        (["i", "i", "less_than_sign"], {"init": "article", "runs": 2}),
        (["greater_than_sign", "i", "minus"], {"runs": 5, "init": "warm", "k_max": 9}),
    ],
)
async def test_changes_while_it_runs_and_after_come_to_the_same(monkeypatch, keys, asked):
    expected = [amount(row.best) for row in swept(**asked).rows]
    async with asking("elbow", IRIS) as pilot:
        await ask(pilot, *keys)
        assert best(pilot) == expected
        after = screen_text(pilot.app)
    gate = hold(monkeypatch, sweep, "sweep")
    async with asking("elbow", IRIS) as pilot:
        gate.let(2)
        await until(pilot, lambda: len(rows(pilot, TABLE)) == 3)
        await pilot.press(*keys)
        gate.let()
        await answered(pilot)
        # The latest wish counts, and nothing of the earlier ones is left over.
        assert screen_text(pilot.app) == after


async def test_fewer_k_while_it_runs_drop_the_rows_beyond(monkeypatch):
    gate = hold(monkeypatch, sweep, "sweep")
    async with asking("elbow", IRIS) as pilot:
        gate.let(5)
        await until(pilot, lambda: len(rows(pilot, TABLE)) == 6)
        await pilot.press("G", *["minus"] * 8)
        gate.let()
        await answered(pilot)
        assert len(rows(pilot, TABLE)) == 2
        assert "needs three values of k; + adds one" in screen_text(pilot.app)
        assert "the verdict" not in await ask(pilot, "plus")
        assert len(rows(pilot, TABLE)) == 3


async def test_k_has_a_smallest_and_a_largest():
    async with asking("elbow", Options("blobs:n=4,k=2", init="k-means++")) as pilot:
        await answered(pilot)
        assert len(rows(pilot, TABLE)) == 4
        assert "With 4 rows, k can only be 1 to 4." in await ask(pilot, "plus")
        await ask(pilot, "minus")
        assert len(rows(pilot, TABLE)) == 3
        assert "k can only be 1 to" in await ask(pilot, "minus", "minus", "minus")
        assert len(rows(pilot, TABLE)) == 1


async def test_runs_have_a_fewest_and_a_most():
    async with asking("elbow", Options("blobs:n=9,k=2", init="k-means++")) as pilot:
        await pilot.press(*["less_than_sign"] * 4)
        assert "1 run each" in await ask(pilot)
        await pilot.press(*["greater_than_sign"] * 9)
        assert "100 runs each" in await ask(pilot)


async def test_undo_takes_back_one_change_after_the_other():
    async with asking("elbow", IRIS) as pilot:
        views = [await ask(pilot)]
        views += [await ask(pilot, key) for key in ("plus", "i", "greater_than_sign")]
        assert len(set(views)) == 4
        for view in views[-2::-1]:
            assert await ask(pilot, "backspace") == view
        assert "Nothing was changed here" in await ask(pilot, "backspace")


# --- the run behind a row ----------------------------------------------------------------------


@pytest.mark.parametrize("init", PROCEDURES)
async def test_enter_watches_exactly_the_run_of_the_row(init):
    found = swept("uniform", 6, 3, init)
    async with asking("elbow", Options("uniform", init=init, seed=0, k_max=6)) as pilot:
        before = await ask(pilot)
        explore = pilot.app.explore
        for k in (1, 5, 6):
            await moved_to(pilot, k)
            await pilot.press("enter")
            await until(pilot, lambda k=k: explore.session.run.history.k == k)
            await settled(pilot)
            assert pilot.app.current_mode == "Explore"
            run = explore.session.run
            assert run.history.inertia[-1] == pytest.approx(found.rows[k - 1].best, rel=1e-12)
            assert run.history.iterations == found.rows[k - 1].run.updates
            assert explore.session.moment.iteration == 0
            again = fit(copied(pilot.app), None, lambda said: True)
            assert again.history.inertia.tolist() == run.history.inertia.tolist()
            await ask(pilot, "2")
            assert chosen(pilot, TABLE)[0].split()[1] == str(k)
        await moved_to(pilot, int(re.search(r"▶ +(\d+)", before)[1]))
        assert screen_text(pilot.app) == before


async def test_the_run_of_a_row_can_be_watched_while_others_are_still_to_come(monkeypatch):
    gate = hold(monkeypatch, sweep, "sweep")
    async with asking("elbow", IRIS) as pilot:
        gate.let(3)
        await until(pilot, lambda: len(rows(pilot, TABLE)) == 4)
        await pilot.press("G", "enter")
        explore = pilot.app.explore
        await until(pilot, lambda: explore.session.run.history.k == 4)
        await settled(pilot)
        assert explore.session.run.history.inertia[-1] == pytest.approx(swept().rows[3].best)
        # It goes on meanwhile.
        gate.let()
        await ask(pilot, "2")
        assert len(rows(pilot, TABLE)) == 10


async def test_enter_before_the_first_row_says_so(monkeypatch):
    hold(monkeypatch, sweep, "sweep", at=lambda said: True)
    async with asking("elbow", IRIS) as pilot:
        await pilot.press("j", "G", "k", "g", "enter")
        await pilot.pause()
        assert "No run has ended yet" in screen_text(pilot.app)
        assert pilot.app.current_mode == "Elbow"


# --- the curve ---------------------------------------------------------------------------------


async def test_f_shows_every_curve_and_comes_round():
    async with asking("elbow", IRIS) as pilot:
        before = await ask(pilot)
        for name in (*list(curves())[1:], "inertia"):
            await ask(pilot, "f")
            curve = pilot.app.screen.query_one(Curve)
            shown = pilot.app.screen.query_one(FlowTable) if name == "ladder" else curve
            assert shown.display
            assert framed(shown)[0] == curves()[name]
            assert ("╎" in "".join(text(curve))) == (name == "log-inertia")
        assert screen_text(pilot.app) == before


async def test_another_curve_of_the_same_runs_is_no_new_question(monkeypatch):
    gate = hold(monkeypatch, sweep, "sweep")
    gate.let()
    async with asking("elbow", IRIS) as pilot:
        await ask(pilot, *["f"] * 6)
        assert gate.calls == 1


async def test_the_k_that_is_voted_for_has_a_sign_of_its_own():
    async with asking("elbow", IRIS) as pilot:
        assert "◉" not in "".join(text(pilot.app.screen.query_one(Curve)))
        await ask(pilot, "G")
        assert "◉" in "".join(text(pilot.app.screen.query_one(Curve)))


# --- the look ----------------------------------------------------------------------------------


async def test_a_resized_screen_is_the_screen_opened_at_that_size():
    keys = ("f", "G")
    fresh = {}
    for size in SIZES:
        async with asking("elbow", SMALL, size=size) as pilot:
            # Behind the notice keys do nothing.
            fresh[size] = await ask(pilot, *keys)
    async with asking("elbow", SMALL) as pilot:
        await ask(pilot, *keys)
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert await ask(pilot) == fresh[size], size


async def test_a_resize_while_it_runs_loses_nothing(monkeypatch):
    async with asking("elbow", SMALL) as pilot:
        expected = await ask(pilot)
    gate = hold(monkeypatch, sweep, "sweep")
    async with asking("elbow", SMALL) as pilot:
        for size in SIZES:
            await pilot.resize_terminal(*size)
            gate.let(1)
            await pilot.pause()
            lines = screen_text(pilot.app).splitlines()
            assert (len(lines[0]), len(lines)) == size
        gate.let()
        assert await ask(pilot) == expected


@pytest.mark.parametrize(
    "keys",
    [
        (), ("plus", "plus"), ("minus", "f"), ("greater_than_sign", "i"), ("i", "i"),
        ("f", "f", "f", "T"), ("A", "less_than_sign", "i", "i", "i"),
    ],
)  # fmt: skip
async def test_the_copied_command_gives_the_same_screen(keys):
    size = (80, 24) if "f" in keys else (100, 30)
    async with asking("elbow", SMALL, size=size) as pilot:
        shown = await ask(pilot, *keys)
        theme = pilot.app.theme
        await pilot.press("y")
        assert pilot.app.clipboard.startswith("kmeans-tui blobs:n=60 ")
        assert "--screen elbow" in pilot.app.clipboard
        again = copied(pilot.app)
    async with asking("elbow", again, size=size) as pilot:
        assert await ask(pilot) == shown
        assert pilot.app.theme == theme


@pytest.mark.parametrize(
    "options",
    [
        Options("blobs:n=1,k=1"),
        Options("blobs:n=2,k=2", k=2),
        Options("blobs:n=3,k=2"),
        Options("blobs:n=60,std=0,k=1"),
        Options("blobs:n=60,std=0", k=5),
        Options("blobs:d=1"),
        Options("wine", k_max=5, runs=1),
    ],
)
async def test_any_data_have_an_elbow_screen(options):
    async with asking("elbow", options) as pilot:
        shown = await ask(pilot)
        n = pilot.app.page.dataset.n
        assert len(rows(pilot, TABLE)) >= min(n, options.k_max or 10, 5)
        assert "nan" not in shown
        assert "inf" not in shown
        for key in ("f", "G"):
            shown = await ask(pilot, key)
            assert {len(line) for line in shown.splitlines()} == {100}
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "Explore")
        await settled(pilot)
        # What is said of the data goes with the next key.
        await pilot.press("t")
        await settled(pilot)
        assert "iteration 0" in screen_text(pilot.app)


async def test_noise_gets_no_clear_k():
    async with asking("elbow", Options("uniform", init="k-means++")) as pilot:
        shown = await ask(pilot)
        assert "no clear k" in shown
        assert "not clear" in shown


async def test_few_rows_say_why_there_is_no_verdict():
    async with asking("elbow", Options("blobs:n=2,k=2", k=2)) as pilot:
        assert "there are only 2 rows" in await ask(pilot)


async def test_a_sampled_silhouette_says_so():
    async with asking("elbow", Options(f"blobs:n={EXACT + 1},k=2", k_max=2, runs=1)) as pilot:
        assert f"silhouette on a sample of {SAMPLE:,} rows" in await ask(pilot)


async def test_in_ascii_every_character_is():
    async with asking("elbow", replace(SMALL, ascii=True)) as pilot:
        for size in ((100, 30), (80, 24), (60, 16), (95, 24), (100, 30), (59, 16)):
            await pilot.resize_terminal(*size)
            shown = await ask(pilot, "f")
            assert shown.isascii()
            assert "?" not in shown.replace("? Help", "")


async def test_without_colours_it_says_the_same(monkeypatch):
    async with asking("elbow", IRIS) as pilot:
        shown = await ask(pilot)
    monkeypatch.setenv("NO_COLOR", "1")
    async with asking("elbow", IRIS) as pilot:
        assert await ask(pilot) == shown
