"""The choice on the Data screen: which data, which columns, and how they are prepared.

Every key of the Data screen that changes the choice is a method here: it returns the fields of
``Options`` to change, or a remark that says why nothing changes.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from kmeans_tui.command import DATA, Options, agree, taken
from kmeans_tui.data.columns import spelled
from kmeans_tui.options.scale_options import OF_ONE_TABLE
from kmeans_tui.requests import given
from kmeans_tui.requests.session import Run, Session
from kmeans_tui.ui.models import opening
from kmeans_tui.ui.models.opening import Opened
from kmeans_tui.ui.models.round_steps import following
from kmeans_tui.user_keys import key
from kmeans_tui.vocabulary import PCA, SCALES

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.data.source import Column

FIELDS: Final = (*DATA, *OF_ONE_TABLE, "axes")
KEPT: Final = {
    "text": "text: kept as a label",
    "date": "date: kept as a label",
    "identifier": "identifier",
    "constant": "one value",
    "empty": "empty: left out",
}
Fields = dict[str, Any]


@dataclass(frozen=True)
class Remark:
    """A message to the user instead of a change."""

    text: str
    severity: Literal["information", "warning"] = "information"


def of_data(options: Options) -> Options:
    """Return only the options that concern the data."""
    return replace(Options(), **taken(options, FIELDS))


class Choice:
    """The wanted data, as fields of ``Options``, with the chosen column and row.

    The last choice for each data set is remembered.
    """

    def __init__(self, wish: Options) -> None:
        self.wish = wish
        self.column = self.row = 0
        self._last: dict[str, Options] = {}
        self._past: list[Options] = []

    # --- the wish ------------------------------------------------------------------------------

    def want(self, wish: Options) -> None:
        """Set the wish, with nothing to undo."""
        self.wish = self._last[wish.data] = wish

    def last(self, data: str) -> Options:
        """Return the last choice for these data; at first, the defaults."""
        return self._last.get(data, Options(data))

    def change(self, **fields: Any) -> bool:
        """Change the wish for these data; False if nothing changes."""
        new = replace(self.wish, **fields)
        if new == self.wish:
            return False
        self._past.append(self.wish)
        self.want(new)
        return True

    def undo(self) -> bool:
        """Go back to the wish before the last change; False if there is none."""
        if self._past:
            self.want(self._past.pop())
            return True
        return False

    def begin(self, wish: Options) -> None:
        """Wish for the data of another run; earlier changes can no longer be undone."""
        self._past.clear()
        self.want(wish)

    def into(self, options: Options) -> Options:
        """Return these options with the wanted data."""
        return replace(options, **taken(self.wish, FIELDS))

    def asked(self, wanted: Options, run: Run, dataset: "Dataset") -> Options:
        """Return what to fit: these data from iteration 0, with the k of a run on the same data."""
        same = run.options.data == self.wish.data and run.options.truth == self.wish.truth
        k = wanted.k if same and not run.recorded and (wanted.k or 0) <= dataset.n else None
        chosen = replace(self.into(wanted), k=k, goto="0")
        if not same:
            return given.opened(chosen)
        return replace(chosen, **given.released(wanted, taken(chosen, (*DATA, "k"))))

    def is_of(self, run: Run) -> bool:
        """Whether a run uses the wanted data."""
        return agree(run.options, self.wish, FIELDS)

    def view_options(self, session: Session) -> Options:
        """Return the options that restore this choice, and the run on show if on these data."""
        run, view = session.run, session.view_options()
        if run is None or not self.is_of(run):
            same = run is not None and run.options.data == self.wish.data and not run.recorded
            view = replace(view, goto="0", row=None, k=view.k if same else None)
        return replace(self.into(view), screen="data")

    # --- the position --------------------------------------------------------------------------

    def chosen(self, opened: Opened) -> "Column":
        """Return the chosen column."""
        return opened.source.columns[self.column]

    def go(self, panel: str, to: int, opened: Opened) -> None:
        """Go to a column or a row, kept inside the table."""
        if panel == "columns":
            self.column = max(0, min(to, len(opened.source.columns) - 1))
        else:
            self.row = max(0, min(to, opened.source.n - 1))

    def seek(self, text: str, opened: Opened) -> None:
        """Go to the column whose name begins with the text, else to one that contains it."""
        wanted = text.strip().casefold()
        names = [each.name.casefold() for each in opened.source.columns]
        found = [i for i, name in enumerate(names) if name.startswith(wanted)]
        found += [i for i, name in enumerate(names) if wanted in name]
        if wanted and found:
            self.column = found[0]

    # --- columns and preparation ---------------------------------------------------------------

    def tick(self, opened: Opened) -> Fields | Remark:
        """Tick or untick the chosen column."""
        column = self.chosen(opened)
        if column.position is None:
            kept = KEPT.get(column.kind, column.kind)
            if column.name == opened.truth(self.wish):
                return Remark(f"{column.name}: the known grouping.")
            if column.name == opened.identity(self.wish):
                return Remark(f"{column.name}: names the rows.")
            if opened.whole is None and column.kind in ("text", "date"):
                return self._encode(column, opened)
            return Remark(f"{column.name}: {kept}.")
        return self._take(set(opened.ticked(self.wish)) ^ {column.name}, opened)

    def _encode(self, column: "Column", opened: Opened) -> Fields | Remark:
        """Let a text column take part by its values, or no longer."""
        from kmeans_tui.data import encoding

        taking = list(opened.encoded(self.wish))
        if column.name in taking:
            taking.remove(column.name)
        elif (why := encoding.refusal(opened.source, column)) is not None:
            return Remark(f"{why}.", "warning")
        else:
            taking = [each for each in opened.source.names if each in (*taking, column.name)]
        names = opened.source.names
        fields: Fields = {"encode": tuple(spelled(each, names) for each in taking) or None}
        axes = self.wish.axes
        if axes is not None and axes != (PCA,) and not set(axes) <= {*opened.numeric}:
            fields["axes"] = None
        return fields

    def _take(self, names: set[str], opened: Opened) -> Fields | Remark:
        chosen = [each for each in opened.source.names if each in names]
        if not chosen:
            return Remark("At least one column must stay ticked.", "warning")
        all_names = opened.source.names
        features: tuple[str, ...] | None = tuple(spelled(c, all_names) for c in chosen)
        truth, identity = self.wish.truth, self.wish.id_column
        if truth is not None and opened.truth(self.wish) in names:
            truth = None
        if identity is not None and opened.identity(self.wish) in names:
            identity = None
        weights = None if opened.weights(self.wish) in names else self.wish.weights
        wish = replace(
            self.wish, features=None, drop=None, truth=truth, id_column=identity, weights=weights
        )
        usual, drop = opened.ticked(wish), None
        gone = [each for each in usual if each not in names]
        if names <= set(usual) and 2 * len(gone) < len(names):
            # Far shorter to say.
            features = None
            drop = tuple(spelled(each, all_names) for each in gone) or None
        logs = [each for each in opened.logs(self.wish) if each in names]
        axes = opened.axes(self.wish)
        wanted = self.wish.axes
        if wanted is not None and (axes != (PCA,) or len(chosen) < 3) and not set(axes) <= names:
            wanted = None
        return {
            "features": features,
            "drop": drop,
            "log": _spelled(logs, opened),
            "axes": wanted,
            "truth": truth,
            "id_column": identity,
            "weights": weights,
        }

    def all(self, opened: Opened) -> Fields | Remark:
        """Tick all number columns; if all are ticked, only the chosen one."""
        column = self.chosen(opened)
        apart = (opened.truth(self.wish), opened.identity(self.wish), opened.weights(self.wish))
        numbers = [each for each in opened.source.numeric if each.name not in apart]
        # Use identifiers and the like only if there is nothing else.
        every = {each.name for each in numbers if each.takes_part} or {c.name for c in numbers}
        if every != set(opened.ticked(self.wish)):
            return self._take(every, opened)
        return {} if column.position is None else self._take({column.name}, opened)

    def scale(self, opened: Opened | None) -> Fields:
        """Choose the next scale."""
        own = "none" if opened is None or opened.whole is None else opened.whole.scale
        present = self.wish.scale or own
        scale = following(SCALES, present)
        return {"scale": None if scale == own else scale}

    def log(self, opened: Opened) -> Fields | Remark:
        """Use the logarithm of the chosen column, or its values."""
        column, logs = self.chosen(opened), list(opened.logs(self.wish))
        if column.name in logs:
            logs.remove(column.name)
        elif column.name not in opened.ticked(self.wish):
            return Remark(f"{column.name} is not ticked; {key('tick')} ticks it.")
        else:
            logs = [each for each in opened.source.names if each in (*logs, column.name)]
        return {"log": _spelled(logs, opened)}

    def missing(self, opened: Opened) -> Fields | Remark:
        """Drop rows with a missing value, or fill in the median."""
        if opened.whole is not None:
            return _FOR_TABLES
        return {"missing": "drop" if self.wish.missing == "median" else "median"}

    def words(self, opened: Opened) -> Fields | Remark:
        """Count words in number columns as missing, or refuse them."""
        if opened.whole is not None:
            return _FOR_TABLES
        if self.wish.na is not None:
            return {"na": None}
        if words := opening.bad_texts(opened.source.columns):
            return {"na": words}
        return Remark("There are no words in the number columns.")

    def truth(self, opened: Opened) -> Fields | Remark:
        """Make the chosen column the known grouping, or undo that."""
        if opened.whole is not None:
            return _FOR_TABLES
        if opened.truth(self.wish) == self.chosen(opened).name:
            return {"truth": None}
        return self._in_role("truth", opened)

    def identity(self, opened: Opened) -> Fields | Remark:
        """Name the rows by the chosen column, or undo that."""
        if opened.whole is not None:
            return _FOR_TABLES
        if opened.identity(self.wish) == self.chosen(opened).name:
            return {"id_column": None}
        return self._in_role("id_column", opened)

    def weights(self, opened: Opened) -> Fields | Remark:
        """Make the chosen column the weights of the rows, or undo that."""
        if opened.whole is not None:
            return Remark("Rows have weights only in your own files.")
        column = self.chosen(opened)
        if opened.weights(self.wish) == column.name:
            return {"weights": None}
        if column.position is None:
            return Remark(f"{column.name} holds no numbers, which weights are.", "warning")
        return self._in_role("weights", opened)

    def _in_role(self, role: str, opened: Opened) -> Fields | Remark:
        """Give the chosen column this role and no other, and take it out of the features."""
        column, names = self.chosen(opened), opened.source.names
        fields = self._aside(column, opened)
        if isinstance(fields, Remark):
            return fields
        had = {
            "truth": opened.truth(self.wish),
            "id_column": opened.identity(self.wish),
            "weights": opened.weights(self.wish),
        }
        others = {each: None for each, name in had.items() if name == column.name}
        return fields | others | {role: spelled(column.name, names)}

    def _aside(self, column: "Column", opened: Opened) -> Fields | Remark:
        """Return the changes that take a column out of the features; a remark if it is all."""
        names = opened.source.names
        features = opened.ticked(self.wish)
        left = tuple(spelled(f, names) for f in features if f != column.name)
        if not left:
            return Remark("It is the only ticked column.", "warning")
        logs = [each for each in opened.logs(self.wish) if each != column.name]
        keeps = self.wish.features is None or len(left) == len(features)
        fields: Fields = {} if keeps else {"features": left}
        axes = None if column.name in opened.axes(self.wish) else self.wish.axes
        return fields | {"log": _spelled(logs, opened), "axes": axes}

    def take_out(self, opened: Opened) -> Fields:
        """Take the chosen row out, or put it back."""
        number, gone = opened.source.number(self.row), set(self.wish.without or ())
        return {"without": tuple(sorted(gone ^ {number})) or None}

    def axes(self, axes: tuple[str, ...], opened: Opened) -> Fields:
        """Set the axes of the plot."""
        return {"axes": axes if axes == (PCA,) else _spelled(axes, opened)}


_FOR_TABLES: Final = Remark(
    "That applies only to your own files: a built-in set has no gaps, and its groups are known."
)


def _spelled(names: "list[str] | tuple[str, ...]", opened: Opened) -> tuple[str, ...] | None:
    return tuple(spelled(each, opened.source.names) for each in names) or None
