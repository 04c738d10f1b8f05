"""When the votes name a k, in words: with the limits that the code uses."""

import pytest

from kmeans_tui.analysis import criteria, votes
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
