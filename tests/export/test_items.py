"""The table of what can be exported."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kmeans_tui.analysis.sweep import sweep
from kmeans_tui.cli import main
from kmeans_tui.command import Options
from kmeans_tui.export.bundle import write
from kmeans_tui.export.figures import analyses
from kmeans_tui.export.figures.canvas import STILLS, new_figure
from kmeans_tui.export.items import KINDS, Export, Item, needed
from kmeans_tui.export.worker import Worker
from kmeans_tui.export.writers import figure
from kmeans_tui.whole_file import ExportError
from tests.exporting import pixels, request_of
from tests.pilot import opened, screen_text, until


def test_every_name_gives_a_file_of_its_own():
    names = [Item.read(name).file_name(2, 8) for name in KINDS]
    assert len(set(names)) == len(KINDS)
    assert "iteration-02.png" in names
    assert "code.py" not in names, "it would hide a module of the standard library"
    assert Item.read("iteration").file_name(7, 300) == "iteration-007.png"


@pytest.mark.parametrize(
    ("text", "still", "name"),
    [
        ("iterations.pdf", "png", "iterations.pdf"),
        ("iterations", "svg", "iterations.svg"),
        ("iterations.png", "svg", "iterations.png"),
        ("animation", "svg", "animation.gif"),
        ("code.ipynb", "png", "kmeans_run.ipynb"),
        ("labels", "pdf", "labels.csv"),
    ],
)
def test_an_ending_chooses_the_form(text, still, name):
    item = Item.read(text, still)
    assert item.file_name(0, 1) == name
    assert Item.read(str(item)) == item


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("elbov", "did you mean elbow"),
        ("zzz", "use data, iterations"),
        ("labels.png", "labels cannot be written as 'png': use csv"),
        ("iterations.jpg", "use png or svg or pdf"),
    ],
)
def test_what_there_is_not_is_refused_in_one_line(text, says):
    with pytest.raises(ValueError, match=says):
        Item.read(text)


@pytest.fixture
def sizes(monkeypatch):
    """One more export of what the elbow finds, written in this process."""

    def lines(work, file):
        rows = work.made_of.sweep.rows
        file.write("".join(f"{row.k}: {row.sizes.tolist()}\n" for row in rows).encode())

    row = Export("sizes", ("csv", "txt"), "the sizes for each k", lines, "sweep", "run it first")
    monkeypatch.setitem(KINDS, "sizes", row)
    monkeypatch.setattr(Worker, "write", Worker._here)
    return row


def test_an_added_row_is_written_by_the_command(sizes, tmp_path, capsys):
    asked = ["export", "blobs", "--what", "sizes,iteration", "--k-max", "2", "--out", str(tmp_path)]
    assert main([*asked, "--json", "--elbow-init", "warm"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [Path(path).name for path in document["files"]] == ["sizes.csv", "iteration-03.png"]
    assert "--what sizes,iteration --elbow-init warm" in document["command"]
    assert (tmp_path / "sizes.csv").read_text().splitlines()[0] == "1: [300]"


def test_an_added_row_is_in_the_help_and_known_by_its_name(sizes, capsys):
    with pytest.raises(SystemExit):
        main(["export", "--help"])
    assert "  sizes      csv, txt      the sizes for each k\n" in capsys.readouterr().out
    with pytest.raises(ValueError, match="did you mean sizes"):
        Item.read("size")
    assert Item.read("sizes.txt").file_name(0, 1) == "sizes.txt"


def test_an_added_row_says_what_it_needs(sizes, tmp_path):
    with pytest.raises(ExportError, match="run it first"):
        write(request_of(tmp_path, "sizes"))
    assert needed([Item.read("sizes"), Item.read("data")]) == {"sweep"}


async def test_an_added_row_is_in_the_dialog(sizes):
    async with opened(Options(k_max=2, runs=1), size=(120, 60)) as pilot:
        await pilot.press("x")
        await until(pilot, lambda: "sizes.csv" in screen_text(pilot.app))
        line = next(each for each in screen_text(pilot.app).splitlines() if "sizes.csv" in each)
        assert "computed" in line
        await pilot.press("escape", "2")
        await until(pilot, lambda: "done: " in screen_text(pilot.app))
        await pilot.press("x")
        await until(pilot, lambda: "the sizes for each k" in screen_text(pilot.app))


def test_a_figure_of_what_was_found_is_a_row_and_its_function(tmp_path, monkeypatch):
    def shares(view, sweep):
        drawn = new_figure((4.0, 3.0), 100, view.look.background)
        drawn.subplots().plot([row.k for row in sweep.rows], [row.best for row in sweep.rows])
        return drawn

    monkeypatch.setattr(analyses, "shares", shares, raising=False)
    row = Export("shares", STILLS, "what is left", figure("analyses.shares", "sweep"), "sweep")
    monkeypatch.setitem(KINDS, "shares", row)
    request = request_of(tmp_path, "shares.svg", "shares")
    found = sweep(request.dataset.points, 3, 1)
    paths = write(replace(request, sweep=found)).paths
    assert [path.name for path in paths] == ["shares.svg", "shares.png"]
    assert pixels(paths[1].read_bytes()).shape == (300, 400, 3)
