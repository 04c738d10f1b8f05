"""Data that are wished for: read and prepared beside the event loop, and kept at hand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.timer import Timer
from textual.widget import Widget

from kmeans_tui.command import READING, Options
from kmeans_tui.data import catalogue
from kmeans_tui.data.reading import files, memory
from kmeans_tui.ui.models import opening
from kmeans_tui.ui.models.fitting import PATIENCE
from kmeans_tui.ui.models.job import Job

if TYPE_CHECKING:
    from kmeans_tui.data.columns import Reading

# What is kept at hand beside the data on show: 160 MB of numbers.
_MOST_NUMBERS: Final = 20_000_000


class Looking(Job):
    """A job that comes to a ``Kept``; ``done`` of ``size`` bytes are read by now."""

    def __init__(
        self,
        owner: Widget,
        wish: Options,
        opened: opening.Opened | None = None,
        watch: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(owner, lambda _: look(wish, opened, self._heard), watch)
        self.wish = wish
        self.done = self.size = 0

    def _heard(self, done: int, size: int) -> bool:
        self.done, self.size = done, size
        return not self.stopped


class Reader:
    """One reading at a time, and the latest wish counts.

    A file is read ``pause`` seconds after it was wished for, so that one which is only passed by
    is not opened; what is at hand is there at once. The jobs report to ``owner``, which hands their
    messages to ``finish``; ``watch`` is called while they run.
    """

    def __init__(
        self, owner: Widget, shelf: "Shelf", pause: float, watch: Callable[[], None]
    ) -> None:
        self.shelf = shelf
        self.kept: Kept | None = None
        self.stopped = False
        self._owner, self._pause, self._watch = owner, pause, watch
        self._wish = Options("")
        self._job: Looking | None = None
        self._timer: Timer | None = None

    def want(self, wish: Options) -> bool:
        """Begin to read and prepare this, unless it is at hand; whether it is."""
        self.drop()
        self._wish, self.kept = wish, self.shelf.get(wish)
        if self.kept is not None and (self.kept.refusal or self.kept.wish == wish):
            return True
        if self.kept is None and catalogue.is_file(wish.data):
            self._timer = self._owner.set_timer(self._pause, self.read)
        else:
            self.read()
        return False

    def read(self) -> None:
        """Read what is wished for without waiting any longer."""
        self.rest()
        self._job = Looking(self._owner, self._wish, self.opened, self._watch).start()

    def finish(self, message: Job.Done) -> bool:
        """Take what a job brought; False if something else is wished for by now."""
        if message.job is not self._job or self._job is None:
            return False
        job, self._job = self._job, None
        if message.error is not None:
            raise message.error
        kept: Kept = message.result
        self.stopped = job.stopped and kept.opened is None
        if not job.stopped:
            self.shelf.put(job.wish, kept)
        self.kept = kept
        return True

    def rest(self) -> None:
        """Nobody waits for what is being read."""
        if self._timer is not None:
            self._timer.stop()
        if self._job is not None:
            self._job.stop()
        self._timer = self._job = None

    def drop(self) -> None:
        """Nothing is wished for."""
        self.rest()
        self.kept, self.stopped = None, False

    def stop(self) -> bool:
        """Stop reading, which ends in a refusal; False if nothing is being read."""
        if self._job is not None:
            self._job.stop()
        return self._job is not None

    @property
    def opened(self) -> opening.Opened | None:
        """The data that are wished for, once they are read."""
        return None if self.kept is None else self.kept.opened

    @property
    def prepared(self) -> opening.Prepared | None:
        """What the wish comes to, or came to before the last change."""
        return None if self.kept is None else self.kept.prepared

    @property
    def busy(self) -> bool:
        """Whether something is being read or prepared, or will be."""
        return self._job is not None or self._timer is not None

    @property
    def waits(self) -> bool:
        """Whether it will be read, but is not yet."""
        return self._timer is not None

    @property
    def fresh(self) -> bool:
        """Whether what is known is whole, and of the file as it is now."""
        kept = self.kept
        return kept is not None and not self.stopped and kept.stamp == stamp(self._wish.data)

    def answer(self, number: int) -> "Reading":
        """The fields of ``Options`` that answer the question of a file; none if it asks none."""
        readings = () if self.kept is None else self.kept.readings
        return readings[number] if number < len(readings) else {}

    def doing(self, then: str) -> tuple[str, int, int, str] | None:
        """How far it is, for the line of progress; None while that is too short to be told."""
        job = self._job
        if job is None or job.age < PATIENCE:
            return None
        if not job.size:
            return f"reading …{then} · ctrl+c stops", 0, 0, ""
        count = f"{job.done / 1e6:,.0f} of {job.size / 1e6:,.0f} MB"
        return f"reading{then} · ctrl+c stops", job.done, job.size, count


def look(
    options: Options, opened: opening.Opened | None, listener: Callable[[int, int], bool]
) -> "Kept":
    """Read what is not ``opened`` yet and prepare it, or say why that cannot be done."""
    seen = stamp(options.data)
    try:
        found = opened or opening.open_data(options, listener)
    except ValueError as error:
        return Kept(seen, refusal=str(error), readings=getattr(error, "readings", ()))
    except MemoryError:
        return Kept(seen, refusal=memory.needs_more("this table"))
    return Kept(seen, found, "", options, opening.prepare(options, found))


# --- what is kept at hand ------------------------------------------------------------------------


def stamp(data: str) -> tuple[int, ...] | None:
    """What changes when a file does; None for what is no file, empty for what is not there."""
    if not catalogue.is_file(data):
        return None
    try:
        found = files.located(data.strip().removeprefix(files.IMAGE)).stat()
    except (OSError, ValueError):
        return ()
    return found.st_size, found.st_mtime_ns, found.st_ino


@dataclass(eq=False)
class Kept:
    """Data at hand, and what was asked of them last; or why they cannot be opened.

    ``readings`` are the fields of ``Options`` that answer a refusal that is a question.
    """

    stamp: tuple[int, ...] | None
    opened: opening.Opened | None = None
    refusal: str = ""
    wish: Options | None = None
    prepared: opening.Prepared | None = None
    readings: "tuple[Reading, ...]" = ()


class Shelf:
    """What was opened, so that coming back to it is instant; a file that changed is dropped."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], Kept] = {}

    @staticmethod
    def _key(options: Options) -> tuple[object, ...]:
        return tuple(getattr(options, each) for each in READING)

    def get(self, options: Options) -> Kept | None:
        """What is known of these data, read in this way."""
        key = self._key(options)
        kept = self._kept.get(key)
        if kept is None:
            return None
        lacking = kept.opened is not None and kept.opened.source.lacks(options.features)
        if kept.stamp != stamp(options.data) or (lacking and kept.wish != options):
            del self._kept[key]
            return None
        return kept

    def put(self, options: Options, kept: Kept) -> None:
        """Keep these; those looked at longest ago give way."""
        key = self._key(options)
        self._kept.pop(key, None)
        self._kept[key] = kept
        total = sum(map(_numbers, self._kept.values()))
        for each in list(self._kept)[:-1]:
            if total <= _MOST_NUMBERS:
                break
            total -= _numbers(self._kept.pop(each))


def _numbers(kept: Kept) -> int:
    size = 0
    if kept.opened is not None:
        source = kept.opened.source
        size += source.numbers.size + source.n * len(source.texts)
    if kept.prepared is not None and kept.prepared.dataset is not None:
        size += kept.prepared.dataset.points.size
    return size
