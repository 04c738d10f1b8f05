"""A run on points that stay on disk: the totals of all rows, the labels of those on display."""

import numpy as np
import pytest

from kmeans_tui.analysis import step_facts
from kmeans_tui.clustering import recording
from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.command import Options
from kmeans_tui.data import rows
from kmeans_tui.data.columns import DataError
from kmeans_tui.headless import text
from kmeans_tui.partitioned import where
from kmeans_tui.requests import document, fit, in_parts, recorded, where_points
from kmeans_tui.requests.subject import Subject, load, open_subject


@pytest.fixture
def blobs(tmp_path):
    draw = np.random.RandomState(3)
    centres = np.array([[0.0, 0.0], [3.0, 0.0], [0.0, 3.5]])
    X = draw.normal(size=(3000, 2)) + centres[draw.randint(3, size=3000)]
    X[17, 0] = np.nan
    path = tmp_path / "blobs.npy"
    np.save(path, X)
    return path, X[np.isfinite(X).all(axis=1)], np.delete(np.arange(3000), 17)


def options(path, **fields):
    cache = str(path.parent / "cache")
    return Options(
        **{"data": str(path), "k": 3, "where": "stream", "display_rows": 200, "cache": cache}
        | fields
    )


def opened(wanted):
    found = open_subject(wanted)
    assert found.parts is not None
    return found


def nothing(said):
    return None


def stopped_after(count):
    """A ``tell`` that stops a run when the iteration of this number begins."""
    return lambda said: not said.startswith(f"iteration {count}:")


@pytest.mark.parametrize("scale", ["none", "standard"])
@pytest.mark.parametrize("init", ["random", "k-means++"])
def test_it_is_the_run_in_memory(blobs, scale, init):
    path, _X, numbers = blobs
    wanted = options(path, scale=scale, init=init)
    subject = opened(wanted)
    history = fit.run_of(subject, wanted)
    shown = subject.dataset
    whole = load(Options(str(path), scale=scale, where="memory"))
    assert (whole.n, shown.n, shown.counted, history.counted) == (2999, 200, 2999, 2999)
    model = KMeans(k=3, init=history[0].centroids).fit(whole.points)
    same = model.history
    assert len(same) == len(history)
    for ours, theirs in zip(history, same, strict=True):
        np.testing.assert_allclose(ours.centroids, theirs.centroids, rtol=1e-12, atol=1e-12)
        assert ours.inertia == pytest.approx(theirs.inertia, rel=1e-12)
        assert ours.changed == theirs.changed
        assert ours.sizes.tolist() == theirs.sizes.tolist()
        assert ours.sizes.sum() == 2999
        at = np.searchsorted(numbers, shown.row_numbers - 1)
        assert (ours.labels == theirs.labels[at]).all()
    assert history.stopped_by == same.stopped_by
    assert history.tolerance == pytest.approx(same.tolerance)
    np.testing.assert_allclose(history.half_step_inertia, same.half_step_inertia, rtol=1e-9)
    ours, theirs = shown.in_units(history[-1].centroids), whole.in_units(same[-1].centroids)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(shown.prepared(shown.table), shown.points)


def test_rows_on_display_have_their_numbers_in_the_file(blobs):
    path, _X, _numbers = blobs
    raw = np.load(path)
    shown = opened(options(path)).dataset
    assert 18 not in shown.row_numbers
    assert (raw[shown.row_numbers - 1] == shown.table).all()
    row = int(shown.row_numbers[5])
    assert rows.at(shown, row) == 5
    away = next(n for n in range(1, 3000) if n not in shown.row_numbers)
    assert rows.at(shown, away) is None
    assert not len(rows.find(shown, str(away)))
    notes = shown.notes()
    assert notes[0].startswith("Display rows: 200 of 2,999 rows")
    assert any("1 row of 3,000 had missing values and was dropped" in each for each in notes)


def test_what_is_stopped_keeps_its_whole_iterations_and_goes_on(blobs):
    path, _, _ = blobs
    wanted = options(path, init="farthest")
    subject = opened(wanted)
    undisturbed = in_parts.run(wanted, subject.parts, nothing)
    assert not list((path.parent / "cache").rglob("*.npz"))
    assert undisturbed.iterations > 3
    begun = []
    first = in_parts.run(wanted, subject.parts, stopped_after(2), begun.append)
    assert first.stopped_by == "cancelled"
    assert len(first) == 2
    assert begun == [first]
    (kept,) = (path.parent / "cache").rglob("*.npz")
    assert recording.load(kept).history.counted == 2999
    # In another program, after a closed terminal.
    anew = opened(wanted)
    heard = []
    whole = in_parts.run(wanted, anew.parts, nothing, heard=heard.append)
    assert next(each.iteration for each in heard if each.kind == "assign") == 1
    for ours, theirs in zip(whole, undisturbed, strict=True):
        assert (ours.centroids == theirs.centroids).all()
        assert (ours.inertia, ours.changed) == (theirs.inertia, theirs.changed)
        assert (ours.labels == theirs.labels).all()
    assert whole.stopped_by == undisturbed.stopped_by
    assert not kept.exists()
    # The one that was stopped is as it was.
    assert len(first) == 2


def test_a_run_that_loses_its_file_says_so_and_goes_on_when_it_is_back(blobs):
    path, _, _ = blobs
    wanted = options(path, init="farthest")
    subject = opened(wanted)
    begun, heard, away = [], [], path.with_name("away.npy")

    def lose(step):
        if step.kind == "update" and step.iteration == 2:
            path.rename(away)

    with pytest.raises(
        DataError, match=r"blobs\.npy is gone: put it back, then run again; the run"
    ):
        in_parts.run(wanted, subject.parts, nothing, begun.append, lose)
    (lost,) = begun
    assert (lost.stopped_by, lost.iterations) == ("lost", 1)
    assert step_facts.why_stopped(lost) == ("broken off by an error after 1 update",)
    assert step_facts.converged(lost, 1) == "no, broken off by an error"
    assert next(text.ending(None, subject.dataset, lost)) == "broken off by an error after 1 update"
    (kept,) = (path.parent / "cache").rglob("*.npz")
    assert recording.load(kept).history.stopped_by == "lost"
    away.rename(path)
    whole = in_parts.run(wanted, subject.parts, nothing, heard=heard.append)
    assert next(each.iteration for each in heard if each.kind == "assign") == 1
    assert whole.stopped_by == "converged"
    assert not kept.exists()


@pytest.mark.parametrize("other", [{"seed": 1}, {"k": 4}, {"resume": False}, {"scale": "minmax"}])
def test_another_run_is_not_continued(blobs, other):
    path, _, _ = blobs
    wanted = options(path, init="random")
    in_parts.run(wanted, opened(wanted).parts, stopped_after(1))
    changed = options(path, init="random", **other)
    heard = []
    in_parts.run(changed, opened(changed).parts, nothing, heard=heard.append)
    assert heard[0].iteration == 0


def test_a_changed_file_is_not_continued(blobs):
    path, X, _ = blobs
    wanted = options(path)
    in_parts.run(wanted, opened(wanted).parts, stopped_after(1))
    np.save(path, X[::-1])
    heard = []
    in_parts.run(wanted, opened(wanted).parts, nothing, heard=heard.append)
    assert heard[0].iteration == 0


def test_a_damaged_unfinished_run_begins_anew(blobs):
    path, _, _ = blobs
    wanted = options(path)
    in_parts.run(wanted, opened(wanted).parts, stopped_after(1))
    (kept,) = (path.parent / "cache").rglob("*.npz")
    kept.write_bytes(kept.read_bytes()[:-200])
    assert in_parts.run(wanted, opened(wanted).parts, nothing).stopped_by == "converged"


def test_more_updates_go_on_from_where_they_ended(blobs):
    path, _, _ = blobs
    short = options(path, max_iterations=2, init="farthest")
    assert fit.run_of(opened(short), short).stopped_by == "max_iterations"


def test_stopped_before_the_first_iteration_is_whole(blobs):
    path, _, _ = blobs
    wanted = options(path)
    with pytest.raises(ValueError, match="stopped before the first iteration was whole"):
        in_parts.run(wanted, opened(wanted).parts, lambda said: False)


def test_an_empty_cluster_is_taken_over_by_a_row_of_the_file(blobs):
    path, X, numbers = blobs
    wanted = options(path, scale="none")
    subject = opened(wanted)
    far = np.array([[0.0, 0.0], [3.0, 0.0], [1e3, 1e3]])
    from kmeans_tui.given_points import given_points

    wanted = options(path, init="given", centroids=given_points("0,0 3,0 1000,1000"))
    history = in_parts.run(wanted, subject.parts, nothing)
    (event,) = history[1].events
    away = ((X[:, None] - far) ** 2).sum(axis=2).min(axis=1)
    assert event.point == numbers[away.argmax()]
    from kmeans_tui.analysis.empty_clusters import taken_over

    assert f"moves to row {event.point + 1} of" in taken_over([event], subject.dataset)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"improve": True}, "--improve"),
        ({"without": (3,)}, "--without"),
        ({"truth": "group"}, "--truth"),
    ],
)
def test_what_needs_memory_is_refused(blobs, fields, said):
    path, _, _ = blobs
    with pytest.raises(DataError, match=f"stay on disk: leave {said} out"):
        open_subject(options(path, **fields))


def test_starts_of_fewer_clusters_are_refused(blobs):
    path, _, _ = blobs
    wanted = options(path, init="warm")
    with pytest.raises(ValueError, match=r"take --init k-means\+\+"):
        fit.run_of(opened(wanted), wanted)


def test_k_above_the_rows_on_display_is_refused(blobs):
    path, _, _ = blobs
    with pytest.raises(DataError, match="k = 30 clusters need as many rows on display"):
        open_subject(options(path, k=30, display_rows=20))


def test_where_points_stay(blobs, monkeypatch, tmp_path):
    path, _, _ = blobs
    assert not where_points.stay_on_disk(Options(str(path)))
    assert where_points.stay_on_disk(Options(str(path), where="stream"))
    assert where_points.stay_on_disk(Options(str(path), workers=2))
    from kmeans_tui.data.reading import memory

    monkeypatch.setattr(memory, "available", lambda: 100_000)
    assert where_points.stay_on_disk(Options(str(path)))
    assert not where_points.stay_on_disk(Options(str(path), where="memory"))
    shown = open_subject(options(path, where=None)).dataset
    assert any("0.1 MB are free: in parts" in each for each in shown.notes())
    with pytest.raises(DataError, match="needs about"):
        load(Options(str(path), where="memory"))


def test_files_are_not_opened_to_know_what_is_asked_for(tmp_path, monkeypatch):
    for name in "ab":
        np.save(tmp_path / f"{name}.npy", np.ones((4, 2)))

    def opened_for_nothing(data):
        raise AssertionError(data)

    monkeypatch.setattr(where, "extent", opened_for_nothing)
    for asked in ({}, {"where": "stream"}, {"where": "processes"}, {"workers": 2}):
        assert where_points.stay_on_disk(Options(str(tmp_path), **asked))
    assert not where_points.stay_on_disk(Options(str(tmp_path), where="memory"))


@pytest.mark.parametrize("data", ["blobs", "iris", "-"])
def test_only_files_stay_on_disk(data):
    with pytest.raises(DataError, match="only if they are a table in a file"):
        where_points.stay_on_disk(Options(data, where="stream"))


def test_the_document_says_how_many_rows(blobs):
    path, _, _ = blobs
    wanted = options(path)
    subject = opened(wanted)
    history = fit.run_of(subject, wanted)
    found = document.document(wanted, subject.dataset, history, labels=True)
    assert found["data"]["n"] == found["rows"] == 2999
    assert found["sample"]["n"] == len(found["labels"]) == 200
    assert found["sample"]["rows"] == (subject.dataset.row_numbers - 1).tolist()
    assert sum(found["sizes"]) == 2999


def test_a_recording_of_it_can_be_opened(blobs, tmp_path):
    path, _, _ = blobs
    wanted = options(path, scale="standard", init="farthest")
    subject = opened(wanted)
    history = fit.run_of(subject, wanted)
    npz = tmp_path / "run.npz"
    history.save(npz, subject.dataset.points)
    again = recorded.open_recording(str(npz)).history
    assert again.counted == 2999
    assert again.changed.tolist() == history.changed.tolist()
    assert (again.sizes == history.sizes).all()


def test_a_subject_in_memory_has_no_parts():
    assert open_subject(Options("blobs")).parts is None
    assert Subject(load(Options("blobs"))).parts is None


def test_clusters_weigh_what_all_their_rows_weigh(tmp_path):
    draw = np.random.RandomState(5)
    table = np.column_stack([draw.normal(size=(900, 2)), draw.randint(1, 5, 900)])
    path = tmp_path / "weighed.csv"
    np.savetxt(path, table, delimiter=",", header="x,y,w", comments="")
    wanted = options(path, k=2, weights="w")
    history = fit.run_of(opened(wanted), wanted)
    for each in history:
        assert each.weights.sum() == pytest.approx(table[:, 2].sum())
        assert (each.weights > each.sizes).all()
    plain = options(path, k=2, features=("x", "y"))
    assert fit.run_of(opened(plain), plain)[-1].weights is None


def test_processes_end_when_others_are_shown(blobs):
    wanted = options(blobs[0], where="processes", workers=1)
    parts = opened(wanted).parts
    try:
        assert parts.executor._workers
        parts.idle(parts.seen_as(parts.dataset))
        assert parts.executor._workers
        parts.idle(None)
        assert not parts.executor._workers
        assert len(in_parts.run(wanted, parts, nothing))
    finally:
        parts.close()
