"""The stage: which panel shows what, and how the rows are shared."""

import pytest

from kmeans_tui import palette
from kmeans_tui.command import Options
from kmeans_tui.ui.widgets.panels import Clusters
from kmeans_tui.ui.widgets.stage import EmptyPlot, Stage
from tests.pilot import cells, framed, opened, press, screen_text, settled, text


def title(pilot):
    return framed(pilot.app.query_one("#chart"))[0]


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        (Options(), ["feature 1 × feature 2", "equal"]),
        (Options(data="iris"), ["petal length × petal width", "equal", "standardised"]),
        (Options(data="iris", scale="none"), ["petal length × petal width", "equal"]),
        (
            Options(data="wine", axes=("hue", "ash")),
            ["hue × ash", "equal", "13 features", "standardised"],
        ),
    ],
)
async def test_the_title_names_axes_features_and_scale(options, parts):
    async with opened(options) as pilot:
        assert title(pilot).split(" · ") == parts
        assert title(pilot) in screen_text(pilot.app)


async def test_the_title_of_components_says_their_share():
    async with opened(Options(data="wine", axes=("pca",))) as pilot:
        assert title(pilot).startswith("PC 1 (36 %) × PC 2 (19 %)")


async def test_the_subtitle_says_what_would_happen_in_silence():
    async with opened(Options(data="iris")) as pilot:
        assert "102 of the 150 rows are distinct." in screen_text(pilot.app)
    async with opened() as pilot:
        assert framed(pilot.app.query_one("#chart"))[1] == ""


async def test_another_scale_and_other_data_change_the_title():
    async with opened(Options(data="iris")) as pilot:
        await press(pilot, "z")
        clusters = pilot.app.query_one(Clusters)
        assert title(pilot) == "petal length × petal width · equal"
        assert framed(clusters)[0] == "clusters"
        await press(pilot, "z")
        assert title(pilot).endswith("standardised")
        assert framed(clusters)[0] == "clusters · shift standardised"


@pytest.mark.parametrize("size", [(100, 30), (120, 40)])
async def test_the_side_is_shared_without_cutting_a_panel(size):
    async with opened(size=size) as pilot:
        body = pilot.app.query_one("#body").region
        for k in (1, 3, 12, 30):
            pilot.app.explore.change(k=k)
            await settled(pilot)
            algorithm, clusters, inertia = (
                pilot.app.query_one(f"#{each}").region
                for each in ("algorithm", "clusters", "curve")
            )
            assert algorithm.height == 6
            tops = (algorithm.y, clusters.y, inertia.y)
            assert tops == (body.y, algorithm.bottom, clusters.bottom)
            assert inertia.bottom == body.bottom
            # The curve stays a curve, however many clusters there are.
            assert "┌" in "".join(text(pilot.app.query_one("#curve")))
            shown = text(pilot.app.query_one(Clusters))[1:]
            hidden = k - sum(bool(line.strip()) for line in shown)
            part = f"1-{k - hidden} of {k}: tab, then j k"
            assert (part in screen_text(pilot.app)) == (hidden > 0)
            # Nothing is hidden while the inertia has rows to spare.
            assert hidden == 0 or inertia.height <= 8


async def test_three_clusters_take_three_rows_and_thirty_leave_room_for_the_curve():
    async with opened(Options(k=3)) as pilot:
        assert pilot.app.query_one("#clusters").region.height == 6
        assert [bool(line.strip()) for line in text(pilot.app.query_one(Clusters))] == [True] * 4
    async with opened(Options(k=30)) as pilot:
        assert pilot.app.query_one("#clusters").region.height == 13
        assert pilot.app.query_one("#curve").region.height == 8


async def test_the_height_follows_k():
    async with opened() as pilot:
        await press(pilot, "plus", "plus")
        await pilot.pause()
        assert pilot.app.query_one("#clusters").region.height == 8
        shown = text(pilot.app.query_one(Clusters))
        assert [line.split()[1] for line in shown[1:]] == list("12345")


@pytest.mark.parametrize(
    ("size", "side", "summary"),
    [((100, 30), 37, False), ((95, 30), 32, False), ((80, 24), 0, True), ((60, 16), 0, True)],
)
async def test_narrow_screens_trade_the_side_for_two_lines(size, side, summary):
    async with opened(size=size) as pilot:
        panel, lines = pilot.app.query_one("#side"), pilot.app.query_one("#summary")
        assert (panel.display, lines.display) == (side > 0, summary)
        assert panel.region.width == side
        assert lines.region.height == (0 if not summary else 3 if size[1] >= 22 else 2)
        assert ("╭─ algorithm" in screen_text(pilot.app)) == (side > 0)


@pytest.mark.parametrize("size", [(100, 30), (90, 30), (80, 24), (60, 16)])
async def test_the_end_says_why_in_full(size):
    async with opened(Options(goto="last"), size=size) as pilot:
        shown = screen_text(pilot.app)
        assert "no point changed cluster" in shown
        assert "converged: no centroid moved" in shown


async def test_all_panels_show_the_same_half_step():
    async with opened(Options(goto="1:update"), size=(120, 40)) as pilot:
        shown = screen_text(pilot.app)
        assert "▶ 3 update     shift 6.37" in shown
        assert "iteration 0 → 1 of 3" in shown
        assert "step 3 update" in shown
        assert shown.count("inertia 3104.07") == 2
        assert palette.WAS in "".join(text(pilot.app.query_one("#chart")))


async def test_the_centroids_in_chart_and_table_agree():
    async with opened(Options(goto="last"), size=(120, 40)) as pilot:
        chart = text(pilot.app.query_one("#chart"))
        rows = {line.split()[1]: line.split() for line in text(pilot.app.query_one(Clusters))[1:]}
        columns = {
            number: next(line.index(number, 6) for line in chart[1:-2] if number in line[6:])
            for number in "123"
        }
        by_x = sorted(rows, key=lambda number: float(rows[number][3]))
        assert sorted(columns, key=columns.get) == by_x


async def test_regions_only_where_the_plane_is_the_whole_space():
    def look(pilot):
        return cells(pilot.app.query_one("#chart"))

    for options, drawn in ((Options(), True), (Options(data="wine"), False)):
        async with opened(options) as pilot:
            plain = look(pilot)
            await press(pilot, "b")
            assert (look(pilot) != plain) == drawn


async def test_frames_stand_where_the_plots_will_be():
    async with opened() as pilot:
        stage = pilot.app.explore.stage
        assert not stage.query(EmptyPlot)
        places = [stage.query_one(each).region for each in ("#chart", "#curve")]
        empty = Stage()
        await pilot.app.explore.mount(empty, before=stage)
        await stage.remove()
        await pilot.pause()
        frames = [empty.query_one(each) for each in ("#plot", "#inertia")]
        assert [type(each) for each in frames] == [EmptyPlot, EmptyPlot]
        assert [each.region for each in frames] == places
        assert [framed(each) for each in frames] == [("", ""), ("inertia", "")]
        await empty.mount_plots(pilot.app.colours())
        await pilot.pause()
        assert not empty.query(EmptyPlot)
        assert [empty.query_one(each).region for each in ("#chart", "#curve")] == places


async def test_what_is_worked_on_is_said_until_the_next_picture():
    async with opened() as pilot:
        pilot.app.explore.stage.say("loading elsewhere …")
        await pilot.pause()
        assert "loading elsewhere …" in screen_text(pilot.app)
        await press(pilot, "full_stop")
        assert "loading elsewhere …" not in screen_text(pilot.app)
