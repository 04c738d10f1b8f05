"""The option table: every flag of the command, its help, its group and which results it affects.

``Options`` holds which run is shown and how it is displayed. Its fields stand in ``options``, one
file for what is run, for tables, for analyses and for the view. ``flags`` adds them to an argparse
parser and reads them back, ``shell_command`` writes them. Code that needs several options by name
uses their group.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Final

from kmeans_tui.options.analysis_options import AnalysisOptions
from kmeans_tui.options.groups import Answer, Group
from kmeans_tui.options.run_options import RunOptions
from kmeans_tui.options.scale_options import ScaleOptions
from kmeans_tui.options.table_options import TableOptions
from kmeans_tui.options.view_options import ViewOptions

# A start that is not drawn: the centroids of ``--centroids``, or those that a data set brings.
GIVEN: Final = "given"
# Starts that come from a sweep over k: a single run with one of them is the best run for its k.
SWEPT: Final = ("warm", "article")
# The default start of elbow runs: of three such runs, one usually finds the best result.
ELBOW_INIT: Final = "k-means++"
# The answers whose runs start like that unless told otherwise, whatever the run on show does.
DRAWN_ANEW: Final = ("elbow", "stability")


@dataclass(frozen=True)
class Options(ViewOptions, AnalysisOptions, ScaleOptions, TableOptions, RunOptions):
    """Which run is shown, what the other screens compute, and how it is displayed.

    ``None`` leaves a choice to the data set: its k, its features, its scale, its axes.
    If ``theme`` or ``ascii`` is ``None``, the terminal decides; if ``marker`` is ``None``, the
    density of the points decides.
    """


def of_group(*groups: Group) -> tuple[str, ...]:
    """Return the names of the options in these groups, in table order."""
    return tuple(each.name for each in fields(Options) if each.metadata["of"] in groups)


def deciding(answer: Answer, *, alone: bool = False) -> tuple[str, ...]:
    """Return the names of the options that affect the numbers of an answer.

    With ``alone``, only those that affect no other answer, or are in this one's own group. The
    start of an elbow is not among them: its command has a separate flag for it.
    """
    return tuple(
        each.name
        for each in fields(Options)
        if answer in (by := each.metadata["decides"])
        and (not alone or by == (answer,) or each.metadata["of"] == answer)
    )


def taken(options: Options, names: Iterable[str]) -> dict[str, Any]:
    """Return the values of the options with these names."""
    return {name: getattr(options, name) for name in names}


def agree(first: Options, second: Options, names: Iterable[str]) -> bool:
    """Whether both have the same value for every one of these options."""
    return all(getattr(first, name) == getattr(second, name) for name in names)


# How bytes become a table, and what applies only to the user's own tables.
READING: Final = of_group("data", "file", "sample", "place")
OF_FILES: Final = of_group("file", "sample", "rows")
# Which points are clustered.
DATA: Final = of_group("data", "file", "sample", "rows", "points", "columns")
# What ``backspace`` restores. The look of the screen is not part of a run and stays.
RUN: Final = (*DATA, *of_group("place", "run", "seen"))
