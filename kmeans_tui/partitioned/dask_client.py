"""Reach a Dask cluster: every way in which that can fail ends in one sentence."""

import contextlib
import logging
import os
import socket
import ssl
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from kmeans_tui.data.columns import DataError

# Seconds for a port to open, and then for the scheduler behind it.
_PROBE: Final = 2.0
# A scheduler on a busy machine may need more than five.
_ANSWER: Final = 10.0
# Bytes of a scheduler's first message: a few hundred; a text of another program reads as more.
_GREETING: Final = 1 << 20
# What OpenSSL says when one side does not want the other.
_TLS_REASONS: Final = {
    "WRONG_VERSION_NUMBER": "it is not encrypted; write tcp://",
    "TLSV1_ALERT_UNKNOWN_CA": "it does not accept the certificate of --tls-cert",
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": "it wants a certificate; give --tls-cert",
}
_LOGGERS: Final = ("distributed", "tornado", "asyncio")
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
    _probe(address, host, port, _context(address, security) if kind == "tls" else None)
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
    _check(tls)
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


def _check(tls: TlsFiles) -> None:
    """Read the files once: OpenSSL would ask for a password on the terminal, and names no file."""
    try:
        ssl.create_default_context(cafile=tls.authority)
    except OSError as error:
        raise DataError(
            f"--tls-ca {tls.authority} is no certificate of an authority in PEM form{_why(error)}"
        ) from None
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(
            tls.certificate or "", tls.key, password=_no_password
        )
    except (OSError, ValueError) as error:
        raise DataError(
            f"--tls-cert {tls.certificate} and --tls-key {tls.key} are not a certificate and its "
            f"key in PEM form, without a password{_why(error)}"
        ) from None


def _no_password() -> str:
    raise ValueError


def _why(error: Exception) -> str:
    """Return the reason of the system; those of OpenSSL tell a reader nothing."""
    if isinstance(error, ssl.SSLError) or not isinstance(error, OSError):
        return ""
    return f" ({error.strerror})"


def _context(address: str, security: Any) -> ssl.SSLContext:
    """Return how to encrypt: by the given files, or by those of Dask's own configuration."""
    try:
        arguments = (security or _library().Security()).get_connection_args("client")
    except (OSError, ValueError) as error:
        raise DataError(
            f"the certificates of Dask's own configuration cannot be read ({error}): mend it, or "
            "give --tls-ca, --tls-cert and --tls-key"
        ) from None
    context = arguments["ssl_context"]
    if not isinstance(context, ssl.SSLContext):
        raise DataError(
            f"{address} is encrypted: give --tls-ca, --tls-cert and --tls-key, or set them in "
            "Dask's own configuration"
        )
    return context


def _probe(address: str, host: str, port: int, context: ssl.SSLContext | None) -> None:
    """Check that a scheduler speaks there: Dask's client waits for ever for one that does not."""
    try:
        plain = socket.create_connection((host, port), _PROBE)
    except OSError as error:
        raise DataError(
            f"no scheduler can be reached at {address} ({error.strerror or 'it does not answer'}): "
            "start one there, or look at its address; kmeans-tui dask tells how"
        ) from None
    with plain:
        plain.settimeout(_ANSWER)
        try:
            with context.wrap_socket(plain) if context else plain as talk:
                # It speaks first: the length of a message that tells what it understands.
                said = talk.makefile("rb").read(8)
        except ssl.SSLCertVerificationError as error:
            raise DataError(
                f"the scheduler at {address} shows a certificate that the authority does not "
                f"vouch for ({error.verify_message}): give its own with --tls-ca"
            ) from None
        except ssl.SSLError as error:
            raise _foreign(address, _TLS_REASONS.get(error.reason, str(error.reason))) from None
        except TimeoutError:
            raise _foreign(
                address, "it says nothing; look at the port, and write tls:// if it is encrypted"
            ) from None
        except OSError as error:
            raise _foreign(address, str(error.strerror)) from None
    if len(said) < 8:
        raise _foreign(address, "it closes the connection")
    if not 0 < int.from_bytes(said, "little") < _GREETING:
        raise _foreign(address, "it speaks another language; look at the port")


def _foreign(address: str, reason: str) -> DataError:
    return DataError(f"no Dask scheduler can be talked to at {address}: {reason}")


def _client(address: str, security: Any) -> Any:
    distributed = _library()
    _silence()
    client = distributed.Client.__new__(distributed.Client)
    try:
        client.__init__(
            address, security=security, timeout=_ANSWER, name="kmeans-tui", set_as_default=False
        )
    except BaseException as error:
        _end(client)
        if not isinstance(error, Exception):
            raise
        reason = str(error).strip().splitlines()
        said = f"{type(error).__name__}{': ' + reason[0][:120] if reason else ''}"
        raise _foreign(address, f"{said}; look at the version of distributed there") from None
    return client


def _silence() -> None:
    """Keep messages of the library off the screen; what matters comes as an exception.

    Dask's configuration gives some loggers below these a level of their own.
    """
    for name in (*_LOGGERS, *logging.root.manager.loggerDict):
        if name.partition(".")[0] in _LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _end(client: Any) -> None:
    """End a client that could not connect, and its thread.

    Left to garbage collection, it is closed in any thread: in that of the next client it waits for
    a lock which that client's start holds, and the start fails after 10 seconds.
    """
    with contextlib.suppress(AttributeError, TimeoutError):
        client.close(timeout=_PROBE)
        client._loop_runner.stop()


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
