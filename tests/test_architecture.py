"""The arrows of the house, who may import what from outside, and what stays unloaded."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).parent.parent / "kmeans_tui"
MODULES = sorted(HOME.rglob("*.py"))

# The tables that everything above the domain may read.
TABLES = (
    *(
        "argument_types",
        "aspect",
        "command",
        "flags",
        "given_points",
        "garbage",
        "options",
        "pair_kinds",
        "palette",
        "screen_table",
        "settings",
        "shell_command",
    ),
    *("vocabulary", "whole_file", "words", "worker_process"),
    *("footer", "key_table", "user_keys"),
)
# A part of the house (a folder, or a module at the top) and the parts it may import.
ARROWS = {
    "__init__": {"clustering", "data"},
    "__main__": {"cli"},
    "words": set(),
    "palette": set(),
    "garbage": set(),
    "whole_file": set(),
    "worker_process": set(),
    "vocabulary": set(),
    "argument_types": {"vocabulary"},
    "aspect": set(),
    "screen_table": set(),
    "key_table": {"screen_table"},
    "user_keys": {"key_table", "screen_table", "settings", "words"},
    "footer": {"key_table", "user_keys"},
    "settings": {"command", "whole_file", "words"},
    "given_points": {"words"},
    "pair_kinds": {"argument_types", "vocabulary", "words"},
    "options": {
        *("argument_types", "aspect", "given_points", "options", "pair_kinds"),
        *("screen_table", "vocabulary"),
    },
    "command": {"options"},
    "flags": {"command", "options", "vocabulary"},
    "shell_command": {"argument_types", "command", "flags", "words"},
    "clustering": {"clustering", "vocabulary", "whole_file"},
    "data": {"data", "given_points", "vocabulary", "words"},
    "partitioned": {
        *("partitioned", "clustering", "data"),
        *("vocabulary", "whole_file", "words", "worker_process"),
    },
    "analysis": {"analysis", "clustering", "data", "vocabulary", "words", "worker_process"},
    "export": {"__init__", "export", "analysis", "partitioned", "clustering", "data", *TABLES},
    "requests": {
        *("__init__", "requests", "export", "analysis", "partitioned", "clustering", "data"),
        *TABLES,
    },
    # Its answers are computed by the requests; the table itself is plain values.
    "lessons": {"lessons", "requests", "analysis", "clustering", "data", *TABLES},
    # A visitor's process opens the screen.
    "serving": {"serving", "ui", "data", *TABLES},
    "headless": {
        *(
            "__init__",
            "serving",
            "headless",
            "lessons",
            "requests",
            "export",
            "analysis",
            "partitioned",
            "clustering",
            "data",
        ),
        *TABLES,
    },
    "ui": {
        "ui",
        "lessons",
        "requests",
        "export",
        "analysis",
        "clustering",
        "data",
        *TABLES,
    },
    "cli": {"__init__", "ui", "headless", "lessons", "requests", "data", *TABLES},
}


def part(path):
    """The part of the house that a file belongs to."""
    inside = path.relative_to(HOME)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imports(path):
    """(dotted name, inside a function) of every import; a from-import names what it takes.

    What only a type checker imports counts as inside: it is not loaded with the module.
    """
    found = []

    def walk(node, inside):
        for child in ast.iter_child_nodes(node):
            deeper = inside or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
            if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
                deeper = True
            if isinstance(child, ast.Import):
                found.extend((each.name, inside) for each in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{path}: imports are written in full"
                found.extend((f"{child.module}.{each.name}", inside) for each in child.names)
            walk(child, deeper)

    walk(ast.parse(path.read_text(encoding="utf-8")), False)
    return found


def ours(name):
    """The part of the house that an imported name belongs to, or None."""
    first, *rest = name.split(".")
    if first != "kmeans_tui":
        return None
    return rest[0] if rest and rest[0] in ARROWS else "__init__"


def named(path):
    return path.relative_to(HOME).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_arrows(path):
    assert part(path) in ARROWS, "a new part of the house needs its arrows in the table"
    for name, _ in imports(path):
        target = ours(name)
        assert target is None or target in ARROWS[part(path)], f"{named(path)} imports {name}"


def test_every_arrow_is_taken():
    taken = {name: {name} for name in ARROWS}
    for path in MODULES:
        taken[part(path)] |= {target for each, _ in imports(path) if (target := ours(each))}
    for name, allowed in ARROWS.items():
        # Above the domain all tables may be read.
        some = allowed - {*TABLES} if allowed >= {*TABLES} else allowed
        assert some <= taken[name], f"{name} need not import {some - taken[name]}"


def test_contributors_are_told_the_same_order():
    text = (HOME.parent / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    chain, below = re.search(r"```\n(cli .*)\nbelow all: ([^`]*)```", text).groups()
    assert below.replace(",", " ").split() == sorted({*TABLES})
    levels = [level.split(", ") for level in chain.split(" ─▶ ")]
    height = {name: -at for at, level in enumerate(levels) for name in level}
    assert {*height, *TABLES, "__init__", "__main__"} == {*ARROWS}
    for name in height:
        assert all(height[name] > height[each] for each in ARROWS[name] & {*height} - {name})


def test_the_table_sees_a_wrong_arrow(tmp_path):
    wrong = tmp_path / "wrong.py"
    wrong.write_text("def f():\n    from kmeans_tui import ui\n    import kmeans_tui.data.plane\n")
    assert imports(wrong) == [("kmeans_tui.ui", True), ("kmeans_tui.data.plane", True)]
    assert [ours(name) for name, _ in imports(wrong)] == ["ui", "data"]
    assert ours("kmeans_tui.__version__") == "__init__"


def test_the_screen_is_imported_only_to_start_it():
    taken = [(name, inside) for name, inside in imports(HOME / "cli.py") if ours(name) == "ui"]
    assert taken == [("kmeans_tui.ui.app.run_app", True)]


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_outside_libraries_stay_in_their_place(path):
    for name, inside in imports(path):
        library, where = name.split(".")[0], f"{named(path)} imports {name}"
        if library == "plotext":
            assert named(path) == "ui/widgets/axis_frame.py", where
        elif library == "textual":
            assert part(path) == "ui", where
        elif library == "matplotlib" or (
            library == "PIL" and named(path) != "data/reading/pixels.py"
        ):
            assert part(path) == "export", where
            assert inside, where
        elif library == "PIL":
            # A picture is data, too, and the one file that reads it imports nothing of export.
            assert inside, where
        elif library in ("aiohttp", "textual_serve"):
            assert part(path) == "serving", where
        elif library == "pyarrow" and named(path).startswith("partitioned/part_"):
            assert inside, where
        elif library in ("duckdb", "pyarrow", "python_calamine"):
            assert part(path) == "data", where
            assert inside, where
        elif library in ("sklearn", "scipy", "threadpoolctl"):
            assert inside or named(path) == "clustering/estimator.py", where


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_modules_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def graph():
    """Every module and the modules of ours that it names, for a type checker too."""
    names = {".".join(("kmeans_tui", *path.relative_to(HOME).with_suffix("").parts)): path
             for path in MODULES}  # fmt: skip
    found = {}
    for name, path in names.items():
        targets = {each if each in names else each.rpartition(".")[0] for each, _ in imports(path)}
        found[name] = (targets & set(names)) - {name}
    return found


def circles(edges):
    """The modules that reach themselves through others."""

    def reached(name):
        found, left = set(), list(edges[name])
        while left:
            each = left.pop()
            if each not in found:
                found.add(each)
                left.extend(edges[each])
        return found

    return {name for name in edges if name in reached(name)}


def test_no_files_name_each_other_in_a_circle():
    # The facade: a history is saved by the module that builds histories from files.
    assert circles(graph()) == {
        "kmeans_tui.clustering.history",
        "kmeans_tui.clustering.recording",
    }


def test_circles_are_seen():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}) == {"b", "c"}


def definitions(text, module):
    """(name, meaning) of every class and type alias of a module; an alias means what it says."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef):
            yield node.name, module
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if re.fullmatch(r"_*[A-Z]+[a-z]\w*", ast.unparse(target)):
                    yield ast.unparse(target), ast.unparse(node.value)


def of_several(pairs):
    """The names that mean more than one thing."""
    meanings = {}
    for name, meaning in pairs:
        meanings.setdefault(name, set()).add(meaning)
    return {name for name, found in meanings.items() if len(found) > 1}


def test_a_class_has_its_name_for_itself():
    texts = {named(path): path.read_text(encoding="utf-8") for path in MODULES}
    pairs = (each for module, text in texts.items() for each in definitions(text, module))
    assert of_several(pairs) == set()


def test_a_module_has_its_name_for_itself():
    # A screen, or its dialog, and the command that stands in for it are one thing.
    faces = {
        path.stem: "screen and command" for path in MODULES if named(path).startswith("headless/")
    }

    def meaning(path):
        if named(path).startswith(("headless/", "ui/screens/")):
            return faces.get(path.stem, named(path))
        return named(path)

    pairs = ((path.stem, meaning(path)) for path in MODULES if path.stem != "__init__")
    assert of_several(pairs) == set()


def test_shared_names_are_seen():
    one = "class Row: ...\nclass Own: ...\nFloats = list[float]\nKind: TypeAlias = int\nMOST = 3"
    other = "Row = int\nFloats = list[float]\nKind: TypeAlias = str\nMOST = 4"
    pairs = [*definitions(one, "one.py"), *definitions(other, "other.py")]
    assert of_several(pairs) == {"Row", "Kind"}


HEAVY = ("numpy", "textual", "sklearn", "scipy", "matplotlib", "PIL", "plotext", "duckdb")


def loaded_after(code):
    """Which libraries a fresh Python has loaded after running ``code``."""
    code += f"\nimport sys\nprint('loaded', *[m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1].split()[1:]


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_after("import kmeans_tui") == []
    assert loaded_after("from kmeans_tui import KMeans") == ["numpy"]


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["iris", "-k", "3"], ["data"]])
def test_what_needs_no_numbers_loads_nothing_heavy(arguments):
    # The third has no terminal and ends before any screen.
    code = f"""
from kmeans_tui.cli import main
try:
    main({arguments!r})
except SystemExit as ending:
    assert ending.code == 0
"""
    assert loaded_after(code) == []


def test_the_checks_before_the_screen_load_nothing_heavy():
    code = """
from kmeans_tui.requests import subject
from kmeans_tui.command import Options
subject.check(Options(data="iris", k=3, features=("1", "2"), axes=("2", "1")))
"""
    assert loaded_after(code) == []


def test_the_screen_waits_for_no_numbers():
    assert loaded_after("import kmeans_tui.ui.app") == ["textual"]


def test_running_blobs_and_iris_loads_numpy_alone():
    code = "from kmeans_tui.cli import main\nmain(['run', 'blobs'])\nmain(['run', 'iris'])"
    assert loaded_after(code) == ["numpy"]


def test_first_frame_leaves_heavy_libraries_out():
    code = """
import asyncio, sys
from kmeans_tui.command import Options
from kmeans_tui.ui.app import KMeansApp

async def show():
    async with KMeansApp(Options()).run_test(size=(120, 40)) as pilot:
        for _ in range(200):
            await pilot.pause(0.05)
            if "kmeans_tui.clustering.kmeans" in sys.modules and "plotext" in sys.modules:
                break
        else:
            raise SystemExit("the blobs were never drawn")
        await pilot.pause(0.5)

asyncio.run(show())
"""
    assert loaded_after(code) == ["numpy", "textual", "plotext"]
