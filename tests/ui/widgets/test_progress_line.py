"""The line on work in progress: what runs, how much of it is done."""

import pytest

from kmeans_tui.ui.widgets.progress_line import ProgressLine
from tests.pilot import cells, shown, text


@pytest.fixture
async def line():
    widget = ProgressLine()
    async with shown(widget, size=(60, 1)) as pilot:
        widget.pilot = pilot
        yield widget


async def test_the_bar_grows_with_what_is_done(line):
    bars = []
    for done in range(0, 41, 4):
        line.draw("k = 3: 3 runs", done, 40)
        (shown_line,) = text(line)
        assert shown_line.startswith(" k = 3: 3 runs ")
        assert shown_line.rstrip().endswith(f" {done}/40")
        bars.append(shown_line.count("█"))
        assert shown_line.count("█") + shown_line.count("─") == 24
    assert (bars[0], bars[5], bars[-1]) == (0, 12, 24)
    assert bars == sorted(set(bars))


async def test_the_bar_stands_still_while_the_count_grows_longer(line):
    starts = set()
    for done in (0, 99, 1000, 100_000):
        line.draw("seed 1", done, 100_000)
        (shown_line,) = text(line)
        assert f" {done:,}/100,000" in shown_line
        starts.add(min(shown_line.index(c) for c in "█─" if c in shown_line))
    assert len(starts) == 1


async def test_without_a_count_there_is_no_bar(line):
    line.draw("done: 28 runs", 0, 0)
    assert text(line)[0].strip() == "done: 28 runs"


@pytest.mark.parametrize("width", [12, 20, 40, 60])
async def test_long_words_give_way_to_the_bar(line, width):
    await line.pilot.resize_terminal(width, 1)
    line.draw("k = 12: silhouette, Calinski-Harabasz, Davies-Bouldin, gap", 1, 4)
    (shown_line,) = text(line)
    assert len(shown_line) == width
    assert "…" in shown_line
    assert "█" in shown_line
    if width >= 20:
        assert shown_line.rstrip().endswith("1/4")


async def test_the_bar_wears_the_colour_of_no_cluster(line):
    line.draw("", 4, 4)
    (row,) = cells(line)
    (at, *_) = [x for x, (character, _) in enumerate(row) if character == "█"]
    assert row[at][1].color == row[0][1].color
