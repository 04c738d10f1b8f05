"""The program as a visitor has it: no key leads to a file that is not served."""

import asyncio
import os
import sys
from pathlib import Path

import pytest
from textual.widgets import Input

from kmeans_tui import screen_table, settings
from kmeans_tui.command import Options
from kmeans_tui.footer import footer
from kmeans_tui.key_table import MODES, TABLE, rows
from kmeans_tui.shell_command import to_command
from kmeans_tui.ui.app import KMeansApp
from kmeans_tui.ui.commands import KeyTable
from kmeans_tui.ui.models.offers import served_offers
from kmeans_tui.ui.screens.dialogs.download import DownloadDialog
from kmeans_tui.ui.screens.dialogs.export import ExportDialog
from kmeans_tui.ui.screens.dialogs.open import OpenDialog
from kmeans_tui.ui.visitor import WITHHELD, Visitor
from tests.pilot import opened, screen_text, settled, until

LEAVES = ("app.leave",)
# What Python itself looks at on the way.
SYSTEM = ("/proc/", "/sys/", "/dev/", "/etc/localtime", "/usr/share/zoneinfo")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A visitor's folder with a served table, next to files that are nobody's business."""
    private = tmp_path / "private"
    private.mkdir()
    private.joinpath("secret.csv").write_text("a,b\n1,2\n3,4\n")
    own = tmp_path / "visitor"
    own.joinpath("tmp").mkdir(parents=True)
    lines = [f"{i % 7},{i % 5},{'ab'[i % 2]}" for i in range(40)]
    own.joinpath("table.csv").write_text("x,y,kind\n" + "\n".join(lines) + "\n")
    monkeypatch.setenv("HOME", str(private))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(private))
    monkeypatch.setenv("TMPDIR", str(own / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.chdir(own)
    settings.remember(str(private / "secret.csv"))
    # Whatever is kept in memory here is forgotten after the test.
    monkeypatch.setattr(settings, "_memory", [])
    settings.keep_in_memory()
    return own


class Watch:
    """What this process opens while it is on, by an audit hook, which cannot be removed."""

    on = False
    opened: list[tuple[str, bool]] = []  # noqa: RUF012 - one for all, as the hook is

    @classmethod
    def heard(cls, event, arguments):
        if not cls.on or event not in ("open", "os.listdir", "os.scandir", "os.mkdir"):
            return
        path = arguments[0]
        if isinstance(path, str | bytes | os.PathLike):
            flags = arguments[2] if event == "open" and isinstance(arguments[2], int) else 0
            writes = event == "os.mkdir" or bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
            cls.opened.append((os.path.realpath(os.fsdecode(path)), writes))


@pytest.fixture
def watch():
    if not Watch.opened:
        sys.addaudithook(Watch.heard)
    Watch.opened[:] = [("", False)]
    Watch.on = True
    yield Watch
    Watch.on = False


def visitor_app(*, notifications=True):
    options = Options("table.csv", k=2, k_max=3, runs=1, seeds=range(2), max_iterations=3)
    app = KMeansApp(options, Visitor("table.csv"))
    return app, app.run_test(size=(120, 40), notifications=notifications)


async def struck(app, key):
    """Press a key, and give it time for what can be seen at once."""
    app.simulate_key(key)
    await asyncio.sleep(0.03)


def places():
    return [
        *(each.place for each in screen_table.TABLE),
        *(m for found in MODES.values() for m in found),
    ]


async def test_no_key_leads_to_a_file_outside(home, watch, monkeypatch):
    monkeypatch.setattr(
        KMeansApp, "deliver_binary", lambda *_, **__: pytest.fail("no enter, no file")
    )
    app, running = visitor_app()
    async with running as pilot:
        await settled(pilot)
        for screen in screen_table.TABLE:
            everywhere = ["everywhere"] if screen.place == "Data" else []
            keys = [
                found.partition(",")[0]
                for place in (*MODES.get(screen.place, ()), screen.place, *everywhere)
                for row in rows(place)
                for found, action in row.bindings
                if action not in LEAVES and not action.startswith("app.show")
            ]
            for key in dict.fromkeys(keys):
                if app.current_mode != screen.place or len(app.screen_stack) > 1:
                    await app.action_show(screen.place)
                    await asyncio.sleep(0.03)
                await struck(app, key)
                text = screen_text(app)
                assert not any(isinstance(each, OpenDialog) for each in app.screen_stack), key
                assert "type a path" not in text, key
                assert "secret" not in text, key
                assert str(home) not in text, key
                # A path typed where something else is asked for.
                for field in app.screen.query(Input):
                    field.value = str(home.parent / "private" / "secret.csv")
                    await struck(app, "enter")
                    field.value = ""
                for _ in range(10):
                    if len(app.screen_stack) > 1:
                        await struck(app, "escape")
            app.page.stop()
        await app.workers.wait_for_complete()
    looked_at = {path for path, _ in watch.opened}
    assert not {path for path in looked_at if path.startswith(str(home.parent / "private"))}
    written = {path for path, writes in watch.opened if writes and path}
    assert not {each for each in written if not each.startswith((str(home), *SYSTEM))}
    # Only the table was read of all that is no part of the program.
    own = {
        Path(each).name
        for each in looked_at
        if each.startswith(str(home)) and "/tmp/" not in each.removeprefix(str(home))
    }
    assert "table.csv" in own
    assert not home.joinpath("files").exists()


async def test_no_recording_of_another_file_is_compared(home, watch):
    secret = home.parent / "private" / "secret.csv"
    app, running = visitor_app()
    async with running as pilot:
        await settled(pilot)
        await app.action_show("Compare")
        await pilot.press("i")
        await until(pilot, lambda: app.screen.query(Input))
        assert "file:" not in screen_text(app)
        field = app.screen.query_one(Input)
        field.focus()
        field.value = f"file:{secret}"
        await pilot.press("enter")
        await until(pilot, lambda: WITHHELD["path"] in [n.message for n in app._notifications])
        assert app.page.options.pair == Options.pair
        await app.workers.wait_for_complete()
    assert str(secret) not in {path for path, _ in watch.opened}


async def test_what_is_withheld_is_said_and_not_offered(home):
    app, running = visitor_app()
    async with running as pilot:
        await settled(pilot)
        await pilot.press("5")
        await until(pilot, lambda: app.page.opened is not None)
        await pilot.pause()
        text = screen_text(app)
        for part in ("served", "table.csv"):
            assert part in text
        for part in ("type a path", "remember files", "your files ", "p Path", "p read as"):
            assert part not in text
        await pilot.press("p")
        await pilot.pause()
        assert WITHHELD["path"] in screen_text(app)
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert WITHHELD["app.suspend_process"] in screen_text(app)
        titles = [title for title, _, _ in KeyTable(app.screen).entries()]
        assert "type the path of a file, and choose how to read it" not in titles
        assert "forget the settings" not in titles
        await pilot.press("question_mark")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        await pilot.pause()
        assert "type the path" not in screen_text(app)
        assert "suspend" not in screen_text(app)
        # Settings are used, and forgotten.
        await pilot.press("escape", "T")
        assert settings.kept()[0] == {"theme": "textual-light"}
    assert settings.load().files == (str(home / "table.csv"),)
    assert not settings.location().exists() or "theme" not in settings.location().read_text()


def test_what_is_withheld_is_in_the_key_table():
    actions = {action for row in TABLE for _, action in row.bindings}
    assert set(WITHHELD) <= actions
    for place in places():
        shown = footer(place, 300, without=WITHHELD)
        assert ("p", "Path") not in shown
    assert ("p", "Path") in footer("Data", 300)


def test_the_list_has_what_is_served():
    names = [each.name for each in served_offers("table.csv", "iris")]
    assert names[-2:] == ["served", "table.csv"]
    names = [each.name for each in served_offers("blobs:n=30", "iris")]
    assert "blobs:n=30" in names
    assert "served" not in names
    assert [each.name for each in served_offers("table.csv", "iris", "table")] == [
        "served", "table.csv",
    ]  # fmt: skip


async def test_an_export_is_handed_over_and_gone(home, monkeypatch):
    got = []

    def deliver(_, file, save_filename):
        with file:
            got.append((save_filename, file.read(2)))

    monkeypatch.setattr(KMeansApp, "deliver_binary", deliver)
    app, running = visitor_app()
    async with running as pilot:
        await settled(pilot)
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, ExportDialog))
        assert isinstance(app.screen, DownloadDialog)
        app.screen._ticked = {"labels", "centroids"}
        app.screen._say()
        await pilot.pause()
        text = screen_text(app)
        assert "kmeans-tui export table.csv -k 2" in text
        assert "--out" not in text
        await pilot.press("enter")
        await until(pilot, lambda: got)
        await until(pilot, lambda: len(app.screen_stack) == 1)
    assert got == [("kmeans-table-k2-s42.zip", b"PK")]
    assert not home.joinpath("files").exists()
    assert app.folder is None


async def test_the_owner_has_everything(home):
    async with opened(Options("table.csv", k=2)) as pilot:
        assert pilot.app.withheld == frozenset()
        assert not pilot.app.refuses("path")
        await pilot.press("x")
        await until(pilot, lambda: isinstance(pilot.app.screen, ExportDialog))
        assert not isinstance(pilot.app.screen, DownloadDialog)
        assert to_command(pilot.app.page.view_options()).startswith("kmeans-tui table.csv")
