"""How soon the screens that ask many runs answer: ``python -m tests.benchmarks.answers``.

For each size of data and each screen, in milliseconds: from its key to its first result; median and
worst of forty keys pressed while it works, from the key until what it changes is drawn; from ctrl+c
to the word "stopped". Explore with nothing running stands beside them. A dash: it was done before.
"""

import asyncio
import time
from collections.abc import Callable
from statistics import median

from textual import events

from kmeans_tui.command import Options
from kmeans_tui.ui.app import KMeansApp
from kmeans_tui.ui.models.job import Job
from tests.pilot import screen_text, settled

DATA = ("iris", "blobs:n=100000,k=8,std=2.5", "blobs:n=1000000,k=8,std=2.5")
PRESSED = 40
# What a key of each screen changes, and what its first result is.
KEYS = {"Explore": "full_stop", "Elbow": "f", "Seeds": "o", "Compare": "m"}
CHANGES: dict[str, Callable[[KMeansApp], object]] = {
    "Explore": lambda app: app.explore.session.position,
    "Elbow": lambda app: app.page.options.curve,  # type: ignore[attr-defined]
    "Seeds": lambda app: app.page.options.order,  # type: ignore[attr-defined]
    "Compare": lambda app: app.explore.session.options.marker,
}
FIRST: dict[str, Callable[[KMeansApp], object]] = {
    "Elbow": lambda app: app.page._rows,  # type: ignore[attr-defined]
    "Seeds": lambda app: app.page._found,  # type: ignore[attr-defined]
    "Compare": lambda app: app.page._sides,  # type: ignore[attr-defined]
}


async def until(app: KMeansApp, true: Callable[[], object]) -> float:
    """Milliseconds until something is true."""
    began = time.perf_counter()
    while not true():
        await asyncio.sleep(0.0005)
        assert time.perf_counter() - began < 60, screen_text(app)
    return 1000 * (time.perf_counter() - began)


def send(app: KMeansApp, key: str) -> None:
    """Press a key without waiting for it."""
    app.post_message(events.Key(key, key if len(key) == 1 else None))


async def pressed(app: KMeansApp, name: str) -> list[float]:
    """How long each key took."""
    found = []
    for number in range(PRESSED):
        before = CHANGES[name](app)
        send(app, "comma" if name == "Explore" and number % 2 else KEYS[name])
        found.append(await until(app, lambda before=before: CHANGES[name](app) != before))  # type: ignore[misc]
        await asyncio.sleep(0.01)
    return found


def line(data: str, name: str, first: str, keys: list[float], stop: str) -> None:
    """Print a row of the table."""
    print(f"{data:<30}{name:<9}{first:>8}{median(keys):>8.1f}{max(keys):>8.1f}{stop:>8}")


async def measure(data: str) -> None:
    """A line for each screen."""
    app = KMeansApp(Options(data))
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        line(data, "Explore", "", await pressed(app, "Explore"), "")
        for key, name in (("2", "Elbow"), ("3", "Seeds"), ("4", "Compare")):
            send(app, key)
            first = await until(
                app, lambda name=name: app.current_mode == name and FIRST[name](app)  # type: ignore[misc]
            )  # fmt: skip
            keys = await pressed(app, name)
            stop = "-"
            if app.page.busy:  # type: ignore[attr-defined]
                send(app, "ctrl+c")
                stop = f"{await until(app, lambda: 'stopped' in screen_text(app)):.0f}"
            line("", name, f"{first:.0f}", keys, stop)


def main() -> None:
    """All data."""
    print(f"{'':<39}{'first':>8}{'key':>8}{'worst':>8}{'stop':>8}   ms")
    for data in DATA:
        asyncio.run(measure(data))
        Job.all_ended(patience=60)


if __name__ == "__main__":
    main()
