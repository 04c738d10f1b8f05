"""The GIF writer: what it writes is decoded by Pillow to what was drawn."""

import io

import numpy as np
import pytest

from kmeans_tui.export.animation import gif
from tests.export.animation.decoding import decoded

BLUE, RED, WHITE = 0xFFFF0000, 0xFF0000FF, 0xFFFFFFFF


def frames(count=4, height=30, width=40):
    """A red square that walks over white."""
    found = np.full((count, height, width), WHITE, np.uint32)
    for i in range(count):
        found[i, 5:10, 5 * i : 5 * i + 5] = RED
    return found


def written(pictures, delays=None, comment="made by a test", exact=("#ffffff", "#ff0000")):
    file, heard = io.BytesIO(), []
    delays = delays or [83] * len(pictures)
    gif.write(file, lambda i: pictures[i], delays, exact, comment, lambda *said: heard.append(said))
    assert heard == [(i + 1, len(pictures)) for i in range(len(pictures))]
    return file.getvalue()


def test_frames_durations_size_and_repetition_are_read_back():
    pictures = frames()
    image, found = decoded(written(pictures, [83, 84, 83, 250]))
    assert (image.size, image.n_frames, image.info["loop"]) == ((40, 30), 4, 0)
    assert [duration for _, duration in found] == [830, 840, 830, 2500]
    for picture, (shown, _) in zip(pictures, found, strict=True):
        wanted = picture.view(np.uint8).reshape(30, 40, 4)[..., :3]
        np.testing.assert_array_equal(shown, wanted)


@pytest.mark.parametrize("comment", ["", "short", "é" * 400])
def test_the_comment_is_read_back(comment):
    image, _ = decoded(written(frames(), comment=comment))
    assert image.info.get("comment", b"").decode() == comment


def test_a_frame_equal_to_the_one_before_keeps_its_time():
    pictures = np.repeat(frames(1), 3, axis=0)
    _, found = decoded(written(pictures, [10, 20, 30]))
    assert [duration for _, duration in found] == [100, 200, 300]


def test_one_frame_of_one_colour():
    _, found = decoded(written(np.full((1, 5, 7), BLUE, np.uint32), exact=("#0000ff",)))
    assert (found[0][0] == (0, 0, 255)).all()


def test_colours_that_must_be_exact_are_and_others_are_near():
    rng = np.random.RandomState(0)
    pictures = (rng.randint(0, 1 << 24, (3, 60, 80)) | 0xFF000000).astype(np.uint32)
    pictures[:, :20] = 0xFF2E1A1A
    _, found = decoded(written(pictures, exact=("#1a1a2e",)))
    for picture, (shown, _) in zip(pictures, found, strict=True):
        wanted = picture.view(np.uint8).reshape(60, 80, 4)[..., :3].astype(int)
        assert (shown[:20] == (0x1A, 0x1A, 0x2E)).all()
        # 255 colours for noise over the whole cube.
        assert np.abs(shown.astype(int) - wanted).mean() < 25


def test_delays_do_not_drift_and_hold_the_last():
    found = gif.delays(121, 1.2, 2.5)
    assert set(found[:-1]) == {83, 84}
    assert sum(found[:-1]) == 10_000
    assert found[-1] == 250
    assert gif.delays(1, 1.2, 2.5) == [250]
    assert gif.delays(3, 0.1, 2.5) == [1000, 1000, 1000]


def test_a_listener_that_raises_ends_the_writing():
    class StoppedError(Exception):
        pass

    def stop(i, _):
        if i == 2:
            raise StoppedError

    file = io.BytesIO()
    with pytest.raises(StoppedError):
        gif.write(file, lambda i: frames()[i], [10] * 4, ("#ffffff",), "", stop)


def test_with_distinct_a_frame_like_the_one_before_is_left_out_and_the_last_time_kept():
    pictures = frames()[[0, 0, 1, 1, 2, 2]]
    file = io.BytesIO()
    exact = ("#ffffff", "#ff0000")
    gif.write(
        file, lambda i: pictures[i], [6] * 5 + [250], exact, "", lambda *_: None, distinct=True
    )
    _, found = decoded(file.getvalue())
    assert [duration for _, duration in found] == [60, 60, 2500]
    for (shown, _), picture in zip(found, frames(), strict=False):
        wanted = picture.view(np.uint8).reshape(30, 40, 4)[..., :3]
        np.testing.assert_array_equal(shown, wanted)
