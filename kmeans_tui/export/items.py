"""The table of what can be exported: files, endings, writers and what they need.

To add a figure, add a row and a function in ``figures``; for anything else, one in ``writers``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, BinaryIO, Final

from kmeans_tui.export import writers
from kmeans_tui.export.figures.canvas import STILLS
from kmeans_tui.export.writers import figure

if TYPE_CHECKING:
    from kmeans_tui.export.work import Work


@dataclass(frozen=True)
class Export:
    """An exported file: the ``stem`` of its name, its possible endings, the first by default,
    ``about``, and its writer.

    ``needs`` names the required field of ``Material``, ``lacking`` says what to do if it is
    missing. ``usual`` ones are written by default. What shows ``both`` shows the two runs of a pair
    where one is asked for.
    """

    stem: str
    forms: tuple[str, ...]
    about: str
    write: "Callable[[Work, BinaryIO], None]"
    needs: str | None = None
    lacking: str = ""
    usual: bool = False
    both: bool = False

    @property
    def of_run(self) -> bool:
        """Whether a run is all it needs."""
        return self.needs in (None, "picture", "in_memory")


KINDS: Final[Mapping[str, Export]] = {
    "data": Export("data", STILLS, "the raw points", writers.data),
    "iterations": Export(
        "iterations", STILLS, "every iteration, side by side", writers.iterations, usual=True
    ),
    "iteration": Export("iteration", STILLS, "one iteration", writers.iteration, usual=True),
    "animation": Export(
        "animation",
        ("gif", "webp"),
        "the run, a frame for each iteration",
        writers.animation,
        usual=True,
        both=True,
    ),
    "player": Export(
        "player", ("html",), "a web page that plays the run, by itself", writers.player
    ),
    "inertia": Export("inertia", STILLS, "inertia and points changed", figure("stills.inertia")),
    "elbow": Export(
        "elbow",
        STILLS,
        "how many clusters: the criteria",
        writers.elbow,
        "sweep",
        "the elbow has not been computed yet: run it first",
    ),
    "ladder": Export(
        "ladder",
        STILLS,
        "which rows part or join from each k to the next",
        figure("flows.ladder", "sweep"),
        "sweep",
        "the ladder is of the elbow's runs, which have not been computed yet: run them first",
    ),
    "seeds": Export(
        "seeds",
        STILLS,
        "the results of many starts",
        figure("analyses.seeds", "seeds"),
        "seeds",
        "the seeds have not been computed yet: run them first",
    ),
    "stability": Export(
        "stability",
        STILLS,
        "how stable clusters, rows and each k are",
        figure("stability_charts.stability", "stability"),
        "stability",
        "the stability has not been computed yet: run it first",
    ),
    "compare": Export(
        "compare",
        STILLS,
        "two runs side by side",
        figure("analyses.compare", "comparison"),
        "comparison",
        "the comparison has not been computed yet: run it first",
    ),
    "picture": Export(
        "picture",
        ("png",),
        "a photo in the colours of its clusters",
        writers.picture,
        "picture",
        "picture is for the pixels of a photo: open the data as image:FILE",
    ),
    "labels": Export("labels", ("csv", "parquet"), "every row with its cluster", writers.labels),
    "centroids": Export(
        "centroids", ("csv",), "the centroids, in the units of the data", writers.centroids
    ),
    "rules": Export("rules", ("sql", "py", "txt"), "the clusters as rules", writers.rules),
    "run": Export(
        "run", ("json",), "the whole recording, to be opened again", writers.run, usual=True
    ),
    # Not code.py: a folder with a file of that name hides the module of the standard library.
    "code": Export(
        "kmeans_run",
        ("py", "ipynb"),
        "a script that repeats the run",
        writers.code,
        "in_memory",
        "the script has all points in memory, and these stay on disk: leave code out",
    ),
    "pipeline": Export(
        "pipeline",
        ("py",),
        "a scikit-learn pipeline for new rows",
        writers.pipeline,
    ),
    "report": Export(
        "report",
        ("html", "md"),
        "a report: how many clusters, how certain, and what they are",
        writers.report,
        "findings",
        "the report is of many runs, which have not been computed yet",
    ),
    "screen": Export(
        "screen",
        ("svg",),
        "a picture of the terminal",
        writers.screen,
        "screen",
        "screen is a picture of the terminal: open the run on the screen and press x",
    ),
}


def usual() -> tuple[str, ...]:
    """Return what is written by default."""
    return tuple(name for name, kind in KINDS.items() if kind.usual)


@dataclass(frozen=True)
class Item:
    """One file: a name of ``KINDS`` and an ending."""

    name: str
    form: str

    @classmethod
    def read(cls, text: str, still: str = "png") -> "Item":
        """Parse ``iterations`` or ``iterations.pdf``; stills without an ending are ``still`` files.

        Raises ``ValueError``, one sentence, for an unknown name or ending.
        """
        name, _, form = text.strip().partition(".")
        if name not in KINDS:
            near = get_close_matches(name, KINDS, 2, 0.5)
            raise ValueError(
                f"there is nothing called {name!r} to export: "
                + (f"did you mean {' or '.join(near)}?" if near else f"use {', '.join(KINDS)}")
            )
        forms = KINDS[name].forms
        form = form or (still if forms == STILLS else forms[0])
        if form not in forms:
            raise ValueError(f"{name} cannot be written as {form!r}: use {' or '.join(forms)}")
        return cls(name, form)

    def __str__(self) -> str:
        return self.name if self.form == KINDS[self.name].forms[0] else f"{self.name}.{self.form}"

    def file_name(self, iteration: int, iterations: int) -> str:
        """Return the name of the file; that of ``iteration`` includes its number."""
        stem = KINDS[self.name].stem
        if self.name == "iteration":
            stem += f"-{iteration:0{max(2, len(str(iterations)))}d}"
        return f"{stem}.{self.form}"


def needed(items: Iterable[Item], *, pair: bool = False) -> set[str]:
    """Return the fields of ``Material`` that these items need; ``pair``: if one is asked for."""
    kinds = [KINDS[item.name] for item in items]
    found = {kind.needs for kind in kinds if kind.needs is not None}
    return found | ({"comparison"} if pair and any(kind.both for kind in kinds) else set())
