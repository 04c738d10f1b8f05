"""The system's Chromium, driven by playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# The names of the system's browser; playwright's own builds are downloaded, which not every
# machine may do.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# As root its sandbox does not start; without the rest it waits for displays and calls home.
ARGUMENTS = ("--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")


def place() -> str | None:
    """The path of the browser, if there is one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def started(path: str) -> Iterator[Any]:
    """Start the browser, a ``Browser`` of playwright, and close it in the end."""
    from playwright.sync_api import sync_playwright

    root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, *root])
        yield browser
        browser.close()
