"""The keys of the player are those of the program."""

from collections import Counter

from kmeans_tui.export.player.web_keys import ACTIONS, web_keys
from kmeans_tui.export.player.web_page import beside


def test_every_key_does_one_thing_and_every_action_has_one():
    rows = web_keys()
    keys = Counter(key for row in rows for key in row["keys"])
    assert set(keys.values()) == {1}
    assert {action for row in rows for action, _ in row["keys"].values()} == set(ACTIONS)
    found = {key: tuple(does) for row in rows for key, does in row["keys"].items()}
    assert found[" "] == ("play", 1)
    assert (found[","], found["."]) == (("half_step", -1), ("half_step", 1))
    assert (found["ArrowLeft"], found["l"]) == (("iteration", -1), ("iteration", 1))
    assert (found["Home"], found["G"]) == (("first", 1), ("last", 1))
    assert (found["<"], found[">"]) == (("speed", -1), ("speed", 1))
    assert (found["?"], found["F1"], found["/"]) == (("app.help", 1),) * 2 + (("find", 1),)


def test_the_script_has_every_action():
    script = beside("player.js")
    table = script.partition("const ACTIONS = {")[2].partition("\n};")[0]
    for action in ACTIONS:
        assert f"\n  {action}: " in table or f'\n  "{action}": ' in table, action
