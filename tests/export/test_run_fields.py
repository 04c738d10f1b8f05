"""Every field of run.json against every kind of value that does not belong there."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kmeans_tui.cli import main
from kmeans_tui.clustering import recording
from kmeans_tui.command import Options
from kmeans_tui.export import run_fields, run_file
from kmeans_tui.requests.document import document
from tests.exporting import performed

HOSTILE = Path(__file__).parents[1] / "cases" / "hostile"
COMMANDS = {
    "run": (),
    "compare": (),
    "report": ("--k-max", "2"),
    "export": ("--what", "code"),
    "elbow": ("--k-max", "2"),
    "seeds": ("--seeds", "0"),
}
FIELDS = [*run_fields.FIELDS, *(f"recording.{name}" for name in recording.FIELDS)]
FIELDS = [name for name in dict.fromkeys(FIELDS) if name != "recording.points"]
HUGE = 10**400
VALUES = [
    None, True, -1, 0, 1.5, 99, HUGE, -HUGE, 1e308, float("nan"), float("inf"), "", "x", "a\0b",
    "\x1b]52;c;x\x07", "a\nb", "\ud800", "9" * 20_000, [], {}, [[]], {"a": 1}, [None], [True], [-1],
    ["x", "x"], ["a\nb"], [[1, 2], [3]], [[[["x"]]]], [1e308] * 150, [HUGE] * 150, ["x"] * 150,
    [True] * 150, [99] * 150, [-1] * 150, [{}] * 150, [[1e308] * 4] * 150, [["1"] * 4] * 150,
    [[True] * 4] * 150, [[float("nan")] * 4] * 150, {"a": ["x"] * 149}, {"a": [1] * 150},
    {"a": [["x"]] * 150}, {"a": ["\ud800"] * 150}, {"sepal length": ["x"] * 150},
]  # fmt: skip
# What may be in a field without harm, as it is shown through the gate of the screen or is a number.
FINE = {
    "recording.left_out": type(None),
    # Of a run on all points these are empty.
    "recording.flat": (list, type(None)),
    "recording.moved": list,
    "recording.cluster_weights": list,
    "recording.name": str,
    "recording.about": str,
    "recording.truth_names": list,
    "recording.truth": type(None),
    "recording.weight_column": str,
    "recording.row_numbers": type(None),
    "recording.added": int,
    "recording.taken_out": list,
    "recording.missing": type(None),
    "recording.reading": dict,
    "recording.labels": dict,
    "recording.id_column": type(None),
    "recording.sampled": type(None),
    "recording.picture": type(None),
    "recording.log": list,
    "recording.encoded": list,
    "recording.stopped_by": int,
    "recording.events": list,
    "recording.swaps": list,
    "recording.shares": list,
    "recording.tried": int,
    "parameters.k": type(None),
    "parameters.init": type(None),
    "parameters.random_state": (type(None), int),
    "parameters.max_iterations": (type(None), int),
    "parameters.tolerance": (type(None), int, float),
    "parameters.empty": type(None),
    "parameters.improve": (type(None), bool),
}


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    path = tmp_path_factory.mktemp("good") / "run.json"
    options = Options("iris")
    dataset, history = performed(options)
    with path.open("wb") as file:
        run_file.write(file, document(options, dataset, history), dataset, history)
    return json.loads(path.read_text())


def changed(whole, field, value):
    part, _, name = field.partition(".")
    return {**whole, part: {**whole[part], name: value}}


def refused(capsys, words):
    """What a command says, being refused: one line, no traceback."""
    assert main([str(each) for each in words]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    assert said.err.startswith("kmeans-tui: ")
    return said.err


@pytest.mark.parametrize("field", FIELDS)
def test_no_value_that_does_not_belong_there_does_harm(tmp_path, capsys, good, field):
    told = 0
    for number, value in enumerate(VALUES):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(changed(good, field, value)))
        code = main(["run", str(path)])
        said = capsys.readouterr()
        if code == 0:
            assert field in FINE, value
            assert isinstance(value, FINE[field])
            assert said.err == ""
            continue
        assert code == 1
        assert said.err.count("\n") == 1
        assert str(path) in said.err
        told += field.partition(".")[2] in said.err
    assert told > len(VALUES) / 3


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_that_is_missing_is_named_or_not_needed(tmp_path, capsys, good, field):
    part, _, name = field.partition(".")
    path = tmp_path / "run.json"
    kept = {key: value for key, value in good[part].items() if key != name}
    path.write_text(json.dumps({**good, part: kept}))
    needed = field not in run_fields.FIELDS or run_fields.FIELDS[field][1] is run_fields.REQUIRED
    if needed and name not in recording.OPTIONAL:
        assert f"{name} is missing" in refused(capsys, ["run", path])
    else:
        assert main(["run", str(path)]) == 0


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("recording.truth", [99] * 150),
        ("recording.labels", {"a": [{"x": 1}] * 150}),
        ("recording.columns", [1, 2, 3, 4]),
        ("recording.picture", [7, 9]),
        ("recording.features", ["petal length", "nothing"]),
        ("parameters.random_state", -1),
        ("parameters.random_state", '0)\n__import__("os").system("touch PWNED")\n(0'),
        ("parameters.max_iterations", "1 if open('PWNED', 'w') else 1"),
        ("parameters.tolerance", "0.0"),
        ("parameters.tolerance", False),
        ("parameters.init", ["random"]),
    ],
)
def test_every_command_refuses_it_and_names_the_field(
    tmp_path, capsys, monkeypatch, good, command, field, value
):
    monkeypatch.chdir(tmp_path)
    Path("run.json").write_text(json.dumps(changed(good, field, value)))
    assert field in refused(capsys, [command, "run.json", *COMMANDS[command]])
    assert [each.name for each in tmp_path.iterdir()] == ["run.json"]


@pytest.mark.parametrize(
    ("begins", "what"),
    [
        ('{"format": "kmeans-tui run 2"', "was written by a newer kmeans-tui"),
        (f'{{"format": "kmeans-tui run {"9" * 9000}"', "was written by a newer kmeans-tui"),
        ('{"format": "kmeans-tui run 0"', "no longer supported"),
        ('{"format": "kmeans-tui run"', "does not state its format version"),
        ('{"format": "kmeans-tui run one"', "does not state its format version"),
        ('{"format": 1', "does not state its format version"),
    ],
)
def test_another_version_is_told(tmp_path, capsys, good, begins, what):
    path = tmp_path / "run.json"
    text = json.dumps(good).replace('{"format": "kmeans-tui run 1"', begins)
    path.write_text(text)
    said = refused(capsys, ["run", path])
    assert what in said
    assert len(said) < 400
    path.write_text(json.dumps({name: each for name, each in good.items() if name != "format"}))
    assert "does not state its format version" in refused(capsys, ["run", path])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[" * 100_000, "nested too deeply"),
        ("[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
        ('{"shape": [1, 1, 1], "shape": [1, 1, 1]}}', "'shape' occurs twice"),
        ('{"shape": [NaN, 1, 1]}}', "NaN is not a JSON number"),
        ('{"shape": [' + "9" * 10_000 + "]}}", "damaged or not a run"),
        ("[]}", "recording is a list"),
        ('"x"}', "recording is 'x'"),
        ("\x00}", "damaged or not a run"),
    ],
)
def test_json_that_is_none_of_ours(tmp_path, capsys, text, what):
    path = tmp_path / "run.json"
    path.write_text('{"format": "kmeans-tui run 1", "recording": ' + text)
    assert what in refused(capsys, ["run", path])


def test_what_would_not_fit_into_memory_is_not_read(tmp_path, capsys, monkeypatch):
    path = tmp_path / "run.json"
    path.write_text('{"format": "kmeans-tui run 1", "recording": [' + "[]," * 1_000_000 + "[]]}")
    monkeypatch.setattr("kmeans_tui.data.reading.memory.available", lambda: 50_000_000)
    monkeypatch.setattr(json, "loads", lambda *_, **__: pytest.fail("read"))
    assert "it needs about" in refused(capsys, ["run", path])


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (("compare", "truth_99.json"), "recording.truth"),
        (("report", "labels_dict.json"), "recording.labels"),
        (("export", "seed_minus1.json", "--what", "code"), "parameters.random_state"),
        (("export", "inject_seed.json", "--what", "code"), "parameters.random_state"),
        (("export", "inject_feature_comment.json", "--what", "code"), "its points are not those"),
    ],
)
def test_files_that_lie(tmp_path, command, field):
    verb, name, *rest = command
    done = subprocess.run(
        [sys.executable, "-m", "kmeans_tui", verb, HOSTILE / name, *rest],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        env={"PYTHONPATH": str(Path(run_file.__file__).parents[2]), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert field in done.stderr
    assert list(tmp_path.iterdir()) == []
