"""The command ``stability``: tables, the document, exit codes."""

import json

import pytest

from kmeans_tui.cli import main
from kmeans_tui.vocabulary import BOOTSTRAP, HALVES, RESAMPLINGS

FEW = ("--resamples", "10", "--k-max", "4")


def told(capsys, *words, code=0):
    assert main(["stability", *words]) == code
    return capsys.readouterr().out


def test_the_tables_say_which_clusters_and_which_k_can_be_trusted(capsys):
    out = told(capsys, "blobs", "-k", "3", *FEW)
    lines = out.splitlines()
    assert "k 3, 10 resamples (bootstrap), the best of 3 starts k-means++, seed 42" in lines[0]
    assert [line.split()[0] for line in lines if line.endswith("highly stable")] == ["1", "2", "3"]
    assert [line.split()[-1] for line in lines if line.split()[:1] == ["3"]][-1] == "yes"
    assert "The largest stable k is 3: prediction strength 1.00" in out
    assert "300 of 300 rows kept their company in 95 of 100 resamples or more" in out


def test_the_document_has_the_same_numbers(capsys):
    words = ("iris", "-k", "3", "--resampling", "halves", *FEW, "--labels")
    found = json.loads(told(capsys, *words, "--json"))
    assert found["resampling"] == "halves"
    assert found["resamples"] == 10
    assert found["parameters"]["init"] == "k-means++"
    assert [each["cluster"] for each in found["clusters"]] == [0, 1, 2]
    assert sum(each["size"] for each in found["clusters"]) == 150
    assert [row["k"] for row in found["by_k"]] == [2, 3, 4]
    assert found["k"] == max((row["k"] for row in found["by_k"] if row["stable"]), default=None)
    assert len(found["rows"]) == len(found["labels"]) == 150
    assert all(0 <= share <= 1 for share in found["rows"])
    out = told(capsys, *words)
    for each in found["clusters"]:
        assert f"{each['jaccard']:.2f}" in out
        assert each["mark"] in out
    assert found["verdict"] in out
    # The least safe row is the first.
    table = out.splitlines()
    first = table[next(i for i, line in enumerate(table) if line.startswith("row ")) + 1]
    assert float(first.split()[-1]) == pytest.approx(min(found["rows"]), abs=0.005)


def test_noise_gets_no_stable_k(capsys):
    found = json.loads(told(capsys, "uniform", "-k", "3", *FEW, "--json"))
    assert found["k"] is None
    assert "No k from 2 to 4 is stable" in found["verdict"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("no-such-file.csv",), 1, "no-such-file.csv"),
        (("blobs", "--resamples", "1"), 2, "use 2 to 10,000"),
        (("blobs", "--resamples", "x"), 2, "--resamples"),
        (("blobs", "--resampling", "thirds"), 2, "--resampling"),
        (("blobs:n=10", "-k", "8", "--resampling", "halves"), 1, "too few for 8 clusters"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(capsys, words, code, said):
    try:
        found = main(["stability", *words])
    except SystemExit as ending:
        found = ending.code
    out, err = capsys.readouterr()
    assert (found, out, err.count("\n")) == (code, "", 1)
    assert said in err


def test_a_start_that_is_not_drawn_gives_way_to_kmeans_plus_plus(capsys):
    words = ("blobs", "--centroids", "0,0 1,1 2,2", *FEW)
    assert main(["stability", *words, "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["parameters"]["init"] == "k-means++"
    assert "stability draws every start" in err


def test_both_tables_know_the_same_ways():
    assert (BOOTSTRAP, HALVES) == RESAMPLINGS
