"""Clusters stay apart by colour and shape, and nothing is lost on the way to ASCII."""

import ast
import inspect
import unicodedata
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import Color, ColorSystem
from textual._border import BORDER_CHARS
from textual.scrollbar import ScrollBarRender
from textual.theme import BUILTIN_THEMES

from kmeans_tui import palette
from kmeans_tui.clustering import textbook
from kmeans_tui.export.figures import look as figures
from kmeans_tui.words import printable
from tests.colour_vision import VISIONS, contrast, difference, hue_angle, turned

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
    for colour in (hue.dark for hue in palette.HUES):
        assert {colour[1:3], colour[3:5], colour[5:7]} <= levels, colour


@pytest.mark.parametrize("look", palette.SCHEMES)
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
    for look in palette.SCHEMES:
        assert len({palette.colour(c, look) for c in range(9)}) == 9


def test_ansi_colours_are_numbers_of_the_sixteen_and_of_the_hue_they_stand_for():
    hues = ("red", "green", "gold", "blue", "magenta", "cyan")
    for hue in palette.HUES:
        for number in (hue.ansi_dark, hue.ansi_light):
            assert 0 < number < 16
            assert hue.name not in hues or number % 8 == hues.index(hue.name) + 1
    assert palette.colour(0, "ansi-dark") == f"color({palette.HUES[0].ansi_dark})"
    assert palette.colour(0, "ansi-light") == f"color({palette.HUES[0].ansi_light})"


def test_every_hue_has_a_name_of_its_own():
    names = [hue.name for hue in palette.HUES]
    assert len(set(names)) == len(names) == 9


def test_a_cluster_has_one_hue_on_every_ground():
    for hue in palette.HUES:
        assert turned(hue_angle(hue.dark), hue_angle(hue.light)) <= 12, hue.name
    for first, second in combinations(palette.HUES, 2):
        # Brown is a dull orange and nothing else.
        if {first.name, second.name} != {"orange", "brown"}:
            for ground in ("dark", "light"):
                apart = turned(*(hue_angle(getattr(each, ground)) for each in (first, second)))
                assert apart >= 20, (first.name, second.name, ground)


@pytest.mark.parametrize("name", [name for name, theme in BUILTIN_THEMES.items() if not theme.ansi])
def test_every_colour_stands_out_from_the_ground_of_every_theme(name):
    theme = BUILTIN_THEMES[name]
    ground = theme.to_color_system().generate()["background"]
    for c, hue in enumerate(palette.HUES):
        colour = palette.colour(c, "dark" if theme.dark else "light")
        assert contrast(colour, ground) >= 3, hue.name


@pytest.mark.parametrize("ground", ["dark", "light"])
def test_no_two_hues_become_one_in_a_terminal_of_256_colours(ground):
    rounded = {
        Color.parse(palette.colour(c, ground)).downgrade(ColorSystem.EIGHT_BIT).number
        for c in range(len(palette.HUES))
    }
    assert len(rounded) == len(palette.HUES)


@pytest.mark.parametrize("look", [figures.DARK, figures.LIGHT], ids=["dark", "light"])
def test_every_colour_stands_out_in_a_figure(look):
    ground = "dark" if look is figures.DARK else "light"
    for c in range(len(palette.HUES)):
        assert contrast(palette.figure_style(c, ground)[0], look.background) >= 3
    for bar in (look.first, look.second):
        assert bar not in {palette.figure_style(c, ground)[0] for c in range(9)}


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("ground", ["dark", "light"])
def test_hues_can_be_told_apart_by_every_kind_of_vision(ground, vision):
    colours = [palette.colour(c, ground) for c in range(len(palette.HUES))]
    least = {
        k: min(difference(*pair, vision) for pair in combinations(colours[:k], 2))
        for k in (3, 5, 9)
    }
    assert least[3] >= 15
    assert least[5] >= 12
    assert least[9] >= 10


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

    for ground in ("dark", "light"):
        styles = [palette.figure_style(c, ground) for c in range(60)]
        assert len(set(styles)) == 60
        assert [colour for colour, _ in styles[:9]] == [
            getattr(hue, ground) for hue in palette.HUES
        ]
        assert {marker for _, marker in styles[:9]} == {"o"}
        for _, marker in styles:
            MarkerStyle(marker)


def test_octants_are_256_different_characters_of_one_cell():
    assert len(set(palette.OCTANTS)) == len(palette.OCTANTS) == 256
    assert all(cell_len(each) == 1 for each in palette.OCTANTS)
    own = [each for each in palette.OCTANTS if "\U0001cd00" <= each <= "\U0001cde5"]
    assert own == list(map(chr, range(0x1CD00, 0x1CDE6)))
    assert palette.to_ascii(palette.OCTANTS).isascii()
    assert "?" not in palette.to_ascii(palette.OCTANTS)
    assert printable(palette.OCTANTS) == palette.OCTANTS


@pytest.mark.parametrize(
    ("character", "rows"),
    [
        (" ", "........"), ("█", "########"), ("▀", "####...."), ("▄", "....####"),
        ("▌", "#.#.#.#."), ("▐", ".#.#.#.#"), ("▘", "#.#....."), ("▝", ".#.#...."),
        ("▖", "....#.#."), ("▗", ".....#.#"), ("▚", "#.#..#.#"), ("▞", ".#.##.#."),
        ("▛", "#####.#."), ("▜", "####.#.#"), ("▙", "#.#.####"), ("▟", ".#.#####"),
        ("▂", "......##"), ("▆", "..######"), ("\U0001fb82", "##......"),
        ("\U0001fb85", "######.."), ("\U0001fbe6", "..#.#..."), ("\U0001fbe7", "...#.#.."),
        ("\U0001cea8", "#......."), ("\U0001ceab", ".#......"), ("\U0001cea3", "......#."),
        ("\U0001cea0", ".......#"), ("\U0001cd00", "..#....."), ("\U0001cde5", ".#######"),
    ],
)  # fmt: skip
def test_an_octant_has_its_name_s_dots(character, rows):
    assert palette.OCTANTS[sum(1 << i for i, dot in enumerate(rows) if dot == "#")] == character
