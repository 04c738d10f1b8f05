"""The command palette: every action by a name of its own, and typing finds it."""

from collections import Counter

import pytest
from textual.command import CommandPalette, DiscoveryHit
from textual.widgets import Input

from kmeans_tui import key_table
from kmeans_tui.command import Options
from kmeans_tui.data.catalogue import sets
from kmeans_tui.ui.commands import KeyTable
from kmeans_tui.ui.screens.dialogs.number import NumberDialog
from kmeans_tui.vocabulary import EMPTY_RULES, INITS
from tests.pilot import opened, screen_text, settled, until


@pytest.fixture
async def pilot():
    async with opened(size=(120, 40), notifications=True) as pilot:
        yield pilot


def provider(pilot):
    return KeyTable(pilot.app.screen)


def entry(pilot, title):
    (found,) = [action for name, action, _ in provider(pilot).entries() if name == title]
    return found


async def found(pilot, query):
    hits = [hit async for hit in provider(pilot).search(query)]
    return [str(hit.text) for hit in sorted(hits, key=lambda hit: -hit.score)]


async def run(pilot, title):
    """Run an entry as the palette does."""
    pilot.app.call_later(entry(pilot, title))
    await pilot.pause()
    await settled(pilot)


async def test_titles_are_unique_and_explained(pilot):
    entries = list(provider(pilot).entries())
    counted = Counter(title for title, _, _ in entries)
    assert [title for title, times in counted.items() if times > 1] == []
    assert all(about for _, _, about in entries)
    assert all(title.strip() == title != "" for title in counted)


async def test_every_action_of_the_key_table_is_there_once(pilot):
    listed = list(provider(pilot).entries())
    shown = Counter(about for _, _, about in listed if about.startswith("key "))
    for key in (*key_table.rows("Explore"), *key_table.rows("everywhere")):
        count = len({action for _, action in key.bindings}) if key.command else 0
        for each in key.shown.split()[:count]:
            assert shown.pop(f"key {each}") == 1, key
    assert not shown
    titles = {title for title, _, _ in listed}
    for init in INITS:
        assert f"init: {init}" in titles
    for rule in EMPTY_RULES:
        assert f"empty cluster: {rule}" in titles
    for each in sets():
        assert f"data: {each.name}" in titles


def test_what_a_row_does_in_several_ways_has_as_many_names():
    for key in key_table.TABLE:
        count = len({action for _, action in key.bindings})
        if key.command and count > 1:
            assert len(set(key.called)) == count, key
        else:
            assert not key.called, key


async def test_all_are_shown_before_anything_is_typed(pilot):
    hits = [hit async for hit in provider(pilot).discover()]
    assert all(isinstance(hit, DiscoveryHit) for hit in hits)
    assert len(hits) == len(list(provider(pilot).entries()))


async def test_typing_finds(pilot):
    for query, title in {
        "k-means++": "init: k-means++",
        "iris": "data: iris",
        "textual-light": "theme: textual-light",
        "empty cluster: random": "empty cluster: random",
    }.items():
        assert title in (await found(pilot, query))[:2]


async def test_nonsense_finds_nothing(pilot):
    assert await found(pilot, "zzzqqq") == []


async def test_a_data_set_is_opened_with_its_own_k_and_scale(pilot):
    await pilot.press("plus", "plus")
    await settled(pilot)
    await run(pilot, "data: iris")
    shown = pilot.app.explore.session.run
    assert (shown.dataset.name, shown.options.data, shown.history.k) == ("iris", "iris", 3)
    assert shown.dataset.scale == "standard"
    assert "petal length × petal width" in screen_text(pilot.app)
    assert pilot.app.explore.session.position == 1


async def test_choices_run_again(pilot):
    for title, field, value in [
        ("init: k-means++", "init", "k-means++"),
        ("init: farthest", "init", "farthest"),
        ("empty cluster: random", "empty", "random"),
    ]:
        await run(pilot, title)
        assert getattr(pilot.app.explore.session.run.options, field) == value


async def test_a_theme_is_put_on(pilot):
    await run(pilot, "theme: nord")
    assert pilot.app.theme == "nord"
    assert pilot.app.explore.session.options.theme == "nord"


async def test_rows_of_two_keys_do_what_they_say(pilot):
    seed = Options().seed
    await run(pilot, "next seed")
    assert pilot.app.explore.session.run.options.seed == seed + 1
    await run(pilot, "previous seed")
    assert pilot.app.explore.session.run.options.seed == seed
    await run(pilot, "half step forward: assign, update")
    assert pilot.app.explore.session.moment.iteration == 1
    await run(pilot, "half step back")
    assert pilot.app.explore.session.moment.iteration == 0


async def test_tolerance_and_iterations_are_typed(pilot):
    for title, wrong, said, typed, field, value in [
        ("tolerance …", "-1", "not a number of at least 0", "0.5", "tolerance", 0.5),
        ("iterations at most …", "2.5", "not a whole number", "2", "max_iterations", 2),
    ]:
        pilot.app.call_later(entry(pilot, title))
        await until(pilot, lambda: isinstance(pilot.app.screen, NumberDialog))
        await pilot.pause()
        field_of = pilot.app.screen.query_one(Input)
        field_of.value = wrong
        await pilot.press("enter")
        await pilot.pause()
        assert said in screen_text(pilot.app)
        field_of.value = typed
        await pilot.press("enter")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
        await settled(pilot)
        assert getattr(pilot.app.explore.session.run.options, field) == value


async def test_every_entry_of_the_key_table_runs(pilot):
    """None ends in an error; the one that leaves the program is left out."""
    app = pilot.app
    for _, action, about in list(provider(pilot).entries()):
        if about.startswith("key ") and about != "key q":
            app.call_later(action)
            await pilot.pause()
            while len(app.screen_stack) > 1:
                app.pop_screen()
    await settled(pilot)
    assert app.is_running


async def test_from_the_key_to_the_data_set(pilot):
    await pilot.press("colon")
    await pilot.pause()
    assert isinstance(pilot.app.screen, CommandPalette)
    await pilot.press(*"iris")
    await until(pilot, lambda: "data: iris" in screen_text(pilot.app))
    await pilot.press("enter")
    await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
    await until(pilot, lambda: pilot.app.explore.session.run.dataset.name == "iris")


async def test_while_typing_letters_are_letters(pilot):
    await pilot.press("colon")
    await pilot.pause()
    typed = "q?:xyT1"
    names = ["q", "question_mark", "colon", "x", "y", "T", "1"]
    await pilot.press(*names)
    await pilot.pause()
    assert isinstance(pilot.app.screen, CommandPalette)
    assert pilot.app.screen.query_one(Input).value == typed


@pytest.mark.parametrize("key", ["ctrl+p", "colon"])
async def test_the_palette_opens_and_escape_closes_it(pilot, key):
    await pilot.press(key)
    await pilot.pause()
    assert isinstance(pilot.app.screen, CommandPalette)
    await pilot.press("escape")
    await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
    assert pilot.app.is_running
