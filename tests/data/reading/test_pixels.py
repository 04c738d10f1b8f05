"""A picture as data, and back in as many colours as clusters."""

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
        with pytest.raises(DataError, match="is no picture that can be read"):
            load_data(f"image:{tmp_path / name}")
    cut = tmp_path / "cut.png"
    cut.write_bytes((tmp_path / "photo.png").read_bytes()[:60])
    with pytest.raises(DataError, match="no picture"):
        load_data(f"image:{cut}")
    with pytest.raises(DataError, match="there is no file"):
        load_data("image:none.png")
    Image.new("1", (5000, 4000)).save(tmp_path / "vast.png")
    with pytest.raises(DataError, match="5,000 × 4,000 pixels"):
        load_data(f"image:{tmp_path / 'vast.png'}")
    with pytest.raises(ValueError, match="is no picture"):
        quantised(load_data("blobs"), np.zeros((1, 2)), np.zeros(300, int))


def test_clusters_have_the_colours_of_their_centroids(tmp_path):
    path = tmp_path / "a.png"
    Image.fromarray(np.array([[[250, 0, 10], [0, 16, 255]]], np.uint8)).save(path)
    found = load_data(f"image:{path}", scale="standard")
    assert inks(found, found.points) == ("#fa000a", "#0010ff")
    assert inks(found.with_features(("red", "blue")), found.points[:, [0, 2]]) is None
    assert inks(load_data("iris"), load_data("iris").points) is None
