"""Colours and glyphs of clusters: dark, light, 16 colours, ASCII; the figures use ``DARK``.

Clusters differ in both colour and shape, so they can be told apart without colours, with any kind
of colour vision, and beyond the length of a palette: 11 shapes and 10 or 8 colours make 110 or 88
different pairs.
"""

from typing import Final, Literal

Scheme = Literal["dark", "light", "ansi"]

# Ten entries of the 256-colour cube that maximise the smallest CIEDE2000 distance over normal,
# deutan, protan and tritan vision (12.2 for all ten, 27.8 for the first three); 256-colour and
# truecolor terminals, PNG and GIF show them alike. Contrast is at least 3.2:1 on #1a1a2e.
DARK: Final = (
    "#00afff", "#d70000", "#d7d787", "#00875f", "#5f5fff",
    "#ff8700", "#87af87", "#8787af", "#ffafd7", "#d70087",
)  # fmt: skip
# Okabe and Ito's eight hues, darkened until each has a contrast of at least 3.7:1 on #e0e0e0.
LIGHT: Final = (
    "#9e6400", "#006eaa", "#007352", "#786e00", "#00468c", "#aa3c00", "#963c6e", "#5a5a5a",
)  # fmt: skip
# From the 16 standard colours: cyan, magenta, green, bright yellow, blue, red, ….
ANSI: Final = (3, 6, 2, 11, 4, 1, 5, 8)

# East Asian width Neutral, so one cell in every terminal: ● ■ ▲ ◆ take two in terminals configured
# for Chinese, Japanese or Korean.
GLYPHS: Final = "▴▪✚✖♦▾✱▸▬✦◂"
ASCII_GLYPHS: Final = "ox+*#@%&=$A"
# Used after the shapes when colours cannot distinguish repeated ones.
LETTERS: Final = "bcdefghijklmnpqrstuvwyzBCDEFGHIJKLMNOPQRSTUVWXYZ"

# In figures, the ten colours and these matplotlib markers make 60 different pairs.
FIGURE_MARKERS: Final = "os^DvP"

UNASSIGNED: Final = "∙"  # a point before the first assignment
DOT: Final = "∙"  # a point in the marker "dot"
WAS: Final = "◦"  # where a centroid was before this update
COMING: Final = "◌"  # where a centroid will be after the next update
TRAIL: Final = "⋅"  # the path of a centroid
CURSOR: Final = "◉"  # the selected point
BORDER: Final = "╎"  # between two regions, if a background tint cannot show them

# Replacements for terminals that must not get a byte above 0x7f. Everything goes through this
# table: chart, panels, borders and Textual's own widgets.
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
    """Return the colour of a cluster (counted from 0) in the notation of Rich and Textual."""
    if look == "ansi":
        return f"color({ANSI[cluster % len(ANSI)]})"
    colours = DARK if look == "dark" else LIGHT
    return colours[cluster % len(colours)]


def glyph(cluster: int, ascii_only: bool = False, mono: bool = False) -> str:
    """Return the shape of a cluster (counted from 0): one character, one cell wide.

    If shapes alone must distinguish clusters, letters follow: enough for 60 clusters.
    """
    glyphs = ASCII_GLYPHS if ascii_only else GLYPHS
    if mono or ascii_only:
        glyphs += LETTERS
    return glyphs[cluster % len(glyphs)]


def figure_style(cluster: int) -> tuple[str, str]:
    """Return colour and matplotlib marker of a cluster (counted from 0) in a figure."""
    shape = cluster // len(DARK) % len(FIGURE_MARKERS)
    return DARK[cluster % len(DARK)], FIGURE_MARKERS[shape]


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
