"""The hot loops against the plain formulas, to the last bit."""

import threading
import time
import tracemalloc

import numpy as np
import pytest

from kmeans_tui.clustering import kernels, textbook


def data(kind: str, n: int, d: int, seed: int = 0) -> np.ndarray:
    rng = np.random.RandomState(seed)
    X = rng.normal(size=(n, d)) * 3
    if kind == "lattice":
        return np.round(X)
    if kind == "tenths":
        return np.round(X, 1)
    if kind == "offset":
        return X + 1e6
    if kind == "copies":
        return X[rng.randint(max(1, n // 20), size=n)]
    return X


@pytest.mark.parametrize("d", [1, 2, 3, 7, 8, 9, 16, 64, 130])
@pytest.mark.parametrize("kind", ["normal", "lattice", "tenths", "offset", "copies"])
def test_labels_are_those_of_the_plain_formula(kind, d):
    X = data(kind, 3000 if d < 10 else 400, d)
    for k in (1, 2, 3, 8, 64, 300):
        centroids = X[np.random.RandomState(k).choice(len(X), k, replace=False)]
        labels, inertia = kernels.assign(X, centroids)
        expected = textbook.assign(X, centroids)
        assert (labels == expected).all()
        direct = ((X - centroids[expected]) ** 2).sum()
        assert inertia == pytest.approx(direct, rel=1e-12)
        assert kernels.inertia_of(X, labels, centroids) == pytest.approx(direct, rel=1e-12)


@pytest.mark.parametrize("d", [1, 2, 5, 8, 20])
@pytest.mark.parametrize("n", [5, 3000, 150_001])
def test_means_are_those_of_numpy_to_the_last_bit(n, d):
    X = data("tenths", n, d)
    labels = np.random.RandomState(1).randint(5, size=n).astype(np.uint8)
    labels[labels == 3] = 2
    here = np.full((5, d), 7.0)
    moved = kernels.means(X, labels, kernels.sizes(labels, 5), here)
    for j in range(5):
        expected = X[labels == j].mean(axis=0) if (labels == j).any() else here[j]
        assert (moved[j] == expected).all()


def test_sizes_count_across_chunks_and_keep_empty_clusters():
    labels = (np.arange(200_000) % 3).astype(np.uint8)
    assert kernels.sizes(labels, 5).tolist() == [66667, 66667, 66666, 0, 0]


@pytest.mark.parametrize("d", [1, 2, 8, 20])
def test_own_distances_are_those_of_the_plain_formula(d):
    X = data("normal", 30_000, d)
    labels = np.random.RandomState(1).randint(3, size=len(X)).astype(np.uint8)
    expected = ((X - X[:3][labels]) ** 2).sum(axis=1)
    assert (kernels.own_distances(X, labels, X[:3]) == expected).all()
    assert (kernels.distances_to(X, X[5]) == ((X - X[5]) ** 2).sum(axis=1)).all()


@pytest.mark.parametrize(
    ("k", "name"),
    [(1, "uint8"), (256, "uint8"), (257, "uint16"), (65536, "uint16"), (65537, "uint32")],
)
def test_labels_take_the_smallest_type(k, name):
    assert kernels.label_type(k) == np.dtype(name)


@pytest.mark.parametrize("d", [2, 10])
def test_memory_of_an_assignment_does_not_grow_with_k_times_d(d):
    X = data("normal", 200_000, d)
    tracemalloc.start()
    try:
        kernels.assign(X, X[:64])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # n · k · d doubles would be 205 MB at d = 2; the labels are 0.2 MB, the chunks below 3.
    assert peak < 4e6


def test_another_thread_is_served_while_an_assignment_runs():
    X = data("normal", 400_000, 2)
    running = threading.Event()
    stop = threading.Event()

    def work() -> None:
        running.set()
        while not stop.is_set():
            labels, _ = kernels.assign(X, X[:8])
            kernels.means(X, labels, kernels.sizes(labels, 8), X[:8])

    worker = threading.Thread(target=work)
    worker.start()
    running.wait()
    waits = []
    for _ in range(40):
        before = time.perf_counter()
        time.sleep(0.001)
        waits.append(time.perf_counter() - before)
    stop.set()
    worker.join()
    # One pass takes over 10 ms: holding the lock for it would show in every wait.
    assert np.median(waits) < 0.01
