"""What went wrong on a Dask cluster, in one sentence."""

from typing import Final

from kmeans_tui.data.columns import DataError

# What distributed raises when the connection is gone.
_LOST: Final = (
    "FutureCancelledError",
    "CommClosedError",
    "CancelledError",
    "ClosedClientError",
    "TimeoutError",
)
# In the middle of a run, what is done is not lost.
_CONTINUES: Final = "then run again; the run continues where it was"


def failure(error: Exception, name: str, address: str, *, running: bool) -> DataError:
    """Return the sentence for an error on the cluster of the scheduler at ``address``.

    ``name`` is the table's, ``running`` whether a run was in the middle of it.
    """
    kind = type(error).__name__
    if kind in _LOST:
        return gone(address, running=running)
    if running and kind == "KilledWorker":
        return DataError(
            f"four workers died on the same rows of {name}, probably for want of memory: give "
            "them more with --memory-limit"
        )
    if isinstance(error, ImportError):
        return DataError(
            f"a worker cannot read {name}: install pyarrow there (pip install pyarrow)"
        )
    if isinstance(error, OSError):
        reason = error.strerror or str(error)
        if running:
            return DataError(f"{name} cannot be read any more on a worker: {reason}")
        return DataError(
            f"the workers cannot read {name} ({reason}): put it where they see it by the same path"
        )
    said = " ".join(str(error).split())[:200]
    return DataError(f"the cluster failed on {name}: {kind}: {said}")


def gone(address: str, *, running: bool) -> DataError:
    """Return the sentence for a scheduler that does not answer any more."""
    again = f", {_CONTINUES}" if running else ""
    return DataError(f"the scheduler at {address} is gone: start it and its workers again{again}")


def deserted(address: str) -> DataError:
    """Return the sentence for a scheduler whose workers do not come back."""
    return DataError(
        f"the scheduler at {address} has no workers any more: start some with dask worker "
        f"{address}, {_CONTINUES}"
    )
