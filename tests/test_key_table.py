"""The key table: complete, free of conflicts and of keys a terminal keeps to itself."""

import inspect
import pkgutil
import re
from collections import Counter, defaultdict
from importlib import import_module

import pytest
from rich.cells import cell_len
from textual.actions import parse

from kmeans_tui import key_table, screen_table, user_keys
from kmeans_tui.footer import alone, footer
from kmeans_tui.ui.app import KMeansApp
from kmeans_tui.ui.bindings import bindings
from kmeans_tui.ui.screens import dialogs
from kmeans_tui.ui.screens.dialogs.dialog import Dialog, ScrollDialog
from kmeans_tui.ui.screens.dialogs.export import ExportDialog
from kmeans_tui.ui.screens.dialogs.rows_dialog import RowsDialog
from kmeans_tui.ui.screens.dialogs.step import StepDialog
from kmeans_tui.ui.widgets.panels import Clusters
from tests.pilot import opened, until

EVERYWHERE = [
    *(each.key for each in screen_table.TABLE),
    *("question_mark", "f1", "colon", "ctrl+p", "q", "ctrl+q", "escape"),
    *("x", "y", "backspace", "tab", "shift+tab", "T", "A", "R", "ctrl+c", "ctrl+z", "ctrl+l"),
]
EXPLORE = [
    *("space", "left", "h", "right", "l", "comma", "full_stop", "g", "home", "G", "end"),
    *("less_than_sign", "greater_than_sign", "plus", "equals_sign", "minus", "underscore"),
    *("n", "N", "i", "z", "f", "r", "m", "t", "b", "v", "enter", "up", "down", "slash", "c", "d"),
]
PAGES = {
    each.place: getattr(import_module(f"kmeans_tui.ui.screens.{each.name}"), each.place)
    for each in screen_table.TABLE
}
# The screens of the modes.
MODES = {mode: PAGES[place] for place, modes in key_table.MODES.items() for mode in modes}
LISTS = ["j", "down", "k", "up"]
DATA = [
    *("space", "enter", "p", "slash", "z", "f", "l", "e", "w", "u", "a", "g", "home", "G", "end"),
    *("pageup", "pagedown", *LISTS),
]
# Flow control, tmux, screen; the bytes of Backspace, Tab, newline and Enter; AltGr on many layouts.
FORBIDDEN = {f"ctrl+{letter}" for letter in "sbahijm"} | {
    *("left_square_bracket", "right_square_bracket", "left_curly_bracket", "right_curly_bracket"),
    *("backslash", "vertical_line", "at", "tilde"),
}
# What every program of a terminal does under these, and nothing else would do.
CONTROL_ONLY = {"ctrl+c", "ctrl+z", "ctrl+l"}
WIDTHS = range(60, 201)


def bound(where):
    """The single keys bound at a place, with repetitions."""
    return [
        key
        for row in key_table.rows(where)
        for names, _ in row.bindings
        for key in names.split(",")
    ]


def actions():
    return [(names, action, row) for row in key_table.TABLE for names, action in row.bindings]


@pytest.mark.parametrize("place", [*PAGES, *MODES])
def test_no_key_is_bound_twice(place):
    counted = Counter(bound("everywhere")) + Counter(bound(place))
    # A question that is answered by yes or no takes the y of the command while it is open.
    first = ["y"] if place == "Predict" else []
    assert [key for key, times in counted.items() if times > 1] == first


@pytest.mark.parametrize("place", PAGES)
def test_the_first_word_of_a_footer_is_the_keys_own(place):
    assert [pair for pair in footer(place, 200) if not pair[0] or not pair[1]] == []


def test_no_key_that_a_terminal_or_a_layout_keeps_to_itself():
    assert FORBIDDEN.isdisjoint(key for place in ("everywhere", *PAGES) for key in bound(place))


def test_a_control_or_function_key_is_never_the_only_way():
    ways = defaultdict(set)
    for names, action, _ in actions():
        ways[action].update(names.split(","))
    for action, names in ways.items():
        plain = [key for key in names if not re.match(r"ctrl\+|alt\+|f\d+$", key)]
        assert plain or names <= CONTROL_ONLY, action


def test_control_keys_go_first_and_leave_others_to_what_has_the_focus():
    first = {each.key for each in bindings("everywhere") if each.priority}
    assert first == {key for key in EVERYWHERE if key.startswith("ctrl+")}
    assert not any(each.priority for each in bindings("Explore"))


@pytest.mark.parametrize(
    ("key", "action"), [("ctrl+p", "app.command_palette"), ("ctrl+q", "app.leave")]
)
def test_a_control_key_does_what_the_plain_one_of_its_row_does(key, action):
    (found,) = [each for each in bindings("everywhere") if each.key == key]
    assert found.action == action
    (row,) = [row for row in key_table.TABLE if (key, action) in row.bindings]
    assert [name for name, does in row.bindings if does == action and "+" not in name]
    assert key in row.does


@pytest.mark.parametrize(("names", "action", "row"), actions(), ids=lambda value: str(value)[:30])
def test_every_action_exists_and_takes_its_arguments(names, action, row):
    namespace, name, arguments = parse(action)
    for owner in (
        [KMeansApp] if namespace == "app" else [{**PAGES, **MODES}[place] for place in row.where]
    ):
        method = getattr(owner, f"action_{name}", None)
        assert method is not None, f"{owner.__name__} has no action {name}"
        inspect.signature(method).bind(None, *arguments)


async def test_every_key_of_the_interface_answers():
    async with opened() as pilot:
        active = pilot.app.screen.active_bindings
        assert [key for key in EVERYWHERE + EXPLORE if key not in active] == []
        pilot.app.query_one(Clusters).focus()
        await pilot.pause()
        active = pilot.app.screen.active_bindings
        assert [key for key in LISTS if key not in active] == []


@pytest.mark.parametrize("where", ["everywhere", *PAGES])
def test_bindings_follow_the_table(where):
    rows = [pair for row in key_table.rows(where) for pair in row.bindings]
    assert [(each.key, each.action) for each in bindings(where)] == rows


@pytest.mark.parametrize("place", PAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_footer_fits_and_always_shows_help_and_the_way_out(width, place):
    pairs = footer(place, width)
    assert sum(cell_len(shown) + cell_len(word) + 3 for shown, word in pairs) <= width
    assert ("?", "Help") in pairs
    assert ("q", "Quit" if place == "Explore" else "Back") in pairs
    assert {("space", "Play"), ("enter", "Watch"), ("enter", "Load"), ("enter", "Begin")} & set(
        pairs
    )


@pytest.mark.parametrize("width", [60, 80, 100, 200])
@pytest.mark.parametrize("name", key_table.NOW)
def test_what_is_so_stands_first_and_takes_the_place_of_what_it_changes(name, width):
    for place in PAGES:
        pairs = footer(place, width, (name,))
        assert tuple(pairs[: len(key_table.NOW[name])]) == key_table.NOW[name]
        assert sum(cell_len(shown) + cell_len(word) + 3 for shown, word in pairs) <= width
        assert ("?", "Help") in pairs
        named = [each for shown, _ in pairs for each in (shown.split() if "+" in shown[1:-1]
                 or shown.isalnum() else shown)]  # fmt: skip
        assert [each for each, times in Counter(named).items() if times > 1] == []


def test_a_cursor_takes_the_arrows_and_enter():
    without, with_one = footer("Explore", 200), footer("Explore", 200, ("cursor",))
    assert ("←→", "Iteration") in without
    assert ("enter", "Point") in without
    assert {word for _, word in with_one} & {"Iteration", "Point"} == set()
    assert ("space", "Pause") in footer("Explore", 80, ("playing",))


def test_every_dialog_says_what_its_keys_do():
    for module in pkgutil.iter_modules(dialogs.__path__, f"{dialogs.__name__}."):
        import_module(module.name)
    bases = (Dialog, RowsDialog, ScrollDialog, StepDialog)
    derived = (*bases, ExportDialog)
    found = {each for base in derived for each in base.__subclasses__()} - set(bases)
    assert {each.NAME for each in found} | {"filter", "column", "palette", "predict"} == {
        name.partition(" ")[0] for name in key_table.ALONE
    }
    for name, pairs in key_table.ALONE.items():
        assert sum(cell_len(shown) + cell_len(word) + 3 for shown, word in pairs) <= 60, name
        plain = alone(name, ascii_only=True)
        assert "".join(shown + word for shown, word in plain).isascii()


@pytest.mark.parametrize("place", PAGES)
def test_a_wider_footer_loses_nothing(place):
    for width in WIDTHS[:-1]:
        narrow, wide = footer(place, width), footer(place, width + 1)
        assert [pair for pair in wide if pair in narrow] == narrow


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_a_footer_in_ascii_names_letters_that_do_the_same(width):
    plain, arrows = footer("Explore", width, ascii_only=True), footer("Explore", width)
    assert "".join(shown + word for shown, word in plain).isascii()
    assert [word for _, word in plain] == [word for _, word in arrows]
    assert ("hl", "Iteration") in plain
    assert {("h", "iteration(-1)"), ("l", "iteration(1)")} <= {each[:2] for each in actions()}


def test_keys_printed_in_ascii_do_the_same():
    assert all(user_keys.shown(row, ascii_only=True).isascii() for row in key_table.TABLE)
    for row in key_table.TABLE:
        assert user_keys.shown(row, ascii_only=False) == row.shown
        if row.shown.isascii():
            assert user_keys.shown(row, ascii_only=True) == row.shown
        else:
            assert f"(also {user_keys.shown(row, ascii_only=True)})" in row.does


def test_a_footer_word_belongs_to_a_key_of_its_row():
    for row in key_table.TABLE:
        if row.footer and row.footer[0].isascii():
            assert row.footer[0][0] in row.shown, row


async def test_every_key_of_the_data_screen_answers():
    async with opened() as pilot:
        await pilot.press("5")
        await until(pilot, lambda: pilot.app.screen is pilot.app.page)
        active = pilot.app.screen.active_bindings
        assert [key for key in EVERYWHERE + DATA if key not in active] == []


def test_a_letter_means_one_thing_wherever_it_is_bound():
    """The words of the same key on two screens begin alike, or do the same action."""
    known = {"d", "e", "l", "w", "u", "a", "p"}
    places = defaultdict(set)
    for names, action, row in actions():
        for key in names.split(","):
            # The answers to a question are no commands.
            if key in known and row.where != ("Predict",):
                places[key].add((row.does, action))
    # l is also the arrow to the right, as h is that to the left.
    assert {key for key, meanings in places.items() if len(meanings) > 1} <= {"l"}


def test_markdown_has_a_row_for_every_key():
    heading, rule, *rows = key_table.markdown().splitlines()
    assert heading.count("|") == rule.count("|") == 4
    assert len(rows) == len(key_table.TABLE)
    for row, key in zip(rows, key_table.TABLE, strict=True):
        shown, where, does = (part.strip() for part in row.strip("|").split("|"))
        assert shown.replace("`", "") == key.shown
        assert (where, does) == (", ".join(key.where), key.does)
