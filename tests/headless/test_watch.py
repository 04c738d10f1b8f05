"""A run told in sentences: transcripts by keys from a pipe, and a real terminal put back."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kmeans_tui import settings, user_keys
from kmeans_tui.cli import main
from kmeans_tui.headless.single_keys import SingleKeys
from kmeans_tui.key_table import TABLE
from kmeans_tui.words import amount
from tests.terminal import Terminal

COMMAND = [sys.executable, "-m", "kmeans_tui", "watch"]
Told = Callable[..., list[str]]
HALF = re.compile(r"Iteration \d+ of \d+, (?:assign|update): ")


@pytest.fixture
def told(tmp_path, monkeypatch, capsys) -> Told:
    """The lines that the keys of a pipe get."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    def lines(keys: str | bytes, *words: str) -> list[str]:
        pipe = tmp_path / "keys"
        pipe.write_bytes(keys if isinstance(keys, bytes) else keys.encode())
        with pipe.open(encoding="utf-8") as stdin:
            monkeypatch.setattr(sys, "stdin", stdin)
            assert main(["watch", *words]) == 0
        written = capsys.readouterr()
        assert written.err == ""
        assert "\x1b" not in written.out
        assert "\r" not in written.out
        return written.out.splitlines()

    return lines


def document(capsys, *words: str) -> dict:
    assert main(["run", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


BLOBS = [
    "blobs: 300 rows, 2 features, scale none, k 3, start random, seed 42.",
    "Start, random, seed 42. The centroids are placed, no point is assigned yet.",
    "Iteration 0 of 3, assign: each of 300 points goes to its nearest centroid. Inertia 9024.70.",
    (
        "Iteration 1 of 3, update: the centroids moved, the farthest by 6.37. Inertia 3104.07; "
        "moving took off 5920.62 (65.6%)."
    ),
    (
        "Iteration 1 of 3, assign: 45 points changed cluster. Inertia 1258.31; assigning took off "
        "1845.76 (59.5%)."
    ),
    (
        "Iteration 2 of 3, update: the centroids moved, the farthest by 2.94. Inertia 362.79; "
        "moving took off 895.52 (71.2%)."
    ),
    "Iteration 2 of 3, assign: no point changed cluster. Inertia 362.79.",
    "Iteration 3 of 3, update: no centroid moved. Inertia 362.79.",
    (
        "Iteration 3 of 3, assign: no point changed cluster. Inertia 362.79. Converged: no "
        "centroid moved."
    ),
]


def test_nothing_to_read_tells_the_whole_run(told):
    assert told("", "blobs") == BLOBS


def test_half_steps_both_ways_and_the_ends_of_the_run(told):
    said = told(".. ,G.gh,,,,q.", "blobs")
    assert said[:4] == BLOBS[:4]
    # Playing does not wait where no terminal is, and ends with the run.
    assert said[4:9] == BLOBS[4:]
    assert said[9] == BLOBS[7]
    assert said[10] == (
        "Iteration 3 of 3: no centroid moved, then no point changed cluster. Inertia 362.79. "
        "Converged: no centroid moved."
    )
    assert said[11] == "This is the end of the run."
    assert said[12] == BLOBS[2]
    assert said[13] == "There is no iteration before this."
    # Half steps go on to the draws of the start.
    assert said[14] == BLOBS[1]
    assert said[15].startswith("Draw 3 of 3: row ")
    assert said[17].startswith("Draw 1 of 3: row 204, one of 300 rows")
    assert len(said) == 18


@pytest.mark.parametrize(
    ("keys", "means"),
    [
        (b"\x1b[C", b"l"), (b"\x1bOC", b"l"), (b"\x1b[1;2C", b"l"), (b"\x1b[F", b"G"),
        (b"\x1b[4~", b"G"), (b"\x1b[8~", b"G"), (b"G\x1b[D", b"Gh"), (b"G\x1b[H", b"Gg"),
        (b"G\x1b[1~", b"Gg"), (b"\x1bOP", b"?"), (b"/9\r\n.", b"/9\n."),
    ],
)  # fmt: skip
def test_arrows_and_the_like_are_understood(told, keys, means):
    assert told(keys, "blobs") == told(means, "blobs")


def test_an_iteration_in_one_line(told):
    assert told("ll", "blobs")[-1] == (
        "Iteration 1 of 3: the centroids moved, the farthest by 6.37, then 45 points changed "
        "cluster. Inertia 1258.31; moving took off 5920.62 (65.6%); assigning took off 1845.76 "
        "(59.5%)."
    )


@pytest.mark.parametrize(
    "words",
    [
        ("blobs", "--seed", "4"),
        ("iris", "-k", "3", "--init", "k-means++"),
        ("wine", "-k", "4", "--max-iterations", "3"),
        ("blobs", "--centroids", "0,0 1,1 500,500"),
    ],
)
def test_every_half_step_has_one_line_with_the_numbers_of_the_run(told, capsys, words):
    run = document(capsys, *words)
    said = [each for each in told("", *words) if HALF.match(each)]
    assert len(said) == 2 * run["updates"] + 1
    for each in run["iterations"]:
        i, line = each["iteration"], said[2 * each["iteration"]]
        assert line.startswith(f"Iteration {i} of {run['updates']}, assign: ")
        assert f"Inertia {amount(each['inertia'])}" in line
        if i:
            points = "1 point" if each["changed"] == 1 else f"{each['changed']} points"
            assert f"{points if each['changed'] else 'no point'} changed cluster" in line
            update = said[2 * i - 1]
            assert update.startswith(f"Iteration {i} of {run['updates']}, update: ")
            moved = amount(each["max_shift"])
            assert (f"the farthest by {moved}." if each["max_shift"] else "no centroid") in update
    ends = {"converged": "Converged: ", "max_iterations": "Stopped: the limit of 3 updates"}
    assert ends[run["stopped_by"]] in said[-1]


def test_an_empty_cluster_is_told_where_it_happens(told):
    said = told("..", "blobs", "--centroids", "0,0 1,1 500,500")
    assert said[-2].endswith("Cluster 3 is empty.")
    assert said[-1].endswith("The empty cluster 3 moves to row 186 of cluster 1.")


def test_the_draws_of_a_start_that_weighs_come_first(told):
    said = told("", "iris", "-k", "3", "--init", "k-means++")
    assert [each.split(":")[0] for each in said[2:5]] == [f"Draw {i} of 3" for i in (1, 2, 3)]
    assert said[5].startswith("Start, k-means++, seed 42. ")
    assert said[3] == (
        "Draw 2 of 3: row 43, chance 1.9 %, tried rows 123, 43 and 36: with row 43 the squared "
        "distances add up to least, 57.1477."
    )


def test_why_a_point_is_where_it_is(told):
    said = told("G/118\nh\n", "blobs")[3:]
    assert said == [
        "Row 118: cluster 3, margin 6.59 to cluster 1.",
        "Iteration 1: its own centroid moved 4.46 away, but centroid 3 only 0.118.",
        "Starts in cluster 1; cluster 3 from iteration 1.",
        "Distances: centroid 3 at 1.80, centroid 1 at 8.39, centroid 2 at 14.26.",
        "Silhouette 0.76.",
        "feature 1: 3.269371213; feature 2: 3.056267583; known group: group 2.",
        (
            "Iteration 2 of 3: the centroids moved, the farthest by 2.94, then no point changed "
            "cluster. Inertia 362.79; moving took off 895.52 (71.2%)."
        ),
        *said[7:],
    ]
    assert said[7] == said[0]
    assert told("/ 900\n", "blobs")[-1] == "No row is called '900' among the 300 rows clustered."
    assert "find and enter" not in told("/group 2\n", "blobs")[2]
    assert told("/group 2\n", "blobs")[2].startswith("100 rows match; / and enter finds the next.")
    assert "Row 118: " in "\n".join(told("q", "blobs", "--row", "118"))


def test_what_changed_and_what_the_clusters_are(told):
    said = told("llc", "blobs")
    assert said[4] == "45 points changed cluster in iteration 1."
    assert re.fullmatch(
        r"Row \d+ went from cluster 1 to cluster 3, [\d.]+ from the border\.", said[5]
    )
    assert len(said) == 4 + 1 + 20 + 1
    assert said[-1] == "And 25 more, farther from it."
    assert told("gc", "blobs")[-1] == "No point changed cluster in iteration 0."
    assert told("d", "blobs")[-1] == "No points are assigned yet."
    described = told("Gd", "iris", "-k", "3")
    assert (
        "Cluster 2, 50 rows, 33.3%, 7.9% of the inertia: petal length lower (-2.0), petal width "
        "lower (-1.9)." in described
    )
    assert "petal length: mean 1.46, spread 0.172, the rest 4.91." in described


def test_another_run_and_back(told):
    said = told("G+n-Nhi\x7f\x7fyq", "blobs")
    heads = [each for each in said if each.startswith("blobs:")]
    assert [each.partition("k ")[2] for each in heads] == [
        "3, start random, seed 42.",
        "4, start random, seed 42.",
        "4, start random, seed 43.",
        "3, start random, seed 43.",
        "3, start random, seed 42.",
        "3, start k-means++, seed 42.",
        "3, start random, seed 42.",
        "3, start random, seed 43.",
    ]
    # A run that had ended is followed by the end of the next.
    assert said[4].startswith("Iteration 5 of 5: ")
    assert said[-1].startswith("kmeans-tui watch blobs -k 3 --init random --seed 43 --goto ")
    assert told("\x7f", "blobs")[-1] == "There is no previous run."
    assert told("N", "blobs", "--seed", "0")[-1] == "Seeds start at 0."
    assert told("-", "blobs", "-k", "1")[-1] == "With 300 rows, k can only be 1 to 300."
    assert "scale standard" in told("z", "blobs")[-2]


def test_code_and_working_are_those_of_the_step(told):
    said = told("..v", "blobs")
    assert "The textbook's update:" in said
    assert any(each.startswith("def update(") for each in said)
    assert "the limit is 400" in told("V", "blobs")[-1]
    small = told("..V", "blobs:n=12", "-k", "2")
    assert "iteration 0" in small
    assert any(each.startswith("cluster 1: ") for each in small)


def test_the_keys_come_from_the_table_with_those_of_the_user(told, tmp_path, monkeypatch):
    said = told("?", "blobs")
    assert "comma: half step back." in said
    assert "capital N: previous seed." in said
    assert "question mark or f1: these keys." in said
    assert said[-1].startswith("What other screens answer has commands of its own: kmeans-tui run")
    where = settings.location()
    where.parent.mkdir(parents=True, exist_ok=True)
    where.write_text('{"keys": {"half-step-forward": "ü", "leave": "ctrl+t"}}', encoding="utf-8")
    try:
        said = told("üü.\x14ü", "blobs")
        assert said[2:4] == BLOBS[2:4]
        assert said[4] == "The key full stop does nothing here; ? lists the keys."
        assert len(said) == 5
        assert "ü: half step forward: assign, update." in told("?", "blobs")
    finally:
        user_keys.use({})


def test_what_has_another_command_names_it(told):
    said = told("2", "blobs")[-1]
    assert said.startswith("Elbow: how many clusters has a command of its own: kmeans-tui elbow ")
    assert told("x", "blobs")[-1].startswith("Files are written by the command kmeans-tui export")
    assert told("B", "blobs")[-1] == "The key capital B does nothing here; ? lists the keys."


def test_no_key_of_the_table_ends_it_or_breaks_it(told):
    keys = {key for row in TABLE for each, _ in row.bindings for key in each.split(",")}
    typed = {"space": " ", "comma": ",", "full_stop": ".", "colon": ":", "plus": "+", "minus": "-"}
    characters = [typed.get(each, each) for each in sorted(keys)]
    plain = "".join(each for each in characters if len(each) == 1 and each not in "q+-nNir")
    said = told(plain + "\x1b\x1b[9z\x00\xff\U0001f600", "iris", "-k", "2")
    assert len(said) > len(plain) / 2


def test_names_from_outside_are_harmless(told, tmp_path):
    table = tmp_path / "hostile.csv"
    name = "\x1b]0;title\x07\x1b[2J\u202e"
    table.write_text(
        f"{name},b,g\n" + "".join(f"{i % 5},{i % 7},{name}{i % 2}\n" for i in range(40))
    )
    said = told("lldR/3\n", str(table), "-k", "2")
    assert not any("\x1b" in each or "\x07" in each or "\u202e" in each for each in said)
    assert any("·]0;title·" in each for each in said)


def test_open_where_asked_and_play(told):
    assert told(".", "blobs", "--goto", "1:update")[1:] == BLOBS[3:5]
    assert told("q", "blobs", "--play") == BLOBS
    assert told("", "blobs", "--goto", "2")[1:] == BLOBS[6:]


def test_a_closed_stdin_and_a_closed_pipe():
    done = subprocess.run(
        ["bash", "-c", '"$@" <&- | head -n 2; echo "${PIPESTATUS[0]}"', "-", *COMMAND, "blobs",
         "--seed", "4"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.splitlines()[0].startswith("blobs: 300 rows")
    assert done.stdout.splitlines()[-1] in ("0", "141")
    assert len(done.stdout.splitlines()) == 3


def test_bad_data_are_refused_in_a_sentence(capsys):
    assert main(["watch", "irsi"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_long_pause_inside_a_sequence_is_escape(monkeypatch):
    read, write = os.pipe()
    with os.fdopen(read) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        with SingleKeys() as keys:
            os.write(write, b"\x1bx\x1b[")
            assert (keys.next(), keys.next()) == ("escape", "x")
            os.write(write, b"D\xc3")
            assert keys.next() == "left"
            os.write(write, b"\xa9")
            assert keys.next() == "é"
            os.write(write, b"ab\ncd")
            assert (keys.line(), keys.next()) == ("ab", "c")
            os.close(write)
            assert (keys.line(), keys.line(), keys.next()) == ("d", None, None)


@pytest.fixture
def terminal(tmp_path):
    with Terminal(
        [*COMMAND, "blobs", "--speed", "60"], columns=200, lines=24,
        env={"XDG_CONFIG_HOME": str(tmp_path), "TERM": "dumb"},
    ) as found:  # fmt: skip
        found.wait_for("q quits")
        found.wait_for("no point is")
        yield found


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")
@pytest.mark.parametrize("ending", ["q", "ctrl+c", "ctrl+d", "SIGTERM", "SIGHUP"])
def test_a_terminal_is_told_plainly_and_put_back(terminal, ending):
    assert terminal.left_behind() == ["raw keyboard"]
    terminal.send(".", "right", "space")
    terminal.wait_for("Converged: no centroid")
    terminal.send("/")
    terminal.wait_for("then enter.")
    assert terminal.left_behind() == []
    terminal.send(b"118\n")
    terminal.wait_for("known group: group 2.")
    assert terminal.left_behind() == ["raw keyboard"]
    if ending.startswith("SIG"):
        terminal.signal(getattr(signal, ending))
    else:
        terminal.send(ending)
    codes = {"q": 0, "ctrl+d": 0, "ctrl+c": 130, "SIGTERM": 143, "SIGHUP": 129}
    assert terminal.wait_exit() == codes[ending]
    assert terminal.left_behind() == []
    written = terminal.output()
    assert b"\x1b" not in written
    # The terminal itself puts a carriage return before every line feed; there is no other.
    assert b"\r" not in written.replace(b"\r\n", b"")
    # Keys are not echoed, the typed line is.
    assert b"\n118\r\n" in written
    assert re.search(rb"\n[.q]", written) is None


@pytest.mark.skipif(os.name == "nt", reason="needs a shell and signals")
def test_suspended_the_terminal_is_as_before(tmp_path):
    line = " ".join([*COMMAND, "blobs"])
    with Terminal(
        ["bash", "--norc", "-i"], columns=200, lines=24,
        env={"XDG_CONFIG_HOME": str(tmp_path), "PYTHONPATH": str(Path.cwd()), "TERM": "dumb"},
    ) as shell:  # fmt: skip
        shell.send(f"{line}\n".encode())
        shell.wait_for("no point is")
        shell.send("ctrl+z")
        shell.wait_for("Stopped")
        shell.send(b"stty -a | grep -o -e '-*icanon' -e ' -*echo '\n")
        shell.wait_for("icanon")
        shell.send(b"fg\n")
        shell.wait_quiet()
        shell.send(".")
        shell.wait_for("Iteration 0 of 3, assign")
        shell.send("q")
        shell.wait_quiet()
        shell.send(b"echo over\n")
        shell.wait_for("over")
        assert "-icanon" not in "\n".join(shell.text())


def test_swaps_are_told(told):
    words = ("blobs", "-k", "6", "--seed", "3", "--goto", "last")
    _, ended, gained, before, swap, after, last, *_ = told("S..Gq", *words)
    assert ended.startswith("Iteration 5 of 5, ")
    assert gained.endswith("inertia 242.58 to 231.17. Space plays them.")
    assert before.startswith("Iteration 5 of 16: ")
    assert swap.startswith("Iteration 6 of 16, swap: centroid 3 moved into cluster 1.")
    assert "Swap 1: centroid 3 is less needed (19 % of the inertia)" in swap
    assert "Still above the 242.58 before the swap" in after
    assert re.search(r"2 swaps, no other helps \(\d+ tried\)\.$", last)
    off = told("SSyq", *words)
    assert off[-2].startswith("Iteration 5 of 5")
    assert "--improve" not in off[-1]
    assert "--improve" in told("Syq", *words)[-1]
