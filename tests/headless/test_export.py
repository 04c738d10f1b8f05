"""``kmeans-tui export``: paths on stdout, files in the folder, refusals in one line."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time

import pytest
from PIL import Image

from kmeans_tui import load_data
from kmeans_tui.cli import main


def exported(capsys, *words):
    assert main(["export", *words]) == 0
    text, said = capsys.readouterr()
    assert said == ""
    return text


def refused(capsys, *words, code):
    try:
        found = main(["export", *words])
    except SystemExit as ending:
        found = ending.code
    text, said = capsys.readouterr()
    assert found == code
    assert text == ""
    assert said.count("\n") == 1
    return said


def test_the_paths_are_printed_one_a_line(tmp_path, capsys):
    out = tmp_path / "figures"
    text = exported(capsys, "iris", "-k", "4", "--out", str(out), "--seed", "7")
    names = ["iterations.png", "iteration-11.png", "animation.gif", "run.json"]
    assert text.splitlines() == [str(out / name) for name in names]
    assert sorted(os.listdir(out)) == sorted(names)
    assert json.loads((out / "run.json").read_text())["parameters"]["k"] == 4


def test_the_document_lists_the_files(tmp_path, capsys):
    text = exported(capsys, "iris", "--what", "labels,centroids", "--out", str(tmp_path), "--json")
    found = json.loads(text)
    assert found["files"] == [str(tmp_path / "labels.csv"), str(tmp_path / "centroids.csv")]
    assert found["data"]["digest"] == load_data("iris").digest
    assert found["command"] == "kmeans-tui export iris --what labels,centroids"


def test_the_command_in_a_file_gives_the_same_bytes(tmp_path, capsys):
    words = (
        "iris -k 5 --seed 3 --init k-means++ --features 1,3,4 --axes pca --trails --regions "
        "--what iteration,seeds,elbow.png --dark --size 900x700 --dpi 90 --iteration 2 --k-max 4 "
        "--runs 2 --seeds 1,5-6 --census 30"
    )
    first = tmp_path / "first"
    main(["export", *words.split(), "--out", str(first)])
    said = capsys.readouterr().err
    assert said == (
        "kmeans-tui: note: regions are left out: they are exact only with one or two features\n"
    )
    command = Image.open(first / "seeds.png").text["Command"]
    program, verb, *rest = shlex.split(command)
    assert (program, verb) == ("kmeans-tui", "export")
    main(["export", *rest, "--out", str(tmp_path / "second")])
    for name in ("iteration-02.png", "seeds.png", "elbow.png"):
        assert (first / name).read_bytes() == (tmp_path / "second" / name).read_bytes()
    assert Image.open(first / "elbow.png").size == (900, 700)


def test_a_copied_view_chooses_the_iteration(tmp_path, capsys):
    words = "blobs --seed 4 --goto 3:update --what iteration.svg --out"
    text = exported(capsys, *words.split(), str(tmp_path))
    assert text.strip().endswith("iteration-03.svg")


def test_the_articles_figures(tmp_path, capsys):
    words = "--what iterations,animation,elbow,data --look article --empty random --out"
    exported(capsys, "blobs", *words.split(), str(tmp_path))
    assert Image.open(tmp_path / "iterations.png").size == (2235, 1537)
    assert Image.open(tmp_path / "elbow.png").size == (1332, 734)
    assert Image.open(tmp_path / "animation.gif").n_frames == 4


def test_a_run_opened_again_exports_what_it_exported(tmp_path, capsys):
    exported(capsys, "iris", "--what", "run,labels,iteration", "--out", str(tmp_path / "a"))
    words = ("--what", "labels,code", "--out", str(tmp_path / "b"))
    exported(capsys, str(tmp_path / "a" / "run.json"), *words)
    for name in ("labels.csv",):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert "start = initialise(X, 3, rng)" in (tmp_path / "b" / "kmeans_run.py").read_text()


def test_nothing_is_replaced_without_force(tmp_path, capsys):
    words = ("iris", "--what", "labels", "--out", str(tmp_path))
    exported(capsys, *words)
    said = refused(capsys, *words, code=1)
    assert "already contains" in said
    exported(capsys, *words, "--force")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--what elbov", "did you mean elbow"),
        ("--what labels.png", "labels cannot be written as 'png'"),
        ("--what screen", "press x on the screen"),
        ("--size 100x100", "choose a size from 400x300"),
        ("--size big", "'big' is not a size"),
        ("--dpi 5", "choose 40 to 600"),
        ("--fps 0", "frames per second"),
        ("--dark --look article", "not allowed with argument"),
        ("--look neon", "invalid choice"),
        ("--census 9999999", "limit of 1,000,000"),
        ("--seeds x", "not seeds"),
    ],
)
def test_wrong_usage_is_refused(tmp_path, monkeypatch, capsys, words, says):
    monkeypatch.chdir(tmp_path)
    assert says in refused(capsys, "iris", *words.split(), code=2)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("irsi", "did you mean iris"),
        ("iris -k 200", "choose a smaller k"),
        ("iris --what iteration --iteration 99", "there is no iteration 99"),
        ("iris --out file/figures", "choose another folder"),
    ],
)
def test_what_cannot_be_done_is_refused(tmp_path, monkeypatch, capsys, words, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    assert says in refused(capsys, *words.split(), code=1)
    assert os.listdir(tmp_path) == ["file"]


def test_the_folder_is_named_after_the_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert exported(capsys, "iris", "--what", "labels") == "kmeans-iris-k3-s42/labels.csv\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_command_that_is_ended_leaves_no_half_a_file(tmp_path, number):
    (tmp_path / "animation.gif").write_bytes(b"old")
    words = "blobs:n=20000,k=8,std=3 --what centroids,animation --size 2500x2500 --force --out"
    process = subprocess.Popen(
        [sys.executable, "-m", "kmeans_tui", "export", *words.split(), str(tmp_path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not any(name.endswith(".part") for name in os.listdir(tmp_path) if "animation" in name):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "Traceback" not in said
    # Killed, the command cannot tidy up; the process that draws does, with its next frame.
    while len(os.listdir(tmp_path)) > 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert sorted(os.listdir(tmp_path)) == ["animation.gif", "centroids.csv"]
    assert (tmp_path / "animation.gif").read_bytes() == b"old"
