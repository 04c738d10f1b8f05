"""The picture of the player that the README shows."""

import io
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from PIL import Image

from kmeans_tui.headless.export import main

# The assignment behind the update that takes off most, in which ten points change cluster.
MOMENT = 25
# The share of the picture's width and height where the leftmost of them is.
POINT = (0.653, 0.463)


def player_still(chromium: Any, path: Path) -> None:
    """Write the picture with a browser of playwright."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["blobs", "--seed", "4", "--what", "player", "--out", folder, "--force"]
        with redirect_stdout(io.StringIO()):
            assert main(words) == 0
        page = chromium.new_page(viewport={"width": 1200, "height": 760}, color_scheme="dark")
        page.emulate_media(reduced_motion="reduce")
        page.goto((Path(folder) / "player.html").as_uri())
        for _ in range(MOMENT):
            page.keyboard.press(".")
        box = page.locator("#plot").bounding_box()
        page.mouse.click(box["x"] + POINT[0] * box["width"], box["y"] + POINT[1] * box["height"])
        page.screenshot(path=path)
        page.close()
    # A palette halves the file; the colours of the picture are few.
    with Image.open(path) as image:
        image.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
