"""The fields of ``run.json`` and their checks: one table, read in order.

A check takes the value and what was read before it, and returns the value as the program uses it,
or raises ``FieldError`` with what is wrong, to follow the name of the field.
"""

import sys
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from kmeans_tui.clustering.fields import Field, FieldError, named
from kmeans_tui.command import GIVEN, SWEPT
from kmeans_tui.data.encoding import Encoding
from kmeans_tui.data.omission import LeftOut
from kmeans_tui.data.sampling import Sampled
from kmeans_tui.vocabulary import EMPTY_RULES, INITS, MISSING, PARALLEL, PCA, SCALES

if TYPE_CHECKING:
    import numpy as np

Known: TypeAlias = Mapping[str, Any]
Check: TypeAlias = Callable[[Any, Known], Any]

# A set name, a path, or a sentence; a Linux path has at most 4,096 bytes.
_LONGEST_TEXT: Final = 10_000
_MOST: Final = 2**63 - 1


def _text(value: Any, known: Known) -> str:
    if not isinstance(value, str):
        raise FieldError(f"is {named(value)} instead of a text")
    if len(value) > _LONGEST_TEXT:
        raise FieldError(f"has {len(value):,} characters; the limit is {_LONGEST_TEXT:,}")
    return value


def _one_of(*choices: str) -> Check:
    def check(value: Any, known: Known) -> str:
        if not isinstance(value, str) or value not in choices:
            raise FieldError(f"is {named(value)}, not one of {', '.join(choices)}")
        return value

    return check


def _whole(low: int, high: int) -> Check:
    def check(value: Any, known: Known) -> int:
        if type(value) is not int or not low <= value <= high:
            raise FieldError(f"is {named(value)} instead of a whole number from {low} to {high}")
        return value

    return check


def _not_negative(value: Any, known: Known) -> float:
    if type(value) not in (int, float) or not 0 <= value <= sys.float_info.max:
        raise FieldError(f"is {named(value)} instead of a number of at least 0")
    return float(value)


def _yes_or_no(value: Any, known: Known) -> bool:
    if not isinstance(value, bool):
        raise FieldError(f"is {named(value)} instead of true or false")
    return value


def _or_null(check: Check) -> Check:
    return lambda value, known: None if value is None else check(value, known)


def _digest(value: Any, known: Known) -> str:
    if not isinstance(value, str) or len(value) != 64 or value.strip("0123456789abcdef"):
        raise FieldError("is not a SHA-256 in hex")
    return value


def _words(value: Any, *, twice: bool = False) -> tuple[str, ...]:
    """Return a list of Unicode texts, each once."""
    if not isinstance(value, list):
        raise FieldError(f"is {named(value)} instead of a list of texts")
    for each in value:
        _unicode(each)
    if not twice and len(set(value)) < len(value):
        double, _ = Counter(value).most_common(1)[0]
        raise FieldError(f"has {named(double)} twice")
    return tuple(value)


def _unicode(value: Any) -> None:
    if not isinstance(value, str):
        raise FieldError(f"has {named(value)} instead of a text")
    # A lone surrogate, which no encoding can write.
    if not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
        raise FieldError(f"has {named(value)}, which is not valid Unicode")


def _columns(value: Any, known: Known) -> tuple[str, ...]:
    found = _words(value)
    if not found:
        raise FieldError("is empty")
    return found


def _among(of: str, *, empty: bool) -> Check:
    """Return a check for names from the field ``of``."""

    def check(value: Any, known: Known) -> tuple[str, ...]:
        found = _words(value)
        there = frozenset(known[of])
        strange = next((each for each in found if each not in there), None)
        if strange is not None:
            raise FieldError(f"has {named(strange)}, which is not one of the {of}")
        if not found and not empty:
            raise FieldError("is empty")
        return found

    return check


def _axes(value: Any, known: Known) -> tuple[str, ...]:
    found = _words(value)
    if found == (PCA,) and len(known["features"]) > 1:
        return found
    _among("features", empty=False)(value, known)
    if len(found) != min(2, len(known["features"])):
        raise FieldError(f"has {len(found)} names instead of two features, the only one, or pca")
    return found


def _array(field: Field) -> Check:
    return lambda value, known: field.read(value, known)


def _shape(value: Any, known: Known) -> tuple[int, int, int]:
    n, k, d = Field("i", (3,), 1, 2**62).read(value, known).tolist()
    return n, k, d


def _table(value: Any, known: Known) -> "np.ndarray":
    return Field("f", ("n", "p"), gaps=True).read(value, known)


def _truth(value: Any, known: Known) -> "np.ndarray":
    field = Field("i", ("n",), 0, "groups-1" if known["truth_names"] else "n-1")
    return field.read(value, {**known, "groups": len(known["truth_names"])}).astype("int32")


def _weights(value: Any, known: Known) -> "np.ndarray":
    found = Field("f", ("n",), 0).read(value, known)
    if not found.any():
        raise FieldError("has no number above 0")
    return found


def _row_numbers(value: Any, known: Known) -> "np.ndarray":
    found = Field("i", ("n",), 1, 2**53).read(value, known)
    if (found[1:] <= found[:-1]).any():
        raise FieldError("is not ascending")
    return found


def _added(value: Any, known: Known) -> int:
    return int(_whole(0, known["n"])(value, known))


def _counted(value: Any, known: Known) -> int:
    return int(_whole(known["n"], _MOST)(value, known))


def _taken_out(value: Any, known: Known) -> tuple[int, ...]:
    if not isinstance(value, list) or not all(type(each) is int and each > 0 for each in value):
        raise FieldError(f"is {named(value)} instead of a list of row numbers")
    if sorted(set(value)) != value or (value and value[-1] > _MOST):
        raise FieldError("is not an ascending list of row numbers")
    return tuple(value)


def _labels(value: Any, known: Known) -> dict[str, "np.ndarray"]:
    import numpy as np

    if not isinstance(value, dict):
        raise FieldError(f"is {named(value)} instead of columns by name")
    found = {}
    for name, cells in value.items():
        _unicode(name)
        # A label with a column's name has its original cells: 00501 besides 501.
        if not isinstance(cells, list) or len(cells) != known["n"]:
            raise FieldError(f"has no list of {known['n']:,} texts for {named(name)}")
        for cell in cells:
            if cell is not None:
                _unicode(cell)
        found[name] = np.empty(len(cells), object)
        found[name][:] = cells
    return found


def _encoded(value: Any, known: Known) -> tuple[Encoding, ...]:
    if not isinstance(value, list):
        raise FieldError(f"is {named(value)} instead of a list of encoded columns")
    found: list[Encoding] = []
    names: list[str] = []
    for each in value:
        if not isinstance(each, dict) or set(each) != {"column", "values", "features"}:
            raise FieldError(f"has {named(each)} instead of column, values and features")
        _unicode(each["column"])
        values = _words(each["values"])
        features = _among("columns", empty=False)(each["features"], known)
        if len(values) != len(features):
            raise FieldError(f"has {len(values):,} values for {len(features):,} features")
        names += features
        found.append(Encoding(each["column"], values, features))
    if len(set(names)) < len(names) or len({each.column for each in found}) < len(found):
        raise FieldError("has a column or a feature twice")
    return tuple(found)


def _sampled(value: Any, known: Known) -> Sampled:
    if not isinstance(value, dict) or set(value) != set(Sampled._fields):
        raise FieldError(f"is {named(value)} instead of {', '.join(Sampled._fields)}")
    whole = _whole(0, _MOST)
    try:
        found = Sampled(**{name: whole(each, known) for name, each in value.items()})
    except FieldError as error:
        raise FieldError(f"has a number that {error}") from None
    if found.rows > found.of:
        raise FieldError(f"has {found.rows:,} of {found.of:,} rows")
    return found


def _left_out(value: Any, known: Known) -> LeftOut:
    if not isinstance(value, dict) or set(value) != set(LeftOut._fields):
        raise FieldError(f"is {named(value)} instead of {', '.join(LeftOut._fields)}")
    try:
        rows, of = (_whole(1, _MOST)(value[name], known) for name in ("rows", "of"))
        reasons = _words(value["reasons"])
        for each in reasons:
            _short(each, 1, _LONGEST_TEXT)
    except FieldError as error:
        raise FieldError(f"has a part that {error}") from None
    if rows > of:
        raise FieldError(f"has {rows:,} of {of:,} rows")
    return LeftOut(rows, of, reasons)


def _label(value: Any, known: Known) -> str:
    if not isinstance(value, str) or value not in known["labels"]:
        raise FieldError(f"is {named(value)}, which is not one of the labels")
    return value


def _picture(value: Any, known: Known) -> tuple[int, int]:
    height, width = Field("i", (2,), 1, "n").read(value, known).tolist()
    if height * width != known["n"] or len(known["columns"]) != 3:
        raise FieldError(
            f"is {height:,} × {width:,} where {known['n']:,} pixels of "
            f"{len(known['columns'])} columns are"
        )
    return height, width


_READ_WITH: Final[Mapping[str, Check]] = {
    "separator": lambda value, known: _short(value, 1, 4),
    "header": _yes_or_no,
    "decimal": lambda value, known: _one_of(".", ",")(value, known),
    "thousands": lambda value, known: _short(value, 0, 1),
    "encoding": lambda value, known: _short(value, 1, 40),
    "missing_marks": lambda value, known: _words(value),
    "sheet": lambda value, known: _text(value, known),
    "skip": lambda value, known: _whole(1, _MOST)(value, known),
    "header_row": lambda value, known: _whole(1, _MOST)(value, known),
}


def _reading(value: Any, known: Known) -> dict[str, Any]:
    """Return the fields of a ``Dialect``."""
    if not isinstance(value, dict):
        raise FieldError(f"is {named(value)} instead of fields by name")
    strange = next((each for each in value if each not in _READ_WITH), None)
    if strange is not None:
        raise FieldError(f"has {named(strange)}, which is not one of {', '.join(_READ_WITH)}")
    try:
        return {name: _READ_WITH[name](each, known) for name, each in value.items()}
    except FieldError as error:
        raise FieldError(f"has a field that {error}") from None


def _short(value: Any, least: int, most: int) -> str:
    if not isinstance(value, str) or not least <= len(value) <= most:
        raise FieldError(f"is {named(value)} instead of a text of {least} to {most} characters")
    _unicode(value)
    return value


def _far(value: Any, known: Known) -> "np.ndarray":
    found = Field("f", ("k",), gaps=True).read(value, known)
    if (found < 0).any():
        raise FieldError("has a negative distance")
    return found


def _offsets(value: Any, known: Known) -> "np.ndarray":
    return Field("f", ("d",), gaps=True).read(value, known)


# An optional field has its default in second place.
REQUIRED: Final = object()
FIELDS: Final[Mapping[str, tuple[Check, Any]]] = {
    "recording.shape": (_shape, REQUIRED),
    "recording.name": (_text, REQUIRED),
    "recording.about": (_text, REQUIRED),
    "recording.columns": (_columns, REQUIRED),
    "recording.table": (_table, REQUIRED),
    "recording.truth_names": (lambda value, known: _words(value, twice=True), REQUIRED),
    "recording.truth": (_or_null(_truth), REQUIRED),
    "recording.weights": (_weights, None),
    "recording.weight_column": (_text, ""),
    "recording.row_numbers": (_or_null(_row_numbers), None),
    "recording.added": (_added, 0),
    "recording.taken_out": (_taken_out, ()),
    "recording.missing": (_or_null(_one_of(*MISSING)), None),
    "recording.reading": (_reading, {}),
    "recording.labels": (_labels, {}),
    "recording.id_column": (_or_null(_label), None),
    "recording.sampled": (_or_null(_sampled), None),
    "recording.left_out": (_or_null(_left_out), None),
    "recording.picture": (_or_null(_picture), None),
    "recording.features": (_among("columns", empty=False), REQUIRED),
    "recording.log": (_among("features", empty=True), ()),
    "recording.encoded": (_encoded, ()),
    "recording.scale": (_one_of(*SCALES), REQUIRED),
    "recording.axes": (_axes, REQUIRED),
    "recording.digest": (_digest, REQUIRED),
    "recording.counted": (_or_null(_counted), None),
    "recording.flat": (_or_null(_among("features", empty=True)), None),
    "preparation.medians": (_array(Field("f", ("d",))), None),
    "preparation.log_offsets": (_offsets, None),
    "preparation.centre": (_array(Field("f", ("d",))), None),
    "preparation.spread": (_array(Field("f", ("d",))), None),
    "preparation.far": (_far, None),
    "parameters.k": (_or_null(_whole(1, _MOST)), None),
    "parameters.init": (_or_null(_one_of(*INITS, *SWEPT, PARALLEL, GIVEN)), None),
    "parameters.random_state": (_or_null(_whole(0, 2**32 - 1)), None),
    "parameters.max_iterations": (_or_null(_whole(1, _MOST)), None),
    "parameters.tolerance": (_or_null(_not_negative), None),
    "parameters.empty": (_or_null(_one_of(*EMPTY_RULES)), None),
    "parameters.improve": (_or_null(_yes_or_no), None),
}


def checked(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the fields of a document by part and name, as the program uses them.

    The message of a ``FieldError`` begins with the name of the field.
    """
    found: dict[str, dict[str, Any]] = {"recording": {}, "preparation": {}, "parameters": {}}
    sizes: dict[str, Any] = {}
    for whole, (check, usual) in FIELDS.items():
        part, _, name = whole.partition(".")
        values = document.get(part, {})
        if not isinstance(values, dict):
            raise FieldError(f"{part} is {named(values)} instead of an object")
        if name not in values:
            if usual is REQUIRED:
                raise FieldError(f"{name} is missing")
            found[part][name] = usual
            continue
        try:
            value = check(values[name], {**found["recording"], **sizes})
        except FieldError as error:
            raise FieldError(f"{whole} {error}") from None
        found[part][name] = value
        if name == "shape":
            sizes.update(zip("nkd", value, strict=True))
        if name == "columns":
            sizes["p"] = len(value)
    _, k, d = found["recording"]["shape"]
    if found["parameters"]["k"] not in (None, k):
        raise FieldError(
            f"parameters.k is {found['parameters']['k']}, but the run has {k} clusters"
        )
    if d != len(found["recording"]["features"]):
        raise FieldError(f"recording.shape has {d:,} features, recording.features has others")
    return found
