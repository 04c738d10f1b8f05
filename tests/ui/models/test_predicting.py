"""The state of a prediction: question, answer, score, summary."""

import pytest

from kmeans_tui.command import Options
from kmeans_tui.ui.models.predicting import Quiz
from tests.requests.test_session import run


def wrong(asked):
    return {
        "cluster": -1, "place": asked.place, "stop": not asked.answer, "drop": "neither",
    }[asked.kind]  # fmt: skip


def test_ten_questions_are_asked_counted_and_summed_up():
    quiz = Quiz(run(), 1)
    total = len(quiz.questions)
    assert total == 10
    for number in range(1, total + 1):
        asked = quiz.question
        assert quiz.state == asked.kind
        assert quiz.position == asked.position
        assert quiz.shown == (asked.row, True)
        assert quiz.line().startswith(f"predict {number} of 10 · {number - 1} right")
        quiz.go_on()  # not before it is answered
        assert quiz.question is asked
        quiz.answer(asked.answer)
        assert quiz.said().startswith("right")
        assert (quiz.state, quiz.position) == ("told", asked.shows)
        quiz.answer(asked.answer)  # only the first counts
        assert len(quiz.verdicts) == number
        quiz.go_on()
    assert quiz.state == "over"
    assert quiz.line().startswith("predict 10 of 10 · 10 right")
    assert quiz.said() == "All of them right."


@pytest.mark.parametrize("kind", ["cluster", "place", "stop", "drop"])
def test_the_kind_that_was_missed_is_named_in_the_end(kind):
    quiz = Quiz(run(Options(k=4, seed=5)), 1)
    names = {"cluster": "cluster of a point", "place": "place of a", "stop": "when it stops",
             "drop": "lowers the inertia"}  # fmt: skip
    missed = 0
    while (asked := quiz.question) is not None:
        missed += asked.kind == kind
        quiz.answer(wrong(asked) if asked.kind == kind else asked.answer)
        quiz.go_on()
    assert missed
    assert names.pop(kind) in quiz.said()
    assert not any(name in quiz.said() for name in names.values())


@pytest.mark.parametrize("text", ["", "0", "4", "x", "-1", "²", "9" * 30, "1.0"])
def test_only_the_number_of_a_cluster_is_taken(text):
    quiz = Quiz(run(), 1)
    assert quiz.typed(text) is None
    quiz.refuse()
    assert "1 to 3" in quiz.said()
    assert [quiz.typed(each) for each in ("1", "03")] == [0, 2]
