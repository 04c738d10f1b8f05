"""The shell command that reproduces a view, an answer or files from their options."""

import shlex
from collections.abc import Container, Sequence
from dataclasses import fields
from typing import Any

from kmeans_tui.argument_types import spelled_numbers
from kmeans_tui.command import DRAWN_ANEW, ELBOW_INIT, GIVEN, Options
from kmeans_tui.flags import counts
from kmeans_tui.words import exactly


def to_command(
    options: Options, *verbs: str, program: str = "kmeans-tui", spelled_out: Container[str] = ()
) -> str:
    """Return the shell command for these options, quoted for a POSIX shell.

    When k is given, init and seed are written too, so that the line is complete when read alone;
    other flags only where they differ from the default, or are among ``spelled_out``: what the
    user's settings name, since settings elsewhere may be empty or others. With verbs (``run``,
    ``elbow``), flags that apply only to other commands are left out. Given centroids stand for k,
    init and, where nothing else is drawn, the seed; with another start they are left out.
    """
    words = [program, *verbs, options.data]
    implied = _implied(options, verbs)
    for each in fields(Options):
        if not each.metadata["names"] or not counts(each, *verbs):
            continue
        if each.name in implied:
            continue
        value = getattr(options, each.name)
        # These start with k-means++ unless told otherwise.
        anew = not {*DRAWN_ANEW}.isdisjoint(verbs or (options.screen,))
        named = anew or options.k is not None
        told = ("init", "seed") if anew and options.k is None else ("k", "init", "seed")
        complete = named and each.name in told
        changed = each.name in spelled_out and value is not None
        if value == each.default and not complete and not changed:
            continue
        flag = each.metadata["names"][0]
        if isinstance(value, bool):
            words.append(flag if value else flag.replace("--", "--no-", 1))
        else:
            words += _spelled(flag, value)
    return shlex.join(words)


def _implied(options: Options, verbs: Sequence[str]) -> set[str]:
    """The options that a command need not or must not write, as others decide them."""
    if options.centroids is None:
        return set()
    # A report draws its starts and tells how the given one compares.
    reported = verbs[:1] == ("report",)
    if options.init != GIVEN and not reported:
        return {"centroids"}
    implied = set() if reported else {"init"}
    if options.k == len(options.centroids):
        implied.add("k")
    shown = verbs[:1] or (options.screen,)
    if options.empty == Options.empty and shown[0] in ("run", "watch", "explore", "data"):
        implied.add("seed")
    return implied


def export_command(
    options: Options,
    what: Sequence[str],
    look: Sequence[str] = (),
    *,
    elbow_init: str | None = None,
    iteration: int | None = None,
) -> str:
    """Return the shell command that writes the same files; their content ignores the folder.

    ``what`` are items as ``--what`` takes them, ``look`` the flags for their look. ``elbow_init``
    is how the elbow runs start, ``iteration`` the one shown, if it is not that of the view; flags
    that no item needs are left out.
    """
    items = {each.partition(".")[0] for each in what}
    words = ["--what", ",".join(what), *look]
    if elbow_init not in (None, usual_elbow_init("article" in look)):
        words += ["--elbow-init", str(elbow_init)]
    if "iteration" in items and iteration not in (None, shown_iteration(options)):
        words += ["--iteration", str(iteration)]
    return f"{to_command(options, 'export')} {shlex.join(words)}"


def usual_elbow_init(by_article: bool) -> str:
    """The default start of elbow runs; the article's figure uses its own."""
    return "article" if by_article else ELBOW_INIT


def shown_iteration(options: Options) -> int:
    """The iteration that a figure shows: that of the view, or -1 (the last) if it names none."""
    place = options.goto.partition(":")[0]
    return -1 if place == "last" or options.goto == Options.goto else int(place)


def _spelled(flag: str, value: Any) -> list[str]:
    if isinstance(value, float):
        text = exactly(value)
    elif flag in ("--seeds", "--without"):
        text = spelled_numbers(value)
    else:
        parts = value if isinstance(value, tuple) else (value,)
        text = ",".join(exactly(each) if isinstance(each, float) else str(each) for each in parts)
    # A value with a leading dash would be read as a flag.
    return [f"{flag}={text}"] if text.startswith("-") else [flag, text]
