import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kmeans_tui.worker_process import WorkerProcess, receive, send

# Longer than a pipe holds.
LONG = bytes(range(256)) * 20_000


@pytest.mark.parametrize("message", [b"", b"one", LONG, memoryview(LONG)])
def test_a_message_arrives_whole(message):
    pipe = io.BytesIO()
    send(pipe, message)
    send(pipe, b"next")
    pipe.seek(0)
    assert (receive(pipe), receive(pipe)) == (bytes(message), b"next")
    with pytest.raises(EOFError):
        receive(pipe)


def test_a_message_is_broken_off():
    pipe, asked = io.BytesIO(), []
    send(pipe, LONG, lambda: asked.append(None) or len(asked) > 2)
    assert len(pipe.getvalue()) == 8 + 2 * 2**20
    pipe.seek(0)
    with pytest.raises(EOFError):
        receive(pipe)


def echo(first, second):
    """The program of the process in the tests: answer with what is asked, on request die."""
    from kmeans_tui.worker_process import listening, own_pipes

    questions, answers = own_pipes()
    asked = listening(questions)
    print("to the terminal")
    os.write(2, b"past Python\n")
    threads = os.environ["OMP_NUM_THREADS"]
    send(answers, f"{first} {second} {threads} {'' in sys.path}".encode())
    while (message := asked.get()) != b"die":
        send(answers, message)
    os._exit(3)


def test_a_process_answers_on_one_thread_and_ends():
    process = WorkerProcess(echo, 7, -1)
    try:
        assert receive(process.answers) == b"7 -1 1 False"
        send(process.questions, LONG)
        assert receive(process.answers) == LONG
        assert process.lives
        send(process.questions, b"die")
        with pytest.raises(EOFError):
            receive(process.answers)
        assert process.wait() == 3
    finally:
        process.end()
    assert not process.lives


def test_it_starts_where_stderr_has_no_file_and_ends_with_the_program_that_started_it():
    code = """
import io, os, sys
sys.stderr = type("Screen", (io.StringIO,), {"fileno": lambda self: -1})()
from kmeans_tui.worker_process import WorkerProcess, receive
from tests.test_worker_process import echo
process = WorkerProcess(echo, 0, 0)
receive(process.answers)
print(process.pid, flush=True)
os.kill(os.getpid(), 9)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parents[1],
    )
    assert done.stderr == ""
    end = time.monotonic() + 30
    while runs(int(done.stdout)) and time.monotonic() < end:
        time.sleep(0.02)
    assert not runs(int(done.stdout))


def runs(pid):
    """Whether a process goes on; one that nobody waits for any more does not."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
