"""Files on their way from a visitor's process to the visitor's browser."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Final

from textual_serve.download_manager import Download, DownloadManager

_PART: Final = 1 << 16
# Seconds without a part after which a download has failed; a busy computer takes its time.
_PATIENCE: Final = 30.0


class Downloads(DownloadManager):
    """The files that can be fetched: each once, and while its visitor is there.

    A download that fails is broken off, so that no browser takes a part for the whole.
    """

    def __init__(self) -> None:
        super().__init__()
        self._taken: set[str] = set()

    def take(self, key: str) -> Download | None:
        """Return a file to be fetched; nobody can fetch it again."""
        found = self._active_downloads.get(key)
        if found is None or key in self._taken:
            return None
        self._taken.add(key)
        return found

    async def download(self, delivery_key: str) -> AsyncGenerator[bytes, None]:
        """Yield the parts of a file that was taken; raises ``ConnectionError`` if it fails."""
        taken = self._active_downloads[delivery_key]
        ask: dict[str, str | int | bool | None] = {
            "type": "deliver_chunk_request",
            "key": delivery_key,
            "size": _PART,
        }
        try:
            while await taken.app_service.send_meta(ask):
                try:
                    part = await asyncio.wait_for(taken.incoming_chunks.get(), _PATIENCE)
                except TimeoutError:
                    break
                if part is None:
                    break
                if not part:
                    return
                yield part
        finally:
            self._active_downloads.pop(delivery_key, None)
            self._taken.discard(delivery_key)
        raise ConnectionError("the file was not handed over in time")

    async def cancel_app_downloads(self, app_service_id: str) -> None:
        """Break off what a visitor is fetching, and forget the rest."""
        await super().cancel_app_downloads(app_service_id)
        for key, each in list(self._active_downloads.items()):
            if each.app_service.app_service_id == app_service_id and key not in self._taken:
                del self._active_downloads[key]
