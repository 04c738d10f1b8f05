"""Where a run stands: half steps by name and number, undo, and the command for a view."""

import argparse
import shlex
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.command import RUN, Options, taken
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.flags import add_flags, from_arguments
from kmeans_tui.requests.session import Moment, Run, Session, parse_goto
from kmeans_tui.shell_command import to_command


def run(options=None, **fields):
    """A run of three updates or more over two dozen random points."""
    options = replace(options or Options(k=3, seed=1), **fields)
    table = np.random.RandomState(0).normal(size=(60, 2))
    model = KMeans(k=options.k, init=options.init, random_state=options.seed)
    return Run(options, Dataset("cloud", table, ("a", "b")), model.fit(table).history)


def read_back(command):
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    add_flags(parser)
    program, *words = shlex.split(command)
    assert program == "kmeans-tui"
    return from_arguments(parser.parse_args(words))


@given(st.integers(0, 10**6))
def test_a_moment_is_its_position_by_name(position):
    assert Moment.at(position).position == position


def test_the_first_moments_in_order():
    assert [str(Moment.at(p)) for p in range(6)] == [
        *("0:initialise", "0", "1:update", "1", "2:update", "2"),
    ]


@given(st.integers(0, 400), st.integers(0, 200))
def test_goto_leads_to_the_moment_it_names(position, iterations):
    last = 2 * iterations + 1
    assert parse_goto(str(Moment.at(position)), last) == min(position, last)


@pytest.mark.parametrize(
    ("goto", "position"),
    [
        ("0", 1), ("3", 7), ("3:update", 6), ("3:assign", 7), ("0:initialise", 0), ("last", 9),
        ("last:update", 8), ("last:assign", 9), ("99", 9), ("99:update", 9), ("0:update", 1),
    ],
)  # fmt: skip
def test_every_spelling_of_goto(goto, position):
    assert parse_goto(goto, 9) == position


def test_the_steps_of_a_session_are_those_of_the_history():
    session, shown = Session(Options()), run()
    session.adopt(shown)
    for position in range(shown.last + 1):
        session.move(position)
        step = session.step()
        if position == 0:
            assert step is None
            continue
        assert (step.iteration, step.kind) == (session.moment.iteration, session.moment.kind)


def test_moving_stays_inside_the_run():
    session, shown = Session(Options()), run()
    session.adopt(shown)
    assert session.position == 1
    assert not session.at_end
    assert session.move(10**9)
    assert (session.position, session.at_end) == (shown.last, True)
    assert not session.move(shown.last + 1)
    assert session.move(-5)
    assert (session.position, session.draw) == (-3, 0)


@pytest.mark.parametrize(
    ("init", "draws"), [("random", 3), ("k-means++", 3), ("farthest", 3), ("partition", 1)]
)
def test_the_draws_of_the_start_are_below_it_and_named_from_the_first(init, draws):
    session, shown = Session(Options()), run(init=init)
    session.adopt(shown)
    assert shown.undrawn() == ""
    for number in range(draws):
        session.move(number - draws)
        assert session.draw == number
        assert session.goto == f"0:draw{number + 1}"
        assert parse_goto(session.goto, shown.last, shown.draws) == session.position
        assert read_back(to_command(session.view_options())).goto == session.goto
        assert session.step() is None
        assert session.moment == Moment(0, "initialise")
        assert (session.complete(1), session.complete(-1)) == (1, session.position)
    session.move(session.position + 1)
    assert (session.position, session.draw, session.goto) == (0, None, "0:initialise")
    assert parse_goto("0:draw99", shown.last, shown.draws) == 0


@pytest.mark.parametrize("options", [Options(init="given"), Options(init="warm"), Options()])
def test_a_start_that_is_not_drawn_says_why(options):
    known = run()
    shown = replace(known, options=options, parameters={} if options == Options() else None)
    session = Session(Options())
    session.adopt(shown)
    assert shown.undrawn().endswith(".")
    session.move(-5)
    assert (session.position, session.draw) == (0, None)
    assert parse_goto("0:draw2", shown.last, shown.draws) == 0


def test_a_run_opens_where_its_options_say():
    session = Session(Options())
    session.adopt(run(goto="1:update"))
    assert session.position == 2
    session.adopt(run(goto="last"))
    assert session.at_end


def test_nothing_to_take_back_at_first():
    session = Session(Options())
    assert session.previous() is None
    session.adopt(run())
    assert session.previous() is None


def test_undo_gives_back_the_run_where_it_stood_in_the_look_of_today():
    session = Session(Options())
    session.adopt(run(seed=1))
    session.move(4)
    session.adopt(run(seed=2, k=4))
    session.options = replace(session.options, trails=True, theme="textual-light", speed=8.0)
    session.move(1)
    past = session.previous()
    assert (past.seed, past.k, past.goto) == (1, 3, "2:update")
    assert (past.trails, past.theme, past.speed) == (True, "textual-light", 8.0)
    # It is taken back for good, unless it could not be had.
    assert session.previous() is None
    session.put_back(past)
    assert session.previous() == past


def test_undo_goes_back_run_by_run():
    session = Session(Options())
    for seed in (1, 2, 3):
        session.adopt(run(seed=seed))
    for seed in (2, 1):
        past = session.previous()
        assert past.seed == seed
        session.adopt(run(past), undo=True)
        assert session.options.seed == seed
    assert session.previous() is None


def test_a_run_after_an_undo_is_taken_back_to_where_it_began():
    session = Session(Options())
    session.adopt(run(seed=1))
    session.adopt(run(seed=2))
    session.adopt(run(session.previous()), undo=True)
    session.adopt(run(seed=3))
    assert session.previous().seed == 1


def test_an_undo_that_never_came_to_an_end_can_be_asked_for_again():
    session = Session(Options())
    session.adopt(run(seed=1))
    session.adopt(run(seed=2))
    # The fit of the undone run is stopped by another change, which is remembered like any other.
    past = session.previous()
    assert past.seed == 1
    session.put_back(past)
    session.adopt(run(seed=3))
    past = session.previous()
    assert past.seed == 2
    session.adopt(run(past), undo=True)
    assert session.previous().seed == 1


def test_a_look_changed_while_fitting_survives_the_new_run():
    session = Session(Options())
    session.adopt(run())
    started = run(seed=5)
    session.options = replace(session.options, marker="braille", regions=True)
    session.adopt(started)
    assert session.options.seed == 5
    assert (session.options.marker, session.options.regions) == ("braille", True)


@pytest.mark.parametrize("stop_after", [2, 3])
def test_the_command_of_a_stopped_run_asks_for_its_updates_and_no_more(stop_after):
    session, shown = Session(Options()), run()
    table = shown.dataset.points
    model = KMeans(k=3, random_state=1)
    model.fit(table, progress=lambda step: step.iteration < stop_after)
    assert model.history.stopped_by == "cancelled"
    session.adopt(replace(shown, history=model.history))
    again = read_back(to_command(session.view_options()))
    assert again.max_iterations == model.history.iterations
    limited = KMeans(k=again.k, random_state=again.seed, max_iterations=again.max_iterations)
    assert np.array_equal(limited.fit(table).history.inertia, model.history.inertia)
    # The options on show stay: r runs to the end.
    assert session.options.max_iterations == Options().max_iterations


def test_the_command_of_a_finished_run_has_the_limit_that_was_asked_for():
    session = Session(Options())
    session.adopt(run())
    assert session.view_options().max_iterations == Options().max_iterations


def test_k_is_spelled_out_even_where_the_data_chose_it():
    session, shown = Session(Options(k=None)), run()
    session.adopt(replace(shown, options=replace(shown.options, k=None)))
    assert session.view_options().k == 3


@given(
    st.integers(0, 40),
    st.booleans(),
    st.fixed_dictionaries(
        {
            "data": st.sampled_from(["blobs", "blobs:n=300,k=4", "it's here.csv"]),
            "marker": st.sampled_from([None, "glyph", "braille", "dot"]),
            "trails": st.booleans(),
            "regions": st.booleans(),
            "ascii": st.sampled_from([None, True, False]),
            "theme": st.sampled_from([None, "textual-light", "ansi-dark"]),
            "axes": st.sampled_from([None, ("a", "b"), ("pca",)]),
            "tolerance": st.sampled_from([0.0, 1e-4, 0.25]),
            "speed": st.sampled_from([0.5, 2.0, 60.0]),
        }
    ),
)
def test_the_command_of_a_view_gives_that_view(position, playing, fields):
    options = Options(k=3, seed=1, **fields)
    session = Session(options)
    session.adopt(replace(run(), options=options))
    session.move(position)
    again = read_back(to_command(session.view_options(playing=playing)))
    assert again == session.view_options(playing=playing)
    assert again.play is playing
    assert parse_goto(again.goto, session.run.last) == session.position


def test_a_run_has_the_fields_that_decide_its_numbers_and_its_view_and_no_look():
    options = Options("iris", k=4, init="warm", runs=7, seed=3, axes=("pca",), trails=True, k_max=5)
    found = taken(options, RUN)
    assert found["runs"] == 7
    assert {"theme", "ascii", "trails", "screen", "k_max", "seeds"}.isdisjoint(found)
    for each in fields(Options):
        if each.metadata.get("of", "run") == "run":
            assert found[each.name] == getattr(options, each.name)


def test_the_command_of_explore_opens_explore():
    session = Session(Options(screen="seeds"))
    session.adopt(run())
    assert session.view_options().screen == "explore"
    assert "--screen" not in to_command(session.view_options())
