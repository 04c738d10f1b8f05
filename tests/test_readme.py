"""The README says what is so."""

import os
import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from kmeans_tui import cli, key_table
from kmeans_tui.cli import main
from kmeans_tui.export.items import KINDS
from kmeans_tui.requests import subject
from tests.test_command import read

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_keys_are_those_of_the_table() -> None:
    assert key_table.markdown() in TEXT


def test_the_exports_are_those_of_the_table() -> None:
    rows = re.findall(r"^\| (`.*?`) \| ([A-Z, ]+) \| ", TEXT, re.MULTILINE)
    shown = {name: forms.lower() for names, forms in rows for name in re.findall(r"`(\w+)`", names)}
    assert shown == {name: ", ".join(kind.forms) for name, kind in KINDS.items()}


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", TEXT)
    assert pictures
    assert [path for path in pictures if not (ROOT / path).is_file()] == []


def test_ci_runs_the_test_command_of_the_readme() -> None:
    commands = [line for line in TEXT.splitlines() if line.endswith("-m pytest")]
    assert len(commands) == 1
    assert "grep -m1 -- '-m pytest$' README.md" in (ROOT / ".ci" / "run").read_text()


COMMANDS = [
    shlex.split(line.partition("#")[0].partition("|")[0])[1:]
    for line in TEXT.splitlines()
    if re.match(r"kmeans-tui \S", line)
]
SERVED = [words[1:] for words in COMMANDS if words[0] == "serve"]
ENDING = [words for words in COMMANDS if words[0] in cli.COMMANDS and words[0] != "serve"]
VIEWS = [words for words in COMMANDS if words[0] not in cli.COMMANDS]


@pytest.fixture(autouse=True)
def customers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table that the commands name, in the folder where they run."""
    monkeypatch.chdir(tmp_path)
    rows = [f"{1500 + 37 * i},{20 + i % 50},{'AB'[i % 2]}" for i in range(60)]
    Path("customers.csv").write_text("income,age,segment\n" + "\n".join(rows))


@pytest.mark.parametrize("words", VIEWS + SERVED)
def test_every_view_shown_is_understood(words: list[str]) -> None:
    options = read(words)
    subject.check(options)
    assert subject.load(replace(options, data=options.data.replace("n=1000000", "n=1000"))).n


@pytest.mark.parametrize("words", ENDING)
def test_every_command_shown_works(
    words: list[str],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    if any("january" in word or "february" in word for word in words):
        for month in ("january", "february"):
            Path(f"{month}.csv").write_text(Path("customers.csv").read_text())
            if words[0] == "export":
                continue
            assert main(["export", f"{month}.csv", "-k", "3", "--what", "run", "--out", month]) == 0
    with open(os.devnull, encoding="utf-8") as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        assert main(words) == 0
    assert capsys.readouterr().out
