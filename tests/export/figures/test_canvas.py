"""A figure without pyplot, whatever the user's own settings of matplotlib."""

import io
import os
import subprocess
import sys
from pathlib import Path

from tests.exporting import SOURCE


def test_pyplot_is_never_loaded_and_the_users_style_does_not_count(tmp_path):
    red, damaged = tmp_path / "red", tmp_path / "damaged"
    for folder in (red, damaged):
        folder.mkdir()
    (red / "matplotlibrc").write_text("axes.facecolor: red\nsavefig.dpi: 17\n")
    (damaged / "matplotlibrc").write_bytes(b"backend: nonsense\nfont.size: abc\n\xff: \xfe\n")
    settings = (
        {"MATPLOTLIBRC": str(red)}, {"MATPLOTLIBRC": str(damaged)}, {"MPLBACKEND": "mauve"},
        {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}, {"MPLCONFIGDIR": "/proc"},
    )  # fmt: skip
    code = """
import io, sys
from kmeans_tui.export.figures import stills
from tests.exporting import drawn, view_of
sys.stdout.buffer.write(drawn(stills.data(view_of())))
assert "matplotlib.pyplot" not in sys.modules
"""
    home = Path(__file__).parents[3]
    pictures = [
        subprocess.run(
            [sys.executable, "-c", code], cwd=folder, capture_output=True, check=True, timeout=120,
            env={**os.environ, **more, "PYTHONPATH": str(home)},
        ).stdout
        for more, folder in (({}, home), *((more, home) for more in settings), ({}, damaged))
    ]  # fmt: skip
    assert [picture == pictures[0] for picture in pictures] == [True] * 7


def test_an_odd_name_is_drawn_without_a_warning(recwarn):
    from kmeans_tui.export.figures import canvas

    figure = canvas.new_figure((4, 3), 100, "#ffffff")
    figure.suptitle("漢字 $no math \\frac{ _^$ %")
    canvas.save(figure, io.BytesIO(), "png", SOURCE)
    assert list(recwarn) == []
