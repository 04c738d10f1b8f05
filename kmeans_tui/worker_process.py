"""A process that works for this one: silent, on one thread, and gone when this one is.

It is a bare interpreter. On two busy cores its first result comes after 0.2 s, and after 0.7 s from
joblib's, which start two more that watch over them. ``multiprocessing`` would run the main module
again, and its watching process needs a file behind stderr, which there is none of while the screen
is open. Here a process ends when its input does, however this one ends.

Messages go through its stdin and stdout: each is bytes after their length, 8 bytes.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, Final

# One thread each, and no processes of their own.
_ALONE: Final = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LOKY_MAX_CPU_COUNT"), "1"
)
# A long message is written in parts; it can be broken off between them.
_PART: Final = 1 << 20


class WorkerProcess:
    """A process that calls ``entry(*given)``, a function at the top of a module.

    ``questions`` is its input, ``answers`` its output. Raises ``OSError`` if none can be started.
    """

    def __init__(self, entry: Callable[..., None], *given: int) -> None:
        name = entry.__name__
        program = f"from {entry.__module__} import {name}; {name}({', '.join(map(str, given))})"
        paths = [*filter(None, sys.path), str(Path(__file__).parents[1])]
        with _deaf():
            # -P: do not look for modules in the current folder.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # What libraries print there would be drawn over the screen.
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_ALONE, "PYTHONPATH": os.pathsep.join(paths)},
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.questions: IO[bytes] = self._process.stdin
        self.answers: IO[bytes] = self._process.stdout

    @property
    def pid(self) -> int:
        """Its number in the system."""
        return self._process.pid

    @property
    def lives(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process, whatever it does; from any thread."""
        self._process.kill()

    def wait(self) -> int:
        """Wait until it has ended; return its exit code, negative for a signal."""
        return self._process.wait()

    def end(self) -> None:
        """End the process and close its pipes, from which nobody may be reading."""
        self.kill()
        self.wait()
        for pipe in (self.questions, self.answers):
            with suppress(OSError):
                pipe.close()


def send(
    pipe: IO[bytes], message: bytes | memoryview, stop: Callable[[], bool] | None = None
) -> None:
    """Write a message, or a part of it if ``stop`` returns True: then nobody may read on.

    Raises ``OSError`` if the other side has ended.
    """
    view = memoryview(message).cast("B")
    pipe.write(view.nbytes.to_bytes(8, "little"))
    for start in range(0, view.nbytes, _PART):
        if stop is not None and stop():
            return
        pipe.write(view[start : start + _PART])
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytearray:
    """Read a message; raises ``EOFError`` if the other side has ended."""
    return _exactly(pipe, int.from_bytes(_exactly(pipe, 8), "little"))


def own_pipes(nice: int = 0) -> tuple[IO[bytes], IO[bytes]]:
    """Return questions and answers, in the process itself; all else it prints goes nowhere.

    ``nice`` is how much lower than that of the program its priority is, where there is such.
    """
    # The whole terminal is interrupted at once; the program decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for each in (0, 1, 2):
        os.dup2(nowhere, each)
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(nice)
    return questions, answers


def listening(
    questions: IO[bytes], ended: Callable[[], object] = lambda: None
) -> "SimpleQueue[bytearray]":
    """Return a queue that messages come into, in the process itself.

    Once the program has ended, ``ended`` is called and this process ends at once.
    """
    found: SimpleQueue[bytearray] = SimpleQueue()
    threading.Thread(target=_listen, args=(questions, found, ended), daemon=True).start()
    return found


def _listen(
    questions: IO[bytes], found: "SimpleQueue[bytearray]", ended: Callable[[], object]
) -> None:
    try:
        while True:
            found.put(receive(questions))
    except (EOFError, OSError):
        ended()
    finally:
        os._exit(0)


def _exactly(pipe: Any, length: int) -> bytearray:
    found = bytearray(length)
    view, have = memoryview(found), 0
    while have < length:
        got = pipe.readinto(view[have:])
        if not got:
            raise EOFError
        have += got
    return found


@contextmanager
def _deaf() -> Iterator[None]:
    """Keep ctrl+c from processes that start meanwhile: it is for the program to stop them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
