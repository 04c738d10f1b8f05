"""What Pillow finds in an animation."""

import io

import numpy as np
from PIL import Image


def decoded(data):
    """The image, and the colours (height, width, 3) and milliseconds of each of its frames."""
    image = Image.open(io.BytesIO(data))
    found = []
    for i in range(image.n_frames):
        image.seek(i)
        # A WebP knows the time of a frame only once it is loaded.
        image.load()
        found.append((np.asarray(image.convert("RGB")), image.info["duration"]))
    return image, found
