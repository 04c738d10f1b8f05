"""Labelling new rows from the screen: the same file and sentences as at the shell."""

import shlex
from pathlib import Path

import pytest

from kmeans_tui.cli import main
from kmeans_tui.command import Options
from kmeans_tui.ui.models.fitting import fit
from kmeans_tui.ui.models.labelling_rows import Labelling
from tests.headless.test_assign import month, written

JANUARY = Options("january.csv", k=3, init="k-means++", seed=0, scale="standard")


@pytest.fixture(autouse=True)
def months(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = list(month(120, seed=1))
    rows[5]["age"] = ""
    written("january.csv", rows)
    rows = list(month(60, seed=2, shift=2.0))
    rows[3]["income"] = ""
    rows[4]["income"] = 900.5
    written("february.csv", rows)
    return tmp_path


def labelling(options=JANUARY, **fields):
    run = fit(options, None, lambda _: True)
    return Labelling(run, options, Path("kept"), **fields)


def going(_):
    return True


@pytest.mark.parametrize("recorded", [False, True])
def test_the_command_does_the_same(recorded, capsys):
    options = JANUARY
    if recorded:
        words = (
            "export january.csv -k 3 --init k-means++ --seed 0 --scale standard --missing median"
        )
        assert main([*words.split(), "--what", "run", "--out", "old"]) == 0
        options = Options("old/run.json")
    asked = labelling(options, new="february.csv", out="mine.csv")
    told = asked.done(going)
    mine = Path("mine.csv").read_text()
    commands = [shlex.split(each)[1:] for each in asked.command().split(" && ")]
    assert len(commands) == 2 - recorded
    assert commands[-1][-1] == "--force", "the file is there now"
    capsys.readouterr()
    for words in commands:
        assert main(words) == 0
    assert Path("mine.csv").read_text() == mine
    assert told.pop(1) == "written to mine.csv"
    assert capsys.readouterr().err.splitlines()[-len(told) :] == told
    assert told[0].startswith("february.csv: 60" if recorded else "february.csv: 59 of 60")


@pytest.mark.parametrize(
    ("new", "out", "says"),
    [
        ("", "", "type the path"),
        ("none.csv", "", "none.csv"),
        ("february.csv", "february.csv", "cannot be written as well"),
        ("february.csv", "january.csv", "cannot be written as well"),
        ("february.csv", "no/folder.csv", "there is no folder no"),
        ("-", "", "there is no file -"),
    ],
)
def test_files_that_cannot_be_used_are_said_before_the_work(new, out, says):
    assert says in labelling(new=new, out=out).refusal()


def test_a_file_is_proposed_by_the_name_of_the_rows():
    asked = labelling(new="february.csv")
    assert asked.refusal() is None
    assert str(asked.target) == "february-clusters.csv"
    assert labelling(new="shop.db::customers").proposed == "shop-clusters.csv"
    assert labelling(new="--what.csv").command().count("--what.csv") == 1
    assert not asked.replaces


@pytest.mark.parametrize("stopped", [False, True])
def test_nothing_is_written_if_it_stops_or_a_column_is_missing(stopped):
    Path("other.csv").write_text("income,spend\n1,2\n")
    asked = labelling(new="february.csv" if stopped else "other.csv", out="mine.csv")
    Path("mine.csv").write_text("before")
    with pytest.raises(ValueError, match="stopped" if stopped else "age"):
        asked.done(lambda _: not stopped)
    assert Path("mine.csv").read_text() == "before"
    assert sorted(each.name for each in Path().iterdir() if "part" in each.name) == []
