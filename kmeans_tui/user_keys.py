"""The user's keys: names for the actions of the key table, keys chosen for them, how both are said.

Arrows, enter, escape, tab and the like always keep their meaning, so that nobody can lock himself
in; a chosen key replaces all other keys of its action, on every screen where it works.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from kmeans_tui import screen_table, settings
from kmeans_tui.key_table import MODES, TABLE, Key, Place, rows
from kmeans_tui.words import few, quoted

# Textual's names of the keys that cannot be given another meaning, nor taken from theirs.
FIXED: Final = frozenset(
    {
        *("left", "right", "up", "down", "home", "end", "pageup", "pagedown"),
        *("enter", "escape", "tab", "insert", "delete", "f1"),
        *("shift+left", "shift+right", "shift+up", "shift+down", "shift+tab"),
        *("ctrl+c", "ctrl+l", "ctrl+p", "ctrl+q", "ctrl+z"),
        # The bytes of backspace, tab, newline and enter.
        *("ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m"),
    }
)
# Textual's names of signs that are not those of Unicode.
_REPLACED: Final = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
_NAMED: Final = ("space", "backspace", *(f"f{i}" for i in range(2, 13)))
# What a key may be, in words.
ACCEPTED: Final = "one character, space, backspace, f2 to f12, or ctrl+ and a letter"
# What lists and dialogs do under these comes before any screen.
_OF_LISTS: Final = frozenset("jk")
_OF_DIALOGS: Final = frozenset({*"jkhlgG", "space", "comma", "full_stop"})

# The names of actions with arguments; those without have their own name.
_NAMES: Final[Mapping[str, str]] = {
    "iteration(-1)": "iteration-back",
    "iteration(1)": "iteration-forward",
    "iteration(-1, 'left')": "iteration-back",
    "iteration(1, 'right')": "iteration-forward",
    "arrow('up')": "up",
    "arrow('down')": "down",
    "move(-1)": "up",
    "move(1)": "down",
    "page(-1)": "page-up",
    "page(1)": "page-down",
    "half_step(-1)": "half-step-back",
    "half_step(1)": "half-step-forward",
    "change('all')": "tick-all",
    "change('log')": "logarithm",
    "change('missing')": "empty-cells",
    "change('words')": "words-in-columns",
    "change('truth')": "known-grouping",
    "change('weights')": "weights",
    "change('identity')": "name-rows",
    "speed(-1)": "slower",
    "speed(1)": "faster",
    "runs(-1)": "fewer-runs",
    "runs(1)": "more-runs",
    "seeds(-1)": "fewer-seeds",
    "seeds(1)": "more-seeds",
    "resamples(-1)": "fewer-resamples",
    "resamples(1)": "more-resamples",
    "arrow('left')": "left",
    "arrow('right')": "right",
    "reading(0)": "first-reading",
    "reading(1)": "second-reading",
    "clusters(1)": "more-clusters",
    "clusters(-1)": "fewer-clusters",
    "largest(1)": "larger-k-max",
    "largest(-1)": "smaller-k-max",
    "seed(1)": "next-seed",
    "seed(-1)": "previous-seed",
    "zoom(1)": "zoom-in",
    "zoom(-1)": "zoom-out",
    "pan(-1, 0)": "pan-left",
    "pan(1, 0)": "pan-right",
    "pan(0, 1)": "pan-up",
    "pan(0, -1)": "pan-down",
    "app.lesson('next')": "lesson-next",
    "app.lesson('answer')": "lesson-answer",
    "app.lesson('leave')": "lesson-leave",
    "predict_say('yes')": "predict-yes",
    "predict_say('no')": "predict-no",
    "predict_say('move')": "predict-moving",
    "predict_say('assign')": "predict-assigning",
    "hand_move(-1, 0)": "hand-left",
    "hand_move(1, 0)": "hand-right",
    "hand_move(0, 1)": "hand-up",
    "hand_move(0, -1)": "hand-down",
    "hand_move(-5, 0)": "hand-far-left",
    "hand_move(5, 0)": "hand-far-right",
    "hand_move(0, 5)": "hand-far-up",
    "hand_move(0, -5)": "hand-far-down",
}

# The keys chosen by the user of this process, by the names of actions, as the user writes them.
_chosen: dict[str, str] = {}


class Action(NamedTuple):
    """An action by its name: where it works, its keys as printed, and what it does.

    ``remappable`` says whether another key can be chosen for it.
    """

    name: str
    where: tuple[Place, ...]
    keys: tuple[str, ...]
    does: str
    remappable: bool


def name(action: str) -> str:
    """Return the name of an action of the key table, as the settings file has it."""
    if action in _NAMES:
        return _NAMES[action]
    if action.startswith("app.show('"):
        return action[len("app.show('") : -len("')")].lower()
    return action.removeprefix("app.").replace("_", "-")


def actions() -> list[Action]:
    """Return every action of the table once, with the user's keys."""
    found: dict[str, Action] = {}
    for row in TABLE:
        called = iter(row.called)
        titles: dict[str, str] = {}
        for keys, action in row.bindings:
            this = name(action)
            if this not in titles:
                titles[this] = next(called, "") or does(row)
            before = found.get(this)
            pressed = [_printed(each) for each in present(keys, action)]
            changeable = any(each not in FIXED for each in keys.split(","))
            if before is None:
                found[this] = Action(this, row.where, tuple(pressed), titles[this], changeable)
            else:
                told = before.does
                if row.where[0] not in before.where:
                    told += f"; {', '.join(row.where)}: {titles[this]}"
                found[this] = Action(
                    this,
                    tuple(dict.fromkeys((*before.where, *row.where))),
                    tuple(dict.fromkeys((*before.keys, *pressed))),
                    told,
                    before.remappable or changeable,
                )
    return list(found.values())


def use(chosen: Mapping[str, str]) -> None:
    """Use these keys, checked by ``read``, from here on."""
    _chosen.clear()
    _chosen.update(chosen)


def use_saved() -> None:
    """Use the keys in the settings file; raises ``ValueError``, one sentence, if they cannot be."""
    entry = settings.keys()
    use({})
    if entry is not None:
        use(read(entry, settings.location()))


def any_chosen() -> bool:
    """Whether the user has chosen a key."""
    return bool(_chosen)


def read(entry: object, path: Path) -> dict[str, str]:
    """Return the keys in an entry of the settings file, by the names of actions.

    Raises ``ValueError``, one sentence, for anything but keys of actions, and for clashes.
    """
    where = f"keys in {path}"
    if not isinstance(entry, dict):
        raise ValueError(f'{where} are not of the form {{"next-seed": "ctrl+n"}}: mend or remove')
    known = {each.name: each for each in actions()}
    for this, key in entry.items():
        said = f"{where}: {quoted(this)}"
        if this not in known:
            raise ValueError(f"{said} is no action{_meant(this, known)}")
        if not known[this].remappable:
            raise ValueError(f"{said} always keeps its key: remove the entry")
        if not isinstance(key, str) or (pressed := textual(key)) is None:
            raise ValueError(f"{said}: {quoted(key)} is no key: use {ACCEPTED}")
        if pressed in FIXED:
            raise ValueError(f"{said}: {quoted(key)} always keeps its meaning: choose another key")
        lists = _OF_DIALOGS if "everywhere" in known[this].where else _OF_LISTS
        if pressed in lists and this not in ("up", "down"):
            raise ValueError(
                f"{said}: {quoted(key)} has a meaning in lists or dialogs: choose another key"
            )
    chosen = dict(entry)
    for places in _places():
        _check(chosen, places, where)
    return chosen


def _check(chosen: Mapping[str, str], places: Sequence[Place], where: str) -> None:
    """Raise ``ValueError`` if a key chosen for an action is that of another in these places.

    A mode may take a key of its screen only where the table has it so.
    """
    taken: dict[str, str] = {}
    shared = set.intersection(*map(_default_keys, places[1:])) if len(places) > 2 else set()
    for place in places:
        for row in rows(place):
            for keys, action in row.bindings:
                this = name(action)
                for key in _replaced(keys, chosen.get(this)):
                    other = taken.setdefault(key, this)
                    own = [each for each in (this, other) if textual(chosen.get(each, "")) == key]
                    if other != this and own and key not in shared:
                        first, second = (own[0], other if own[0] == this else this)
                        raise ValueError(
                            f"{where}: {first} and {second} would both have the key "
                            f"{_printed(key)} on {place}: choose another key for one of them"
                        )


def _default_keys(place: Place) -> set[str]:
    return {key for row in rows(place) for keys, _ in row.bindings for key in keys.split(",")}


def present(keys: str, action: str) -> list[str]:
    """Return Textual's names of the keys of an action whose default keys are ``keys``."""
    return _replaced(keys, _chosen.get(name(action)))


def _replaced(keys: str, chosen: str | None) -> list[str]:
    default = keys.split(",")
    if chosen is None or all(each in FIXED for each in default):
        return default
    return [*(each for each in default if each in FIXED), textual(chosen) or chosen]


def key(this: str) -> str:
    """Return the key of an action, for a sentence; ``this`` is a name that ``name`` gives."""
    return _chosen.get(this) or _DEFAULT[this]


class Spelling:
    """The keys of actions for ``str.format``: ``{key[more-runs]}``."""

    def __getitem__(self, this: str) -> str:
        return key(this)


def with_keys(text: str) -> str:
    """Return a text with the keys of the actions it names in braces, and its other braces."""
    return re.sub(r"\{key\[([a-z-]+)\]\}", lambda named: key(named[1]), text)


def spelled(printed: str, where: Place) -> str:
    """Return a key of the table, as printed there, as the user's key on a screen."""
    if not _chosen:
        return printed
    wanted = textual(printed)
    if wanted in FIXED:
        return printed
    for place in (where, "everywhere"):
        for row in rows(place):
            for keys, action in row.bindings:
                if wanted in keys.split(","):
                    return _chosen.get(name(action), printed)
    return printed


def shown(row: Key, ascii_only: bool) -> str:
    """Return the keys of a row as printed; in ASCII arrows would look like < and >."""
    plain = {"← →": "h l", "↑ ↓": "k j"} if ascii_only else {}
    printed = plain.get(row.shown, row.shown)
    return " ".join(spelled(each, row.where[0]) for each in printed.split())


def does(row: Key) -> str:
    """Return what the keys of a row do, which may name more keys."""
    if not _chosen:
        return row.does
    here = shown(row, ascii_only=False).split()

    def also(found: re.Match[str]) -> str:
        others = [(each, spelled(each.rstrip(","), row.where[0])) for each in found[1].split()]
        left = [
            each if now == each.rstrip(",") else now
            for each, now in others
            if now == each.rstrip(",") or now not in here
        ]
        return f" (also {' '.join(dict.fromkeys(left)).rstrip(',')})" if left else ""

    return re.sub(r" \(also ([^)]*)\)", also, row.does)


def textual(printed: str) -> str | None:
    """Return Textual's name of a key as printed or chosen, or None if that is none."""
    if printed in _FROM_PRINTED:
        return _FROM_PRINTED[printed]
    if len(printed) == 1:
        if not printed.isprintable() or printed.isspace() or unicodedata.combining(printed):
            return None
        if printed.isalnum():
            return printed
        return _called(printed) or None
    if printed.lower() in _NAMED or printed.lower() in FIXED:
        return printed.lower()
    control = re.fullmatch(r"ctrl\+([a-z])", printed.lower())
    return control[0] if control else None


def _called(sign: str) -> str:
    """Return Textual's name of a sign; empty if Unicode has none."""
    called = unicodedata.name(sign, "").lower().replace("-", "_").replace(" ", "_")
    return _REPLACED.get(called, called)


def _printed(key: str) -> str:
    return _PRINTED.get(key, key)


def _places() -> Iterator[tuple[Place, ...]]:
    """Yield the places whose keys work at the same time."""
    for each in screen_table.TABLE:
        yield "everywhere", each.place
        for mode in MODES.get(each.place, ()):
            yield "everywhere", each.place, mode


def _meant(this: str, known: Mapping[str, Action]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(this[:40], known, 3)
    return f": did you mean {few(near, 3)}?" if near else ": 'kmeans-tui keys' lists them"


# The keys that are printed other than by Textual's name.
_PRINTED: Final[dict[str, str]] = {
    **{_called(sign): sign for sign in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"},
    "left": "←", "right": "→", "up": "↑", "down": "↓",
    "escape": "esc", "pageup": "pgup", "pagedown": "pgdn", "delete": "del",
}  # fmt: skip
_FROM_PRINTED: Final = {
    **{said: called for called, said in _PRINTED.items() if not said.isascii() or len(said) > 1},
    "bksp": "backspace",
}
# The first key of every action, as printed.
_DEFAULT: Final[dict[str, str]] = {}
for _row in TABLE:
    for _keys, _action in _row.bindings:
        _candidates = [each for each in _keys.split(",") if each not in FIXED] or _keys.split(",")
        _DEFAULT.setdefault(name(_action), _printed(_candidates[0]))
