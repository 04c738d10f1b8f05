"""Pictures of the running program: ``python -m tests.make_screenshots [NAME ...]``.

Each picture is what the program wrote to a terminal, drawn cell by cell. Lines, blocks and dots are
drawn as shapes, so that they join; everything else comes from the fonts that matplotlib brings, so
that the same screen gives the same bytes everywhere.
"""

import argparse
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import matplotlib
from matplotlib.ft2font import FT2Font
from PIL import Image, ImageColor, ImageDraw, ImageFont

from tests.browser.chromium import NAMES, place, started
from tests.browser.player_still import player_still
from tests.terminal import Cell, Terminal


class Picture(NamedTuple):
    """One screenshot: the window, the command line, the keys, and a text that must be there."""

    name: str
    columns: int
    lines: int
    arguments: str
    keys: tuple[str, ...] = ()
    shows: str = "iteration"


IRIS = "iris -k 3 --goto 2:update"
PICTURES = (
    Picture("explore", 100, 30, IRIS),
    Picture("explore-80x24", 80, 24, IRIS),
    Picture("explore-million", 100, 30, "blobs:n=1000000,k=8 --goto 3:update"),
    Picture("help", 100, 30, IRIS, ("?",)),
    Picture("code", 100, 30, IRIS, ("v",)),
    Picture("regions", 100, 30, "iris -k 3 --goto 4:update", ("b", "t")),
    Picture("light", 100, 30, IRIS + " --theme textual-light"),
    Picture("question", 100, 30, "blobs --goto 1 --row 118"),
    Picture("data", 100, 30, "iris --screen data", shows="150 rows"),
    Picture("elbow", 100, 30, "iris --screen elbow", shows="done:"),
    Picture("ladder", 100, 30, "iris --screen elbow --curve ladder", shows="done:"),
    Picture("seeds", 100, 30, "blobs --screen seeds --seeds 0-19", shows="counted"),
    Picture("compare", 100, 30, "iris -k 3 --screen compare", shows="same to rounding"),
    Picture(
        "pair",
        100,
        30,
        "blobs --screen compare --pair seeds:0,1 --goto 2:update",
        shows="points in another",
    ),
    Picture("improve", 100, 30, "blobs:k=9,n=450 -k 9 --seed 1 --goto last", ("S", ".")),
    Picture("stability", 100, 30, "iris -k 3 --screen stability", shows="verdict"),
    Picture("draws", 100, 30, "blobs --init k-means++ --goto 0:draw3", shows="candidates"),
    Picture("predict", 100, 30, "blobs --init k-means++ --predict", shows="predict 1 of"),
    Picture("lesson", 100, 30, "--lesson 9:2", shows="lesson 9"),
    Picture("ascii", 100, 30, IRIS + " --ascii"),
)

ANIMATION = "animation"
PLAYER = "player"
FOLDER = Path(__file__).parent.parent / "screenshots"
SIZE, WIDTH, HEIGHT, PADDING = 20, 12, 24, 12
FINE = 4  # shapes are drawn this much larger, then reduced
FOREGROUND, BACKGROUND = "d0d0d0", "121212"
NAMED = {
    "black": "000000", "red": "cd0000", "green": "00cd00", "brown": "cdcd00",
    "blue": "0000ee", "magenta": "cd00cd", "cyan": "00cdcd", "white": "e5e5e5",
    "brightblack": "7f7f7f", "brightred": "ff0000", "brightgreen": "00ff00",
    "brightbrown": "ffff00", "brightyellow": "ffff00", "brightblue": "5c5cff",
    "brightmagenta": "ff00ff", "bfightmagenta": "ff00ff",  # so spelt in pyte
    "brightcyan": "00ffff", "brightwhite": "ffffff",
}  # fmt: skip
QUADRANTS = dict(zip("▖▗▘▙▚▛▜▝▞▟", (4, 8, 1, 13, 9, 7, 11, 2, 6, 14), strict=True))
WAYS = {"UP": (0, -1), "DOWN": (0, 1), "LEFT": (-1, 0), "RIGHT": (1, 0)}


def colours(cell: Cell) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Foreground and background of a cell as RGB."""
    fg = FOREGROUND if cell.fg == "default" else NAMED.get(cell.fg, cell.fg)
    bg = BACKGROUND if cell.bg == "default" else NAMED.get(cell.bg, cell.bg)
    pair = ImageColor.getrgb(f"#{fg}"), ImageColor.getrgb(f"#{bg}")
    return pair[::-1] if cell.reverse else pair


@cache
def glyph(char: str, bold: bool) -> Image.Image:
    """How much of each pixel of its cell a character covers."""
    code = ord(char[0]) if char else 32
    shape = Image.new("L", (WIDTH * FINE, HEIGHT * FINE))
    pen = ImageDraw.Draw(shape)
    drawn = (
        (0x2500 <= code <= 0x257F and draw_lines(pen, unicodedata.name(char)))
        or (0x2580 <= code <= 0x259F and draw_blocks(pen, char))
        or (0x2800 <= code <= 0x28FF and draw_braille(pen, code - 0x2800))
    )
    if drawn:
        return shape.resize((WIDTH, HEIGHT), Image.Resampling.BOX)
    return letter(char, bold)


def draw_lines(pen: ImageDraw.ImageDraw, name: str) -> bool:
    """A light or heavy line, corner, arc, tee or cross; the others are left to the font."""
    words = set(name.replace("HORIZONTAL", "LEFT RIGHT").replace("VERTICAL", "UP DOWN").split())
    if words & {"DOUBLE", "DASH", "DIAGONAL"} or {"LIGHT", "HEAVY"} <= words:
        return False
    # Whole pixels of the picture, so that the reduction leaves the edges sharp.
    half = FINE * (2 if "HEAVY" in words else 1)
    x, y = WIDTH * FINE // 2, HEIGHT * FINE // 2
    ways = [step for way, step in WAYS.items() if way in words]
    if "ARC" in words:
        across, down = (sum(step[axis] for step in ways) for axis in (0, 1))
        radius = x
        box = [x, y, x + 2 * radius * across, y + 2 * radius * down]
        left, top, right, bottom = min(box[::2]), min(box[1::2]), max(box[::2]), max(box[1::2])
        start = {(1, 1): 180, (-1, 1): 270, (-1, -1): 0, (1, -1): 90}[across, down]
        outer = (left - half, top - half, right + half - 1, bottom + half - 1)
        pen.arc(outer, start, start + 90, fill=255, width=2 * half)
        far = y + down * radius
        end = HEIGHT * FINE if down > 0 else 0
        pen.rectangle((x - half, min(far, end), x + half - 1, max(far, end) - 1), fill=255)
        return True
    for across, down in ways:
        left, right = (
            sorted((x - across * half, x + across * x)) if across else (x - half, x + half)
        )
        top, bottom = sorted((y - down * half, y + down * y)) if down else (y - half, y + half)
        pen.rectangle((left, top, right - 1, bottom - 1), fill=255)
    return True


def draw_blocks(pen: ImageDraw.ImageDraw, char: str) -> bool:
    """Eighths, halves, shades and quadrants."""
    code, w, h = ord(char), WIDTH * FINE, HEIGHT * FINE
    if char in QUADRANTS:
        for bit, (x, y) in enumerate([(0, 0), (w // 2, 0), (0, h // 2), (w // 2, h // 2)]):
            if QUADRANTS[char] >> bit & 1:
                pen.rectangle((x, y, x + w // 2 - 1, y + h // 2 - 1), fill=255)
        return True
    if 0x2591 <= code <= 0x2593:
        pen.rectangle((0, 0, w, h), fill=64 * (code - 0x2590))
        return True
    box = {0x2580: (0, 0, w, h // 2), 0x2590: (w // 2, 0, w, h), 0x2594: (0, 0, w, h // 8)}
    box[0x2595] = (w - w // 8, 0, w, h)
    lower = (0, h - h * (code - 0x2580) // 8, w, h)
    left = (0, 0, w * (0x2590 - code) // 8, h)
    x1, y1, x2, y2 = box.get(code) or (lower if code <= 0x2588 else left)
    pen.rectangle((x1, y1, x2 - 1, y2 - 1), fill=255)
    return True


def draw_braille(pen: ImageDraw.ImageDraw, bits: int) -> bool:
    """Round dots, as far from each other across cells as within one."""
    places = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
    step = WIDTH * FINE // 2
    for bit, (column, row) in enumerate(places):
        if bits >> bit & 1:
            x, y = step * column + step // 2, step * row + step // 2
            radius = step * 0.36
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return True


@cache
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """A font that matplotlib brings; the basic layout, because the other is not always built in."""
    path = Path(matplotlib.get_data_path(), "fonts", "ttf", f"{name}.ttf")
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@cache
def known(name: str) -> frozenset[int]:
    """The characters a font has."""
    return frozenset(FT2Font(font(name, SIZE).path).get_charmap())


def letter(char: str, bold: bool) -> Image.Image:
    """A character from the first font that has it, made smaller where it is too wide."""
    names = ("DejaVuSansMono-Bold" if bold else "DejaVuSansMono", "DejaVuSansMono", "DejaVuSans")
    name = next((each for each in names if all(ord(c) in known(each) for c in char)), names[0])
    size = SIZE
    while name == "DejaVuSans" and size > 8 and font(name, size).getlength(char) > WIDTH + 1:
        size -= 1
    image = Image.new("L", (WIDTH, HEIGHT))
    baseline = HEIGHT - 6 - (SIZE - size) // 2
    ImageDraw.Draw(image).text((WIDTH / 2, baseline), char, 255, font(name, size), anchor="ms")
    return image


def render(cells: Sequence[Sequence[Cell]], path: Path) -> None:
    """Write a screen as a PNG."""
    around = Counter(colours(row[x])[1] for row in cells for x in (0, -1)).most_common(1)[0][0]
    size = (len(cells[0]) * WIDTH + 2 * PADDING, len(cells) * HEIGHT + 2 * PADDING)
    image = Image.new("RGB", size, around)
    for row, line in enumerate(cells):
        for column, cell in enumerate(line):
            x, y = PADDING + column * WIDTH, PADDING + row * HEIGHT
            fg, bg = colours(cell)
            image.paste(bg, (x, y, x + WIDTH, y + HEIGHT))
            image.paste(fg, (x, y), glyph(cell.char, cell.bold))
            if cell.underline:
                image.paste(fg, (x, y + HEIGHT - 4, x + WIDTH, y + HEIGHT - 3))
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, optimize=True)


def take(picture: Picture, folder: Path) -> Path:
    """Run the program for one picture and draw where it ends up."""
    command = [sys.executable, "-m", "kmeans_tui", *picture.arguments.split()]
    with tempfile.TemporaryDirectory() as home:
        # Without the settings of whoever takes the picture.
        env = {"HOME": home, "XDG_CONFIG_HOME": home}
        with Terminal(command, columns=picture.columns, lines=picture.lines, env=env) as terminal:
            terminal.wait_for(picture.shows, timeout=120)
            terminal.wait_quiet(1.0)
            for key in picture.keys:
                terminal.send(key)
                terminal.wait_quiet(0.7)
            path = folder / f"{picture.name}.png"
            render(terminal.cells(), path)
    return path


def export(folder: Path) -> Path:
    """Write the animation that the README shows."""
    words = "export blobs --seed 4 --what animation --glide --dark --size 720x540 --dpi 90 --force"
    command = [sys.executable, "-m", "kmeans_tui", *words.split(), "--out", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder / f"{ANIMATION}.gif"


def play(folder: Path) -> Path:
    """Take the picture of the player in a browser."""
    path = place()
    if path is None:
        sys.exit(f"no browser on this machine: looked for {', '.join(NAMES)}")
    with started(path) as browser:
        player_still(browser, folder / f"{PLAYER}.png")
    return folder / f"{PLAYER}.png"


def main() -> None:
    """Take the pictures that are named, or all of them."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    names = [*(picture.name for picture in PICTURES), ANIMATION, PLAYER]
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names))
    parser.add_argument("--out", type=Path, default=FOLDER)
    given = parser.parse_args()
    if unknown := set(given.names) - set(names):
        parser.error(f"no such picture: {', '.join(sorted(unknown))}")
    for picture in PICTURES:
        if picture.name in (given.names or names):
            print(take(picture, given.out))
    if ANIMATION in (given.names or names):
        print(export(given.out))
    if PLAYER in (given.names or names):
        print(play(given.out))


if __name__ == "__main__":
    main()
