"""Our figures beside the article's code: ``python -m tests.benchmarks.export [--quick] [TABLE …]``.

Tables: animation, glide, colours, still, memory, stall; all of them if none is named.

Both sides draw in one process, taking turns; a ratio is that of the medians of their CPU times. The
article's code is written here as it is described: pyplot, a figure cleared for every frame, one
scatter per cluster, FuncAnimation with the writer of pillow.
"""

import argparse
import asyncio
import gc
import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import matplotlib

matplotlib.use("Agg")

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.animation import FuncAnimation
from PIL import Image

from kmeans_tui import KMeans, load_data
from kmeans_tui.clustering.history import History
from kmeans_tui.command import Options
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.export.animation import glide, scenes
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.bundle import Request
from kmeans_tui.export.figures import canvas, stills
from kmeans_tui.export.figures.article_look import COLOURS
from kmeans_tui.export.items import Item
from kmeans_tui.export.provenance import Provenance
from kmeans_tui.export.runs_view import one_run
from kmeans_tui.export.view import RunView
from kmeans_tui.export.worker import Worker
from kmeans_tui.requests.document import document

SOURCE = Provenance("kmeans-tui export", "0" * 64)
# points, frames, clusters, the ratio to reach
ANIMATIONS = ((300, 20, 5, 7.0), (10_000, 20, 5, 6.0), (1_000_000, 7, 3, 40.0))


def run_of(n: int, frames: int, k: int) -> tuple[Dataset, History]:
    """Blobs and a run on them of exactly so many frames."""
    dataset = load_data(f"blobs:n={n},k={k},std=1.6")
    for seed in range(200):
        model = KMeans(k, frames - 1, 0.0, random_state=seed)
        if len(model.fit(dataset.points).history) == frames:
            return dataset, model.history
    raise SystemExit(f"no seed gives {frames} frames of {n} points")


def article_animation(dataset: Dataset, history: History, path: Path) -> None:
    """The article's GIF, drawn by the article's means."""
    X = dataset.shown()
    states = [
        {"iteration": s.iteration, "centroids": s.centroids, "labels": s.labels} for s in history
    ]
    figure, axes = plt.subplots(figsize=(8, 6))
    figure.patch.set_facecolor("#1a1a2e")

    def draw(frame: int) -> None:
        axes.clear()
        axes.set_facecolor("#1a1a2e")
        state = states[frame]
        for j in range(history.k):
            mine = X[state["labels"] == j]
            axes.scatter(
                mine[:, 0], mine[:, 1], c=COLOURS[j], s=40, alpha=0.7, edgecolors="white",
                linewidths=0.3,
            )  # fmt: skip
        if frame > 0:
            for start, end in zip(states[frame - 1]["centroids"], state["centroids"], strict=True):
                axes.annotate(
                    "", xy=end, xytext=start,
                    arrowprops={"arrowstyle": "->", "color": "white", "lw": 1.5, "alpha": 0.6},
                )  # fmt: skip
        axes.scatter(
            state["centroids"][:, 0], state["centroids"][:, 1], c="white", marker="*", s=300,
            edgecolors="black", linewidths=1.5, zorder=5,
        )  # fmt: skip
        title = f"Iteration {state['iteration']} | K={history.k}"
        axes.set_title(title, color="white", fontsize=13, fontweight="bold")
        axes.tick_params(colors="white")
        for spine in axes.spines.values():
            spine.set_edgecolor("#444")

    made = FuncAnimation(figure, draw, frames=len(states), interval=800, repeat=True)
    made.save(path, writer="pillow", fps=1.2)
    plt.close(figure)


def our_animation(dataset: Dataset, history: History, path: Path) -> None:
    view = RunView(dataset, history, Appearance(look="dark"))
    with path.open("wb") as file:
        scenes.animate(scenes.Frames(one_run(view)), file, SOURCE, lambda *_: None)


def our_glide(dataset: Dataset, history: History, path: Path, form: str = "gif") -> None:
    view = RunView(dataset, history, Appearance(look="dark", glide=True))
    with path.open("wb") as file:
        scenes.animate(glide.Glide(one_run(view)), file, SOURCE, lambda *_: None, form)


def interleaved(sides: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median CPU seconds of each side, taking turns; the first turn warms up."""
    spent: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name, draw in sides.items():
            gc.collect()  # each pays for its own garbage
            began = time.process_time()
            draw()
            gc.collect()
            if number:
                spent[name].append(time.process_time() - began)
    return {name: median(times) for name, times in spent.items()}


def told(text: str, value: float, goal: float, at_least: bool = True) -> None:
    reached = value >= goal if at_least else value <= goal
    print(f"{text:<58}{value:>9.2f}{goal:>9.2f}{'' if reached else '   missed'}", flush=True)


def table_animation(quick: bool, folder: Path) -> None:
    """GIF: time of the article's code over ours, size of ours over the article's"""
    for n, frames, k, goal in ANIMATIONS[: 2 if quick else 3]:
        dataset, history = run_of(n, frames, k)
        theirs, ours = folder / "theirs.gif", folder / "ours.gif"
        spent = interleaved(
            {
                "theirs": lambda d=dataset, h=history, p=theirs: article_animation(d, h, p),
                "ours": lambda d=dataset, h=history, p=ours: our_animation(d, h, p),
            },
            1 if n > 100_000 else 5,
        )
        told(
            f"GIF, {n:,} points, {frames} frames: {spent['theirs']:.2f} s / {spent['ours']:.3f} s",
            spent["theirs"] / spent["ours"],
            goal,
        )
        share = ours.stat().st_size / theirs.stat().st_size
        told(f"  size, {ours.stat().st_size // 1024} KB", share, 0.5, at_least=False)


def table_glide(quick: bool, folder: Path) -> None:
    """Glide: its time over that of the article's GIF of as many iterations, and MB"""
    dataset, history = run_of(300, 20, 5)
    theirs, ours, webp = (folder / name for name in ("theirs.gif", "glide.gif", "glide.webp"))
    spent = interleaved(
        {
            "theirs": lambda: article_animation(dataset, history, theirs),
            "gif": lambda: our_glide(dataset, history, ours),
            "webp": lambda: our_glide(dataset, history, webp, "webp"),
        },
        1 if quick else 3,
    )
    for form, path in (("gif", ours), ("webp", webp)):
        said = f"glide as {form}, 300 points: {spent[form]:.2f} s / {spent['theirs']:.2f} s"
        told(said, spent[form] / spent["theirs"], 2.0, at_least=False)
        told("  size, MB", path.stat().st_size / 1e6, 3.0, at_least=False)


def table_colours(quick: bool, folder: Path) -> None:
    """GIF: 99th percentile of CIEDE2000 between what is decoded and what was drawn"""
    for n, frames, k, _ in ANIMATIONS[: 2 if quick else 3]:
        dataset, history = run_of(n, frames, k)
        for look in ("dark", "light"):
            view = RunView(dataset, history, Appearance(look=look))
            drawn = scenes.Frames(one_run(view))
            file = io.BytesIO()
            scenes.animate(drawn, file, SOURCE, lambda *_: None)
            image = Image.open(file)
            errors = []
            for i in range(frames):
                image.seek(i)
                found = np.asarray(image.convert("RGB"))
                wanted = drawn.draw(i).view(np.uint8).reshape(*found.shape[:2], 4)[..., :3]
                inked = (wanted != wanted[0, 0]).any(axis=2)
                pairs = np.concatenate([found[inked], wanted[inked]], axis=1)
                pairs, counts = np.unique(pairs, axis=0, return_counts=True)
                errors.append((ciede2000(pairs[:, :3], pairs[:, 3:]), counts))
            value, weight = (np.concatenate([each[i] for each in errors]) for i in (0, 1))
            order = value.argsort()
            reached = np.cumsum(weight[order]) / weight.sum()
            p99 = value[order][np.searchsorted(reached, 0.99)]
            told(f"colour error, {n:,} points, {look}, p99", float(p99), 3.0, at_least=False)


def ciede2000(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The colour difference of sRGB colours (m, 3), 0 to 255 (Sharma, Wu, Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = lab(first).T, lab(second).T
    mean_c = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180
    turn[c1 * c2 == 0] = 0
    dl, dc, dh = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    mean_l, mean_c, mean_h = (l1 + l2) / 2, (c1 + c2) / 2, h1 + turn / 2
    t = (
        1
        - 0.17 * np.cos(np.radians(mean_h - 30))
        + 0.24 * np.cos(np.radians(2 * mean_h))
        + 0.32 * np.cos(np.radians(3 * mean_h + 6))
        - 0.20 * np.cos(np.radians(4 * mean_h - 63))
    )
    sl = 1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2)
    sc, sh = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    around = np.exp(-((((mean_h - 275 + 180) % 360 - 180) / 25) ** 2))
    rt = -2 * np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7)) * np.sin(np.radians(60 * around))
    l_, c_, h_ = dl / sl, dc / sc, dh / sh
    return np.sqrt(np.maximum(l_**2 + c_**2 + h_**2 + rt * c_ * h_, 0))


def lab(rgb: np.ndarray) -> np.ndarray:
    """sRGB (m, 3), 0 to 255, as CIELAB under D65."""
    c = rgb / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    to_xyz = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
              [0.0193339, 0.1191920, 0.9503041]]  # fmt: skip
    xyz = linear @ np.array(to_xyz).T / (0.95047, 1.0, 1.08883)
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack(
        [116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1
    )


def table_still(quick: bool, folder: Path) -> None:
    """PNG of one iteration: time of ``ax.scatter`` over ours"""
    n = 100_000 if quick else 1_000_000
    dataset, history = run_of(n, 7, 3)
    view = RunView(dataset, history, Appearance(look="dark"))

    def theirs() -> None:
        figure, axes = plt.subplots(figsize=(8, 6))
        labels = history.labels(6)
        for j in range(3):
            mine = view.positions[labels == j]
            axes.scatter(
                mine[:, 0], mine[:, 1], c=COLOURS[j], s=40, alpha=0.7, edgecolors="white",
                linewidths=0.3,
            )  # fmt: skip
        figure.savefig(folder / "theirs.png", dpi=150)
        plt.close(figure)

    def ours() -> None:
        with (folder / "ours.png").open("wb") as file:
            canvas.save(stills.iteration(view, 6), file, "png", SOURCE)

    spent = interleaved({"theirs": theirs, "ours": ours}, 2 if quick else 3)
    told(
        f"still, {n:,} points: {spent['theirs']:.2f} s / {spent['ours']:.3f} s",
        spent["theirs"] / spent["ours"],
        10.0,
    )


_MEASURED = """
import sys
from pathlib import Path
from tests.benchmarks.export import SOURCE, run_of, our_animation
from kmeans_tui.export import canvas, figures
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.runs_view import one_run
from kmeans_tui.export.view import RunView
n, frames, what = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
small = run_of(300, 7, 3)
our_animation(*small, Path(sys.argv[4]))  # matplotlib, Pillow and their caches are in
dataset, history = run_of(n, frames, 3) if frames == 7 else run_of(n, frames, 12)
view = RunView(dataset, history, Appearance())
dataset.points, view.positions
peak = Path("/proc/self/clear_refs")
peak.write_text("5")
def high():
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1])
before = high()
if what == "animation":
    our_animation(dataset, history, Path(sys.argv[4]))
else:
    with open(sys.argv[4], "wb") as file:
        number = (3,) if what == "iteration" else ()
        canvas.save(getattr(figures, what)(view, *number), file, "png", SOURCE)
print((high() - before) / 1024)
"""


def table_memory(quick: bool, folder: Path) -> None:
    """MB beyond the data and the history, at the peak"""
    cases = [(300, 7, "animation"), (300, 20, "iterations"), (1_000_000, 7, "animation")]
    if not quick:
        cases += [(20_000, 60, "animation"), (1_000_000, 100, "animation")]
        cases += [(1_000_000, 7, "iterations"), (1_000_000, 7, "iteration")]
    for n, frames, what in cases:
        words = [sys.executable, "-c", _MEASURED, str(n), str(frames), what, str(folder / "m.out")]
        found = subprocess.run(words, capture_output=True, text=True, check=False)
        if found.returncode:
            print(f"memory, {n:,} points, {frames} frames, {what}: {found.stderr.strip()[-200:]}")
            continue
        told(
            f"memory, {n:,} points, {frames} frames, {what}, MB",
            float(found.stdout),
            64.0,
            at_least=False,
        )


def table_stall(quick: bool, folder: Path) -> None:
    """Longest time between two beats of an event loop, 5 ms apart, while files are written; ms"""

    async def beats(work: Callable[[], object] | None, seconds: float) -> list[float]:
        gaps, loop = [], asyncio.get_running_loop()
        running = loop.run_in_executor(None, work) if work else None
        began = before = time.perf_counter()
        while not running.done() if running else time.perf_counter() - began < seconds:
            await asyncio.sleep(0.005)
            now = time.perf_counter()
            gaps.append(1000 * (now - before - 0.005))
            before = now
        if running:
            await running
        return gaps

    for n, frames, what in ((300, 20, "animation"), (1_000_000, 7, "iteration,animation,run")):
        if quick and n > 300:
            continue
        dataset, history = run_of(n, frames, 5 if n == 300 else 3)
        request = Request(
            items=tuple(map(Item.read, what.split(","))),
            folder=folder / "stall",
            dataset=dataset,
            history=history,
            document=document(Options("blobs", seed=0), dataset, history),
            command="kmeans-tui export",
            force=True,
        )
        idle = sorted(asyncio.run(beats(None, 2.0)))
        for state in ("cold", "warm"):
            with Worker() as worker:
                if state == "warm":
                    worker.write(request)
                gaps = sorted(asyncio.run(beats(lambda w=worker, r=request: w.write(r), 0)))
            told(
                f"stall, {n:,} points, {what}, {state} (idle {idle[-1]:.1f})",
                gaps[-1],
                30.0,
                at_least=False,
            )


TABLES = {
    "animation": table_animation,
    "glide": table_glide,
    "colours": table_colours,
    "still": table_still,
    "memory": table_memory,
    "stall": table_stall,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.export")
    parser.add_argument("tables", nargs="*", choices=[*TABLES, []], metavar="TABLE")
    parser.add_argument("--quick", action="store_true", help="without the largest")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in given.tables or TABLES:
            print(f"\n{TABLES[name].__doc__}\n{'':<58}{'is':>9}{'goal':>9}", flush=True)
            TABLES[name](given.quick, Path(folder))


if __name__ == "__main__":
    main()
