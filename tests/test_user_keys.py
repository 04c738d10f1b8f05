"""The user's keys: checked on the way in, pressed and shown everywhere, and never a trap."""

import json
import re
from pathlib import Path

import pytest
from textual.keys import _character_to_key

from kmeans_tui import cli, key_table, screen_table, settings, user_keys
from kmeans_tui.command import Options
from kmeans_tui.footer import footer, pressed
from kmeans_tui.headless.keys import main as list_keys
from tests.pilot import opened, press, screen_text, until

PATH = Path("settings.json")
README = Path(__file__).parent.parent / "README.md"
SMALL = Options("blobs:n=60", k=3)
MODES = [mode for modes in key_table.MODES.values() for mode in modes]
PLACES = [each.place for each in screen_table.TABLE]


def chosen(**changed):
    """These keys in use, underscores standing for dashes."""
    wanted = {name.replace("_", "-"): key for name, key in changed.items()}
    user_keys.use(user_keys.read(wanted, PATH))


def write(entry):
    path = settings.location()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"keys": entry}))


def test_every_action_has_a_name_of_its_own_on_every_screen():
    for place in (*PLACES, *MODES, "everywhere"):
        known = {}
        for row in key_table.rows(place):
            for _, action in row.bindings:
                name = user_keys.name(action)
                assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name), action
                before = known.setdefault(name, action)
                # An arrow and a letter may do the same, the arrow also with a cursor.
                assert action == before or before.startswith(action[:-1]), (action, before)


def test_keys_are_called_as_textual_calls_them():
    for sign in "aZ0é~!?:,.</>+-=_()[]{}@#$%^&*;'\"\\|`½ß中":
        assert user_keys.textual(sign) == _character_to_key(sign)
    for row in key_table.TABLE:
        for names, _ in row.bindings:
            for each in names.split(","):
                if len(each) > 1 and each not in user_keys.FIXED:
                    assert user_keys.textual(user_keys._printed(each)) == each


def test_nothing_is_changed_by_no_keys():
    for row in key_table.TABLE:
        assert user_keys.shown(row, ascii_only=False) == row.shown
        assert user_keys.does(row) == row.does


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ([], "not of the form"),
        ("x", "not of the form"),
        (3, "not of the form"),
        ({"nextseed": "b"}, "'nextseed' is no action: did you mean next-seed"),
        ({"!": "b"}, "'kmeans-tui keys' lists them"),
        ({"\x1b[31m" + "x" * 5000: "b"}, "'·[31mxxx"),
        ({"next-seed": "\x1b"}, "'·' is no key"),
        ({"next-seed": "\u0301"}, "is no key: use one character"),
        ({"next-seed": " "}, "is no key"),
        ({"next-seed": ""}, "is no key"),
        ({"next-seed": "ctrl+1"}, "is no key"),
        ({"next-seed": "f99"}, "is no key"),
        ({"next-seed": "n,N"}, "is no key"),
        ({"next-seed": 10**300}, "is no key"),
        ({"next-seed": None}, "is no key"),
        ({"next-seed": ["b"]}, "a list is no key"),
        ({"next-seed": {"a": {}}}, "an object is no key"),
        *(({"next-seed": key}, f"'{key}' always keeps its meaning")
          for key in ("escape", "esc", "enter", "ctrl+c", "ctrl+q", "tab", "left", "ctrl+m")),
        *(({name: "b"}, f"'{name}' always keeps its key")
          for name in ("close-dialog", "stop-job", "choose", "question", "focus-next")),
        ({"next-seed": "t"}, "next-seed and trails would both have the key t on Explore"),
        ({"next-seed": "q"}, "next-seed and leave would both have the key q on Explore"),
        ({"help": "p"}, "help and path would both have the key p on Data"),
        ({"help": "O"}, "help and hand-take-out would both have the key O on Hand"),
        ({"code": "I"}, "code and hand-point would both have the key I on Hand"),
        ({"predict-yes": "c"}, "predict-yes and changes would both have the key c on Predict"),
        ({"next-seed": "x", "previous-seed": "x"}, "would both have the key x on"),
        ({"next-seed": "f5", "previous-seed": "F5"}, "would both have the key f5 on Explore"),
        ({"next-seed": "N"}, "next-seed and previous-seed would both have the key N"),
        ({"next-seed": "j"}, "'j' has a meaning in lists or dialogs"),
        ({"help": "space"}, "'space' has a meaning in lists or dialogs"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_what_cannot_be_used_is_one_sentence(entry, said, capsys, monkeypatch):
    with pytest.raises(ValueError, match="keys in") as refused:
        user_keys.read(entry, PATH)
    sentence = str(refused.value)
    assert said in sentence
    assert sentence.startswith("keys in settings.json")
    assert sentence.isprintable()
    assert len(sentence) < 200
    # The program says it before it takes the terminal; commands do without keys.
    monkeypatch.setattr(cli, "_no_screen", lambda: pytest.fail("too late"))
    write(entry)
    assert cli.main([]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert str(settings.location()) in err
    assert cli.main(["data"]) == 0
    assert capsys.readouterr().err == ""
    assert list_keys([]) == 1
    assert "next-seed          n " in capsys.readouterr().out


def test_keys_may_change_places():
    chosen(next_seed="N", previous_seed="n", up="j", down="k", first="x", export="ctrl+g")
    assert user_keys.key("next-seed") == "N"
    (row,) = [row for row in key_table.rows("Explore") if row.does.startswith("first, last")]
    assert user_keys.shown(row, ascii_only=False) == "x G"
    assert user_keys.does(row) == "first, last iteration (also home, end)"


def test_a_row_names_no_key_that_does_nothing_any_more():
    chosen(more_clusters="ö", help="f2", iteration_back="[", up=";")
    said = {
        (user_keys.shown(row, plain), user_keys.does(row))
        for plain in (False, True)
        for row in (*key_table.rows("Explore"), *key_table.rows("everywhere"))
    }
    assert ("ö -", "one cluster more, one fewer (also _)") in said
    assert ("f2", "help for this screen (also F1)") in said
    arrows = "iteration back, forward (also [ l); with a cursor, arrows move it"
    assert {("← →", arrows), ("[ l", arrows)} <= said
    assert ("↑ ↓", "move the cursor (also ; j); in a focused list, scroll it") in said


@pytest.mark.parametrize("width", [60, 80, 100, 200])
@pytest.mark.parametrize("place", PLACES)
def test_the_footer_shows_the_users_keys_and_still_fits(place, width):
    chosen(help="f2", leave="J", play="ctrl+t", slower="[", again="ctrl+g", tick="X",
           hand_point="Y", init="ctrl+n", iteration_back="ü")  # fmt: skip
    pairs = footer(place, width)
    assert sum(len(shown) + len(word) + 3 for shown, word in pairs) <= width
    assert {("f2", "Help"), ("J", "Quit" if place == "Explore" else "Back")} <= set(pairs)
    assert footer("Elbow", width, ("stopped",))[0] == ("ctrl+g", "Go on")
    assert footer("Explore", width, ("playing",))[0] == ("ctrl+t", "Pause")
    assert footer("Data", width, ("columns",))[0] == ("X", "Tick")
    assert ("Y", "Point") in footer("Explore", width, ("hand",))
    wide = footer("Explore", 200, ascii_only=True)
    assert {("[>", "Speed"), ("ül", "Iteration"), ("ctrl+n", "Init")} <= set(wide)


def test_a_click_on_the_last_line_presses_the_users_key():
    chosen(help="f2", slower="[", faster="ctrl+n", iteration_back="ü")
    for plain in (False, True):
        pairs = footer("Explore", 200, ascii_only=plain)
        assert ("[ ctrl+n", "Speed") in pairs
        x = 0
        for shown, word in pairs:
            whole = user_keys.textual(shown)
            for i, sign in enumerate(shown):
                found = pressed(pairs, x + 1 + i)
                if whole:
                    assert found == whole
                elif shown == "[ ctrl+n":
                    assert found == ("left_square_bracket", None, *["ctrl+n"] * 6)[i]
                else:
                    assert found == user_keys.textual(sign)
            x += len(shown) + len(word) + 3
        assert pressed(pairs, x) is None


def test_the_command_lists_the_keys_chosen(capsys):
    write({"next-seed": "ctrl+n"})
    assert cli.main(["keys", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    found = {each["name"]: each for each in document["keys"]}
    assert found["next-seed"]["keys"] == ["ctrl+n"]
    assert found["first"]["keys"] == ["g", "home"]
    assert not found["close-dialog"]["remappable"]
    assert document["settings"] == str(settings.location())
    assert cli.main(["keys"]) == 0
    assert re.search(r"^next-seed +ctrl\+n +Explore, Compare +next seed$",
                     capsys.readouterr().out, re.MULTILINE)  # fmt: skip


async def test_the_keys_are_pressed_and_said_on_every_screen():
    chosen(next_seed="ctrl+n", previous_seed="n", seeds="ö", help="Y", remarks="ä", leave="J")
    async with opened(SMALL, notifications=True) as pilot:
        app = pilot.app
        session = app.explore.session
        await press(pilot, "ctrl+n")
        assert session.run.options.seed == 43
        await press(pilot, "n")
        assert session.run.options.seed == 42
        await press(pilot, "N", "question_mark", "3", "q")
        assert (session.run.options.seed, app.current_mode, app.return_code) == (
            42,
            "Explore",
            None,
        )
        assert len(app.screen_stack) == 1
        first, *_, last = screen_text(app).splitlines()
        assert "ö Seeds" in first
        assert "Y Help" in last
        await pilot.press("Y")
        await until(pilot, lambda: "help · Explore" in screen_text(app))
        assert re.search(r"Y +help for this screen", screen_text(app))
        # The everywhere keys work in a dialog, too, and what is typed in one is text.
        await pilot.press("ö")
        await until(pilot, lambda: app.current_mode == "Seeds" and app.screen is app.page)
        assert "J Back" in screen_text(app).splitlines()[-1]
        await pilot.press("J")
        await until(pilot, lambda: app.current_mode == "Explore")
        await pilot.press("slash", "ö", "Y", "J")
        assert app.focused.value == "öYJ"
        await pilot.press("escape", "ctrl+c")
        await until(pilot, lambda: "J quits" in screen_text(app))


def test_the_example_of_the_readme_is_one():
    (example,) = re.findall(r"```json\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert user_keys.read(json.loads(example)["keys"], PATH) == {
        "next-seed": "ctrl+n",
        "help": "f2",
    }
