"""Names from a recording stay text in the script and the notebook that are made of it."""

import ast
import json
import subprocess
import sys

import numpy as np
import pytest

from kmeans_tui.cli import main
from kmeans_tui.command import Options
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.export import run_file
from kmeans_tui.requests import fit, recorded
from kmeans_tui.requests.document import document

CODE = '__import__("pathlib").Path("PWNED").touch()'
NAMES = [
    f"a\n{CODE}\n#", f'"""\n{CODE}\n"""', f"'''\n{CODE}\n'''", f"\\\n{CODE}", "\\", "'", '"',
    f"\u2028{CODE}\u2029", f"\x85{CODE}", f"\r{CODE}", f"\0{CODE}", f"{{{CODE}}}", f"```\n{CODE}",
    "\x1b]0;x\x07", "\udcff\ud800", "<script>alert(1)</script>", "$\\href{javascript:x}{y}$",
    "\u202e", "| a | b |", "x" * 9000, "/dev/zero", "image:/dev/zero", "-", "blobs:n=90000000",
]  # fmt: skip


def record(path, name):
    """A recording whose every name is that one."""
    points = np.random.RandomState(0).normal(size=(60, 2))
    # In a table it is a cell, and has to be a text.
    text = name.encode("utf-8", "replace").decode()
    cells = np.empty(60, object)
    cells[:] = [text] * 60
    dataset = Dataset(
        name, points, (text, f"{text}2"), name, truth=np.arange(60) % 2,
        truth_names=(text, "other"), labels={f"label {text}": cells},
    )  # fmt: skip
    options = Options("blobs", k=3)
    history = fit.model(options, dataset).fit(dataset.points).history
    kept = {
        "parameters": document(options, dataset, history)["parameters"],
        "command": name,
    }
    with path.open("wb") as file:
        run_file.write(file, kept, dataset, history)
    return dataset, history


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_code_in_a_name_is_not_run(tmp_path, capfd, name):
    path = tmp_path / "run.json"
    dataset, history = record(path, name)
    opened = recorded.open_recording(str(path)).dataset
    assert all(each.isprintable() and len(each) < 310 for each in opened.columns)
    # A cell stays what it is, to the byte.
    assert [list(each) for each in opened.labels.values()] == [
        list(each) for each in dataset.labels.values()
    ]
    out = tmp_path / "out"
    what = "code,code.ipynb,run,data.svg"
    assert main(["export", str(path), "--what", what, "--out", str(out)]) == 0
    done = subprocess.run(
        [sys.executable, "-I", "kmeans_run.py"], cwd=out, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert float(done.stdout.split()[-1]) == pytest.approx(float(history[-1].inertia), rel=1e-9)
    notebook = json.loads(next(out.glob("*.ipynb")).read_text(encoding="utf-8"))
    cells = {kind: [] for kind in ("markdown", "code")}
    for cell in notebook["cells"]:
        cells[cell["cell_type"]].append("".join(cell["source"]))
    assert not any(name in text for text in cells["markdown"] if len(name) > 1)
    # The code of the notebook is that of the script, but for a last cell that shows the picture.
    script = ast.parse((out / "kmeans_run.py").read_text(encoding="utf-8"))
    code = ast.parse("\n".join(cells["code"][:-1]))
    assert ast.dump(ast.Module(script.body[1:], [])) == ast.dump(code)
    assert not list(tmp_path.rglob("PWNED"))
    # What was written can be opened again.
    assert main(["run", str(out / "run.json"), "--json"]) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("random_state", "0"), ("random_state", True), ("random_state", 1.0),
        ("max_iterations", "1"), ("tolerance", "0"), ("tolerance", float("nan")),
    ],
)  # fmt: skip
def test_what_is_no_number_never_becomes_code(name, value):
    from kmeans_tui.export.code.script import Script
    from tests.exporting import SOURCE, view_of

    known = {"init": "random", "random_state": 1, "max_iterations": 9, "tolerance": 0.0}
    script = Script(view_of(Options("iris")), {**known, name: value}, SOURCE)
    with pytest.raises(ValueError, match=name):
        script.text()
