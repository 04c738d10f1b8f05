"""A point questioned: distances, silhouette, why it moved; who changed, nearest to the border."""

import numpy as np
import pytest
from sklearn.metrics import silhouette_samples

from kmeans_tui import KMeans, load_data
from kmeans_tui.analysis.point import changed, question, silhouette


@pytest.fixture(scope="module")
def blobs():
    data = load_data("blobs")
    return data, KMeans(k=3, random_state=42).fit(data.points).history


def test_iteration_1_of_the_articles_blobs_lists_45_nearest_to_the_border_first(blobs):
    data, history = blobs
    found = changed(history, data.points, 1)
    assert len(found.rows) == 45
    assert (np.diff(np.abs(found.border)) >= 0).all()
    centroids = history[1].centroids
    for row, old, new, border in zip(found.rows, found.old, found.new, found.border, strict=True):
        assert history.labels(0)[row] == old
        assert history.labels(1)[row] == new
        middle = (centroids[old] + centroids[new]) / 2
        across = (centroids[new] - centroids[old]) / np.linalg.norm(centroids[new] - centroids[old])
        assert border == pytest.approx(float((data.points[row] - middle) @ across))
    assert len(changed(history, data.points, 0).rows) == 0
    with pytest.raises(IndexError):
        changed(history, data.points, 9)


def test_a_point_knows_its_distances_and_its_margin(blobs):
    data, history = blobs
    point = question(data, history, 17)
    expected = np.linalg.norm(history[-1].centroids - data.points[17], axis=1)
    np.testing.assert_allclose(point.distances, expected)
    assert point.cluster == expected.argmin() == history[-1].labels[17]
    assert point.runner_up == np.argsort(expected)[1]
    assert point.margin == pytest.approx(np.sort(expected)[1] - expected.min())
    assert (point.row, point.number, point.iteration) == (17, 18, 3)
    assert [name for name, _ in point.cells] == ["feature 1", "feature 2", "known group"]
    with pytest.raises(IndexError, match="no row 300"):
        question(data, history, 300)


def test_the_silhouette_is_scikit_learns(blobs):
    data, history = blobs
    for iteration in (0, 3):
        labels = history.labels(iteration)
        theirs = silhouette_samples(data.points, labels)
        ours = [silhouette(data.points, labels, row, 3) for row in range(0, 300, 7)]
        np.testing.assert_allclose(ours, theirs[::7], atol=1e-12)


def test_the_silhouette_of_special_points():
    points = np.array([[0.0], [1.0], [5.0]])
    assert silhouette(points, np.array([0, 0, 1]), 2, 2) == 0, "alone in its cluster"
    assert silhouette(points, np.array([0, 0, 0]), 2, 2) is None, "one cluster only"
    assert silhouette(np.zeros((3, 1)), np.array([0, 0, 1]), 0, 2) == 0, "all in one place"


def test_a_point_says_why_it_changed(blobs):
    data, history = blobs
    row = int(changed(history, data.points, 1).rows[0])
    point = question(data, history, row)
    (move,) = point.moves
    before, after = history[0].centroids, history[1].centroids

    def distance(centroids, cluster):
        return np.linalg.norm(centroids[cluster] - data.points[row])

    assert move.away == pytest.approx(distance(after, move.old) - distance(before, move.old))
    assert move.closer == pytest.approx(distance(before, move.new) - distance(after, move.new))
    assert move.why == "its own centroid moved 3.31 away, centroid 3 came 0.146 closer"
    assert point.history() == "starts in cluster 1; cluster 3 from iteration 1"
    assert question(data, history, row, 0).moves == ()
    still = next(r for r in range(300) if r not in changed(history, data.points, 1).rows)
    assert question(data, history, still).history().startswith("starts in cluster")


def test_every_move_is_what_the_labels_say():
    data = load_data("uniform:n=400")
    history = KMeans(k=6, random_state=3).fit(data.points).history
    labels = np.array([history.labels(i) for i in range(len(history))])
    for row in range(0, 400, 9):
        way = labels[:, row]
        point = question(data, history, row)
        assert [m.iteration for m in point.moves] == (np.flatnonzero(np.diff(way)) + 1).tolist()
        for move in point.moves:
            assert (move.old, move.new) == (way[move.iteration - 1], way[move.iteration])
            # It changed because the new centroid is nearer now: not both can have got worse by it.
            assert move.away + move.closer > 0
            assert move.why.count("\n") == 0


def test_a_point_that_takes_over_an_empty_cluster_says_so():
    data = load_data("iris")
    history = KMeans(k=8, random_state=3).fit(data.points).history
    event = next(each for each in history.events if each.point is not None)
    whys = [move.why for move in question(data, history, event.point).moves]
    assert f"cluster {event.cluster + 1} ran empty and took this point over" in whys


def test_one_cluster_has_no_runner_up():
    data = load_data("blobs:n=10")
    point = question(data, KMeans(k=1, random_state=0).fit(data.points).history, 4)
    assert (point.runner_up, point.margin, point.silhouette) == (None, None, None)


def test_the_cells_are_those_of_the_file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("name,x,y\nA,1.5,2\nB,,3\nC,4,50\nD,7,8\n")
    data = load_data(str(path), scale="standard")
    point = question(data, KMeans(k=2, random_state=0).fit(data.points).history, 1)
    assert point.number == 3
    assert point.cells == (("name", "C"), ("x", "4"), ("y", "50"))
