"""A picture as data, and back in as many colours as clusters."""

import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kmeans_tui import KMeans, load_data
from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading.pixels import inks, quantised


@pytest.fixture
def picture(tmp_path):
    colours = np.zeros((4, 6, 3), np.uint8)
    colours[:, :3] = (250, 10, 10)
    colours[:, 3:] = (10, 10, 250)
    colours[0, 0] = (240, 20, 10)
    Image.fromarray(colours).save(tmp_path / "photo.png")
    return f"image:{tmp_path / 'photo.png'}", colours


def test_pixels_are_rows_and_come_back_in_the_mean_colours(picture):
    spec, colours = picture
    data = load_data(spec)
    assert (data.n, data.columns, data.picture) == (24, ("red", "green", "blue"), (4, 6))
    np.testing.assert_array_equal(data.table.reshape(4, 6, 3), colours)
    for prepared in (data, data.with_scale("standard"), data.with_features(("red", "blue"))):
        model = KMeans(k=2, init="k-means++", random_state=1).fit(prepared.points)
        drawn = quantised(prepared, model.centroids, model.labels)
        assert (drawn.shape, drawn.dtype) == ((4, 6, 3), np.uint8)
        assert len(np.unique(drawn.reshape(-1, 3), axis=0)) == 2
        np.testing.assert_array_equal(drawn[0, 0], (249, 11, 10))
        np.testing.assert_array_equal(drawn[3, 5], (10, 10, 250))


def test_other_modes_and_transparency(tmp_path):
    Image.new("L", (3, 2), 128).save(tmp_path / "grey.png")
    assert load_data(f"image:{tmp_path / 'grey.png'}").table.tolist() == [[128.0] * 3] * 6
    Image.new("RGBA", (1, 1), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert load_data(f"image:{tmp_path / 'clear.png'}").table.tolist() == [[255.0] * 3]


def test_what_is_no_picture(tmp_path, picture):
    for name, content in (("a.png", b"x,y\n1,2\n"), ("b.png", b"\x89PNG\r\n\x1a\n" + bytes(40))):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DataError, match="is not a readable picture"):
            load_data(f"image:{tmp_path / name}")
    cut = tmp_path / "cut.png"
    cut.write_bytes((tmp_path / "photo.png").read_bytes()[:60])
    with pytest.raises(DataError, match="not a"):
        load_data(f"image:{cut}")
    with pytest.raises(DataError, match="there is no file"):
        load_data("image:none.png")
    Image.new("1", (8000, 5000)).save(tmp_path / "vast.png")
    with pytest.raises(DataError, match="8,000 × 5,000 pixels"):
        load_data(f"image:{tmp_path / 'vast.png'}")
    with pytest.raises(ValueError, match="is not a picture"):
        quantised(load_data("blobs"), np.zeros((1, 2)), np.zeros(300, int))


def test_clusters_have_the_colours_of_their_centroids(tmp_path):
    path = tmp_path / "a.png"
    Image.fromarray(np.array([[[250, 0, 10], [0, 16, 255]]], np.uint8)).save(path)
    found = load_data(f"image:{path}", scale="standard")
    assert inks(found, found.points) == ("#fa000a", "#0010ff")
    assert inks(found.with_features(("red", "blue")), found.points[:, [0, 2]]) is None
    assert inks(load_data("iris"), load_data("iris").points) is None


HOSTILE = Path(__file__).parents[2] / "cases" / "hostile"


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width, height, more=b""):
    """A picture that claims its size and holds next to nothing."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + more + chunk(b"IDAT", zlib.compress(bytes(99)))


BOMBS = {
    "100 million pixels": (png(10_000, 10_000), "10,000 × 10,000 pixels; the limit"),
    "a thin one": (png(1, 2**31 - 1), "too many pixels"),
    "all the pixels there are": (png(2**31 - 1, 2**31 - 1), "too many pixels"),
    "none": (png(0, 5), "not a readable"),
    "a text that unpacks to 200 MB": (
        png(9, 9, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(200_000_000)))), "not a readable"
    ),
    "a profile that unpacks to 200 MB": (
        png(9, 9, chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(200_000_000)))), "not a readable"
    ),
    "an animation of a billion frames": (
        png(9, 9, chunk(b"acTL", struct.pack(">II", 2**30, 0))), "not a readable"
    ),
    "a GIF that claims much": (b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0)
     + b"," + bytes(4) + b"\xff\xff\xff\xff\0\2" + bytes(30), "pixels"),
    "a BMP that claims much": (
        b"BM" + struct.pack("<IHHI", 70, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, 60000, 60000, 1, 24, 0, 0, 0, 0, 0, 0) + bytes(16),
        "pixels",
    ),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 20 20\n%%EOF\n", "not a readable"),
    "an icon": (b"\0\0\1\0\1\0" + bytes(60), "not a readable"),
}  # fmt: skip


@pytest.mark.parametrize("suffix", ["png", "jpg"])
@pytest.mark.parametrize(("content", "says"), BOMBS.values(), ids=BOMBS)
def test_bombs_end_in_a_sentence_and_no_warning(tmp_path, content, says, suffix, monkeypatch):
    monkeypatch.setattr("subprocess.check_call", lambda *_, **__: pytest.fail("a program ran"))
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(content)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with pytest.raises(DataError, match=says):
            load_data(f"image:{path}")
    assert not warned


def test_only_named_formats_are_decoded(tmp_path, monkeypatch):
    from PIL import EpsImagePlugin

    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *_, **__: pytest.fail("it ran"))
    with pytest.raises(DataError, match="not a readable"):
        load_data(f"image:{HOSTILE / 'photo_eps.png'}")
    for kind in ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM"):
        path = tmp_path / f"a.{kind.lower()}"
        Image.new("RGB", (3, 2), (250, 10, 10)).save(path, kind)
        assert load_data(f"image:{path}").n == 6


@pytest.mark.filterwarnings("error")
def test_a_picture_cut_short_anywhere(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    for kind in ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF"):
        whole = tmp_path / f"a.{kind.lower()}"
        Image.fromarray(noise).save(whole, kind)
        content = whole.read_bytes()
        for part in (10, 30, 60, len(content) // 2):
            path = tmp_path / f"cut.{kind.lower()}"
            path.write_bytes(content[:part])
            with pytest.raises(DataError, match="not a"):
                load_data(f"image:{path}")


def test_a_file_larger_than_any_picture(tmp_path):
    path = tmp_path / "a.webp"
    with path.open("wb") as file:
        file.write(b"RIFF")
        file.truncate(100 << 30)
    with pytest.raises(DataError, match=r"has 107\.4 GB, more than any picture"):
        load_data(f"image:{path}")


def test_the_photo_of_a_phone_opens(tmp_path):
    path = tmp_path / "a.jpg"
    Image.new("RGB", (6000, 4000), (10, 200, 30)).save(path, quality=50)
    found = load_data(f"image:{path}")
    assert (found.n, found.picture) == (24_000_000, (4000, 6000))
    assert found.table[-1].tolist() == found.table[0].tolist()
