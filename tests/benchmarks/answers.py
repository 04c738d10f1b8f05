"""How soon the screens that ask many runs answer: ``python -m tests.benchmarks.answers``.

For each size of data and each screen, in milliseconds: from its key to its first result; median and
worst of forty keys pressed while it works, from the key until what it changes is drawn; from ctrl+c
to the word "stopped". Explore with nothing running stands beside them. A dash: it was done before.

Then ``python -m tests.benchmarks.answers census``: processor time of a census for each seed,
beside a loop of scikit-learn's Lloyd over the same seeds, which stops at the same shifts; both on
one thread in one process. And the silhouette of one partition beside scikit-learn's.
"""

import asyncio
import sys
import time
from collections.abc import Callable
from itertools import product
from statistics import median

import numpy as np
from sklearn.cluster import KMeans as SklearnKMeans
from sklearn.metrics import silhouette_score
from textual import events
from threadpoolctl import threadpool_limits

from kmeans_tui.analysis.census import census
from kmeans_tui.analysis.silhouette import silhouette
from kmeans_tui.clustering.kmeans import KMeans
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


def spent(work: Callable[[], object]) -> float:
    """Milliseconds of the processor, the better of two."""
    found = []
    for _ in range(2):
        began = time.process_time()
        work()
        found.append(1000 * (time.process_time() - began))
    return min(found)


def census_beside_scikit_learn() -> None:
    """A line for each size: a census, its peer, and their ratio; then those of the silhouette."""
    print(f"{'n':>6}{'d':>3}{'k':>4}{'census':>9}{'sklearn':>9}{'ratio':>7}", end="")
    print(f"{'silhouette':>12}{'sklearn':>9}{'ratio':>7}   ms a seed, ms")
    for n, d, k in product((1000, 3000, 10_000), (2, 4, 8), (8, 15, 30)):
        rng = np.random.RandomState(0)
        centres = rng.uniform(-10, 10, (k - 1, d))
        X = centres[rng.randint(k - 1, size=n)] + 1.5 * rng.normal(size=(n, d))
        seeds = range(max(6, 20_000 // n))
        # scikit-learn compares the sum of the squared shifts with tol · the mean variance.
        tol = 1e-8 / X.var(axis=0).mean()

        def theirs(X: np.ndarray = X, k: int = k, tol: float = tol, seeds: range = seeds) -> None:
            for seed in seeds:
                SklearnKMeans(
                    k, n_init=1, init="random", tol=tol, max_iter=100, random_state=seed
                ).fit(X)

        ours, beside = (
            spent(each) / len(seeds)
            for each in (lambda X=X, k=k, seeds=seeds: census(X, k, seeds), theirs)
        )
        labels = KMeans(k, random_state=0).fit(X).labels
        mine = spent(lambda X=X, labels=labels, k=k: silhouette(X, labels, k))
        other = spent(lambda X=X, labels=labels: silhouette_score(X, labels))
        print(f"{n:>6}{d:>3}{k:>4}{ours:>9.2f}{beside:>9.2f}{ours / beside:>7.2f}", end="")
        print(f"{mine:>12.1f}{other:>9.1f}{mine / other:>7.2f}", flush=True)


def main() -> None:
    """All data, or with ``census`` the census."""
    if sys.argv[1:] == ["census"]:
        with threadpool_limits(1):
            census_beside_scikit_learn()
        return
    print(f"{'':<39}{'first':>8}{'key':>8}{'worst':>8}{'stop':>8}   ms")
    for data in DATA:
        asyncio.run(measure(data))
        Job.all_ended(patience=60)


if __name__ == "__main__":
    main()
