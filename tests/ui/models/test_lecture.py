"""A lesson in progress: what it takes note of, how it marks, and where it goes on."""

import pytest

from kmeans_tui.command import Options
from kmeans_tui.lessons.course import COURSE
from kmeans_tui.lessons.lesson import Situation
from kmeans_tui.ui.models.lecture import Lecture
from kmeans_tui.user_keys import Spelling

NOWHERE = Situation(Options("iris", seed=999), 9, "7:update", False)
MEASURED = {"answer": 145, "sizes": "145, 100 and 55", "key": Spelling()}
DONE = Situation(Options("blobs", k=3), 3, "0", False)


@pytest.fixture
def lecture():
    found = Lecture(0, 0)
    found.measured = MEASURED
    return found


def through(lecture, *, doing=True, answering=True):
    """Go through the rest of a lesson; return what it says in the end."""
    for _ in range(50):
        if lecture.phase == "end":
            break
        numbers = dict.fromkeys(("answer", "sizes", "k", "n", "shift"), 1)
        lecture.measured = {**numbers, "key": Spelling()}
        if doing and lecture.phase == "task":
            lecture.read(Situation(lecture.step.view, 3, lecture.step.goal["goto"], True))
        if answering:
            lecture.answer("1")
        lecture.go_on()
    return " ".join(lecture.words())


def test_a_task_is_done_by_what_the_session_shows(lecture):
    assert lecture.words()[1].startswith("Press .")
    assert not lecture.read(NOWHERE)
    assert lecture.phase == "task"
    assert lecture.read(DONE)
    assert lecture.phase == "question"
    assert not lecture.read(DONE)


def test_nothing_is_answered_before_the_task_is_done(lecture):
    lecture.answer("145")
    assert lecture.phase == "task"


def test_a_right_answer_is_told_why(lecture):
    lecture.read(DONE)
    lecture.answer("145")
    assert lecture.words()[0].startswith("Right. The clusters have 145, 100 and 55 points")


def test_a_wrong_answer_gets_a_hint_and_the_second_the_answer(lecture):
    lecture.read(DONE)
    lecture.answer("7")
    said, asked = lecture.words()
    assert "panel of clusters" in said
    assert "How many" in asked
    lecture.answer("8")
    assert lecture.words()[0].startswith("No, it is 145. The clusters have")


def test_what_is_no_answer_costs_nothing(lecture):
    lecture.read(DONE)
    for typed in ("many", "nan", "a"):
        lecture.answer(typed)
        assert lecture.words()[0] == "Please answer with a whole number."
    lecture.answer("145.0")
    assert lecture.phase == "told"


def test_going_on_alone_never_finishes_a_lesson(lecture):
    assert not lecture.go_on()
    assert lecture.words()[0].startswith("Not done yet")
    assert "Not finished: open in this lesson: step 1, 2, 3, 4." in through(
        lecture, doing=False, answering=False
    )
    assert lecture.open_steps == [0, 1, 2, 3]
    assert lecture.go_on()
    assert lecture.at == 0


def test_doing_without_answering_does_not_either(lecture):
    assert "Not finished" in through(lecture, answering=False)
    lecture.go_on()
    # What was done need not be done again.
    assert lecture.phase == "question"


def test_all_of_it_done_the_next_lesson_begins(lecture):
    assert "Lesson 1 is done" in through(lecture)
    assert lecture.open_steps == []
    assert lecture.go_on()
    assert (lecture.place, lecture.open_steps) == ("2:1", [0, 1, 2])


def test_begun_in_the_middle_the_first_steps_are_open():
    lecture = Lecture(0, 2)
    assert "step 1, 2." in through(lecture)


def test_after_the_last_lesson_nothing_follows():
    lecture = Lecture(len(COURSE) - 1, 0)
    lecture._done = lecture._answered = set(range(9))
    lecture.phase = "end"
    assert not lecture.go_on()
    assert "with it the course" in lecture.words()[0]


def test_before_the_answers_are_known_it_waits():
    lecture = Lecture(0, 0)
    assert "One moment" in lecture.words()[0]
    assert not lecture.go_on()
    lecture.measured = MEASURED
    assert lecture.words()[0].startswith("K-Means sorts points")


def test_its_heading_has_a_shorter_wording():
    headings = Lecture(2, 1).headings()
    assert headings[0] == "lesson 3 of 15 · Another seed, another end · step 2 of 4"
    assert [len(each) for each in headings] == sorted(map(len, headings), reverse=True)
