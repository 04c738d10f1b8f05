"""Whole screens as plain text, at the three sizes that matter.

``python -m tests.test_frames`` draws them anew; look at the difference before you commit it.
"""

import asyncio
from pathlib import Path

import pytest

from kmeans_tui.command import Options
from tests.test_explore import explore, press, screen

FOLDER = Path(__file__).parent / "frames"
IRIS = Options("iris", goto="2:update", seed=0)
FIRST = Options(goto="1")
WHOLE = Options("iris", features=("1", "2", "3", "4"), goto="last", seed=0)
FRAMES: dict[str, tuple[Options, tuple[int, int], tuple[str, ...]]] = {
    "explore-100x30": (IRIS, (100, 30), ()),
    "explore-80x24": (IRIS, (80, 24), ()),
    "explore-60x16": (IRIS, (60, 16), ()),
    "explore-59x15": (IRIS, (59, 15), ()),
    "start-100x30": (Options(), (100, 30), ("comma",)),
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
    "profile": (WHOLE, (100, 30), ("d",)),
    "help-100x30": (IRIS, (100, 30), ("question_mark",)),
    "code-80x24": (IRIS, (80, 24), ("v",)),
    "axes-80x24": (Options("iris", features=("1", "2", "3", "4"), axes=("1", "3")),
                   (80, 24), ("f",)),
}  # fmt: skip


async def drawn(name: str) -> str:
    """One frame, without the blanks at the ends of its lines."""
    options, size, keys = FRAMES[name]
    async with explore(options, size=size) as (app, pilot):
        await press(app, pilot, *keys)
        return "\n".join(line.rstrip() for line in screen(app).splitlines()) + "\n"


@pytest.mark.parametrize("name", FRAMES)
async def test_the_frame_is_as_it_was(name: str) -> None:
    assert await drawn(name) == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def test_no_frame_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(FRAMES)


if __name__ == "__main__":
    import os

    os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    for each in FRAMES:
        (FOLDER / f"{each}.txt").write_text(asyncio.run(drawn(each)), encoding="utf-8")
