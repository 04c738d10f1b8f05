"""From options to a run: the engine's numbers, and nothing done twice."""

import threading
import warnings
from dataclasses import replace

import numpy as np
import pytest

from kmeans_tui.analysis import sweep
from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.command import Options
from kmeans_tui.data.catalogue import load_data
from kmeans_tui.data.dataset import DataError
from kmeans_tui.ui.models import fitting
from tests.pilot import opened, press, settled

IRIS = Options(data="iris", seed=3)
WINE = Options(data="wine", seed=3)


def fit(options, known=None, tell=lambda text: True):
    return fitting.fit(options, known, tell)


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(data="iris", k=5, init="k-means++", seed=7),
        Options(data="uniform", k=8, init="farthest", max_iterations=3, empty="random"),
        Options(data="wine", scale="none", tolerance=0.5),
    ],
)
def test_the_numbers_are_those_of_the_engine(options):
    run = fit(options)
    data = load_data(options.data, scale=options.scale)
    model = KMeans(
        k=options.k or data.k,
        max_iterations=options.max_iterations,
        tolerance=options.tolerance,
        init=options.init,
        empty=options.empty,
        random_state=options.seed,
    ).fit(data.points)
    assert np.array_equal(run.history.inertia, model.history.inertia)
    assert np.array_equal(run.history[-1].labels, model.labels)
    assert np.array_equal(run.history[-1].centroids, model.centroids)
    assert run.history.stopped_by == model.stopped_by
    assert run.options == replace(options, k=model.k)


def test_the_numbers_do_not_depend_on_what_is_known():
    known = fit(Options(data="wine", seed=1))
    for options in (replace(WINE, scale="none"), replace(WINE, k=6), IRIS):
        fresh, again = fit(options), fit(options, known)
        assert np.array_equal(fresh.history.inertia, again.history.inertia)
        assert fresh.dataset.digest == again.dataset.digest


@pytest.mark.parametrize("axes", [("pca",), ("ash", "hue"), ("hue", "ash")])
def test_other_axes_are_another_view_of_the_same_run(axes):
    known = fit(replace(WINE, axes=("alcohol", "ash")))
    heard = []
    run = fit(replace(known.options, axes=axes), known, lambda text: heard.append(text) or True)
    assert run.history is known.history
    assert heard == []
    assert run.dataset.axes == axes
    assert run.dataset.points is known.dataset.points
    assert not np.array_equal(run.dataset.shown(), known.dataset.shown())
    assert run.options.axes == axes


def test_axes_left_to_the_data_set_again():
    first = fit(WINE)
    known = fit(replace(first.options, axes=("hue", "ash")), first)
    run = fit(replace(known.options, axes=None), known)
    assert run.dataset.axes == first.dataset.axes
    assert np.array_equal(run.dataset.shown(), first.dataset.shown())
    assert run.history is known.history


def test_another_iteration_is_no_other_run():
    known = fit(IRIS)
    run = fit(replace(known.options, goto="1:update"), known)
    assert run.history is known.history
    assert run.options.goto == "1:update"


@pytest.mark.parametrize(
    "fields", [{"seed": 4}, {"k": 4}, {"init": "farthest"}, {"max_iterations": 2}, {"tolerance": 0}]
)
def test_other_parameters_keep_the_data_and_run_again(fields):
    known = fit(IRIS)
    run = fit(replace(known.options, **fields), known)
    assert run.history is not known.history
    assert run.dataset is known.dataset


def test_another_scale_keeps_the_table():
    known = fit(IRIS)
    run = fit(replace(known.options, scale="none"), known)
    assert np.shares_memory(run.dataset.table, known.dataset.table)
    assert run.dataset.scale == "none"
    assert not np.array_equal(run.dataset.points, known.dataset.points)
    assert run.history is not known.history
    back = fit(replace(run.options, scale=None), run)
    assert back.dataset.scale == known.dataset.scale
    assert np.array_equal(back.history.inertia, known.history.inertia)


def test_another_scale_and_other_axes_at_once():
    known = fit(WINE)
    run = fit(replace(known.options, scale="none", axes=("hue", "ash")), known)
    assert (run.dataset.scale, run.dataset.axes) == ("none", ("hue", "ash"))


def test_other_features_are_loaded():
    known = fit(WINE)
    run = fit(replace(known.options, features=("hue", "ash"), axes=None), known)
    assert run.dataset.features == ("hue", "ash")


def test_what_is_told_names_the_k_that_the_data_chose_and_the_start():
    heard = []
    fit(Options(data="digits", init="k-means++", seed=7), tell=lambda text: heard.append(text))
    assert heard[0] == "fitting k=10, k-means++, seed 7"


def test_every_half_step_is_told():
    heard = []
    run = fit(IRIS, tell=lambda text: heard.append(text) or True)
    what = "fitting k=3, random, seed 3"
    first, *steps = heard
    assert first == what
    assert len(steps) == 2 * run.history.iterations + 1
    assert all(step.startswith(f"{what} … iteration ") for step in steps)
    for step, i in ((steps[0], 0), (steps[-1], run.history.iterations)):
        assert step == f"{what} … iteration {i}, inertia {run.history.inertia[i]:.2f}"


@pytest.mark.parametrize("after", [1, 2, 3, 6])
def test_a_fit_can_be_stopped_and_keeps_what_it_has(after):
    heard = []
    whole = fit(Options(seed=4))
    # Before the first half step it is told what is fitted.
    run = fit(Options(seed=4), tell=lambda text: heard.append(text) or len(heard) <= after)
    assert len(heard) == 1 + after
    assert run.history.stopped_by == "cancelled"
    assert run.history.iterations == (after - 1) // 2
    assert np.array_equal(run.history.inertia, whole.history.inertia[: len(run.history)])


def test_a_run_that_was_stopped_is_fitted_again_but_for_another_view():
    stopped = fit(WINE, tell=lambda text: "iteration 1" not in text)
    assert stopped.history.stopped_by == "cancelled"
    seen = fit(replace(stopped.options, axes=("hue", "ash")), stopped)
    assert seen.history is stopped.history
    again = fit(stopped.options, stopped)
    assert again.history.stopped_by == "converged"
    assert again.dataset is stopped.dataset


def test_what_the_engine_warns_of_belongs_to_the_run(recwarn):
    run = fit(Options(data="blobs:n=30,std=0", k=5))
    (said,) = run.warnings
    assert said.startswith("blobs:n=30,std=0 has only 3 distinct rows for k = 5")
    assert len(recwarn) == 0
    assert fit(Options()).warnings == ()


def test_two_fits_at_once_keep_their_warnings_apart():
    """Catching warnings is a state of the process: the second fit waits for the first."""
    runs, heard = {}, []
    begun, go = threading.Event(), threading.Event()

    def hold(text):
        if "iteration" not in text:
            return True
        begun.set()
        return go.wait(20)

    def work(name, options, tell):
        runs[name] = fit(options, tell=tell)

    filters = list(warnings.filters)
    odd = Options(data="blobs:n=30,std=0", k=5)
    first = threading.Thread(target=work, args=("first", Options(), hold))
    second = threading.Thread(target=work, args=("second", odd, lambda t: heard.append(t) or True))
    first.start()
    assert begun.wait(20)
    second.start()
    second.join(0.5)
    # What it is going to do is all that the second has told.
    assert heard == ["fitting k=5, random, seed 42"]
    go.set()
    first.join(20)
    second.join(20)
    assert len(heard) > 1
    assert runs["first"].warnings == ()
    assert "3 distinct rows" in runs["second"].warnings[0]
    assert warnings.filters == filters


async def test_an_undo_overtaken_by_a_change_can_be_asked_for_again():
    async with opened(Options(seed=1)) as pilot:
        explore = pilot.app.explore
        await press(pilot, "n")
        assert explore.fitter.undo()
        explore.change(k=5)
        await settled(pilot)
        assert (explore.session.options.seed, explore.session.options.k) == (1, 5)
        for seed in (2, 1):
            await press(pilot, "backspace")
            assert (explore.session.options.seed, explore.session.options.k) == (seed, 3)


@pytest.mark.parametrize(
    "options",
    [
        Options(data="no-such-set"),
        Options(data="iris", features=("petal lenght",)),
        Options(data="iris", axes=("x", "y")),
    ],
)
def test_data_that_cannot_be_used_is_one_sentence(options):
    with pytest.raises(DataError) as caught:
        fit(options)
    assert "\n" not in str(caught.value)


def test_too_many_clusters_are_one_sentence():
    with pytest.raises(ValueError, match="k"):
        fit(Options(data="iris", k=151))


def test_a_file_is_read_once_for_all_that_is_made_of_it(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text(
        "name,x,y,z\n" + "".join(f"n{i},{i % 7},{i % 5},{i * i % 37}\n" for i in range(40))
    )
    known = fit(Options(data=str(path), k=2))
    monkeypatch.setattr("kmeans_tui.data.reading.query.Database.__init__", None)
    for change in (
        {"features": ("x", "y")},
        {"missing": "median"},
        {"log": ("z",)},
        {"truth": "x"},
        {"scale": "robust"},
        {"axes": ("z", "x")},
    ):
        run = fit(replace(known.options, **change), known)
        assert run.dataset.source is known.dataset.source
    monkeypatch.undo()
    assert fit(replace(known.options, header=True, separator=","), known).dataset.n == 40


def test_reading_a_file_can_be_stopped(tmp_path):
    import gzip

    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"x,y\n" + b"1,2\n" * 500_000))
    heard = []

    def stop(text):
        heard.append(text)
        return False

    with pytest.raises(DataError, match="was stopped"):
        fit(Options(data=str(path)), None, stop)
    assert heard[0].startswith("reading, ")


def test_a_model_that_is_given_is_fitted_as_it_is():
    start = load_data("iris").points[[0, 60, 140]]
    model = KMeans(3, init=start, max_iterations=2)
    run = fitting.fit(replace(IRIS, k=3, init="warm"), None, lambda text: True, model)
    assert run.history is model.history
    assert np.array_equal(run.history[0].centroids, start)
    assert run.options == replace(IRIS, k=3, init="warm")


@pytest.mark.parametrize("init", ["warm", "article"])
def test_a_start_that_comes_out_of_a_sweep_is_found_first(init):
    heard = []
    options = Options("iris", k=4, init=init, seed=0, runs=2)
    run = fit(options, tell=lambda text: heard.append(text) or True)
    found = sweep.sweep(load_data("iris").points, 4, 2, init=init, random_state=0, criteria=False)
    assert run.history.inertia[-1] == pytest.approx(found.rows[3].best, rel=1e-12)
    assert run.history.k == 4
    assert heard[0].startswith("the start: k = 1")
    assert f"fitting k=4, {init}, seed 0" in heard


def test_a_sweep_for_a_start_can_be_stopped():
    with pytest.raises(ValueError, match="stopped before the start warm for k = 9"):
        fit(Options("iris", k=9, init="warm"), tell=lambda text: "k = 3" not in text)


async def test_a_run_opened_by_its_model_is_undone_like_any_other():
    async with opened(Options("iris", seed=1)) as pilot:
        explore = pilot.app.explore
        before = explore.session.run.history.inertia.tolist()
        model = KMeans(4, init=load_data("iris").points[:4], random_state=0)
        explore.fitter.open_run(Options("iris", k=4, init="warm", seed=0, trails=True), model)
        await settled(pilot)
        assert explore.session.run.history is model.history
        assert (explore.session.options.k, explore.session.options.init) == (4, "warm")
        # The look is that of the screen, not that of whoever asked.
        assert explore.session.options.trails is False
        await press(pilot, "backspace")
        assert explore.session.run.history.inertia.tolist() == before


def test_an_improved_run_continues_the_one_on_show(monkeypatch, tmp_path):
    options = Options(k=6, seed=3)
    plain = fit(options)
    whole = fit(replace(options, improve=True))
    assert whole.history.swaps
    again = fit(replace(plain.options, improve=True), plain)
    assert np.array_equal(again.history.centroids, whole.history.centroids)
    assert not plain.history.swaps
    assert np.array_equal(fit(plain.options, again).history.inertia, plain.history.inertia)
    # A recording is improved, and read again without.
    path = tmp_path / "run.npz"
    plain.history.save(path, plain.dataset.points)
    opened = fit(Options(str(path)))
    better = fit(replace(opened.options, improve=True), opened)
    assert better.recorded
    assert better.history.swaps == whole.history.swaps
    assert fit(replace(better.options, improve=None), better).history.swaps == ()
