"""The ladder: names that stay, flows that add up, and what parted in words."""

import numpy as np
import pytest

from kmeans_tui import load_data
from kmeans_tui.analysis.rungs import Flow, Rung, arrangement, climbed, ladder
from kmeans_tui.analysis.sweep import sweep


def climbed_of(name, k_max=6, **options):
    data = load_data(name, **options)
    found = sweep(data.points, k_max, 2, criteria=False)
    return found, ladder(found)


@pytest.mark.parametrize("name", ["blobs", "iris", "moons", "wine"])
def test_flows_are_the_rows_of_both_runs(name):
    found, steps = climbed_of(name)
    for before, after, row, next_row in zip(
        steps.rungs, steps.rungs[1:], found.rows, found.rows[1:], strict=False
    ):
        a = np.asarray(before.names)[row.run.labels]
        b = np.asarray(after.names)[next_row.run.labels]
        for flow in after.flows:
            assert flow.rows == ((a == flow.source) & (b == flow.target)).sum()
        assert sum(flow.rows for flow in after.flows) == len(a)
        assert after.sizes.tolist() == np.bincount(b, minlength=after.k).tolist()
        assert after.stayed == (a == b).sum()
        assert sorted(after.names) == list(range(after.k))


def test_more_rows_keep_their_name_than_by_any_other_naming():
    _, steps = climbed_of("blobs:n=400,k=4", 5)
    for rung in steps.rungs[1:]:
        counts = np.zeros((rung.k - 1, rung.k), dtype=int)
        for flow in rung.flows:
            counts[flow.source, flow.target] = flow.rows
        from itertools import permutations

        best = max(
            sum(counts[i, order[i]] for i in range(rung.k - 1))
            for order in permutations(range(rung.k), rung.k - 1)
        )
        assert rung.stayed == best


def test_blobs_part_one_after_the_other():
    _, steps = climbed_of("blobs", 3)
    assert [rung.sentence() for rung in steps.rungs] == [
        "all 300 rows are in cluster 1",
        "cluster 1 parts: 100 rows become cluster 2",
        "cluster 1 parts: 100 rows become cluster 3",
    ]


def rung(*flows, sizes):
    return Rung(len(sizes), np.array(sizes), 1.0, tuple(range(len(sizes))), flows)


def test_a_cluster_can_join_rows_of_several():
    found = rung(Flow(0, 0, 60), Flow(0, 2, 25), Flow(1, 2, 15), Flow(1, 0, 1), sizes=(61, 0, 40))
    assert found.sentence() == (
        "cluster 3 joins rows of 2 clusters: 25 of 1 and 15 of 2; 1 row changes between the others"
    )
    assert rung(Flow(0, 0, 5), sizes=(5, 0)).sentence() == "cluster 2 is empty"


@pytest.mark.parametrize("known", [0, 1, 3, 6])
def test_a_ladder_goes_on_where_it_ended(known):
    found, steps = climbed_of("wine")
    rest = list(climbed(found.rows, steps.rungs[:known]))
    for one, other in zip(rest, steps.rungs[known:], strict=True):
        assert (one.names, one.flows, one.inertia) == (other.names, other.flows, other.inertia)
        assert one.sizes.tolist() == other.sizes.tolist()


def test_a_new_cluster_stands_below_its_largest_source():
    _, steps = climbed_of("iris")
    placed = arrangement(steps.rungs)
    assert sorted(placed) == list(range(6))
    for rung in steps.rungs[1:]:
        names = arrangement(steps.rungs[: rung.k])
        source = next(flow.source for flow in rung.flows if flow.target == rung.k - 1)
        assert names[names.index(source) + 1] == rung.k - 1


def test_the_colours_are_those_of_the_command_line():
    assert Rung(3, np.ones(3), 1.0, (0, 1, 2)).colours is None
    assert Rung(3, np.ones(3), 1.0, (2, 0, 1)).colours == (3, 1, 2)
