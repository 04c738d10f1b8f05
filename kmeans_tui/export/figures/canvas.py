"""Matplotlib figures, made without pyplot and saved reproducibly."""

import importlib
import importlib.util
import os
import stat
import sys
import tempfile
import warnings
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from kmeans_tui.export.provenance import Provenance

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

STILLS: Final = ("png", "svg", "pdf")


def prepare() -> None:
    """Load matplotlib with its defaults, regardless of the user's settings and home."""
    if "matplotlib" not in sys.modules:
        _private_cache()
        _import_without_settings()
    import matplotlib
    from matplotlib.backends import backend_agg  # noqa: F401 - loaded while nobody waits
    from matplotlib.figure import Figure  # noqa: F401

    matplotlib.rcdefaults()
    # Dollar signs in names of data and features are meant literally.
    matplotlib.rcParams["text.parse_math"] = False


def new_figure(inches: tuple[float, float], dpi: int, background: str, **options: Any) -> "Figure":
    """Return an empty figure drawn by Agg; ``options`` are those of ``Figure``."""
    prepare()
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    options.setdefault("layout", "constrained")
    figure = Figure(figsize=inches, dpi=dpi, facecolor=background, **options)
    FigureCanvasAgg(figure)
    return figure


def save(figure: "Figure", file: BinaryIO, form: str, source: Provenance, **options: Any) -> None:
    """Write a figure as ``form``, one of ``STILLS``, with its provenance.

    ``options`` are those of ``Figure.savefig``.
    """
    import matplotlib

    if form == "png":
        # Takes two thirds of the time of level 6, with 2 to 6 % more bytes.
        options = {**options, "pil_kwargs": {"compress_level": 4}}
    # Without random identifiers and dates, SVG and PDF files of the same figure are identical.
    with matplotlib.rc_context({"svg.hashsalt": "kmeans-tui"}), warnings.catch_warnings():
        # A character missing from DejaVu Sans is drawn as a box: the file is still good.
        warnings.simplefilter("ignore", UserWarning)
        figure.savefig(file, format=form, metadata=_metadata(form, source), **options)


def save_pixels(pixels: "NDArray[np.uint8]", file: BinaryIO, source: Provenance) -> None:
    """Write an array (h, w, 3) as a PNG, with its provenance."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    for name, text in _metadata("png", source).items():
        told.add_itxt(name, text)
    Image.fromarray(pixels).save(file, "PNG", pnginfo=told)


def _metadata(form: str, source: Provenance) -> Mapping[str, Any]:
    digest = f"sha256:{source.digest}"
    if form == "png":
        return {"Software": source.software, "Command": source.plain_command, "Data": digest}
    if form == "svg":
        return {
            "Date": None,
            "Creator": source.software,
            "Description": source.plain_command,
            "Source": digest,
        }
    return {
        "CreationDate": None,
        "Creator": source.software,
        "Producer": None,
        "Subject": source.plain_command,
        "Keywords": digest,
    }


def _import_without_settings() -> None:
    """Import matplotlib with its default settings.

    On import it reads the user's settings, also from the working folder, where a notebook backend
    or a damaged file would cause an error.
    """
    package = importlib.util.find_spec("matplotlib")
    assert package is not None
    assert package.origin is not None
    own = {"MPLBACKEND": "agg"}
    own["MATPLOTLIBRC"] = str(Path(package.origin).parent / "mpl-data" / "matplotlibrc")
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    # A file of that name in the working folder has priority; usually there is none.
    here = os.getcwd() if os.path.exists("matplotlibrc") else None
    try:
        if here is not None:
            os.chdir(Path(own["MATPLOTLIBRC"]).parent)
        importlib.import_module("matplotlib")
    finally:
        if here is not None:
            os.chdir(here)
        for name, value in before.items():
            del os.environ[name]
            if value is not None:
                os.environ[name] = value


def _private_cache() -> None:
    """Give matplotlib a folder for its font cache if the home is not writable.

    Otherwise it would make a new one in every process, scan all fonts again, and report that on
    stderr, which is the screen.
    """
    if "MPLCONFIGDIR" in os.environ:
        return
    if sys.platform.startswith(("linux", "freebsd")):
        bases = [
            os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config"),
            os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"),
        ]
        folders = [Path(base, "matplotlib") for base in bases]
    else:
        folders = [Path(os.path.expanduser("~/.matplotlib"))]
    if not all(_writable(folder) for folder in folders):
        os.environ["MPLCONFIGDIR"] = str(_own_folder())


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _own_folder() -> Path:
    """Return our own folder in the system's temporary folder."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir(), f"kmeans_tui-mpl-{user}")
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        # Someone else may have created it first, to make us read their content.
        if stat.S_ISDIR(found.st_mode) and (os.name == "nt" or found.st_uid == user):
            return folder
    return Path(tempfile.mkdtemp(prefix="kmeans_tui-mpl-"))
