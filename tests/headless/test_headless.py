"""elbow, seeds, compare and article at the shell: documents, tables, refusals."""

import json
from types import NoneType

import pytest

from kmeans_tui import __version__, load_data
from kmeans_tui.cli import main
from kmeans_tui.pair_kinds import PROGRAMS

NUMBER = (int, float)
HEADING = {
    "data": {
        "name": str,
        "n": int,
        "d": int,
        "features": [str],
        "scale": str,
        "digest": str,
    },
    "parameters": {
        "k": int,
        "init": str,
        "random_state": int,
        "max_iterations": int,
        "tolerance": float,
        "empty": str,
    },
    "remarks": [str],
    "version": str,
}
CHOICE = (int, NoneType)
ELBOW = {
    **HEADING,
    "rows": [
        {
            "k": int,
            "best": float,
            "worst": float,
            "runs": int,
            **dict.fromkeys(
                ("silhouette", "calinski_harabasz", "davies_bouldin", "gap", "gap_error"),
                (float, NoneType),
            ),
        }
    ],
    "choices": dict.fromkeys(
        ("elbow", "silhouette", "calinski_harabasz", "davies_bouldin", "gap"), CHOICE
    ),
    "knee_strength": (float, NoneType),
    "rises": [int],
    "verdict": str,
}
SEEDS = {
    **HEADING,
    "rows": [{"seed": int, "inertia": float, "updates": int}],
    "best": float,
    "worst": float,
    "difference": float,
    "optima": [{"inertia": float, "count": int, "share": float, "first_seed": int}],
}
SIDE = {"inertia": float, "updates": int, "centroids": [[float]], "seconds": float}
COMPARE = {
    **HEADING,
    "ours": SIDE,
    "scikit_learn": SIDE,
    "agreement": float,
    "largest_centroid_gap": float,
    "verdict": str,
    "truth": ({"ari": float, "table": [[int]]}, NoneType),
}
ARTICLE = {
    "claims": [{"id": str, "claim": str, "measured": str, "holds": bool, "why": str}],
    "version": str,
}


def check(value, schema, where="document"):
    """Every key of the schema is there with a value of its type; more keys are allowed."""
    if isinstance(schema, tuple):
        if value is None:
            assert NoneType in schema, where
            return
        schema = next(each for each in schema if each is not NoneType)
    if isinstance(schema, dict):
        assert isinstance(value, dict), where
        for key, inner in schema.items():
            assert key in value, f"{where} has no {key}"
            check(value[key], inner, f"{where}.{key}")
    elif isinstance(schema, list):
        assert isinstance(value, list), where
        for number, each in enumerate(value):
            check(each, schema[0], f"{where}[{number}]")
    else:
        assert type(value) is schema, f"{where} is {value!r}"


def document(capsys, *arguments):
    assert main([*arguments, "--json"]) == 0
    text, said = capsys.readouterr()
    assert said == ""
    assert text.count("\n") == 1

    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    found = json.loads(text, parse_constant=refuse)
    assert found["version"] == __version__
    return found


def table(capsys, *arguments):
    assert main([*arguments]) == 0
    text, said = capsys.readouterr()
    assert said == ""
    assert text.isascii()
    return text


def test_the_elbow_document(capsys):
    found = document(capsys, "elbow", "iris", "--k-max", "6")
    check(found, ELBOW)
    assert [row["k"] for row in found["rows"]] == [1, 2, 3, 4, 5, 6]
    assert {row["runs"] for row in found["rows"]} == {3}
    assert found["rows"][0]["silhouette"] is None
    assert found["choices"]["silhouette"] == 2
    assert found["parameters"]["init"] == "k-means++"
    assert found["data"]["digest"] == load_data("iris").digest


def test_the_elbow_says_when_k_means_is_the_wrong_tool(capsys):
    found = document(capsys, "elbow", "circles", "--k-max", "3", "--runs", "1")
    assert found["shape"]["kind"] == "curved"
    assert found["shape"]["groups"] == found["shape"]["k"] == 2
    assert found["notes"][0] == found["shape"]["sentence"]
    text = table(capsys, "elbow", "circles", "--k-max", "3", "--runs", "1")
    assert "note: K-Means may be the wrong tool here: the groups are curved or nested" in text
    found = document(capsys, "elbow", "blobs", "--k-max", "3", "--runs", "1")
    assert (found["shape"]["kind"], found["shape"]["sentence"]) == ("round", None)


def test_the_article_elbow_says_what_it_did(capsys):
    found = document(capsys, "elbow", "--init", "article", "--k-max", "4")
    assert [round(row["best"], 2) for row in found["rows"]] == [20120.54, 5526.51, 362.79, 320.02]
    assert found["parameters"]["init"] == "article"
    assert found["parameters"]["empty"] == "random"
    assert {row["seed"] for row in found["rows"]} == {None}


def test_the_seeds_document(capsys):
    found = document(capsys, "seeds", "blobs", "--census", "1000")
    check(found, SEEDS)
    assert [row["seed"] for row in found["rows"]] == [0, 1, 2, 3, 4]
    assert [each["count"] for each in found["optima"]] == [733, 242, 25]
    assert found["difference"] == pytest.approx(5120.87, abs=5e-3)
    assert found["difference"] == found["worst"] - found["best"]
    assert found["runs"] == 1000


def test_seeds_are_listed_in_any_way(capsys):
    found = document(
        capsys, "seeds", "iris", "-k", "4", "--seeds", "7,1-3,12", "--init", "partition"
    )
    assert [row["seed"] for row in found["rows"]] == [7, 1, 2, 3, 12]
    assert sum(each["count"] for each in found["optima"]) == 5
    assert found["parameters"]["k"] == 4


@pytest.mark.parametrize(("pair", "start"), [(text, row[0]) for text, row in PROGRAMS.items()])
def test_the_compare_document(capsys, pair, start):
    found = document(capsys, "compare", "iris", "--pair", pair, "--max-iterations", "50")
    check(found, COMPARE)
    assert found["agreement"] == 1
    assert found["truth"]["table"] == [[50, 0, 0], [0, 48, 2], [0, 4, 46]]
    assert found["truth"]["groups"] == ["setosa", "versicolor", "virginica"]
    parameters = found["parameters"]
    assert parameters["tolerance"] == (0 if start == "same" else 1e-4)
    assert parameters["max_iterations"] == (100 if start == "defaults" else 50)
    by_length = sorted(found["ours"]["centroids"])
    assert by_length[0] == pytest.approx([1.462, 0.246], abs=1e-3)


def test_compare_without_truth(capsys):
    found = document(capsys, "compare", "uniform", "-k", "3")
    check(found, COMPARE)
    assert found["truth"] is None
    assert "against the truth" not in table(capsys, "compare", "uniform", "-k", "3")


def test_the_article_document_and_table(capsys):
    found = document(capsys, "article")
    check(found, ARTICLE)
    assert [each["id"] for each in found["claims"]] == [f"W{n}" for n in range(1, 15)]
    text = table(capsys, "article")
    assert "W14  says" in text
    assert text.endswith("2 of 14 claims hold\n")
    assert max(map(len, text.splitlines())) <= 100


def test_the_elbow_table(capsys):
    text = table(capsys, "elbow", "blobs", "--runs", "2")
    lines = text.splitlines()
    assert lines[0] == (
        "blobs: 300 rows, 2 features, scale none, 2 runs for each k, start k-means++, seed 42, "
        "then swaps"
    )
    assert lines[2].split()[:4] == ["k", "best", "worst", "silhouette"]
    assert [line.split()[0] for line in lines[3:13]] == [str(k) for k in range(1, 11)]
    assert lines[5].split()[3] == "0.8781"
    assert "k = 3: all 6 criteria agree (2 k-means++ starts for each k)" in lines
    sampled = table(capsys, "elbow", "blobs:n=6000", "--k-max", "2", "--runs", "1")
    assert "silhouette on a sample of 2000 rows" in sampled


def test_the_seeds_table(capsys):
    text = table(capsys, "seeds", "--census", "1000")
    assert "best 362.790, worst 5483.659, difference 5120.869" in text
    assert "results of 1000 starts (32 different partitions)" in text
    assert "a single random start fails here 27 times in 100; 4 starts find the best known" in text
    bars = [line.count("#") for line in text.splitlines() if "#" in line]
    assert bars == sorted(bars, reverse=True)
    assert len(bars) == 3


def test_the_compare_table(capsys):
    text = table(capsys, "compare", "iris")
    assert "the same to rounding: all 150 points are in the same cluster" in text
    assert "144 of 150 rows in the matching cluster, adjusted Rand index 0.8857" in text
    assert text.splitlines()[-2].split() == ["versicolor", "0", "48", "2"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["elbow", "irsi"], 1, "did you mean iris"),
        (["elbow", "--k-max", "0"], 2, "0 is below 1"),
        (["elbow", "--runs", "x"], 2, "'x' is not a whole number"),
        (["elbow", "--init", "best"], 2, "--init"),
        (["seeds", "--init", "warm"], 2, "--init"),
        (["seeds", "-k", "301"], 1, "choose a smaller k"),
        (["seeds", "--seeds", "4-0"], 2, "4-0 runs backwards"),
        (["seeds", "--seeds", "a"], 2, "'a' is not seeds, as in 0-4"),
        (["seeds", "--seeds", "0-9999999"], 2, "limit is 1,000,000"),
        (["seeds", "--census", "2000000"], 2, "limit of 1,000,000"),
        (["compare", "--pair", "other"], 2, "--pair"),
        (["compare", "-k", "301"], 1, "choose a smaller k"),
        (["article", "iris"], 2, "iris"),
    ],
)
def test_what_cannot_be_done_is_one_line(capsys, arguments, code, says):
    try:
        found = main(arguments)
    except SystemExit as ending:
        found = ending.code
    text, said = capsys.readouterr()
    assert (found, text) == (code, "")
    assert says in said
    assert said.startswith("kmeans-tui: ")
    assert said.count("\n") == 1


def test_few_different_rows_are_warned_of_once(capsys):
    assert main(["seeds", "blobs:k=1,std=0", "-k", "3", "--seeds", "0-2"]) == 0
    said = capsys.readouterr().err
    assert said.startswith("kmeans-tui: warning: blobs:k=1,std=0 has only 1 distinct row")
    assert said.count("\n") == 1


@pytest.mark.parametrize("command", ["elbow", "seeds", "compare"])
@pytest.mark.parametrize("data", ["blobs:n=1,k=1", "blobs:d=1", "blobs:n=3"])
def test_the_smallest_data(capsys, command, data):
    document(capsys, command, data)
    table(capsys, command, data)


def test_a_number_that_json_does_not_have_is_null(capsys):
    from kmeans_tui.headless.shell import print_json

    print_json({"a": [1.5, float("inf")], "b": (float("nan"), "x", None)})
    assert json.loads(capsys.readouterr().out) == {"a": [1.5, None], "b": [None, "x", None]}


@pytest.mark.parametrize("command", ["compare", "report"])
def test_a_group_without_a_row_is_no_reason_to_fail(capsys, command):
    words = [command, "blobs:n=2,k=3", "-k", "2"]
    assert main(words + (["--k-max", "2"] if command == "report" else [])) == 0
    assert "Traceback" not in capsys.readouterr().err


def test_rules_as_text_sql_python_and_json(capsys):
    assert main(["rules", "iris", "-k", "3"]) == 0
    text = capsys.readouterr().out.splitlines()
    assert len(text) == 4
    assert text[-1] == "the rules put 99 in 100 rows into their cluster"
    assert main(["rules", "iris", "-k", "3", "--sql"]) == 0
    sql = capsys.readouterr().out.splitlines()
    assert (sql[0], sql[-1]) == ("CASE", "END")
    assert main(["rules", "iris", "-k", "3", "--python"]) == 0
    assert capsys.readouterr().out.startswith("def cluster(row):")
    assert main(["rules", "iris", "-k", "3", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["fit"] is True
    assert sum(each["rows"] for each in document["rules"]) == document["data"]["n"] == 150
    with pytest.raises(SystemExit):
        main(["rules", "iris", "--sql", "--json"])


def test_the_ladder_as_text_and_json(capsys):
    assert main(["ladder", "blobs", "--k-max", "3"]) == 0
    text = capsys.readouterr().out
    assert "k = 2 to 3: cluster 1 parts: 100 rows become cluster 3" in text
    assert main(["ladder", "blobs", "--k-max", "3", "--json"]) == 0
    rungs = json.loads(capsys.readouterr().out)["ladder"]
    assert [rung["sizes"] for rung in rungs] == [[300], [200, 100], [100, 100, 100]]
