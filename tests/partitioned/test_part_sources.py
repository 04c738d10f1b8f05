import ast
import subprocess
import sys

import numpy as np

from kmeans_tui.partitioned import part_sources, stored
from kmeans_tui.partitioned.executor import Assign
from kmeans_tui.partitioned.here import Here
from kmeans_tui.partitioned.plan import USUAL

CODE = """
import pickle, sys
text, part, recipe, task, into = pickle.load(open(sys.argv[1], "rb"))
space = {"__name__": "_workers"}
exec(compile(text, "kernels", "exec"), space)
blocks = space["blocks"](part, recipe)
found = space["work"]("assign", part, blocks, task, None, float)
pickle.dump((space["merged"]("assign", [found]), "kmeans_tui" in sys.modules), open(into, "wb"))
"""


def test_a_worker_needs_the_text_and_numpy_alone(tmp_path):
    import pickle

    X = np.random.RandomState(0).normal(size=(200, 3))
    np.save(tmp_path / "x.npy", X)
    executor = Here(stored.npy(tmp_path / "x.npy"), USUAL, 60)
    plan = executor.plan()
    task = {
        "low": plan.low, "high": plan.high, "middle": plan.middle, "centroids": X[:4],
        "previous": None,
    }  # fmt: skip
    whole = (tuple(p for part in plan.parts for p in part[0]), 200, 0, 0)
    given, into = tmp_path / "given", tmp_path / "into"
    given.write_bytes(pickle.dumps((part_sources.text(), whole, plan.recipe, task, str(into))))
    # -I: no current folder, no PYTHONPATH; so nothing of the program can be found.
    subprocess.run([sys.executable, "-I", "-c", CODE, given], check=True, timeout=60, cwd="/")
    (sums, sizes, *_), ours = pickle.loads(into.read_bytes())
    expected = executor.iterate(Assign(X[:4]))
    assert not ours
    assert sizes.tolist() == expected.sizes.tolist()
    assert np.allclose(sums, expected.sums, rtol=1e-12, atol=1e-12)


def test_no_module_of_the_text_hides_a_name_of_another():
    tree = ast.parse(part_sources.text())
    names = []
    for each in tree.body:
        if isinstance(each, ast.FunctionDef | ast.ClassDef):
            names.append(each.name)
        elif isinstance(each, ast.Assign | ast.AnnAssign):
            targets = each.targets if isinstance(each, ast.Assign) else [each.target]
            names += map(ast.unparse, targets)
    assert len(names) > 30
    assert len(set(names)) == len(names)
