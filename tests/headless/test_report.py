"""The report: readable by itself, with the numbers of the commands it names."""

import re
import shlex
from pathlib import Path

import pytest

from kmeans_tui.cli import main
from tests.data.reading.test_files import PENGUINS, document


@pytest.fixture
def penguins(tmp_path):
    path = tmp_path / "pen|guins_.csv"
    path.write_text(PENGUINS * 1 + "".join(PENGUINS.partition("\n")[2] for _ in range(4)))
    return str(path)


def report(capsys, *arguments):
    assert main(["report", *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_the_whole_decision_on_iris(capsys):
    text = report(capsys, "iris", "-k", "3")
    heads = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    assert heads == [
        *("The clusters of iris", "Data", "How many clusters", "Does the start matter"),
        *("The clusters", "Cluster 1", "Cluster 2", "Cluster 3"),
        *("The clusters as rules", "Comparison with the known groups"),
        "How this was made, and how to do it again",
    ]
    assert "**3 clusters** in 150 rows, by 2 features" in text
    assert "102 of the 150 rows are distinct." in text
    assert "144 of 150 rows are in the matching cluster; the adjusted Rand index is 0.886" in text
    elbow = document(capsys, "elbow", "iris")
    for row in elbow["rows"]:
        assert re.search(rf"\| \*?\*?{row['k']}\*?\*? \| {row['best']:.6g} \|", text)
    assert elbow["verdict"].removeprefix("no clear") in text


def test_its_commands_work_and_find_the_same(capsys):
    text = report(capsys, "iris", "-k", "3", "--k-max", "3", "--runs", "1")
    commands = text.partition("```sh\n")[2].partition("\n```")[0].splitlines()
    verbs = [shlex.split(each)[1] for each in commands]
    assert verbs == ["report", "elbow", "seeds", "run", "iris"]
    run = document(capsys, *shlex.split(commands[3])[1:])
    assert f"has inertia {run['inertia']:.6g}" in text
    for size in run["sizes"]:
        assert f"| {size} | {size / 150:.1%} |" in text


def test_a_file_and_what_was_dropped(capsys, penguins):
    text = report(capsys, penguins, "--scale", "standard", "--k-max", "5", "--truth", "species")
    assert "# The clusters of pen|guins\\_.csv" in text
    assert "30 of the 35 rows are used. Read as text, separator ','" in text
    assert "- 5 rows of 35 dropped, the first is row 3: values missing in bill\\_len 5" in text
    assert "| Chin, strap |" in text
    assert "- island: most often" in text
    rows = [len(re.split(r"(?<!\\)\|", line)) for line in text.splitlines() if line[:1] == "|"]
    assert min(rows) >= 5, "no cell breaks its table"


def test_out_to_a_file_or_into_a_folder(capsys, tmp_path):
    quick = ("iris", "-k", "2", "--k-max", "2", "--runs", "1", "--out")
    target = tmp_path / "found.md"
    assert report(capsys, *quick, str(target)) == f"{target}\n"
    assert target.read_text().startswith("# The clusters of iris\n")
    folder = tmp_path / "new"
    names = ("report.md", "elbow.png", "seeds.png", "iteration-", "labels.csv", "rules.sql")
    written = report(capsys, *quick, f"{folder}/").splitlines()
    assert all(name in path for name, path in zip(names, written, strict=True))
    text = (folder / "report.md").read_text()
    for path in map(Path, written[1:]):
        assert f"({path.name})" in text
        assert path.stat().st_size > 300
    assert main(["report", *quick, str(folder)]) == 1
    assert "report.md already exists" in capsys.readouterr().err
    assert main(["report", *quick, str(target)]) == 1
    assert "found.md already exists: --force replaces it" in capsys.readouterr().err
    target.write_text("old")
    report(capsys, *quick, str(target), "--force")
    assert target.read_text() != "old"
    assert main(["report", *quick, str(tmp_path / "no" / "x.md")]) == 1
    assert "there is no folder" in capsys.readouterr().err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["found.md", "new"]


def test_data_that_cannot_be_used(capsys, tmp_path):
    (tmp_path / "a.csv").write_text("x,y\n")
    assert main(["report", str(tmp_path / "a.csv")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
