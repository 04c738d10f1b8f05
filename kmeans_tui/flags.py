"""The options as flags of an argparse parser: which command has which, and reading them back."""

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import Field, fields
from typing import Any, Final

from kmeans_tui.command import DRAWN_ANEW, ELBOW_INIT, GIVEN, SWEPT, Options, of_group
from kmeans_tui.options.groups import Group
from kmeans_tui.vocabulary import INITS, PARALLEL

# The commands, besides the screen, that a group applies to; a group not listed applies to all.
# A figure uses only the plane, the iteration and the lines of a view.
_TOLD: Final[Mapping[Group, tuple[str, ...]]] = {
    "elbow": ("elbow", "ladder", "report", "stability", "export"),
    "seeds": ("seeds", "export"),
    "stability": ("stability", "export"),
    "compare": ("compare", "export"),
    "seen": ("export",),
    "drawn": ("export",),
    "view": (),
}


def counts(flag: Field[Any], command: str = "screen") -> bool:
    """Whether the flag of a field applies to a command."""
    told = _TOLD.get(flag.metadata["of"], (command,))
    return command == "screen" or command in (*told, *flag.metadata["told"])


def add_flags(
    parser: argparse.ArgumentParser,
    command: str = "screen",
    choices: Mapping[str, Iterable[str]] | None = None,
) -> None:
    """Add the flags of ``Options`` to the parser of a command; "screen" is the program itself.

    Flags that apply only to other commands are accepted but left out of the help, so that a copied
    command still runs with another subcommand. ``choices`` holds the allowed values of fields whose
    values come from another table.
    """
    for each in fields(Options):
        if each.metadata["names"]:
            keywords = dict(each.metadata["keywords"])
            if each.name == "init":
                swept = command in ("screen", "run", "watch", "elbow", "ladder", "export")
                single = (*SWEPT, PARALLEL) if swept else ()
                keywords["choices"] = (*INITS, *single, GIVEN)
            if choices is not None and each.name in choices:
                keywords["choices"] = tuple(choices[each.name])
            if not counts(each, command):
                keywords["help"] = argparse.SUPPRESS
            parser.add_argument(
                *each.metadata["names"], dest=each.name, default=each.default, **keywords
            )


def add_file_flags(parser: argparse.ArgumentParser) -> None:
    """Add only the flags that say how the bytes of a table are read; not given, they are None."""
    for name in of_group("file"):
        flag = next(each for each in fields(Options) if each.name == name)
        names, keywords = flag.metadata["names"], flag.metadata["keywords"]
        parser.add_argument(*names, dest=name, default=None, **keywords)


def of_screen(arguments: argparse.Namespace) -> Options:
    """Return the options of the screen, whose usual start depends on the one it opens on."""
    if arguments.init is None:
        arguments.init = ELBOW_INIT if arguments.screen in DRAWN_ANEW else Options.init
    return from_arguments(arguments)


def from_arguments(arguments: argparse.Namespace) -> Options:
    """Return the options read by a parser with ``add_flags``; flags it lacks keep their default.

    Given centroids set k, and are the start unless another than the usual one is asked for.
    """
    given = dict(vars(arguments))
    if given.get("init") is None:
        given["init"] = Options.init
    centroids = given.get("centroids")
    if centroids is not None:
        if given.get("k") is None:
            given["k"] = len(centroids)
        if given["init"] == Options.init:
            given["init"] = GIVEN
    return Options(
        **{each.name: given[each.name] for each in fields(Options) if each.name in given}
    )
