"""The marker of the points: every one is shown before it is chosen."""

import pytest
from textual.widgets import OptionList

from kmeans_tui import palette
from kmeans_tui.command import Options
from kmeans_tui.options.view_options import MARKERS
from kmeans_tui.ui.screens.dialogs.marker import MarkerDialog, sample
from tests.pilot import copied, opened, screen_text, settled, text


@pytest.mark.parametrize("marker", MARKERS)
def test_samples_are_of_one_length_and_made_of_their_marker(marker):
    kinds = {
        "glyph": {palette.glyph(0)},
        "braille": set(map(chr, range(0x2801, 0x2900))),
        "dot": {palette.DOT},
        "octant": set(palette.OCTANTS[1:]),
    }
    assert len(sample(marker)) == len(sample("octant"))
    assert set(sample(marker)) <= kinds[marker]


async def test_all_four_are_shown_and_the_chosen_one_is_drawn_and_copied():
    async with opened(Options(k=3)) as pilot:
        await pilot.press("M")
        await settled(pilot)
        assert isinstance(pilot.app.screen, MarkerDialog)
        shown = screen_text(pilot.app)
        assert all(f"{marker:<9}{sample(marker)}" in shown for marker in MARKERS)
        assert pilot.app.screen.query_one(OptionList).highlighted == MARKERS.index("glyph")
        await pilot.press("G", "end", "enter")
        await settled(pilot)
        assert copied(pilot.app).marker == "octant"
        drawn = set("".join(text(pilot.app.explore.stage.chart)))
        assert drawn & set(palette.OCTANTS[1:])
        assert not drawn & set(palette.GLYPHS)
        # The key that goes on from there does not come back by itself.
        met = []
        for _ in range(4):
            await pilot.press("m")
            met.append(copied(pilot.app).marker)
        assert met == ["glyph", "braille", "dot", "glyph"]
        await pilot.press("M", "escape")
        await settled(pilot)
        assert copied(pilot.app).marker == "glyph"


async def test_ascii_offers_no_choice():
    async with opened(Options(k=3, ascii=True, marker="octant"), notifications=True) as pilot:
        await pilot.press("M")
        await settled(pilot)
        assert not isinstance(pilot.app.screen, MarkerDialog)
        assert screen_text(pilot.app).isascii()
