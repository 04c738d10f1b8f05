"""Random keys, clicks, pastes and sizes on every screen and dialog: no fault, no standstill.

``KMEANS_TUI_FUZZ`` is how many runs there are; a run is known by its number.
"""

import asyncio
import os
import random

import pytest
from textual import events

from kmeans_tui import key_table
from kmeans_tui.command import Options
from kmeans_tui.ui.app import KMeansApp
from tests.pilot import settled

RUNS = int(os.environ.get("KMEANS_TUI_FUZZ", "6"))
STEPS = 120
SIZES = ((100, 30), (80, 24), (60, 16), (160, 50), (1, 30), (60, 1), (20, 3), (1, 1), (91, 17))
# Suspending would stop the tests. Leaving is tried elsewhere, and does nothing here: the palette
# and a click on the last line offer it too.
ENDS = {"ctrl+z"}
KEYS = sorted(
    {name for row in key_table.TABLE for names, _ in row.bindings for name in names.split(",")}
    - ENDS
)
MORE = ("enter", "enter", "escape", "tab", "pageup", "pagedown", "end", "home", "delete", "a", "Z")
PASTES = ("", "\n", "iris", "7\n7", "\x1b[31m", "x" * 3000, "é\u202e[b]", "/tmp/", "=1+1")
DATA = ("blobs", "iris", "blobs:d=1", "blobs:n=12,k=3", "wine", "blobs:n=1,k=1")


def event(chance, size):
    """Something that a terminal may send."""
    kind = chance.random()
    x, y = chance.randrange(max(1, size[0])), chance.randrange(max(1, size[1]))
    # The bars at the top and at the bottom answer clicks, and are one line each.
    y = chance.choice((0, max(0, size[1] - 1), y, y))
    if kind < 0.06:
        return [events.Paste(chance.choice(PASTES))]
    if kind < 0.2:
        chosen = chance.choice((events.MouseScrollDown, events.MouseScrollUp, events.MouseMove))
        button = {"button": 0, "shift": False, "meta": False, "ctrl": False}
        place = {"x": x, "y": y, "delta_x": 0, "delta_y": 0, "widget": None}
        if kind < 0.12:
            return [chosen(**place, **button)]
        button["button"] = 1
        return [made(**place, **button) for made in (events.MouseDown, events.MouseUp)]
    key = chance.choice(KEYS + list(MORE) * 2)
    character = key if len(key) == 1 else "\r" if key == "enter" else None
    return [events.Key(key, character)] * (chance.choice((2, 5)) if kind > 0.9 else 1)


@pytest.mark.parametrize("seed", range(RUNS))
async def test_whatever_is_pressed(seed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    codes = []
    monkeypatch.setattr(
        KMeansApp, "exit", lambda *_, return_code=0, **__: codes.append(return_code)
    )
    (tmp_path / "t.csv").write_text("a,b,c\n" + "".join(f"{i},{i % 5},x\n" for i in range(60)))
    chance = random.Random(seed)
    data = chance.choice((*DATA, "t.csv"))
    app = KMeansApp(Options(data, k_max=4, runs=2, census=20, seeds=(0, 1, 2, 3)))
    size, done = (100, 30), []
    async with app.run_test(size=size, notifications=True) as pilot:
        await settled(pilot)
        for _ in range(STEPS):
            if chance.random() < 0.06:
                size = chance.choice(SIZES)
                done.append(size)
                await asyncio.wait_for(pilot.resize_terminal(*size), 20)
            else:
                sent = event(chance, size)
                done.append([getattr(each, "key", type(each).__name__) for each in sent])
                for each in sent:
                    app.post_message(each)
            if chance.random() < 0.5:
                await asyncio.sleep(chance.choice((0, 0, 0.01, 0.05)))
            assert app.is_running, done[-12:]
            assert app._exception is None, done[-12:]
            assert not any(codes), done[-12:]
        # Answered within 5 s: the loop is not held up.
        await asyncio.wait_for(pilot.pause(0.1), 20)
        await pilot.resize_terminal(100, 30)
        while len(app.screen_stack) > 1:
            await pilot.press("escape")
        await pilot.press("escape", "1")
        assert app._exception is None, done[-12:]
