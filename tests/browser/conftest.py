"""A real Chromium for the tests in this folder; without one they are skipped, and say so."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.chromium import NAMES, place, started


# Not for the session: while playwright runs, so does its event loop, and no asynchronous test of
# another module could have its own.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Return a playwright ``Browser`` of the system's Chromium."""
    pytest.importorskip(
        "playwright.sync_api", reason="playwright is missing: install the extra 'browser'"
    )
    path = place()
    if path is None:
        pytest.skip(f"no browser on this machine: looked for {', '.join(NAMES)}")
    with started(path) as browser:
        yield browser
