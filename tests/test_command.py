"""The options as a command line: what is written is what is read, word by word."""

import argparse
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmeans_tui import screen_table
from kmeans_tui.analysis.criteria import curves
from kmeans_tui.argument_types import SPEEDS, seed_list, spelled_numbers
from kmeans_tui.command import SWEPT, Options
from kmeans_tui.flags import add_flags, from_arguments
from kmeans_tui.given_points import GivenPoints
from kmeans_tui.options.analysis_options import ORDERS
from kmeans_tui.options.view_options import MARKERS
from kmeans_tui.pair_kinds import KINDS, MINI_BATCH, PROGRAMS
from kmeans_tui.shell_command import to_command
from kmeans_tui.vocabulary import EMPTY_RULES, INITS, MISSING, SCALES

names = st.text("abc XYZ'\"$0123456789;|&", min_size=1, max_size=8).map(str.strip).filter(bool)
run_flags = {
    "data": st.sampled_from(["blobs", "iris", "blobs:n=3000,k=5", "it's here; rm", "$HOME", "a b"]),
    "k": st.none() | st.integers(1, 10**6),
    "init": st.sampled_from((*INITS, *SWEPT)),
    "seed": st.integers(0, 2**32 - 1),
    "max_iterations": st.integers(1, 10**6),
    "tolerance": st.floats(0, 1e300),
    "empty": st.sampled_from(EMPTY_RULES),
    "features": st.none() | st.lists(names, min_size=1, max_size=4).map(tuple),
    "scale": st.none() | st.sampled_from(SCALES),
    "runs": st.integers(1, 100),
    "log": st.none() | st.lists(names, min_size=1, max_size=3).map(tuple),
    "without": st.none() | st.sets(st.integers(1, 2000), min_size=1).map(sorted).map(tuple),
    "add": st.none()
    | st.sampled_from([GivenPoints(((-1.0, 2.5),)), GivenPoints(((1.0,),), ("a b",))]),
    "missing": st.sampled_from(MISSING),
    "truth": st.none() | names,
    "na": st.none() | st.lists(names, min_size=1, max_size=3).map(tuple),
    "separator": st.none() | st.sampled_from([";", "\t", " ", "'", "-", "tab", "||"]),
    "header": st.none() | st.booleans(),
    "decimal": st.none() | st.sampled_from([".", ","]),
    "thousands": st.none() | st.sampled_from([",", " ", "'", "none"]),
    "encoding": st.none() | st.sampled_from(["latin-1", "utf-16"]),
    "sheet": st.none() | names,
}
view_flags = {
    "axes": st.none() | st.just(("pca",)) | st.tuples(names, names),
    "colours": st.none() | st.permutations(range(1, 6)).map(tuple),
    "k_max": st.integers(1, 100),
    "curve": st.sampled_from(list(curves())),
    "seeds": st.sampled_from([range(5), range(20), range(7, 8), (1, 5, 9)]),
    "census": st.none() | st.integers(1, 10**6),
    "order": st.sampled_from(ORDERS),
    "pair": st.sampled_from([*PROGRAMS, MINI_BATCH, *(each.example for each in KINDS)]),
    "screen": st.sampled_from([each.name for each in screen_table.TABLE]),
    "goto": st.sampled_from(["0", "3", "last", "3:update", "12:assign", "0:initialise", "0:draw2"]),
    "marker": st.sampled_from(MARKERS),
    "trails": st.booleans(),
    "glide": st.booleans(),
    "regions": st.booleans(),
    "speed": st.sampled_from(SPEEDS),
    "play": st.booleans(),
    "theme": st.none() | st.sampled_from(["textual-dark", "ansi-light"]),
    "ascii": st.none() | st.booleans(),
}


def read(words, command="screen"):
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="?", default="blobs")
    add_flags(parser, command)
    return from_arguments(parser.parse_args(words))


def test_nothing_given_is_the_default():
    assert read([]) == Options()
    assert read([], "run") == Options()


@given(st.builds(Options, **run_flags, **view_flags))
def test_the_command_of_a_view_reads_back_as_that_view(options):
    program, *words = shlex.split(to_command(options))
    assert program == "kmeans-tui"
    assert read(words) == options


@given(st.builds(Options, **run_flags, **view_flags))
def test_the_headless_command_keeps_what_decides_the_numbers(options):
    program, verb, *words = shlex.split(to_command(options, "run"))
    assert (program, verb) == ("kmeans-tui", "run")
    found = read(words, "run")
    for name in run_flags:
        assert getattr(found, name) == getattr(options, name)
    for name in view_flags:
        assert getattr(found, name) == getattr(Options(), name)


def test_only_what_differs_is_written_but_with_k_start_and_seed_always():
    assert to_command(Options()) == "kmeans-tui blobs"
    assert to_command(Options("run.npz", goto="3")) == "kmeans-tui run.npz --goto 3"
    assert to_command(Options(k=3)) == "kmeans-tui blobs -k 3 --init random --seed 42"
    view = Options(data="iris", k=3, trails=True, ascii=False, goto="2:update")
    assert to_command(view) == (
        "kmeans-tui iris -k 3 --init random --seed 42 --goto 2:update --trails --no-ascii"
    )
    assert to_command(view, "run") == "kmeans-tui run iris -k 3 --init random --seed 42"


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        (["--features", " 1, petal width ,"], "features", ("1", "petal width")),
        (["--log", "a,b c"], "log", ("a", "b c")),
        (["--na", "N/A?, *"], "na", ("N/A?", "*")),
        (["--separator", "tab"], "separator", "tab"),
        (["--separator=;"], "separator", ";"),
        (["--no-header"], "header", False),
        (["--thousands", "'"], "thousands", "'"),
        (["--missing", "median"], "missing", "median"),
        (["--axes", "pca"], "axes", ("pca",)),
        (["--axes", "2,1"], "axes", ("2", "1")),
        (["--colours", "3, 1,2"], "colours", (3, 1, 2)),
        (["--goto", "last:update"], "goto", "last:update"),
        (["--speed", "8"], "speed", 8.0),
        (["--tolerance", "0"], "tolerance", 0.0),
        (["--seed", "4294967295"], "seed", 2**32 - 1),
    ],
)
def test_flags_are_read(words, name, value):
    assert getattr(read(words), name) == value


@pytest.mark.parametrize(
    "words",
    [
        ["-k", "0"],
        ["-k", "2.5"],
        ["--seed", "4294967296"],
        ["--seed", "-1"],
        ["--tolerance", "nan"],
        ["--tolerance", "inf"],
        ["--tolerance", "-0.1"],
        ["--max-iterations", "0"],
        ["--init", "best"],
        ["--features", " , "],
        ["--na", ","],
        ["--separator", "=====>"],
        ["--separator", ""],
        ["--thousands", "x"],
        ["--decimal", ":"],
        ["--missing", "guess"],
        ["--axes", "a"],
        ["--axes", "a,b,c"],
        *(["--colours", text] for text in ("", "0,1", "1,1", "1,3", "2", "-1", "1,2,x", "1;2")),
        ["--goto", "-1"],
        ["--goto", "3:middle"],
        ["--goto", "3:draw1"],
        ["--goto", "0:draw0"],
        ["--goto", "0:draw²"],
        ["--goto", "last:draw1"],
        ["--goto", ""],
        ["--speed", "3"],
    ],
)
def test_flags_are_refused(words, capsys):
    with pytest.raises(SystemExit) as ending:
        read(words)
    assert ending.value.code == 2
    assert words[0] in capsys.readouterr().err


def test_an_exported_figure_keeps_what_a_figure_shows_of_the_view():
    options = Options(
        "iris", k=3, axes=("pca",), goto="2", trails=True, regions=True, speed=4.0, ascii=True
    )
    assert to_command(options, "export") == (
        "kmeans-tui export iris -k 3 --init random --seed 42 --axes pca --goto 2 --trails --regions"
    )
    assert to_command(options, "run") == "kmeans-tui run iris -k 3 --init random --seed 42"


@pytest.mark.parametrize("text", ["0-4", "7", "1,5-7"])
def test_seeds_are_written_as_they_are_read(text):
    assert spelled_numbers(seed_list(text)) == text
