"""Stop a pass from another thread, as the screen does."""

import threading

import pytest

from kmeans_tui.partitioned.executor import Assign, Stopped


def stop_from_outside(executor, centroids, seconds):
    """Make passes over and over, and assert that ``cancel`` after so many seconds ends them."""
    ended = threading.Event()

    def cancel():
        # Between two passes, there is none to end.
        while not ended.wait(seconds):
            executor.cancel()

    def endless():
        while True:
            executor.iterate(Assign(centroids))

    outside = threading.Thread(target=cancel)
    outside.start()
    try:
        with pytest.raises(Stopped):
            endless()
    finally:
        ended.set()
        outside.join()
