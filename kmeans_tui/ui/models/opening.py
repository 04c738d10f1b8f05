"""Data before clustering: all columns, and the data set that a choice of columns gives.

The Data screen uses it for files, built-in sets, pictures and recordings alike. Opening and
preparing run in a job; nothing here imports Textual.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from kmeans_tui import settings
from kmeans_tui.command import Options
from kmeans_tui.data import catalogue
from kmeans_tui.data.reading import database_tables, files, memory
from kmeans_tui.data.reading.database_tables import MARK
from kmeans_tui.requests.recorded import is_recording
from kmeans_tui.words import printable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.data.source import Column, Source

# The name of the column with the groups from which a built-in set was made.
KNOWN_GROUPS: Final = "known groups"


@dataclass(frozen=True, eq=False)
class Opened:
    """Data with all columns.

    ``whole`` is the data set to prepare from, if the data are not the user's own table.
    """

    source: "Source"
    whole: "Dataset | None" = None

    @property
    def usual(self) -> tuple[str, ...]:
        """The default features."""
        if self.whole is not None:
            return self.whole.features
        return tuple(each.name for each in self.source.columns if each.takes_part)

    def ticked(self, options: Options) -> tuple[str, ...]:
        """Return the names of the features in these options."""
        if options.features is None:
            names = self.source.names
            aside = (self.truth(options), self.identity(options), self.weights(options))
            gone = {*aside, *(self._name(each, names) for each in options.drop or ())}
            return tuple(each for each in self.usual if each not in gone)
        return tuple(self._name(each, self.source.names) for each in options.features)

    def logs(self, options: Options) -> tuple[str, ...]:
        """Return the names of the features whose logarithm is used."""
        return tuple(self._name(each, self.source.names) for each in options.log or ())

    def encoded(self, options: Options) -> tuple[str, ...]:
        """Return the names of the text columns that take part by their values."""
        return tuple(self._name(each, self.source.names) for each in options.encode or ())

    def truth(self, options: Options) -> str | None:
        """Return the column of the known grouping, or None."""
        if options.truth is not None:
            return self._name(options.truth, self.source.names)
        return KNOWN_GROUPS if self.whole is not None and self.whole.truth is not None else None

    def weights(self, options: Options) -> str | None:
        """Return the column of the weights, or None."""
        if options.weights is None:
            return None
        return self._name(options.weights, self.source.names)

    def identity(self, options: Options) -> str | None:
        """Return the column that names the rows, or None."""
        named = options.id_column
        return None if named is None else self._name(named, self.source.names)

    @property
    def numeric(self) -> tuple[str, ...]:
        """The columns that can be features."""
        return tuple(each.name for each in self.source.numeric)

    def axes(self, options: Options) -> tuple[str, ...]:
        """Return the axes of the plot: those in the options, else the defaults for the features."""
        from kmeans_tui.data.columns import fitting_axes

        ticked = self.ticked(options)
        if not ticked:
            return ()
        if options.axes is not None:
            return tuple(self._name(each, self.source.names) for each in options.axes)
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
    """Mean and spread of a feature before and after preparation."""

    mean: float
    spread: float
    new_mean: float
    new_spread: float


@dataclass(frozen=True, eq=False)
class Prepared:
    """The result of a choice: the data set, or a sentence why there is none.

    ``costs`` are the rows that come back without a feature, or go with a column that is none yet;
    ``lacking`` are those without a value in an encoded column.
    """

    dataset: "Dataset | None" = None
    refusal: str = ""
    notes: tuple[str, ...] = ()
    measures: Mapping[str, Measure] = field(default_factory=dict)
    skewed: tuple[str, ...] = ()
    costs: Mapping[str, int] = field(default_factory=dict)
    lacking: Mapping[str, int] = field(default_factory=dict)


def open_data(options: Options, listener: Callable[[int, int], bool]) -> Opened:
    """Read the data; ``listener`` gets the bytes read of a file, and stops it by returning False.

    Raises ``DataError``, one sentence, if they cannot be read.
    """
    from kmeans_tui.requests import subject, where_points

    if is_table(options.data):
        asked = subject.preparation(options).numbers
        how = subject.dialect(options)
        if where_points.stay_on_disk(options):
            source = where_points.first_rows(options, how, listener)
        else:
            source = files.open_file(options.data, how, asked=asked, listener=listener)
        # Compute ranges and histograms here, because the screen reads them on the event loop.
        for each in source.numeric[:1]:
            source.summary(each)
        return Opened(source)
    whole = subject.load(Options(options.data))
    source = _all_columns(whole)
    for each in source.numeric[:1]:
        source.summary(each)
    return Opened(source, whole)


def is_table(data: str) -> bool:
    """Whether the data are the user's own table: not a built-in set, picture or recording."""
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
    """Return the data set that these options give, or why there is none."""
    from kmeans_tui.data.encoding import missing
    from kmeans_tui.data.row_costs import row_costs
    from kmeans_tui.requests import subject

    skewed = opened.source.skewed()
    try:
        # A k that is too large says nothing against the columns.
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
    if opened.whole is not None:
        return Prepared(dataset, "", notes, measures, skewed)
    costs = row_costs(opened.source, dataset.features, dataset.encoded)
    lacking = {e.column: int(missing(opened.source, e).sum()) for e in dataset.encoded}
    return Prepared(dataset, "", notes, measures, skewed, costs, lacking)


def _measures(dataset: "Dataset") -> dict[str, Measure]:
    found = {}
    places = {name: i for i, name in enumerate(dataset.columns)}
    for i, name in enumerate(dataset.features):
        old, new = dataset.table[:, places[name]], dataset.points[:, i]
        (own_mean, own_spread), (mean, spread) = (
            _mean_and_spread(each, dataset.weights) for each in (old, new)
        )
        # Rounding leaves a mean of 0 slightly off; show 0.
        mean = 0.0 if abs(mean) < 1e-9 * spread else mean
        found[name] = Measure(own_mean, own_spread, mean, spread)
    return found


def _mean_and_spread(
    column: "NDArray[np.float64]", weights: "NDArray[np.float64] | None"
) -> tuple[float, float]:
    import numpy as np

    # Squares of numbers above 1e154 are beyond the range, and those below 1e-162 vanish.
    unit = float(np.abs(column).max()) or 1.0
    column = column / unit
    shares = np.full(len(column), 1 / len(column)) if weights is None else weights / weights.sum()
    mean = float(shares @ column)
    return unit * mean, unit * float(shares @ (column - mean) ** 2) ** 0.5


# --- recent files --------------------------------------------------------------------------------


def remember(data: str) -> None:
    """Add the data to the recent files, if they are a file."""
    if catalogue.is_file(data) and data.strip() != files.STDIN:
        settings.remember(place(data))


def place(data: str) -> str:
    """Return the absolute path of a file; a picture keeps its ``image:``."""
    prefix = files.IMAGE if data.strip().startswith(files.IMAGE) else ""
    path = files.located(data.strip().removeprefix(prefix) if prefix else data)
    _, table = (data, None) if prefix else database_tables.split(data)
    return prefix + os.path.abspath(path) + ("" if table is None else f"{MARK}{table}")


def listed(data: str) -> str:
    """Return a file's path for a list: the home folder as ``~``, no control characters."""
    home = os.path.expanduser("~")
    shown = os.path.relpath(data) if _is_below(data, os.getcwd()) else data
    if _is_below(data, home) and shown == data:
        shown = os.path.join("~", os.path.relpath(data, home))
    return printable(shown)


def short(data: str) -> str:
    """Return data as a screen title: a file by its base name."""
    name = files.shown_name(data) if catalogue.is_file(data) else data
    return printable(name)


def _is_below(path: str, folder: str) -> bool:
    return len(folder) > 1 and path.startswith(folder.rstrip(os.sep) + os.sep)


def bad_texts(columns: "Iterable[Column]") -> tuple[str, ...]:
    """Return the words in these number columns, as for ``--na``; ``*`` if there are many."""
    texts = [text for each in columns if each.bad is not None for text in each.bad.texts]
    marks = tuple(dict.fromkeys(each.strip() for each in texts))
    few = len(marks) <= 8 and all(len(each) <= 40 and "," not in each for each in marks)
    return marks if few and all(each.isprintable() for each in marks) else ("*",)
