"""The server: the page and its files, and a visit for each websocket."""

import asyncio
import json
import logging
import signal
import socket
from collections.abc import Awaitable, Callable
from dataclasses import replace
from importlib.resources import files
from typing import Final

from aiohttp import WSMsgType, web

from kmeans_tui.command import Options
from kmeans_tui.serving.access import Access
from kmeans_tui.serving.allowance import (
    MOST_COLUMNS,
    MOST_LINES,
    MOST_TYPED,
    Allowance,
    bounded,
)
from kmeans_tui.serving.downloads import Downloads
from kmeans_tui.serving.process import Task
from kmeans_tui.serving.room import Room
from kmeans_tui.serving.visit import ENDED, FULL, Visit

# The only files there are, by their addresses: package, file, type.
_FILES: Final = {
    "/": ("kmeans_tui.serving", "page/index.html", "text/html"),
    "/page.css": ("kmeans_tui.serving", "page/page.css", "text/css"),
    "/page.js": ("kmeans_tui.serving", "page/page.js", "text/javascript"),
    "/terminal.css": ("textual_serve", "static/css/xterm.css", "text/css"),
    "/terminal.js": ("textual_serve", "static/js/textual.js", "text/javascript"),
    "/font.ttf": (
        "textual_serve",
        "static/fonts/RobotoMono-VariableFont_wght.ttf",
        "font/ttf",
    ),
}
# Seconds for all visits to end with the server.
_PATIENCE: Final = 5.0
# Seconds after which a page that no longer answers is given up.
_HEARTBEAT: Final = 15.0
# Seconds for a page to answer that it is closed.
_FAREWELL: Final = 2.0


class Server:
    """Serves the options to visitors; ``room`` is where they are at home."""

    def __init__(
        self,
        options: Options,
        room: Room,
        access: Access,
        allowance: Allowance,
        tell: Callable[[str], object],
    ) -> None:
        self.options = replace(options, data=room.data)
        self._room, self._access, self._allowance, self._tell = room, access, allowance, tell
        self._downloads = Downloads()
        # Places that are taken; a visit may still be starting, or ending.
        self._visits: dict[object, Visit] = {}
        self._taken = 0
        self._ending = False

    async def run(self, listening: socket.socket, ready: Callable[[], None]) -> int:
        """Serve until a signal comes, and return its number."""
        # Nonsense that is sent to a server is not worth a line.
        for name in ("aiohttp", "textual-serve"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        loop = asyncio.get_running_loop()
        signalled: asyncio.Future[int] = loop.create_future()

        def heard(number: int) -> None:
            if not signalled.done():
                signalled.set_result(number)

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, heard, number)
        runner = web.AppRunner(
            self._application(), access_log=None, handle_signals=False, shutdown_timeout=_PATIENCE
        )
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            ready()
            return await signalled
        finally:
            self._ending = True
            await runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._of_ours])
        for address, (package, name, kind) in _FILES.items():
            body = files(package).joinpath(name).read_bytes()
            application.router.add_get(address, _file(body, kind))
        application.router.add_get("/ws", self._visit, allow_head=False)
        application.router.add_get("/download/{key}", self._download, allow_head=False)
        application.on_response_prepare.append(self._secure)
        application.on_shutdown.append(self._end_all)
        return application

    @web.middleware
    async def _of_ours(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Refuse a request under a name that is not ours."""
        if not self._access.answers(request.headers.getall("Host", [])):
            raise web.HTTPForbidden(
                text="This server does not go by that name; --allow-host NAME allows one.\n"
            )
        return await handler(request)

    async def _secure(self, request: web.Request, response: web.StreamResponse) -> None:
        """Let the page load from here alone, and nobody frame it."""
        hosts = request.headers.getall("Host", [])
        sockets = f" ws://{hosts[0]} wss://{hosts[0]}" if self._access.answers(hosts) else ""
        response.headers.update(
            {
                # The terminal sets its sizes and colours in style elements that it makes.
                "Content-Security-Policy": "default-src 'none'; script-src 'self'; "
                f"style-src 'self' 'unsafe-inline'; font-src 'self'; img-src data:; "
                f"connect-src 'self'{sockets}; base-uri 'none'; form-action 'none'; "
                "frame-ancestors 'none'",
                "X-Content-Type-Options": "nosniff",
                "X-Frame-Options": "DENY",
                "Referrer-Policy": "no-referrer",
                "Cross-Origin-Opener-Policy": "same-origin",
                "Cross-Origin-Resource-Policy": "same-origin",
                "Cache-Control": "no-store",
                "Server": "kmeans-tui",
            }
        )

    async def _download(self, request: web.Request) -> web.StreamResponse:
        # A link on another page must not fetch a visitor's file.
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise web.HTTPForbidden(text="Files go to pages of this server only.\n")
        origins = request.headers.getall("Origin", [])
        if origins and not self._access.trusts(request.headers.getall("Host", []), origins):
            raise web.HTTPForbidden(text="Files go to pages of this server only.\n")
        key = request.match_info["key"]
        found = self._downloads.take(key)
        if found is None:
            raise web.HTTPNotFound(text="There is no such file, or it was fetched already.\n")
        response = web.StreamResponse()
        name = "".join(c if c.isalnum() or c in "-_.=" else "-" for c in found.file_name)
        response.headers["Content-Type"] = "application/octet-stream"
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{_quoted(name)}"
        await response.prepare(request)
        try:
            async for part in self._downloads.download(key):
                await response.write(part)
        except ConnectionError:
            if request.transport is not None:
                request.transport.abort()
            return response
        await response.write_eof()
        return response

    async def _visit(self, request: web.Request) -> web.StreamResponse:
        headers = request.headers
        if not self._access.trusts(headers.getall("Host", []), headers.getall("Origin", [])):
            raise web.HTTPForbidden(text="Visits begin on the page of this server only.\n")
        websocket = web.WebSocketResponse(
            timeout=_FAREWELL, heartbeat=_HEARTBEAT, max_msg_size=MOST_TYPED
        )
        if not websocket.can_prepare(request).ok:
            raise web.HTTPBadRequest(text="This address is for the page of this server.\n")
        if self._taken >= self._allowance.visitors or self._ending:
            await websocket.prepare(request)
            await websocket.close(code=FULL, message=self._allowance.full.encode())
            return websocket
        self._taken += 1
        folder = None
        visit = Visit(websocket, self._downloads)
        self._visits[websocket] = visit
        try:
            await websocket.prepare(request)
            folder = self._room.enter()
            size = (
                bounded(request.query.get("width"), MOST_COLUMNS, 80),
                bounded(request.query.get("height"), MOST_LINES, 24),
            )
            task = Task(self.options, self._allowance.memory, size)
            await visit.begin(task, folder, self._room.environment(folder))
            await self._attend(visit, websocket)
        except OSError as error:
            self._tell(f"a visit could not begin: {error.strerror or error}")
        finally:
            del self._visits[websocket]
            try:
                await visit.end()
            finally:
                self._taken -= 1
                if folder is not None:
                    self._room.leave(folder)
            if visit.failed:
                self._tell(f"a visit has ended: {visit.failed}")
            if not websocket.closed:
                await websocket.close()
        return websocket

    async def _attend(self, visit: Visit, websocket: web.WebSocketResponse) -> None:
        """Pass on what the page sends until it is gone; what it should not send is ignored."""
        watch = asyncio.create_task(visit.watch(self._allowance))
        try:
            async for message in websocket:
                if message.type is WSMsgType.TEXT:
                    await _heard(visit, websocket, message.data)
        except (TimeoutError, ConnectionError):
            return
        finally:
            watch.cancel()

    async def _end_all(self, _: web.Application) -> None:
        for visit in list(self._visits.values()):
            visit.over = ENDED, "The server has ended."
        await asyncio.gather(*(visit.leave() for visit in list(self._visits.values())))


async def _heard(visit: Visit, websocket: web.WebSocketResponse, text: str) -> None:
    """Take one message of the page."""
    try:
        kind, *rest = json.loads(text)
        value = rest[0] if rest else None
    except (ValueError, TypeError, RecursionError):
        return
    if kind == "stdin" and isinstance(value, str):
        await visit.take(value)
    elif kind == "resize" and isinstance(value, dict):
        columns = bounded(value.get("width"), MOST_COLUMNS, 80)
        await visit.resize(columns, bounded(value.get("height"), MOST_LINES, 24))
    elif kind == "ping" and isinstance(value, str):
        await websocket.send_json(["pong", value[:40]])


def _file(body: bytes, kind: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    charset = None if kind.startswith("font") else "utf-8"

    async def serve(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type=kind, charset=charset)

    return serve


def _quoted(name: str) -> str:
    from urllib.parse import quote

    return quote(name, safe="")
