"""When the votes name a k, in words: with the limits that the code uses."""

import numpy as np
import pytest

from kmeans_tui import load_data
from kmeans_tui.analysis import criteria, votes
from kmeans_tui.analysis.sweep import sweep
from kmeans_tui.headless import elbow


def test_the_rule_names_the_limits_in_use(monkeypatch):
    for limit in (*votes._LIMITS.values(), votes._LIMIT, votes._LIMIT_IF_SURE):
        assert f"{limit:.0%}" in votes.rule()
    assert f"{criteria.APART:.0%} of the rows" in criteria.rules()
    monkeypatch.setattr(votes, "_LIMIT", 0.77)
    assert "77% beyond" in votes.rule()


def test_help_at_the_shell_names_every_criterion_and_the_rule(capsys):
    with pytest.raises(SystemExit):
        elbow.main(["--help"])
    said = " ".join(capsys.readouterr().out.split())
    for each in criteria.by_weight():
        assert (each.called or each.title) in said
    assert votes.rule() in said


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "draw",
    [
        lambda rng: rng.uniform(size=(300, 2)),
        lambda rng: rng.normal(size=(250, 8)) * np.arange(1, 9),
        lambda rng: rng.exponential(size=(200, 3)),
        lambda rng: np.c_[rng.normal(size=300) * 8, rng.normal(size=300)],
    ],
    ids=["uniform", "normal", "exponential", "long"],
)
def test_sets_without_groups_get_no_k(draw, seed):
    assert sweep(draw(np.random.RandomState(seed)), 10).verdict.k is None


@pytest.mark.parametrize(("k", "spread"), [(2, 0.8), (5, 0.4), (8, 0.3)])
def test_groups_that_are_apart_are_counted(k, spread):
    rng = np.random.RandomState(k)
    angle = np.arange(k) * 2 * np.pi / k
    centres = 4 * np.c_[np.cos(angle), np.sin(angle)]
    X = centres[np.arange(40 * k) % k] + rng.normal(scale=spread, size=(40 * k, 2))
    assert sweep(X, 12).verdict.k == k


def test_a_k_with_votes_whose_clusters_touch_is_refused_with_the_share():
    found = sweep(load_data("anisotropic").points).verdict
    assert found.k is None
    assert "k = 2 has" in found.sentence
    assert "of the rows lie near a border (apart is below 10%)" in found.sentence
