"""Reading what is wished for: what it comes to, how much is read, and that it stops."""

import threading

from textual.widget import Widget

from kmeans_tui.command import Options
from kmeans_tui.ui.models import reader
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.models.reader import Looking
from tests.pilot import shown, until


class Owner(Widget):
    """Keeps what its jobs brought."""

    def __init__(self) -> None:
        super().__init__()
        self.brought: list[Job.Done] = []

    def on_job_done(self, message: Job.Done) -> None:
        self.brought.append(message)


async def test_it_comes_to_what_the_options_make_of_the_data():
    owner = Owner()
    async with shown(owner) as pilot:
        job = Looking(owner, Options("iris", features=("1", "2"))).start()
        await until(pilot, lambda: owner.brought)
        assert owner.brought[0].job is job
        found = owner.brought[0].result
        assert found.prepared.dataset.features == ("sepal length", "sepal width")
        again = Looking(owner, Options("iris", scale="minmax"), found.opened).start()
        await until(pilot, lambda: len(owner.brought) == 2)
        assert owner.brought[1].job is again
        assert owner.brought[1].result.opened is found.opened


async def test_it_knows_how_much_is_read_and_stops_when_told(monkeypatch):
    heard, go_on = [], threading.Event()

    def look(wish, opened, listener):
        heard.append(listener(3, 8))
        go_on.wait(20)
        heard.append(listener(5, 8))

    monkeypatch.setattr(reader, "look", look)
    owner = Owner()
    async with shown(owner) as pilot:
        job = Looking(owner, Options("iris"))
        assert (job.done, job.size) == (0, 0)
        job.start()
        await until(pilot, lambda: heard)
        assert (job.done, job.size) == (3, 8)
        job.stop()
        go_on.set()
        await until(pilot, lambda: owner.brought)
        assert heard == [True, False]
        assert (job.done, job.size) == (5, 8)
