"""Passes on a Dask cluster of two processes on this machine: the section ``dask`` of ``scale``."""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from kmeans_tui.partitioned import dask_client, stored
from kmeans_tui.partitioned.executor import Assign, Stopped
from kmeans_tui.partitioned.here import Here
from kmeans_tui.partitioned.on_dask import OnDask
from kmeans_tui.partitioned.plan import USUAL
from tests.benchmarks.engine import interleaved

TURNS = 5


class Counted:
    """A proxy before the scheduler that counts the bytes in each direction."""

    def __init__(self, address: str) -> None:
        place = urlsplit(address)
        self._there = (place.hostname, place.port)
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        self.up = self.down = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                ours, _ = self._server.accept()
            except OSError:
                return
            theirs = socket.create_connection(self._there)
            for source, target, way in ((ours, theirs, "up"), (theirs, ours, "down")):
                threading.Thread(
                    target=self._carry, args=(source, target, way), daemon=True
                ).start()

    def _carry(self, source: socket.socket, target: socket.socket, way: str) -> None:
        try:
            while data := source.recv(1 << 16):
                setattr(self, way, getattr(self, way) + len(data))
                target.sendall(data)
        except OSError:
            return
        finally:
            target.close()


@contextmanager
def cluster() -> Iterator[object]:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
    ) as local:
        yield local


def again(executor: Here | OnDask, centroids: np.ndarray) -> None:
    executor.iterate(Assign(centroids, centroids))


def measure(path: Path, parquet: Path, mapped: Here, centroids: np.ndarray, said, small) -> None:
    """Print the ratios for a file of eight features, as an array and as Parquet.

    ``mapped`` reads the array as a memory map, ``small`` is one of two features.
    """
    with cluster() as local:
        connected = dask_client.connected(local.scheduler_address)
        kept = OnDask(stored.npy(path), USUAL, cluster=connected, keep=True)
        read = OnDask(stored.parquet(parquet), USUAL, cluster=connected, keep=False)
        stream = Here(stored.parquet(parquet))
        for each in (kept, read, stream):
            again(each, centroids)
        spent = interleaved(
            {"kept": partial(again, kept, centroids), "one": partial(again, mapped, centroids)},
            TURNS, time.perf_counter,
        )  # fmt: skip
        said("kept by two workers / one thread on a map, wall", spent["kept"] / spent["one"], 0.75)
        spent = interleaved(
            {"read": partial(again, read, centroids), "one": partial(again, stream, centroids)},
            TURNS, time.perf_counter,
        )  # fmt: skip
        said("read again / streaming the same Parquet, wall", spent["read"] / spent["one"], 0.8)
        per_pass = _of_dask_ml(local, path, centroids)
        if per_pass is None:
            print("dask-ml is not installed: not compared")
        else:
            spent = interleaved({"kept": partial(again, kept, centroids)}, TURNS, time.perf_counter)
            said("kept / dask-ml's KMeans, an iteration, wall", spent["kept"] / per_pass, 0.6)

        struck: list[int] = []

        def strike(done: int, total: int) -> None:
            if not struck and done > 0.3 * total:
                struck.append(next(iter(local.workers.values())).pid)
                os.kill(struck[0], signal.SIGKILL)

        calm = interleaved({"it": partial(again, kept, centroids)}, TURNS, time.perf_counter)["it"]
        before = kept.iterate(Assign(centroids, centroids))
        begun = time.perf_counter()
        after = kept.iterate(Assign(centroids, centroids), strike)
        killed = time.perf_counter() - begun
        same = before.sums.tobytes() == after.sums.tobytes() and before.inertia == after.inertia
        said("a worker killed / undisturbed, wall", killed / calm, 4, f"(same bits: {same})")

        stop = threading.Timer(0.3 * calm, read.cancel)
        stop.start()
        try:
            while True:
                again(read, centroids)
        except Stopped:
            begun = time.perf_counter()
        while any(connected.client.processing().values()):
            time.sleep(0.01)
        said("cancel until the workers are idle, seconds", time.perf_counter() - begun, 0.5)
        connected.client.close()
        time.sleep(2)

        counted = Counted(local.scheduler_address)
        proxied = dask_client.connected(counted.address)
        table = stored.npy(small)
        sixteen = OnDask(table, USUAL, -(-table.rows // 16), cluster=proxied, keep=True)
        some = centroids[:8, :2]
        again(sixteen, some)
        down, up = counted.down, counted.up
        for _ in range(TURNS):
            again(sixteen, some)
        said("kB to the client, 16 parts, k 8, d 2", (counted.down - down) / TURNS / 1000, 10,
             f"({(counted.up - up) / TURNS / 1000:.1f} kB from it)")  # fmt: skip
        proxied.client.close()
        # Not through the proxy, whose threads would work beside the client and the scheduler.
        direct = dask_client.connected(local.scheduler_address)
        many = OnDask(table, USUAL, -(-table.rows // 64), cluster=direct, keep=True)
        many._plan = many.plan()._replace(
            parts=tuple(
                (((*pieces[0][:-1], 10),), 10, first, dropped)
                for pieces, _, first, dropped in many.plan().parts
            )
        )
        again(many, some)
        spent = interleaved({"it": partial(again, many, some)}, 10, time.perf_counter)
        said("a pass over 64 parts of 10 rows, ms", 1000 * spent["it"], 100)
        direct.client.close()


def _of_dask_ml(local: object, path: Path, centroids: np.ndarray) -> float | None:
    """Seconds of an iteration of dask-ml on the same rows, kept by the same workers."""
    try:
        import dask.array as da
        from dask_ml.cluster import KMeans
        from distributed import Client
    except ImportError:
        return None
    with Client(local) as client:
        X = np.load(path, mmap_mode="r")
        rows = -(-len(X) // 16)
        points = da.from_array(X, chunks=(rows, X.shape[1])).persist()
        client.run(lambda: None)

        def fit(iterations: int) -> float:
            model = KMeans(len(centroids), init=centroids, max_iter=iterations, tol=0)
            begun = time.perf_counter()
            model.fit(points)
            return time.perf_counter() - begun

        fit(1)
        return (fit(11) - fit(1)) / 10
