"""Passes on a real cluster on this machine: two worker processes, each with its nanny."""

import json
import os
import shutil
import signal
import subprocess
import threading
import time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from dask import config
from distributed import LocalCluster, Security

from kmeans_tui.cli import main
from kmeans_tui.data.columns import DataError
from kmeans_tui.partitioned import dask_client, on_dask, stored
from kmeans_tui.partitioned.dask_client import TlsFiles
from kmeans_tui.partitioned.executor import Assign, Stopped
from kmeans_tui.partitioned.here import Here
from kmeans_tui.partitioned.on_dask import OnDask, opened_there
from kmeans_tui.partitioned.passes import half_steps
from kmeans_tui.partitioned.plan import USUAL, ColumnChoice
from tests.partitioned.textbook_run import check

ROWS, PARTS = 100_000, 20


@pytest.fixture(scope="module")
def local():
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        yield cluster


@pytest.fixture
def cluster(local):
    found = dask_client.connected(local.scheduler_address)
    yield found
    found.client.close()


@pytest.fixture(scope="module")
def points():
    draw = np.random.RandomState(0)
    X = draw.normal(size=(ROWS, 3)) * 2 + draw.randint(0, 5, size=(ROWS, 1)) * 7
    X[7::9_001] = np.nan
    return X


@pytest.fixture(scope="module")
def table(points, tmp_path_factory):
    path = tmp_path_factory.mktemp("parts") / "x.npy"
    np.save(path, points)
    return stored.npy(path)


def opened(table, cluster, keep=True, choice=USUAL):
    return OnDask(table, choice, ROWS // PARTS, cluster=cluster, keep=keep)


def bits(steps):
    return [(s.centroids.tobytes(), s.sizes.tobytes(), s.inertia, s.changed) for s in steps]


def pids(cluster):
    return set(cluster.client.run(os.getpid).values())


@pytest.fixture(scope="module")
def alone(table, points):
    executor = Here(table, USUAL, ROWS // PARTS)
    return bits(half_steps(executor, points[10:16], max_iterations=6, tolerance=0))


@pytest.mark.parametrize("keep", [True, False])
def test_every_iteration_is_that_of_the_textbook(table, points, cluster, alone, keep):
    executor = opened(table, cluster, keep)
    assert len(pids(cluster) - {os.getpid()}) == 2
    rows = np.flatnonzero(~np.isnan(points).any(axis=1))
    assert executor.plan().rows == len(rows)
    assert len(executor.plan().parts) == PARTS
    check(executor, points[rows], rows, points[10:16], max_iterations=2)
    found = half_steps(executor, points[10:16], max_iterations=6, tolerance=0)
    assert bits(found) == alone


def test_the_sample_and_the_labels_are_those_of_one_process(table, points, cluster):
    there, here = opened(table, cluster), Here(table, USUAL, ROWS // PARTS)
    one, other = there.sample(500, 3), here.sample(500, 3)
    assert (one.rows == other.rows).all()
    assert (one.points == other.points).all()
    labels = []
    for executor in (there, here):
        found = executor.labels(points[10:16])
        labels.append(np.concatenate([each.labels for each in found]))
    assert len(labels[0]) == ROWS
    assert (labels[0] == labels[1]).all()


def pids_of(local):
    """The processes of both workers; none while one of them is being replaced."""
    found = {nanny.pid for nanny in local.workers.values()}
    return found if None not in found and len(found) == 2 else set()


def test_killed_workers_are_replaced_and_the_bits_stay(table, points, local, cluster, alone):
    executor = opened(table, cluster)
    executor.plan()
    found, killed, strikes = [], set(), iter([1, 2])

    def strike(done, total):
        if done and len(found) % 4 == 2 and (many := next(strikes, 0)):
            # A nanny needs a moment to replace the one that was killed before.
            while not (living := pids_of(local)) or living & killed:
                time.sleep(0.05)
            for each in sorted(living)[:many]:
                os.kill(each, signal.SIGKILL)
                killed.add(each)

    steps = half_steps(executor, points[10:16], max_iterations=6, tolerance=0, listener=strike)
    found.extend(steps)
    assert next(strikes, None) is None
    assert len(killed) == 3
    assert bits(found) == alone


def test_a_pass_is_stopped_at_once(table, points, cluster, alone):
    executor = opened(table, cluster, keep=False)
    executor.plan()
    stop = threading.Timer(0.3, executor.cancel)
    stop.start()

    def endless():
        while True:
            executor.iterate(Assign(points[10:200]))

    with pytest.raises(Stopped):
        endless()
    begun = time.monotonic()
    while any(cluster.client.processing().values()) and time.monotonic() < begun + 20:
        time.sleep(0.02)
    assert not any(cluster.client.processing().values())
    again = half_steps(executor, points[10:16], max_iterations=1, tolerance=0)
    assert bits(again) == alone[:3]
    stop.join()


def test_files_are_listed_where_the_workers_are(cluster, table, tmp_path):
    X = np.arange(60.0).reshape(20, 3)
    for number in range(2):
        columns = {"a": X[:, 0], "name": ["x"] * 20, "w": X[:, 2] + 1, "b": X[:, 1]}
        pq.write_table(pa.table(columns), tmp_path / f"{number}.parquet", row_group_size=7)
    found, choice = opened_there(cluster, str(tmp_path), ColumnChoice(weights="w"))
    assert found.columns == ("a", "w", "b")
    assert choice.features == ("a", "b")
    executor = OnDask(found, choice, 7, cluster=cluster)
    assert executor.plan().rows == 40
    assert executor.plan().total_weight == 2 * (X[:, 2] + 1).sum()

    with pytest.raises(DataError, match=r"^the workers cannot read /none/x.npy \(No such file"):
        opened_there(cluster, "/none/x.npy")
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match=r"^x.csv is neither Parquet nor an array: a cluster reads"):
        opened_there(cluster, str(tmp_path / "x.csv"))


def test_a_file_that_vanishes_is_one_sentence(cluster, tmp_path):
    path = tmp_path / "x.npy"
    np.save(path, np.arange(12.0).reshape(6, 2))
    executor = OnDask(stored.npy(path), cluster=cluster, keep=False)
    executor.plan()
    path.unlink()
    with pytest.raises(DataError, match=r"^x.npy cannot be read any more on a worker: No such fi"):
        executor.sample(3, 0)


def test_a_lost_scheduler_is_one_sentence_and_the_run_goes_on_at_its_address(table, points, alone):
    def started(port=0):
        return LocalCluster(
            n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None,
            scheduler_port=port,
        )  # fmt: skip

    with started() as local:
        address = local.scheduler_address
        executor = opened(table, dask_client.connected(address))
        steps = half_steps(executor, points[10:16], max_iterations=6, tolerance=0)
        found = [next(steps) for _ in range(5)]
        # A second of work, so that it is lost meanwhile.
        with pytest.raises(DataError, match=r"^the scheduler at tcp://\S+ is gone: start it again"):
            executor.iterate(Assign(points[10:510]), lambda done, total: local.close())
    # Nobody is there yet.
    with pytest.raises(DataError, match=r"^no scheduler can be reached at tcp://"):
        executor.iterate(Assign(points[10:16]))
    with started(int(address.rsplit(":", 1)[1])):
        last = found[-1]
        steps = half_steps(
            executor, last.centroids, max_iterations=6, tolerance=0,
            iteration=last.iteration, previous=last.previous,
        )  # fmt: skip
        found += list(steps)[1:]
        executor.close()
    assert bits(found) == alone


def test_a_cluster_whose_workers_do_not_come_back_is_one_sentence(table, points, monkeypatch):
    monkeypatch.setattr(on_dask, "_ASKED_EVERY", 0.1)
    monkeypatch.setattr(on_dask, "_ALONE", 0.3)
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None
    ) as local:
        executor = opened(table, dask_client.connected(local.scheduler_address))
        executor.plan()
        local.scale(0)
        begun = time.monotonic()
        while executor._cluster.client.nthreads() and time.monotonic() < begun + 30:
            time.sleep(0.05)
        with pytest.raises(DataError, match=r"has no workers any more: start some with dask work"):
            executor.iterate(Assign(points[10:16]))
        executor.close()


def test_another_file_under_the_same_path_is_one_sentence(cluster, tmp_path):
    path = tmp_path / "x.parquet"
    names, rows = ["a", "b"], np.arange(12.0)

    def write(names, rows):
        pq.write_table(pa.table(dict.fromkeys(names, rows)), path)

    for others in ((names, rows[:-1]), (["a", "c"], rows)):
        write(names, rows)
        table, choice = opened_there(cluster, str(path))
        executor = OnDask(table, choice, cluster=cluster, keep=False)
        executor.plan()
        write(*others)
        with pytest.raises(DataError, match=r"on a worker: \S+ has other rows or columns than it"):
            executor.sample(3, 0)


def test_what_is_no_scheduler_is_one_sentence(local, tmp_path):
    def refusal(address, **tls):
        with pytest.raises(DataError) as caught:
            dask_client.connected(address, TlsFiles(**tls))
        said = str(caught.value)
        assert "\n" not in said
        return said

    assert refusal("10.0.0.5:8786").startswith("'10.0.0.5:8786' is not the address of a scheduler")
    assert refusal("tcp://x:y").startswith("'tcp://x:y' is not the address")
    assert refusal("tcp://127.0.0.1:1").startswith(
        "no scheduler can be reached at tcp://127.0.0.1:1 (Connection refused): start one there"
    )
    assert refusal("tcp://127.0.0.1:1", authority="ca.pem").startswith("--tls-… encrypts, but tcp")
    assert refusal("tls://127.0.0.1:1", authority="/none") == (
        "--tls-ca /none is not a file: give the path of a PEM file"
    )
    tls = local.scheduler_address.replace("tcp://", "tls://")
    assert refusal(tls).startswith(f"what answers at {tls} is no scheduler")


def test_versions_that_differ_are_said(cluster, monkeypatch):
    said = cluster.client.get_versions()
    said["client"]["packages"]["distributed"] = "2020.1.0"
    said["client"]["host"]["python"] = "3.9.1.final.0"
    monkeypatch.setattr(cluster.client, "get_versions", lambda: said)
    remarks = dask_client._checked(cluster.client, cluster.scheduler).remarks
    assert remarks[0].startswith("python is 3.9 here and 3.")
    assert any(each.startswith("distributed is 2020.1.0 here and 20") for each in remarks)
    for each in said["workers"].values():
        each["packages"]["numpy"] = None
    with pytest.raises(DataError, match=r"^a worker at \S+ has no numpy: install it there$"):
        dask_client._checked(cluster.client, cluster.scheduler)


def test_without_the_extra_it_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(DataError, match=r"pip install 'kmeans-tui\[dask\]'$"):
        dask_client.connected("tcp://127.0.0.1:8786")


def test_points_are_kept_if_they_take_a_third_of_the_memory(table, cluster):
    large = table._replace(rows=10**9)
    assert not OnDask(large, cluster=cluster).keeps
    assert OnDask(table, cluster=cluster).keeps


OPENSSL = shutil.which("openssl")


def certificates(folder):
    """A certificate that stands for itself, and its key."""
    names = TlsFiles(*(str(folder / each) for each in ("cert.pem", "cert.pem", "key.pem")))
    subprocess.run(
        [OPENSSL, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=k",
         "-keyout", names.key, "-out", names.certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return names


@pytest.mark.skipif(OPENSSL is None, reason="needs openssl to make certificates")
def test_an_encrypted_cluster_is_used_and_others_are_refused(table, points, alone, tmp_path):
    tls = certificates(tmp_path)
    security = Security(
        tls_ca_file=tls.authority, require_encryption=True,
        tls_scheduler_cert=tls.certificate, tls_scheduler_key=tls.key,
        tls_worker_cert=tls.certificate, tls_worker_key=tls.key,
        tls_client_cert=tls.certificate, tls_client_key=tls.key,
    )  # fmt: skip
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None,
        security=security, protocol="tls://",
    ) as local:  # fmt: skip
        address = local.scheduler_address
        assert address.startswith("tls://")
        cluster = dask_client.connected(address, tls)
        executor = opened(table, cluster)
        assert bits(half_steps(executor, points[10:16], max_iterations=6, tolerance=0)) == alone
        executor.close()
        with pytest.raises(DataError, match=r"^what answers at tls://\S+ is no scheduler"):
            dask_client.connected(address)
        with pytest.raises(DataError, match=r"^an encrypted connection needs --tls-key too$"):
            dask_client.connected(address, tls._replace(key=None))


def test_the_command_runs_there(local, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("KMEANS_TUI_CACHE", str(tmp_path / "cache"))
    draw = np.random.RandomState(1)
    X = draw.normal(size=(3000, 2)) + 9 * draw.randint(3, size=(3000, 1))
    np.save(tmp_path / "x.npy", X)
    np.savetxt(tmp_path / "x.csv", X, delimiter=",", header="a,b", comments="", fmt="%.17g")
    told = []
    for name in ("x.npy", "x.csv"):
        for where in (["--scheduler", local.scheduler_address], ["--where", "stream"]):
            arguments = ["run", str(tmp_path / name), "-k", "3", "--json", "--no-resume", *where]
            assert main(arguments) == 0
            found = json.loads(capsys.readouterr().out)
            told.append((found["inertia"], found["sizes"], found["updates"]))
            assert any("cluster at tcp" in each for each in found["remarks"]) == (len(where[1]) > 9)
    assert told[0] == told[1] == told[2] == told[3]


def test_the_scheduler_of_dasks_own_configuration_is_used(local, tmp_path, capsys):
    np.save(tmp_path / "x.npy", np.random.RandomState(0).normal(size=(50, 2)))
    arguments = ["run", str(tmp_path / "x.npy"), "--where", "dask", "--no-resume", "--json"]
    with config.set({"scheduler-address": local.scheduler_address}):
        assert main(arguments) == 0
    assert local.scheduler_address in capsys.readouterr().out
    assert main(arguments) == 1
    assert "give --scheduler, or set $DASK_SCHEDULER_ADDRESS" in capsys.readouterr().err
