"""Colour, glyph and number of a cluster: on dark and light grounds, 16 colours, ASCII, figures.

A cluster shows by colour and by shape at once, so it stays itself without colours, for any kind of
colour vision, and beyond the length of the table of hues: 11 shapes meet 9 hues in 99 pairs.
"""

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple, get_args

# The ground that colours stand on; "ansi" leaves both to the terminal and has its 16 colours.
Scheme = Literal["dark", "light", "ansi-dark", "ansi-light"]
SCHEMES: Final[tuple[Scheme, ...]] = get_args(Scheme)


class Hue(NamedTuple):
    """One hue by its name, as light or dark as each ground asks for.

    ``dark`` and ``light`` are ``#rrggbb``; ``ansi_dark`` and ``ansi_light`` are numbers of the 16
    colours of a terminal.
    """

    name: str
    dark: str
    light: str
    ansi_dark: int
    ansi_light: int


# THE table of hues, in the order of the clusters: the blue one is blue everywhere.
#
# Found by maximising the smallest CIEDE2000 distance over normal, protan, deutan and tritan vision
# (Machado, Oliveira and Fernandes 2009, severity 1) under these conditions: a contrast of 3:1 with
# the ground of every theme, and at most 12 degrees of hue between the two grounds. All nine are at
# least 10.1 apart, the first five 12.4. No ten are more than 9.3 apart on dark grounds, so from
# there on the hues begin again and shapes tell. ``dark`` are entries of the 256-colour cube: a
# terminal with 256 colours, one with truecolor, a PNG and a GIF show the same. For light grounds
# the cube has too few dark colours: the best found of these hues are 6 apart, and these, rounded
# to it, are nine colours of which shapes tell the nearest two.
#
# Of 16 colours the bright ones are read on black (blue has a contrast of 1.6 to 2.6 there), the
# others on white; orange and brown wear what is nearest among those left.
HUES: Final = (
    Hue("blue", "#87afff", "#270ec3", 12, 4),
    Hue("gold", "#ffd700", "#8c6800", 11, 3),
    Hue("cyan", "#00ffff", "#0e4e50", 14, 6),
    Hue("rose", "#ff0087", "#b93c80", 13, 13),
    Hue("magenta", "#d700ff", "#b636df", 5, 5),
    Hue("green", "#87d787", "#40885d", 10, 2),
    Hue("red", "#ff0000", "#e82c4f", 9, 1),
    Hue("orange", "#ff8700", "#782e00", 3, 9),
    Hue("brown", "#af875f", "#513a2a", 1, 8),
)

# East Asian width Neutral, so one cell in every terminal: ● ■ ▲ ◆ take two in terminals configured
# for Chinese, Japanese or Korean.
GLYPHS: Final = "▴▪✚✖♦▾✱▸▬✦◂"
ASCII_GLYPHS: Final = "ox+*#@%&=$A"
# Used after the shapes when colours cannot distinguish repeated ones.
LETTERS: Final = "bcdefghijklmnpqrstuvwyzBCDEFGHIJKLMNOPQRSTUVWXYZ"

# In figures the nine hues meet matplotlib's markers of these names: 63 different pairs.
FIGURE_MARKERS: Final = "os^DvPX"

# The 256 patterns of a cell of 2 x 4 dots without gaps, dot i (by rows, from the top left) the bit
# 2 ** i: those that other blocks had already, the rest in order from U+1CD00 on (Unicode 16).
_OTHER_BLOCKS: Final = {
    0x00: 0x0020, 0x01: 0x1CEA8, 0x02: 0x1CEAB, 0x03: 0x1FB82, 0x05: 0x2598, 0x0A: 0x259D,
    0x0F: 0x2580, 0x14: 0x1FBE6, 0x28: 0x1FBE7, 0x3F: 0x1FB85, 0x40: 0x1CEA3, 0x50: 0x2596,
    0x55: 0x258C, 0x5A: 0x259E, 0x5F: 0x259B, 0x80: 0x1CEA0, 0xA0: 0x2597, 0xA5: 0x259A,
    0xAA: 0x2590, 0xAF: 0x259C, 0xC0: 0x2582, 0xF0: 0x2584, 0xF5: 0x2599, 0xFA: 0x259F,
    0xFC: 0x2586, 0xFF: 0x2588,
}  # fmt: skip
_OWN_BLOCK: Final = iter(range(0x1CD00, 0x1CDE6))
OCTANTS: Final = "".join(
    chr(_OTHER_BLOCKS.get(pattern) or next(_OWN_BLOCK)) for pattern in range(256)
)

UNASSIGNED: Final = "∙"  # a point before the first assignment
DOT: Final = "∙"  # a point in the marker "dot"
WAS: Final = "◦"  # where a centroid was before this update
COMING: Final = "◌"  # where a centroid will be after the next update
TRAIL: Final = "⋅"  # the path of a centroid
MORE: Final = "+"  # behind the number of a centroid: others are in the same place
HAND: Final = "✛"  # the hand that moves centroids and points
CANDIDATE: Final = "♢"  # a point tried in a draw of the start
DRAWN: Final = "♦"  # the one that was taken
# How likely points are to be drawn, from hardly to most; in ASCII ten digits tell it.
CHANCES: Final = "⠂⠆⠖⠶⣿"
ASCII_CHANCES: Final = "0123456789"
CURSOR: Final = "◉"  # the selected point
BORDER: Final = "╎"  # between two regions, if a background tint cannot show them

# Replacements for terminals that must not get a byte above 0x7f. Everything goes through this
# table: chart, panels, borders and Textual's own widgets.
ASCII: Final = str.maketrans(
    {
        **dict.fromkeys(map(chr, range(0x2500, 0x2580)), "+"),  # box drawing: corners, crossings
        **dict.fromkeys(map(chr, range(0x2580, 0x25A0)), "#"),  # blocks and shades
        **dict.fromkeys((c for c in OCTANTS if not c.isascii()), "#"),
        **dict.fromkeys("─━═╌╍┄┅┈┉╴╶╸╺╼╾▁▂▔", "-"),
        **dict.fromkeys("│┃║╏┆┇┊┋╵╷╹╻╽╿▏▎▍▌▐▕┤├", "|"),
        **dict(zip(GLYPHS, ASCII_GLYPHS, strict=True)),
        "╎": ":", "∙": ".", "⋅": ".", "·": ".", "•": ".", "◦": "'", "◌": '"', "✛": "O",
        "♢": "o", "⠂": ".", "⠆": ":", "⠖": ":", "⠶": ":", "⣿": "#", "…": "~", "×": "x",
        "−": "-", "–": "-", "—": "-",
        "→": ">", "←": "<", "↑": "^", "↓": "v", "▶": ">", "✓": "+", "✗": "x",
        "⏎": "<", "≤": "<", "≥": ">", "²": "2", "Σ": "S", "‖": "|", "’": "'", "“": '"', "”": '"',
        "❚": "|", "○": "o", "●": "o", "⭘": "o", "⠿": ":", "🔎": "/", "🔍": "/",
        # characters that may occur in feature names
        "ä": "a", "ö": "o", "ü": "u", "ß": "s", "é": "e", "è": "e", "ñ": "n", "°": "o", "µ": "u",
        "±": "~", "◉": "@", "∞": "#",
        "€": "E", "£": "L", "¥": "Y", "₹": "R", "\u00a0": " ", "\u2009": " ", "\u202f": " ",
    }
)  # fmt: skip


def to_ascii(text: str) -> str:
    """Return the text without characters above 0x7f, with its length unchanged."""
    if text.isascii():
        return text
    return "".join(c if c.isascii() else "?" for c in text.translate(ASCII))


def colour(cluster: int, look: Scheme) -> str:
    """The colour of a cluster (counted from 0) as Rich and Textual write it."""
    shade = getattr(HUES[cluster % len(HUES)], look.replace("-", "_"))
    return f"color({shade})" if isinstance(shade, int) else shade


def glyph(cluster: int, ascii_only: bool = False, mono: bool = False) -> str:
    """Return the shape of a cluster (counted from 0): one character, one cell wide.

    If shapes alone must distinguish clusters, letters follow: enough for 60 clusters.
    """
    glyphs = ASCII_GLYPHS if ascii_only else GLYPHS
    if mono or ascii_only:
        glyphs += LETTERS
    return glyphs[cluster % len(glyphs)]


def figure_style(cluster: int, look: Literal["dark", "light"]) -> tuple[str, str]:
    """Colour and matplotlib's marker of a cluster (counted from 0) in a figure."""
    shape = cluster // len(HUES) % len(FIGURE_MARKERS)
    return colour(cluster, look), FIGURE_MARKERS[shape]


def number(cluster: int) -> str:
    """Return the displayed number of a cluster (counted from 0): counted from 1."""
    return str(cluster + 1)


def channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue, 0 to 255, of ``#rrggbb``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(red: float, green: float, blue: float) -> float:
    """Return the relative luminance, 0 to 1, of three channels from 0 to 255 (WCAG 2)."""
    light = 0.0
    for part, weight in ((red, 0.2126), (green, 0.7152), (blue, 0.0722)):
        c = part / 255
        light += weight * (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4)
    return light


def worn(colours: Sequence[int] | None, k: int) -> tuple[int, ...] | None:
    """Return the colour of each of k clusters, counted from 0; None if each has its own.

    ``colours`` are those chosen, counted from 1; where they are not k they do not apply.
    """
    if colours is None or len(colours) != k:
        return None
    return tuple(colour - 1 for colour in colours)


def check_worn(colours: Sequence[int] | None, k: int) -> None:
    """Raise ``ValueError``, one sentence, if the chosen colours are not those of k clusters."""
    if colours is not None and len(colours) != k:
        given = ",".join(map(str, colours))
        raise ValueError(f"--colours {given} does not fit k = {k}: name one for each cluster")
