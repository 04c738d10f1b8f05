"""What is chosen of the data: which ones, which columns, and how these are prepared.

Every key of the Data screen that changes the choice is a method here: it gives the fields of
``Options`` to be changed, or the remark that says why there is nothing to change.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from kmeans_tui.argument_types import PCA
from kmeans_tui.command import DATA, SCALES, Options, agree, taken
from kmeans_tui.ui.models import opening
from kmeans_tui.ui.models.opening import Opened
from kmeans_tui.ui.models.round_steps import following
from kmeans_tui.ui.models.session import Run, Session

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.data.source import Column

FIELDS: Final = (*DATA, "axes")
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
    """A word to the user in the place of a change."""

    text: str
    severity: Literal["information", "warning"] = "information"


def of_data(options: Options) -> Options:
    """What of the options belongs to the data, and nothing else."""
    return replace(Options(), **taken(options, FIELDS))


class Choice:
    """A wish for data, by the fields of ``Options``; the chosen column and row of them.

    Each data set keeps what was chosen of it last.
    """

    def __init__(self, wish: Options) -> None:
        self.wish = wish
        self.column = self.row = 0
        self._last: dict[str, Options] = {}
        self._past: list[Options] = []

    # --- what is wished for --------------------------------------------------------------------

    def want(self, wish: Options) -> None:
        """Wish for this; nothing to be taken back."""
        self.wish = self._last[wish.data] = wish

    def last(self, data: str) -> Options:
        """What was chosen of these data last; at first, these data as they come."""
        return self._last.get(data, Options(data))

    def change(self, **fields: Any) -> bool:
        """Wish for something else of these data; False if that is the wish already."""
        new = replace(self.wish, **fields)
        if new == self.wish:
            return False
        self._past.append(self.wish)
        self.want(new)
        return True

    def undo(self) -> bool:
        """Back to the wish before the last change; False if nothing was changed."""
        if self._past:
            self.want(self._past.pop())
            return True
        return False

    def begin(self, wish: Options) -> None:
        """Wish for the data of another run; changes of the wish before cannot be taken back."""
        self._past.clear()
        self.want(wish)

    def into(self, options: Options) -> Options:
        """These options with the data that are wished for."""
        return replace(options, **taken(self.wish, FIELDS))

    def asked(self, wanted: Options, run: Run, dataset: "Dataset") -> Options:
        """What to fit: these data from iteration 0, with the k of a run on the same ones."""
        same = run.options.data == self.wish.data and run.options.truth == self.wish.truth
        k = wanted.k if same and not run.recorded and (wanted.k or 0) <= dataset.n else None
        return replace(self.into(wanted), k=k, goto="0")

    def is_of(self, run: Run) -> bool:
        """Whether a run is of the data as they are wished for."""
        return agree(run.options, self.wish, FIELDS)

    def view_options(self, session: Session) -> Options:
        """The options that bring this choice back, with the run on show if it is of these data."""
        run, view = session.run, session.view_options()
        if run is None or not self.is_of(run):
            same = run is not None and run.options.data == self.wish.data and not run.recorded
            view = replace(view, goto="0", row=None, k=view.k if same else None)
        return replace(self.into(view), screen="data")

    # --- where it stands -----------------------------------------------------------------------

    def chosen(self, opened: Opened) -> "Column":
        """The chosen column."""
        return opened.source.columns[self.column]

    def go(self, panel: str, to: int, opened: Opened) -> None:
        """To a column or a row, kept inside the table."""
        if panel == "columns":
            self.column = max(0, min(to, len(opened.source.columns) - 1))
        else:
            self.row = max(0, min(to, opened.source.n - 1))

    def seek(self, text: str, opened: Opened) -> None:
        """To the column whose name begins with a text, else one that holds it."""
        wanted = text.strip().casefold()
        names = [each.name.casefold() for each in opened.source.columns]
        found = [i for i, name in enumerate(names) if name.startswith(wanted)]
        found += [i for i, name in enumerate(names) if wanted in name]
        if wanted and found:
            self.column = found[0]

    # --- columns and preparation ---------------------------------------------------------------

    def tick(self, opened: Opened) -> Fields | Remark:
        """Take the chosen column in, or leave it out."""
        column = self.chosen(opened)
        if column.position is None:
            kept = KEPT.get(column.kind, column.kind)
            groups = column.name == opened.truth(self.wish)
            return Remark(f"{column.name}: {'the known grouping' if groups else kept}.")
        return self._take(set(opened.ticked(self.wish)) ^ {column.name}, opened)

    def _take(self, names: set[str], opened: Opened) -> Fields | Remark:
        chosen = [each for each in opened.source.names if each in names]
        if not chosen:
            return Remark("One column at least takes part.", "warning")
        all_names = opened.source.names
        features: tuple[str, ...] | None = tuple(opening.spelled(c, all_names) for c in chosen)
        truth = self.wish.truth
        if truth is not None and opened.truth(self.wish) in names:
            truth = None
        wish = replace(self.wish, features=None, truth=truth)
        if set(opened.ticked(wish)) == names:
            features = None
        logs = [each for each in opened.logs(self.wish) if each in names]
        axes = opened.axes(self.wish)
        wanted = self.wish.axes
        if wanted is not None and (axes != (PCA,) or len(chosen) < 3) and not set(axes) <= names:
            wanted = None
        return {"features": features, "log": _spelled(logs, opened), "axes": wanted, "truth": truth}

    def all(self, opened: Opened) -> Fields | Remark:
        """All columns that are numbers; if they are ticked, the chosen one only."""
        column, truth = self.chosen(opened), opened.truth(self.wish)
        numbers = [each for each in opened.source.numeric if each.name != truth]
        # Identifiers and the like count where there is nothing else.
        every = {each.name for each in numbers if each.takes_part} or {c.name for c in numbers}
        if every != set(opened.ticked(self.wish)):
            return self._take(every, opened)
        return {} if column.position is None else self._take({column.name}, opened)

    def scale(self, opened: Opened | None) -> Fields:
        """The next scale."""
        own = "none" if opened is None or opened.whole is None else opened.whole.scale
        present = self.wish.scale or own
        scale = following(SCALES, present)
        return {"scale": None if scale == own else scale}

    def log(self, opened: Opened) -> Fields | Remark:
        """The logarithm of the chosen column, or its values."""
        column, logs = self.chosen(opened), list(opened.logs(self.wish))
        if column.name in logs:
            logs.remove(column.name)
        elif column.name not in opened.ticked(self.wish):
            return Remark(f"{column.name} takes no part; space takes it in.")
        else:
            logs = [each for each in opened.source.names if each in (*logs, column.name)]
        return {"log": _spelled(logs, opened)}

    def missing(self, opened: Opened) -> Fields | Remark:
        """Drop rows with a missing value, or fill in the median."""
        if opened.whole is not None:
            return _FOR_TABLES
        return {"missing": "drop" if self.wish.missing == "median" else "median"}

    def words(self, opened: Opened) -> Fields | Remark:
        """Count words in columns of numbers as missing, or refuse them."""
        if opened.whole is not None:
            return _FOR_TABLES
        if self.wish.na is not None:
            return {"na": None}
        if words := opening.bad_texts(opened.source.columns):
            return {"na": words}
        return Remark("There are no words in the columns of numbers.")

    def truth(self, opened: Opened) -> Fields | Remark:
        """The chosen column as the known grouping, or as what it was."""
        if opened.whole is not None:
            return _FOR_TABLES
        column, names = self.chosen(opened), opened.source.names
        if opened.truth(self.wish) == column.name:
            return {"truth": None}
        features = opened.ticked(self.wish)
        left = tuple(opening.spelled(f, names) for f in features if f != column.name)
        if not left:
            return Remark("It is the only column that takes part.", "warning")
        logs = [each for each in opened.logs(self.wish) if each != column.name]
        keeps = self.wish.features is None or len(left) == len(features)
        fields: Fields = {} if keeps else {"features": left}
        axes = None if column.name in opened.axes(self.wish) else self.wish.axes
        truth = opening.spelled(column.name, names)
        return fields | {"truth": truth, "log": _spelled(logs, opened), "axes": axes}

    def axes(self, axes: tuple[str, ...], opened: Opened) -> Fields:
        """These axes of the plot."""
        return {"axes": axes if axes == (PCA,) else _spelled(axes, opened)}


_FOR_TABLES: Final = Remark(
    "That is for tables of your own: a built-in set has no gaps, and its groups are known."
)


def _spelled(names: "list[str] | tuple[str, ...]", opened: Opened) -> tuple[str, ...] | None:
    return tuple(opening.spelled(each, opened.numeric) for each in names) or None
