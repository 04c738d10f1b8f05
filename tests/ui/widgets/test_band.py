"""The lines of a lesson: wrapped to any width, a page at a time, nothing lost."""

import pytest

from kmeans_tui.ui.models.lecture import Lecture
from kmeans_tui.ui.widgets.band import Band
from kmeans_tui.user_keys import Spelling
from tests.pilot import shown, text


@pytest.mark.parametrize("width", [60, 80, 100, 160])
@pytest.mark.parametrize("height", [2, 3])
async def test_every_word_is_on_some_page(width, height):
    lecture = Lecture(1, 1)
    lecture.measured = {
        "answer": "moving",
        "moving": 2.0,
        "assigning": 1.0,
        "key": Spelling(),
    }
    band = Band()
    async with shown(band, size=(width, height)) as pilot:
        band.draw(lecture)
        pages = [text(band)]
        while band.turn():
            pages.append(text(band))
        await pilot.pause()
        assert all("lesson 2" in page[0] and "F Leave" in page[0] for page in pages)
        assert all("L More" in page[0] for page in pages[:-1])
        assert "L Next" in pages[-1][0]
        said = " ".join(line for page in pages for line in page[1:]).replace("…", " ").split()
        assert said == " ".join(lecture.words()).split()
        band.draw(lecture)
        assert text(band) == pages[-1], "the same words keep their page"
        lecture.go_on()
        band.draw(lecture)
        assert "Not done yet" in " ".join(text(band))
