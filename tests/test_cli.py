"""The command: the article's numbers, the JSON documents, the exit codes, refusals in one line."""

import io
import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from kmeans_tui import KMeans, __version__, load_data
from kmeans_tui.cli import main
from tests.terminal import Terminal

COMMAND = [sys.executable, "-m", "kmeans_tui"]
ARTICLE_CENTROIDS = [
    [-2.60842567, 9.03771305],
    [-6.88302287, -6.96320924],
    [4.72565847, 2.00310936],
]


def command(*arguments, env=None, **more):
    """The command in its own process, with nothing on stdin."""
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
        env={**os.environ, **(env or {})},
        **more,
    )


def document(capsys, *arguments):
    assert main([*arguments, "--json"]) == 0
    text, said = capsys.readouterr()
    assert said == ""

    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


def test_the_articles_numbers_come_out(capsys):
    run = document(capsys, "run", "blobs", "--seed", "42", "--labels")
    each = run["iterations"]
    np.testing.assert_allclose(
        [one["inertia"] for one in each], [9024.6973, 1258.31, 362.7901, 362.7901], atol=5e-5
    )
    assert [one["changed"] for one in each] == [0, 45, 0, 0]
    assert sorted(each[0]["sizes"]) == [55, 100, 145]
    assert each[-1]["sizes"] == run["sizes"] == [100, 100, 100]
    np.testing.assert_allclose(run["centroids"], ARTICLE_CENTROIDS, atol=5e-9)
    assert run["inertia"] == pytest.approx(362.79011271962446, rel=1e-13)
    assert (run["updates"], run["stopped_by"]) == (3, "converged")
    # The start is the article's rows 203, 266 and 152.
    rows = load_data("blobs").points[[203, 266, 152]]
    model = KMeans(random_state=42).fit(load_data("blobs").points)
    np.testing.assert_array_equal(model.history[0].centroids, rows)
    assert run["labels"] == model.labels.tolist()
    assert each[1]["max_shift"] == model.history[1].shifts.max()


def test_iris_gives_the_articles_inertia_and_centroids_in_centimetres(capsys):
    run = document(capsys, "run", "iris", "-k", "3")
    assert run["inertia"] == pytest.approx(18.0270, abs=5e-5)
    assert run["updates"] == 6
    by_length = sorted(run["centroids"])
    np.testing.assert_allclose(
        by_length, [[1.462, 0.246], [4.296, 1.325], [5.567, 2.056]], atol=1e-3
    )
    assert run["notes"] == ["102 of the 150 rows are distinct."]


def test_the_run_document_has_its_keys(capsys):
    run = document(capsys, "run", "-k", "8", "iris", "--seed", "3", "--tolerance", "0")
    assert "labels" not in run
    assert run["version"] == __version__
    data = load_data("iris")
    assert run["data"] == {
        "name": "iris",
        "n": 150,
        "d": 2,
        "features": ["petal length", "petal width"],
        "scale": "standard",
        "digest": data.digest,
        "id_column": None,
        "sampled": None,
        "taken_out": [],
        "added": 0,
    }
    assert run["parameters"] == {
        "k": 8,
        "init": "random",
        "random_state": 3,
        "max_iterations": 100,
        "tolerance": 0.0,
        "empty": "farthest",
        "effective_tolerance": 0.0,
        "improve": False,
    }
    assert len(run["iterations"]) == run["updates"] + 1
    for number, one in enumerate(run["iterations"]):
        assert list(one) == ["iteration", "inertia", "changed", "max_shift", "sizes", "events"]
        assert one["iteration"] == number
        assert sum(one["sizes"]) == 150
    assert run["iterations"][0]["max_shift"] is None
    events = [event for one in run["iterations"] for event in one["events"]]
    assert events, "this run has an empty cluster on the way"
    assert set(events[0]) == {"kind", "iteration", "cluster", "point", "donor"}
    np.testing.assert_allclose(data.in_units(np.array(run["prepared_centroids"])), run["centroids"])


def test_the_data_document_has_its_keys(capsys):
    listed = document(capsys, "data")["sets"]
    assert {"name", "n", "d", "k", "about"} <= set(listed[0])
    iris = next(one for one in listed if one["name"] == "iris")
    assert (iris["n"], iris["d"], iris["k"]) == (150, 4, 3)
    assert len(listed) == 13


def test_the_table_tells_the_run(capsys):
    assert main(["run", "blobs", "--seed", "42"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "blobs: 300 rows, 2 features, scale none, k 3, start random, seed 42"
    assert [line.split() for line in lines[2:7]] == [
        ["iteration", "inertia", "changed", "cluster", "largest", "shift"],
        ["0", "9024.6973", "-", "-"],
        ["1", "1258.3100", "45", "6.373288"],
        ["2", "362.7901", "0", "2.937783"],
        ["3", "362.7901", "0", "0.000000"],
    ]
    assert len({len(line) for line in lines[2:7]}) == 1, "the columns are aligned"
    assert lines[8] == "converged after 3 updates: the last one moved no centroid"
    assert lines[9].startswith("inertia 362.790112719")
    assert [line.split() for line in lines[11:]] == [
        ["cluster", "size", "feature", "1", "feature", "2"],
        ["1", "100", "-2.608426", "9.037713"],
        ["2", "100", "-6.883023", "-6.963209"],
        ["3", "100", "4.725658", "2.003109"],
    ]


def test_the_table_says_what_happened_and_why_it_stopped(capsys):
    assert main(["run", "iris", "-k", "8", "--seed", "3"]) == 0
    text = capsys.readouterr().out
    lines = [line.split("  ")[-1].strip() for line in text.splitlines()]
    assert lines[3:5] == [
        "cluster 5 is empty",
        "the empty cluster 5 moves to row 111 of cluster 6",
    ]
    assert "note: 102 of the 150 rows are distinct." in text
    assert main(["run", "blobs", "--max-iterations", "1"]) == 0
    assert "stopped at the limit of 1 update:" in capsys.readouterr().out
    assert main(["run", "blobs", "--tolerance", "50"]) == 0
    assert "no centroid moved as far as the tolerance, 50" in capsys.readouterr().out


def test_many_features_turn_the_table(capsys):
    assert main(["run", "breast-cancer"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 100
    assert any(line.startswith("worst fractal dimension") for line in lines)


def test_the_list_of_sets_fits_a_terminal_and_names_every_set(capsys):
    assert main(["data"]) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 100
    for name in ("blobs", "breast-cancer", "digits", "outlier"):
        assert f"\n{name} " in text
    assert "n=300,k=3,d=2,std=0.8,seed=42" in text


@pytest.mark.parametrize(
    "order",
    [
        ["iris", "-k", "4", "--seed", "7"],
        ["-k", "4", "iris", "--seed", "7"],
        ["-k4", "--seed=7", "iris"],
    ],
)
def test_options_stand_before_or_after_the_data(capsys, order):
    run = document(capsys, "run", *order)
    assert run["data"]["name"] == "iris"
    assert (run["parameters"]["k"], run["parameters"]["random_state"]) == (4, 7)


def test_features_and_scale_reach_the_run(capsys):
    run = document(
        capsys,
        "run",
        "iris",
        "--features",
        "1,Petal Width",
        "--scale",
        "none",
        "--init",
        "k-means++",
    )
    assert run["data"]["features"] == ["sepal length", "petal width"]
    assert run["data"]["scale"] == "none"
    assert run["parameters"]["init"] == "k-means++"
    assert run["centroids"] == run["prepared_centroids"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (
            ["run", "blobs", "-k", "301"],
            1,
            "k = 301 clusters need 301 rows, but blobs has 300 rows",
        ),
        (["run", "blobs:n=1", "-k", "2"], 1, "need 2 rows, but blobs:n=1 has 1 row"),
        (["run", "irsi"], 1, "did you mean iris"),
        (["run", "blobs:noise=3"], 1, "no parameter 'noise'"),
        (["run", "blobs:std=x"], 1, "std of blobs takes a number"),
        (["run", "iris", "--features", "petal lenght"], 1, "did you mean petal length"),
        (["run", "./points.csv"], 1, "kmeans-tui data"),
        (["run", "-k", "0"], 2, "0 is below 1"),
        (["run", "--max-iterations", str(2**63)], 2, "is above 9223372036854775807"),
        (["run", "-k", "three"], 2, "'three' is not a whole number of at least 1"),
        (["run", "--tolerance", "x"], 2, "'x' is not a number of at least 0"),
        (["run", "--tolerance", "-1"], 2, "is not a number of at least 0"),
        (["run", "--seed", "-1"], 2, "not between 0"),
        (["run", "--init", "best"], 2, "--init"),
        (["run", "--labels"], 2, "--labels needs --json"),
        (["run", "iris", "wine"], 2, "wine"),
        (["run", "--max", "3"], 2, "--max"),
        (["data", "iris"], 2, "iris"),
        (["--axes", "a", "iris"], 2, "two features"),
        (["--seed", "3", "run", "iris"], 2, "run comes first"),
    ],
)
def test_what_cannot_be_done_is_one_line(capsys, arguments, code, says):
    try:
        found = main(arguments)
    except SystemExit as ending:
        found = ending.code
    text, said = capsys.readouterr()
    assert found == code
    assert text == ""
    assert says in said
    assert said.startswith("kmeans-tui: ")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "sizes"),
    [
        (["blobs:n=1,k=1"], [1]),
        (["blobs:d=1"], None),
        (["iris", "--features", "petal width"], None),
        (["blobs:std=0", "-k", "3", "--init", "farthest"], [100, 100, 100]),
        (["blobs:n=20,k=1,std=0", "--scale", "standard"], [20]),
        (["blobs:n=3", "-k", "3"], [1, 1, 1]),
    ],
)
def test_the_smallest_and_the_flattest_data_run(capsys, arguments, sizes):
    run = document(capsys, "run", *arguments)
    assert run["stopped_by"] == "converged"
    assert sum(run["sizes"]) == run["data"]["n"]
    if sizes:
        assert run["sizes"] == sizes
    assert main(["run", *arguments]) == 0
    assert "converged" in capsys.readouterr().out


def test_fewer_different_rows_than_clusters_is_a_warning(capsys):
    assert main(["run", "blobs:k=1,std=0", "-k", "3"]) == 0
    text, said = capsys.readouterr()
    assert "note: All 300 rows are equal." in text
    assert said.startswith("kmeans-tui: warning: blobs:k=1,std=0 has only 1 distinct row for k = 3")
    assert said.count("\n") == 1


# From here on the real command in a process of its own.


def test_version_and_help():
    assert command("--version").stdout == f"kmeans-tui {__version__}\n"
    told = command("--help")
    assert told.returncode == 0
    for part in ("kmeans-tui run DATA", "kmeans-tui data", "--seed", "examples:"):
        assert part in told.stdout
    for name in ("run", "elbow", "seeds", "compare", "article"):
        assert f"kmeans-tui {name}" in told.stdout
        assert command(name, "--help", env={"PYTHONIOENCODING": "ascii"}).returncode == 0


def test_a_run_without_terminal_says_nothing_on_stderr():
    done = command("run", "blobs", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
    assert json.loads(done.stdout)["updates"] == 3


def test_tables_are_plain_ascii():
    for arguments in (["run", "iris", "-k", "8", "--seed", "3"], ["data"]):
        done = command(*arguments, env={"PYTHONIOENCODING": "ascii"})
        assert done.returncode == 0
        assert done.stdout.isascii()
        assert "\\u" not in done.stdout


@pytest.mark.parametrize("arguments", [[], ["iris", "-k", "3", "--play"], ["blobs:n=9000000"]])
def test_without_a_terminal_the_headless_command_is_named_at_once(arguments):
    done = command(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("kmeans-tui: stdin is not a terminal; ")
    assert "kmeans-tui run " in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["no such set"], "no such set"),
        (["iris", "-k", "151"], "iris has 150 rows"),
        (["iris", "--axes", "1,2"], "sepal length is not used"),
    ],
)
def test_unusable_data_are_said_before_a_missing_terminal(arguments, says):
    done = command(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    assert "terminal" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_command_named_without_a_terminal_works():
    named = command("iris", "-k", "4", "--axes", "4,3").stderr.split("kmeans-tui ", 1)[1]
    named = named.partition(" (watch in place of run ")[0]
    done = command(*named.split())
    assert done.returncode == 0
    assert "k 4" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")
@pytest.mark.parametrize(
    ("term", "arguments", "code", "says"),
    [
        ("dumb", ["iris"], 2, "TERM is dumb); to run without a screen: kmeans-tui run iris"),
        ("", ["iris"], 2, "TERM is not set); to run without a screen: kmeans-tui run iris"),
        ("xterm-256color", ["irsi"], 1, "there is no data set 'irsi': did you mean iris"),
        ("xterm-256color", ["blobs", "-k", "301"], 1, "k = 301 clusters need 301 rows"),
        ("xterm-256color", ["iris", "--axes", "1,2"], 1, "sepal length is not used"),
    ],
)
def test_a_terminal_is_told_before_the_screen_opens(term, arguments, code, says):
    with Terminal([*COMMAND, *arguments], columns=200, lines=24, env={"TERM": term}) as terminal:
        assert terminal.wait_exit() == code
        terminal.wait_quiet(0.2)
        written = terminal.output().decode()
    assert says in written
    assert "\x1b" not in written
    assert written.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="needs a shell and signals")
def test_a_closed_pipe_is_quiet():
    done = subprocess.run(
        [
            *("bash", "-c", '"$@" | head -c 5; exit ${PIPESTATUS[0]}', "-", *COMMAND),
            *("run", "blobs:n=200000", "--max-iterations", "2", "--json", "--labels"),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout == '{"dat'
    assert done.stderr == ""
    assert done.returncode == 141


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_is_one_line():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*COMMAND, "run"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr == "kmeans-tui: the output cannot be written: No space left on device\n"


# On a machine that lets it wait, the signal comes while the program still begins.
@pytest.mark.flaky(reruns=1)
@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_ctrl_c_ends_with_130_and_no_traceback():
    process = subprocess.Popen(
        [*COMMAND, "run", "blobs:n=2000000,k=40", "-k", "60", "--tolerance", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that starts the tests in the background makes them ignore this signal.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    maps = f"/proc/{process.pid}/maps"
    started = time.monotonic()
    while time.monotonic() - started < 30 and os.path.exists(maps):
        # Once numpy is there, main has been running for a while.
        with open(maps) as file:
            if "_multiarray_umath" in file.read():
                break
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    text, said = process.communicate(timeout=60)
    assert (process.returncode, text, said) == (130, "", "")


@pytest.mark.parametrize(
    ("encoding", "given", "expected"),
    [("latin-1", [], True), ("utf-8", [], None), ("latin-1", ["--no-ascii"], False)],
)
def test_a_terminal_without_unicode_gets_ascii(monkeypatch, encoding, given, expected):
    import io

    class Terminal(io.TextIOWrapper):
        def isatty(self):
            return True

    opened = []
    monkeypatch.setattr("kmeans_tui.ui.app.run_app", lambda options: opened.append(options) or 0)
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, Terminal(io.BytesIO(), encoding=encoding))
    monkeypatch.setenv("TERM", "xterm")
    assert main(["iris", *given]) == 0
    assert [options.ascii for options in opened] == [expected]
    assert opened[0].data == "iris"


# --- the screens -------------------------------------------------------------------------------


class Tty(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def screens(monkeypatch):
    """A list of the options that screens are opened with, instead of the screens."""
    # No fixture: pytest sets the streams anew between that and the test.
    opened = []
    monkeypatch.setattr("kmeans_tui.ui.app.run_app", lambda options: opened.append(options) or 0)
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, Tty(io.BytesIO(), encoding="utf-8"))
    monkeypatch.setenv("TERM", "xterm")
    return opened


@pytest.mark.parametrize(
    ("words", "init"),
    [
        (["--screen", "elbow"], "k-means++"),
        (["--screen", "elbow", "--init", "random"], "random"),
        (["--screen", "elbow", "--init", "article"], "article"),
        (["--screen", "seeds"], "random"),
        (["--screen", "compare"], "random"),
        ([], "random"),
        (["--init", "warm", "-k", "4"], "warm"),
    ],
)
def test_an_elbow_without_a_start_takes_k_means_plus_plus(monkeypatch, words, init):
    opened = screens(monkeypatch)
    assert main(["iris", *words]) == 0
    assert [options.init for options in opened] == [init]


def test_every_flag_of_the_screens_is_read(monkeypatch):
    opened = screens(monkeypatch)
    words = "--screen seeds --k-max 7 --runs 4 --curve gap --seeds 1,5-7 --census 9 --order seed"
    assert main(["iris", *words.split(), "--pair", "seeds:0,1"]) == 0
    (found,) = opened
    assert (found.screen, found.k_max, found.runs, found.curve) == ("seeds", 7, 4, "gap")
    assert (list(found.seeds), found.census, found.order) == ([1, 5, 6, 7], 9, "seed")
    assert found.pair == "seeds:0,1"


@pytest.mark.parametrize(
    "words",
    [
        ["--screen", "table"], ["--seeds", "5-3"], ["--census", "0"], ["--k-max", "0"],
        ["--order", "size"], ["--curve", "knee"], ["--pair", "seeds:1"],
    ],
)  # fmt: skip
def test_flags_of_the_screens_are_refused_in_one_line(capsys, words):
    with pytest.raises(SystemExit) as ending:
        main(["iris", *words])
    assert ending.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert words[0] in said


@pytest.mark.parametrize(
    ("words", "instead"),
    [
        (["--screen", "elbow", "--k-max", "5"],
         "kmeans-tui elbow iris --init k-means++ --seed 42 --k-max 5"),
        (["--screen", "seeds", "-k", "3", "--seeds", "0-9", "--order", "seed"],
         "kmeans-tui seeds iris -k 3 --init random --seed 42 --seeds 0-9"),
        (["--screen", "compare", "--pair", "seeds:0,1"],
         "kmeans-tui compare iris --pair seeds:0,1"),
    ],
)  # fmt: skip
def test_without_a_terminal_the_command_of_that_screen_is_named_and_works(
    capsys, monkeypatch, words, instead
):
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert main(["iris", *words]) == 2
    said = capsys.readouterr().err
    assert said.endswith(f"without a screen: {instead}\n")
    assert main(instead.split()[1:]) == 0
    assert "iris" in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["run", "elbow", "seeds", "compare"])
def test_a_verb_put_into_a_copied_command_leaves_it_working(capsys, verb):
    words = "--screen elbow --k-max 3 --curve gap --seeds 0-2 --census 5 --pair seeds:0,1 --trails"
    assert main([verb, "blobs:n=40", *words.split(), "--init", "random", "--runs", "1"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("init", ["warm", "article"])
def test_a_single_run_starts_as_the_best_of_its_sweep(capsys, init):
    words = ["iris", "--init", init, "--seed", "0", "--runs", "2"]
    run = document(capsys, "run", *words, "-k", "4")
    rows = document(capsys, "elbow", *words, "--k-max", "4")["rows"]
    assert run["inertia"] == pytest.approx(rows[3]["best"], rel=1e-12)
    assert run["parameters"]["init"] == init
