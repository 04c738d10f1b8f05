"""A half step in words: what each says of a run whose numbers are known."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from kmeans_tui.analysis import step_facts
from kmeans_tui.analysis.step_facts import shared
from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.command import Options
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.requests.session import Moment, Run
from kmeans_tui.ui.models.fitting import fit
from kmeans_tui.ui.models.half_step import read

# Two pairs and a point far away; the third centroid starts where nobody is near.
LINE = np.array([[0.0, 0.0], [1.0, 0.0], [10.0, 0.0], [11.0, 0.0], [30.0, 0.0]])
START = np.array([[0.0, 0.0], [10.0, 0.0], [500.0, 500.0]])


def blobs(**fields):
    return fit(Options(data="blobs", seed=42, **fields), None, lambda text: True)


def at(run, goto, *, playing=False, speed=2.0):
    """What is read at a half step, named as --goto names it."""
    iteration, _, kind = goto.partition(":")
    moment = Moment(int(iteration), kind or "assign")
    step = run.history.step(moment.position - 1) if moment.position else None
    return read(run, moment, step, playing=playing, speed=speed)


@pytest.fixture(scope="module")
def run():
    return blobs()


def test_before_the_first_assignment(run):
    view = at(run, "0:initialise")
    assert view.note == "the centroids are placed, no point is assigned yet"
    assert (view.start, view.assigned, view.shift) == ("random, seed 42", "", "")
    assert (view.converged, view.inertia, view.verdict) == ("", "", False)
    assert [row.size for row in view.rows] == [None] * 3
    assert [row.moved for row in view.rows] == [None] * 3


def test_the_first_assignment(run):
    view = at(run, "0")
    assert view.assigned == "300 points"
    assert (view.shift, view.converged, view.note) == ("", "", "")
    assert view.inertia == "inertia 9024.70"
    assert [row.size for row in view.rows] == [145, 100, 55]
    assert [row.moved for row in view.rows] == [None] * 3


def test_the_first_update(run):
    view = at(run, "1:update")
    assert view.shift == "shift 6.37"
    assert view.assigned == "300 points"
    assert view.converged == "no (tol 0.0001)"
    assert (view.kind, view.iteration, view.iterations) == ("update", 1, 3)
    assert max(row.moved for row in view.rows) == pytest.approx(6.37, abs=0.005)
    # The update averaged the old labels.
    assert [row.size for row in view.rows] == [145, 100, 55]
    assert not view.note


def test_the_second_assignment(run):
    view = at(run, "1")
    assert view.assigned == "45 points changed cluster"
    assert view.inertia == "inertia 1258.31"
    assert [row.size for row in view.rows] == [100, 100, 100]
    assert at(run, "2:update").assigned == "45 points changed cluster"


def test_an_iteration_without_a_changed_label_says_so(run):
    view = at(run, "2")
    assert view.note == "no point changed cluster"
    assert view.assigned == "no point changed cluster"
    assert view.converged == "no (tol 0.0001)"
    assert not view.verdict


def test_the_end_says_that_nothing_changed_and_why_it_stopped(run):
    view = at(run, "3")
    assert view.note.startswith("no point changed cluster")
    assert "converged" in view.note
    assert view.note.endswith("no centroid moved")
    assert view.converged == "yes (tol 0.0001)"
    assert view.shift == "shift 0"
    assert view.verdict
    assert [row.moved for row in view.rows] == [0, 0, 0]


def test_the_verdict_comes_after_the_last_assignment_only(run):
    view = at(run, "3:update")
    assert not view.verdict
    assert "converged" not in view.note


def test_the_centroids_are_in_the_units_of_the_data():
    run = fit(Options(data="iris", seed=42), None, lambda text: True)
    assert run.dataset.scale == "standard"
    rows = at(run, str(run.history.iterations)).rows
    lengths = run.dataset.table[:, run.dataset.columns.index("petal length")]
    labels = run.history[-1].labels
    for c, row in enumerate(rows):
        assert row.place[0] == pytest.approx(lengths[labels == c].mean())


def test_one_feature_is_one_number():
    run = fit(Options(data="iris", features=("petal width",)), None, lambda text: True)
    view = at(run, "0")
    assert {len(row.place) for row in view.rows} == {1}
    assert {len(row.place) for row in at(blobs(), "0").rows} == {2}


def test_a_run_stopped_by_its_limit():
    run = blobs(max_iterations=1)
    view = at(run, "1")
    assert view.note == "stopped: the limit of 1 update was reached"
    assert view.converged == "no, limit reached"
    assert at(run, "1:update").note == ""
    assert "the limit of 2 updates" in at(blobs(max_iterations=2), "2").note


def test_a_run_within_its_tolerance():
    view = at(blobs(tolerance=7.0), "1")
    assert "converged" in view.note
    assert view.note.endswith("no centroid moved by more than 7")
    assert "changed cluster" not in view.note
    assert view.converged == "yes (tol 7)"


def test_a_run_stopped_by_its_user():
    heard = []
    run = fit(Options(seed=42), None, lambda text: heard.append(text) or len(heard) < 4)
    view = at(run, str(run.history.iterations))
    assert run.history.iterations == 1
    assert view.note == "stopped by you after 1 update; r runs it again"
    assert view.converged == "no, stopped by you"


def test_a_run_stopped_before_its_first_update_has_no_verdict_on_convergence():
    run = fit(Options(seed=42), None, lambda text: False)
    view = at(run, "0")
    assert view.note == "stopped by you after 0 updates; r runs it again"
    assert not view.verdict


def line(k, start, **rules):
    model = KMeans(k=k, init=start, **rules).fit(LINE)
    return Run(Options(k=k), Dataset("line", LINE, ("a", "b")), model.history)


def test_an_empty_cluster_is_told_by_the_assignment_that_empties_it():
    run = line(3, START)
    assert at(run, "0").note == "cluster 3 is empty"
    assert at(run, "0").rows[2].size == 0
    assert at(run, "1:update").note == "the empty cluster 3 moves to row 5 of cluster 2"
    # The point that it went to is its own now.
    assert at(run, "1").rows[2].size == 1
    assert "empty" not in at(run, "1").note
    assert "empty" not in at(run, "2:update").note


def test_an_empty_cluster_stands_beside_the_reason_at_the_end():
    run = line(3, np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 0.0]]), max_iterations=1)
    assert at(run, "0").note == "clusters 2 and 3 are empty"
    assert at(run, "1:update").note == "the empty clusters 2 and 3 move to far points"
    assert at(run, "1").note == "stopped: the limit of 1 update was reached"


def test_playing_and_speed_are_passed_on(run):
    view = at(run, "1", playing=True, speed=8.0)
    assert (view.playing, view.speed) == (True, 8.0)


def test_the_start_names_what_decides_it(run):
    options = replace(run.options, init="k-means++", seed=7)
    assert at(replace(run, options=options), "0").start == "k-means++, seed 7"


def test_each_half_step_says_what_it_took_off_the_inertia(run):
    assert at(run, "0").drops == ()
    assert at(run, "1:update").drops == ("moving took off 5920.62 (65.6%)",)
    moving, assigning = at(run, "1").drops
    assert (moving, assigning) == (
        "moving took off 5920.62 (65.6%)",
        "assigning took off 1845.76 (59.5%)",
    )
    every = run.history.half_step_inertia
    assert len(every) == 2 * run.history.iterations + 1
    steps = [run.history.step(number).inertia for number in range(len(every))]
    assert every.tolist() == steps
    assert (np.diff(every) <= 0).all()
    assert at(run, "3").drops == ("moving took off 0", "assigning took off 0")


def test_a_random_point_that_takes_over_may_add():
    model = KMeans(k=3, init=START, empty="random", random_state=0).fit(LINE)
    dataset = Dataset("line", LINE, ("x", "y"))
    run = Run(Options(data="line"), dataset, model.history)
    every = model.history.half_step_inertia
    for i in range(1, model.history.iterations + 1):
        rises = np.diff(every[2 * i - 2 : 2 * i + 1]) > 0
        said = at(run, str(i)).drops
        assert [" added " in each for each in said] == rises.tolist()


def test_rounding_in_the_order_of_sums_adds_nothing():
    class Summed:
        half_step_inertia = np.array([1237335.0, 1237334.0, 1237334.0 + 2.4e-10])

        def __getitem__(self, iteration):
            return SimpleNamespace(swap=None)

    said = step_facts.drops(Summed(), 3)
    assert said == ("moving took off 1.00 (0.0%)", "assigning took off 0")


def test_the_shares_are_those_of_the_drops(run):
    for moment in ("1", "1:update", "3"):
        view = at(run, moment)
        assert len(view.shares) == len(view.drops) > 0
        for share, drop in zip(view.shares, view.drops, strict=True):
            percent = drop.partition("(")[2].rstrip(")") or "0.0%"
            assert share == f"{drop.split()[0]} −{percent}"


@pytest.mark.parametrize(("places", "said"), [
    ([[1.0, 2.0], [3.0, 4.0]], ""),
    ([[1.0, 2.0], [3.0, 4.0], [1.0, 2.0]], "1 and 3 in one place"),
    ([[0.0], [-0.0], [1.0], [0.0]], "1, 2 and 4 in one place"),
    ([[1.0, 2.0], [1.0, 2.0 + 1e-15]], ""),
    ([[1.0], [2.0], [1.0], [2.0]], "1 and 3 in one place, 2 and 4 in one place"),
    ([[1.0]] * 6, "1, 2 and 4 more in one place"),
])  # fmt: skip
def test_centroids_in_one_place_are_named(places, said):
    assert shared(np.array(places)) == said


def test_the_distances_so_far_are_counted():
    run = blobs()
    n, k = run.dataset.n, run.history.k
    assert at(run, "0:initialise").work == ""
    assert at(run, "0").work == at(run, "1:update").work == f"n·k·1 = {n * k} distances so far"
    assert at(run, "3").work == f"n·k·4 = {4 * n * k:,} distances so far"


def test_swaps_are_told_where_they_happen():
    run = blobs(k=6, improve=True)
    run = fit(replace(run.options, seed=3), None, lambda text: True)
    first, second = run.history.swaps[:2]
    before = at(run, str(first.iteration - 1))
    assert before.converged == "a swap follows"
    swap = at(run, f"{first.iteration}:update")
    assert swap.note.startswith("swap 1: centroid ")
    assert swap.note.endswith(" deserves two")
    assert swap.shift == "swap, no means"
    low, high = run.history.swapped(first)
    assert swap.drops == (f"by the swap {low:.2f} to {high:.2f}",)
    after = at(run, str(first.iteration))
    assert run.history[first.iteration].inertia > low
    assert after.note == f"still above the {low:.2f} before the swap: that takes a while"
    paid = at(run, str(second.iteration - 1))
    assert "above" not in paid.note
    end = at(run, str(run.history.iterations))
    assert end.note == f"{len(run.history.swaps)} swaps, no other helps ({run.history.tried} tried)"
    plain = at(blobs(improve=True), str(blobs(improve=True).history.iterations))
    assert plain.note.startswith("no swap helps (")


def test_where_rows_have_weights_the_panel_says_what_clusters_weigh() -> None:
    weights = np.array([3.0, 1.0, 0.5, 1.0, 2000.0])
    data = Dataset("heavy", LINE, ("x", "y"), weights=weights, weight_column="w")
    history = KMeans(3, init=LINE[[0, 2, 4]]).fit(LINE, weights=weights).history
    run = Run(Options(k=3), data, history)
    view = at(run, "0")
    assert view.weighted
    assert [row.size for row in view.rows] == [2, 2, 1]
    assert [row.amount for row in view.rows] == ["4", "1.5", "2,000"]
    assert [row.amount for row in at(run, "0:initialise").rows] == ["", "", ""]
    assert not at(blobs(), "0").weighted
