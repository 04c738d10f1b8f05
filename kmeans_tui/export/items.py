"""The table of what can be exported: names, files, endings, and what each needs to be known."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from kmeans_tui.export.figures.canvas import STILLS


@dataclass(frozen=True)
class Kind:
    """``stem`` of the file's name, its possible endings, the first by default, and ``about``.

    ``needs`` names what has to be worked out first: the field of ``Request`` that must be given.
    """

    stem: str
    forms: tuple[str, ...]
    about: str
    needs: str | None = None


KINDS: Final[Mapping[str, Kind]] = {
    "data": Kind("data", STILLS, "the raw points"),
    "iterations": Kind("iterations", STILLS, "every iteration, side by side"),
    "iteration": Kind("iteration", STILLS, "one iteration"),
    "animation": Kind("animation", ("gif",), "the run, a frame for each iteration"),
    "inertia": Kind("inertia", STILLS, "inertia and points changed"),
    "elbow": Kind("elbow", STILLS, "how many clusters: the criteria", "sweep"),
    "seeds": Kind("seeds", STILLS, "where many starts end", "seeds"),
    "compare": Kind("compare", STILLS, "beside scikit-learn", "comparison"),
    "picture": Kind("picture", ("png",), "a photo in the colours of its clusters"),
    "labels": Kind("labels", ("csv",), "every row with its cluster"),
    "centroids": Kind("centroids", ("csv",), "the centroids, in the units of the data"),
    "run": Kind("run", ("json",), "the whole recording, to be opened again"),
    # Not code.py: a folder with a file of that name hides the module of the standard library.
    "code": Kind("kmeans_run", ("py", "ipynb"), "a script that repeats the run"),
    "screen": Kind("screen", ("svg",), "the terminal as it stands", "screen"),
}


@dataclass(frozen=True)
class Item:
    """One file: a name of ``KINDS`` and an ending."""

    name: str
    form: str

    @classmethod
    def read(cls, text: str, still: str = "png") -> "Item":
        """``iterations`` or ``iterations.pdf``; stills without an ending are ``still`` files.

        Raises ``ValueError``, one sentence, for a name or an ending there is not.
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
        """The name of the file; that of ``iteration`` says which of so many."""
        stem = KINDS[self.name].stem
        if self.name == "iteration":
            stem += f"-{iteration:0{max(2, len(str(iterations)))}d}"
        return f"{stem}.{self.form}"
