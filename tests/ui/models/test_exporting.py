"""The command shown with files writes them again: on every screen, with every option changed."""

import shlex
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from kmeans_tui import palette, screen_table
from kmeans_tui.cli import main
from kmeans_tui.clustering.history import History
from kmeans_tui.command import Options
from kmeans_tui.data.reading.rereading import Rereading
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.bundle import Written, write
from kmeans_tui.export.items import KINDS, Item
from kmeans_tui.export.worker import Worker
from kmeans_tui.given_points import GivenPoints
from kmeans_tui.ui.models.exporting import exportable
from tests.pilot import opened, settled, until

SCREENS = {each.name: each.key for each in screen_table.TABLE}
ASKING = tuple(each.name for each in screen_table.TABLE if each.asks)
# Another value for every option; what is not said of a table here, it is said of the workbook.
OTHER = {
    "data": "blobs:n=40",
    "k": 4,
    "init": "farthest",
    "seed": 7,
    "improve": True,
    "centroids": GivenPoints(((1.0, 2.0, 3.0), (4.0, 5.0, 6.0), (0.0, 9.0, 1.0))),
    "without": (2, 5),
    "add": GivenPoints(((1.0, 2.0, 3.0),)),
    "lesson": "3:2",
    "mouse": False,
    "predict": True,
    "max_iterations": 2,
    "tolerance": 3.0,
    "empty": "random",
    "features": ("x", "z"),
    "scale": "standard",
    "log": ("z",),
    "missing": "median",
    "where": "memory",
    "workers": 2,
    "scheduler": "tcp://127.0.0.1:1",
    "tls_ca": "ca.pem",
    "tls_cert": "cert.pem",
    "tls_key": "key.pem",
    "display_rows": 500,
    "cache": "blocks",
    "resume": False,
    "truth": "group",
    "id_column": "group",
    "drop": ("y",),
    "sample": 20,
    "sample_seed": 5,
    "weights": "x",
    "encode": ("group",),
    "na": ("9",),
    "separator": ";",
    "header": True,
    "skip": 1,
    "header_row": 1,
    "decimal": ".",
    "thousands": "none",
    "encoding": "latin-1",
    "sheet": "2",
    "runs": 2,
    "k_max": 2,
    "curve": "silhouette",
    "seeds": (0, 2, 3),
    "census": 3,
    "order": "seed",
    "resamples": 6,
    "resampling": "halves",
    "pair": "seeds:0,1",
    "axes": ("z", "y"),
    "goto": "1",
    "row": 3,
    "marker": "braille",
    "trails": True,
    "regions": True,
    "glide": True,
    "colours": (3, 1, 2),
    "aspect": "fill",
    "coming": False,
    "distances": False,
    "zoom": (0.0, 4.0, 1.0, 6.0),
    "cell_ratio": 1.5,
    "speed": 8.0,
    "play": True,
    "theme": "textual-light",
    "ascii": True,
}
SMALL = Options(k=3, seed=1, k_max=3, runs=1, census=4, seeds=range(2), resamples=4)
LOOK = {"size": (400, 300), "dpi": 40}


def test_every_option_has_another_value_here():
    assert {*OTHER, "screen"} == {each.name for each in fields(Options)}
    assert {"runs", "k_max"} <= set(OTHER)


@pytest.fixture
def table(tmp_path):
    """A table in which every option about tables makes a difference or none by right."""
    path = tmp_path / "t.csv"
    cells = [(i % 7 + i / 10, (i * i) % 11, 1 + i % 9, "ab"[i % 2]) for i in range(30)]
    lines = [";".join(map(str, row)) for row in cells]
    path.write_text("\n".join(["x;y;z;group", *lines, "1;;2;a"]) + "\n")
    return path


def asked(table, changed):
    """The options of a small table with one of them changed."""
    if changed == "sheet":
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        for sheet in (book.active, book.create_sheet("other")):
            sheet.append(["x", "y", "z"])
            for i in range(20):
                sheet.append([i % 5, i % 3, i])
        table = table.with_name("t.xlsx")
        book.save(table)
    known = {"data": str(table)}
    if changed in ("workers", "scheduler"):
        # They say where points that stay on disk are read.
        known["where"] = "memory"
    return replace(SMALL, **known | ({changed: OTHER[changed]} if changed else {}))


async def on(pilot, screen):
    """Show a screen, and wait for its answer."""
    await pilot.press(SCREENS[screen])
    await until(pilot, lambda: pilot.app.current_mode == screen.capitalize())
    await until(pilot, lambda: not getattr(pilot.app.page, "busy", False))
    await pilot.pause()


# Where files go, how long an answer took, and the way back from a snapshot to its history.
LEFT_OUT = ("folder", "force", "token", "seconds", "_history")


def plain(value):
    """A value to compare by: exact to the bit, and without what is only kept to save work."""
    if isinstance(value, np.ndarray):
        whole = value.tolist() if value.dtype.hasobject else value.tobytes()
        return value.dtype.str, value.shape, whole
    if isinstance(value, History):
        return value.stopped_by, [(plain(each), plain(each.labels)) for each in value]
    if isinstance(value, Mapping):
        return [(key, plain(each)) for key, each in value.items()]
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if value is None or isinstance(value, str | int | float | Path | range | np.dtype):
        return repr(value)
    if isinstance(value, Rereading):
        # Where the text is kept is another place each time.
        return value.name, value.size, value.relation.sql, plain(value.relation.parameters[1:])
    if is_dataclass(value) and type(value).__getstate__ is object.__getstate__:
        inside = {each.name: getattr(value, each.name) for each in fields(value)}
    else:
        inside = value.__getstate__()
    return type(value), {name: plain(inside[name]) for name in inside if name not in LEFT_OUT}


def same_again(app, folder, look="light", drawn=False, alone=False):
    """Whether the command of what the screen offers writes the same files; their names.

    Files are made of their request and of nothing else: where both ask for the same, to the bit,
    they are drawn only if ``drawn``; where not, they are drawn and the files compared. ``alone``:
    as if no other screen than Explore and this had been visited.
    """
    explore, present = app.explore, app.current_mode
    pages = {place: page for place, page in app._pages.items()
             if not alone or place in ("Explore", present)}  # fmt: skip
    offered = exportable(explore.session.run, explore.view_options(), pages, present, "")
    usual = ("iteration", "run", "labels", "elbow", "seeds", "stability", "compare", "code")
    names = [name for name in usual if name not in offered.missing]
    items = tuple(Item(name, KINDS[name].forms[0]) for name in names)
    assert items
    settings = Appearance(
        look=look,
        regions=offered.options.regions,
        trails=offered.options.trails,
        aspect=offered.options.aspect,
        glide=offered.options.glide,
        wears=palette.worn(offered.options.colours, explore.session.run.history.k),
        **LOOK,
    )
    whole = offered.work_out(items, settings, lambda *_: True)
    ours = whole.request(items, folder / "ours", settings)
    program, *words = shlex.split(offered.command(items, settings))
    assert program == "kmeans-tui"
    words += ["--out", str(folder / "theirs")]
    if drawn:
        assert main(words) == 0
    else:
        theirs = asked_of(words)
        # -1 is the last iteration.
        theirs = replace(theirs, iteration=theirs.iteration % len(theirs.history))
        if plain(theirs) == plain(replace(ours, iteration=ours.iteration % len(ours.history))):
            return names
        write(theirs)
    for path in write(ours).paths:
        assert path.read_bytes() == (folder / "theirs" / path.name).read_bytes(), path.name
    return names


def asked_of(words):
    """What a command asks its process to write; the process is not started."""
    requests = []

    def keep(worker, request, progress):
        requests.append(request)
        return Written(tuple(request.targets().values()), True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Worker, "start", lambda worker: None)
        patch.setattr(Worker, "write", keep)
        assert main(words) == 0
    (request,) = requests
    return request


# While something is to be predicted, other screens wait; of points in memory, as these are, a
# command takes neither workers nor a scheduler.
APART = ("predict", "workers", "scheduler")


@pytest.mark.parametrize("changed", [name for name in OTHER if name not in APART])
async def test_the_command_of_a_screen_opened_with_an_option_writes_the_same(
    changed, table, tmp_path
):
    async with opened(asked(table, changed)) as pilot:
        for screen in SCREENS:
            await on(pilot, screen)
            names = same_again(pilot.app, tmp_path / screen, alone=True)
            assert screen in names or screen not in ASKING
        await on(pilot, "explore")
        same_again(pilot.app, tmp_path / "all")


@pytest.mark.parametrize("changed", [name for name in OTHER if name not in ("sheet", "play")])
async def test_an_option_changed_after_the_question_is_not_said_of_its_answer(
    changed, table, tmp_path
):
    async with opened(asked(table, None)) as pilot:
        for screen in ASKING:
            await on(pilot, screen)
        await on(pilot, "explore")
        pilot.app.explore.change(**{changed: OTHER[changed]})
        await settled(pilot)
        same_again(pilot.app, tmp_path / "explore")
        for screen in ASKING:
            await on(pilot, screen)
            for alone in (True, False):
                assert screen in same_again(pilot.app, tmp_path / f"{screen}{alone}", alone=alone)


@pytest.mark.parametrize("screen", SCREENS)
async def test_the_files_that_the_command_draws_are_the_same(screen, table, tmp_path):
    async with opened(asked(table, None)) as pilot:
        await on(pilot, screen)
        same_again(pilot.app, tmp_path, drawn=True)


@pytest.mark.parametrize("key", ["n", "i", "plus", "greater_than_sign"])
@pytest.mark.parametrize("empty", ["farthest", "random"])
async def test_an_elbow_asked_with_its_own_seed_and_rule_names_them(key, empty, table, tmp_path):
    async with opened(replace(asked(table, None), empty=empty)) as pilot:
        await on(pilot, "elbow")
        await pilot.press(key)
        await until(pilot, lambda: not pilot.app.page.busy)
        assert "elbow" in same_again(pilot.app, tmp_path / "elbow")
        await on(pilot, "explore")
        await pilot.press("n")
        await settled(pilot)
        same_again(pilot.app, tmp_path / "explore")


@pytest.mark.parametrize("look", ["dark", "article"])
async def test_the_look_of_the_article_says_whose_runs_it_shows(look, table, tmp_path):
    async with opened(asked(table, None)) as pilot:
        await on(pilot, "elbow")
        assert "elbow" in same_again(pilot.app, tmp_path, look, drawn=True)


async def test_compare_animates_both_runs_and_explore_its_own(table, tmp_path):
    options = replace(asked(table, None), pair="seeds:0,1")
    async with opened(options) as pilot:
        explore = pilot.app.explore
        animation, compare = Item("animation", "gif"), Item("compare", "png")
        settings = Appearance(glide=True)

        def offered(present):
            run, view = explore.session.run, explore.view_options()
            return exportable(run, view, pilot.app._pages, present, "")

        await on(pilot, "compare")
        there = offered("Compare")
        assert there.about(animation, [animation]) == "both runs, side by side"
        command = there.command((animation,), settings)
        assert "--pair seeds:0,1 --glide --what animation" in command
        assert there.request((animation,), tmp_path, settings).comparison is not None
        # Explore shows one run, unless the figure of both is written beside it.
        alone = offered("Explore")
        assert alone.about(animation, [animation]) == KINDS["animation"].about
        assert "--pair" not in alone.command((animation,), settings)
        assert alone.request((animation,), tmp_path, settings).comparison is None
        both = (animation, compare)
        assert alone.about(animation, both) == "both runs, side by side"
        assert "--pair seeds:0,1" in alone.command(both, settings)
        # Another run than Explore's has an animation of both, and no other file of a run.
        pilot.app.page.change(max_iterations=1)
        await until(pilot, lambda: not pilot.app.page.busy)
        other = offered("Compare")
        assert "animation" not in other.missing
        assert "iteration" in other.missing
