"""Swaps: the fast path equals the textbook, and every recorded swap lowers the inertia."""

from contextlib import closing

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_tui.clustering import swap, textbook_swaps
from kmeans_tui.clustering.history import History
from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.clustering.stillness import limit
from kmeans_tui.clustering.textbook import kmeans
from tests.clustering.swapped import clumps, improved, shared_group


def _same_way(history: History, textbook: list[dict], X: np.ndarray) -> None:
    assert [(s.iteration, s.cluster, s.into) for s in history.swaps] == [
        (each["iteration"], *each["swap"][:2]) for each in textbook if "swap" in each
    ]
    shares = [each["swap"][2] for each in textbook if "swap" in each]
    np.testing.assert_allclose([s.share for s in history.swaps], shares, rtol=1e-9, atol=1e-12)
    assert len(history) == len(textbook)
    for mine, theirs in zip(history, textbook, strict=True):
        np.testing.assert_array_equal(mine.labels, theirs["labels"])
        np.testing.assert_allclose(mine.centroids, theirs["centroids"], rtol=1e-9, atol=1e-9)


@given(
    seed=st.integers(0, 10_000),
    n=st.integers(1, 60),
    d=st.integers(1, 4),
    k=st.integers(1, 9),
    lattice=st.sampled_from([0, 1, 3]),
)
@settings(max_examples=60, deadline=None)
@pytest.mark.filterwarnings("ignore:X has only")
def test_the_fast_path_is_the_textbook(seed: int, n: int, d: int, k: int, lattice: int) -> None:
    draw = np.random.RandomState(seed)
    # Whole numbers give ties and equal rows.
    X = draw.randint(0, 2 * lattice + 1, (n, d)) * 1.0 if lattice else draw.normal(size=(n, d))
    k = min(k, n)
    model = improved(X, k, seed)
    start = model.history[0].centroids
    plain = kmeans(X, start, 100, limit(1e-4, X))
    textbook = textbook_swaps.improve(X, plain, 100, limit(1e-4, X))
    _same_way(model.history, textbook, X)


@pytest.mark.parametrize("d", [2, 9])
def test_the_fast_path_is_the_textbook_on_many_points(d: int) -> None:
    X = clumps(12, 200, d)
    model = improved(X, 12, 1)
    plain = kmeans(X, model.history[0].centroids, 100, limit(1e-4, X))
    textbook = textbook_swaps.improve(X, plain, 100, limit(1e-4, X))
    assert model.history.swaps
    _same_way(model.history, textbook, X)


@pytest.mark.parametrize("n", [20, 400])
@pytest.mark.parametrize("limited", [1, 3, 100])
def test_every_swap_lowers_the_inertia(n: int, limited: int) -> None:
    X = clumps(9, n, 2)
    model = KMeans(9, limited, random_state=3, improve=True).fit(X)
    history = model.history
    assert history.swaps
    for each in history.swaps:
        before, after = history.swapped(each)
        assert after < before
        assert each.share >= 0
        assert history[each.iteration].swap == each
        assert history.step(2 * each.iteration - 1).swap == each
        assert history.step(2 * each.iteration - 2).swap != each
    plain = KMeans(9, limited, random_state=3).fit(X).history
    assert plain.inertia.tolist() == history.inertia[: len(plain)].tolist()
    assert plain.tried is None
    assert history.tried is not None
    assert history.stopped_by == ("converged" if limited == 100 else "max_iterations")


def test_one_group_with_two_centroids_gives_one_away() -> None:
    X, start = shared_group()
    model = KMeans(3, init=start, improve=True).fit(X)
    (found,) = model.history.swaps
    assert found.cluster in (0, 1)
    assert found.into == 2
    assert found.share < 0.03
    before, after = model.history.swapped(found)
    assert after < 0.1 * before
    assert len(set(model.history[-1].sizes.tolist())) == 1


def test_the_end_cannot_be_improved_again() -> None:
    X = clumps(9, 100, 2)
    first = improved(X, 9, 3).history
    again = swap.continued(X, first, 100, 1e-4)
    assert len(again) == len(first)
    assert again.tried == first.tried
    assert again.stopped_by == "converged"


def test_a_run_is_continued_as_it_would_have_been() -> None:
    X = clumps(9, 100, 2)
    plain = KMeans(9, random_state=3).fit(X).history
    heard = []
    found = swap.continued(X, plain, 100, 1e-4, lambda step: heard.append(step.iteration))
    whole = improved(X, 9, 3).history
    np.testing.assert_array_equal(found.centroids, whole.centroids)
    assert found.swaps == whole.swaps
    assert not plain.swaps
    assert plain.stopped_by == "converged"
    assert heard == sorted(heard)
    assert heard[-1] == found.iterations


def test_from_an_end_goes_the_same_way() -> None:
    X = clumps(9, 100, 2)
    model = KMeans(9, random_state=3).fit(X)
    last = model.history[-1]
    still = lambda ways: max(ways) < 1e-4  # noqa: E731
    found = swap.from_end(X, last.centroids, last.labels, last.inertia, 100, still)
    assert found is not None
    whole = improved(X, 9, 3).history
    np.testing.assert_array_equal(found[-1].centroids, whole[-1].centroids)
    assert swap.from_end(X, last.centroids, last.labels, last.inertia, 100, still, bool) is None


@pytest.mark.parametrize(("k", "rows"), [(1, 5), (4, 4), (3, 1)])
@pytest.mark.filterwarnings("ignore:X has only")
def test_nothing_to_swap(k: int, rows: int) -> None:
    X = np.arange(2.0 * rows).reshape(rows, 2) if rows > 1 else np.ones((5, 2))
    history = KMeans(k, improve=True, random_state=0).fit(X).history
    assert history.swaps == ()
    assert history.tried == 0


@pytest.mark.filterwarnings("ignore:X has only")
def test_an_empty_cluster_is_the_first_to_go() -> None:
    X = np.repeat([[0.0, 0.0], [9.0, 0.0], [9.0, 4.0]], 5, axis=0)
    plain = KMeans(3, init=[[0, 0], [9, 2], [50, 50]], max_iterations=1).fit(X[:10]).history
    assert 0 in plain[-1].sizes
    found = swap.continued(X[:10], plain, 100, 1e-4)
    assert found.tried == 0  # two places need no third centroid
    start = History(15, 3, 2)
    labels = np.repeat([0, 1], [5, 10]).astype(np.uint8)
    places = np.array([[0.0, 0.0], [9.0, 2.0], [50.0, 50.0]])
    start.record_start(places, labels, 40.0, np.array([5, 10, 0]))
    start.finish("converged")
    found = swap.continued(X, start, 100, 1e-4)
    assert [(each.cluster, each.into, each.share) for each in found.swaps] == [(2, 1, 0.0)]
    assert found[-1].inertia == 0


def test_cancelled_keeps_whole_swaps() -> None:
    X = clumps(9, 100, 2)
    whole = improved(X, 9, 3).history
    first = whole.swaps[0].iteration
    for stop in range(3, 60, 7):
        calls = 0

        def progress(step: object) -> bool:
            nonlocal calls
            calls += 1
            return calls < stop  # noqa: B023

        model = KMeans(9, random_state=3, improve=True)
        model.fit(X, progress)
        history = model.history
        assert history.inertia.tolist() == whole.inertia[: len(history)].tolist()
        if history.stopped_by == "cancelled":
            assert history.tried is None
            # No half-finished stretch: where a swap is kept, it has paid.
            assert (
                all(b < a for a, b in map(history.swapped, history.swaps))
                or len(history) <= first + swap.STEPS
            )
    model = KMeans(9, random_state=3, improve=True)
    with closing(model.steps(X)) as steps:
        numbers = [(step.iteration, step.kind) for step in steps]
    assert numbers == [
        (step.iteration, step.kind) for step in map(whole.step, range(2 * len(whole) - 1))
    ]


def test_a_swap_that_does_not_pay_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    X = clumps(9, 100, 2)
    plain = KMeans(9, init="k-means++", random_state=0).fit(X).history
    settled = swap.continued(X, plain, 100, 1e-4)
    # A try that is too hopeful: the run itself has the last word.
    monkeypatch.setattr(swap._Search, "helps", lambda self, pair: True)
    found = swap.continued(X, settled, 100, 1e-4)
    assert len(found) == len(settled)
    assert found.tried == settled.tried
    np.testing.assert_array_equal(found[-1].labels, settled[-1].labels)
    assert found.stopped_by == settled.stopped_by


def test_a_round_cluster_is_halved_across_its_first_feature() -> None:
    ring = np.array([[1.0, 0], [-1, 0], [0, 1], [0, -1]])
    saved, first, second = textbook_swaps.split(np.concatenate([ring, ring[::-1]]))
    assert saved > 0
    assert first[0] < second[0]
    assert textbook_swaps.split(np.ones((4, 3)))[0] == 0
    assert textbook_swaps.split(np.ones((1, 3)))[0] == 0
    # Their mean is off by a rounding, so all are ahead of it.
    for x in (0.1, 0.7, -0.1, 1e15 + 0.3):
        for n in (3, 6, 7, 10):
            assert textbook_swaps.split(np.full((n, 2), x))[0] == 0
    saved, first, second = textbook_swaps.split(np.array([[0.0], [0], [3], [3]]))
    assert (saved, first[0], second[0]) == (9.0, 0.0, 3.0)
