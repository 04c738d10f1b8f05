"""The colours of a figure other than those of the clusters."""

from dataclasses import dataclass
from typing import Final

from kmeans_tui.export.appearance import Appearance


@dataclass(frozen=True)
class Look:
    """``ink`` is for text and rings, ``faint`` for ticks, ``line`` for frames and grids.

    ``grey`` is a point without a cluster, ``edge`` the rim of a disc, ``mark`` what stands out;
    ``first`` and ``second`` are bars and curves of no cluster, which wear no cluster's colour.
    """

    background: str
    ink: str
    faint: str
    line: str
    grey: str
    edge: str
    mark: str
    first: str
    second: str


LIGHT: Final = Look(
    background="#ffffff", ink="#1a1a1a", faint="#4d4d4d", line="#c4c4c4", grey="#9a9a9a",
    edge="#ffffff", mark="#d70000", first="#4d4d4d", second="#9a9a9a",
)  # fmt: skip
DARK: Final = Look(
    background="#1a1a2e", ink="#f4f4f4", faint="#b8b8c8", line="#444458", grey="#8a8a9a",
    edge="#1a1a2e", mark="#ff8700", first="#b8b8c8", second="#737385",
)  # fmt: skip


def look_of(settings: Appearance) -> Look:
    """Return the colours for the settings; the article's figures are on white."""
    return DARK if settings.look == "dark" else LIGHT
