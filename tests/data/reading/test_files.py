"""Files end to end: the commands take them, numbers equal an array's, labels find their rows."""

import csv
import gzip
import json
import os
import sys

import numpy as np
import pytest
from PIL import Image

from kmeans_tui import KMeans, load_data
from kmeans_tui.cli import main
from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading.dialect import Dialect
from kmeans_tui.data.reading.files import check_file, located, open_file
from kmeans_tui.data.selection import Selection

PENGUINS = """\
species,island,bill_len,bill_depth,mass,sex
Adelie,Torgersen,39.1,18.7,3750,male
Adelie,Torgersen,39.5,17.4,3800,female
Adelie,Torgersen,,,,
Gentoo,Biscoe,46.1,13.2,4500,female
Gentoo,Biscoe,50,16.3,5700,male
Chinstrap,Dream,46.5,17.9,3500,female
"Chin, strap",Dream,50,19.5,3900,male
"""


@pytest.fixture
def penguins(tmp_path):
    path = tmp_path / "penguins.csv"
    path.write_text(PENGUINS)
    return str(path)


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    """The same points as CSV without names and as .npy."""
    folder = tmp_path_factory.mktemp("twins")
    points = load_data("iris").table
    np.save(folder / "points.npy", points)
    with open(folder / "points.csv", "w", newline="") as file:
        csv.writer(file).writerows([map(repr, row) for row in points.tolist()])
    return str(folder / "points.csv"), str(folder / "points.npy")


def document(capsys, *arguments):
    assert main([*arguments, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return json.loads(out)


def without_times(found):
    found["data"].pop("name")
    for side in ("ours", "scikit_learn"):
        if side in found:
            found[side].pop("seconds")
    return found


@pytest.mark.parametrize(
    "command",
    [
        ("run", "--labels"),
        ("run", "--scale", "robust", "--log", "1"),
        ("elbow", "--k-max", "4", "--runs", "1"),
        ("seeds", "--seeds", "0-2"),
        ("compare", "--scale", "standard"),
    ],
    ids=" ".join,
)
def test_a_csv_gives_the_document_of_the_same_points_as_an_array(capsys, twins, command):
    verb, *flags = command
    first, second = (without_times(document(capsys, verb, each, *flags)) for each in twins)
    assert first == second


def test_an_array_gives_the_numbers_of_the_built_in_set(capsys, twins):
    ours = document(capsys, "run", twins[0], "--features", "3,4", "--scale", "standard")
    theirs = document(capsys, "run", "iris", "-k", "3")
    assert ours["iterations"] == theirs["iterations"]
    assert ours["centroids"] == theirs["centroids"]


def test_labels_are_joined_to_the_rows_as_they_came(penguins):
    data = load_data(penguins, scale="standard")
    labels = KMeans(k=2, random_state=0).fit(data.points).labels
    cluster = dict(zip(data.row_numbers.tolist(), labels.tolist(), strict=True))
    rows = list(data.source.rows())
    assert rows == [tuple(row) for row in csv.reader(PENGUINS.splitlines()[1:])]
    joined = [(row[0], cluster.get(number)) for number, row in enumerate(rows, 1)]
    assert joined[2] == ("Adelie", None), "the row that was dropped"
    assert [name for name, _ in joined] == [row[0] for row in rows]
    for number, label in cluster.items():
        assert data.labels["species"][list(cluster).index(number)] == rows[number - 1][0]
        assert label == labels[data.row_numbers.tolist().index(number)]


def test_what_was_left_out_is_told(penguins, capsys):
    dropped, drowned, aside = document(capsys, "run", penguins)["notes"]
    assert drowned.startswith("mass holds more than 99% of the total variance and decides almost")
    assert dropped.startswith("1 row of 7 dropped, the first is row 3: values missing in ")
    assert dropped.endswith("bill_len 1, bill_depth 1, mass 1.")
    assert aside == "species, island, sex: text, kept as labels."
    assert main(["run", penguins]) == 0
    out = capsys.readouterr().out
    assert "penguins.csv: 6 rows, 3 features, scale none" in out
    assert "read as text, separator ',', names in the first row, UTF-8, decimal '.'" in out
    assert "note: species, island, sex: text, kept as labels." in out


def test_missing_values_filled_with_the_median(penguins):
    data = load_data(penguins, missing="median")
    assert data.n == 7
    assert data.table[2].tolist() == [46.3, 17.65, 3850]
    assert data.notes()[0].startswith("1 row of 7 filled with the median of each column")
    assert np.isnan(data.source.numbers[2]).all(), "the file itself stays as it is"


def test_a_gap_counts_only_in_a_feature(tmp_path):
    (tmp_path / "a.csv").write_text("x,y\n1,\n2,5\n3,6\n")
    data = load_data(str(tmp_path / "a.csv"), features=("x",))
    assert data.n == 3
    assert data.notes() == ["y: not chosen."]
    with pytest.raises(DataError, match="y has missing values in these rows"):
        data.with_features(("x", "y"))
    assert Selection(data.source).dataset().n == 2


def test_a_known_grouping(penguins, capsys):
    found = document(capsys, "compare", penguins, "--truth", "species", "--scale", "standard")
    assert found["truth"]["groups"] == ["Adelie", "Chin, strap", "Chinstrap", "Gentoo"]
    assert np.sum(found["truth"]["table"]) == 6
    assert found["parameters"]["k"] == 4
    assert main(["compare", penguins, "--truth", "Species"]) == 0
    assert "adjusted Rand index" in capsys.readouterr().out
    data = load_data(penguins, truth="bill_len")
    assert data.features == ("bill_depth", "mass")
    assert "bill_len: the known grouping." in data.notes()
    with pytest.raises(DataError, match="did you mean species"):
        load_data(penguins, truth="specis")


def test_a_grouping_of_numbers_and_one_with_gaps(tmp_path):
    (tmp_path / "a.csv").write_text("x,g\n1,10\n2,9\n3,\n4,10\n5,9\n6,\n")
    data = load_data(str(tmp_path / "a.csv"), truth="g")
    assert data.truth_names == ("9", "10", "(missing)")
    assert data.truth.tolist() == [1, 0, 2, 1, 0, 2]
    (tmp_path / "b.csv").write_text("x,g\n" + "".join(f"{i / 3},n{i}\n" for i in range(50)))
    with pytest.raises(DataError, match="50 different values in 50 rows: too many for a grouping"):
        load_data(str(tmp_path / "b.csv"), truth="g")


def test_identifiers_take_part_only_when_asked(tmp_path):
    rows = [f"{1000 + i},{i * 7 % 11},{i % 5}" for i in range(40)]
    (tmp_path / "a.csv").write_text("customer,x,y\n" + "\n".join(rows))
    path = str(tmp_path / "a.csv")
    data = load_data(path)
    assert data.features == ("x", "y")
    assert data.notes()[0] == (
        "customer: numbers that identify the rows, kept as labels (--features includes them)."
    )
    assert load_data(path, features=("customer", "x")).features == ("customer", "x")


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (
            ["--features", "species"],
            "column species of penguins.csv is text, as in row 1: 'Adelie'",
        ),
        (["--features", "bil_len"], "did you mean bill_len"),
        (["--encoding", "klingon"], "there is no encoding 'klingon'"),
        (["--encoding", "utf-16"], "cannot be read as utf-16"),
        (["--log", "mass", "--features", "bill_len"], "mass is not used"),
        (["-k", "7"], "k = 7 clusters need 7 rows, but penguins.csv has 6 rows"),
        (["--separator", "|"], "or name the --separator"),
    ],
)
def test_flags_that_do_not_fit_end_in_one_line(penguins, capsys, flags, says):
    assert main(["run", penguins, *flags]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert says in err


@pytest.mark.parametrize(
    "flag", [["--truth", "x"], ["--na", "?"], ["--no-header"], ["--sheet", "1"]]
)
def test_a_built_in_set_takes_no_flags_of_files(capsys, flag):
    assert main(["run", "iris", *flag]) == 1
    assert "applies only to your own files" in capsys.readouterr().err


def test_a_picture_takes_no_flags_of_tables(tmp_path, capsys):
    path = tmp_path / "p.png"
    Image.fromarray(np.arange(300, dtype=np.uint8).reshape(10, 10, 3)).save(path)
    assert main(["run", f"image:{path}", "-k", "2"]) == 0
    assert main(["run", f"image:{path}", "--skip", "2"]) == 1
    said = capsys.readouterr().err
    assert "--skip applies only to tables" in said
    assert "is a picture" in said
    assert main(["report", f"image:{path}", "-k", "2"]) == 0
    assert "The pixels of an image: the colours of 10 × 10 pixels." in capsys.readouterr().out


def test_fewer_distinct_rows_than_clusters_is_a_warning(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("x,y\n" + "1,2\n" * 5 + "3,4\n" * 5)
    assert main(["run", str(tmp_path / "a.csv"), "-k", "3"]) == 0
    out, err = capsys.readouterr()
    assert "warning: a.csv has only 2 distinct rows for k = 3 clusters" in err
    assert "note: 2 of the 10 rows are distinct." in out


def test_every_guess_can_be_overridden(tmp_path):
    def read(text, **dialect):
        (tmp_path / "a.csv").write_text(text)
        return (
            Selection(open_file(str(tmp_path / "a.csv"), Dialect(**dialect)))
            .dataset()
            .table.tolist()
        )

    assert read("1,5;2\n2,5;3\n", separator=";", decimal=",") == [[1.5, 2], [2.5, 3]]
    assert read("1,2\n3,4\n", header=True) == [[3, 4]]
    assert read("x;y\n1,234;1\n", thousands=",") == [[1234, 1]]
    assert read("x;y\n1,234;1\n", decimal=",") == [[1.234, 1]]
    assert read("x,y\n1,2\nno,3\nnever,4\n5,6\n", missing_marks=("no", "Never")) == [[1, 2], [5, 6]]
    assert read("x,y\n1,2\nno,3\nnever,4\n5,6\n", missing_marks=("*",)) == [[1, 2], [5, 6]]


def test_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("x\n1\n")
    assert located("~/a.csv") == tmp_path / "a.csv"
    check_file("~/a.csv")
    (tmp_path / "~x.csv").write_text("x\n2\n")
    assert open_file("~x.csv").n == 1


def test_the_notes_offer_the_logarithm_of_skewed_columns(tmp_path):
    drawn = np.random.default_rng(0).lognormal(10, 1.2, 300)
    rows = [f"{value:.2f},{value % 7:.2f}" for value in drawn]
    (tmp_path / "a.csv").write_text("income per year,y\n" + "\n".join(rows))
    data = load_data(str(tmp_path / "a.csv"))
    drowned, skewed = data.notes()
    assert skewed == "Skewed to the right: --log 'income per year' takes the logarithm."
    assert drowned.startswith("income per year holds more than 99% of the total variance")
    assert "y weighs almost nothing: --scale standard gives all features the same" in drowned
    logged = load_data(str(tmp_path / "a.csv"), log=("income per year",), scale="standard")
    assert not any("Skewed" in note for note in logged.notes())


@pytest.mark.skipif(sys.platform == "darwin", reason="its names are UTF-8")
@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".jsonl"])
@pytest.mark.parametrize("name", [b"\xff\xfe", b"caf\xe9", b"\xed\xa0\x80 [a]*?"])
def test_a_name_that_is_no_utf8_is_a_name(name, suffix, tmp_path):
    rows = b'{"x": 1, "y": 2}\n{"x": 3, "y": 4}\n' if suffix == ".jsonl" else b"x,y\n1,2\n3,4\n"
    path = os.fsencode(tmp_path) + b"/" + name + suffix.encode()
    with open(path, "wb") as file:
        file.write(gzip.compress(rows) if suffix.endswith(".gz") else rows)
    source = open_file(os.fsdecode(path))
    assert [column.name for column in source.columns] == ["x", "y"]
    assert source.n == 2


@pytest.mark.parametrize(
    ("address", "pipe"),
    [
        ("https://a.org/x.csv", "curl -L https://a.org/x.csv | kmeans-tui run -"),
        ("HTTP://a.org/x y.csv?p=1&q=2", "curl -L 'HTTP://a.org/x y.csv?p=1&q=2' | kmeans-tui"),
        ("ftp://a.org/$(rm x)", "curl 'ftp://a.org/$(rm x)' | kmeans-tui run -"),
        ("s3://b/x.csv", "aws s3 cp s3://b/x.csv - | kmeans-tui run -"),
    ],
)
def test_an_address_is_refused_with_the_pipe_that_reads_it(address, pipe):
    with pytest.raises(DataError, match="is an address") as refused:
        check_file(address)
    assert pipe in str(refused.value)


@pytest.mark.parametrize("name", ["no://such", "dir/https://x.csv", "https:x.csv"])
def test_what_only_looks_like_an_address_is_a_file_that_is_not_there(name):
    with pytest.raises(DataError, match="there is no file"):
        check_file(name)
