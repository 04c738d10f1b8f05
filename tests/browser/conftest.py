"""A real Chromium for the tests in this folder; without one they are skipped, and say so."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

# The names of the system's browser; playwright's own builds are downloaded, which not every
# machine may do.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# As root its sandbox does not start; without the rest it waits for displays and calls home.
ARGUMENTS = ("--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")


# Not for the session: while playwright runs, so does its event loop, and no asynchronous test of
# another module could have its own.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Return a playwright ``Browser`` of the system's Chromium."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is missing: install the extra 'browser'"
    )
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no browser on this machine: looked for {', '.join(NAMES)}")
    root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=[*ARGUMENTS, *root])
        yield browser
        browser.close()
