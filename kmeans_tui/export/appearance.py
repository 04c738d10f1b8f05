"""The look of exported files, as set in the dialog or by flags of the command."""

from dataclasses import dataclass
from typing import Final, Literal

from kmeans_tui.aspect import Aspect

LookName = Literal["light", "dark", "article"]
LOOKS: Final[tuple[LookName, ...]] = ("light", "dark", "article")

# Below 400 x 300 the axis labels leave no room for the plot; above 6000 per side, the pixels
# alone are 144 MB.
_LEAST_SIZE: Final = (400, 300)
_MOST_SIZE: Final = 6000
DPI: Final = (40, 600)
# Browsers play a delay below 0.02 s as 0.1 s.
FPS: Final = (0.1, 50.0)


@dataclass(frozen=True)
class Appearance:
    """The look of all files of one export.

    ``size`` is in pixels and ``dpi`` in pixels per inch; if None, every figure has its own.
    ``fps`` is the animation's frames per second, except with ``glide``: it then shows half steps,
    smoothly. ``regions`` and ``trails`` apply to ``iteration``,
    ``aspect`` to all plots of points except those in the article's look. ``wears`` are the colours
    of the clusters, counted from 0, if not their own. Raises ``ValueError``, one sentence, for a
    number that cannot be used.
    """

    look: LookName = "light"
    size: tuple[int, int] | None = None
    dpi: int | None = None
    transparent: bool = False
    regions: bool = False
    trails: bool = False
    aspect: Aspect | None = None
    wears: tuple[int, ...] | None = None
    fps: float = 1.2
    glide: bool = False

    def __post_init__(self) -> None:
        if self.look not in LOOKS:
            raise ValueError(f"{self.look!r} is not a look: use {', '.join(LOOKS)}")
        if self.size is not None:
            width, height = self.size
            least = _LEAST_SIZE
            if not (least[0] <= width <= _MOST_SIZE and least[1] <= height <= _MOST_SIZE):
                raise ValueError(
                    f"a figure of {width}x{height} pixels cannot be drawn: choose a size from "
                    f"{least[0]}x{least[1]} to {_MOST_SIZE}x{_MOST_SIZE}"
                )
        if self.dpi is not None and not DPI[0] <= self.dpi <= DPI[1]:
            raise ValueError(
                f"{self.dpi} dots per inch is out of range: choose {DPI[0]} to {DPI[1]}"
            )
        if not FPS[0] <= self.fps <= FPS[1]:
            raise ValueError(
                f"{self.fps:g} frames per second is out of range: choose {FPS[0]:g} to {FPS[1]:g}"
            )

    def flags(self) -> list[str]:
        """Return the flags of ``kmeans-tui export`` for this look, without what is drawn.

        Regions, trails, the aspect, the glide and the clusters' colours are options, already in the
        command.
        """
        words = []
        if self.look == "article":
            words += ["--look", "article"]
        elif self.look == "dark":
            words.append("--dark")
        if self.size is not None:
            words += ["--size", "{}x{}".format(*self.size)]
        if self.dpi is not None:
            words += ["--dpi", str(self.dpi)]
        if self.transparent:
            words.append("--transparent")
        if self.fps != Appearance.fps:
            words += ["--fps", f"{self.fps:g}"]
        return words

    def inches(self, wanted: tuple[float, float], dpi: int) -> tuple[tuple[float, float], int]:
        """Return width and height in inches, and dpi, of a figure with these defaults."""
        found = self.dpi or dpi
        if self.size is None:
            return wanted, found
        return (self.size[0] / found, self.size[1] / found), found
