"""Every lesson: what it asks to do is done, and what it says is measured."""

import json
import re
import shlex
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from kmeans_tui import screen_table
from kmeans_tui.cli import main
from kmeans_tui.command import Options
from kmeans_tui.lessons.bench import Bench
from kmeans_tui.lessons.course import COURSE, SHOWN, at_place, begun, find, opened, shown
from kmeans_tui.lessons.lesson import Situation, side_by_side
from kmeans_tui.requests import fit, subject
from kmeans_tui.requests.session import Run, Session
from kmeans_tui.shell_command import to_command
from tests.test_command import read

STEPS = [
    pytest.param(lesson, step, id=at_place(i, j))
    for i, lesson in enumerate(COURSE)
    for j, step in enumerate(lesson.steps)
]


@cache
def facts(lesson, step):
    """What a step computes, once for all tests."""
    return lesson.steps[step].measure()


def of(lesson, step):
    return facts(lesson, lesson.steps.index(step))


def situation(options):
    """What the session shows after opening these options."""
    found = subject.open_subject(options)
    session = Session(options)
    session.adopt(Run(options, found.dataset, fit.run_of(found, options)))
    assert session.run is not None
    return Situation(
        replace(session.view_options(), screen=options.screen),
        session.run.history.k,
        str(session.moment),
        session.at_end,
    )


def test_the_course_is_complete():
    assert len(COURSE) >= 14
    for lesson in COURSE:
        assert 3 <= len(lesson.steps) <= 6, lesson.name
        assert lesson.name.isidentifier()
    assert len({lesson.name for lesson in COURSE}) == len({each.title for each in COURSE})
    assert len({lesson.name for lesson in COURSE}) == len(COURSE)


@pytest.mark.parametrize(("lesson", "step"), STEPS)
def test_the_task_is_not_done_by_the_view_alone_and_is_done_by_its_goal(lesson, step):
    view = shown(step, Options())
    assert not step.is_done(situation(view))
    assert step.is_done(situation(replace(view, **step.goal)))


@pytest.mark.parametrize(("lesson", "step"), STEPS)
def test_the_view_is_opened_by_its_command(lesson, step):
    again = read(shlex.split(to_command(step.view))[1:])
    assert {name: getattr(again, name) for name in SHOWN} == {
        name: getattr(step.view, name) for name in SHOWN
    }


@pytest.mark.parametrize(("lesson", "step"), STEPS)
def test_the_answer_is_computed_and_marked(lesson, step):
    found = of(lesson, step)
    if step.choices:
        assert found["answer"] in step.choices
        right = step.choices.index(found["answer"])
        assert step.is_right("abc"[right].upper(), found) is True
        assert step.is_right("abc"[1 - right if right < 2 else 0], found) is False
    else:
        assert step.is_right(f" {step.answer(found)} ", found) is True
        assert step.is_right(str(found["answer"] + 2), found) is False
    for typed in ("", "what", "nan", "inf", "1e999", "٣" * 30 + "x"):
        assert step.is_right(typed, found) is None
    for text in (step.text, step.task, step.asks, step.hint, step.why):
        assert "{" not in text.format_map(found)
    assert step.question(found).endswith("?") or step.choices


# Numbers that name something instead of measuring it.
NAMED = (
    r"\b[Ss]teps? \d( and \d)?", r"[Pp]ress \d", r"\((the key )?\d\)", r"\(\d\)",
    r"\b(cluster|number) \d\b", r"then \d for Compare", r"type \d+",
)  # fmt: skip


@pytest.mark.parametrize(("lesson", "step"), STEPS)
def test_no_number_is_typed_that_its_view_or_its_task_does_not_name(lesson, step):
    view = step.view
    usual = Options()
    named = [getattr(view, name) for name in SHOWN if getattr(view, name) != getattr(usual, name)]
    known = set(re.findall(r"[\d.]*\d", f"{named} {dict(step.goal)} {view.seed}"))
    known |= {str(seeds[-1]) for seeds in (view.seeds, step.goal.get("seeds", view.seeds))} | {"0"}
    for text in (step.text, step.task, step.asks, step.hint, step.why):
        bare = re.sub(r"\{[^}]*\}", "", text)
        for pattern in NAMED:
            bare = re.sub(pattern, "", bare)
        assert set(re.findall(r"[\d.]*\d", bare)) <= known, text
    assert not re.search(r"\d", re.sub(r"\{[^}]*\}|tolerance [\d.]+|seed \d", "", step.why))


def measured(options):
    """The labels of a run and its inertia, counted here from the points."""
    found = subject.open_subject(options)
    history = fit.run_of(found, options)
    points, labels = found.dataset.points, history[-1].labels
    apart = ((points - history[-1].centroids[labels]) ** 2).sum()
    return found.dataset, np.asarray(labels), float(apart), history


@pytest.mark.parametrize(("lesson", "step"), STEPS)
def test_the_bench_measures_what_the_run_of_the_view_is(lesson, step):
    dataset, labels, inertia, history = measured(step.view)
    trial = Bench(step.view).run()
    assert trial.inertia == pytest.approx(inertia)
    assert trial.iterations == history.iterations
    assert trial.sizes == sorted(np.bincount(labels, minlength=history.k), reverse=True)
    if dataset.truth is not None:
        assert trial.ari == pytest.approx(adjusted_rand_score(dataset.truth, labels))


def test_where_k_means_fails_the_repair_is_measured_and_better():
    repairs = 0
    for lesson in COURSE:
        for step in lesson.steps:
            sides = of(lesson, step).get("sides")
            if lesson.name in ("elongated", "crescents", "rings", "uneven") and sides:
                assert dict(sides)[sides[-1][0]] > sides[0][1] + 0.1, lesson.name
                repairs += 1
            if sides:
                said = step.because(of(lesson, step))
                for name, ari in sides:
                    assert f"{round(ari, 2) + 0.0:.2f}" in said
                    assert name in said
    assert repairs >= 5


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("steps", ("145", "3", "45", "3")),  # the article's own run
        ("seeds", ("2", "2", "15.1", "3")),
        ("rings", ("147", "0.00", "spectral clustering")),
    ],
)
def test_answers_known_from_elsewhere(name, answers):
    lesson = COURSE[find(name)]
    assert tuple(step.answer(of(lesson, step)) for step in lesson.steps) == answers


def test_bars_side_by_side_have_no_negative_zero():
    assert side_by_side([("one", -0.003), ("two", 0.5)]) == "one 0.00 | two █████ 0.50"


def test_a_lesson_is_found_by_number_and_name():
    assert find("3") == find(" Seeds ") == 2
    assert begun("4:2") == (3, 1)
    for wrong in ("0", "99", "-1", "٣", "none", ""):
        with pytest.raises(ValueError, match="there is no lesson"):
            find(wrong)
    with pytest.raises(ValueError, match="lesson 4 has the steps 1 to 3, not 9"):
        begun("4:9")


def test_a_class_begins_at_a_step_in_the_look_of_its_terminal():
    wanted = opened(read(["--lesson", "4:2", "--theme", "light"]))
    assert (wanted.screen, wanted.seed, wanted.theme, wanted.lesson) == ("seeds", 1, "light", "4:2")
    asked = read(["iris", "--lesson", "4:2"])
    assert opened(asked) == asked
    assert opened(Options()) == Options()


@pytest.mark.parametrize("place", ["", ":2", "4:", "4:x", "4:2:3", "a\nb", "x" * 50])
def test_what_is_no_lesson_is_refused(place, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--lesson", place])
    assert ended.value.code == 2
    assert "is not a lesson" in capsys.readouterr().err


def test_a_lesson_that_is_not_there_is_refused(capsys):
    assert main(["--lesson", "99"]) == 2
    assert "there is no lesson '99'" in capsys.readouterr().err
    assert main(["--lesson", "4:2"]) == 2
    assert "without a screen: kmeans-tui lessons 4\n" in capsys.readouterr().err


def test_the_command_lists_them_and_prints_one(capsys):
    assert main(["lessons"]) == 0
    listed = capsys.readouterr().out
    assert all(lesson.title in listed for lesson in COURSE)
    assert main(["lessons", "steps"]) == 0
    told = capsys.readouterr().out
    assert "answer  145" in told
    assert "--lesson 1:2" in told
    assert main(["lessons", "99"]) == 2


def test_the_document_has_every_answer(capsys):
    assert main(["lessons", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["lessons"]
    assert [each["name"] for each in listed] == [lesson.name for lesson in COURSE]
    assert main(["lessons", "3", "--json"]) == 0
    (lesson,) = json.loads(capsys.readouterr().out)["lessons"]
    assert [step["answer"] for step in lesson["steps"]][:2] == [2, 2]
    assert lesson["steps"][0]["command"].startswith("kmeans-tui blobs -k 3")


def test_every_screen_of_a_view_is_one():
    screens = {each.name for each in screen_table.TABLE}
    assert {step.view.screen for lesson in COURSE for step in lesson.steps} <= screens


def test_a_lesson_is_shown_in_memory_wherever_the_points_of_before_are():
    step = COURSE[0].steps[0]
    before = Options("large.csv", where="processes", workers=2, cache="c")
    view = shown(step, before)
    assert (view.where, view.workers, view.cache) == (None, None, "c")
