"""Runs, views and requests for the tests of the export."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from kmeans_tui.command import Options
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.bundle import Request
from kmeans_tui.export.figures import canvas
from kmeans_tui.export.items import Item
from kmeans_tui.export.provenance import Provenance
from kmeans_tui.export.view import RunView
from kmeans_tui.requests.document import document
from kmeans_tui.requests.fit import run_of
from kmeans_tui.requests.subject import open_subject

SOURCE = Provenance("kmeans-tui export blobs", "ab" * 32)


def performed(options):
    """The data of the options and their run."""
    subject = open_subject(options)
    return subject.dataset, run_of(subject, options)


def view_of(options=None, settings=None):
    """A run, and how its figures see it; by default the article's, in light."""
    return RunView(*performed(options or Options()), settings or Appearance())


def request_of(folder: Path, *what: str, options=None, **fields) -> Request:
    """A request for items by name, the run being that of the options."""
    options = options or Options()
    dataset, history = performed(options)
    return Request(
        items=tuple(map(Item.read, what)),
        folder=folder,
        dataset=dataset,
        history=history,
        document=document(options, dataset, history),
        command="kmeans-tui export blobs",
        **fields,
    )


def drawn(figure, form="png", **options) -> bytes:
    """The bytes of a figure as it is saved."""
    file = io.BytesIO()
    canvas.save(figure, file, form, SOURCE, **options)
    return file.getvalue()


def pixels(data: bytes) -> np.ndarray:
    """(height, width, 3) of an image."""
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def colour(text: str) -> np.ndarray:
    """``#rrggbb`` as three numbers."""
    return np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)])


def near(image: np.ndarray, x: float, y: float, wanted: str, reach: int = 3) -> bool:
    """Whether a pixel of that colour, to rounding, is within ``reach`` of (x, y) from the top."""
    column, row = round(x), round(y)
    part = image[max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1]
    return bool((np.abs(part - colour(wanted)).max(axis=2) <= 6).any())
