"""run.json: the whole run, read back to the last bit; any other file refused in one sentence."""

import json

import numpy as np
import pytest
from PIL import Image

from kmeans_tui.cli import main
from kmeans_tui.command import Options
from kmeans_tui.export import run_file
from kmeans_tui.requests import document as documents
from kmeans_tui.requests import fit, recorded, subject
from tests.exporting import performed


def saved(path, options):
    dataset, history = performed(options)
    with path.open("wb") as file:
        run_file.write(file, documents.document(options, dataset, history), dataset, history)
    return dataset, history


RUNS = [
    Options(seed=4),
    Options("iris", k=5, init="k-means++", features=("1", "3", "4"), axes=("pca",)),
    Options("wine", k=3, seed=1),
    Options("blobs:n=60000,k=4", k=4),
    Options("iris", k=10, seed=3, empty="random", scale="none"),
    Options("uniform:n=30", k=3, max_iterations=1),
    Options("blobs:n=1,k=1"),
    Options("blobs:n=300,k=300", k=300),
]


@pytest.mark.parametrize("options", RUNS, ids=lambda options: options.data)
def test_every_frame_is_read_back_to_the_last_bit(tmp_path, options):
    path = tmp_path / "run.json"
    dataset, history = saved(path, options)
    found = recorded.open_recording(str(path))
    opened, read = found.dataset, found.history
    assert (opened.name, opened.features, opened.axes, opened.digest) == (
        dataset.name, dataset.features, dataset.axes, dataset.digest,
    )  # fmt: skip
    np.testing.assert_array_equal(opened.table, dataset.table)
    np.testing.assert_array_equal(opened.shown(), dataset.shown())
    assert len(read) == len(history)
    assert read.stopped_by == history.stopped_by
    for ours, theirs in zip(history, read, strict=True):
        np.testing.assert_array_equal(ours.labels, theirs.labels)
        np.testing.assert_array_equal(ours.centroids, theirs.centroids)
        np.testing.assert_array_equal(ours.shifts, theirs.shifts)
        assert (ours.inertia, ours.changed, ours.events) == (
            theirs.inertia, theirs.changed, theirs.events,
        )  # fmt: skip
    for number in range(2 * history.iterations + 1):
        assert history.step(number).inertia == read.step(number).inertia


@pytest.mark.parametrize("options", RUNS[:3], ids=lambda options: options.data)
def test_commands_on_it_say_what_they_say_of_the_run(tmp_path, capsys, options):
    path = tmp_path / "run.json"
    dataset, history = saved(path, options)
    assert main(["run", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == documents.document(options, dataset, history)
    assert main(["elbow", str(path), "--k-max", "3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["data"]["digest"] == dataset.digest


def test_another_k_runs_on_its_points(tmp_path, capsys):
    path = tmp_path / "run.json"
    saved(path, Options("iris", k=3))
    assert main(["run", str(path), "-k", "5", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["sizes"]) == 5
    assert found["parameters"]["init"] == "random"


def test_it_is_plain_json_and_survives_being_formatted(tmp_path):
    path = tmp_path / "run.json"
    _, history = saved(path, Options("iris"))
    document = json.loads(path.read_text())
    assert document["iterations"][-1]["inertia"] == history[-1].inertia
    assert len(document["recording"]["table"]) == 150
    path.write_text(json.dumps(document, indent=4))
    assert recorded.is_recording(str(path))
    # What the tolerance came to follows from the points.
    del document["parameters"]["effective_tolerance"]
    assert run_file.read(str(path)).parameters == document["parameters"]
    assert len(recorded.open_recording(str(path)).history) == len(history)


def test_the_same_run_gives_the_same_bytes(tmp_path):
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    saved(first, Options("iris"))
    saved(second, Options("iris"))
    assert first.read_bytes() == second.read_bytes()


def test_other_files_are_no_runs(tmp_path):
    for text in ("", "{}", '{"format": "something"}', "1,2\n3,4\n"):
        path = tmp_path / "other.json"
        path.write_text(text)
        assert not run_file.is_run(str(path))
    assert not run_file.is_run(str(tmp_path / "missing"))


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text.replace('"format": "kmeans-tui run 1"', '"format": "kmeans-tui run 9"'),
        lambda text: text.replace('"recording": {', '"recording": [{').replace("}}", "}]}"),
        lambda text: text.replace('"scale": "standard"', '"scale": "log"'),
        lambda text: text.replace('"centroids": [[[', '"centroids": [[["x",'),
        lambda text: text.replace(", 1.4, 0.2]", ", 1.5, 0.2]", 1),
        lambda text: text.replace("[5.1,", "[1e999,", 1),
        lambda text: text.replace('"first": [', '"first": [77, '),
        lambda text: text.replace('"shape": [150, 3, 2]', '"shape": [150, 2, 2]'),
        lambda text: text.replace('"shape": [150, 3, 2]', '"shape": "none"'),
        lambda text: text.replace('"stopped_by": 0', '"stopped_by": 7'),
    ],
)
def test_a_damaged_file_is_refused_in_one_line(tmp_path, capsys, damage):
    path = tmp_path / "run.json"
    saved(path, Options("iris"))
    text = path.read_text()
    path.write_text(damage(text))
    assert path.read_text() != text
    assert main(["run", str(path)]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert str(path) in said


def test_a_cancelled_run_is_kept(tmp_path):
    options = Options(seed=4)
    dataset = subject.load(options)
    model = fit.model(options, dataset).fit(dataset.points, lambda step: step.iteration < 3)
    path = tmp_path / "run.json"
    with path.open("wb") as file:
        document = documents.document(options, dataset, model.history)
        run_file.write(file, document, dataset, model.history)
    history = recorded.open_recording(str(path)).history
    assert history.stopped_by == "cancelled"
    assert len(history) == len(model.history)


def test_a_run_of_a_file_keeps_its_labels_its_logarithm_and_its_gaps(tmp_path):
    path = tmp_path / "a.csv"
    rows = [f"n{i},{1 + i * i},{'' if i == 4 else i % 3},{i % 7}" for i in range(30)]
    path.write_text("name,x,gap,y\n" + "\n".join(rows))
    options = Options(str(path), k=2, features=("x", "y"), log=("x",), scale="robust")
    known, run_of_it = saved(tmp_path / "run.json", options)
    dataset, history, *_ = run_file.read(str(tmp_path / "run.json"))
    assert dataset.log == ("x",)
    assert dataset.labels["name"].tolist() == [f"n{i}" for i in range(30)]
    assert np.isnan(dataset.column("gap")).tolist() == [i == 4 for i in range(30)]
    assert np.array_equal(dataset.points, known.points)
    assert history[-1].inertia == run_of_it[-1].inertia


def test_a_weighted_run_keeps_its_weights(tmp_path, capsys):
    table = tmp_path / "t.csv"
    rows = [f"{i % 7},{i * i % 11},{1 + i % 4}.5" for i in range(30)]
    table.write_text("\n".join(["x,y,w", *rows]) + "\n")
    dataset, history = saved(tmp_path / "run.json", Options(str(table), k=3, weights="w"))
    found = recorded.open_recording(str(tmp_path / "run.json"))
    assert found.dataset.digest == dataset.digest
    assert found.dataset.weight_column == "w"
    np.testing.assert_array_equal(found.dataset.weights, dataset.weights)
    np.testing.assert_array_equal(found.history.weights, history.weights)
    np.testing.assert_array_equal(found.history[-1].weights, history[-1].weights)
    assert main(["run", str(tmp_path / "run.json"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["data"]["weights"] == "w"
    assert said["data"]["total_weight"] == sum(said["weights"]) == dataset.weights.sum()
    assert main(["run", str(table), "--weights", "w", "-k", "3"]) == 0
    assert "cluster  size  weight  " in capsys.readouterr().out
    whole = json.loads((tmp_path / "run.json").read_text())
    whole["recording"]["weight_column"] = "w\x1b[31m"
    (tmp_path / "run.json").write_text(json.dumps(whole))
    assert "\x1b" not in recorded.open_recording(str(tmp_path / "run.json")).dataset.weight_column


def test_a_run_on_a_photo_keeps_its_size(tmp_path):
    path = tmp_path / "a.png"
    Image.fromarray(np.arange(72, dtype=np.uint8).reshape(4, 6, 3)).save(path)
    saved(tmp_path / "run.json", Options(f"image:{path}", k=2))
    assert run_file.read(str(tmp_path / "run.json"))[0].picture == (4, 6)
