"""The clusters as rules: a small decision tree in the units of the table, and what it costs.

A cluster of K-Means is bounded by borders between centroids, a rule by values of single columns, so
rules are an approximation; every rule says how many of its rows it gets right.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kmeans_tui.analysis.case_weights import copies, rows_of
from kmeans_tui.analysis.short_border import shortest
from kmeans_tui.data.reading.query import identifier, literal
from kmeans_tui.words import plural, printable

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.data.encoding import Encoding

# Deeper trees name more rows rightly, and nobody reads them.
DEEPEST: Final = 3
# A shallower tree is taken if it gets at most this share of all rows less right than the deepest.
_WORTH: Final = 0.02
# ClusterRules that get fewer rows right do not fit: one row in five would be in another segment.
FITTING: Final = 0.8
# A rule for fewer rows than this share is about single rows.
_LEAST: Final = 0.02
# More rows do not move the borders of a tree of this depth; all are counted.
_MOST_ROWS: Final = 100_000
# Above every number that can be clustered, for its square is finite.
_BEYOND: Final = "1e200"
# Gaps as csv, databases and pandas hold them: NaN is neither above a number nor up to it.
_GAPS_IN_PYTHON: Final = (
    '    gaps = ("", "None", "nan", "NaT", "<NA>")',
    "    row = {",
    '        name: float("nan") if str(cell).strip() in gaps else cell',
    "        for name, cell in dict(row).items()",
    "    }",
)


@dataclass(frozen=True)
class Condition:
    """The values of a column that a rule takes: above ``low`` and up to ``high``; None is open.

    With a ``value``, it is a text column, and takes the rows with this value if there is a ``low``,
    all others if there is a ``high``.
    """

    column: str
    low: float | None = None
    high: float | None = None
    value: str | None = None

    def __str__(self) -> str:
        if self.value is not None:
            return f"{self.column} is {'not ' if self.low is None else ''}{self.value}"
        if self.low is None:
            return f"{self.column} up to {_plain(self.high)}"
        if self.high is None:
            return f"{self.column} above {_plain(self.low)}"
        return f"{self.column} above {_plain(self.low)} and up to {_plain(self.high)}"

    def document(self) -> dict[str, Any]:
        """Return the condition as plain values."""
        if self.value is not None:
            return {"column": self.column, "is" if self.low is not None else "is_not": self.value}
        return {"column": self.column, "above": self.low, "up_to": self.high}

    def taken(self, column: np.ndarray) -> np.ndarray:
        """Return which values ``(n,)`` it takes: ``(n,)`` bool."""
        found = np.ones(len(column), dtype=bool)
        if self.low is not None:
            found &= column > self.low
        if self.high is not None:
            found &= column <= self.high
        return found


@dataclass(frozen=True)
class ClusterRule:
    """``cluster``, counted from 0, if all ``conditions`` hold: ``right`` of ``rows`` are in it.

    ``weight`` is that of its rows, ``right_weight`` of those in it; None if rows have none.
    """

    cluster: int
    conditions: tuple[Condition, ...]
    rows: int
    right: int
    weight: float | None = None
    right_weight: float | None = None

    @property
    def share(self) -> float:
        """The share of its rows, or of their weight, that are in the cluster."""
        right, whole = self.counted
        return right / whole

    @property
    def counted(self) -> tuple[float, float]:
        """How many of its rows are in the cluster, and how many there are; or their weight."""
        if self.weight is None or self.right_weight is None:
            return self.right, self.rows
        return self.right_weight, self.weight

    def __str__(self) -> str:
        found = " and ".join(map(str, self.conditions))
        return f"cluster {self.cluster + 1} {f'if {found}' if found else 'always'}"

    def price(self) -> str:
        """How many of its rows are in the cluster, in words."""
        if self.weight is not None:
            return f"{_in_hundred(self.share)} right by weight, {plural(self.rows, 'row')}"
        if self.rows < 100:
            return f"{self.right} of {plural(self.rows, 'row')} right"
        return f"{_in_hundred(self.share)} of {self.rows:,} rows right"

    def document(self) -> dict[str, Any]:
        """Return the rule as plain values; clusters are counted from 1."""
        found: dict[str, Any] = {
            "cluster": self.cluster + 1,
            "conditions": [one.document() for one in self.conditions],
            "rows": self.rows,
            "right": self.right,
        }
        if self.weight is not None:
            found |= {"weight": self.weight, "right_weight": self.right_weight}
        return found


@dataclass(frozen=True)
class ClusterRules:
    """ClusterRules of which exactly one holds for every row; ``rows`` in all, in ``k`` clusters.

    ``some`` says that these are the rows on display of a larger table, ``left_out`` how many rows
    were not clustered.
    """

    rules: tuple[ClusterRule, ...]
    rows: int
    k: int
    some: bool = False
    left_out: int = 0

    @property
    def share(self) -> float:
        """The share of all rows, or of their weight, that the rules put into their cluster."""
        counted = [each.counted for each in self.rules]
        return sum(right for right, _ in counted) / sum(whole for _, whole in counted)

    @property
    def fit(self) -> bool:
        """Whether the rules are a fair description of the clusters."""
        return self.share >= FITTING and not self.unnamed

    @property
    def unnamed(self) -> tuple[int, ...]:
        """The clusters, counted from 0, that no rule names."""
        return tuple(sorted(set(range(self.k)) - {each.cluster for each in self.rules}))

    def sentence(self) -> str:
        """What the rules cost, in one sentence."""
        by = " by weight" if any(each.weight is not None for each in self.rules) else ""
        rows = "rows on display" if self.some else "rows"
        price = f"the rules put {_in_hundred(self.share)} {rows}{by} into their cluster"
        if self.fit:
            return price
        if self.unnamed:
            count = plural(len(self.unnamed), "cluster")
            have = "has" if len(self.unnamed) == 1 else "have"
            return f"rules do not fit: {count} of {self.k} {have} none, and {price}"
        return (
            f"rules do not fit: {price}, for the clusters differ in many columns at once; use "
            "labels or the centroids"
        )

    def lines(self) -> Iterator[str]:
        """Yield the rules as sentences, and their price."""
        for each in self.rules:
            yield f"{each}: {each.price()}"
        yield self.sentence()

    def sql(self) -> str:
        """Return an SQL expression: the cluster, counted from 1, of a row of the table.

        A row with a missing value where a rule asks for it gets NULL, or the cluster of a rule that
        does not ask.
        """
        width = max(len(_sql(each)) for each in self.rules)
        cases = (
            f"  WHEN {_sql(each):<{width}} THEN {each.cluster + 1}  -- {_price(each)}"
            for each in self.rules
        )
        said = [f"  -- {each}" for each in self._cautions("SQLite takes a wrong name for a text")]
        return "\n".join(["CASE", *said, *cases, "END"])

    def python(self) -> str:
        """Return a Python function: the cluster, counted from 1, of a mapping of columns."""
        lines = [
            "def cluster(row):",
            '    """Return the cluster of a row, a mapping of columns."""',
            *(f"    # {each}" for each in self._cautions()),
            *(_GAPS_IN_PYTHON if any(each.conditions for each in self.rules) else ()),
        ]
        for each in self.rules:
            lines.append(f"    if {_python(each)}:  # {_price(each)}")
            lines.append(f"        return {each.cluster + 1}")
        lines.append("    return None  # a value is missing")
        return "\n".join(lines)

    def _cautions(self, why: str = "") -> Iterator[str]:
        """Yield what to heed where the rules are used, a line each."""
        names = dict.fromkeys(one.column for each in self.rules for one in each.conditions)
        if names:
            shown = ", ".join(printable(each) for each in names)
            yield f"needs columns of exactly these names{f' ({why})' if why else ''}: {shown}"
        if self.left_out:
            rows = plural(self.left_out, "row")
            yield f"{rows} left out of the clustering may get a cluster here too"

    def document(self) -> dict[str, Any]:
        """Return the rules as plain values; clusters are counted from 1."""
        return {
            "rules": [each.document() for each in self.rules],
            "share": self.share,
            "fit": self.fit,
            "sentence": self.sentence(),
        }


def rules(dataset: "Dataset", labels: np.ndarray, k: int) -> ClusterRules:
    """Return rules for the clusters ``labels`` ``(n,)``, from 0 to k - 1.

    They are the leaves of a decision tree (Breiman and others 1984, CART, by scikit-learn) of depth
    at most 3 on the clustered columns in their own units. Leaves of one cluster that share a parent
    are one rule; borders have as few digits as still divide the same rows. Rows count by their
    weights, if they have some.
    """
    from sklearn.tree import DecisionTreeClassifier

    columns = [dataset.column(each) for each in dataset.features]
    n = dataset.n
    fitted = np.arange(n)
    if n > _MOST_ROWS:
        fitted = np.sort(np.random.default_rng(0).choice(n, _MOST_ROWS, replace=False))
    # Of places in the order of the values, for the tree takes single precision: values that differ
    # in the last digit, or are above 3e38, would be one.
    ordered = [np.unique(column[fitted], return_inverse=True) for column in columns]
    places = np.column_stack([place for _, place in ordered])
    weights, lost = dataset.weights, dataset.left_out
    heavy = None if weights is None else weights[fitted]
    whole = rows_of(len(fitted), copies(heavy))

    def of_depth(depth: int) -> ClusterRules:
        least = max(1, int(_LEAST * whole))
        # A weight that is this share up to rounding is enough.
        limits = (
            {"min_samples_leaf": least}
            if heavy is None
            else {"min_weight_fraction_leaf": min(0.5, least / whole) * (1 - 1e-9)}
        )
        tree = DecisionTreeClassifier(max_depth=depth, random_state=0, **limits)
        tree.fit(places, labels[fitted], sample_weight=heavy)
        values = [value for value, _ in ordered]
        grown = _Grown(dataset.features, dataset.encoded, columns, labels, values, tree, weights)
        some, unused = n < dataset.counted, 0 if lost is None else lost.rows
        return ClusterRules(grown.rules(), n, k, some, unused)

    deepest = best = of_depth(DEEPEST)
    for depth in range(DEEPEST - 1, 0, -1):
        found = of_depth(depth)
        if found.share >= deepest.share - _WORTH and found.unnamed == deepest.unnamed:
            best = found
    return best


@dataclass(frozen=True, eq=False)
class _Grown:
    """A ``tree`` fitted to places in ``values``, the sorted distinct values of each column."""

    names: tuple[str, ...]
    encoded: "tuple[Encoding, ...]"
    columns: list[np.ndarray]
    labels: np.ndarray
    values: list[np.ndarray]
    tree: Any
    weights: np.ndarray | None

    def rules(self) -> tuple[ClusterRule, ...]:
        """Return its rules in the order of their clusters, those for most rows first."""
        found = self._below(0, np.arange(len(self.labels)), {})
        return tuple(sorted(found, key=lambda each: (each.cluster, -each.rows)))

    def _condition(self, feature: int, low: float | None, high: float | None) -> Condition:
        for each in self.encoded:
            if self.names[feature] in each.features:
                at = each.features.index(self.names[feature])
                return Condition(each.column, low, high, each.values[at])
        return Condition(self.names[feature], low, high)

    @staticmethod
    def _without_needless(found: "Iterable[Condition]") -> tuple[Condition, ...]:
        """Leave out what a column is not where it is said what it is."""
        all_of_them = tuple(found)
        said = {one.column for one in all_of_them if one.value is not None and one.low is not None}
        return tuple(
            one
            for one in all_of_them
            if one.value is None or one.low is not None or one.column not in said
        )

    def _clusters(self, node: int) -> set[int]:
        """The clusters that the leaves below a node name."""
        grown = self.tree.tree_
        if grown.children_left[node] < 0:
            return {int(self.tree.classes_[grown.value[node, 0].argmax()])}
        left, right = grown.children_left[node], grown.children_right[node]
        return self._clusters(left) | self._clusters(right)

    def _below(
        self, node: int, rows: np.ndarray, bounds: dict[int, tuple[float | None, float | None]]
    ) -> Iterator[ClusterRule]:
        """Yield the rules below a node, which ``rows`` reach within ``bounds`` of their columns."""
        clusters = self._clusters(node)
        if len(clusters) == 1:
            cluster = clusters.pop()
            taken = self._without_needless(self._condition(i, *bounds[i]) for i in sorted(bounds))
            right = self.labels[rows] == cluster
            found = ClusterRule(cluster, taken, len(rows), int(right.sum()))
            if self.weights is not None:
                own = self.weights[rows]
                found = replace(
                    found, weight=float(own.sum()), right_weight=float(own[right].sum())
                )
            yield found
            return
        grown = self.tree.tree_
        at = int(grown.feature[node])
        own = self.columns[at][rows]
        left = own <= self.values[at][int(grown.threshold[node])]
        border = shortest(float(own[left].max()), float(own[~left].min()))
        low, high = bounds.get(at, (None, None))
        left_bounds, right_bounds = {**bounds, at: (low, border)}, {**bounds, at: (border, high)}
        yield from self._below(grown.children_left[node], rows[left], left_bounds)
        yield from self._below(grown.children_right[node], rows[~left], right_bounds)


def _plain(value: float | None) -> str:
    """Return a border as people write it, exactly."""
    assert value is not None
    if value and not 1e-4 <= abs(value) < 1e15:
        return repr(value)
    return f"{int(value):,}" if value == int(value) else f"{Decimal(repr(value)):,f}"


def _in_hundred(share: float) -> str:
    # Never "100 in 100" while a row is wrong.
    return f"{int(share * 100 + 0.5) if share < 0.995 or share == 1 else 99} in 100"


def _price(rule: ClusterRule) -> str:
    return f"{rule.right:,} of {rule.rows:,} rows right"


def _sql(rule: ClusterRule) -> str:
    parts = []
    for each in rule.conditions:
        name = identifier(each.column)
        if each.value is not None:
            text = literal(each.value)
            # A missing cell is not another value, and often an empty text.
            is_one = f"= {text}" if each.low is not None else f"NOT IN ('', {text})"
            parts.append(f"trim({name}) {is_one}")
            continue
        parts += [f"{name} > {each.low!r}"] if each.low is not None else []
        # In SQLite any text, such as an empty cell of a CSV file, is above all numbers.
        high = _BEYOND if each.high is None else repr(each.high)
        parts.append(f"{name} <= {high}")
    return " AND ".join(parts) or "1 = 1"


def _python(rule: ClusterRule) -> str:
    parts = []
    for each in rule.conditions:
        name = f"row[{each.column!r}]"
        if each.value is not None:
            cell = f"str({name}).strip()"
            # A missing cell is not another value.
            others = ("nan", each.value)
            parts.append(
                f"{cell} == {each.value!r}" if each.low is not None else f"{cell} not in {others!r}"
            )
            continue
        parts += [f"{name} > {each.low!r}"] if each.low is not None else []
        parts += [f"{name} <= {each.high!r}"] if each.high is not None else []
    return " and ".join(parts) or "True"
