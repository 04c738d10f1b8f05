"""Every error on a cluster is one sentence, which says what is kept only in the middle of a run."""

import pytest

from kmeans_tui.partitioned.dask_failures import failure

AT = "tcp://10.0.0.5:8786"


# Errors of distributed are known by their names.
CommClosedError, KilledWorker = (
    type(name, (Exception,), {}) for name in ("CommClosedError", "KilledWorker")
)


@pytest.mark.parametrize(
    ("error", "running", "listing"),
    [
        (CommClosedError("x"), "the run continues where it was", "its workers again"),
        (KilledWorker("x"), "four workers died on the same rows of t", "KilledWorker: x"),
        (ImportError("x"), "install pyarrow there", "install pyarrow there"),
        (PermissionError(13, "no way"), "cannot be read any more on a worker: no way", "(no way)"),
        (RuntimeError("a\n b"), "failed on t: RuntimeError: a b", "failed on t: RuntimeError: a b"),
    ],
)
def test_each_error_is_a_sentence(error, running, listing):
    for said, on in ((running, True), (listing, False)):
        found = str(failure(error, "t", AT, running=on))
        assert said in found
        assert "\n" not in found
        assert ("run continues" in found) <= on
