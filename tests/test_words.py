"""What is fit to be shown, and how things are counted, listed and marked up."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from kmeans_tui.palette import to_ascii
from kmeans_tui.words import (
    PLACEHOLDER,
    few,
    listed,
    markdown,
    markdown_cell,
    plural,
    printable,
    quantity,
    sentence,
    tally,
    without_flags,
)

OBEYED = [
    *map(chr, range(0x20)),
    *map(chr, range(0x7F, 0xA0)),
    *"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    *"\u200b\u200c\u200d\u2060\u2061\u2064\ufeff\u00ad\u034f\u180e\u115f\u1160\u3164\uffa0",
    *"\u2028\u2029\ufff9\ufffb\ud800\udc9b\udfff\ue000\uffff\ufe00\ufe0f\U000e0041\U000e0100",
]
HONEST = [
    "plain ASCII, with ~ and \\x1b in letters", "Größe é e\u0301 ñ", "中文 日本語 한국어",
    "עברית العربية", "ไทย हिन्दी", "🌻 👍🏽 🇨🇭", "❤\ufe0f ☎\ufe0e", "1\u202f234\u00a0€",
    "×·…→█⣿╭", "ﬁ ½ ²", "\u3000", "[bold]x[/] | `a` <b> =1+1 $x$",
]  # fmt: skip


@pytest.mark.parametrize("character", OBEYED, ids=ascii)
def test_what_a_terminal_obeys_or_nobody_sees_becomes_one_placeholder(character):
    assert printable(character) == PLACEHOLDER
    assert printable(f"a{character}é") == f"a{PLACEHOLDER}é"


@pytest.mark.parametrize("text", HONEST)
def test_honest_text_is_left_as_it_is(text):
    assert printable(text) is text or printable(text) == text


def test_every_control_and_every_format_character_there_is():
    for code in range(0x110000):
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            assert printable(chr(code)) == PLACEHOLDER, hex(code)


def test_the_placeholder_has_one_cell_and_a_twin_in_ascii():
    assert cell_len(PLACEHOLDER) == 1
    assert to_ascii(PLACEHOLDER) == "."


def test_of_joined_emoji_the_parts_are_left():
    assert printable("👨\u200d👩") == f"👨{PLACEHOLDER}👩"


@given(st.text(st.characters(), max_size=30))
def test_once_is_enough_and_the_length_stays(text):
    shown = printable(text)
    assert len(shown) == len(text)
    assert printable(shown) == shown
    assert "\x1b" not in shown
    assert len(shown.splitlines()) <= 1
    assert (
        printable(text, " ").replace(" ", "") == shown.replace(PLACEHOLDER, "").replace(" ", "")
        or PLACEHOLDER in text
    )


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("a_b *c* `d`", r"a\_b \*c\* \`d\`"),
        ("[x](y) ![z](w)", r"\[x\](y) !\[z\](w)"),
        ("<b>&#x202e;", r"\<b\>\&\#x202e;"),
        ("# h", r"\# h"),
        ("> q", r"\> q"),
        ("$x$ ~~y~~", r"\$x\$ \~\~y\~\~"),
        ("- x", r"\- x"),
        ("12. x", r"12\. x"),
        ("3) x", r"3\) x"),
        ("---", r"\---"),
        ("===", r"\==="),
        ("-5.25", "-5.25"),
        ("a\nb", "a·b"),
        ("\\", "\\\\"),
    ],
)
def test_markdown_takes_it_for_nothing_else(text, marked):
    assert markdown(text) == marked


def test_a_bar_would_end_a_cell():
    assert markdown("a|b") == "a|b"
    assert markdown_cell("a|b\\|c") == r"a\|b\\\|c"
    assert markdown_cell("- 1. x") == "- 1. x"


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 points"), (1, "1 point"), (2, "2 points"), (12345, "12,345 points")]
)
def test_plural(count, words):
    assert plural(count, "point") == words


@pytest.mark.parametrize(
    ("words", "text"), [(["a"], "a"), (["a", "b"], "a and b"), ([1, 2, 3], "1, 2 and 3")]
)
def test_listed(words, text):
    assert listed(words) == text


@pytest.mark.parametrize(
    ("words", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a, b"), (["a", "b", "c", 4], "a, b and 2 more")],
)
def test_few(words, text):
    assert few(words, 2) == text


@pytest.mark.parametrize("text", ["it ends", "It ends", "it ends."])
def test_sentence(text):
    assert sentence(text) == "It ends."


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (1234.0, "1,234"),
        (0.1 + 0.2 + 0.7, "1"),
        (0.5, "0.5"),
        (1 / 3, "0.3333"),
        (36.55555, "36.56"),
        (12345.678, "12,345.68"),
        (0.0, "0"),
        (1e-30, "1e-30"),
        (1e100, "1e+100"),
    ],
)
def test_weights_as_people_write_them(value, text):
    assert tally(value) == text


@pytest.mark.parametrize(
    ("value", "spread", "said"),
    [
        (1_077_600.0, 250_000.0, "1,077,600"),
        (5.843333, 0.83, "5.843"),
        (57.31, 24.7, "57.3"),
        (0.0, 3.0, "0"),
        (-1.18e-11, 2.0, "0"),
        (-1e-3, 40.0, "0"),
        (-12.5, 2.0, "-12.50"),
        (5.0, 0.0, "5"),
        (1_077_600.0, 0.0, "1,077,600"),
        (3e20, 1e19, "3e+20"),
        (3e-12, 1e-12, "3e-12"),
        (float("nan"), 1.0, "nan"),
        (1.0, float("inf"), "1"),
    ],
)
def test_a_quantity_as_people_write_it(value, spread, said):
    assert quantity(value, spread) == said


def test_a_quantity_of_the_column_itself_has_no_zeros_at_its_end():
    assert [quantity(x, 24.7, own=True) for x in (19.25, 18.0, 100.97, 70.5, 0.0)] == [
        *("19.25", "18", "100.97", "70.5", "0"),
    ]
    assert quantity(1_200_000, 250_000, own=True) == "1,200,000"


ADVISED = [
    "zero separates nothing[; --features can leave it out].",
    "price decides; next to it, age weighs nothing[: --scale standard gives all the same weight].",
    "Taken out[ by --without]: rows 3 and 5.",
    "a: numbers that identify the rows, kept as labels[ (--features includes them)].",
    "x is -99.5 in 3 rows[: --na=-99.5 counts it as missing, if it is a mark of that].",
    "The first row counts up (1, 2, …): read as names[, see --no-header].",
    "15 rows dropped: values missing in income 15. Rows that could be kept: income 9.",
    "[--log x takes the logarithm].",
    "a--b is odd.",
]


@pytest.mark.parametrize("told", ADVISED)
def test_a_remark_without_its_advice_on_flags(told):
    left = re.sub(r"\[.*?\]", "", told)
    assert without_flags(told.replace("[", "").replace("]", "")) == ("" if left == "." else left)
