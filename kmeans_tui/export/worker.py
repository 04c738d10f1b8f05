"""Write files in a separate process, so that the screen and keys never wait for it.

Drawing a million points holds Python's lock for up to seconds, so a thread would freeze the screen.
The process is started early, because loading matplotlib takes half a second. Requests are sent
through a pipe, their arrays without a copy; replies come back as lines of JSON. The process ends
when the pipe does.
"""

import contextlib
import json
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO, Final

from kmeans_tui.export import bundle
from kmeans_tui.export.bundle import FileListener, FileProgress, Request, Written
from kmeans_tui.export.figures import canvas
from kmeans_tui.whole_file import ExportError

_LENGTH: Final = struct.Struct("<Q")
# An array is written to the pipe in parts; a cancelled request ends between them.
_PART: Final = 1 << 20


class Worker:
    """Carries out requests one after the other.

    ``start`` returns at once. ``write`` may be called from any thread, and blocks; meanwhile
    ``cancel`` and ``close`` may be called from another. ``nice`` is how much the process yields to
    others. If no process can be started, ``write`` works in the calling thread.
    """

    def __init__(self, nice: int = 10) -> None:
        self._nice = nice
        self._process: subprocess.Popen[bytes] | None = None
        self._cancelled = threading.Event()
        self._busy = self._closed = False
        # Keeps a cancel from missing a process that is just being started.
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the process unless it is running."""
        with self._lock:
            if self._closed or (self._process is not None and self._process.poll() is None):
                return
            environment = {
                **os.environ,
                "KMEANS_TUI_NICE": str(self._nice),
                # Products with three columns would wake threads that wait for each other.
                "OPENBLAS_NUM_THREADS": "1",
                "OMP_NUM_THREADS": "1",
            }
            # -P: do not look for modules in the current folder.
            home = str(Path(__file__).parents[2])
            code = (
                f"import sys; sys.path.insert(0, {home!r}); from {__name__} import serve; serve()"
            )
            with contextlib.suppress(OSError):
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-c", code],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    # Output of libraries there would be written over the screen.
                    stderr=subprocess.DEVNULL,
                    env=environment,
                )

    def write(self, request: Request, progress: FileListener | None = None) -> Written:
        """Write all items of a request, as ``bundle.write`` does, with its errors.

        ``progress`` is called in the calling thread for every file and frame, and may stop the
        writing by returning False; a cancelled request keeps the files written so far.
        """
        bundle.check(request)
        self.start()
        with self._lock:
            process, self._busy = self._process, True
            self._cancelled.clear()
        if process is None:
            return self._here(request, progress)
        try:
            return self._there(process, request, progress)
        except ExportError:
            raise
        except BaseException:
            # The process would continue, and its replies be mistaken for those to the next request.
            self.cancel()
            raise
        finally:
            with self._lock:
                self._busy = False
            if process.poll() is not None or self._cancelled.is_set():
                process.wait()
                request.clean_up()

    def cancel(self) -> None:
        """Stop the current request; unfinished files are removed."""
        with self._lock:
            self._cancelled.set()
            if self._process is not None and self._busy:
                self._process.terminate()

    def close(self) -> None:
        """End the process, and with it the current request."""
        with self._lock:
            self._closed = True
            self._cancelled.set()
            process = self._process
        if process is not None:
            process.terminate()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()

    def __enter__(self) -> "Worker":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _here(self, request: Request, progress: FileListener | None) -> Written:
        def go_on(said: FileProgress) -> bool:
            heard = progress is None or progress(said) is not False
            return heard and not self._cancelled.is_set()

        return bundle.write(request, go_on)

    def _there(
        self, process: subprocess.Popen[bytes], request: Request, progress: FileListener | None
    ) -> Written:
        assert process.stdin is not None
        assert process.stdout is not None
        written: list[Path] = []
        try:
            _send(process.stdin, request, self._cancelled)
            for line in process.stdout:
                said = json.loads(line)
                if "refused" in said:
                    raise ExportError(said["refused"])
                if "written" in said:
                    return Written(tuple(map(Path, said["written"])), said["complete"])
                told = FileProgress(**said)
                written = list(request.targets().values())[: told.number - 1]
                if progress is not None and progress(told) is False:
                    self.cancel()
        except (OSError, ValueError) as error:
            if isinstance(error, ExportError):
                raise
            # The pipe broke: the process is gone.
        if self._cancelled.is_set():
            return Written(tuple(written), False)
        code = process.wait()
        why = f"signal {-code}" if code < 0 else f"exit code {code}"
        raise ExportError(
            f"the process that draws the files was ended ({why}), perhaps for lack of memory; "
            "try again, or choose a smaller size"
        )


def serve() -> None:
    """Carry out requests from stdin until it ends; runs only in the separate process."""
    requests, replies = _own_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        with contextlib.suppress(OSError, ValueError):
            os.nice(int(os.environ.get("KMEANS_TUI_NICE", "0")))
    canvas.prepare()

    def say(value: dict[str, Any]) -> None:
        replies.write(json.dumps(value).encode() + b"\n")
        replies.flush()

    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            request = _receive(requests)
            try:
                found = bundle.write(request, lambda said: say(vars(said)))
                say({"written": [str(path) for path in found.paths], "complete": found.complete})
            except ExportError as error:
                say({"refused": str(error)})


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return stdin and stdout for requests and replies; other output is discarded."""
    requests, replies = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return os.fdopen(requests, "rb"), os.fdopen(replies, "wb")


def _send(pipe: Any, request: Request, cancelled: threading.Event) -> None:
    """Send a request, followed by its arrays: first the lengths, then the bytes.

    Ends early once ``cancelled`` is set, as the reader is gone then.
    """
    arrays: list[pickle.PickleBuffer] = []
    head = pickle.dumps(request, protocol=5, buffer_callback=arrays.append)
    parts = [memoryview(head), *(array.raw() for array in arrays)]
    lengths = [_LENGTH.pack(each) for each in (len(parts), *(part.nbytes for part in parts))]
    pipe.write(b"".join(lengths))
    for part in parts:
        for start in range(0, part.nbytes, _PART):
            if cancelled.is_set():
                return
            pipe.write(part[start : start + _PART])
    pipe.flush()


def _receive(pipe: BinaryIO) -> Request:
    (count,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    lengths = [_LENGTH.unpack(_exactly(pipe, _LENGTH.size))[0] for _ in range(count)]
    head, *arrays = (_exactly(pipe, length) for length in lengths)
    request: Request = pickle.loads(head, buffers=_read_only(arrays))
    return request


def _read_only(arrays: Iterable[bytearray]) -> list[memoryview]:
    return [memoryview(each).toreadonly() for each in arrays]


def _exactly(pipe: BinaryIO, length: int) -> bytearray:
    """Read exactly ``length`` bytes; raises ``EOFError`` if there are fewer."""
    found = bytearray(length)
    view, have = memoryview(found), 0
    while have < length:
        got = pipe.readinto(view[have:])  # type: ignore[attr-defined]
        if not got:
            raise EOFError
        have += got
    return found
