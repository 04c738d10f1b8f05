"""Clusters stay apart by colour and shape, and nothing is lost on the way to ASCII."""

import ast
import inspect
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual._border import BORDER_CHARS
from textual.scrollbar import ScrollBarRender

from kmeans_tui import palette
from kmeans_tui.clustering import textbook

HOME = Path(palette.__file__).parent
MARKS = [palette.UNASSIGNED, palette.DOT, palette.WAS, palette.TRAIL, palette.BORDER]
BOXES = [chr(code) for code in range(0x2500, 0x25A0)]
ARROWS = list("←↑→↓")


def literals():
    """Every non-ASCII character in a string of the program, but for those that only document."""
    found = set()
    # Readers and the gate name characters that come from outside; what these two show is ASCII.
    outside = {HOME / "words.py", *(HOME / "data" / "reading").rglob("*.py")}
    for path in set(HOME.rglob("*.py")) - outside:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
            if is_text and id(node) not in documents:
                found |= set(node.value)
    # The code dialog shows the textbook with all that documents it.
    found |= set(inspect.getsource(textbook))
    # Halves of characters name what comes from outside; nothing can show them.
    return sorted(c for c in found if not c.isascii() and not "\ud800" <= c <= "\udfff")


def drawn_by_textual():
    """The characters of Textual's borders and scroll bars."""
    borders = "".join("".join(row) for rows in BORDER_CHARS.values() for row in rows)
    bars = "".join([*ScrollBarRender.VERTICAL_BARS, *ScrollBarRender.HORIZONTAL_BARS])
    return sorted(c for c in set(borders + bars) if not c.isascii())


@pytest.mark.parametrize("glyph", [*palette.GLYPHS, *MARKS])
def test_a_glyph_takes_one_cell_in_every_terminal(glyph):
    assert cell_len(glyph) == 1
    assert unicodedata.east_asian_width(glyph) == "N"


def test_dark_colours_are_entries_of_the_256_colour_cube():
    levels = {"00", "5f", "87", "af", "d7", "ff"}
    for colour in palette.DARK:
        assert {colour[1:3], colour[3:5], colour[5:7]} <= levels, colour


@pytest.mark.parametrize("look", ["dark", "light", "ansi"])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_sixty_clusters_look_different(look, ascii_only):
    looks = {(palette.glyph(c, ascii_only), palette.colour(c, look)) for c in range(60)}
    assert len(looks) == 60


@pytest.mark.parametrize("ascii_only", [False, True])
def test_without_colours_shapes_and_letters_stay_different(ascii_only):
    shapes = [palette.glyph(c, ascii_only, mono=True) for c in range(len(palette.LETTERS) + 11)]
    assert len(set(shapes)) == len(shapes) == 59
    assert "".join(shapes[:11]) == (palette.ASCII_GLYPHS if ascii_only else palette.GLYPHS)
    assert "".join(shapes[11:]) == palette.LETTERS
    assert [palette.glyph(c, ascii_only=True) for c in range(59)] == [
        palette.to_ascii(palette.glyph(c, mono=True)) for c in range(59)
    ]


def test_with_colours_the_shapes_begin_again():
    assert [palette.glyph(c) for c in range(11, 22)] == list(palette.GLYPHS)


def test_the_first_clusters_differ_in_shape_alone_and_in_colour_alone():
    assert len({palette.glyph(c) for c in range(8)}) == 8
    assert len({palette.glyph(c, ascii_only=True) for c in range(8)}) == 8
    for look in ("dark", "light", "ansi"):
        assert len({palette.colour(c, look) for c in range(8)}) == 8


def test_ansi_colours_are_numbers_of_the_sixteen():
    assert all(0 <= number < 16 for number in palette.ANSI)
    assert palette.colour(0, "ansi") == f"color({palette.ANSI[0]})"


def test_shapes_of_clusters_stay_different_in_ascii():
    shapes = [palette.to_ascii(glyph) for glyph in palette.GLYPHS]
    assert shapes == list(palette.ASCII_GLYPHS)
    assert len(set(shapes)) == len(shapes)


@pytest.mark.parametrize(
    "characters",
    [BOXES, ARROWS, list(palette.GLYPHS), MARKS, literals(), drawn_by_textual()],
    ids=["box and block", "arrows", "glyphs", "marks", "literals", "Textual's own"],
)
def test_everything_the_program_draws_has_an_ascii_counterpart(characters):
    assert characters, "the list of characters must not be empty"
    lost = [c for c in characters if palette.to_ascii(c) == "?"]
    assert lost == []
    assert palette.to_ascii("".join(characters)).isascii()


def test_lines_stay_lines_in_ascii():
    assert palette.to_ascii("╭─┬╌╼╮│┃╎╽├┤┼╪╳▏▂") == "+-+--+||:|||+++|-"
    assert palette.to_ascii("█▒▙▟▀") == "#####"


@given(st.text())
def test_ascii_keeps_every_character_in_its_place(text):
    found = palette.to_ascii(text)
    assert found.isascii()
    assert len(found) == len(text)
    assert all(b == a for a, b in zip(text, found, strict=True) if a.isascii())


def test_people_count_clusters_from_one():
    assert [palette.number(c) for c in (0, 1, 9)] == ["1", "2", "10"]


def test_sixty_clusters_look_different_in_a_figure():
    from matplotlib.markers import MarkerStyle

    styles = [palette.figure_style(c) for c in range(60)]
    assert len(set(styles)) == 60
    assert [colour for colour, _ in styles[:10]] == list(palette.DARK)
    assert {marker for _, marker in styles[:10]} == {"o"}
    for _, marker in styles:
        MarkerStyle(marker)
