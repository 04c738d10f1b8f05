"""Colour, glyph and number of a cluster: dark, light, 16 colours, ASCII; the figures use ``DARK``.

A cluster shows by colour and by shape at once, so it stays itself without colours, for any kind of
colour vision, and beyond the length of a palette: 11 shapes meet 10 or 8 colours in 110 or 88
different pairs.
"""

from typing import Final, Literal

Scheme = Literal["dark", "light", "ansi"]

# Ten entries of the 256-colour cube, found by maximising the smallest CIEDE2000 distance over
# normal, deutan, protan and tritan vision (12.2 for all ten, 27.8 for the first three); a terminal
# with 256 colours, one with truecolor, a PNG and a GIF show the same. At least 3.2:1 on #1a1a2e.
DARK: Final = (
    "#00afff", "#d70000", "#d7d787", "#00875f", "#5f5fff",
    "#ff8700", "#87af87", "#8787af", "#ffafd7", "#d70087",
)  # fmt: skip
# Okabe and Ito's eight hues, darkened until each has at least 3.7:1 on #e0e0e0.
LIGHT: Final = (
    "#9e6400", "#006eaa", "#007352", "#786e00", "#00468c", "#aa3c00", "#963c6e", "#5a5a5a",
)  # fmt: skip
# Numbers of the 16 standard colours: cyan, magenta, green, bright yellow, blue, red, ….
ANSI: Final = (3, 6, 2, 11, 4, 1, 5, 8)

# East-Asian width Neutral, one cell in every terminal: ● ■ ▲ ◆ would be two where a terminal is
# configured for Chinese, Japanese or Korean.
GLYPHS: Final = "▴▪✚✖♦▾✱▸▬✦◂"
ASCII_GLYPHS: Final = "ox+*#@%&=$A"
# After the shapes, where colours do not tell the repeated ones apart.
LETTERS: Final = "bcdefghijklmnpqrstuvwyzBCDEFGHIJKLMNOPQRSTUVWXYZ"

# In figures the ten colours meet matplotlib's markers of these names: 60 different pairs.
FIGURE_MARKERS: Final = "os^DvP"

UNASSIGNED: Final = "∙"  # a point before the first assignment
DOT: Final = "∙"  # a point in the marker "dot"
WAS: Final = "◦"  # where a centroid was before this update
COMING: Final = "◌"  # where a centroid will be after the next update
TRAIL: Final = "⋅"  # the way a centroid took
CURSOR: Final = "◉"  # the point that is questioned
BORDER: Final = "╎"  # between two regions, where a background tint cannot show them

# What a terminal that must not see a byte above 0x7f gets instead. The single place: chart,
# panels, borders and Textual's own widgets all pass through it.
ASCII: Final = str.maketrans(
    {
        **dict.fromkeys(map(chr, range(0x2500, 0x2580)), "+"),  # box drawing: corners, crossings
        **dict.fromkeys(map(chr, range(0x2580, 0x25A0)), "#"),  # blocks and shades
        **dict.fromkeys("─━═╌╍┄┅┈┉╴╶╸╺╼╾▁▂▔", "-"),
        **dict.fromkeys("│┃║╏┆┇┊┋╵╷╹╻╽╿▏▎▍▌▐▕┤├", "|"),
        **dict(zip(GLYPHS, ASCII_GLYPHS, strict=True)),
        "╎": ":", "∙": ".", "⋅": ".", "·": ".", "•": ".", "◦": "'", "◌": '"', "…": "~", "×": "x",
        "−": "-", "–": "-", "—": "-",
        "→": ">", "←": "<", "↑": "^", "↓": "v", "▶": ">", "✓": "+", "✗": "x",
        "⏎": "<", "≤": "<", "≥": ">", "²": "2", "Σ": "S", "‖": "|", "’": "'", "“": '"', "”": '"',
        "❚": "|", "○": "o", "●": "o", "⭘": "o", "⠿": ":", "🔎": "/", "🔍": "/",
        # the file's own character set, should a feature's name reach the screen
        "ä": "a", "ö": "o", "ü": "u", "ß": "s", "é": "e", "è": "e", "ñ": "n", "°": "o", "µ": "u",
        "±": "~", "◉": "@", "∞": "#",
        "€": "E", "£": "L", "¥": "Y", "₹": "R", "\u00a0": " ", "\u2009": " ", "\u202f": " ",
    }
)  # fmt: skip


def to_ascii(text: str) -> str:
    """The text without a character above 0x7f, as many characters long as before."""
    if text.isascii():
        return text
    return "".join(c if c.isascii() else "?" for c in text.translate(ASCII))


def colour(cluster: int, look: Scheme) -> str:
    """The colour of a cluster (counted from 0) as Rich and Textual write it."""
    if look == "ansi":
        return f"color({ANSI[cluster % len(ANSI)]})"
    colours = DARK if look == "dark" else LIGHT
    return colours[cluster % len(colours)]


def glyph(cluster: int, ascii_only: bool = False, mono: bool = False) -> str:
    """The shape of a cluster (counted from 0): one character, one cell wide.

    Where shapes alone have to tell clusters apart, letters follow: 60 clusters stay different.
    """
    glyphs = ASCII_GLYPHS if ascii_only else GLYPHS
    if mono or ascii_only:
        glyphs += LETTERS
    return glyphs[cluster % len(glyphs)]


def figure_style(cluster: int) -> tuple[str, str]:
    """Colour and matplotlib's marker of a cluster (counted from 0) in a figure."""
    shape = cluster // len(DARK) % len(FIGURE_MARKERS)
    return DARK[cluster % len(DARK)], FIGURE_MARKERS[shape]


def number(cluster: int) -> str:
    """The name of a cluster (counted from 0) as people read it: counted from 1."""
    return str(cluster + 1)


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255, of ``#rrggbb``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(red: float, green: float, blue: float) -> float:
    """The relative luminance, 0 to 1, of three channels of 0 to 255 (WCAG 2)."""
    light = 0.0
    for part, weight in ((red, 0.2126), (green, 0.7152), (blue, 0.0722)):
        c = part / 255
        light += weight * (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4)
    return light
