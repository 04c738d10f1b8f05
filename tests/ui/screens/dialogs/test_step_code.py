"""The code of the step on show, or of the start in use."""

import inspect

from textual.widgets import Static

from kmeans_tui.clustering import textbook, textbook_starts
from kmeans_tui.clustering.textbook_code import STARTS
from kmeans_tui.command import Options
from kmeans_tui.vocabulary import INITS
from tests.pilot import opened, screen_text


async def test_the_code_is_that_of_the_step_on_screen_and_no_line_is_cut():
    async with opened(size=(100, 40)) as pilot:
        for key, function in [
            ("comma", "initialise"), ("full_stop", "assign"), ("full_stop", "update"),
            ("G", "has_converged"), ("comma", "update"),
        ]:  # fmt: skip
            await pilot.press(key, "v")
            await pilot.pause()
            shown = screen_text(pilot.app)
            assert f"the textbook's {function}" in shown
            lines = inspect.getsource(getattr(textbook, function)).rstrip().splitlines()
            for line in lines:
                assert line.strip() in shown
            assert shown.count("def ") == 1
            code = pilot.app.screen.query_one("#code")
            assert max(map(len, lines)) <= code.scrollable_content_region.width
            assert code.query_one(Static).size.height == len(lines)
            await pilot.press("q")


async def test_the_code_of_the_start_in_use():
    for init in INITS:
        async with opened(Options(init=init, goto="0:initialise"), size=(120, 60)) as pilot:
            await pilot.press("v")
            await pilot.pause()
            shown = screen_text(pilot.app)
            name = "initialise" if init == "random" else STARTS[init]
            title = "the textbook's" if init == "random" else f"the textbook's start {init}:"
            assert f"{title} {name}" in shown
            function = getattr(textbook if init == "random" else textbook_starts, name)
            for line in inspect.getsource(function).rstrip().splitlines():
                assert line.strip() in shown
            await pilot.press("full_stop")
            await pilot.pause()
            assert "the textbook's assign" in screen_text(pilot.app)
            assert pilot.app.explore.session.position == 1
            assert len(pilot.app.screen_stack) == 2
