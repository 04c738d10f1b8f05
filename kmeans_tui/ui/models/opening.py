"""Data before they are clustered: all of their columns, and what a choice of them comes to.

What the Data screen asks of files, built-in sets, pictures and recordings alike. Everything here
that opens or prepares runs in a job; nothing knows Textual.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from kmeans_tui import settings
from kmeans_tui.command import Options
from kmeans_tui.data import catalogue
from kmeans_tui.data.reading import files

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.data.source import Column, Source

# The column that stands for the groups a built-in set was made of.
KNOWN_GROUPS: Final = "known groups"
# What is kept at hand beside the data on show: 160 MB of numbers.
_MOST_NUMBERS: Final = 20_000_000


@dataclass(frozen=True, eq=False)
class Opened:
    """Data with all their columns.

    ``whole`` is the data set of what is no table of the user's: it is prepared from there.
    """

    source: "Source"
    whole: "Dataset | None" = None

    @property
    def usual(self) -> tuple[str, ...]:
        """The features unless others are chosen."""
        if self.whole is not None:
            return self.whole.features
        return tuple(each.name for each in self.source.columns if each.takes_part)

    def ticked(self, options: Options) -> tuple[str, ...]:
        """The names of the features of these options."""
        if options.features is None:
            return tuple(each for each in self.usual if each != self.truth(options))
        return tuple(self._name(each, self.source.names) for each in options.features)

    def logs(self, options: Options) -> tuple[str, ...]:
        """The names of the features whose logarithm is taken."""
        return tuple(self._name(each, self.numeric) for each in options.log or ())

    def truth(self, options: Options) -> str | None:
        """The column of the known grouping."""
        if options.truth is not None:
            return self._name(options.truth, self.source.names)
        return KNOWN_GROUPS if self.whole is not None and self.whole.truth is not None else None

    @property
    def numeric(self) -> tuple[str, ...]:
        """The columns that can take part."""
        return tuple(each.name for each in self.source.numeric)

    def axes(self, options: Options) -> tuple[str, ...]:
        """The axes of the plot: those asked for, else those that the features allow."""
        from kmeans_tui.data.columns import fitting_axes

        ticked = self.ticked(options)
        if not ticked:
            return ()
        if options.axes is not None:
            return tuple(self._name(each, self.numeric) for each in options.axes)
        return fitting_axes(() if self.whole is None else self.whole.axes, ticked)

    @staticmethod
    def _name(wanted: str, names: tuple[str, ...]) -> str:
        from kmeans_tui.data.columns import DataError, find_column

        try:
            return find_column(wanted, names, "")
        except DataError:
            return wanted


@dataclass(frozen=True)
class Measure:
    """Mean and spread of a feature before it was prepared, and after."""

    mean: float
    spread: float
    new_mean: float
    new_spread: float


@dataclass(frozen=True, eq=False)
class Prepared:
    """What a choice comes to: the data set, or the sentence that says why there is none."""

    dataset: "Dataset | None" = None
    refusal: str = ""
    notes: tuple[str, ...] = ()
    measures: Mapping[str, Measure] = field(default_factory=dict)
    skewed: tuple[str, ...] = ()


def open_data(options: Options, listener: Callable[[int, int], bool]) -> Opened:
    """Read all of it; ``listener`` hears of the bytes of a file, and stops it by returning False.

    Raises ``DataError``, one sentence, for what cannot be read.
    """
    from kmeans_tui.requests import run

    if is_table(options.data):
        asked = options.features or ()
        source = files.open_file(options.data, run.dialect(options), asked=asked, listener=listener)
        # Computed here, because the screen asks on the event loop: ranges and histograms.
        for each in source.numeric[:1]:
            source.summary(each)
        return Opened(source)
    whole = run.load(Options(options.data))
    source = _all_columns(whole)
    for each in source.numeric[:1]:
        source.summary(each)
    return Opened(source, whole)


def is_table(data: str) -> bool:
    """Whether the data are a table of the user's: no built-in set, picture or recording."""
    from kmeans_tui.requests import run

    picture = data.strip().startswith(files.IMAGE)
    return catalogue.is_file(data) and not picture and not run.is_recording(data)


def is_recording(data: str) -> bool:
    """Whether the data are a run that was recorded."""
    from kmeans_tui.requests import run

    return run.is_recording(data)


def _all_columns(whole: "Dataset") -> "Source":
    import numpy as np

    from kmeans_tui.data.source import Column, Source

    columns = tuple(Column(name, "number", i) for i, name in enumerate(whole.columns))
    texts = {}
    if whole.truth is not None:
        names = whole.truth_names or tuple(str(i) for i in range(int(whole.truth.max()) + 1))
        texts[KNOWN_GROUPS] = np.array(names, dtype=object)[whole.truth]
        columns += (Column(KNOWN_GROUPS, "text"),)
    return Source(whole.name, columns, whole.table, texts, whole.about)


def prepare(options: Options, opened: Opened) -> Prepared:
    """What these options make of it."""
    from kmeans_tui.requests import run

    skewed = opened.source.skewed()
    try:
        # A k that is too large is no fault of the columns.
        asked = replace(options, k=None)
        if opened.whole is None:
            dataset = run.prepare(asked, opened.source)
        else:
            dataset = run.prepared(opened.whole, asked)
        measures = _measures(dataset)
        dataset.shown()
        notes = tuple(dataset.notes())
    except MemoryError:
        return Prepared(refusal="there is not enough memory for this", skewed=skewed)
    except ValueError as error:
        return Prepared(refusal=str(error), skewed=skewed)
    return Prepared(dataset, "", notes, measures, skewed)


def _measures(dataset: "Dataset") -> dict[str, Measure]:
    found = {}
    places = {name: i for i, name in enumerate(dataset.columns)}
    for i, name in enumerate(dataset.features):
        old, new = dataset.table[:, places[name]], dataset.points[:, i]
        mean, spread = float(new.mean()), float(new.std())
        # What rounding leaves of a mean of 0 is no number to show.
        mean = 0.0 if abs(mean) < 1e-9 * spread else mean
        found[name] = Measure(float(old.mean()), float(old.std()), mean, spread)
    return found


def spelled(name: str, names: tuple[str, ...]) -> str:
    """A column as a flag takes it: its name, or its number where commas would cut the name."""
    number = str(names.index(name) + 1)
    awkward = "," in name or name != name.strip() or name == "pca"
    return number if awkward and number not in names else name


def look(options: Options, opened: Opened | None, listener: Callable[[int, int], bool]) -> "Kept":
    """Read what is not ``opened`` yet and prepare it, or say why that cannot be done."""
    seen = stamp(options.data)
    try:
        found = opened or open_data(options, listener)
    except ValueError as error:
        return Kept(seen, refusal=str(error))
    except MemoryError:
        return Kept(seen, refusal="there is not enough memory to open this")
    return Kept(seen, found, "", options, prepare(options, found))


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
    """Data at hand, and what was asked of them last; or why they cannot be opened."""

    stamp: tuple[int, ...] | None
    opened: Opened | None = None
    refusal: str = ""
    wish: Options | None = None
    prepared: Prepared | None = None


class Shelf:
    """What was opened, so that coming back to it is instant; a file that changed is dropped."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], Kept] = {}

    @staticmethod
    def _key(options: Options) -> tuple[object, ...]:
        names = ("data", "na", "separator", "header", "decimal", "thousands", "encoding", "sheet")
        return tuple(getattr(options, each) for each in names)

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


# --- files opened last ---------------------------------------------------------------------------


def remember(data: str) -> None:
    """Put data among the files opened last, if they are a file."""
    if catalogue.is_file(data) and data.strip() != files.STDIN:
        settings.remember(place(data))


def place(data: str) -> str:
    """Where a file is, by its whole path; a picture keeps its ``image:``."""
    prefix = files.IMAGE if data.strip().startswith(files.IMAGE) else ""
    path = files.located(data.strip().removeprefix(prefix) if prefix else data)
    return prefix + os.path.abspath(path)


def listed(data: str) -> str:
    """A file as a list shows it: the home folder as ``~``, nothing a terminal would obey."""
    home = os.path.expanduser("~")
    shown = os.path.relpath(data) if _is_below(data, os.getcwd()) else data
    if _is_below(data, home) and shown == data:
        shown = os.path.join("~", os.path.relpath(data, home))
    return "".join(c if c.isprintable() else "·" for c in shown)


def short(data: str) -> str:
    """Data as the title of a screen: a file by its last name."""
    name = os.path.basename(data) if catalogue.is_file(data) else data
    return "".join(c if c.isprintable() else "·" for c in name)


def _is_below(path: str, folder: str) -> bool:
    return len(folder) > 1 and path.startswith(folder.rstrip(os.sep) + os.sep)


def bad_texts(columns: "Iterable[Column]") -> tuple[str, ...]:
    """The words in these number columns, as ``--na`` takes them; ``*`` where they are many."""
    texts = [text for each in columns if each.bad is not None for text in each.bad.texts]
    marks = tuple(dict.fromkeys(each.strip() for each in texts))
    few = len(marks) <= 8 and all(len(each) <= 40 and "," not in each for each in marks)
    return marks if few and all(each.isprintable() for each in marks) else ("*",)
