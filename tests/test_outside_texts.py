"""Every text that can come from outside, shown harmless wherever it is shown.

``SOURCES`` lists where such a text comes from, ``PAYLOADS`` what it may want to do. Each source
carries all payloads at once; every command, every screen and every file that is written is looked
at. On the screens the two gates are tried each by itself: with the last one taken out, and with all
others taken out.
"""

import base64
import io
import json
import re
import shlex
import sys
import xml.etree.ElementTree as ET
import zipfile
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from textual.widgets import Input

from kmeans_tui import KMeans, settings
from kmeans_tui.cli import main
from kmeans_tui.command import Options
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.export import run_file
from kmeans_tui.requests.document import document
from kmeans_tui.requests.subject import load
from kmeans_tui.shell_command import to_command
from kmeans_tui.ui.app import KMeansApp
from kmeans_tui.ui.printable_filter import PrintableFilter
from tests.pilot import opened, screen_text, settled, until
from tests.terminal import Terminal

PAYLOADS = {
    "clipboard": "\x1b]52;c;UFdORUQ=\x07",
    "title": "\x1b]0;PWNED\x1b\\",
    "clear": "\x1b[2J",
    "C1": "\x9b2J\x85",
    "bidi": "\u202egnp\u2066\u200f",
    "zero width": "a\u200bb\u2060c\ufeff",
    "line": "\nkmeans-tui: forged\r\x0b\u2028# forged",
    "tab": "\t\x7f",
    "markup": "[bold red]m[/bold red][@click=app.quit]q",
    "Markdown": "|bar|`code`<b>**",
    "formula": "$x$",
}
# A formula of a workbook is one at the beginning only.
TEXT = "=1+1 " + " ".join(PAYLOADS.values())
# What a file system takes for a name, and one byte that is no UTF-8.
NAME = "".join(PAYLOADS.values()).replace("/", "") + "\udcff"
# What no terminal may get, written here once more without a look at the program.
FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)


def harmless(text):
    """Whether every line of what was written is harmless, and none is a forged one."""
    for line in text.split("\n"):
        found = FORBIDDEN.search(line)
        assert found is None, f"{found[0]!a} in {line!a}"
        assert not line.lstrip("# ").startswith(("kmeans-tui: forged", "forged")), ascii(line)
    return True


# --- where texts come from -------------------------------------------------------------------

ROWS = [(x + dx, y + dy) for x, y in ((0, 0), (9, 9)) for dx, dy in ((0, 0), (1, 0), (0, 2))]


def quoted(cell):
    return '"' + cell.replace('"', '""') + '"'


def csv(path, heads=("x", "y", "name", "group"), cell="n", group="g", number=None):
    """A table with two columns of numbers, one of labels, and a grouping."""
    lines = [",".join(map(quoted, heads))]
    for i, (x, y) in enumerate(ROWS):
        first = quoted(number) if number is not None and i == 3 else f"{x}"
        lines.append(f"{first},{y},{quoted(cell)},{quoted(f'{group}{i // 3}')}")
    path.write_bytes(("\n".join(lines) + "\n").encode())
    return str(path)


def file_name(folder):
    return [csv(folder / f"{NAME}.csv")]


def folder_name(folder):
    inner = folder / NAME
    inner.mkdir()
    return [csv(inner / "table.csv")]


def column_name(folder):
    return [csv(folder / "t.csv", heads=(f"x {TEXT}", f"y {TEXT}", f"n {TEXT}", f"g {TEXT}"))]


def label_cell(folder):
    return [csv(folder / "t.csv", cell=TEXT)]


def truth_value(folder):
    return [csv(folder / "t.csv", group=TEXT), "--truth", "group"]


def bad_cell(folder):
    return [csv(folder / "t.csv", number=TEXT)]


def missing_mark(folder):
    return [csv(folder / "t.csv"), "--na", TEXT]


def table(folder):
    """A table of which everything is hostile."""
    heads = [f"{each} {TEXT}" for each in "xyng"]
    return [csv(folder / f"{NAME}.csv", heads, TEXT, TEXT), "--truth", "4", "--na", TEXT]


def sheet_name(folder):
    # XML holds no C0 control; all others it does.
    pytest.importorskip("python_calamine")
    name = "\x9b2J\u202e\u200b\u2028|s|&lt;b>"
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    rows = "".join(
        f'<row r="{i}"><c r="A{i}"><v>{x}</v></c><c r="B{i}"><v>{y}</v></c></row>'
        for i, (x, y) in enumerate(ROWS, 1)
    )
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{types}"></Types>',
        "xl/workbook.xml": f'<workbook xmlns="{space}" xmlns:r="{links}"><sheets>'
        f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="rId1" '
        f'Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship '
        f'Id="rId1" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData>'
        "</worksheet>",
    }
    with zipfile.ZipFile(folder / "t.xlsx", "w") as book:
        for part, xml in parts.items():
            book.writestr(part, xml)
    return [str(folder / "t.xlsx")]


def json_key(folder):
    lines = [json.dumps({f"x {TEXT}": x, f"y {TEXT}": y, f"n {TEXT}": TEXT}) for x, y in ROWS]
    (folder / "t.jsonl").write_text("\n".join(lines))
    return [str(folder / "t.jsonl")]


def recorded(folder):
    """A run.json whose every text is hostile."""
    dataset = Dataset(
        TEXT,
        np.array(ROWS, float),
        (f"x {TEXT}", f"y {TEXT}"),
        about=TEXT,
        truth=np.arange(len(ROWS)) // 3,
        truth_names=(f"a {TEXT}", f"b {TEXT}"),
        labels={f"n {TEXT}": np.array([TEXT] * len(ROWS), object)},
    )
    options = Options(k=2, seed=1)
    history = KMeans(k=2, random_state=1).fit(dataset.points).history
    with open(folder / "run.json", "wb") as file:
        run_file.write(file, document(options, dataset, history), dataset, history)
    return [str(folder / "run.json")]


def npz_feature(folder):
    points = np.array(ROWS, float)
    history = KMeans(k=2, random_state=1).fit(points).history
    history.save(folder / "run.npz", points, (f"x {TEXT}", f"y {TEXT}"))
    return [str(folder / "run.npz")]


def npz_key(folder):
    buffer = io.BytesIO()
    np.save(buffer, np.array(ROWS, float))
    with zipfile.ZipFile(folder / "t.npz", "w") as archive:
        for name in (f"{TEXT}1", f"{TEXT}2"):
            archive.writestr(f"{name}.npy".replace("/", "_"), buffer.getvalue())
    return [str(folder / "t.npz")]


SOURCES = {
    each.__name__: each
    for each in (
        *(file_name, folder_name, column_name, label_cell, truth_value, bad_cell, missing_mark),
        *(table, sheet_name, json_key, recorded, npz_feature, npz_key),
    )
}


@pytest.fixture(params=SOURCES)
def source(request, tmp_path, monkeypatch):
    """The words of a command that name hostile data."""
    monkeypatch.chdir(tmp_path)
    return SOURCES[request.param](tmp_path)


def command(capsys, *words):
    """Run a command; what it wrote, if that is harmless and no traceback."""
    try:
        code = main(list(words))
    except SystemExit as ended:
        code = ended.code
    out, err = capsys.readouterr()
    assert harmless(out)
    assert harmless(err)
    assert all(line.startswith("kmeans-tui: ") for line in err.splitlines()), ascii(err)
    return code, out, err


# --- the shell -------------------------------------------------------------------------------

# What a web page of a report consists of.
TAGS = {
    *("main", "body", "html", "h1", "h2", "h3", "p", "strong", "em", "ul", "li", "div", "pre"),
    *("table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "picture", "source"),
    "img",
}
COMMANDS = {
    "run": [],
    "elbow": ["--k-max", "2", "--runs", "1"],
    "seeds": ["-k", "2", "--seeds", "0-1"],
    "compare": ["-k", "2"],
    "report": ["-k", "2", "--k-max", "2", "--runs", "1"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_writes_it_harmless(name, source, capsys):
    code, out, err = command(capsys, name, *source, *COMMANDS[name])
    assert (code, bool(out)) == (0, True) or (code, out, err[:12]) == (1, "", "kmeans-tui: ")
    if name != "report":
        code, out, _ = command(capsys, name, *source, *COMMANDS[name], "--json")
        assert code == 1 or json.loads(out)


def test_the_report_says_it_as_text(source, capsys):
    code, out, _ = command(capsys, "report", *source, *COMMANDS["report"], "--out", "r.md")
    if code:
        return
    assert out == "r.md\n"
    report = Path("r.md").read_text()
    assert harmless(report)
    told, fence, commands = report.partition("```sh\n")
    assert fence
    assert commands.count("```") == 1 + commands.partition("\n```\n")[0].count("```")
    # Without what is escaped there is no tag, link, code, formula or entity left but our bold.
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", told)
    assert not re.search(r"[<>`$&~]|\]\(", bare)
    for table in re.findall(r"(?:^\|.*\n)+", bare, re.MULTILINE):
        assert len({line.count("|") for line in table.splitlines()}) == 1, ascii(table)
    heads = [line for line in told.splitlines() if line.startswith("#")]
    assert not any("forged" in line for line in heads[1:])


@pytest.mark.parametrize("name", ["html", "md"])
def test_the_report_as_a_file_is_text_and_no_markup(name, source, capsys):
    words = (*COMMANDS["report"], "--out", f"r.{name}")
    if command(capsys, "report", *source, *words)[0]:
        return
    page = Path(f"r.{name}").read_text()
    assert harmless(page)
    if name == "html":
        tags = re.findall(r"<(/?[a-z][a-z0-9]*|![a-z]+)[\s>]", page.partition("<main>")[2])
        assert {each.strip("/") for each in tags} <= TAGS
        assert "forged" not in " ".join(re.findall(r"<h[123]>(.*?)</h", page)[1:])
        assert "javascript:" not in " ".join(re.findall(r'(?:src|href|srcset)="(.{0,20})', page))


def test_every_file_holds_it_harmless(source, capsys, tmp_path):
    what = "iteration.svg,iterations,player,code,code.ipynb,labels,centroids,run"
    out = tmp_path / f"out{NAME}"
    code, said, _ = command(
        capsys, "export", *source, "--what", what, "--out", str(out), "--size", "500x400"
    )
    if code:
        assert code == 1
        return
    assert len(said.splitlines()) == 8
    files = {path.name: path for path in out.iterdir()}
    assert len(files) == 8
    for name, path in files.items():
        if name.endswith(".svg"):
            assert harmless(path.read_text())
            shown = "".join(ET.parse(path).getroot().itertext())
            assert harmless(shown)
        elif name.endswith((".py", ".ipynb", ".html")):
            assert harmless(path.read_text())
        elif name.endswith(".png"):
            with Image.open(path) as image:
                assert all(harmless(f"{text}") for text in image.info.values())


def test_labels_stay_as_they_came(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for at, make in enumerate((label_cell, recorded)):
        words = make(tmp_path)
        out = f"out{at}"
        code, _, _ = command(capsys, "export", *words, "--what", "labels", "--out", out)
        if make is label_cell:
            assert code == 0
        if code == 0:
            import csv as written

            with open(Path(out, "labels.csv"), newline="", encoding="utf-8") as file:
                _, *rows = written.reader(file)
            assert all(TEXT in row for row in rows)
            assert len(rows) == len(ROWS)


TAKING = [
    each.metadata["names"][0]
    for each in fields(Options)
    if each.metadata.get("names") and each.metadata["keywords"].get("action") is None
]
# Of the screen alone, or of points that stay on disk.
IDLE = ("--theme", "--cache", "--tls-ca", "--tls-cert", "--tls-key")
ARGUMENTS = [
    *([flag, TEXT] for flag in TAKING),
    *(["--features", "1,2", flag, TEXT] for flag in ("--axes", "--log")),
    *([f"{flag}={TEXT}"] for flag in ("--json", "--header", f"--{TEXT}")),
    [TEXT],
    [f"--{TEXT}", TEXT],
]


@pytest.mark.parametrize("words", ARGUMENTS, ids=lambda words: ascii(words[-2:])[:24])
@pytest.mark.parametrize("verb", [[], ["run"]], ids=["screen", "run"])
def test_every_argument_is_told_harmless(verb, words, capsys):
    data = [] if words[0] == TEXT else ["iris"]
    code, out, err = command(capsys, *verb, *data, *words)
    if code == 0:
        assert verb == ["run"]
        assert words[0] in IDLE
    else:
        assert (code in (1, 2), out, bool(err)) == (True, "", True)


@pytest.mark.parametrize(
    "words",
    [
        [TEXT], ["iris", TEXT], [TEXT, "iris"], ["data", TEXT], ["article", TEXT], ["run", TEXT],
        ["seeds", "iris", "--seeds", TEXT], ["elbow", f"iris:{TEXT}"], ["run", f"blobs:n={TEXT}"],
        ["run", f"image:{TEXT}"], ["compare", "iris", "--truth", TEXT],
        ["report", "iris", "--out", f"{NAME}/none/r.md"],
        *(["export", "iris", flag, TEXT] for flag in
          ("--what", "--size", "--dpi", "--fps", "--look", "--format", "--iteration")),
        ["export", "iris", "--what", "labels", "--out", f"/dev/null/{NAME}"],
    ],
    ids=lambda words: ascii(words)[:30],
)  # fmt: skip
def test_every_word_of_a_command_is_told_harmless(words, capsys):
    code, out, err = command(capsys, *words)
    assert code in (1, 2)
    assert not out
    assert len(err.splitlines()) == 1


# --- the screens -----------------------------------------------------------------------------


@contextmanager
def without(monkeypatch, gate):
    """One gate taken out: the last one, or all that come before it."""
    with monkeypatch.context() as patched:
        if gate == "the last":
            patched.setattr(PrintableFilter, "apply", lambda self, segments, background: segments)
        else:
            kept = ("kmeans_tui.ui.printable_filter", "kmeans_tui.words")
            for name, module in list(sys.modules.items()):
                ours = name.startswith("kmeans_tui.") and name not in kept
                if ours and hasattr(module, "printable"):
                    patched.setattr(module, "printable", lambda text, instead="": text)
        yield


def seen(pilot, gate):
    """The screen, if it is harmless.

    A field to type in shows its value as it is, for it is edited; before the last gate it is left
    out.
    """
    app = pilot.app
    texts = screen_text(app)
    if gate == "the last" and app.screen.query(Input):
        shown = [field.region for field in app.screen.query(Input)]
        lines = texts.split("\n")
        texts = "\n".join(
            line for y, line in enumerate(lines) if not any(y in r.line_range for r in shown)
        )
    assert harmless(texts)
    return texts


async def look(pilot, gate, *keys):
    """Press keys, each after the screen has settled, and look at every screen on the way."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause(0.02)
        await until(pilot, lambda: not getattr(pilot.app.page, "busy", False))
        await pilot.pause()
        seen(pilot, gate)


SHOWN = ("table", "recorded")


@pytest.mark.parametrize("gate", ["the last", "all before"])
@pytest.mark.parametrize("name", SHOWN)
async def test_every_screen_shows_it_harmless(name, gate, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    from tests.test_command import read

    few = ("--k-max", "3", "--runs", "1", "--seeds", "0-2", "--census", "4")
    options = read([*SOURCES[name](tmp_path), "-k", "2", *few])
    if name == "recorded":
        try:
            load(options)
        except ValueError:
            pytest.skip("a recording with such names is refused when it is opened")
    with without(monkeypatch, gate):
        async with opened(options, size=(120, 40), notifications=True) as pilot:
            seen(pilot, gate)
            # The dialogs of Explore.
            await look(pilot, gate, "y", "enter", "right", "d")
            await until(pilot, lambda: "the rest" in screen_text(pilot.app))
            seen(pilot, gate)
            await look(pilot, gate, "end", "escape", "f", "escape", "c")
            await look(pilot, gate, "escape", "slash", "n", "enter", "slash", "q", "enter", "x")
            await until(pilot, lambda: "kmeans-tui export" in screen_text(pilot.app))
            await look(pilot, gate, "escape", "question_mark", "escape", "colon", "escape")
            # Every other screen, and the notices of each.
            for screen in "2345":
                await look(pilot, gate, screen, "y", "tab", "j", "question_mark", "escape")
            await look(pilot, gate, "space", "u", "l", "w", "e", "f", "escape", "p")
            await until(pilot, lambda: "reading …" not in screen_text(pilot.app))
            await look(pilot, gate, "tab", "escape")
            await look(pilot, gate, "slash", "x", "escape", "1")
            await settled(pilot)
            seen(pilot, gate)


@pytest.mark.parametrize("gate", ["the last", "all before"])
async def test_the_picture_of_the_screen_is_harmless(gate, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (data,) = column_name(tmp_path)
    with without(monkeypatch, gate):
        async with opened(Options(data, k=2), size=(120, 40)) as pilot:
            picture = pilot.app.export_screenshot()
    assert harmless("".join(ET.fromstring(picture).itertext()))


async def test_files_opened_before_are_listed_harmless(tmp_path):
    # What is no printing character to Python is dropped when the settings are read.
    path = tmp_path / "a\u3164b\u034f|[bold red]m.csv"
    csv(path)
    kept = {"recent_files": [str(path), f"/{NAME[:-1]}.csv", f"/{TEXT}", 7]}
    settings.location().parent.mkdir(parents=True)
    settings.location().write_text(json.dumps(kept))
    async with opened(size=(120, 40), notifications=True) as pilot:
        await look(pilot, "all before", "5")
        assert "a·b·|[bold red]m.csv" in seen(pilot, "all before")


# --- the terminal ----------------------------------------------------------------------------


def test_the_clipboard_gets_the_command_to_the_byte(tmp_path):
    app = KMeansApp(Options(f"{NAME}.csv"))
    written = []
    app._driver = type("Driver", (), {"write": staticmethod(written.append)})()
    command = to_command(Options(f"{NAME}.csv"))
    app.copy_to_clipboard(command)
    (sent,) = written
    assert sent.startswith("\x1b]52;c;")
    assert sent.endswith("\a")
    payload = base64.b64decode(sent[7:-1])
    assert payload == command.encode(errors="surrogateescape")
    assert shlex.split(payload.decode(errors="surrogateescape")) == ["kmeans-tui", f"{NAME}.csv"]


def test_the_bytes_that_reach_the_terminal(tmp_path):
    """Everything at once in a real terminal, the surroundings hostile, too."""
    inner = tmp_path / NAME
    inner.mkdir()
    heads = [f"{each} {TEXT}" for each in "xyng"]
    data = csv(inner / f"{NAME}.csv", heads, TEXT, TEXT)
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "ESCDELAY": "20"}
    hostile = dict.fromkeys(("COLUMNS", "LINES", "TERM_PROGRAM", "TEXTUAL_FPS"), TEXT)
    hostile |= dict.fromkeys(("TEXTUAL_THEME", "TEXTUAL_ANIMATIONS", "TEXTUAL_FILTERS"), TEXT)
    words = [sys.executable, "-m", "kmeans_tui", data, "-k", "2"]
    with Terminal(words, env=home | hostile, columns=120, lines=40) as terminal:
        terminal.wait_for("iteration 0 of")
        for key in ("y", "enter", "right", "d", "escape", "x", "escape", "5", "1"):
            terminal.send(key)
            terminal.wait_quiet(0.25)
        terminal.send("q")
        assert terminal.wait_exit() == 0
        written = terminal.output().decode()
        copied = [each for each in terminal.screen.commands if each.startswith("52;")]
        titles = [each for each in terminal.screen.commands if not each.startswith("52;")]
        assert "PWNED" not in "".join(titles)
    (sent,) = copied
    payload = base64.b64decode(sent.removeprefix("52;c;")).decode(errors="surrogateescape")
    assert shlex.split(payload)[1] == data
    # Sequences of the program's own kinds, line ends, and nothing else.
    control = r"\[[0-9;?<>=]*[A-Za-z$]+|[78=>]|\(B"
    own = re.compile(rf"\x1b(?:{control}|\]52;c;[\w+/=]*\x07|\]22;\w*\x07)|[\r\n]")
    assert harmless(own.sub("", written))
    assert "\x1b[2J" not in written.partition("\x1b[?1049h")[2].partition("\x1b[?1049l")[0]


@pytest.mark.parametrize("term", [TEXT, "dumb", ""])
def test_the_name_of_the_terminal_is_told_harmless(term, monkeypatch, capsys):
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("COLUMNS", TEXT)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    from kmeans_tui import cli

    problem = cli._no_screen()
    assert (problem is None) == (term == TEXT)
    code, _, _ = command(capsys, "--help")
    assert code == 0


# --- where a text is made ready, each place by itself ------------------------------------------


def test_a_cell_in_a_sentence_is_printable():
    from kmeans_tui.data.reading.relation import quoted as told

    assert harmless(told(TEXT))


def test_a_notebook_shows_the_title_as_text():
    from kmeans_tui.export.code.notebook import text
    from kmeans_tui.export.code.script import Section

    (title, *_) = json.loads(text([Section("on <b>|[x](y)\n$z$", "x = 1")]))["cells"]
    assert "".join(title["source"]) == "# on \\<b\\>|\\[x\\](y)·\\$z\\$"


def test_a_report_says_how_it_was_read_as_text(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    _, out, _ = command(capsys, "report", *sheet_name(tmp_path), *COMMANDS["report"])
    assert "Read as workbook, sheet ·2J···|s|\\<b\\>." in out


def test_a_report_is_printable_once_more_where_it_is_written(tmp_path, monkeypatch, capsys):
    from kmeans_tui.export.report import as_markdown, sections
    from kmeans_tui.export.report.blocks import Paragraph

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(as_markdown, "markdown", lambda text: text)
    monkeypatch.setattr(sections, "blocks", lambda _: iter([Paragraph.of(TEXT)]))
    words = ["iris", *COMMANDS["report"], "--out", "r.md"]
    assert command(capsys, "report", *words)[0] == 0
    written = Path("r.md").read_text()
    assert harmless(written)
    assert len(written.splitlines()) == 1


async def test_what_is_in_a_file_is_printable_before_the_last_gate(tmp_path, monkeypatch):
    from kmeans_tui.ui.models.reader import Shelf
    from kmeans_tui.ui.screens.dialogs.open import OpenDialog

    (book,) = sheet_name(tmp_path)
    with without(monkeypatch, "the last"):
        async with opened(size=(120, 40)) as pilot:
            await pilot.app.push_screen(OpenDialog(Shelf(), Options(book)))
            await until(pilot, lambda: "rows ×" in screen_text(pilot.app))
            assert "workbook, sheet ·2J···|s|<b>" in seen(pilot, "the last")
