"""Read and prepare the wanted data outside the event loop, and cache them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.timer import Timer
from textual.widget import Widget

from kmeans_tui.command import READING, Options
from kmeans_tui.data import catalogue
from kmeans_tui.data.reading import files, memory
from kmeans_tui.requests.subject import preparation
from kmeans_tui.ui.models import opening
from kmeans_tui.ui.models.fitting import PATIENCE
from kmeans_tui.ui.models.job import Job

if TYPE_CHECKING:
    from kmeans_tui.data.columns import Reading

# The most numbers cached besides the data on show: 160 MB.
_MOST_NUMBERS: Final = 20_000_000


class Looking(Job):
    """A job that returns a ``Kept``; ``done`` of ``size`` bytes are read so far."""

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
    """Reads one thing at a time; the latest wish counts.

    A file is read ``pause`` seconds after the wish, so that scrolling past it does not open it;
    cached data are available at once. The jobs report to ``owner``, which passes their messages to
    ``finish``; ``watch`` is called while they run.
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
        """Begin to read and prepare this unless it is cached; return whether it is."""
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
        """Read what is wanted without further delay."""
        self.rest()
        self._job = Looking(self._owner, self._wish, self.opened, self._watch).start()

    def finish(self, message: Job.Done) -> bool:
        """Take the result of a job; False if something else is wanted by now."""
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
        """Abandon what is being read."""
        if self._timer is not None:
            self._timer.stop()
        if self._job is not None:
            self._job.stop()
        self._timer = self._job = None

    def drop(self) -> None:
        """Forget the wish."""
        self.rest()
        self.kept, self.stopped = None, False

    def stop(self) -> bool:
        """Stop reading, which ends in a refusal; False if nothing is being read."""
        if self._job is not None:
            self._job.stop()
        return self._job is not None

    @property
    def opened(self) -> opening.Opened | None:
        """The wanted data, once they are read."""
        return None if self.kept is None else self.kept.opened

    @property
    def prepared(self) -> opening.Prepared | None:
        """What the wish gives, or gave before the last change."""
        return None if self.kept is None else self.kept.prepared

    @property
    def busy(self) -> bool:
        """Whether something is being read or prepared, or will be."""
        return self._job is not None or self._timer is not None

    @property
    def waits(self) -> bool:
        """Whether reading has yet to begin."""
        return self._timer is not None

    @property
    def fresh(self) -> bool:
        """Whether the data are complete and match the file as it is now."""
        kept = self.kept
        return kept is not None and not self.stopped and kept.stamp == stamp(self._wish.data)

    def answer(self, number: int) -> "Reading":
        """Return the ``Options`` fields for this reading of an ambiguous file; empty if none."""
        readings = () if self.kept is None else self.kept.readings
        return readings[number] if number < len(readings) else {}

    def doing(self, then: str) -> tuple[str, int, int, str] | None:
        """Return how far it is, for the progress line; None if it began only just now."""
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
    """Read the data unless ``opened``, and prepare them, or say why that fails."""
    seen = stamp(options.data)
    try:
        found = opened or opening.open_data(options, listener)
    except ValueError as error:
        return Kept(seen, refusal=str(error), readings=getattr(error, "readings", ()))
    except MemoryError:
        return Kept(seen, refusal=memory.needs_more("this table"))
    return Kept(seen, found, "", options, opening.prepare(options, found))


# --- the cache -----------------------------------------------------------------------------------


def stamp(data: str) -> tuple[int, ...] | None:
    """Return what changes when a file does; None if it is not a file, empty if it is missing."""
    if not catalogue.is_file(data):
        return None
    try:
        found = files.located(data.strip().removeprefix(files.IMAGE)).stat()
    except (OSError, ValueError):
        return ()
    return found.st_size, found.st_mtime_ns, found.st_ino


@dataclass(eq=False)
class Kept:
    """Cached data and the last wish for them, or why they cannot be opened.

    ``readings`` are the fields of ``Options`` for each possible reading, if the file is ambiguous.
    """

    stamp: tuple[int, ...] | None
    opened: opening.Opened | None = None
    refusal: str = ""
    wish: Options | None = None
    prepared: opening.Prepared | None = None
    readings: "tuple[Reading, ...]" = ()


class Shelf:
    """A cache of opened data, so that going back is instant; a changed file is dropped."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], Kept] = {}

    @staticmethod
    def _key(options: Options) -> tuple[object, ...]:
        return tuple(getattr(options, each) for each in READING)

    def get(self, options: Options) -> Kept | None:
        """Return what is cached of these data, read in this way."""
        key = self._key(options)
        kept = self._kept.get(key)
        if kept is None:
            return None
        lacking = kept.opened is not None and kept.opened.source.lacks(preparation(options).numbers)
        if kept.stamp != stamp(options.data) or (lacking and kept.wish != options):
            del self._kept[key]
            return None
        return kept

    def put(self, options: Options, kept: Kept) -> None:
        """Cache these; the least recently stored are dropped."""
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
