"""How far a sweep goes by itself."""

import numpy as np

from kmeans_tui.analysis import growth
from kmeans_tui.analysis.sweep import sweep
from kmeans_tui.data.builtin.generators import blobs


def many_groups(k):
    rng = np.random.RandomState(1)
    centres = np.array([(i % 4, i // 4) for i in range(k)]) * 10.0
    return centres[np.arange(20 * k) % k] + rng.normal(size=(20 * k, 2))


def test_the_largest_k_grows_while_the_criteria_are_best_at_its_end():
    X = many_groups(14)
    found = sweep(X, None)
    assert len(found.rows) == 15
    assert found.verdict.k == 14
    assert any("at first 10" in note and "goes on to 15" in note for note in found.verdict.notes)
    again = sweep(X, None, known=found.rows)
    assert all(a is b for a, b in zip(found.rows, again.rows, strict=True))


def test_a_largest_k_that_was_given_stays_and_says_what_to_do():
    found = sweep(many_groups(14), 10)
    assert len(found.rows) == 10
    assert any("raise the largest k" in note for note in found.verdict.notes)


def test_it_does_not_grow_without_need_or_beyond_its_bound():
    assert len(sweep(blobs(300, 3, 2, 0.8, 42)[0], None).rows) == 10
    assert len(sweep(many_groups(14), None, init="article").rows) == 10
    assert len(sweep(many_groups(14), None, criteria=False).rows) == 10
    assert [growth.bound(n) for n in (4, 30, 90, 10_000)] == [4, 10, 18, 30]
