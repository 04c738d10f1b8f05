"""The words on a point: what they say, and in which order."""

from dataclasses import replace

import pytest

from kmeans_tui import KMeans, load_data
from kmeans_tui.analysis.point import changed, question, silhouette
from kmeans_tui.requests.questioning import told


@pytest.fixture(scope="module")
def blobs():
    data = load_data("blobs")
    return data, KMeans(k=3, random_state=42).fit(data.points).history


def test_first_where_it_stands_then_why_then_numbers_then_the_row(blobs):
    data, history = blobs
    row = int(changed(history, data.points, 1).rows[0])
    said = told(question(data, history, row, 1), "assign", 1, "0.63")
    assert said.title == f"row {row + 1}"
    assert [line.split()[0] for line in said.lines] == [
        *("cluster", "iteration", "starts", "distances", "silhouette"),
        *("feature", "feature", "known"),
    ]
    assert said.lines[0] == "cluster 3, margin 2.44 to 1"
    assert said.lines[1] == (
        "iteration 1: its own centroid moved 3.31 away, centroid 3 came 0.146 closer"
    )
    assert said.sentence.startswith(
        f"row {row + 1} went to cluster 3: its own centroid moved 3.31 away, "
        "centroid 3 came 0.146 closer; margin 2.44 to 1; silhouette 0.63; feature 1: "
    )


def test_a_point_that_stays_has_no_reason(blobs):
    data, history = blobs
    moved = set(changed(history, data.points, 1).rows.tolist())
    row = next(each for each in range(data.n) if each not in moved)
    said = told(question(data, history, row, 1), "assign", 4)
    assert said.title == f"row {row + 1} · one of 4 here"
    assert said.sentence.startswith(f"row {row + 1}: cluster ")
    assert not any("iteration" in line or "silhouette" in line for line in said.lines)


def test_an_iteration_later_the_reason_is_told_but_no_news(blobs):
    data, history = blobs
    row = int(changed(history, data.points, 1).rows[0])
    said = told(question(data, history, row, 2), "assign", 1)
    assert said.lines[1].startswith("iteration 1: ")
    assert said.sentence.startswith(f"row {row + 1}: cluster 3, margin ")


def test_before_the_first_assignment_there_is_no_cluster(blobs):
    data, history = blobs
    said = told(question(data, history, 0, 0, judged=False), "initialise", 1)
    assert said.lines[0].startswith("no cluster yet, nearest is ")
    assert not any(line.startswith(("starts", "silhouette", "cluster")) for line in said.lines)


def test_half_way_a_point_is_still_in_its_old_cluster(blobs):
    data, history = blobs
    found = changed(history, data.points, 1)
    row, old, new = int(found.rows[0]), int(found.old[0]), int(found.new[0])
    half = question(data, history, row, 1, updated=True)
    whole = question(data, history, row, 1)
    assert (half.cluster, whole.cluster) == (old, new)
    assert half.distances.tolist() == whole.distances.tolist()
    assert half.margin == pytest.approx(-whole.margin)
    assert half.moves == ()
    assert half.silhouette == silhouette(data.points, history.labels(0), row, 3)
    said = told(half, "update", 1)
    assert said.lines[0] == f"cluster {old + 1}, but nearer to {new + 1} by 2.44"
    assert "went to" not in said.sentence


def test_the_newest_reason_stands_first_and_the_older_ones_last():
    data = load_data("uniform")
    history = KMeans(k=8, random_state=1).fit(data.points).history
    last = history.iterations
    points = (question(data, history, row, last, judged=False) for row in range(data.n))
    found = max(points, key=lambda point: len(point.moves))
    assert len(found.moves) > 1
    lines = told(found, "assign", 1).lines
    told_of = [int(line.split()[1][:-1]) for line in lines if line.startswith("iteration ")]
    assert told_of == [move.iteration for move in reversed(found.moves)]
    assert lines[1].startswith(f"iteration {found.moves[-1].iteration}:")
    assert lines[2].startswith("starts in cluster ")
    assert all(line.startswith("iteration") for line in lines[1 - len(found.moves) :])


def test_one_cluster_has_no_margin_and_no_silhouette():
    data = load_data("blobs:n=5,k=1")
    history = KMeans(k=1).fit(data.points).history
    said = told(question(data, history, 2), "assign", 1)
    assert said.lines[0] == "cluster 1"
    assert said.lines[1] == "starts in cluster 1"
    assert "margin" not in said.sentence


def test_it_says_what_a_row_weighs(blobs):
    data, history = blobs
    point = replace(question(data, history, 5, 1), weight=1234.5)
    said = told(point, "assign", 1, "0.63")
    assert "weight 1,234.50" in said.lines
    assert "; weight 1,234.50; silhouette 0.63; " in said.sentence
    assert not any(
        line.startswith("weight") for line in told(question(data, history, 5, 1), "assign", 1).lines
    )
