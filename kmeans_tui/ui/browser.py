"""The page of a visitor: it may send anything and close at any moment.

The server passes on what the page sends in packets, and what is drawn to the page.
"""

import os
import selectors
import sys
import threading
from codecs import getincrementaldecoder
from typing import Any, Final

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers._byte_stream import ByteStream
from textual.drivers.web_driver import WebDriver
from textual.geometry import Size

from kmeans_tui.ui.typed_input import fed

# The first line to the server, after which all is packets.
READY: Final = b"__GANGLION__\n"
# Seconds after which a lone escape counts as the key.
_PATIENCE: Final = 0.1
_PART: Final = 1 << 16


class BrowserDriver(WebDriver):
    """Textual's driver for browsers, steadier: whole packets, any input, an end with the server."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        # Two threads write: one draws, the other hands over files.
        self._writing = threading.Lock()
        self._write = self._write_whole  # type: ignore[assignment]

    def _write_whole(self, data: bytes) -> int:
        left = memoryview(data)
        try:
            with self._writing:
                while left:
                    left = left[os.write(self.fileno, left) :]
        except OSError:
            self._lost()
        return len(data)

    def _lost(self) -> None:
        """End as for a hangup, because the server is gone."""
        self._app.call_later(self._app.exit, return_code=129)

    def start_application_mode(self) -> None:
        """Prepare the page, and begin to listen; signals are the program's own business."""
        self._write_whole(READY)
        self.write("\x1b[?1049h\x1b[?25l")
        self._enable_mouse_support()
        self._request_terminal_sync_mode_support()
        self._enable_bracketed_paste()
        size = Size(*(self._size or (80, 24)))
        self._app.call_later(self._app.post_message, events.Resize(size, size))
        self._key_thread.start()

    def run_input_thread(self) -> None:
        """Take packets from the server until it is gone or the program ends."""
        stdin = sys.__stdin__
        assert stdin is not None
        decode = getincrementaldecoder("utf-8")("ignore").decode
        parser, packets = XTermParser(self._debug), ByteStream()
        with selectors.DefaultSelector() as selector:
            selector.register(stdin.fileno(), selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if not selector.select(_PATIENCE):
                    parser = fed(parser, "", self.process_message, debug=self._debug)
                    continue
                data = os.read(stdin.fileno(), _PART)
                if not data:
                    self._lost()
                    return
                for kind, payload in packets.feed(data):
                    if kind != "D":
                        self._on_meta(kind, payload)
                    elif typed := decode(payload):
                        parser = fed(parser, typed, self.process_message, debug=self._debug)

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """Do what the server asks; that the page has lost the focus changes nothing."""
        if packet_type == "quit":
            self._app.call_later(self._app.exit)
        elif packet_type == "notice":
            self._app.call_later(
                self._app.notify,
                str(payload["text"]),
                severity="warning",
                timeout=float(str(payload["seconds"])),
            )
        elif packet_type in ("resize", "deliver_chunk_request"):
            super().on_meta(packet_type, payload)
