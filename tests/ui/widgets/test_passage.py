"""Sentences in a frame: wrapped, none lost, scrolled where there are more than fit."""

import pytest

from kmeans_tui import palette
from kmeans_tui.ui.widgets.passage import Passage
from tests.pilot import cells, framed, shown, text, whole

SENTENCES = (
    "The first sentence is the verdict, and it is longer than the frame is wide.",
    "The second says why.",
    "! The third is a doubt about both of them, which takes its room as well.",
)


@pytest.fixture
async def passage():
    widget = Passage(title="verdict")
    async with shown(widget, size=(32, 6)) as pilot:
        widget.pilot = pilot
        widget.draw(SENTENCES)
        widget.focus()
        await pilot.pause()
        yield widget


def words(widget):
    return " ".join(" ".join(text(widget)).split())


async def test_every_word_is_there_in_its_order():
    widget = Passage()
    async with shown(widget, size=(32, 14)):
        widget.draw(SENTENCES)
        assert words(widget) == " ".join(SENTENCES)
        assert framed(widget)[1] == ""
        bold = [line[1][1].bold for line in cells(widget)]
        lines = [at for at, line in enumerate(text(widget)) if line.strip()]
        first = next(at for at in lines if text(widget)[at].startswith(" The second"))
        assert [bool(bold[at]) for at in lines] == [at < first for at in lines]


async def test_lines_of_a_table_are_not_wrapped():
    widget = Passage()
    async with shown(widget, size=(30, 6)):
        widget.draw(("a    b    c", f"{'x' * 40}"), wrapped=False)
        assert text(widget)[0].rstrip() == " a    b    c"
        assert text(widget)[1].rstrip().endswith("…")


async def test_what_does_not_fit_is_reached_line_by_line(passage):
    seen = text(passage)
    count = int(framed(passage)[1].split(" of ")[1].split()[0])
    assert framed(passage)[1].startswith(f"1-4 of {count} lines")
    for at in range(1, count - 3):
        await passage.pilot.press("j" if at % 2 else "down")
        assert framed(passage)[1].startswith(f"{at + 1}-{at + 4} of {count}")
        seen.append(text(passage)[-1])
    assert " ".join(" ".join(seen).split()) == " ".join(SENTENCES)
    await passage.pilot.press("j")
    assert framed(passage)[1].startswith(f"{count - 3}-{count}")
    await passage.pilot.press(*["k"] * count, "up")
    assert framed(passage)[1].startswith("1-4")


async def test_the_same_sentences_stay_where_they_are_and_others_begin_at_the_top(passage):
    await passage.pilot.press("j")
    passage.draw(list(SENTENCES))
    assert framed(passage)[1].startswith("2-5")
    passage.draw(SENTENCES[::-1])
    assert framed(passage)[1].startswith("1-4")


async def test_no_size_is_too_small(passage):
    before = text(passage)
    for size in ((1, 1), (5, 3), (6, 9), (3, 20), (32, 6)):
        await passage.pilot.resize_terminal(*size)
        assert [len(strip.text) for strip in whole(passage)] == [size[0]] * size[1]
    assert text(passage) == before


async def test_nothing_to_say_is_an_empty_frame():
    widget = Passage()
    async with shown(widget, size=(30, 4)):
        widget.draw(())
        assert words(widget) == ""
        widget.draw(("",))
        assert words(widget) == ""
        assert palette.to_ascii(framed(widget)[1]) == ""
