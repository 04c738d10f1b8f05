"""Whole screens as plain text, at the three sizes that matter.

``python -m tests.ui.test_frames`` draws them anew; look at the difference before you commit it.
"""

import asyncio
import re
from contextlib import chdir, nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from kmeans_tui.command import Options
from kmeans_tui.lessons.course import opened
from kmeans_tui.ui.screens.analysis import Analysis
from kmeans_tui.ui.screens.dialogs.clusters import ClustersDialog
from kmeans_tui.ui.screens.ladder_page import LadderPage
from tests.pilot import answered, climbed
from tests.ui.screens.test_data import ready
from tests.ui.screens.test_explore import explore, press, screen, until

FOLDER = Path(__file__).parents[1] / "frames"
IRIS = Options("iris", goto="2:update", seed=0)
CENSUS = Options(census=1000)
STABLE = Options("iris", k=4, seed=0, k_max=6, resamples=50)
PAIR = Options(k=3, pair="seeds:0,1", goto="2:update", screen="compare")
FIRST = Options(goto="1")
WHOLE = Options("iris", features=("1", "2", "3", "4"), goto="last", seed=0)
BEGUN = opened(Options(lesson="3:2"))
# A file beside the frames.
SURVEY = Options("survey.csv", k=3, weights="weight", goto="2", row=7)
ROLES = Options("survey.csv", k=3, weights="weight", id_column="id", encode=("region",), sample=40)
FRAMES: dict[str, tuple[Options, tuple[int, int], tuple[str, ...]]] = {
    "explore-100x30": (IRIS, (100, 30), ()),
    "explore-80x24": (IRIS, (80, 24), ()),
    "explore-60x16": (IRIS, (60, 16), ()),
    "explore-59x15": (IRIS, (59, 15), ()),
    "start-100x30": (Options(), (100, 30), ("comma",)),
    "draw-100x30": (Options("iris", init="k-means++"), (100, 30), ("comma", "comma", "comma")),
    "draw-80x24": (Options("iris", init="farthest", goto="0:draw3"), (80, 24), ()),
    "draw-ascii-80x24": (Options("iris", init="k-means++", goto="0:draw2", ascii=True),
                         (80, 24), ()),
    "predict-100x30": (IRIS, (100, 30), ("Q",)),
    "predict-place-100x30": (Options(seed=2), (100, 30),
                             ("Q", "3", "enter", "enter", *"hhhjjj")),
    "predict-placed-80x24": (Options(seed=2), (80, 24),
                             ("Q", "3", "enter", "enter", *"hhhjjj", "enter")),
    "predict-told-80x24": (IRIS, (80, 24), ("Q", "1", "enter")),
    "end-100x30": (Options(), (100, 30), ("G",)),
    "end-80x24": (Options(), (80, 24), ("G",)),
    "regions-ansi-80x24": (Options(theme="ansi-dark", regions=True, trails=True, goto="last"),
                           (80, 24), ()),
    "ascii-80x24": (Options("iris", goto="2", ascii=True), (80, 24), ()),
    "twelve-clusters-100x30": (Options("uniform", k=12, goto="last"), (100, 30), ()),
    "dense-100x30": (Options("blobs:n=50000,k=5", k=5, goto="last"), (100, 30), ()),
    "question-100x30": (FIRST, (100, 30), ("c", "enter")),
    "question-80x24": (FIRST, (80, 24), ("c", "enter")),
    "changes": (FIRST, (100, 30), ("c",)),
    "farthest-100x30": (WHOLE, (100, 30), ("B",)),
    "farthest-80x24": (WHOLE, (80, 24), ("B", "j")),
    "farthest-60x16": (WHOLE, (60, 16), ("B",)),
    "profile": (WHOLE, (100, 30), ("d",)),
    "help-100x30": (IRIS, (100, 30), ("question_mark",)),
    "code-80x24": (IRIS, (80, 24), ("v",)),
    "axes-80x24": (Options("iris", features=("1", "2", "3", "4"), axes=("1", "3")),
                   (80, 24), ("f",)),
    "elbow-100x30": (IRIS, (100, 30), ("2",)),
    "elbow-80x24": (IRIS, (80, 24), ("2",)),
    "elbow-60x16": (IRIS, (60, 16), ("2",)),
    "elbow-log-100x30": (IRIS, (100, 30), ("2", "f", "G")),
    "ladder-100x30": (IRIS, (100, 30), ("2", "K")),
    "ladder-80x24": (replace(IRIS, data="wine", k_max=6), (80, 24), ("2", "K", "j", "j", "right")),
    "ladder-60x16": (IRIS, (60, 16), ("2", "K")),
    "ladder-ascii-60x16": (replace(IRIS, ascii=True), (60, 16), ("2", "K", "G")),
    "elbow-help-100x30": (IRIS, (100, 30), ("2", "question_mark")),
    "seeds-100x30": (CENSUS, (100, 30), ("3",)),
    "seeds-80x24": (CENSUS, (80, 24), ("3",)),
    "seeds-60x16": (CENSUS, (60, 16), ("3",)),
    "stability-100x30": (STABLE, (100, 30), ("6", "slash", "107", "enter")),
    "stability-80x24": (STABLE, (80, 24), ("6",)),
    "stability-60x16": (STABLE, (60, 16), ("6",)),
    "stability-each-k-80x24": (STABLE, (80, 24), ("6", "f")),
    "stability-ascii-80x24": (replace(STABLE, ascii=True), (80, 24), ("6",)),
    "stability-light-100x30": (replace(STABLE, theme="light"), (100, 30), ("6", "i")),
    "resample-100x30": (STABLE, (100, 30), ("6", "G", "enter")),
    "compare-100x30": (IRIS, (100, 30), ("4",)),
    "compare-80x24": (IRIS, (80, 24), ("4",)),
    "pair-100x30": (replace(PAIR, goto="last"), (100, 30), ("4",)),
    "pair-80x24": (PAIR, (80, 24), ("4",)),
    "pair-60x16": (PAIR, (60, 16), ("4",)),
    "pair-curves-80x24": (replace(PAIR, goto="last"), (80, 24), ("4", "tab", "tab", "tab")),
    "pairs-80x24": (PAIR, (80, 24), ("4", "i")),
    "data-100x30": (Options("wine", seed=0), (100, 30), ("5", "tab", "j")),
    "data-80x24": (IRIS, (80, 24), ("5",)),
    "lessons-100x30": (Options(), (100, 30), ("7", "j", "j")),
    "lessons-80x24": (Options(), (80, 24), ("7", "G")),
    "lessons-60x16": (Options(), (60, 16), ("7",)),
    "lesson-task-100x30": (BEGUN, (100, 30), ()),
    "lesson-task-80x24": (BEGUN, (80, 24), ()),
    "lesson-task-60x16": (BEGUN, (60, 16), ()),
    "lesson-question-80x24": (BEGUN, (80, 24), ("n", "n")),
    "lesson-answer-100x30": (BEGUN, (100, 30), ("n", "n", "E")),
    "data-60x16": (IRIS, (60, 16), ("5",)),
    "roles-100x30": (ROLES, (100, 30), ("5", "tab")),
    "roles-80x24": (ROLES, (80, 24), ("5", "tab", "G")),
    "roles-60x16": (ROLES, (60, 16), ("5", "tab", "G")),
    "weights-100x30": (SURVEY, (100, 30), ()),
    "weights-80x24": (replace(SURVEY, row=None), (80, 24), ()),
}  # fmt: skip


def steady(text: str) -> str:
    """The frame without what no two runs have in common: seconds, and rounding below 1e-9."""
    text = re.sub(r"(s, one run *)[\d.]+( +)[\d.]+", r"\1     -\2     -", text)
    exact = r"(?m)(inertia +[\d.]+ +[\d.]+)( +)(0|[+-]\de-1\d) "
    text = re.sub(exact, lambda m: f"{m[1]}{'tiny':>{len(m[2]) + len(m[3])}} ", text)
    return re.sub(r" [+-]?\de(-1\d|\+00)", "  tiny", text)


async def drawn(name: str) -> str:
    """One frame, without the blanks at the ends of its lines."""
    with chdir(FOLDER) if FRAMES[name][0].data == SURVEY.data else nullcontext():
        return await _drawn(*FRAMES[name])


async def _drawn(options: Options, size: tuple[int, int], keys: tuple[str, ...]) -> str:
    async with explore(options, size=size) as (app, pilot):
        await press(app, pilot, *keys)
        if app.lecture is not None:
            await until(pilot, lambda: app.lecture.measured is not None)  # type: ignore[union-attr]
        if isinstance(app.screen, ClustersDialog):
            await until(pilot, lambda: app.screen.found is not None)
            await pilot.pause()
        if app.current_mode == "Data":
            await ready(pilot)
        elif isinstance(app.page, Analysis) and app.page is app.screen:
            await answered(pilot)
        if isinstance(app.screen, LadderPage) and app.screen.climbs:
            await climbed(pilot)
        return "\n".join(line.rstrip() for line in steady(screen(app)).splitlines()) + "\n"


@pytest.mark.parametrize("name", FRAMES)
async def test_the_frame_is_as_it_was(name: str) -> None:
    assert await drawn(name) == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def test_no_frame_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(FRAMES)


if __name__ == "__main__":
    import os
    import tempfile

    # Nobody's files are in the pictures, and nobody's settings are touched.
    os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp()
    os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    for each in FRAMES:
        (FOLDER / f"{each}.txt").write_text(asyncio.run(drawn(each)), encoding="utf-8")
