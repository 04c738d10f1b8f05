"""One visit, seen from the server: a process, what goes to and fro, and when it ends."""

import asyncio
import contextlib
import os
import signal
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from textual_serve.app_service import AppService

from kmeans_tui.serving.allowance import Allowance, minutes
from kmeans_tui.serving.downloads import Downloads
from kmeans_tui.serving.process import Task
from kmeans_tui.serving.room import interpreter
from kmeans_tui.ui.browser import READY
from kmeans_tui.words import printable

# Seconds: for an orderly end of the process, and for it to take what was typed.
_TO_END: Final = 2.0
_TO_LISTEN: Final = 20.0
# How long before the end an idle visitor is told, as a part of the time allowed and in seconds.
_WARNING: Final = (0.2, 60.0)
# Bytes that fit into the reason of a close.
_REASON: Final = 123
# Our own codes for the end of a websocket.
ENDED, FULL, IDLE = 4000, 4001, 4002
_LAST_WORDS: Final = 2_000


class Visit(AppService):
    """A visitor's process, which ends with the visit whatever happens.

    ``over`` is why it ended, for the page: a code and a sentence.
    """

    def __init__(self, websocket: web.WebSocketResponse, downloads: Downloads) -> None:
        super().__init__(
            "",
            write_bytes=websocket.send_bytes,
            write_str=websocket.send_str,
            close=self.leave,
            download_manager=downloads,
        )
        self._websocket = websocket
        self._typed = time.monotonic()
        self._errors: Path | None = None
        self.over = ENDED, "The program has ended."
        self.failed = ""

    async def begin(self, task: Task, folder: Path, environment: Mapping[str, str]) -> None:
        """Start the process, in a group of its own so that it can be ended whole."""
        self._errors = folder / "tmp" / "errors"
        with open(self._errors, "wb") as errors:
            process = await asyncio.create_subprocess_exec(
                *interpreter(),
                stdin=PIPE,
                stdout=PIPE,
                stderr=errors,
                cwd=folder,
                env=dict(environment),
                start_new_session=True,
            )
        self._process, self._stdin = process, process.stdin
        self._typed = time.monotonic()
        with contextlib.suppress(OSError):
            self.stdin.write(task.packed())
            await self.stdin.drain()
        self._task = asyncio.create_task(self._pass_on(process))

    async def take(self, text: str) -> None:
        """Pass on what was typed; raises ``TimeoutError`` if the process no longer listens."""
        self._typed = time.monotonic()
        await asyncio.wait_for(self.send_bytes(text.encode("utf-8", "ignore")), _TO_LISTEN)

    async def resize(self, columns: int, lines: int) -> None:
        """Pass on a new size of the page."""
        await asyncio.wait_for(self.set_terminal_size(columns, lines), _TO_LISTEN)

    async def watch(self, allowance: Allowance) -> None:
        """End the visit once nothing was typed for too long; say so before."""
        allowed, warned = allowance.idle * 60, False
        warning = min(_WARNING[0] * allowed, _WARNING[1])
        while (left := self._typed + allowed - time.monotonic()) > 0:
            if left > warning:
                warned = False
            elif not warned:
                warned = True
                text = f"No key for long: this ends in {minutes(left / 60)}; any key goes on."
                await self.send_meta({"type": "notice", "text": text, "seconds": int(left) + 1})
            await asyncio.sleep(left - warning if left > warning else left)
        self.over = IDLE, f"This visit has ended: no key for {minutes(allowance.idle)}."
        await self.leave()

    async def on_meta(self, data: bytes) -> None:
        """Do what the process asks; addresses are not opened."""
        import json

        if json.loads(data)["type"] in ("exit", "deliver_file_start"):
            await super().on_meta(data)

    async def end(self) -> None:
        """End the process and all that it has started, soon in any case."""
        process, task = self._process, self._task
        if process is None:
            return
        await self._download_manager.cancel_app_downloads(self.app_service_id)
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self.send_meta({"type": "quit"}), _TO_END / 2)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _TO_END)
        # What it has started may be left, such as a process that draws an export.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def leave(self) -> None:
        """Close the page's connection, and tell it why."""
        code, said = self.over
        reason = said.encode()[:_REASON].decode("utf-8", "ignore").encode()
        with contextlib.suppress(Exception):
            await self._websocket.close(code=code, message=reason)

    async def _pass_on(self, process: Process) -> None:
        """Pass on what the process sends, until it ends."""
        output = process.stdout
        assert output is not None
        takers: Mapping[bytes, Any] = {b"D": self.on_data, b"M": self.on_meta, b"P": self.on_packed}
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            if await output.readexactly(len(READY)) == READY:
                while True:
                    head = await output.readexactly(5)
                    payload = await output.readexactly(int.from_bytes(head[1:], "big"))
                    await takers[head[:1]](payload)
        code = await process.wait()
        if code not in (0, 129) and self.over[0] == ENDED and self._errors is not None:
            self.failed = _last_words(self._errors)
            ended = self.failed or "perhaps it needed more memory than allowed"
            self.over = ENDED, f"The program has ended: {ended}"
        await self.leave()


def _last_words(errors: Path) -> str:
    """Return the last line that a process wrote on stderr."""
    try:
        with open(errors, "rb") as file:
            file.seek(max(0, errors.stat().st_size - _LAST_WORDS))
            lines = file.read().decode("utf-8", "replace").strip().splitlines()
    except OSError:
        return ""
    return printable(lines[-1]).removeprefix("kmeans-tui: ") if lines else ""


async def check(task: Task, folder: Path, environment: Mapping[str, str]) -> int:
    """Return the exit code of a process that opens the options as a visitor's would.

    It says on stderr what is wrong.
    """
    process = await asyncio.create_subprocess_exec(
        *interpreter(),
        stdin=PIPE,
        stdout=DEVNULL,
        cwd=folder,
        env=dict(environment),
        # ctrl+c is for the server.
        start_new_session=True,
    )
    assert process.stdin is not None
    try:
        process.stdin.write(task.packed())
        await process.stdin.drain()
        return await process.wait()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
