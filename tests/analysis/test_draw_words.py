"""The draws in words, at the shell and as a document."""

import pytest

from kmeans_tui.cli import main
from tests.data.reading.test_files import document


def lines(capsys, *words):
    assert main(["run", "blobs", "--draws", *words]) == 0
    out = capsys.readouterr().out.splitlines()
    return out[: out.index("")]


def test_random_points(capsys):
    # The article's rows, counted from 1.
    assert lines(capsys, "-k", "3") == [
        "draw 1 of 3: row 204, one of 300 rows, all alike",
        "draw 2 of 3: row 267, one of 299 rows left, all alike",
        "draw 3 of 3: row 153, one of 298 rows left, all alike",
    ]


def test_k_means_plus_plus(capsys):
    found = lines(capsys, "--init", "k-means++")
    assert len(found) == 3
    plain = document(capsys, "run", "blobs", "--init", "k-means++", "--draws")["draws"]
    for said, draw in zip(found, plain, strict=True):
        assert f"row {draw['row'] + 1}, " in said
    tried = plain[1]["tried"]
    assert len(tried) == 3
    taken = min(tried, key=lambda each: each["sum"])
    assert taken["row"] == plain[1]["row"]
    assert f"chance {100 * taken['chance']:.2g} %, tried rows " in found[1]
    assert f"add up to least, {taken['sum']:.6g}" in found[1]


def test_farthest_and_partition(capsys):
    found = lines(capsys, "--init", "farthest", "-k", "2")
    plain = document(capsys, "run", "blobs", "--init", "farthest", "-k", "2", "--draws")["draws"]
    assert found[1] == (
        f"draw 2 of 2: row {plain[1]['row'] + 1}, {plain[1]['distance']:.4g} from its nearest "
        "centroid: no row is farther away"
    )
    (said,) = lines(capsys, "--init", "partition", "-k", "2")
    plain = document(capsys, "run", "blobs", "--init", "partition", "-k", "2", "--draws")["draws"]
    ones = sum(plain[0]["labels"])
    assert said == (
        "every row draws one of 2 clusters; the centroids are the means of their "
        f"{300 - ones} and {ones} rows"
    )


@pytest.mark.parametrize("words", [["--centroids", "1,2 3,4"], ["--init", "warm", "-k", "2"]])
def test_nothing_is_drawn(words, capsys):
    (said,) = lines(capsys, *words)
    assert said.startswith("nothing is drawn")
    assert document(capsys, "run", "blobs", "--draws", *words)["draws"] == []


def test_rows_are_those_of_the_file(capsys):
    first = lines(capsys, "-k", "3", "--without", "1-10")[0]
    assert first.startswith("draw 1 of 3: row ")
    plain = document(capsys, "run", "blobs", "-k", "3", "--without", "1-10", "--draws")["draws"]
    assert f"row {plain[0]['row'] + 11}, one of 290 rows" in first
