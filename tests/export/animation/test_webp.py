"""The WebP writer: what it writes is decoded by Pillow to exactly what was drawn."""

import io
from xml.etree import ElementTree

import numpy as np
import pytest

from kmeans_tui.export.animation import webp
from tests.export.animation.decoding import decoded


def written(pictures, delays, comment="made by a test", **options):
    file, heard = io.BytesIO(), []
    webp.write(
        file, lambda i: pictures[i], delays, comment, lambda *said: heard.append(said), **options
    )
    assert heard == [(i + 1, len(delays)) for i in range(len(delays))]
    return file.getvalue()


@pytest.mark.parametrize("size", [(30, 40), (31, 41), (1, 1)])
def test_any_frames_are_read_back_exactly_with_their_times(size):
    rng = np.random.RandomState(0)
    first = (rng.randint(0, 1 << 24, size) | 0xFF000000).astype(np.uint32)
    pictures = [first]
    for _ in range(4):
        changed = rng.rand(*size) < 0.1
        changed[-1, -1] = True
        new = (rng.randint(0, 1 << 24, size) | 0xFF000000).astype(np.uint32)
        pictures.append(np.where(changed, new, pictures[-1]))
    data = written(pictures, [83, 84, 6, 1000, 250])
    assert int.from_bytes(data[4:8], "little") == len(data) - 8
    image, found = decoded(data)
    assert (image.size, image.info["loop"]) == (size[::-1], 0)
    assert [duration for _, duration in found] == [830, 840, 60, 10000, 2500]
    for picture, (shown, _) in zip(pictures, found, strict=True):
        np.testing.assert_array_equal(shown, picture.view(np.uint8).reshape(*size, 4)[..., :3])


@pytest.mark.parametrize("comment", ["plain", 'a "b" <c> & \n é 漢'])
def test_the_comment_is_read_back(comment):
    pictures = np.full((1, 5, 7), 0xFF336699, np.uint32)
    image, _ = decoded(written(pictures, [250], comment))
    (told,) = ElementTree.fromstring(image.info["xmp"])[0]
    assert list(told.attrib.values()) == [comment]


def test_equal_frames_keep_their_time_or_are_left_out():
    pictures = np.stack([np.full((6, 8), colour, np.uint32) for colour in (2**32 - 1, 2**32 - 256)])
    again = pictures[[0, 0, 1, 1, 1]]
    _, found = decoded(written(again, [10, 20, 30, 40, 250]))
    assert sum(duration for _, duration in found) == 3500
    _, found = decoded(written(again, [6, 6, 6, 6, 250], distinct=True))
    assert [duration for _, duration in found] == [60, 2500]
