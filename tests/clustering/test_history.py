"""The recording: compact, exact, and safe from its readers."""

import random
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_tui.clustering.history import Event, History, Step
from kmeans_tui.clustering.kmeans import KMeans


def cloud(n: int = 400, d: int = 2, seed: int = 0) -> np.ndarray:
    return np.random.RandomState(seed).normal(size=(n, d))


def recorded(labels: list[np.ndarray], k: int) -> History:
    """A history of these labels, with made-up numbers around them."""
    history = History(len(labels[0]), k, 1)
    for i, now in enumerate(labels):
        centroids, sizes = np.full((k, 1), float(i)), np.bincount(now, minlength=k)
        if i == 0:
            history.record_start(centroids, now.copy(), 0.0, sizes)
        else:
            history.record_update(centroids, np.ones(k), 0.5, ())
            rows = np.flatnonzero(now != labels[i - 1])[::-1]
            history.record_assignment(rows, now[rows] ^ labels[i - 1][rows], float(-i), sizes)
    return history


def same(a: Step, b: Step) -> bool:
    arrays = ("centroids", "previous", "labels", "shifts", "sizes")
    plain = ("kind", "iteration", "inertia", "changed", "events")
    return all(getattr(a, name) == getattr(b, name) for name in plain) and all(
        (getattr(a, name) is None and getattr(b, name) is None)
        or np.array_equal(getattr(a, name), getattr(b, name))
        for name in arrays
    )


@given(
    st.integers(1, 300),
    st.integers(1, 12),
    st.integers(1, 30),
    st.lists(st.integers(-12, 11), max_size=40),
    st.randoms(use_true_random=False),
)
@settings(max_examples=80, deadline=None)
def test_any_snapshot_comes_back_exactly_in_any_order(k, length, n, visits, rng):
    dtype = np.uint8 if k <= 256 else np.uint16
    draw = np.random.RandomState(rng.randint(0, 2**31))
    labels = [draw.randint(k, size=n).astype(dtype) for _ in range(length)]
    history = recorded(labels, k)
    for visit in visits:
        i = visit % length
        assert history.labels(i).dtype == dtype
        assert (history.labels(i) == labels[i]).all()
    for i in range(length):
        rows, old, new = history.changes(i)
        if i == 0:
            assert len(rows) == len(old) == len(new) == 0
        else:
            moved = np.flatnonzero(labels[i] != labels[i - 1])
            assert (rows == moved).all()
            assert (old == labels[i - 1][moved]).all()
            assert (new == labels[i][moved]).all()


@pytest.mark.parametrize(("n", "row"), [(200, 1), (1000, 2), (70_000, 4)])
def test_a_change_costs_its_row_and_one_byte_for_the_label(n, row):
    before = np.zeros(n, np.uint8)
    after = before.copy()
    after[:10] = 1
    shorter, longer = recorded([before], 2), recorded([before, after], 2)
    arrays_of_a_record = 2 * 8 + 2 * 8 + 2 * 8  # centroids, shifts, sizes
    assert longer.nbytes - shorter.nbytes == 10 * (row + 1) + arrays_of_a_record


@pytest.mark.parametrize(("k", "name"), [(2, "uint8"), (256, "uint8"), (257, "uint16")])
def test_labels_are_kept_in_the_smallest_type(k, name):
    km = KMeans(k, random_state=0, max_iterations=3).fit(cloud())
    assert km.history.labels(0).dtype == name
    assert km.history[-1].labels.dtype == name


def test_steps_can_be_looked_up_after_the_run():
    km = KMeans(4, random_state=3, tolerance=0)
    live = list(km.steps(cloud()))
    assert len(live) == 2 * km.iterations + 1
    numbers = list(range(len(live)))
    random.Random(1).shuffle(numbers)
    for j in numbers:
        assert same(km.history.step(j), live[j])
    for outside in (-1, len(live)):
        with pytest.raises(IndexError, match=f"no half step {outside}"):
            km.history.step(outside)


def test_it_is_a_sequence_of_snapshots():
    history = KMeans(3, random_state=1).fit(cloud()).history
    assert len(history) == history.iterations + 1
    assert [snapshot.iteration for snapshot in history] == list(range(len(history)))
    assert history[-1].iteration == len(history) - 1
    assert [snapshot.iteration for snapshot in history[1:3]] == [1, 2]
    assert [s.iteration for s in history[::-1]] == list(range(len(history)))[::-1]
    for outside in (len(history), -len(history) - 1):
        with pytest.raises(IndexError):
            history[outside]
        with pytest.raises(IndexError):
            history.labels(outside)


def test_a_snapshot_answers_to_the_articles_keys():
    snapshot = KMeans(3, random_state=1).fit(cloud()).history[1]
    assert snapshot["iteration"] == 1
    assert (snapshot["centroids"] == snapshot.centroids).all()
    assert (snapshot["labels"] == snapshot.labels).all()
    assert dict(snapshot)["iteration"] == 1
    with pytest.raises(KeyError):
        snapshot["inertia "]


def test_the_columns_are_those_of_the_snapshots():
    history = KMeans(5, random_state=2, tolerance=0).fit(cloud(d=3)).history
    assert history.centroids.shape == (len(history), 5, 3)
    for i, snapshot in enumerate(history):
        assert history.inertia[i] == snapshot.inertia
        assert history.changed[i] == snapshot.changed
        assert history.max_shift[i] == snapshot.shifts.max()
        assert (history.sizes[i] == snapshot.sizes).all()
        assert (history.shifts[i] == snapshot.shifts).all()
        assert (history.centroids[i] == snapshot.centroids).all()
        assert (snapshot.sizes == np.bincount(snapshot.labels, minlength=5)).all()
        if i:
            moved = np.linalg.norm(history.centroids[i] - history.centroids[i - 1], axis=1)
            assert (snapshot.shifts == moved).all()
            before = history[i - 1]
            assert snapshot.changed == np.count_nonzero(snapshot.labels != before.labels)
    assert history.changed[0] == 0
    assert history.max_shift[0] == 0


def test_a_reader_cannot_spoil_it():
    km = KMeans(3, random_state=1).fit(cloud())
    snapshot, step = km.history[1], km.history.step(1)
    handed_out = [snapshot.centroids, snapshot.labels, snapshot.sizes, snapshot.shifts]
    handed_out += [step.centroids, step.previous, step.labels]
    for array in handed_out:
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0
    inertia = km.history.inertia
    inertia[:] = -1
    km.centroids[:] = 99
    km.labels[:] = 0
    assert km.history.inertia.min() > 0
    assert km.history[-1].centroids.max() < 99
    assert km.history[-1].labels.max() == 2


def test_labels_handed_out_stay_true_while_others_are_read():
    history = KMeans(6, random_state=4, tolerance=0).fit(cloud()).history
    kept = [(i, history.labels(i), history.labels(i).copy()) for i in range(len(history))]
    for i in reversed(range(len(history))):
        history.labels(i)
    for _, array, copy in kept:
        assert (array == copy).all()


def test_many_points_are_reached_from_the_nearest_whole_copy():
    n, length = 1 << 18, 9
    draw = np.random.RandomState(0)
    labels = [draw.randint(4, size=n).astype(np.uint8)]
    for _ in range(length - 1):
        rows = draw.choice(n, n // 4, replace=False)
        now = labels[-1].copy()
        now[rows] = draw.randint(4, size=len(rows))
        labels.append(now)
    history = recorded(labels, 4)
    history.finish("converged")
    # A quarter drawn and a quarter of these drawn what they had: 0.19 n change in each step.
    copies = history.nbytes - recorded(labels[:1], 4).nbytes
    copies -= sum(5 * change for change in history.changed)
    assert n <= copies < 4 * n
    for i in draw.permutation(length):
        assert (history.labels(i) == labels[i]).all()


def test_it_can_be_read_from_another_thread_while_it_grows():
    X = cloud(20_000, seed=5)
    expected = [s.labels.copy() for s in KMeans(8, random_state=5).fit(X).history]
    km = KMeans(8, random_state=5)
    run = km.steps(X)
    next(run)
    wrong: list[int] = []
    finished = threading.Event()

    def read() -> None:
        draw = random.Random(0)
        while not finished.is_set():
            i = draw.randrange(len(km.history))
            if not (km.history.labels(i) == expected[i]).all():
                wrong.append(i)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for _ in run:
        pass
    finished.set()
    for reader in readers:
        reader.join()
    assert len(km.history) == len(expected)
    assert wrong == []


def test_before_a_run_it_is_empty():
    history = KMeans(3).history
    assert len(history) == history.iterations == 0
    assert list(history) == []
    assert not history
    assert history.stopped_by is None
    assert history.events == ()
    with pytest.raises(IndexError):
        history.step(0)


def test_an_event_names_the_cluster_the_point_and_where_it_came_from():
    X = np.array([[0.0], [1.0], [2.0], [30.0]])
    km = KMeans(2, init=np.array([[1.0], [100.0]])).fit(X)
    assert km.history[0].sizes.tolist() == [4, 0]
    assert km.history.events == (Event("empty", 1, 1, 3, 0),)
    assert km.history[1].events == km.history.events
    assert km.history[1].centroids[1, 0] == X[3, 0]
    assert km.history.step(1).events == km.history.step(2).events == km.history.events
    assert km.history.step(0).events == ()
