"""What a command or a screen is about: the data that the options name, and a recording's run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kmeans_tui.command import OF_FILES, Options
from kmeans_tui.requests import recorded

if TYPE_CHECKING:
    from kmeans_tui.clustering.history import History
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.data.preparation import Preparation
    from kmeans_tui.data.reading.dialect import Dialect, Listener
    from kmeans_tui.data.source import Source

# Everything is imported inside: the checks before the screen opens must not wait for numpy.


@dataclass(frozen=True, eq=False)
class Subject:
    """Data, prepared as the options say.

    Where the options name a recording and nothing else, ``history`` is its run and ``parameters``
    what it says that run was started with; both are None otherwise.
    """

    dataset: "Dataset"
    history: "History | None" = None
    parameters: Mapping[str, Any] | None = None


def check(options: Options) -> None:
    """Raise ``DataError`` for data and a k that cannot be used, without building anything.

    Of a file it is looked whether it can be opened, and no more.
    """
    from kmeans_tui.data import catalogue
    from kmeans_tui.data.columns import DataError
    from kmeans_tui.data.reading import files

    is_file = catalogue.is_file(options.data)
    if is_file:
        files.check_file(options.data)
    is_recording = recorded.is_recording(options.data)
    if is_file and not is_recording:
        return
    usual = Options()
    for each in OF_FILES:
        if getattr(options, each) != getattr(usual, each):
            flag = each.replace("_", "-")
            raise DataError(f"--{flag} applies only to your own files, and {options.data} is none")
    if is_recording:
        return
    entry = catalogue.describe(options.data, preparation(options))
    _enough_rows(options, entry.name, entry.n)


def open_subject(options: Options, listener: "Listener | None" = None) -> Subject:
    """The data that the options name, prepared; raises ``DataError``, one sentence.

    ``listener`` hears how much of a file is read, and stops it by returning False.
    """
    if not recorded.is_recording(options.data):
        return Subject(load(options, listener))
    found = recorded.open_recording(options.data)
    dataset = preparation(options).applied(found.dataset)
    if recorded.as_recorded(options):
        return Subject(dataset, found.history, found.parameters)
    return Subject(dataset)


def load(options: Options, listener: "Listener | None" = None) -> "Dataset":
    """``open_subject`` for those who want the data alone."""
    from kmeans_tui.data.catalogue import prepared

    if recorded.is_recording(options.data):
        return open_subject(options).dataset
    found = prepared(options.data, preparation(options), dialect(options), listener)
    _enough_rows(options, found.name, found.n)
    return found


def select(options: Options, source: "Source") -> "Dataset":
    """The data of the options from a file that is open already; raises ``DataError``."""
    from kmeans_tui.data.selection import Selection

    found = Selection(source, preparation(options)).dataset()
    _enough_rows(options, found.name, found.n)
    return found


def preparation(options: Options) -> "Preparation":
    """What the options say is to be made of the columns of a table."""
    from kmeans_tui.data.preparation import Preparation

    return Preparation(
        features=options.features,
        scale=options.scale,
        log=options.log,
        axes=options.axes,
        missing=options.missing,
        truth=options.truth,
    )


def dialect(options: Options) -> "Dialect":
    """How the options say that the bytes of a file are to be read."""
    from kmeans_tui.data.reading.dialect import Dialect, separator_named

    return Dialect(
        separator=None if options.separator is None else separator_named(options.separator),
        header=options.header,
        decimal=options.decimal,
        thousands="" if options.thousands == "none" else options.thousands,
        encoding=options.encoding,
        missing_marks=options.na or (),
        sheet=options.sheet,
        skip=options.skip,
        header_row=options.header_row,
    )


def _enough_rows(options: Options, name: str, n: int) -> None:
    from kmeans_tui.data.columns import DataError

    if options.k is not None and options.k > n:
        rows = "1 row" if n == 1 else f"{n} rows"
        raise DataError(
            f"k = {options.k} clusters need {options.k} rows and {name} has {rows}; "
            "choose a smaller k"
        )
