"""The Stability screen as its user meets it: the points, the clusters, every k, a broken one."""

from dataclasses import replace

import numpy as np

from kmeans_tui.analysis import stable_clusters
from kmeans_tui.analysis.resampling import Clustering
from kmeans_tui.command import Options
from kmeans_tui.requests import answers, subject
from kmeans_tui.ui.widgets.passage import Passage
from kmeans_tui.ui.widgets.safety_chart import SafetyChart
from kmeans_tui.ui.widgets.status_line import Status
from tests.pilot import (
    SIZES,
    answered,
    ask,
    asking,
    cells,
    chosen,
    copied,
    hold,
    opened,
    progress,
    rows,
    screen_text,
    text,
    until,
)

CLUSTERS, EACH_K = "#stability-clusters", "#stability-by-k"
FEW = Options("iris", k=3, init="k-means++", resamples=20, k_max=4, scale="standard")


def said(pilot):
    return " ".join(" ".join(text(pilot.app.screen.query_one(Passage))).split())


def status(pilot):
    return text(pilot.app.screen.query_one(Status))[0].strip()


async def test_it_tells_of_clusters_rows_and_every_k():
    async with asking("stability", FEW) as pilot:
        await answered(pilot)
        page = pilot.app.page
        expected, by_k = answers.stability(page.options, subject.load(page.options))
        found = rows(pilot, CLUSTERS)
        assert [float(words[3]) for words in found] == [round(x, 2) for x in expected.jaccard]
        assert "highly stable" in screen_text(pilot.app)
        assert progress(pilot).startswith("resampled 20 of 20 · bootstrap · ")
        assert "3 clusters come back" in said(pilot)
        await ask(pilot, "f")
        shown = rows(pilot, EACH_K)
        assert [int(words[0]) for words in shown] == [2, 3, 4]
        assert [float(words[3]) for words in shown] == [round(by_k[k].strength, 2) for k in by_k]
        assert chosen(pilot, EACH_K)[0].split()[1] == "3"
        # A row per cluster can be chosen, and the status tells how it broke.
        await ask(pilot, "G")
        worst = expected.worst(2)
        assert status(pilot).endswith(f"enter opens resample {worst.number}, Jaccard "
                                      f"{worst.jaccard[2]:.2f}")  # fmt: skip


async def test_enter_opens_the_resample_that_broke_the_cluster_beside_the_data():
    async with asking("stability", FEW) as pilot:
        await answered(pilot)
        page = pilot.app.page
        await pilot.press("j", "i")
        await until(pilot, lambda: not page.busy)
        assert progress(pilot).startswith("resampled 20 of 20 · halves")
        worst = page.found()[0].worst(0)
        await pilot.press("g", "enter")
        await until(pilot, lambda: pilot.app.current_mode == "Compare")
        await answered(pilot)
        compare = pilot.app.page
        assert compare.options.pair == f"resample:{worst.number}:halves"
        pair = compare.found()
        own = page.found()[0].original
        np.testing.assert_allclose(pair.first.history[-1].centroids, own.centroids, atol=1e-9)
        assert f"half {worst.number}" in screen_text(pilot.app)
        # Its command opens the same pair, of the same starts.
        again = copied(pilot.app)
        assert (again.pair, again.init, again.seed) == (compare.options.pair, "k-means++", 42)
        # Back and forth does not ask again, neither here nor there.
        await pilot.press("6")
        await until(pilot, lambda: pilot.app.current_mode == "Stability")
        job = page._job
        await pilot.press("4")
        await until(pilot, lambda: pilot.app.current_mode == "Compare")
        await pilot.pause()
        assert compare.found() is pair
        assert page._job is job


async def test_a_point_says_how_often_it_kept_its_company():
    async with asking("stability", replace(FEW, resamples=50)) as pilot:
        await answered(pilot)
        known = pilot.app.page.found()[0]
        await pilot.press("slash", *"107", "enter")
        await pilot.pause()
        assert status(pilot) == (
            f"row 107: cluster {known.original.labels[106] + 1}, kept its company in "
            f"{known.counts[106]} of 50 resamples"
        )
        assert copied(pilot.app).row == 107
        await pilot.press("left")
        await pilot.pause()
        assert "row 107:" not in status(pilot)
        await pilot.press("escape")
        assert status(pilot).startswith("cluster 1: ")
        # The mouse and the focused plot ask too.
        chart = pilot.app.screen.query_one(SafetyChart)
        raster = chart.raster
        x, y = raster.places(pilot.app.page.dataset.shown()[:1])[0]
        axes = chart._axes
        await pilot.click(SafetyChart, offset=(x + axes.left + 1, y + axes.top + 1))
        await pilot.pause()
        assert status(pilot).startswith("row ")


async def test_unsafe_points_are_dots_and_safe_ones_bold():
    options = Options("iris", k=4, resamples=20, k_max=2, scale="standard")
    async with asking("stability", options, (140, 50)) as pilot:
        await answered(pilot)
        shares = pilot.app.page.found()[0].shares
        chart = pilot.app.screen.query_one(SafetyChart)
        drawn = [cell for line in cells(chart) for cell in line]
        dots = sum(character == "∙" for character, _ in drawn)
        bold = sum(bool(style.bold) and character in "▴▪✚✖" for character, style in drawn)
        assert (dots > 0) == bool((shares < 0.6).any())
        assert (bold > 0) == bool((shares >= 0.95).any())


async def test_stopped_it_keeps_what_is_there_and_r_goes_on(monkeypatch):
    gate = hold(monkeypatch, stable_clusters, "resample")
    async with asking("stability", FEW) as pilot:
        page = pilot.app.page
        await until(pilot, lambda: page._job is not None)
        gate.let(3)
        known = page._known
        await until(pilot, lambda: known.stability and len(known.stability.resamples) >= 3)
        await pilot.press("ctrl+c")
        await until(pilot, lambda: not page.busy)
        assert "goes on" in progress(pilot)
        kept = page.found()[0].table
        assert len(kept) >= 3
        gate.let()
        await pilot.press("r")
        await until(pilot, lambda: not page.busy and len(page.found()[0].resamples) == 20)
        found = page.found()[0].table
        assert (found[: len(kept)] == kept).all()
        assert (found == answers.stability(page.options, page.dataset)[0].table).all()


async def test_stopped_before_the_first_it_says_so(monkeypatch):
    gate = hold(monkeypatch, stable_clusters, "original", lambda said: True)
    async with asking("stability", FEW) as pilot:
        await pilot.press("enter")
        assert pilot.app.current_mode == "Stability"
        await pilot.press("ctrl+c")
        await until(pilot, lambda: not pilot.app.page.busy)
        assert "Stopped before the first resample" in said(pilot)
        assert pilot.app.page.found() is None
        gate.let()
        await ask(pilot, "r")
        assert len(rows(pilot, CLUSTERS)) == 3


async def test_more_and_fewer_resamples_keep_those_that_are_there():
    async with asking("stability", FEW) as pilot:
        await answered(pilot)
        page = pilot.app.page
        first = page.found()[0].table
        await ask(pilot, "greater_than_sign")
        assert page.options.resamples == 50
        assert (page.found()[0].table[:20] == first).all()
        await ask(pilot, "less_than_sign")
        assert (page.found()[0].table == first).all()
        counts = page.found()[0].counts
        own = stable_clusters.original(page.dataset.points, Clustering(3))
        whole = stable_clusters.resample(
            page.dataset.points,
            stable_clusters.ClusterStability.of(own, "bootstrap"),
            Clustering(3),
            20,
        )
        assert (counts == whole.counts).all()
        # Another k keeps the table of every k.
        known = page.found()[1][2]
        await ask(pilot, "plus")
        assert len(rows(pilot, CLUSTERS)) == 4
        assert page.found()[1][2] is known
        await ask(pilot, "backspace")
        assert page.options.k == 3


async def test_every_size_shows_clusters_and_verdict():
    async with asking("stability", FEW) as pilot:
        await answered(pilot)
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            shown = screen_text(pilot.app)
            if size[0] >= 60 and size[1] >= 16:
                assert "Jaccard" in shown
                assert "clusters come back" in shown
                for key in ("f", "f"):
                    await pilot.press(key)
                    await pilot.pause()
            else:
                assert "needs 60 × 16" in " ".join(shown.split())


async def test_the_command_gives_the_same_view():
    async with asking("stability", replace(FEW, resampling="halves")) as pilot:
        await answered(pilot)
        again = copied(pilot.app)
        assert (again.screen, again.resamples, again.resampling) == ("stability", 20, "halves")
        assert (again.k, again.init, again.k_max) == (3, pilot.app.page.options.init, 4)
        table = pilot.app.page.found()[0].table
    async with asking("stability", again) as pilot:
        await answered(pilot)
        assert (pilot.app.page.found()[0].table == table).all()


async def test_explore_decides_the_data_and_k_alone():
    async with opened(replace(FEW, screen="explore", init="random")) as pilot:
        await ask(pilot, "6")
        page = pilot.app.page
        assert (page.options.init, page.options.k) == ("k-means++", 3)
        job = page._job
        await pilot.press("1", "n")
        await ask(pilot, "6")
        assert page._job is job
        await pilot.press("1", "plus")
        await ask(pilot, "6")
        assert (page._job is job, page.options.k) == (False, 4)


async def test_too_few_rows_for_halves_is_one_sentence():
    options = Options("blobs:n=9", k=5, resampling="halves", resamples=4, k_max=3)
    async with asking("stability", options) as pilot:
        await until(pilot, lambda: not pilot.app.page.busy)
        assert "half of 9 rows are 4, too few for 5 clusters" in screen_text(pilot.app)
