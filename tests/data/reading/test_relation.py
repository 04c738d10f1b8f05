"""Names of columns: unique, on one line, and what was changed of them."""

import pytest

from kmeans_tui.data.reading.relation import unique_names

CHANGED = "Names made one plain line of at most 300 characters: "


@pytest.mark.parametrize(
    ("given", "names", "notes"),
    [
        (("a", "b"), ("a", "b"), ()),
        ((" a ", ""), ("a", "column 2"), ()),
        (("a\x1b[2Jb", "x"), ("a [2Jb", "x"), (f"{CHANGED}a [2Jb.",)),
        (("net\n price", "x  y"), ("net price", "x y"), (f"{CHANGED}net price, x y.",)),
        (
            ("a\tb", "a b"),
            ("a b", "a b (2)"),
            (f"{CHANGED}a b.", "Repeated names are numbered: a b (2)."),
        ),
        (("z" * 400,), ("z" * 299 + "…",), (f"{CHANGED}{'z' * 39}….",)),
        (("\x07", "b"), ("column 1", "b"), (f"{CHANGED}column 1.",)),
        ("aa", ("a", "a (2)"), ("Repeated names are numbered: a (2).",)),
    ],
)
def test_what_is_changed_of_names_is_said(given, names, notes):
    assert unique_names(tuple(given), len(given)) == (names, notes)
