"""Pictures as data: pixels as points in colour space, and back."""

import os
import struct
import warnings
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.data.reading import memory, regular

_COLOURS: Final = ("red", "green", "blue")
# 800 MB of colours as floats, the limit of built-in sets; phone photos have 12 to 24 million
# pixels.
_MOST_PIXELS: Final = 33_000_000
# Thirteen bytes per pixel; no picture that may be opened takes more.
_MOST_BYTES: Final = 1 << 29
# Some other formats of Pillow are programs: PostScript would be passed to Ghostscript.
_FORMATS: Final = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM", "JPEG2000")

Bytes: TypeAlias = NDArray[np.uint8]


def pixels(path: Path, name: str) -> Dataset:
    """Return every pixel as a row of red, green and blue, 0 to 255, left to right and down.

    The picture is rotated as its EXIF data say, and 16-bit shades are reduced to 256.
    ``Dataset.picture`` holds height and width. Transparency is blended with white. Raises
    ``DataError`` if the file is not a picture or is too large.
    """
    from PIL import Image, ImageOps

    # Size is checked here, damage is an error, and a warning would be printed over the screen.
    warnings.filterwarnings("ignore", module=r"PIL\.")
    try:
        with (
            regular.opened(path) as file,
            Image.open(_whole(file, name), formats=_FORMATS) as opened,
        ):
            width, height = opened.size
            if width * height > _MOST_PIXELS:
                raise DataError(
                    f"{name} has {width:,} × {height:,} pixels; the limit is {_MOST_PIXELS:,}: "
                    "make it smaller first"
                )
            memory.check(name, width * height, 3, 3)
            turned = ImageOps.exif_transpose(opened)
            width, height = turned.size
            picture = turned.convert("RGBA") if turned.has_transparency_data else turned
            if picture.mode == "RGBA":
                white = Image.new("RGBA", picture.size, "white")
                picture = Image.alpha_composite(white, picture)
            if picture.mode.startswith("I"):
                # Pillow clips 16-bit values at 255.
                shades = np.rint(np.asarray(picture, dtype=np.float64) * (255 / 65_535))
                colours = np.repeat(np.clip(shades, 0, 255)[..., None], 3, axis=2)
            else:
                colours = np.asarray(picture.convert("RGB"), dtype=np.float64)
    except DataError:
        raise
    except Image.DecompressionBombError:
        raise DataError(f"{name} has too many pixels: make it smaller first") from None
    except (OSError, ValueError, SyntaxError, TypeError, EOFError, LookupError, ArithmeticError,
            NotImplementedError, RuntimeError, struct.error):  # fmt: skip
        # Pillow's decoders raise all of these for truncated or corrupt files.
        raise DataError(
            f"{name} is not a readable picture, or is damaged: save it again as PNG"
        ) from None
    table = colours.reshape(-1, 3)
    return Dataset(
        name=name,
        table=table,
        columns=_COLOURS,
        about=f"the colours of {width} × {height} pixels",
        k=min(5, len(table)),
        picture=(height, width),
    )


def _whole(file: BinaryIO, name: str) -> BinaryIO:
    """Return the file if no larger than a picture can be: some decoders read all of it at once."""
    size = os.fstat(file.fileno()).st_size
    if size > _MOST_BYTES:
        raise DataError(
            f"{name} has {memory.amount(size)}, more than any picture of {_MOST_PIXELS:,} pixels: "
            "make it smaller first"
        )
    return file


def inks(dataset: Dataset, centroids: NDArray[np.float64]) -> tuple[str, ...] | None:
    """Return the mean colour of each cluster (k, d) as ``#rrggbb``.

    None if the data are not a picture, or not all three colours are clustered.
    """
    if dataset.picture is None or dataset.features != _COLOURS:
        return None
    colours = np.clip(np.rint(dataset.in_units(centroids)), 0, 255).astype(int)
    return tuple(f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in colours)


def quantised(
    dataset: Dataset, centroids: NDArray[np.float64], labels: NDArray[np.integer]
) -> Bytes:
    """Return the picture in the mean colours of its clusters: ``(h, w, 3)``.

    ``centroids`` ``(k, d)`` are in prepared coordinates, ``labels`` ``(n,)``. If not all three
    colours were clustered, each cluster's mean of all three is drawn. Raises ``ValueError`` if the
    data are not a picture.
    """
    if dataset.picture is None:
        raise ValueError(f"{dataset.name} is not a picture: load one as image:FILE")
    if dataset.features == _COLOURS:
        colours = dataset.in_units(centroids)
    else:
        k = len(centroids)
        counts = np.maximum(np.bincount(labels, minlength=k), 1)
        sums = [np.bincount(labels, weights=column, minlength=k) for column in dataset.table.T]
        colours = np.column_stack(sums) / counts[:, None]
    palette = np.clip(np.rint(colours), 0, 255).astype(np.uint8)
    return palette[labels].reshape(*dataset.picture, 3)
