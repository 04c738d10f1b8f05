"""The same terminal and settings for every test, whatever those they were started from."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from kmeans_tui import user_keys

# The same examples each time, so that a failure belongs to the change that it stands beside.
# `pytest --hypothesis-profile explore` draws new ones. No test is about time: hypothesis would fail
# one that takes 200 ms, as any may on a busy machine.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("same")


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture(autouse=True)
def _keys() -> Iterator[None]:
    """No test leaves keys of its own to the next."""
    yield
    user_keys.use({})


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No test reads or writes the settings of whoever runs it."""
    folder = tmp_path_factory.mktemp("settings")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try a test of a real terminal once more when it fails.

    Four of them share two cores with the rest of the suite, and a kernel that lets a process wait
    for seconds looks like a program that hangs. A fault of the program fails twice.
    """
    for item in items:
        if "Terminal" in vars(item.module):  # type: ignore[attr-defined]
            item.add_marker(pytest.mark.flaky(reruns=1))
