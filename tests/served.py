"""A server for tests: the command in a process of its own, on loopback, with all that it starts."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pytest

pytest.importorskip("textual_serve", reason="textual-serve is missing: install the extra 'web'")
pytest.importorskip("resource", reason="the system cannot limit memory")

HOME = Path(__file__).parent.parent


class Served:
    """``kmeans-tui serve`` on a free port; its files are all below ``folder``."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder = folder
        (folder / "tmp").mkdir(parents=True, exist_ok=True)
        self._errors = folder / "errors"
        environment = {**os.environ, "TMPDIR": str(folder / "tmp"), "PYTHONPATH": str(HOME)}
        with open(self._errors, "wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kmeans_tui", "serve", *words, "--port", "0"],
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=folder,
                env=environment,
            )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().decode().strip().removesuffix("/")
        assert self.address, self.errors

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise
        assert self.process.stdout is not None
        self.process.stdout.close()

    @property
    def errors(self) -> str:
        """What it has said on stderr."""
        return self._errors.read_text()

    @property
    def host(self) -> str:
        """Name and port."""
        return self.address.removeprefix("http://")

    @property
    def visits(self) -> list[int]:
        """The processes of its visitors."""
        return children(self.process.pid)


def children(parent: int) -> list[int]:
    """The processes that a process has started and that are not over."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in listed.stdout.splitlines()]
    return [int(pid) for pid, by, state in rows if int(by) == parent and not state.startswith("Z")]


def soon(true: Callable[[], object], seconds: float = 20) -> bool:
    """Wait until something is true; whether it ever was."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
