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
from kmeans_tui.data.reading import files, memory
from kmeans_tui.requests.recorded import is_recording
from kmeans_tui.words import printable

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.data.source import Column, Source

# The column that stands for the groups a built-in set was made of.
KNOWN_GROUPS: Final = "known groups"


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
    from kmeans_tui.requests import subject

    if is_table(options.data):
        asked = options.features or ()
        how = subject.dialect(options)
        source = files.open_file(options.data, how, asked=asked, listener=listener)
        # Computed here, because the screen asks on the event loop: ranges and histograms.
        for each in source.numeric[:1]:
            source.summary(each)
        return Opened(source)
    whole = subject.load(Options(options.data))
    source = _all_columns(whole)
    for each in source.numeric[:1]:
        source.summary(each)
    return Opened(source, whole)


def is_table(data: str) -> bool:
    """Whether the data are a table of the user's: no built-in set, picture or recording."""
    picture = data.strip().startswith(files.IMAGE)
    return catalogue.is_file(data) and not picture and not is_recording(data)


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
    from kmeans_tui.requests import subject

    skewed = opened.source.skewed()
    try:
        # A k that is too large is no fault of the columns.
        asked = replace(options, k=None)
        if opened.whole is None:
            dataset = subject.select(asked, opened.source)
        else:
            dataset = subject.preparation(asked).applied(opened.whole)
        measures = _measures(dataset)
        dataset.shown()
        notes = tuple(dataset.notes())
    except MemoryError:
        return Prepared(refusal=memory.needs_more("this"), skewed=skewed)
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
    return printable(shown)


def short(data: str) -> str:
    """Data as the title of a screen: a file by its last name."""
    name = os.path.basename(data) if catalogue.is_file(data) else data
    return printable(name)


def _is_below(path: str, folder: str) -> bool:
    return len(folder) > 1 and path.startswith(folder.rstrip(os.sep) + os.sep)


def bad_texts(columns: "Iterable[Column]") -> tuple[str, ...]:
    """The words in these number columns, as ``--na`` takes them; ``*`` where they are many."""
    texts = [text for each in columns if each.bad is not None for text in each.bad.texts]
    marks = tuple(dict.fromkeys(each.strip() for each in texts))
    few = len(marks) <= 8 and all(len(each) <= 40 and "," not in each for each in marks)
    return marks if few and all(each.isprintable() for each in marks) else ("*",)
