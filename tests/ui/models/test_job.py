"""Work beside the event loop: its result, its error, its end on request."""

import threading

import pytest
from textual.widget import Widget

from kmeans_tui.analysis.progress import Progress
from kmeans_tui.ui.models.job import Job
from tests.pilot import shown, until


class Owner(Widget):
    """Keeps what its jobs brought."""

    def __init__(self):
        super().__init__()
        self.done = []
        self.threads = []

    def on_job_done(self, message):
        self.done.append(message)
        self.threads.append(threading.current_thread())


@pytest.fixture
async def owner():
    widget = Owner()
    async with shown(widget, size=(10, 2)) as pilot:
        widget.pilot = pilot
        yield widget


async def finished(owner, count=1):
    await until(owner.pilot, lambda: len(owner.done) == count)
    return owner.done


async def test_a_result_arrives_on_the_event_loop(owner):
    worked = []
    job = Job(owner, lambda job: worked.append(threading.current_thread()) or 42).start()
    (done,) = await finished(owner)
    assert (done.job, done.result, done.error) == (job, 42, None)
    assert worked[0] is not owner.threads[0]
    assert owner.threads == [threading.current_thread()]
    assert worked[0].daemon


async def test_an_error_is_a_message_too(owner):
    error = ValueError("k is too large")

    def work(job):
        raise error

    Job(owner, work).start()
    (done,) = await finished(owner)
    assert done.result is None
    assert done.error is error


async def test_progress_is_kept_and_stopping_is_heard(owner):
    told, go = threading.Event(), threading.Event()

    def work(job):
        answers = [job.tell("first")]
        told.set()
        go.wait(20)
        return [*answers, job.tell("second")]

    job = Job(owner, work).start()
    assert told.wait(20)
    assert (job.progress, job.stopped) == ("first", False)
    job.stop()
    assert job.stopped
    go.set()
    (done,) = await finished(owner)
    assert done.result == [True, False]
    assert job.progress == "second"


async def test_a_stopped_job_stays_stopped_and_still_brings_what_it_has(owner):
    go = threading.Event()
    job = Job(owner, lambda job: go.wait(20) and [job.tell("one"), job.tell("two")]).start()
    job.stop()
    job.stop()
    assert job.stopped
    go.set()
    (done,) = await finished(owner)
    assert (done.job, done.result, done.error) == (job, [False, False], None)


async def test_every_job_answers_for_itself(owner):
    gates = [threading.Event() for _ in range(3)]
    jobs = [Job(owner, lambda job, gate=gate: gate.wait(20)).start() for gate in gates]
    for gate in reversed(gates):
        gate.set()
        await finished(owner, 1 + gates[::-1].index(gate))
    assert [done.job for done in owner.done] == jobs[::-1]


async def test_nothing_happens_before_the_start(owner):
    worked = []
    Job(owner, worked.append)
    await owner.pilot.pause()
    assert worked == owner.done == []


async def test_what_an_analysis_says_is_heard_and_its_rows_are_kept_in_order(owner):
    heard, go = threading.Event(), threading.Event()
    said = [Progress(0, 2, "k = 1"), Progress(1, 2, "k = 1", "one"), Progress(2, 2, "k = 2", "two")]

    def work(job):
        answers = [job.hear(said[0]), job.hear(said[1])]
        heard.set()
        go.wait(20)
        return [*answers, job.hear(said[2])]

    job = Job(owner, work)
    assert (job.said, job.rows) == (None, [])
    job.start()
    assert heard.wait(20)
    assert job.said is said[1]
    assert job.rows == ["one"]
    job.stop()
    go.set()
    (done,) = await finished(owner)
    # Asked to stop, it is told so; what it found until then is not lost.
    assert done.result == [True, True, False]
    assert job.rows == ["one", "two"]
    assert job.said is said[2]
