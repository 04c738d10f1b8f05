"""The dialog with the article's claims: judged one by one, scrolled, closed in the middle."""

import threading

from kmeans_tui.analysis.article import claims as judging
from kmeans_tui.analysis.article.experiments import Claim
from kmeans_tui.analysis.progress import Progress
from kmeans_tui.ui.screens.dialogs.article import ClaimsDialog
from tests.pilot import opened, screen_text, until

ONE = Claim("W1", "[six] iterations", "three", False, "The code as printed needs three.")
TWO = Claim("W2", "inertia is 1", "it is 1", True, "It was computed.")


async def test_all_claims_are_judged_here():
    async with opened(size=(120, 40)) as pilot:
        await pilot.app.push_screen(ClaimsDialog())
        await until(pilot, lambda: "3 iterations, 4 states stored" in screen_text(pilot.app))
        await pilot.press("end")
        await until(
            pilot, lambda: "claims hold" in str(pilot.app.screen.query("#judging")[0].render())
        )
        await pilot.press("G")
        await until(pilot, lambda: "of 14 claims hold" in screen_text(pilot.app))
        await pilot.press("g")
        await until(pilot, lambda: "W1 " in screen_text(pilot.app))


async def test_the_palette_leads_there_and_q_back():
    async with opened() as pilot:
        await pilot.press("colon", *"the article", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ClaimsDialog))
        await pilot.press("q")
        await until(pilot, lambda: pilot.app.screen is pilot.app.explore)


async def test_a_claim_is_shown_as_it_is_judged_and_closing_stops(monkeypatch):
    shown, stopped = threading.Event(), threading.Event()

    def claims(load, progress):
        progress(Progress(0, 2, "W1"))
        progress(Progress(1, 2, "W1", ONE))
        shown.wait(20)
        while progress(Progress(1, 2, "W2")):
            stopped.wait(0.01)
        stopped.set()
        return (ONE,)

    monkeypatch.setattr(judging, "claims", claims)
    async with opened() as pilot:
        await pilot.app.push_screen(ClaimsDialog())
        await until(pilot, lambda: "fails    The code as printed" in screen_text(pilot.app))
        assert "[six] iterations" in screen_text(pilot.app)
        shown.set()
        await until(pilot, lambda: "judging W2 of 2" in screen_text(pilot.app))
        await pilot.press("escape")
        await until(pilot, stopped.is_set)


async def test_how_many_hold_is_counted(monkeypatch):
    monkeypatch.setattr(judging, "claims", lambda load, progress: (ONE, TWO))
    async with opened() as pilot:
        await pilot.app.push_screen(ClaimsDialog())
        await until(pilot, lambda: "1 of 2 claims hold" in screen_text(pilot.app))


async def test_data_that_cannot_be_loaded_are_one_sentence(monkeypatch):
    def claims(load, progress):
        raise ValueError("iris is read from [scikit-learn]")

    monkeypatch.setattr(judging, "claims", claims)
    async with opened() as pilot:
        await pilot.app.push_screen(ClaimsDialog())
        await until(pilot, lambda: "iris is read from [scikit-learn]" in screen_text(pilot.app))
