"""The program of a process that does pieces of work, one after the other, until its program ends.

It is asked by pairs of messages: the path of the points, and a pickle of (function, arguments). It
answers with a pickle of the result; an empty answer says that the work failed. An empty path says
that the points are not needed any more: no work follows, and no answer.
"""

import os
import pickle
import shutil
from typing import Any

import numpy as np

from kmeans_tui.worker_process import listening, own_pipes, send


def serve() -> None:
    """Do what is asked."""
    questions, answers = own_pipes()
    last = ""
    points: np.ndarray | None = None

    def ended() -> None:
        if last:  # a program that was killed has left them
            shutil.rmtree(os.path.dirname(last), ignore_errors=True)

    asked = listening(questions, ended)
    while True:
        path = asked.get().decode()
        if path != last:
            last, points = path, None
        if not path:
            continue
        message = asked.get()
        try:
            if points is None:
                points = _points(path)
            answer = _answer(points, message)
        except (OSError, MemoryError):
            answer = b""
        send(answers, answer)


def _points(path: str) -> np.ndarray:
    points: Any = np.load(path, mmap_mode="r", allow_pickle=False)
    found: np.ndarray = points.view(np.ndarray)
    return found


def _answer(points: np.ndarray, message: bytearray) -> bytes:
    try:
        work, arguments = pickle.loads(message)
        return pickle.dumps(work(points, *arguments, _always), protocol=5)
    except Exception:
        # The program does the work itself, and meets the error where it can be told.
        return b""


def _always(_doing: str) -> bool:
    return True
