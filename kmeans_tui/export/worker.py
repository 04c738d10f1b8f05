"""Write files in a separate process, so that the screen and keys never wait for it.

Drawing a million points holds Python's lock for up to seconds, so a thread would freeze the screen.
The process is started early, because loading matplotlib takes half a second. Requests are sent
through a pipe, their arrays without a copy; replies come back as lines of JSON. The process ends
when the pipe does.
"""

import contextlib
import json
import pickle
import threading
from pathlib import Path
from typing import IO, Any

from kmeans_tui.export import bundle
from kmeans_tui.export.bundle import FileListener, FileProgress, Request, Written
from kmeans_tui.export.figures import canvas
from kmeans_tui.whole_file import ExportError
from kmeans_tui.worker_process import WorkerProcess, own_pipes, receive, send


class Worker:
    """Carries out requests one after the other.

    ``start`` returns at once. ``write`` may be called from any thread, and blocks; meanwhile
    ``cancel`` and ``close`` may be called from another. ``nice`` is how much the process yields to
    others. If no process can be started, ``write`` works in the calling thread.
    """

    def __init__(self, nice: int = 10) -> None:
        self._nice = nice
        self._process: WorkerProcess | None = None
        self._cancelled = threading.Event()
        self._busy = self._closed = False
        # Keeps a cancel from missing a process that is just being started.
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the process unless it is running."""
        with self._lock:
            if self._closed or (self._process is not None and self._process.lives):
                return
            with contextlib.suppress(OSError):
                self._process = WorkerProcess(serve, self._nice)

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
            if not process.lives or self._cancelled.is_set():
                process.wait()
                request.clean_up()

    def cancel(self) -> None:
        """Stop the current request; unfinished files are removed."""
        with self._lock:
            self._cancelled.set()
            if self._process is not None and self._busy:
                self._process.kill()

    def close(self) -> None:
        """End the process, and with it the current request."""
        with self._lock:
            self._closed = True
            self._cancelled.set()
            process = self._process
        if process is not None:
            process.end()

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
        self, process: WorkerProcess, request: Request, progress: FileListener | None
    ) -> Written:
        written: list[Path] = []
        try:
            _send(process.questions, request, self._cancelled)
            for line in process.answers:
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


def serve(nice: int) -> None:
    """Carry out requests from stdin until it ends; runs only in the separate process."""
    requests, replies = own_pipes(nice)
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


def _send(pipe: IO[bytes], request: Request, cancelled: threading.Event) -> None:
    """Send a request: the number of its arrays, itself, and each array.

    Ends early once ``cancelled`` is set, as the reader is gone then.
    """
    arrays: list[pickle.PickleBuffer] = []
    head = pickle.dumps(request, protocol=5, buffer_callback=arrays.append)
    send(pipe, len(arrays).to_bytes(8, "little"))
    for part in (memoryview(head), *(array.raw() for array in arrays)):
        send(pipe, part, cancelled.is_set)


def _receive(pipe: IO[bytes]) -> Request:
    count = int.from_bytes(receive(pipe), "little")
    head, arrays = receive(pipe), [receive(pipe) for _ in range(count)]
    # Arrays that come from read-only memory cannot be changed by mistake.
    request: Request = pickle.loads(
        head, buffers=[memoryview(each).toreadonly() for each in arrays]
    )
    return request
