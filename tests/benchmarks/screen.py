"""What a frame costs on the wire and on the processor: ``python -m tests.benchmarks.screen``.

Bytes are counted on the far side of a real pty, chart and panels together. The processor time of a
frame is that of the program from one key to the silence after it, less that of a key which does
nothing. ``--quick`` measures one size and fewer frames.
"""

import argparse
import re
from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

from tests.benchmarks import first_paint
from tests.benchmarks.first_paint import program
from tests.terminal import Cell, Screen, Terminal

SETS = {
    300: ("blobs:n=300,k=3", "--init", "random", "--seed", "4"),
    100_000: ("blobs:n=100000,k=5", "--max-iterations", "15"),
    1_000_000: ("blobs:n=1000000,k=8", "--max-iterations", "15"),
}
# (columns, lines): median bytes of an iteration at 300 points, milliseconds of one by points.
TARGETS = {
    (120, 40): (750, {300: 6, 100_000: 15, 1_000_000: 22}),
    (200, 60): (1100, {300: 10, 100_000: 32, 1_000_000: 40}),
}
RESPONSE = 50  # milliseconds from a key to its answer while playing
LINK = 64_000  # bytes per second
SILENCE = 0.25  # seconds without a byte: the frame is over
NOTHING = "0"  # a key without a meaning


class Frame(NamedTuple):
    """One key press: the bytes it brought and the processor time in milliseconds."""

    size: int
    cpu: float


def position(screen: Screen) -> tuple[int, int] | None:
    """Iteration on show and last one, as the status line says."""
    found = re.search(r"iteration (?:\d+ → )?(\d+) of (\d+)", "\n".join(screen.text()))
    return (int(found[1]), int(found[2])) if found else None


def open_run(terminal: Terminal) -> int:
    """Wait until a run is on show; how many iterations it has."""
    terminal.wait_for(lambda screen: position(screen) is not None, timeout=120)
    terminal.wait_quiet(0.4)
    found = position(terminal.screen)
    assert found is not None
    return found[1]


def press(terminal: Terminal, key: str) -> Frame:
    """Press a key and wait until its frame is over."""
    mark = terminal.mark()
    began = terminal.send(key)
    terminal.wait_quiet(SILENCE)
    return Frame(terminal.mark() - mark, (terminal.now().cpu - began.cpu) * 1e3)


def steps(terminal: Terminal, key: str, most: int) -> list[Frame]:
    """The frames from here to the end of the run, a key press each; CPU less that of no frame."""
    idle = median(press(terminal, NOTHING).cpu for _ in range(5))
    frames = []
    for _ in range(most):
        frame = press(terminal, key)
        frames.append(Frame(frame.size, frame.cpu - idle))
        if is_last(terminal.screen, key):
            break
    return frames


def is_last(screen: Screen, key: str) -> bool:
    """Whether another press would change nothing; a half step ends with the last assignment."""
    now = position(screen)
    if now is None or now[0] < now[1]:
        return False
    return key != "." or re.search(r"\b2 assign|\b4 conv", status(screen)) is not None


def status(screen: Screen) -> str:
    """The line that says where the run stands."""
    return next((line for line in screen.text() if re.search(r"iteration [\d →]+ of", line)), "")


def frames_table(columns: int, lines: int, most: int) -> Iterator[str]:
    """Bytes and processor time of whole and half iterations, for every number of points."""
    byte_target, cpu_targets = TARGETS[columns, lines]
    yield (
        f"| {columns}x{lines} | step | frames | bytes median | target | max "
        "| nothing changed | target | CPU ms median | target | max |"
    )
    yield "|---" * 11 + "|"
    for points, arguments in SETS.items():
        with program(*arguments, columns=columns, lines=lines) as terminal:
            open_run(terminal)
            for name, key in (("iteration", "right"), ("half step", ".")):
                terminal.send("g")
                terminal.wait_quiet(1.0)
                frames = steps(terminal, key, most)
                press(terminal, "G")
                same = [press(terminal, again).size for again in ("G", "right", ".")]
                sizes, cpu = [f.size for f in frames], [f.cpu for f in frames]
                whole = key == "right"
                byte_goal = f"<= {byte_target}" if whole and points == 300 else ""
                yield (
                    f"| {points:,} | {name} | {len(frames)} | {median(sizes):.0f} | {byte_goal} "
                    f"| {max(sizes)} | {max(same)} | 0 | {median(cpu):.1f} "
                    f"| {f'<= {cpu_targets[points]}' if whole else ''} | {max(cpu):.1f} |"
                )


def responses(terminal: Terminal, count: int) -> list[float]:
    """Milliseconds from a key to its answer on the screen while the run plays."""
    found = []
    while len(found) < count:
        terminal.send("g", "space")
        terminal.wait_for(is_playing)
        while len(found) < count and is_playing(terminal.screen):
            pace = speed(terminal.screen)
            key = "<" if pace == "15" else ">"
            began = terminal.send(key)
            answered = terminal.wait_for(lambda screen, pace=pace: speed(screen) != pace)
            found.append((answered.at - began.at) * 1e3)
            # Not in step with the frames, so that keys meet every phase of them.
            terminal.wait_quiet(10, timeout=0.17)
        terminal.wait_quiet(SILENCE)
    return found


def is_playing(screen: Screen) -> bool:
    """Whether the run goes on by itself."""
    return status(screen).lstrip().startswith("▶")


def speed(screen: Screen) -> str:
    """The pace of playing as the status line says it."""
    found = re.search(r"(\d+(?:\.\d+)?)/s", status(screen))
    return found[1] if found else ""


def response_table(columns: int, lines: int, count: int) -> Iterator[str]:
    """Key to response on a slow link, by number of points."""
    yield f"| {columns}x{lines}, 8 and 15 steps/s, {LINK // 1000} kB/s | median ms | target | max |"
    yield "|---|---|---|---|"
    for points, arguments in SETS.items():
        size = {"columns": columns, "lines": lines, "rate": LINK}
        with program(*arguments, "--speed", "8", **size) as terminal:
            open_run(terminal)
            times = responses(terminal, count)
        yield f"| {points:,} | {median(times):.1f} | <= {RESPONSE} | {max(times):.1f} |"


Difference = tuple[int, int, Cell, Cell]


def differences(terminal: Terminal) -> list[Difference]:
    """Where the screen, grown frame by frame, is not what a full repaint gives."""
    grown = terminal.cells()
    # Every cell is spoilt first: one that the repaint leaves out shows.
    terminal.screen.feed(b"\x1b#8")
    terminal.send("ctrl+l")
    terminal.wait_for(lambda screen: "E" * 20 not in "\n".join(screen.text()))
    terminal.wait_quiet(0.15)
    return [
        (y, x, old, new)
        for y, (before, after) in enumerate(zip(grown, terminal.cells(), strict=True))
        for x, (old, new) in enumerate(zip(before, after, strict=True))
        if old != new
    ]


def replay(terminal: Terminal, key: str = ".") -> Iterator[tuple[str, list[Difference]]]:
    """Step through a run to its end; status line and differences after every step."""
    open_run(terminal)
    yield status(terminal.screen), differences(terminal)
    while not is_last(terminal.screen, key):
        before = status(terminal.screen)
        terminal.send(key)
        terminal.wait_for(lambda screen, before=before: status(screen) not in ("", before))
        terminal.wait_quiet(0.15)
        yield status(terminal.screen), differences(terminal)


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--quick", action="store_true", help="one size, fewer frames")
    quick = parser.parse_args().quick
    for size in list(TARGETS)[: 1 if quick else None]:
        for table in (frames_table(*size, 5 if quick else 40), response_table(*size, 10)):
            for line in table:
                print(line, flush=True)
            print()
    for line in first_paint.table(first_paint.measure(3 if quick else 9)):
        print(line, flush=True)


if __name__ == "__main__":
    main()
