"""The colours of a figure other than those of the clusters."""

from dataclasses import dataclass
from typing import Final

from kmeans_tui.export.appearance import Appearance


@dataclass(frozen=True)
class Look:
    """``ink`` is for text and rings, ``faint`` for ticks, ``line`` for frames and grids.

    ``grey`` is a point without a cluster, ``edge`` the rim of a disc, ``mark`` a highlight.
    """

    background: str
    ink: str
    faint: str
    line: str
    grey: str
    edge: str
    mark: str


# On white, the lightest of the ten colours have a contrast of 1.5: the rim makes up for it.
LIGHT: Final = Look("#ffffff", "#1a1a1a", "#4d4d4d", "#c4c4c4", "#9a9a9a", "#333333", "#d70000")
DARK: Final = Look("#1a1a2e", "#f4f4f4", "#b8b8c8", "#444458", "#8a8a9a", "#1a1a2e", "#ff8700")


def look_of(settings: Appearance) -> Look:
    """Return the colours for the settings; the article's figures are on white."""
    return DARK if settings.look == "dark" else LIGHT
