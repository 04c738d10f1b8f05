"""Load data by name: a built-in set, optionally with parameters, a file, or ``image:FILE``.

Only ``load_data`` needs numpy, and loads it itself.
"""

import os
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from kmeans_tui.data.builtin.sets import SETS, Number
from kmeans_tui.data.columns import (
    SCALES_LISTED,
    DataError,
    find_axes,
    find_features,
    fitting_axes,
    nearest,
)
from kmeans_tui.data.preparation import USUAL, Preparation
from kmeans_tui.data.reading import database_tables
from kmeans_tui.data.reading.dialect import Dialect, Listener
from kmeans_tui.data.reading.files import IMAGE, STDIN
from kmeans_tui.vocabulary import SCALES

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset

# 800 MB of coordinates: beyond that, the machine would swap long before the first frame.
_MOST_NUMBERS: Final = 100_000_000


class Entry(NamedTuple):
    """What is known about a set without building it.

    ``name`` as requested and ``set`` the set it refers to, n rows, d columns, the suggested k, the
    parameters with their values, the columns, and the default preparation.
    """

    name: str
    set: str
    n: int
    d: int
    k: int
    about: str
    parameters: Mapping[str, Number]
    columns: tuple[str, ...]
    features: tuple[str, ...]
    scale: str
    axes: tuple[str, ...]


def sets() -> tuple[Entry, ...]:
    """Return the built-in sets with their defaults, without building any."""
    return tuple(describe(name) for name in SETS)


def describe(spec: str, preparation: Preparation = USUAL) -> Entry:
    """Return what ``prepared`` would return for the same arguments, without building it.

    Raises ``DataError`` for every name, parameter, feature, scale or axis that it would reject.
    """
    features, scale, axes = preparation.features, preparation.scale, preparation.axes
    name, values = _read(spec)
    made = SETS[name]
    n = int(values.get("n", made.n)) + made.extra_rows
    columns = made.columns or tuple(f"feature {i + 1}" for i in range(int(values.get("d", 2))))
    if n * len(columns) > _MOST_NUMBERS:
        raise DataError(
            f"{spec} would have {n:,} rows of {len(columns):,} features, more than "
            f"{_MOST_NUMBERS:,} numbers: make n or d smaller"
        )
    chosen = made.features or columns
    if preparation.drop is not None:
        chosen = preparation.left(chosen, columns, name)
    elif features is not None:
        chosen = find_features(features, columns, name)
    if scale is not None and scale not in SCALES:
        raise DataError(f"{scale!r} is not a scale: use {SCALES_LISTED}")
    shown = fitting_axes(made.axes, chosen)
    if axes is not None:
        shown = find_axes(axes, chosen, columns, name)
    return Entry(
        name=spec.strip(),
        set=name,
        n=n,
        d=len(columns),
        # With fewer rows than groups, some groups have no row.
        k=min(int(values.get("k", made.k)), n),
        about=made.about,
        parameters=values,
        columns=columns,
        features=chosen,
        scale=scale or made.scale,
        axes=shown,
    )


def own_start(spec: str) -> int:
    """Return how many centroids a set brings as its start; 0 for none, and for other data."""
    name = _folded(spec.partition(":")[0])
    return 0 if is_file(spec) or name not in SETS else len(SETS[name].start)


def load_data(
    spec: str,
    *,
    features: Sequence[str] | None = None,
    scale: str | None = None,
    axes: Sequence[str] | None = None,
    log: Sequence[str] = (),
    dialect: Dialect | None = None,
    missing: str = "drop",
    truth: str | None = None,
    weights: str | None = None,
    listener: Listener | None = None,
) -> "Dataset":
    """Load data ready for clustering: a set ``NAME`` or ``NAME:parameter=value,…``, or a file.

    ``features`` (names, or numbers from 1), ``scale`` (one of ``SCALES``), ``axes`` (two features,
    or ``("pca",)``) and ``log`` (features) change the preparation. For files: ``dialect`` says how
    the bytes are read, ``missing`` is ``drop`` or ``median``, ``truth`` names the column of
    the known grouping, ``weights`` that of the weights of the rows, ``listener`` is told of
    progress. Raises ``DataError``, one sentence.
    """
    chosen = Preparation(
        features=None if features is None else tuple(features),
        scale=scale,
        log=tuple(log),
        axes=None if axes is None else tuple(axes),
        missing=missing,
        truth=truth,
        weights=weights,
    )
    return prepared(spec, chosen, dialect, listener)


def prepared(
    spec: str,
    preparation: Preparation = USUAL,
    dialect: Dialect | None = None,
    listener: Listener | None = None,
) -> "Dataset":
    """Do what ``load_data`` does, with a complete ``Preparation``."""
    if is_file(spec):
        return _from_file(spec, preparation, dialect, listener)
    entry = describe(spec, preparation)
    # Inside: describing a set must not wait for numpy.
    import numpy as np

    from kmeans_tui.data import rows
    from kmeans_tui.data.builtin import generators
    from kmeans_tui.data.builtin.measured import measured
    from kmeans_tui.data.dataset import Dataset

    name, values = _read(spec)
    made = SETS[name]
    if made.file is not None:
        table, groups = measured(name, *made.file)
    else:
        table, groups = getattr(generators, made.generator)(**values)
    names = made.truth or tuple(f"group {i + 1}" for i in range(int(values.get("k", made.k))))
    dataset = Dataset(
        name=entry.name,
        table=table,
        columns=entry.columns,
        about=entry.about,
        k=entry.k,
        log=preparation.log or (),
        truth=None if made.truth is None else groups,
        truth_names=() if made.truth is None else names,
        features=entry.features,
        scale=entry.scale,
        axes=entry.axes,
        labels={rows.NAMES: np.array(made.rows, object)} if made.rows else {},
        start=table[[row - 1 for row in made.start]] if made.start else None,
    )
    return preparation.edited(dataset)


def _read(spec: str) -> tuple[str, dict[str, Number]]:
    """Return the name of a set and all its parameters, with defaults for those not given."""
    asked, _, given = spec.strip().partition(":")
    name = _folded(asked)
    if name not in SETS:
        raise DataError(
            f"there is no data set {asked!r}: {nearest(name, tuple(SETS), 'sets')} "
            "('kmeans-tui data' lists them)"
        )
    known = SETS[name].parameters
    values = {each: parameter.default for each, parameter in known.items()}
    for part in given.split(",") if given.strip() else ():
        key, equals, text = (each.strip() for each in part.partition("="))
        if not known:
            raise DataError(f"{name} takes no parameters: ask for it as {name}")
        if key not in known:
            raise DataError(
                f"{name} has no parameter {key!r}: {nearest(key, tuple(known), 'parameters')}"
            )
        value = known[key].read(text)
        if value is None:
            got = f"{text!r}" if equals else "nothing"
            raise DataError(f"{key} of {name} takes {known[key]}, not {got}")
        values[key] = value
    return name, values


def is_file(spec: str) -> bool:
    """Whether the data are a file, judging by the name; the name of a set wins over a file."""
    asked = spec.strip()
    if asked.startswith(IMAGE) or asked == STDIN:
        return True
    if _folded(asked.partition(":")[0]) in SETS:
        return False
    spec, table = database_tables.split(spec)
    asked = asked if table is None else spec.strip()
    separators = tuple(each for each in (os.sep, os.altsep) if each)
    return (
        any(each in asked for each in separators)
        or re.search(r"\.[A-Za-z]\w*$", asked) is not None
        or os.path.lexists(spec)
    )


def _folded(name: str) -> str:
    return name.strip().casefold().replace("_", "-").replace(" ", "-")


def _from_file(
    spec: str, preparation: Preparation, dialect: Dialect | None, listener: Listener | None
) -> "Dataset":
    from kmeans_tui.data.reading import files

    if spec.strip().startswith(IMAGE):
        from kmeans_tui.data.reading.pixels import pixels

        files.check_file(spec.strip())
        found = pixels(files.located(spec.strip().removeprefix(IMAGE)), spec.strip())
        return preparation.applied(found)
    from kmeans_tui.data.selection import Selection

    source = files.open_file(spec, dialect, asked=preparation.numbers, listener=listener)
    return Selection(source, preparation).dataset()
