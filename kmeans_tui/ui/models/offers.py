"""The list of the Data screen: built-in sets, files, and a path to type."""

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kmeans_tui import settings
from kmeans_tui.data import catalogue
from kmeans_tui.data.columns import DataError
from kmeans_tui.ui.models import opening
from kmeans_tui.ui.models.choice import Remark
from kmeans_tui.user_keys import key

OfferKind = Literal["heading", "data", "path", "remember"]


@dataclass(frozen=True)
class Offer:
    """One row: data to choose, or an action; headings cannot be chosen."""

    kind: OfferKind
    name: str
    data: str = ""
    size: str = ""
    about: str = ""


def type_a_path() -> Offer:
    """Return the row that asks for a path."""
    return Offer("path", f"{key('path')}  type a path …", about="type the path of a file")


def remember_or_not() -> Remark | None:
    """Start or stop remembering opened files, and return what to say if anything."""
    present = settings.load()
    why = settings.save(replace(present, remember=not present.remember, files=()))
    if why:
        return Remark(f"Could not save that in {settings.location()}: {why}.", "warning")
    if present.remember:
        return Remark("Files are no longer remembered; their list is now empty.")
    return None


class Offers:
    """The list and its chosen row; headings are skipped.

    ``typed`` are the files opened since the program started, latest first. For a visitor,
    ``served`` are the only data besides the built-in sets.
    """

    def __init__(self, served: str | None = None) -> None:
        self._served = served
        self.rows: list[Offer] = []
        self.typed: dict[str, None] = {}
        self.at = 0

    def list_with(self, present: str, data: str, filtered: str = "") -> None:
        """Rebuild the list, with these data chosen if they are in it."""
        if self._served is None:
            self.rows = offers(present, self.typed, filtered)
        else:
            self.rows = served_offers(self._served, present, filtered)
        places = [i for i, each in enumerate(self.rows) if each.data == data]
        places = places or [i for i, each in enumerate(self.rows) if each.data]
        self.at = places[0] if places else 0

    def go(self, to: int, by: int) -> Offer | None:
        """Go to a row, or to the next one in the direction of ``by``; None if the list is empty."""
        places = [i for i, each in enumerate(self.rows) if each.kind != "heading"]
        if not places:
            return None
        if by < 0:
            self.at = max((i for i in places if i <= to), default=places[0])
        else:
            self.at = min((i for i in places if i >= to), default=places[-1])
        return self.rows[self.at]

    @property
    def chosen(self) -> Offer | None:
        """The chosen row."""
        return self.rows[self.at] if self.at < len(self.rows) else None


def offers(present: str, typed: Iterable[str], filtered: str = "") -> list[Offer]:
    """Return the rows of the list, with data filtered by ``filtered``.

    ``present`` are the data on show, ``typed`` the files opened since the program started.
    """
    kept = settings.load()
    named: dict[str, str] = {}
    own = [present] if catalogue.is_file(present) else []
    for data in (*own, *typed, *kept.files):
        named.setdefault(opening.place(data), data)
    paths = [Offer("data", opening.listed(data), data) for data in named.values()]
    rows = _listed(_sets(present), paths, "your files", filtered)
    if not filtered:
        word = "yes" if kept.remember else "no"
        about = f"{key('tick')} changes it; only paths are saved, in your settings"
        rows += [type_a_path(), Offer("remember", f"remember files: {word}", about=about)]
    return rows


def served_offers(served: str, present: str, filtered: str = "") -> list[Offer]:
    """Return the rows of the list for a visitor: the built-in sets, and a file that is served."""
    is_file = catalogue.is_file(served)
    own = [Offer("data", opening.short(served), served)] if is_file else []
    sets = _sets(present)
    if not is_file and served not in {each.data for each in sets}:
        sets += _set_with_parameters(served)
    return _listed(sets, own, "served" if own else "", filtered)


def _sets(present: str) -> list[Offer]:
    """Return the built-in sets, and the data on show if they are one with other parameters."""
    sets = [_of_set(each) for each in catalogue.sets()]
    if not catalogue.is_file(present) and present not in {each.data for each in sets}:
        sets += _set_with_parameters(present)
    return sets


def _set_with_parameters(data: str) -> list[Offer]:
    with contextlib.suppress(DataError):
        return [_of_set(catalogue.describe(data))]
    return []


def _listed(sets: list[Offer], own: list[Offer], heading: str, filtered: str) -> list[Offer]:
    found = _matching(sets, filtered) if filtered else sets
    rows = found and [Offer("heading", "built in"), *found]
    own = _matching(own, filtered) if filtered else own
    if heading and (own or not filtered):
        rows = [*rows, Offer("heading", heading), *own]
    return rows


def _of_set(entry: catalogue.Entry) -> Offer:
    return Offer("data", entry.name, entry.name, f"{entry.n:,} × {entry.d}", entry.about)


def _matching(found: Sequence[Offer], wanted: str) -> list[Offer]:
    """Return offers with all the words: first names that begin with one, then contain one."""
    words = wanted.casefold().split()

    def rank(offer: Offer) -> int:
        name = offer.name.casefold()
        return 0 if name.startswith(words[0]) else 1 if words[0] in name else 2

    fitting = (
        each
        for each in found
        if all(word in f"{each.name} {each.about}".casefold() for word in words)
    )
    return sorted(fitting, key=rank) if words else list(found)
