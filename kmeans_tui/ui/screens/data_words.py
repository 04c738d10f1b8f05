"""The texts of the Data screen's panels: columns, rows and preparation of a table."""

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, overload

from rich.cells import cell_len, set_cell_size
from rich.style import Style

from kmeans_tui.command import Options
from kmeans_tui.ui.models import opening
from kmeans_tui.ui.models.choice import KEPT
from kmeans_tui.ui.models.offers import Offer
from kmeans_tui.ui.models.opening import Opened, Prepared
from kmeans_tui.ui.models.reader import Reader
from kmeans_tui.ui.widgets.cells import Words
from kmeans_tui.ui.widgets.panels import BOLD, MUTED, PLAIN, number, tight
from kmeans_tui.user_keys import key
from kmeans_tui.words import plural, printable

if TYPE_CHECKING:
    from kmeans_tui.data.source import Column, Source

# Bar heights in eighths, and in ASCII, where all blocks would become the same character.
_BARS: Final = " ▁▂▃▄▅▆▇█"
_ASCII_BARS: Final = " .:-=+*#@"
_SCALES: Final = {
    "standard": "standard: mean 0, spread 1",
    "minmax": "minmax: from 0 to 1",
    "robust": "robust: median 0, middle half 1",
    "none": "none: as the data came",
}


class Lines(Sequence[Sequence[Words]]):
    """Rows built on access: a table may have a million."""

    def __init__(self, count: int, written: Callable[[int], Sequence[Words]]) -> None:
        self._count, self._written = count, written

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> Sequence[Words]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Sequence[Words]]: ...
    def __getitem__(self, at: int | slice) -> Sequence[Words] | Sequence[Sequence[Words]]:
        if isinstance(at, slice):
            return [self._written(i) for i in range(*at.indices(self._count))]
        return self._written(at)


def fitted(text: str, width: int, *, right: bool = False) -> str:
    """Return printable text in exactly ``width`` cells, cut with … if longer."""
    shown = printable(text)
    if cell_len(shown) > width:
        return set_cell_size(shown, max(0, width - 1)) + "…" if width > 0 else ""
    pad = " " * (width - cell_len(shown))
    return pad + shown if right else shown + pad


def ending(text: str, width: int) -> str:
    """Return the end of a text that is too long: for a path, the name of the file."""
    if cell_len(text) <= width:
        return text
    for start in range(1, len(text)):
        if cell_len(text[start:]) < width:
            return f"…{text[start:]}"
    return "…"[: max(0, width)]


def heading(opened: Opened | None, wish: Options) -> str:
    """Return the data, and how many of their columns are ticked."""
    name = opening.short(wish.data)
    if opened is None:
        return name
    if opened.source.sampled is not None:
        name += f" ({opened.source.sampled.short()})"
    encoded = len(opened.encoded(wish))
    texts = f" and {plural(encoded, 'text')}" if encoded else ""
    numeric = plural(len(opened.numeric), "column")
    return f"{name} · {len(opened.ticked(wish)):,} of {numeric}{texts}"


def offered(offers: Sequence[Offer], chosen: str, width: int) -> tuple[str, Lines]:
    """Return header and lines of the list."""
    size = 12 if width >= 26 else 0
    name = min(15, width - size) if size else width

    def written(at: int) -> list[Words]:
        each = offers[at]
        if each.kind == "heading":
            return [(each.name, MUTED)]
        style = BOLD if each.data == chosen and each.data else PLAIN
        if not each.size:
            shorten = ending if each.kind == "data" else fitted
            return [(shorten(each.name, width), style)]
        room = width - name - size - 2
        about = f"  {fitted(each.about, room)}" if room > 8 else ""
        said = fitted(each.name, name)
        return [(said, style), (each.size.rjust(size) if size else "", PLAIN), (about, MUTED)]

    head = f"{'name':<{name}}{'rows × cols':>{size}}" if size else "name"
    return head if offers else "nothing matches; esc clears", Lines(len(offers), written)


def now(panel: str, offer: Offer | None, opened: Opened | None) -> tuple[str, ...]:
    """Return the states of a panel, by their names in the key table."""
    if panel == "columns":
        return ("columns", "own columns") if _own(opened) else ("columns",)
    return (offer.kind,) if offer is not None and offer.kind != "heading" else ()


def _own(opened: Opened | None) -> bool:
    """Whether it is the user's own table, which has more settings than a built-in set."""
    return opened is not None and opened.whole is None


def hint(panel: str, offer: Offer | None, opened: Opened | None) -> str:
    """Return what the keys do in a panel, or what the chosen row of the list is about."""
    if panel == "columns":
        groups = ""
        if _own(opened):
            groups = f" · {key('known-grouping')} known grouping · {key('weights')} weights"
        ways = f"{key('tick')} ticks · {key('tick-all')} all · {key('logarithm')} logarithm"
        return f"{ways}{groups} · enter loads into Explore"
    if panel == "rows":
        ways = " ".join(map(key, ("down", "up", "first", "last")))
        out = f"{key('take-out')} takes a row out"
        return f"{ways} move through the original rows · {out} · enter loads into Explore"
    if offer is None or offer.kind == "heading":
        return ""
    return offer.about or offer.data


@dataclass(frozen=True)
class Columns:
    """The table of columns at one width; what fits is decided once for all rows."""

    opened: Opened
    prepared: Prepared | None
    wish: Options
    width: int
    ascii_only: bool

    @property
    def _number(self) -> int:
        return 10 if self.width >= 90 else 8 if self.width >= 66 else 7

    @property
    def _bars(self) -> int:
        return 20 if self.width >= 90 else 10 if self.width >= 54 else 0

    @property
    def _means(self) -> bool:
        return self.width >= 44

    @property
    def _after(self) -> bool:
        return self.width >= 102

    @property
    def _name(self) -> int:
        fixed = 4 + self._number * (3 if self._means else 2) + (8 if self._means else 0)
        fixed += self._bars and self._bars + 1
        return max(6, min(30, self.width - fixed - (20 if self._after else 0)))

    def header(self) -> str:
        """Return the header of the table."""
        heads = ("min", "mean", "max") if self._means else ("min", "max")
        text = f"    {'column':<{self._name}}" + "".join(f"{h:>{self._number}}" for h in heads)
        if self._means:
            text += f"{'missing':>8}"
        if self._bars:
            text += f" {'spread':<{self._bars}}"
        if self._after:
            text += f"{'mean after':>11}{'sd after':>9}"
        return text

    def lines(self) -> Lines:
        """Return a row for each column."""
        columns = self.opened.source.columns
        ticked = frozenset(self.opened.ticked(self.wish))
        logs = frozenset(self.opened.logs(self.wish))
        roles = {
            self.opened.truth(self.wish): ("the known grouping", "known groups"),
            self.opened.identity(self.wish): ("names the rows", "row names"),
            self.opened.weights(self.wish): ("the weights of the rows", "weights"),
        }
        encoded = frozenset(self.opened.encoded(self.wish))
        made = self.prepared.dataset if self.prepared is not None else None
        counts = {e.column: len(e.values) for e in (made.encoded if made is not None else ())}

        def by_values(name: str) -> str:
            many = f"{counts[name]} values" if name in counts else "values"
            return f"by its {many}" if self._means else many

        skewed = frozenset(self.prepared.skewed if self.prepared is not None else ())

        def written(at: int) -> list[Words]:
            each = columns[at]
            mark = "[x]" if each.name in ticked else "[ ]"
            style = PLAIN if each.name in ticked else MUTED
            name = f"log({each.name})" if each.name in logs else each.name
            start = f"{mark} {fitted(name, self._name - 1)} "
            if each.name in skewed - logs and each.name not in roles and each.bad is None:
                short = f"{mark} {fitted(name, self._name - 4)}"
                return [(short, style), (" l? ", BOLD), *self._numbers(each, style)]
            if each.name in roles:
                return [(start, MUTED), (f" {roles[each.name][not self._means]}", PLAIN)]
            if each.name in encoded:
                return [(f"[x] {start[4:]}", PLAIN), (f" {by_values(each.name)}", PLAIN)]
            if each.position is None:
                return [(start, MUTED), (f" {KEPT[each.kind]}", MUTED)]
            if each.bad is not None:
                cell, count = each.bad.first, each.bad.count
                said = f" row {cell.row}: '{cell.text}' is not a number"
                return [(start, style), (said + (f", {count:,} such" if count > 1 else ""), BOLD)]
            return [(start, style), *self._numbers(each, style)]

        return Lines(len(columns), written)

    def _numbers(self, column: "Column", style: Style) -> list[Words]:
        summary = self.opened.source.summary(column)
        if summary is None:
            return [(" no values", MUTED)]
        wide = self._number
        values = [summary.least, summary.mean, summary.most]
        shown = values if self._means else [values[0], values[2]]
        text = "".join(f" {tight(value, wide - 1):>{wide - 1}}" for value in shown)
        missing = column.missing + (column.infinite.count if column.infinite is not None else 0)
        if self._means:
            text += f" {missing:>7,}"
        runs: list[Words] = [(text, style)]
        if self._bars and not column.takes_part:
            runs.append((f" {fitted(KEPT[column.kind], self._bars)}", MUTED))
        elif self._bars:
            bars = histogram(summary.histogram.tolist(), self._bars, ascii_only=self.ascii_only)
            runs.append((f" {bars}", PLAIN))
        if self._after:
            measure = (self.prepared.measures if self.prepared else {}).get(column.name)
            after = "" if measure is None else (
                f" {tight(measure.new_mean, 10):>10} {tight(measure.new_spread, 8):>8}"
            )  # fmt: skip
            runs.append((f"{after:20}", style))
        return runs


def histogram(counts: Sequence[int], width: int, *, ascii_only: bool) -> str:
    """Return counts as ``width`` bars; a count above 0 is never shown as empty."""
    step = max(1, len(counts) // width)
    sums = [int(sum(counts[i : i + step])) for i in range(0, len(counts), step)]
    most = max(*sums, 1)
    signs = _ASCII_BARS if ascii_only else _BARS
    return "".join(signs[-(-count * (len(signs) - 1) // most)] for count in sums)


def preview(
    source: "Source", first: int, width: int, gone: Sequence[int] = ()
) -> tuple[str, Lines]:
    """Return header and lines of the original rows, with the columns that fit around ``first``.

    Rows whose numbers are in ``gone`` are taken out.
    """
    out = frozenset(gone)
    digits = len(f"{source.last}") + 1
    room, names = width - digits - 2, source.names
    wide = [max(9, min(18, cell_len(each) + 2)) for each in names]
    # From the left, as long as the chosen column is visible.
    start = 0 if sum(wide[: first + 1]) <= room else first
    end = start
    while end < len(names) and (sum(wide[start : end + 1]) <= room or end == start):
        end += 1
    shown = range(start, end)
    header = " " * digits + "".join(fitted(f" {names[i]}", wide[i], right=True) for i in shown)

    def written(at: int) -> list[Words]:
        cells = (_cell(source, at, i) for i in shown)
        text = "".join(fitted(f" {c}", w, right=True) for c, w in zip(cells, wide[start:end]))  # noqa: B905
        number = source.number(at)
        if number in out:
            return [(f"-{number}".rjust(digits), BOLD), (text, MUTED)]
        return [(f"{number:>{digits}}", MUTED), (text, PLAIN)]

    return header, Lines(source.n, written)


def _cell(source: "Source", at: int, column: int) -> str:
    text = source.cell(at, source.columns[column])
    if len(text) > 9 and source.columns[column].position is not None:
        return f"{float(text):.6g}"
    return text


def facts(
    opened: Opened,
    prepared: Prepared | None,
    wish: Options,
    chosen: "Column",
    width: int,
    *,
    reopens: bool = True,
) -> list[list[Words]]:
    """Return the preparation, most important first, wrapped to ``width`` cells.

    ``reopens`` is whether a key leads to how the file is read.
    """
    scale = wish.scale or ("none" if opened.whole is None else opened.whole.scale)
    dataset = prepared.dataset if prepared is not None else None
    n = opened.source.n
    kept = "" if dataset is None else f" · {dataset.n:,} of {n:,} rows are clustered"
    if dataset is not None and opened.source.head_of:
        gone = f"{n - dataset.n:,}" if dataset.n < n else "none"
        kept = f" · left out: {gone} of {opened.source.extent}"
    found = [("z scale", _SCALES[scale])]
    sampled = opened.source.sampled
    if sampled is not None:
        found.append(("s sample", f"{sampled.short()}, seed {sampled.seed}"))
    if opened.whole is None:
        usual = " or most frequent value" if opened.encoded(wish) else ""
        way = f"filled with the median{usual}" if wish.missing == "median" else "the row is dropped"
        found.append(("e empty", way + kept))
        taking = {*opened.ticked(wish), *opened.encoded(wish)}
        if said := gaps(chosen, chosen.name in taking, prepared, wish):
            found.append(("gaps", said))
    bad = [each for each in opened.source.columns if each.bad is not None]
    if wish.na:
        marks = "any word" if wish.na == ("*",) else ", ".join(wish.na)
        found.append(("w words", f"counted as missing: {marks}"))
    elif bad:
        count = sum(each.bad.count for each in bad if each.bad is not None)
        found.append(("w words", f"{count:,} in number columns, refused"))
    measure = None if prepared is None else prepared.measures.get(chosen.name)
    if measure is not None:
        mean, new_mean = number(measure.mean, 9), number(measure.new_mean, 9)
        spread, new_spread = number(measure.spread, 9), number(measure.new_spread, 9)
        same = (mean, spread) == (new_mean, new_spread)
        said = f"{chosen.name}: mean {mean}, spread {spread}"
        said += ", unchanged" if same else f"; now {new_mean} and {new_spread}"
        found.append(("effect", said))
    logs = opened.logs(wish)
    apart = (opened.truth(wish), opened.identity(wish), opened.weights(wish))
    skewed = prepared.skewed if prepared is not None else ()
    offered = [each for each in skewed if each not in logs and each not in apart]
    if logs or offered:
        said = f"of {', '.join(logs)}" if logs else ""
        offer = f"suggested for {', '.join(offered)}" if offered else ""
        found.append(("l log", "; ".join(filter(None, (said, offer)))))
    axes = opened.axes(wish)
    shown = "principal components" if axes == ("pca",) else " × ".join(axes)
    found.append(("f axes", shown if len(axes) != 1 or axes == ("pca",) else f"{shown} × row"))
    if opened.whole is None:
        found.append(("s read as" if reopens else "read as", opened.source.read_as))
    lines: list[list[Words]] = []
    for head, said in found:
        parts = textwrap.wrap(said, max(20, width - 12)) or [""]
        heads = (head, *[""] * len(parts))
        lines += ([(f" {h:<11}", MUTED), (part, PLAIN)] for h, part in zip(heads, parts))  # noqa: B905
    return lines


def gaps(column: "Column", ticked: bool, prepared: Prepared | None, wish: Options) -> str:
    """Return what a column's missing values cost in rows; empty if it has none."""
    count = column.missing + (column.infinite.count if column.infinite is not None else 0)
    if prepared is not None and column.position is None:
        count = prepared.lacking.get(column.name, 0)
    if not count or prepared is None:
        return ""
    said = f"{column.name}: {count:,} missing"
    if wish.missing == "median":
        usual = "the median" if column.position is not None else "its most frequent value"
        return f"{said}, filled with {usual}" if ticked else said
    cost = prepared.costs.get(column.name, 0)
    if not ticked:
        return f"{said}; ticking it costs {plural(cost, 'row')}"
    if not cost:
        return f"{said}; leaving it out brings back no row, all lack other values as well"
    return f"{said}; leaving it out brings back {plural(cost, 'row')}"


def remarks(reader: Reader) -> list[str]:
    """Return the sentences on what is left out; first a refusal, with the keys that help."""
    kept, prepared, opened = reader.kept, reader.prepared, reader.opened
    if kept is not None and kept.refusal:
        again = "; enter reads it again" if reader.stopped else ""
        if len(kept.readings) > 1:
            again = "; here < takes the first, > the second"
        return [f"{kept.refusal}{again}."]
    if prepared is None:
        return ["…"]
    notes = list(prepared.notes)
    if prepared.refusal:
        bad = opened is not None and any(each.bad is not None for each in opened.source.columns)
        remedy = "; here w does that, or space unticks the column" if bad else ""
        notes.insert(0, f"{prepared.refusal}{remedy}.")
    return notes or ["Nothing is left out, filled in or guessed."]
