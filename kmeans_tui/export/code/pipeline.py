"""A script that labels the user's own files as the run did, with pandas and scikit-learn alone."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from kmeans_tui.analysis.assignment import thresholds
from kmeans_tui.clustering.history import History
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.data.new_rows import medians
from kmeans_tui.data.reading.dialect import ANY_TEXT, Dialect
from kmeans_tui.data.reading.notation import SIGNS, Notation
from kmeans_tui.export.code.script import literal
from kmeans_tui.export.provenance import Provenance

# Nothing from outside is in these texts: it is in the constants above them, as literals.
_HEAD: Final = '''\
"""Give the rows of a table the clusters of a run, with pandas and scikit-learn.

    python pipeline.py TABLE [RESULT.csv]

The table has the columns of COLUMNS, in any order; of an SQLite or DuckDB file it is FILE::NAME.
The result has its rows, and behind them cluster (from 1), distance to the centroid, margin to the
next one, and far: farther out than 99.9 % of the run's rows in that cluster, below 1,000 rows than
all of them.
"""

import re
import sqlite3
import sys
from decimal import Decimal
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MinMaxScaler,
    RobustScaler,
    StandardScaler,
)
'''
_PIPELINE: Final = '''\
def logarithms(values):
    """Take the logarithms that the run took; rows are (m, d)."""
    values = np.array(values, dtype=float)
    for feature, offset in LOGS.items():
        values[:, feature] = np.log(values[:, feature] + offset)
    return values


def imputer():
    """Fill gaps with the medians of the run."""
    return SimpleImputer(strategy="median").fit(np.array([MEDIANS]))


def scaler():
    """Scale with the numbers of the run, not with those of the new table."""
    if SCALE == "minmax":
        return MinMaxScaler().fit(np.array([CENTRE, np.add(CENTRE, SPREAD)]))
    if SCALE == "robust":
        found = RobustScaler().fit(np.array([CENTRE]))
        found.center_, found.scale_ = np.array(CENTRE), np.array(SPREAD)
        return found
    found = StandardScaler().fit(np.array([CENTRE]))
    found.mean_, found.scale_ = np.array(CENTRE), np.array(SPREAD)
    found.var_ = found.scale_**2
    return found


def middle():
    """Measure from the middle of the centroids: scikit-learn's distances round far from 0."""
    found = StandardScaler(with_std=False).fit(np.array([np.mean(CENTROIDS, axis=0)]))
    found.mean_ = np.mean(CENTROIDS, axis=0)
    return found


def clusters():
    """The centroids of the run, seen from their middle, as a fitted model."""
    centroids = np.array(CENTROIDS) - np.mean(CENTROIDS, axis=0)
    found = KMeans(len(centroids), init=centroids, n_init=1, max_iter=1).fit(centroids)
    # Exactly these: a fit rounds.
    found.cluster_centers_ = centroids
    return found


def pipeline():
    """Everything that turns rows of FEATURES into clusters: predict(rows), transform(rows)."""
    steps = [imputer()] if FILLED else []
    steps += [FunctionTransformer(logarithms)] if LOGS else []
    steps += [scaler()] if SCALE != "none" else []
    return make_pipeline(*steps, middle(), clusters())
'''
_READING: Final = '''\
def number(cell, where):
    """Return a cell as a number, NaN if it stands for a missing value."""
    if cell is None or isinstance(cell, bytes):
        return np.nan
    if isinstance(cell, (int, float, np.number, Decimal)):
        value = float(cell)
    elif not isinstance(cell, str):
        sys.exit(f"{where}: {cell!s:.40} is not a number")
    elif cell.strip().casefold() in MISSING:
        return np.nan
    elif cell.strip().casefold().strip("+-") in ("inf", "infinity"):
        return np.nan
    else:
        bare = "".join(each for each in cell if each not in SIGNS).strip()
        if NUMBER.fullmatch(bare) is None:
            if ANY_TEXT_IS_MISSING:
                return np.nan
            sys.exit(f"{where}: {cell[:40]!r} is not a number")
        bare = re.sub(r"[()\\s'\\u2019]", "", bare.replace("(", "-"))
        bare = bare.replace(THOUSANDS, "") if THOUSANDS else bare
        value = float(bare.replace(DECIMAL, "."))
    return value if np.isfinite(value) and value not in MISSING_NUMBERS else np.nan


def named(cells):
    """Return names for columns: blanks and controls trimmed, none too long, none twice."""
    found = []
    for place, cell in enumerate(cells, 1):
        seen = (c if c.isprintable() else " " for c in ("" if pd.isna(cell) else str(cell)))
        name = " ".join("".join(seen).split()) or f"column {place}"
        name = name if len(name) <= 300 else f"{name[:299]}…"
        free, again = name, 2
        while free in found:
            free = f"{name} ({again})"
            again += 1
        found.append(free)
    return found


def read(path):
    """Return a table with its cells as they came; the row of names is found by COLUMNS."""
    found = stored(path)
    if found is not None:
        return checked(found, path)
    kind = Path(path).suffix.casefold()
    if kind in (".parquet", ".pq"):
        return checked(pd.read_parquet(path), path)
    if kind in (".xlsx", ".xls", ".ods", ".xlsm", ".xlsb"):
        return of_sheet(path, "openpyxl" if kind in (".xlsx", ".xlsm") else None)
    if kind in (".json", ".jsonl", ".ndjson"):
        found = pd.read_json(path, lines=kind != ".json", dtype=False, convert_dates=False)
        return checked(found, path)
    how = {"header": None, "dtype": str, "keep_default_na": False, "encoding": ENCODING}
    for skipped in [SKIPPED] if SKIPPED is not None else range(20):
        for separator, trimmed in product(SEPARATORS, (False, True)):
            how |= {"sep": separator, "skiprows": skipped, "skipinitialspace": trimmed}
            try:
                first = pd.read_csv(path, nrows=1, **how)
                names = named(first.iloc[0]) if HEADER else named([""] * first.shape[1])
                if set(COLUMNS) <= set(names):
                    found = pd.read_csv(path, **how).iloc[int(HEADER) :]
                    found.columns = names
                    return found.reset_index(drop=True)
            except (pd.errors.ParserError, pd.errors.EmptyDataError):
                continue
    return sys.exit(f"{path} is not a table with the columns {', '.join(COLUMNS)}")


def of_sheet(path, engine):
    """Return a table of a workbook; the row of names is found by COLUMNS."""
    rows = pd.read_excel(path, sheet_name=SHEET, dtype=object, header=None, engine=engine)
    for skipped in [SKIPPED] if SKIPPED is not None else range(min(20, len(rows))):
        first = rows.iloc[skipped : skipped + 1].astype(object)
        heads = first.where(first.notna(), "").to_numpy().reshape(-1)
        names = named(heads if HEADER and len(heads) else [""] * rows.shape[1])
        if set(COLUMNS) <= set(names):
            found = rows.iloc[skipped + int(HEADER) :].reset_index(drop=True)
            found.columns = names
            return found
    return sys.exit(f"{path} is not a table with the columns {', '.join(COLUMNS)}")


def stored(path):
    """Return a table of an SQLite or DuckDB file, which is only read; None for any other file."""
    file, _, table = (path, "", "") if Path(path).exists() else path.partition("::")
    with open(file, "rb") as opened:
        start = opened.read(16)
    if start.startswith(b"SQLite format 3"):
        database = sqlite3.connect(f"{Path(file).resolve().as_uri()}?mode=ro", uri=True)
        kinds = "type IN ('table', 'view') AND name NOT LIKE 'sqlite%'"
        listed = f"SELECT 'main', name FROM sqlite_master WHERE {kinds}"
    elif start[8:12] == b"DUCK":
        import duckdb

        closed = {"enable_external_access": "false"}
        database = duckdb.connect(file, read_only=True, config=closed)
        listed = "SELECT table_schema, table_name FROM information_schema.tables"
    else:
        return None
    try:
        names = {}
        for schema, name in database.execute(listed).fetchall():
            names[name if schema == "main" else f"{schema}.{name}"] = schema, name
        if not table and len(names) == 1:
            table = next(iter(names))
        if table not in names:
            sys.exit(f"{file}: add :: and one of {', '.join(names)}")
        quoted = ".".join('"' + each.replace('"', '""') + '"' for each in names[table])
        rows = database.execute(f"SELECT * FROM {quoted}")
        heads = [each[0] for each in rows.description]
        return pd.DataFrame(rows.fetchall(), columns=heads, dtype=object)
    finally:
        database.close()


def checked(table, path):
    """Return a typed table if it has all columns."""
    table.columns = named(table.columns)
    lacking = [each for each in COLUMNS if each not in table.columns]
    if lacking:
        sys.exit(f"{path} is not a table with the columns {', '.join(lacking)}")
    return table


def values_of(table, path):
    """Return the features as numbers, (m, d), NaN where a value is missing."""
    columns = []
    for name in FEATURES:
        if name in ENCODED:
            column, text = ENCODED[name]
            cells = ["" if pd.isna(each) else str(each).strip() for each in table[column]]
            columns.append([float(each == text) if each else np.nan for each in cells])
            continue
        cells = table[name].tolist()
        found = [number(each, f"{path}, row {i}, column {name}") for i, each in enumerate(cells, 1)]
        columns.append(found)
    return np.array(columns, dtype=float).T.reshape(len(table), len(FEATURES))
'''
_ASSIGNING: Final = '''\
def assigned(table, path=""):
    """Return the table with cluster, distance, margin and far behind its own columns."""
    values = values_of(table, path)
    # Without a place: a gap that is not filled, a value without a logarithm, or one too large.
    filled = np.where(np.isnan(values), MEDIANS, values) if FILLED else values
    usable = (np.abs(filled) <= 1e150).all(axis=1)
    for feature, offset in LOGS.items():
        usable &= filled[:, feature] + offset > 0
    found = {"cluster": np.full(len(table), np.nan), "distance": np.full(len(table), np.nan)}
    found |= {"margin": np.full(len(table), np.nan), "far": np.full(len(table), "", object)}
    if usable.any():
        model = pipeline()
        labels = model.predict(values[usable])
        distances = model.transform(values[usable])
        own = distances[np.arange(len(labels)), labels]
        found["cluster"][usable] = labels + 1
        found["distance"][usable] = own
        if len(CENTROIDS) > 1:
            found["margin"][usable] = np.sort(distances, axis=1)[:, 1] - own
        # A cluster without rows in the run has no limit: all rows are far from it.
        limits = np.array(FAR, dtype=float)[labels]
        found["far"][usable] = np.where(own <= limits * (1 + 1e-6), "", "yes")
    found["cluster"] = pd.array(found["cluster"], dtype="Int64")
    result = table.copy()
    for name, column in found.items():
        while name in result.columns:
            name += "_"
        result[name] = column
    return result


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(f"usage: python {sys.argv[0]} TABLE [RESULT.csv]")
    result = assigned(read(sys.argv[1]), sys.argv[1])
    result.to_csv(sys.argv[2] if len(sys.argv) == 3 else sys.stdout, index=False)


if __name__ == "__main__":
    main()
'''
_SEPARATORS: Final = (",", ";", "\t", "|", r"\s+")


def text(dataset: Dataset, history: History, source: Provenance) -> str:
    """Return the script of a run: constants as literals, and code that is always the same."""
    parts = [_HEAD, _constants(dataset, history, source), _PIPELINE, _READING, _ASSIGNING]
    return "\n\n".join(f"{part.strip()}\n" for part in parts)


def _constants(dataset: Dataset, history: History, source: Provenance) -> str:
    last = history[-1]
    centre, spread = dataset.centre_and_spread
    dialect = Dialect(**dataset.reading)
    marks = Notation(dialect.decimal or ".", dialect.thousands or "", parentheses=True)
    marked = sorted(each.strip().casefold() for each in dialect.missing_marks)
    missing = sorted({*Dialect().marks, *marked} - {ANY_TEXT})
    far = thresholds(dataset.points, last.labels, last.centroids, dataset.weights).tolist()
    skipped = dialect.skip if dialect.header_row is None else dialect.header_row - 1
    sheet: str | int = 0 if dialect.sheet is None else dialect.sheet
    if isinstance(sheet, str) and sheet.isdecimal():
        sheet = int(sheet) - 1
    separators = (*((dialect.separator,) if dialect.separator else ()), *_SEPARATORS)
    headed = dialect.header is not False and not _counted(dataset)
    lines = [
        "# Its origin: the data, and the shell command that gives the run.",
        f"DATA = {literal(dataset.name)}",
        f"DIGEST = {literal(f'sha256:{source.digest}')}",
        f"WRITTEN_BY = {literal(source.software)}",
        f"COMMAND = {literal(source.command)}",
        "",
        "# How the table is read.",
        f"SEPARATORS = {literal(tuple(dict.fromkeys(separators)))}",
        f"ENCODING = {literal(dialect.encoding or 'utf-8-sig')}",
        f"SKIPPED = {skipped!r}  # lines above the names; None looks for them",
        f"HEADER = {headed!r}",
        f"SHEET = {literal(sheet) if isinstance(sheet, str) else repr(sheet)}",
        f"DECIMAL, THOUSANDS = {literal(marks.decimal)}, {literal(marks.thousands)}",
        f"NUMBER = re.compile({literal(marks.pattern)})",
        f"SIGNS = {literal(SIGNS)}",
        f"MISSING = {literal(tuple(missing))}",
        f"MISSING_NUMBERS = {_numbers(dialect.missing_numbers)}",
        f"ANY_TEXT_IS_MISSING = {ANY_TEXT in dialect.missing_marks!r}",
        "",
        "# How rows are prepared: by feature.",
        f"FEATURES = {literal(dataset.features)}",
        f"COLUMNS = {literal(_columns(dataset))}  # of the table",
        f"ENCODED = {_encoded(dataset)}  # 1 where the column has this text, else 0",
        f"FILLED = {dataset.missing == 'median'!r}  # gaps; otherwise such rows get no cluster",
        f"MEDIANS = {_numbers(medians(dataset))}",
        f"LOGS = {_offsets(dataset)}  # the number of a feature, and what is added first",
        f"SCALE = {literal(_scale(dataset))}",
        f"CENTRE = {_numbers(centre)}",
        f"SPREAD = {_numbers(spread)}",
        "",
        "# The clusters: centroids in prepared units, and the distance that is far.",
        "CENTROIDS = [",
        *(f"    {_numbers(row)}," for row in last.centroids),
        "]",
        f"FAR = {[None if each != each else each for each in far]!r}",
    ]
    return "\n".join(lines)


def _numbers(values: "Sequence[float] | np.ndarray") -> str:
    """Return numbers as a literal, in full precision."""
    return repr([float(each) for each in values])


def _scale(dataset: Dataset) -> str:
    """Return the scale; indicators are divided even where all else is left as it is."""
    return "standard" if dataset.scale == "none" and dataset.indicators.any() else dataset.scale


def _columns(dataset: Dataset) -> tuple[str, ...]:
    """Return the columns of the table that the features are made of."""
    of = {name: each.column for each in dataset.encoded for name in each.features}
    return tuple(dict.fromkeys(of.get(name, name) for name in dataset.features))


def _encoded(dataset: Dataset) -> str:
    """Return the text column and the value of each feature that indicates one, as a literal."""
    pairs = (
        f"{literal(name)}: {literal((each.column, value))}"
        for each in dataset.encoded
        for name, value in zip(each.features, each.values, strict=True)
        if name in dataset.features
    )
    return "{" + ", ".join(pairs) + "}"


def _offsets(dataset: Dataset) -> str:
    return repr({int(at): float(offset) for at, offset in dataset.log_offsets.items()})


def _counted(dataset: Dataset) -> bool:
    """Whether the columns have no names of their own."""
    return all(name.removeprefix("column ").isdecimal() for name in dataset.features)
