from kmeans_tui.clustering import initialisation, textbook_code
from kmeans_tui.vocabulary import INITS


def test_the_named_starts_are_those_that_can_be_computed():
    assert {*INITS} == {*initialisation.STARTS} == {"random", *textbook_code.STARTS}
