"""The Data screen as its user meets it: choose, tick, prepare, load, take back."""

import csv
import os
import shlex
import threading
import time
from contextlib import asynccontextmanager

import numpy as np
import pytest
from textual.widgets import Input

from kmeans_tui import settings
from kmeans_tui.command import Options
from kmeans_tui.data.reading import files
from kmeans_tui.settings import Settings
from kmeans_tui.shell_command import to_command
from kmeans_tui.ui.models import opening, reader
from kmeans_tui.ui.screens.data_words import Columns, fitted, histogram
from kmeans_tui.ui.widgets.listing import Listing
from tests.pilot import opened, screen_text, settled, text, until
from tests.test_command import read

DIRTY = "\n".join(
    ["Nr;Umsatz;Größe;Gruppe;Datum"]
    + [
        f"{1000 + i};{'k.A.' if i == 7 else f'{2 ** (i % 12)},5'};{'' if i % 10 == 3 else 150 + i};"
        f"{'AB'[i % 2]};2024-01-{1 + i % 28:02}"
        for i in range(60)
    ]
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dirty.csv").write_text(DIRTY, encoding="utf-8")
    rows = "\n".join(f"{i % 7},{i % 5 + 0.5},{'xyz'[i % 3]}" for i in range(40))
    (tmp_path / "clean.csv").write_text(f"a,b,kind\n{rows}\n")
    return tmp_path


async def ready(pilot):
    page = pilot.app.page
    await until(pilot, lambda: page is pilot.app.screen and not page.busy)
    # Panels are laid out by what is in them, and written again for the width they get.
    before = ""
    while (shown := screen_text(pilot.app)) != before:
        before = shown
        await pilot.pause(0.06)
    return shown


@asynccontextmanager
async def data(options=None, size=(100, 30), **keywords):
    async with opened(options, size, notifications=True, **keywords) as pilot:
        await pilot.press("5")
        await until(pilot, lambda: pilot.app.current_mode == "Data")
        await ready(pilot)
        yield pilot


async def press(pilot, *names):
    for each in names:
        await pilot.press(each)
        await pilot.pause()
        if pilot.app.page is pilot.app.screen and pilot.app.current_mode == "Data":
            await ready(pilot)
    return screen_text(pilot.app)


async def choose(pilot, name):
    """Go to a row of the list by typing a part of its name."""
    await press(pilot, "slash", *name, "enter")
    return await ready(pilot)


def rows(pilot, name):
    return text(pilot.app.screen.query_one(name, Listing))


def marked(pilot, name):
    """The row that is chosen."""
    return next(line for line in rows(pilot, name) if "▶" in line)


def said(pilot):
    """The remarks as one line."""
    return " ".join(" ".join(text(pilot.app.page.query_one("#remarks"))).split())


def wish(pilot):
    return pilot.app.page.wish


# --- choosing ----------------------------------------------------------------------------------


async def test_it_opens_on_the_data_that_explore_shows():
    async with data(Options("iris")) as pilot:
        shown = screen_text(pilot.app)
        assert "[5 Data]" in shown
        assert "iris · 2 of 4 columns" in shown
        assert "iris" in marked(pilot, "#offers")
        assert "[ ] sepal length" in shown
        assert "[x] petal length" in shown
        assert "102 of the 150 rows are distinct." in shown


async def test_moving_previews_and_coming_back_is_instant():
    async with data(Options("iris")) as pilot:
        assert "moons · 2 of 2 columns" in await press(pilot, "j")
        page = pilot.app.page
        await pilot.press("k")
        await pilot.pause()
        assert not page.busy
        assert "iris · 2 of 4" in screen_text(pilot.app)


async def test_every_built_in_set_can_be_looked_at_and_headings_are_passed_over():
    async with data() as pilot:
        seen = set()
        await press(pilot, "g")
        for _ in range(13):
            seen.add(wish(pilot).data)
            await press(pilot, "j")
        assert len(seen) == 13
        await press(pilot, "G")
        assert "remember files: yes" in marked(pilot, "#offers")


async def test_enter_loads_into_explore_and_backspace_takes_it_back():
    async with data(Options("blobs", k=5, seed=3)) as pilot:
        await choose(pilot, "wine")
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "Explore")
        await settled(pilot)
        run = pilot.app.explore.session.run
        assert (run.dataset.name, run.history.k, run.options.seed) == ("wine", 3, 3)
        assert pilot.app.explore.session.moment.iteration == 0
        await pilot.press("backspace")
        await settled(pilot)
        run = pilot.app.explore.session.run
        assert (run.dataset.name, run.history.k) == ("blobs", 5)


async def test_a_set_from_the_palette_leaves_the_preparation_of_a_file_behind():
    async with opened(Options("clean.csv", missing="median", truth="kind", log=("b",))) as pilot:
        pilot.app.explore.fitter.open_data("iris")
        await settled(pilot)
        options = pilot.app.explore.session.run.options
        assert options.data == "iris"
        assert (options.truth, options.missing, options.log) == (None, "drop", None)


async def test_the_filter_finds_by_name_and_by_what_is_said_and_escape_clears_it():
    async with data() as pilot:
        shown = await press(pilot, "slash", *"flowers")
        assert "iris" in shown
        assert "moons" not in "\n".join(rows(pilot, "#offers"))
        assert wish(pilot).data == "iris"
        # Letters are letters while the field has the focus.
        assert pilot.app.page.query_one("#filter", Input).value == "flowers"
        await press(pilot, "escape")
        assert pilot.app.current_mode == "Data"
        assert "moons" in "\n".join(rows(pilot, "#offers"))
        await press(pilot, "slash", *"zzz")
        assert "nothing matches" in screen_text(pilot.app)
        await press(pilot, "enter", "escape")
        assert pilot.app.current_mode == "Data"
        assert "moons" in "\n".join(rows(pilot, "#offers"))


# --- columns and preparation -------------------------------------------------------------------


async def test_ticking_shows_at_once_and_is_loaded():
    async with data(Options("iris")) as pilot:
        shown = await press(pilot, "tab", "space")
        assert "[x] sepal length" in shown
        assert "iris · 3 of 4 columns" in shown
        assert wish(pilot).features == ("sepal length", "petal length", "petal width")
        await press(pilot, "space")
        assert wish(pilot).features is None
        await press(pilot, "a")
        assert "4 of 4" in screen_text(pilot.app)
        await press(pilot, "a")
        assert wish(pilot).features == ("sepal length",)
        assert "At least one column" in await press(pilot, "space")
        await pilot.press("enter")
        await settled(pilot)
        assert pilot.app.explore.session.run.dataset.features == ("sepal length",)


async def test_a_text_column_is_ticked_to_take_part_by_its_values():
    async with data(Options("clean.csv")) as pilot:
        await press(pilot, "tab", "G")
        shown = await press(pilot, "space")
        assert "by its values" in shown or "by its 3 values" in shown or "has " in shown
        assert wish(pilot).features is None


async def test_the_scale_goes_round_and_its_effect_is_shown():
    async with data(Options("clean.csv")) as pilot:
        assert "none: as the data came" in screen_text(pilot.app)
        for scale, says in (
            ("standard", "; now 0.00 and"),
            ("minmax", "minmax: from 0 to 1"),
            ("robust", "robust: median 0"),
            (None, "none: as the data came"),
        ):
            shown = await press(pilot, "z")
            assert wish(pilot).scale == scale
            assert says in shown


async def test_changes_are_taken_back_one_by_one():
    async with data(Options("iris")) as pilot:
        before = wish(pilot)
        await press(pilot, "z", "tab", "space", "shift+tab", "j")
        assert wish(pilot).data == "moons"
        await press(pilot, "backspace")
        assert (wish(pilot).data, wish(pilot).scale, wish(pilot).features) == (
            "iris", "minmax", None,
        )  # fmt: skip
        await press(pilot, "backspace")
        assert wish(pilot) == before
        assert "Nothing was changed here" in await press(pilot, "backspace")


async def test_the_logarithm_is_offered_and_never_taken_in_silence():
    async with data(Options("dirty.csv", na=("k.A.",))) as pilot:
        shown = screen_text(pilot.app)
        assert "suggested for Umsatz" in shown
        assert "l?" in shown
        assert wish(pilot).log is None
        await press(pilot, "tab", "j", "l")
        assert wish(pilot).log == ("Umsatz",)
        assert "log(Umsatz)" in screen_text(pilot.app)
        await press(pilot, "space")
        assert wish(pilot).log is None
        assert "is not ticked" in await press(pilot, "l")


async def test_a_logarithm_of_negative_numbers_is_refused_in_a_sentence():
    async with data() as pilot:
        shown = await press(pilot, "tab", "l")
        assert "a logarithm needs values of at least 0" in " ".join(shown.split())
        shown = await press(pilot, "enter")
        assert pilot.app.current_mode == "Data"


async def test_gaps_drop_their_rows_or_are_filled_in():
    async with data(Options("dirty.csv", na=("k.A.",))) as pilot:
        assert "the row is dropped · 53 of 60 rows are clustered" in screen_text(pilot.app)
        shown = await press(pilot, "e")
        assert "filled with the median · 60 of 60 rows" in shown
        await pilot.press("enter")
        await settled(pilot)
        assert pilot.app.explore.session.run.dataset.n == 60


async def test_words_in_a_number_column_are_refused_until_they_count_as_missing():
    async with data(Options("clean.csv")) as pilot:
        pilot.app.page.offers.typed["dirty.csv"] = None
        pilot.app.page.list_with("clean.csv")
        shown = await choose(pilot, "dirty")
        assert "row 8: 'k.A.' is not a number" in shown
        assert "here w does that" in said(pilot)
        shown = await press(pilot, "enter")
        assert pilot.app.current_mode == "Data"
        shown = await press(pilot, "w")
        assert wish(pilot).na == ("k.A.",)
        assert "counted as missing: k.A." in shown
        await pilot.press("enter")
        await settled(pilot)
        assert pilot.app.explore.session.run.dataset.n == 53


async def test_a_known_grouping_is_chosen_and_compared_with():
    async with data(Options("clean.csv")) as pilot:
        shown = await press(pilot, "tab", "G", "u")
        assert wish(pilot).truth == "kind"
        assert "the known grouping" in shown
        await pilot.press("enter")
        await settled(pilot)
        run = pilot.app.explore.session.run
        assert (run.dataset.truth_names, run.history.k) == (("x", "y", "z"), 3)
        await pilot.press("5")
        await ready(pilot)
        await press(pilot, "u")
        assert wish(pilot).truth is None


async def test_a_number_column_as_grouping_takes_part_no_more():
    async with data(Options("clean.csv", features=("a", "b"))) as pilot:
        await press(pilot, "tab", "u")
        assert (wish(pilot).truth, wish(pilot).features) == ("a", ("b",))
        await press(pilot, "space")
        assert wish(pilot).truth is None
        assert set(wish(pilot).features or ("a", "b")) == {"a", "b"}


async def test_keys_for_tables_say_so_on_a_built_in_set():
    async with data() as pilot:
        for key in ("e", "w", "u"):
            assert "That applies only to your own files" in await press(pilot, key)
        assert wish(pilot) == Options("blobs")


async def test_the_axes_are_chosen_among_the_ticked():
    async with data(Options("iris")) as pilot:
        await press(pilot, "tab", "a", "f")
        await pilot.press("end", "enter")
        await ready(pilot)
        assert wish(pilot).axes == ("pca",)
        assert "principal components" in screen_text(pilot.app)
        await press(pilot, "a")
        assert wish(pilot).axes is None
        assert "only one feature" in await press(pilot, "f")


async def test_a_name_with_a_comma_goes_by_its_number(folder):
    with open("comma.csv", "w", newline="") as file:
        csv.writer(file).writerows([["a", "b, c", "d"], *([i, i % 3, i % 4] for i in range(30))])
    async with data(Options("comma.csv", features=("2", "3"))) as pilot:
        await press(pilot, "tab", "j", "j", "space", "space")
        command = to_command(pilot.app.page.view_options())
        again = read(shlex.split(command)[1:])
        assert opening.Opened(pilot.app.page.opened.source).ticked(again) == ("b, c", "d")


async def test_the_command_brings_the_screen_back():
    async with data(Options("dirty.csv", na=("k.A.",), seed=7)) as pilot:
        await press(pilot, "z", "e", "tab", "j", "l", "G", "k", "u")
        shown, copied = screen_text(pilot.app), pilot.app.page.view_options()
        options = read(shlex.split(to_command(copied))[1:])
        assert options.screen == "data"
    async with opened(options) as pilot:
        await until(pilot, lambda: pilot.app.current_mode == "Data")
        again = await ready(pilot)
        assert pilot.app.page.wish.truth == "Gruppe"
        assert again.splitlines()[0] == shown.splitlines()[0]
        assert "log(Umsatz)" in again


async def test_explore_keeps_k_for_the_same_data():
    async with data(Options("iris", k=5)) as pilot:
        await press(pilot, "tab", "space")
        await pilot.press("enter")
        await settled(pilot)
        assert pilot.app.explore.session.run.history.k == 5


async def test_starts_and_rules_from_the_palette_are_those_of_the_run():
    async with data() as pilot:
        pilot.app.page.change(init="k-means++")
        await settled(pilot)
        assert pilot.app.explore.session.run.options.init == "k-means++"
        assert wish(pilot) == Options("blobs")


# --- files -------------------------------------------------------------------------------------


async def test_files_are_remembered_and_offered():
    async with opened(Options("clean.csv")):
        pass
    async with opened(Options("dirty.csv", na=("*",))):
        pass
    assert settings.load().files == (os.path.abspath("dirty.csv"), os.path.abspath("clean.csv"))
    async with data() as pilot:
        assert "clean.csv" in await choose(pilot, "clean")
        assert "a" in rows(pilot, "#columns")[1]


async def test_remembering_is_switched_off_on_the_screen():
    settings.remember("/somewhere/x.csv")
    async with data() as pilot:
        shown = await press(pilot, "G", "space")
        assert "remember files: no" in shown
        assert settings.load() == Settings(remember=False)
        assert "x.csv" not in "\n".join(rows(pilot, "#offers"))
        assert "remember files: yes" in await press(pilot, "enter")


async def test_settings_that_cannot_be_written_are_said_once(monkeypatch, folder):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "clean.csv"))
    async with data() as pilot:
        assert "Could not save that" in " ".join((await press(pilot, "G", "space")).split())
        assert pilot.app.is_running


HOSTILE = {
    "empty.csv": (b"", "is empty"),
    "binary.csv": (bytes(range(256)) * 40, "binary"),
    "header.csv": (b"a,b,c\n", ""),
    "words.csv": (b"a,b\nx,y\nz,w\n" * 5, "no column of numbers"),
    "array.npz": (b"PK\x03\x04 broken", "array.npz"),
    "table.parquet": (b"PAR1 broken", "table.parquet"),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_file_ends_in_a_sentence_on_the_screen(name, folder):
    content, says = HOSTILE[name]
    (folder / name).write_bytes(content)
    settings.remember(str(folder / name))
    async with data() as pilot:
        shown = " ".join((await choose(pilot, name.partition(".")[0])).split())
        assert says in shown
        sentence = pilot.app.page.remarks()[1][0]
        assert sentence.endswith(".")
        assert "\n" not in sentence
        await press(pilot, "enter")
        assert pilot.app.current_mode == "Data"
        await press(pilot, "tab", "space", "a", "l", "u", "e", "w", "z", "f", "j", "G", "pagedown")
        assert pilot.app.is_running


async def test_a_file_that_is_gone_is_said(folder):
    settings.remember(str(folder / "gone.csv"))
    async with data() as pilot:
        assert "there is no file" in " ".join((await choose(pilot, "gone")).split())


async def test_a_file_that_changed_is_read_again(folder):
    settings.remember(str(folder / "clean.csv"))
    async with data() as pilot:
        assert "40 rows" in await choose(pilot, "clean")
        (folder / "clean.csv").write_text("a,b\n" + "\n".join(f"{i},{i % 3}" for i in range(25)))
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "Explore")
        await settled(pilot)
        assert pilot.app.explore.session.run.dataset.n == 25
        # The same command on other bytes is another run.
        (folder / "clean.csv").write_text("a,b\n" + "\n".join(f"{i},{i % 5}" for i in range(31)))
        await pilot.press("5")
        await ready(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "Explore")
        await until(pilot, lambda: pilot.app.explore.session.run.dataset.n == 31)
        assert pilot.app.explore.session.run.history.n == 31


async def test_names_in_any_writing(folder):
    path = folder / "Größen 表 'x' [1].csv"
    path.write_text("Höhe,表,名前\n" + "\n".join(f"{i % 7},{i % 3},値{i % 2}" for i in range(20)))
    settings.remember(str(path))
    async with data() as pilot:
        shown = await choose(pilot, "größen")
        assert "[x] Höhe" in shown
        assert "名前" in shown
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "Explore")
        await settled(pilot)
        assert pilot.app.explore.session.run.dataset.columns == ("Höhe", "表")


async def test_a_thousand_columns_scroll_fast(folder):
    values = np.random.default_rng(0).normal(size=(30, 1000))
    header = ",".join(f"m{i}" for i in range(1000))
    np.savetxt(folder / "wide.csv", values, delimiter=",", header=header, comments="")
    async with data(Options("wide.csv")) as pilot:
        await press(pilot, "tab")
        began = time.process_time()
        for _ in range(20):
            pilot.app.page.action_move(1)
        assert (time.process_time() - began) / 20 < 0.05
        shown = await press(pilot, "G")
        assert "m999" in shown
        assert "m999" in rows(pilot, "#rows")[0]
        await press(pilot, "g", "pagedown")
        assert pilot.app.page.choice.column > 3
        await press(pilot, "space")
        assert "999 of 1,000 c" in screen_text(pilot.app)


async def test_a_hundred_thousand_rows_are_looked_through(folder):
    np.save(folder / "long.npy", np.arange(200_000.0).reshape(-1, 2))
    async with data(Options("long.npy")) as pilot:
        await press(pilot, "tab", "tab", "G")
        assert "100000" in rows(pilot, "#rows")[-1]
        assert "199998" in rows(pilot, "#rows")[-1]


async def test_reading_is_cancelled_and_taken_up_again(folder, monkeypatch):
    settings.remember(str(folder / "clean.csv"))
    real, calls = files.open_file, []

    def slow(data, *arguments, listener=None, **keywords):
        calls.append(data)
        while len(calls) == 1:
            if listener(10**6, 5 * 10**6) is False:
                raise files.DataError("reading clean.csv was stopped")
            time.sleep(0.005)
        return real(data, *arguments, listener=listener, **keywords)

    monkeypatch.setattr(files, "open_file", slow)
    async with data() as pilot:
        await pilot.press("slash", *"clean", "enter")
        await until(pilot, lambda: "1 of 5 MB" in screen_text(pilot.app))
        assert "ctrl+c stops" in screen_text(pilot.app)
        # The keys are free meanwhile.
        await pilot.press("tab", "space", "j")
        await pilot.press("ctrl+c")
        await ready(pilot)
        assert "was stopped; enter reads it again." in said(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "Explore")
        await settled(pilot)
        assert len(calls) == 2


async def test_the_latest_wish_counts(folder, monkeypatch):
    settings.remember(str(folder / "clean.csv"))
    real = files.open_file

    def slow(data, *arguments, listener=None, **keywords):
        end = time.monotonic() + 5
        while time.monotonic() < end and listener(1, 2) is not False:
            time.sleep(0.005)
        return real(data, *arguments, **keywords)

    monkeypatch.setattr(files, "open_file", slow)
    async with data() as pilot:
        await pilot.press("slash", *"clean", "enter")
        await until(pilot, lambda: pilot.app.page.busy)
        await pilot.press("slash", "escape", "g")
        await ready(pilot)
        assert wish(pilot).data == "blobs"
        assert "blobs · 2 of 2 columns" in screen_text(pilot.app)


async def test_a_picture_and_a_recording_are_data_too(folder):
    from PIL import Image

    Image.new("RGB", (6, 5), "red").save(folder / "p.png")
    settings.remember(opening.place("image:p.png"))
    async with opened() as pilot:
        pilot.app.explore.session.run.history.save("run.npz")
    settings.remember(str(folder / "run.npz"))
    async with data() as pilot:
        assert "3 of 3 columns" in await choose(pilot, "p.png")
        shown = await choose(pilot, "run.npz")
        assert "300 rows" in shown
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "Explore")
        await until(pilot, lambda: pilot.app.explore.session.run.recorded)


# --- sizes and looks ---------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (90, 24), (100, 30), (160, 50)])
async def test_every_size_shows_list_columns_and_scale(size):
    async with data(Options("wine"), size=size) as pilot:
        shown = screen_text(pilot.app)
        assert "wine" in shown
        assert "[x] alcohol" in shown
        assert "z scale" in shown
        assert all(len(line) <= size[0] for line in shown.splitlines())
        for each in ("#rows", "#remarks"):
            wanted = size[1] >= (28 if each == "#rows" else 22)
            assert pilot.app.page.query_one(each).display == wanted


async def test_any_size_on_the_way():
    async with data(Options("wine")) as pilot:
        first = screen_text(pilot.app)
        for size in ((60, 16), (20, 5), (160, 50), (80, 24), (100, 30)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        await pilot.pause()
        assert screen_text(pilot.app) == first


async def test_without_colours_and_in_ascii(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with data(Options("iris", ascii=True)) as pilot:
        await pilot.pause()
        lines = [strip.text for strip in pilot.app.page.query_one("#columns").render_lines(
            pilot.app.page.query_one("#columns").region.at_offset((0, 0)))]  # fmt: skip
        assert any(set("=+*#@") & set(line[50:]) for line in lines)


def test_a_histogram_shows_every_value_there_is():
    counts = [0, 1, 1000, 0, *[0] * 15, 3]
    assert histogram(counts, 20, ascii_only=False)[:4] == " ▁█ "
    assert histogram(counts, 10, ascii_only=False)[-1] == "▁"
    assert histogram(counts, 20, ascii_only=True).isascii()
    assert histogram([0] * 20, 10, ascii_only=False) == " " * 10


def test_text_is_fitted_to_cells():
    assert fitted("abc", 5) == "abc  "
    assert fitted("abc", 5, right=True) == "  abc"
    assert fitted("abcdef", 4) == "abc…"
    assert fitted("表表表", 4) == "表 …"
    assert fitted("a\x1bb", 3) == "a·b"
    assert fitted("abc", 0) == ""


def test_columns_never_wider_than_their_panel(folder):
    from rich.cells import cell_len

    found = opening.open_data(Options("dirty.csv"), lambda done, size: True)
    for width in range(28, 150):
        table = Columns(found, None, Options("dirty.csv"), width, False)
        for line in table.lines():
            words = "".join(part for part, _ in line)
            assert cell_len(words) <= width or "number" in words or "label" in words


async def test_export_from_the_data_screen_is_what_explore_shows():
    async with data(Options("iris")) as pilot:
        await pilot.press("x")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 2)
        await pilot.pause()
        assert "kmeans-tui export iris" in " ".join(screen_text(pilot.app).split())


async def test_the_help_is_about_data():
    async with data(size=(160, 60)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        assert "Choose a built-in set" in screen_text(pilot.app)


async def test_a_file_that_asks_is_answered_by_a_key(folder):
    rows = "\n".join(
        f"K{i};{'983' if i % 4 == 0 else f'{i + 1}.{100 + i}'};{i % 9}" for i in range(40)
    )
    (folder / "german.csv").write_text(f"kunde;umsatz;besuche\n{rows}\n")
    async with data(Options("clean.csv")) as pilot:
        page = pilot.app.page
        page.list_with("german.csv")
        page._want(Options("german.csv"))
        await until(pilot, lambda: not page.busy)
        shown = " ".join((await ready(pilot)).split())
        assert "may have a decimal or a thousands mark" in shown
        assert "here < takes the first, > the second" in shown.replace("│", "").replace("  ", " ")
        await pilot.press("greater_than_sign")
        await until(pilot, lambda: not page.busy and page.opened is not None)
        assert page.wish.thousands == "."
        assert page.opened.source.numbers[1, 0] == 2101
        await pilot.press("backspace")
        await until(pilot, lambda: not page.busy)
        assert page.opened is None
        await pilot.press("less_than_sign")
        await until(pilot, lambda: not page.busy and page.opened is not None)
        assert page.opened.source.numbers[1, 0] == 2.101
        await pilot.press("less_than_sign")
        await pilot.pause()
        assert page.wish.decimal == "."


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 30), (160, 45)])
async def test_large_numbers_never_touch(folder, size):
    rows = "\n".join(
        f"{i % 7},{300000.0 + i * 54321},{-1.5e9 - i},{i * 1e-7},{i}" for i in range(60)
    )
    (folder / "large.csv").write_text(f"Rooms,Price,Debt,Share,Landsize\n{rows}\n")
    async with data(Options("large.csv"), size) as pilot:
        shown = await ready(pilot)
        lines = [line for line in shown.splitlines() if "[x] " in line or "[ ] " in line]
        assert len(lines) >= 3
        for line in lines:
            cells = line.split("] ")[1].split("│")[0].split()
            numbers = [cell for cell in cells[1:] if cell[0] in "-0123456789"]
            assert len(numbers) >= 3
            for each in numbers:
                float(each.replace(",", ""))


# --- enter while something is on its way -------------------------------------------------------


@pytest.fixture
def gate(monkeypatch):
    """Reading waits until it is let through."""
    through, real = threading.Event(), reader.look

    def slow(*arguments):
        through.wait(20)
        return real(*arguments)

    def closed():
        monkeypatch.setattr(reader, "look", slow)
        return through

    yield closed
    through.set()


async def test_enter_that_waits_loads_what_was_chosen_and_no_other_row(gate):
    settings.remember(os.path.abspath("clean.csv"))
    async with data() as pilot:
        before = settings.load()
        through = gate()
        await pilot.press("slash", *"wine", "enter", "enter")
        assert pilot.app.page.busy
        # The chosen row becomes one that does something else.
        await pilot.press("slash", "escape")
        pilot.app.page.offers.go(10**9, -1)
        through.set()
        await until(pilot, lambda: pilot.app.current_mode == "Explore")
        await settled(pilot)
        assert pilot.app.explore.session.run.dataset.name == "wine"
        assert settings.load() == before


@pytest.mark.parametrize("key", ["1", "2", "3", "4"])
async def test_leaving_takes_enter_back(gate, key):
    async with opened(Options("blobs", k_max=3, runs=1, census=5), notifications=True) as pilot:
        await pilot.press("5")
        through = gate()
        await pilot.press("slash", *"wine", "enter", "enter")
        await pilot.press(key)
        there = pilot.app.current_mode
        through.set()
        data_page = pilot.app._pages["Data"]
        await until(pilot, lambda: not data_page.busy)
        await pilot.pause(0.1)
        assert pilot.app.current_mode == there != "Data"
        assert pilot.app.explore.session.run.dataset.name == "blobs"
        assert "wine was not loaded" in " ".join(screen_text(pilot.app).split())
        await pilot.press("5")
        await ready(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert pilot.app.explore.session.run.dataset.name == "wine"


async def test_a_dialog_takes_enter_back(gate):
    async with data() as pilot:
        through = gate()
        await pilot.press("slash", *"wine", "enter", "enter", "question_mark")
        through.set()
        await until(pilot, lambda: not pilot.app.page.busy)
        await pilot.pause(0.1)
        assert (pilot.app.current_mode, len(pilot.app.screen_stack)) == ("Data", 2)


async def test_a_slash_on_columns_finds_a_column_and_leaves_the_sets_alone():
    async with data(Options("wine"), size=(100, 30)) as pilot:
        offers = pilot.app.page.offers
        before = list(offers.rows)
        await press(pilot, "tab", "slash", *"pro")
        assert "esc Leave" in screen_text(pilot.app).splitlines()[-1]
        # One that begins so stands before one that only holds it.
        assert "▶ [x] proanth" in screen_text(pilot.app)
        await press(pilot, "enter")
        assert offers.rows == before
        assert pilot.app.focused.id == "columns"
        await press(pilot, "space")
        assert "proanthocyanins" not in pilot.app.page.opened.ticked(wish(pilot))
        assert "tick" in screen_text(pilot.app).splitlines()[-2]
        await press(pilot, "R")
        await until(pilot, lambda: "remarks on wine" in screen_text(pilot.app))
