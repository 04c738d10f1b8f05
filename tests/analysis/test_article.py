"""The article's claims, judged by what comes out when they are run."""

import pytest

from kmeans_tui import load_data
from kmeans_tui.analysis.article.claims import claims


@pytest.fixture(scope="module")
def judged():
    return {each.id: each for each in claims(load_data)}


def test_all_fourteen_in_order(judged):
    assert list(judged) == [f"W{number}" for number in range(1, 15)]
    assert [each.id for each in judged.values() if each.holds] == ["W10", "W12"]
    for each in judged.values():
        assert each.claim
        assert each.measured
        assert each.why.endswith(".")


@pytest.mark.parametrize(
    ("claim", "parts"),
    [
        ("W1", ["3 iterations, 4 states"]),
        ("W2", ["362.79"]),
        ("W3", ["255, 300, 300, 300"]),
        ("W4", ["362.79", "5483.66", "5120.87"]),
        ("W5", ["0.00 on Iris", "1000 of 1000"]),
        ("W6", ["ours 362.7901", "scikit-learn 362.7901"]),
        ("W7", ["'auto'"]),
        ("W8", ["34 of 100 seeds on the blobs"]),
        ("W9", ["total distance"]),
        ("W10", ["6 of 150", "50, 48, 46"]),
        ("W11", ["144 and 144 of 150", "0.730 and 0.620", "0.371 and 0.897"]),
        ("W12", ["0.0 %"]),
        ("W13", ["40 away", "0.40", "from 73 on"]),
        ("W14", ["6 updates, 7 states"]),
    ],
)
def test_what_is_measured(judged, claim, parts):
    for part in parts:
        assert part in judged[claim].measured
    if claim == "W2":
        assert "k = 7" in judged[claim].why
    if claim == "W4":
        assert "26.7 % fail" in judged[claim].why
    if claim == "W6":
        assert "seeds 1 and 3" in judged[claim].why


def test_it_measures_the_data_it_is_given():
    def other(name, **options):
        return load_data("blobs:seed=7" if name == "blobs" else name, **options)

    heard = []
    few = claims(other, lambda said: heard.append(said) or said.done < 2)
    assert [each.id for each in few] == ["W1", "W2"]
    assert "362.79" not in few[1].measured
    assert [said.row.id for said in heard if said.row] == ["W1", "W2"]
    assert claims(load_data, lambda said: False) == ()
