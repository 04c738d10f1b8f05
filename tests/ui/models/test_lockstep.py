"""Two runs with one clock: where both are, what is said, and which colours they wear."""

from dataclasses import replace

import pytest

from kmeans_tui.command import Options
from kmeans_tui.requests import pairs, subject
from kmeans_tui.requests.session import Moment
from kmeans_tui.ui.models.lockstep import Lockstep, last_of

BLOBS = Options("blobs", k=3)


def lockstep(text, goto="0", options=BLOBS):
    options = replace(options, pair=text)
    return Lockstep(pairs.compared(options, subject.load(options)), goto)


def test_the_shorter_run_stays_at_its_end():
    steps = lockstep("seeds:0,1", "last")
    first, second = steps.sides
    assert first.history.iterations < second.history.iterations
    assert steps.at_end
    assert steps.at(first) == Moment(first.history.iterations, "assign")
    assert steps.at(second) == Moment(second.history.iterations, "assign")
    assert steps.title(first) == "seed 0 · iteration 3 of 3 · ended"
    assert steps.title(second) == "seed 1 · iteration 6 of 6"
    # Each half step of one is the same half step of the other, until one has ended.
    for position in range(steps.last + 1):
        steps.move(position)
        for side in steps.sides:
            assert steps.at(side).position == min(position, last_of(side))


def test_the_clock_stays_inside_the_longer_run_and_names_halves():
    steps = lockstep("seeds:0,1")
    first, _ = steps.sides
    assert steps.position == 1
    steps.move(-5)
    assert (steps.position, steps.title(first)) == (0, "seed 0 · start")
    assert "no point is assigned yet" in steps.standing()
    steps.move(steps.complete(1))
    assert steps.moment == Moment(0, "assign")
    steps.move(steps.position + 1)
    assert steps.title(first) == "seed 0 · iteration 1 of 3, update"
    steps.move(steps.complete(-1))
    assert steps.moment == Moment(0, "assign")
    steps.move(10**6)
    assert steps.at_end
    steps.move(2)
    assert steps.title(first, 24) == "seed 0 · 1 of 3, update"
    assert lockstep("seeds:0,1", "2:update").moment == Moment(2, "update")
    assert lockstep("seeds:0,1", "99").at_end


def test_what_stands_below_counts_the_points_apart_at_this_half_step():
    steps = lockstep("seeds:0,1")
    for position in range(1, steps.last + 1):
        steps.move(position)
        count = steps.pair.apart[(position - 1) // 2]
        assert f"{count} of 300 points" in steps.standing()
    same = lockstep("tolerance:0,0.001", "last")
    assert "all points in the same clusters" in same.standing()
    assert same.sentences()[0] == same.pair.sentence


@pytest.mark.parametrize("text", ["seeds:0,1", "k:2,5", "k:5,2", "without:17"])
@pytest.mark.parametrize("colours", [None, (3, 1, 2)])
def test_matched_clusters_wear_the_same_and_no_two_of_a_run_do(text, colours):
    steps = lockstep(text)
    first, second = steps.sides
    ours, theirs = steps.worn(colours)
    numbers = steps.pair.numbers.tolist()
    assert steps.numbers(first) is None
    assert steps.numbers(second) == tuple(numbers)
    for worn, side in ((ours, first), (theirs, second)):
        assert len(set(worn)) == len(worn) == side.history.k
    for number, worn in zip(numbers, theirs, strict=True):
        assert worn == ours[number] if number < len(ours) else worn not in ours
    if colours and len(ours) == 3:
        assert ours == (2, 0, 1)


def test_curves_are_of_inertia_or_of_shares_where_it_cannot_be_compared():
    steps = lockstep("seeds:0,1", "last")
    ours, theirs = steps.curves()
    assert ours == steps.pair.first.history.half_step_inertia.tolist()
    assert theirs[-1] == steps.pair.second.history[-1].inertia
    assert steps.caption(("a", "b")) == "a seed 0 362.79  b seed 1 5481.69"
    shares = lockstep("without:17").curves()
    assert [each[0] for each in shares] == [1.0, 1.0]
