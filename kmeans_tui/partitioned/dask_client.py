"""Reach a Dask cluster: every way in which that can fail ends in one sentence."""

import logging
import os
import socket
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from kmeans_tui.data.columns import DataError

# Seconds for a port to answer, and then for the scheduler behind it.
_PROBE: Final = 2.0
_ANSWER: Final = 5.0
# What both sides must have, so that what one sends the other understands.
_COMPARED: Final = ("python", "distributed", "numpy")
_EXTRA: Final = (
    "running on a Dask cluster needs the package distributed: install it with "
    "pip install 'kmeans-tui[dask]'"
)


class TlsFiles(NamedTuple):
    """Files for an encrypted connection: the authority, the certificate to show, and its key."""

    authority: str | None = None
    certificate: str | None = None
    key: str | None = None


class Scheduler(NamedTuple):
    """Where a scheduler listens, such as tcp://10.0.0.5:8786, and how to talk to it."""

    address: str
    tls: TlsFiles = TlsFiles()


class Cluster(NamedTuple):
    """A connected cluster: its client, its workers, and what should be said of it."""

    client: Any
    scheduler: Scheduler
    workers: int
    memory: int
    remarks: tuple[str, ...]

    def again(self) -> "Cluster":
        """Connect anew at the same address; raises ``DataError``."""
        return connected(*self.scheduler)


def connected(address: str, tls: TlsFiles = TlsFiles()) -> Cluster:  # noqa: B008
    """Connect to the scheduler at an address such as tcp://10.0.0.5:8786.

    Without ``tls``, Dask's own configuration says how to encrypt. Raises ``DataError``.
    """
    host, port, kind = _place(address)
    if any(tls) and kind != "tls":
        raise DataError(f"--tls-… encrypts, but {address} does not begin with tls://")
    security = _security(tls)
    _probe(address, host, port)
    client = _client(address, security)
    try:
        return _checked(client, Scheduler(address, tls))
    except BaseException:
        client.close()
        raise


def configured() -> str | None:
    """Return the scheduler of $DASK_SCHEDULER_ADDRESS, or of Dask's own configuration."""
    try:
        from dask import config
    except ImportError:
        raise DataError(_EXTRA) from None
    found = config.get("scheduler-address", None)
    return found if isinstance(found, str) and found else None


def _place(address: str) -> tuple[str, int, str]:
    try:
        parts = urlsplit(address)
        host, port, kind = parts.hostname, parts.port, parts.scheme
    except ValueError:
        host = port = None
        kind = ""
    if kind not in ("tcp", "tls") or not host or not port or not address.isprintable():
        raise DataError(
            f"{address!r} is not the address of a scheduler: write it like tcp://10.0.0.5:8786, "
            "or tls:// if it is encrypted"
        )
    return host, port, kind


def _security(tls: TlsFiles) -> Any:
    distributed = _library()
    for flag, path in zip(("ca", "cert", "key"), tls, strict=True):
        if any(tls) and path is None:
            raise DataError(f"an encrypted connection needs --tls-{flag} too")
        if path is not None and not os.path.isfile(path):
            raise DataError(f"--tls-{flag} {path} is not a file: give the path of a PEM file")
    if not any(tls):
        return None
    return distributed.Security(
        tls_ca_file=tls.authority,
        tls_client_cert=tls.certificate,
        tls_client_key=tls.key,
        require_encryption=True,
    )


def _library() -> Any:
    try:
        import distributed
    except ImportError:
        raise DataError(_EXTRA) from None
    return distributed


def _probe(address: str, host: str, port: int) -> None:
    try:
        socket.create_connection((host, port), _PROBE).close()
    except OSError as error:
        reason = error.strerror or "it does not answer"
        raise DataError(
            f"no scheduler can be reached at {address} ({reason}): start one there, or look at its "
            "address; kmeans-tui dask tells how"
        ) from None


def _client(address: str, security: Any) -> Any:
    distributed = _library()
    # Its messages would be drawn over the screen; what matters comes as an exception.
    for name in ("distributed", "tornado", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        client = distributed.Client(
            address, security=security, timeout=_ANSWER, name="kmeans-tui", set_as_default=False
        )
    except Exception as error:
        reason = str(error).strip().splitlines()
        raise DataError(
            f"what answers at {address} is no scheduler this program can talk to "
            f"({type(error).__name__}{': ' + reason[0][:120] if reason else ''}): look at tcp:// "
            "or tls://, at the certificates, and at the version of distributed"
        ) from None
    return client


def _checked(client: Any, scheduler: Scheduler) -> Cluster:
    address = scheduler.address
    info = client.scheduler_info(n_workers=-1)["workers"]
    if not info:
        raise DataError(
            f"the scheduler at {address} has no workers: start some with dask worker {address}"
        )
    memory = sum(each["memory_limit"] or 0 for each in info.values())
    versions = client.get_versions()
    ours = _versions(versions["client"])
    remarks = []
    for what, theirs in {
        "the scheduler": [versions["scheduler"]],
        "a worker": list(versions["workers"].values()),
    }.items():
        for name in _COMPARED:
            found = {_versions(each).get(name) for each in theirs if each}
            if None in found and name == "numpy":
                if what == "a worker":
                    raise DataError(f"a worker at {address} has no numpy: install it there")
                continue
            other = sorted({str(each) for each in found} - {str(ours.get(name))})
            if other:
                remarks.append(
                    f"{name} is {ours.get(name)} here and {', '.join(other)} on {what}: if the run "
                    "fails there, install the same."
                )
    return Cluster(client, scheduler, len(info), memory, tuple(remarks))


def _versions(said: Any) -> dict[str, str | None]:
    python = str(said["host"]["python"]).split(".")[:2]
    packages = said["packages"]
    return {
        "python": ".".join(python),
        "distributed": packages.get("distributed"),
        "numpy": packages.get("numpy"),
    }
