"""The data that the options name, and the run if they name a recording."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from kmeans_tui.command import OF_FILES, Options
from kmeans_tui.requests import recorded, where_points

if TYPE_CHECKING:
    from kmeans_tui.clustering.history import History
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.data.preparation import Preparation
    from kmeans_tui.data.reading.dialect import Dialect, Listener
    from kmeans_tui.data.source import Source
    from kmeans_tui.requests.in_parts import OpenParts
    from kmeans_tui.requests.where_points import SaidListener

# All imports are inside functions: the checks before the screen opens must not wait for numpy.


@dataclass(frozen=True, eq=False)
class Subject:
    """The data, prepared as the options say.

    If the options name a recording and nothing else, ``history`` is its run and ``parameters`` are
    those the run was started with; otherwise both are None. ``preparation`` is what the recording
    says of the preparation of more rows. If the points stay on disk, ``parts`` are all of them, and
    ``dataset`` those on display.
    """

    dataset: "Dataset"
    history: "History | None" = None
    parameters: Mapping[str, Any] | None = None
    preparation: Mapping[str, Any] | None = None
    parts: "OpenParts | None" = None


def check(options: Options) -> None:
    """Raise ``DataError`` for data or a k that cannot be used, without building anything.

    A file is only checked for whether it can be opened.
    """
    from kmeans_tui.data import catalogue
    from kmeans_tui.data.columns import DataError
    from kmeans_tui.data.reading import files

    is_file = catalogue.is_file(options.data)
    elsewhere = options.scheduler or where_points.several(options.data)
    if is_file and not elsewhere:
        files.check_file(options.data)
    is_recording = recorded.is_recording(options.data)
    is_picture = options.data.strip().startswith(files.IMAGE)
    if is_file and not is_recording and not is_picture:
        return
    kinds, is_one = ("tables", "a picture") if is_picture else ("your own files", "not one")
    usual = Options()
    for each in fields(Options):
        if each.name in OF_FILES and getattr(options, each.name) != getattr(usual, each.name):
            flag = each.metadata["names"][0]
            raise DataError(
                f"{flag} applies only to {kinds}, and {options.data} is {is_one}: leave it out"
            )
    if is_file:
        return
    entry = catalogue.describe(options.data, preparation(options))
    gone = sum(row <= entry.n for row in options.without or ())
    _enough_rows(options, entry.name, entry.n - gone + len(options.add or ()))


def open_subject(
    options: Options, listener: "Listener | None" = None, tell: "SaidListener | None" = None
) -> Subject:
    """Return the data that the options name, prepared; raises ``DataError``, one sentence.

    ``listener`` is told how much of a file has been read, and stops it by returning False; ``tell``
    is told in words what is done with a table that stays on disk.
    """
    if not recorded.is_recording(options.data):
        if where_points.stay_on_disk(options):
            return in_parts_of(options, tell or (lambda said: None))
        return Subject(load(options, listener))
    found = recorded.open_recording(options.data)
    dataset = preparation(options).applied(found.dataset)
    if recorded.as_recorded(options):
        return Subject(dataset, found.history, found.parameters, found.preparation)
    return Subject(of_recording_alone(dataset))


def of_recording_alone(dataset: "Dataset") -> "Dataset":
    """Return the data of a recording for another run: all rows there are."""
    from kmeans_tui.data.display_rows import DisplayRows

    return dataset.alone() if isinstance(dataset, DisplayRows) else dataset


def in_parts_of(options: Options, tell: "SaidListener") -> Subject:
    """Return a table that stays on disk, and its rows on display; raises ``DataError``."""
    from kmeans_tui.requests import in_parts

    parts = in_parts.open_parts(options, dialect(options), tell)
    try:
        in_parts.enough_rows(options.k or 1, parts.dataset)
    except ValueError:
        parts.close()
        raise
    return Subject(parts.dataset, parts=parts)


def load(options: Options, listener: "Listener | None" = None) -> "Dataset":
    """Return only the data of ``open_subject``."""
    from kmeans_tui.data.catalogue import prepared

    if recorded.is_recording(options.data) or where_points.stay_on_disk(options):
        return open_subject(options, listener).dataset
    found = prepared(options.data, preparation(options), dialect(options), listener)
    _enough_rows(options, found.name, found.n)
    return found


def select(options: Options, source: "Source") -> "Dataset":
    """Return the data of the options from an open file; raises ``DataError``."""
    from kmeans_tui.data.selection import Selection

    found = Selection(source, preparation(options)).dataset()
    _enough_rows(options, found.name, found.n)
    return found


def beside(dataset: "Dataset", options: Options, other: Options) -> "Dataset":
    """Return the data of ``other`` options next to those of ``options``, not read again.

    Standard input and a file that changes can be read only once. Raises ``DataError``.
    """
    wanted = preparation(other)
    if wanted == preparation(options):
        _enough_rows(other, dataset.name, dataset.n)
        return dataset
    if dataset.source is not None:
        return select(other, dataset.source)
    return load(other)


def preparation(options: Options) -> "Preparation":
    """Return how the options say the columns of a table are prepared."""
    from kmeans_tui.data.preparation import Preparation

    return Preparation(**_of_the_same_name(Preparation, options))


def dialect(options: Options) -> "Dialect":
    """Return how the options say the bytes of a file are read."""
    from kmeans_tui.data.reading.dialect import Dialect, separator_named

    known = _of_the_same_name(Dialect, options)
    if options.separator is not None:
        known["separator"] = separator_named(options.separator)
    if options.thousands == "none":
        known["thousands"] = ""
    return Dialect(**known, missing_marks=options.na or ())


def _of_the_same_name(kind: type, options: Options) -> dict[str, Any]:
    """Return the options that a dataclass has fields for, so that a new flag needs no line here."""
    return {
        each.name: getattr(options, each.name)
        for each in fields(kind)
        if hasattr(options, each.name)
    }


def _enough_rows(options: Options, name: str, n: int) -> None:
    from kmeans_tui.data.columns import DataError

    if options.k is not None and options.k > n:
        rows = "1 row" if n == 1 else f"{n} rows"
        raise DataError(
            f"k = {options.k} clusters need {options.k} rows, but {name} has {rows}; "
            "choose a smaller k"
        )
