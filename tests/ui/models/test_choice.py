"""What keys change of a choice of data, without a screen."""

import pytest

from kmeans_tui.command import Options
from kmeans_tui.ui.models import opening
from kmeans_tui.ui.models.choice import Choice, Remark, of_data


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "t.csv"
    rows = "".join(f"{i % 11},{i % 5},{i % 3},{'xy'[i % 2]}\n" for i in range(30))
    path.write_text(f"a,b,c,kind\n{rows}")
    return str(path)


@pytest.fixture
def choice(table):
    return Choice(Options(table))


@pytest.fixture
def opened(table):
    return opening.open_data(Options(table), lambda *_: True)


def test_a_tick_leaves_out_and_takes_in_again(choice, opened):
    choice.change(**choice.tick(opened))
    assert choice.wish.features == ("b", "c")
    choice.change(**choice.tick(opened))
    assert choice.wish.features is None
    assert choice.undo()
    assert choice.wish.features == ("b", "c")
    assert choice.undo()
    assert not choice.undo()


def test_one_column_at_least_stays(choice, opened):
    choice.change(**choice.all(opened))
    assert choice.wish.features == ("a",)
    assert choice.tick(opened) == Remark("At least one column must stay ticked.", "warning")
    choice.change(**choice.all(opened))
    assert choice.wish.features is None


def test_text_is_no_feature_but_a_grouping(choice, opened):
    choice.go("columns", 99, opened)
    assert choice.chosen(opened).name == "kind"
    assert choice.tick(opened) == {"encode": ("kind",)}
    choice.change(**choice.tick(opened))
    assert choice.tick(opened) == {"encode": None}
    choice.change(encode=None)
    choice.change(**choice.truth(opened))
    assert choice.wish.truth == "kind"
    assert choice.tick(opened) == Remark("kind: the known grouping.")
    assert choice.truth(opened) == {"truth": None}


def test_weights_come_from_a_column_of_numbers(choice, opened):
    choice.change(**choice.log(opened))
    choice.change(**choice.weights(opened))
    assert (choice.wish.weights, choice.wish.log) == ("a", None)
    assert opened.ticked(choice.wish) == ("b", "c")
    choice.change(**choice.truth(opened))
    assert (choice.wish.weights, choice.wish.truth) == (None, "a")
    choice.change(**choice.weights(opened))
    assert (choice.wish.weights, choice.wish.truth) == ("a", None)
    assert choice.weights(opened) == {"weights": None}
    choice.change(**choice.tick(opened))
    assert choice.wish.weights is None
    choice.go("columns", 99, opened)
    assert choice.weights(opened) == Remark("kind holds no numbers, which weights are.", "warning")


def test_rows_are_named_by_a_column_in_no_other_role(choice, opened):
    choice.go("columns", 99, opened)
    choice.change(**choice.identity(opened))
    assert choice.wish.id_column == "kind"
    assert choice.tick(opened) == Remark("kind: names the rows.")
    choice.change(**choice.truth(opened))
    assert (choice.wish.id_column, choice.wish.truth) == (None, "kind")
    choice.change(**choice.identity(opened))
    assert (choice.wish.id_column, choice.wish.truth) == ("kind", None)
    assert choice.identity(opened) == {"id_column": None}
    choice.go("columns", 0, opened)
    choice.change(**choice.identity(opened))
    assert opened.ticked(choice.wish) == ("b", "c")
    choice.change(**choice.weights(opened))
    assert (choice.wish.id_column, choice.wish.weights) == (None, "a")
    choice.go("columns", 1, opened)
    choice.change(**choice.identity(opened))
    choice.go("columns", 2, opened)
    assert choice.identity(opened) == Remark("It is the only ticked column.", "warning")


def test_rows_are_taken_out_by_their_numbers_and_put_back(choice, opened):
    for row in (4, 2):
        choice.go("rows", row, opened)
        choice.change(**choice.take_out(opened))
    assert choice.wish.without == (3, 5)
    choice.change(**choice.take_out(opened))
    assert choice.wish.without == (5,)
    choice.go("rows", 4, opened)
    assert choice.take_out(opened) == {"without": None}


def test_a_logarithm_goes_with_its_column(choice, opened):
    choice.change(**choice.log(opened))
    assert choice.wish.log == ("a",)
    choice.change(**choice.tick(opened))
    assert (choice.wish.log, choice.wish.features) == (None, ("b", "c"))
    assert choice.log(opened) == Remark("a is not ticked; space ticks it.")


@pytest.mark.parametrize("key", ["missing", "words", "truth", "identity"])
def test_what_is_for_tables_says_so_on_a_built_in_set(key):
    iris = opening.open_data(Options("iris"), lambda *_: True)
    said = getattr(Choice(Options("iris")), key)(iris)
    assert isinstance(said, Remark)
    assert said.text.startswith("That applies only to your own files")


def test_each_data_set_keeps_what_was_chosen_of_it():
    choice = Choice(Options("iris"))
    choice.change(**choice.scale(None))
    choice.want(choice.last("wine"))
    assert choice.wish == Options("wine")
    assert choice.last("iris").scale == "standard"


def test_only_what_belongs_to_the_data_is_taken_over():
    kept = of_data(Options("iris", k=5, seed=3, scale="minmax", axes=("1", "2")))
    assert kept == Options("iris", scale="minmax", axes=("1", "2"))


def test_where_the_points_are_is_chosen_with_the_table_and_not_for_other_data():
    asked = Options("x.csv", k=5, where="processes", workers=2, cache="kept", display_rows=300)
    choice = Choice(of_data(asked))
    assert choice.into(asked) == asked
    choice.want(choice.last("wine"))
    other = choice.into(asked)
    assert (other.data, other.where, other.workers) == ("wine", None, None)
    assert (other.cache, other.display_rows) == ("kept", 300)
