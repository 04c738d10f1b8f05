"""A bundle of files: what is written, what would be replaced, what is refused."""

import json
import os
import pickle
from dataclasses import replace

import numpy as np
import pytest

from kmeans_tui.analysis.census import census
from kmeans_tui.analysis.comparison import compare
from kmeans_tui.analysis.seed_runs import run_seeds
from kmeans_tui.analysis.sweep import sweep
from kmeans_tui.command import Options
from kmeans_tui.export import bundle
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.items import KINDS
from kmeans_tui.requests import reporting
from kmeans_tui.requests.answers import stability
from kmeans_tui.whole_file import ExportError
from tests.exporting import request_of

QUICK = ("centroids", "labels", "run")


def whole_request(folder, **fields):
    """Every item there is."""
    request = request_of(
        folder,
        *(name for name in KINDS if name != "picture"),
        "code.ipynb",
        "data.svg",
        "inertia.pdf",
    )
    X = request.dataset.points
    return replace(
        request,
        sweep=sweep(X, 4, 1),
        seeds=(run_seeds(X, 3, range(3)), census(X, 3, range(20))),
        stability=stability(Options(k=3, k_max=3, resamples=10, runs=1), request.dataset),
        comparison=compare(X, 3),
        findings=report_of(Options("blobs", k=3, k_max=3, runs=1), request.dataset),
        screen='<svg viewBox="0 0 1 1"><text>screen</text></svg>',
        **fields,
    )


def report_of(options, dataset):
    """What a report is written from."""
    return reporting.findings(options, dataset, reporting.decided(options, dataset))


def test_everything_is_written_and_told_and_in_another_folder_to_the_same_bytes(tmp_path):
    request, heard = whole_request(tmp_path / "new"), []
    result = bundle.write(pickle.loads(pickle.dumps(request)), lambda said: heard.append(said))
    assert result.complete
    assert [path.name for path in result.paths] == [
        *("data.png", "iterations.png", "iteration-03.png", "animation.gif", "player.html"),
        *("inertia.png", "elbow.png", "ladder.png", "seeds.png"),
        *("stability.png", "compare.png"),
        *("labels.csv", "centroids.csv", "rules.sql", "run.json"),
        *("kmeans_run.py", "pipeline.py", "report.html", "screen.svg"),
        *("kmeans_run.ipynb", "data.svg", "inertia.pdf"),
    ]
    assert sorted(os.listdir(tmp_path / "new")) == sorted(path.name for path in result.paths)
    assert {said.files for said in heard} == {22}
    frames = [(said.frame, said.frames) for said in heard if said.file == "animation.gif"]
    assert frames == [(0, 1), (1, 4), (2, 4), (3, 4), (4, 4), (1, 1)]
    for path in result.paths:
        if path.suffix not in (".csv",):
            written = path.read_bytes()
            assert request.command.encode() in written, path.name
            assert request.dataset.digest.encode() in written, path.name
    assert json.loads((tmp_path / "new" / "run.json").read_text())["command"] == request.command
    again = bundle.write(whole_request(tmp_path / "b" / "c"))
    for one, other in zip(result.paths, again.paths, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


@pytest.mark.parametrize("look", ["dark", "article"])
def test_every_look_writes_every_figure(tmp_path, look):
    names = ("data", "iterations", "iteration", "animation", "elbow")
    request = request_of(tmp_path, *names, settings=Appearance(look=look))
    request = replace(request, sweep=sweep(request.dataset.points, 3, 1))
    assert len(bundle.write(request).paths) == 5


def test_nothing_is_replaced_unless_it_may_be(tmp_path):
    request = request_of(tmp_path, *QUICK)
    (tmp_path / "labels.csv").write_text("mine")
    assert [path.name for path in request.replaced()] == ["labels.csv"]
    with pytest.raises(ExportError, match=r"already contains labels\.csv: add --force") as found:
        bundle.write(request)
    assert "\n" not in str(found.value)
    assert os.listdir(tmp_path) == ["labels.csv"]
    assert (tmp_path / "labels.csv").read_text() == "mine"
    assert bundle.write(replace(request, force=True)).complete
    assert (tmp_path / "labels.csv").read_text() != "mine"


@pytest.mark.parametrize(
    ("names", "fields", "says"),
    [
        (("elbow",), {}, "the elbow has not been computed yet"),
        (("seeds",), {}, "the seeds have not"),
        (("compare",), {}, "the comparison has not"),
        (("screen",), {}, "press x"),
        (
            ("iteration",),
            {"iteration": 9},
            "there is no iteration 9: choose one from 0 to 3",
        ),
    ],
)
def test_what_cannot_be_carried_out_is_refused_before_anything_is_written(
    tmp_path, names, fields, says
):
    with pytest.raises(ExportError, match=says):
        bundle.write(request_of(tmp_path / "new", "centroids", *names, **fields))
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("stop_at", [0, 1, 2])
def test_a_listener_that_says_no_stops_the_writing(tmp_path, stop_at):
    heard = []

    def listen(said):
        heard.append(said)
        return not (said.number == 2 and said.frame >= stop_at)

    request = request_of(tmp_path / "new", "centroids", "animation", "labels")
    result = bundle.write(request, listen)
    assert not result.complete
    assert [path.name for path in result.paths] == ["centroids.csv"]
    assert os.listdir(tmp_path / "new") == ["centroids.csv"]


def test_a_new_folder_that_got_no_file_is_removed_again(tmp_path):
    bundle.write(request_of(tmp_path / "new", "labels"), lambda _: False)
    assert os.listdir(tmp_path) == []


def test_a_folder_that_vanishes_in_the_middle_is_told(tmp_path):
    folder = tmp_path / "new"

    def vanish(said):
        if said.number == 2 and folder.exists():
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()

    with pytest.raises(
        ExportError, match=r"labels\.csv cannot be written: the folder does not exist"
    ):
        bundle.write(request_of(folder, "centroids", "labels"), vanish)


def test_an_error_of_the_disk_keeps_the_earlier_files(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(KINDS, "labels", replace(KINDS["labels"], write=full))
    (tmp_path / "labels.csv").write_text("mine")
    with pytest.raises(ExportError, match="no space left"):
        bundle.write(request_of(tmp_path, "centroids", "labels", force=True))
    assert sorted(os.listdir(tmp_path)) == ["centroids.csv", "labels.csv"]
    assert (tmp_path / "labels.csv").read_text() == "mine"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("iris", "kmeans-iris-k3-s0"),
        ("blobs:n=3000,k=5", "kmeans-blobs-n=3000-k=5-k3-s0"),
        ("../../etc/..", "kmeans-etc-k3-s0"),
        ("a b/\n;c", "kmeans-a-b-c-k3-s0"),
    ],
)
def test_the_folder_offered_is_a_plain_name(data, name):
    assert bundle.folder_name(data, 3, 0) == name


def test_a_photo_is_written_in_the_colours_of_its_clusters(tmp_path):
    from PIL import Image

    colours = np.array([[250, 10, 10], [10, 10, 250]], np.uint8)
    Image.fromarray(colours[(np.arange(48).reshape(6, 8) % 8) // 4]).save(tmp_path / "photo.png")
    options = Options(f"image:{tmp_path / 'photo.png'}", k=2)
    request = request_of(tmp_path / "out", "picture", options=options)
    (path,) = bundle.write(request).paths
    with Image.open(path) as found:
        assert found.size == (8, 6)
        assert np.asarray(found)[0].tolist() == [[250, 10, 10]] * 4 + [[10, 10, 250]] * 4
        assert "kmeans-tui export" in found.text["Command"]


def test_only_a_photo_has_a_picture(tmp_path):
    with pytest.raises(ExportError, match="picture is for the pixels of a photo"):
        bundle.write(request_of(tmp_path / "out", "picture", options=Options("iris")))
    assert not (tmp_path / "out").exists()


def test_a_file_that_changed_leaves_its_labels_out_and_nothing_else(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x,y\n" + "\n".join(f"{i % 5},{i % 7}" for i in range(40)))
    request = request_of(tmp_path / "out", "labels", "centroids", options=Options(str(path), k=2))
    path.write_text("x,y\n1,2\n")
    with pytest.raises(ExportError, match=r"labels.csv is not written: a.csv has changed"):
        bundle.write(request)
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["centroids.csv"]
