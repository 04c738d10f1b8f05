"""Reaching a scheduler, and every way in which that fails: one sentence, nothing left behind."""

import contextlib
import logging
import socket
import subprocess
import threading

import distributed
import pytest
from distributed import LocalCluster

from kmeans_tui.data.columns import DataError
from kmeans_tui.partitioned import dask_client
from kmeans_tui.partitioned.dask_client import TlsFiles
from tests.partitioned.certificates import OPENSSL, certificates, security


def started(**more):
    return LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=":0",
        **{"protocol": "tcp", **more},
    )  # fmt: skip


@pytest.fixture(scope="module")
def address():
    with started() as local:
        yield local.scheduler_address


def refusal(address, tls=TlsFiles()):  # noqa: B008
    before = loops()
    with pytest.raises(DataError) as caught:
        dask_client.connected(address, tls)
    said = str(caught.value)
    assert "\n" not in said
    # A thread that is left, or a client, ends when memory is freed: in the thread of the next one.
    assert loops() == before
    return said


def loops():
    """How many threads of clients and clusters there are."""
    return sum(each.name == "IO loop" for each in threading.enumerate())


def test_what_is_no_address_or_not_there_is_one_sentence():
    assert refusal("10.0.0.5:8786").startswith("'10.0.0.5:8786' is not the address of a scheduler")
    assert refusal("tcp://x:y").startswith("'tcp://x:y' is not the address")
    assert refusal("tcp://127.0.0.1:1").startswith(
        "no scheduler can be reached at tcp://127.0.0.1:1 (Connection refused): start one there"
    )
    some = TlsFiles(authority="ca.pem")
    assert refusal("tcp://127.0.0.1:1", some).startswith("--tls-… encrypts, but tcp")
    assert refusal("tls://127.0.0.1:1", TlsFiles("/none")) == (
        "--tls-ca /none is not a file: give the path of a PEM file"
    )
    assert refusal("tls://127.0.0.1:1", TlsFiles(__file__)) == (
        "an encrypted connection needs --tls-cert too"
    )


@contextlib.contextmanager
def speaking(said):
    """Something that listens and says ``said`` to everyone; None closes at once."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        kept = []

        def speak():
            with contextlib.suppress(OSError):
                while True:
                    other = listener.accept()[0]
                    if said is None:
                        other.close()
                        continue
                    kept.append(other)
                    other.sendall(said)

        thread = threading.Thread(target=speak)
        thread.start()
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        for each in kept:
            each.close()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"", "it says nothing; look at the port, and write tls:// if it is encrypted"),
        (b"hi", "it says nothing; look at the port, and write tls:// if it is encrypted"),
        (None, "it closes the connection"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "it speaks another language; look at the port"),
        (bytes(400), "it speaks another language; look at the port"),
    ],
)
def test_another_program_that_listens_is_one_sentence(said, reason, monkeypatch):
    monkeypatch.setattr(dask_client, "_ANSWER", 0.2)
    with speaking(said) as address:
        assert refusal(address) == f"no Dask scheduler can be talked to at {address}: {reason}"


@pytest.mark.parametrize("error", [AssertionError(), OSError("lost"), ImportError("old")])
def test_a_client_that_cannot_connect_ends_with_its_thread(address, error, monkeypatch):
    async def fails(self, timeout=None):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(distributed.Client, "_ensure_connected", fails)
        reason = f"{type(error).__name__}{f': {error}' if str(error) else ''}"
        assert refusal(address) == (
            f"no Dask scheduler can be talked to at {address}: {reason}; look at the version of "
            "distributed there"
        )
    dask_client.connected(address).client.close()


def test_what_the_library_logs_is_not_shown(address):
    dask_client.connected(address).client.close()
    # The first two have levels of their own in Dask's configuration.
    for name in ("distributed.client", "tornado.application", "distributed.core", "asyncio"):
        assert not logging.getLogger(name).isEnabledFor(logging.CRITICAL)


def test_without_workers_it_is_said():
    with started() as local:
        local.scheduler.workers.clear()
        address = local.scheduler_address
        said = f"the scheduler at {address} has no workers: start some with dask worker {address}"
        assert refusal(address) == said


def test_versions_that_differ_are_said(address, monkeypatch):
    cluster = dask_client.connected(address)
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
    cluster.client.close()


def test_without_the_extra_it_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(DataError, match=r"pip install 'kmeans-tui\[dask\]'$"):
        dask_client.connected("tcp://127.0.0.1:8786")


@pytest.mark.skipif(OPENSSL is None, reason="needs openssl to make certificates")
def test_certificates_that_do_not_fit_are_one_sentence_each(address, tmp_path, monkeypatch):
    right, other = certificates(tmp_path / "a"), certificates(tmp_path / "b")
    junk, locked = tmp_path / "junk.pem", tmp_path / "locked.pem"
    junk.write_bytes(b"\xff\xfe no certificate")
    subprocess.run(
        [OPENSSL, "rsa", "-aes128", "-passout", "pass:hello", "-in", right.key, "-out", locked],
        check=True, capture_output=True,
    )  # fmt: skip
    plain = "tls" + address[3:]
    foreign = f"no Dask scheduler can be talked to at {plain}: it is not encrypted; write tcp://"
    assert refusal(plain, right) == foreign

    with started(security=security(right), protocol="tls://") as local:
        there = local.scheduler_address
        # The authority counts and no name: schedulers are called by addresses.
        dask_client.connected(there, right).client.close()
        assert refusal(there).startswith(f"{there} is encrypted: give --tls-ca, --tls-cert and --t")
        assert refusal(there, other) == (
            f"the scheduler at {there} shows a certificate that the authority does not vouch for "
            "(self-signed certificate): give its own with --tls-ca"
        )
        assert refusal(there, other._replace(authority=right.authority)) == (
            f"no Dask scheduler can be talked to at {there}: it does not accept the certificate of "
            "--tls-cert"
        )
        for path in (junk, right.key):
            assert refusal(there, right._replace(authority=str(path))) == (
                f"--tls-ca {path} is no certificate of an authority in PEM form"
            )
        for change in ({"certificate": str(junk)}, {"key": str(locked)}, {"key": other.key}):
            given = right._replace(**change)
            assert refusal(there, given) == (
                f"--tls-cert {given.certificate} and --tls-key {given.key} are not a certificate "
                "and its key in PEM form, without a password"
            )
        monkeypatch.setattr(dask_client, "_ANSWER", 0.3)
        assert "says nothing; look at the port, and write tls" in refusal("tcp" + there[3:])
