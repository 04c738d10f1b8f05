"""The table of the criteria: a row added to it is found wherever criteria are."""

import json
from pathlib import Path

import pytest

from kmeans_tui import load_data
from kmeans_tui.analysis import criteria
from kmeans_tui.analysis.criteria import Criterion, curves, rules
from kmeans_tui.analysis.decision import decide
from kmeans_tui.analysis.sweep import sweep
from kmeans_tui.cli import main
from kmeans_tui.command import Options
from kmeans_tui.export.figures import analyses
from kmeans_tui.export.report import whole_report
from kmeans_tui.requests import reporting
from kmeans_tui.ui.screens.elbow import Elbow
from kmeans_tui.ui.widgets.curve import Curve
from kmeans_tui.ui.widgets.listing import Listing
from tests.export.figures.test_analyses import words
from tests.exporting import view_of
from tests.pilot import framed, opened, screen_text, text, until

HOME = Path(criteria.__file__).parent.parent
TAKEN = [0.5, 0.25, 4.0, 0.125]


@pytest.fixture
def dunn(monkeypatch):
    """A criterion that nobody has heard of: lowest at k = 4, undefined for one cluster."""

    def measure(partition):
        return TAKEN[partition.k - 1] if partition.k > 1 else None

    row = Criterion(
        "dunn_index",
        "Dunn-Index",
        measure=measure,
        best="lowest",
        heading="Dunn",
        short="D-I",
        digits=3,
        width=7,
        rank=0,
    )
    monkeypatch.setattr(criteria, "TABLE", (*criteria.TABLE, row))
    return row


def test_it_votes_and_is_named_in_the_verdict(dunn):
    found = sweep(load_data("blobs").points, 4, 1)
    assert [row.scores["dunn_index"] for row in found.rows] == [None, *TAKEN[1:]]
    assert found.verdict.choices["dunn_index"] == 4
    assert "k = 3 by 6 of 7 votes" in found.verdict.sentence
    assert "Dunn-Index 4" in found.verdict.sentence
    assert any(note.startswith("Dunn-Index is best at k = 4") for note in found.verdict.notes)


def test_it_is_in_the_document_the_table_and_the_flag(dunn, capsys):
    assert main(["elbow", "blobs", "--k-max", "4", "--runs", "1", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [row["dunn_index"] for row in document["rows"]] == [None, *TAKEN[1:]]
    assert document["choices"]["dunn_index"] == 4
    assert main(["elbow", "blobs", "--k-max", "4", "--runs", "1", "--curve", "dunn-index"]) == 0
    heads, *lines = [line.split() for line in capsys.readouterr().out.splitlines()[2:7]]
    assert [line[heads.index("Dunn")] for line in lines] == ["-", "0.250", "4.000", "0.125"]
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "gap,overlap,prediction-strength,dunn-index,ladder}" in "".join(
        capsys.readouterr().out.split()
    )


def test_it_is_in_the_report(dunn):
    data = load_data("blobs")
    decided = decide(data, k_max=4, sweep_runs=1)
    said = whole_report.in_markdown(reporting.findings(Options(), data, decided, None), {})
    assert "and Dunn-Index (lowest is best) vote." in said
    assert "| Davies-Bouldin | gap | overlap | prediction strength | Dunn-Index |" in said


def test_it_has_a_chart_in_the_figure(dunn):
    view = view_of()
    figure = analyses.elbow(view, sweep(view.dataset.points, 4, 1))
    assert len(figure.axes) == 7
    assert "Dunn-Index (lower is better): k = 4" in words(figure)
    assert figure.axes[-1].get_xlabel() == "k"


async def test_it_has_a_column_a_curve_and_its_rule_in_the_help(dunn):
    options = Options(screen="elbow", k_max=4, runs=1, curve="dunn-index")
    async with opened(options, size=(180, 60)) as pilot:
        await pilot.press("2")
        await until(pilot, lambda: "done: " in screen_text(pilot.app))
        assert isinstance(pilot.app.screen, Elbow)
        header, *lines = text(pilot.app.screen.query_one(Listing))
        at = header.index("D-I") + 4
        assert [line[at - 6 : at].strip() for line in lines[:4]] == ["", "0.250", "4.000", "0.125*"]
        await until(
            pilot,
            lambda: framed(pilot.app.screen.query_one(Curve))[0] == "Dunn-Index, lowest is best",
        )
        await pilot.press("question_mark")
        await pilot.pause()
        shown = " ".join(screen_text(pilot.app).replace("│", " ").split())
        assert "and Dunn-Index (lowest is best) vote too" in shown


def test_names_of_keys_and_curves_are_one_each():
    keys = [key for each in criteria.TABLE for key in each.keys]
    assert len(set(keys)) == len(keys)
    assert list(curves()) == [
        *("inertia", "log-inertia", "silhouette", "calinski-harabasz", "davies-bouldin", "gap"),
        *("overlap", "prediction-strength", "ladder"),
    ]
    assert rules() == (
        "silhouette, Calinski-Harabasz (highest is best), Davies-Bouldin (lowest is best), the gap "
        "statistic (the first k within one standard error of the next) and overlap (the largest k "
        "with at most 22% of the rows of any cluster near a border)"
    )


@pytest.mark.parametrize("title", ["Calinski-Harabasz", "Davies-Bouldin"])
def test_no_title_stands_in_two_files(title):
    named = [path for path in HOME.rglob("*.py") if title in path.read_text(encoding="utf-8")]
    assert [path.relative_to(HOME).as_posix() for path in named] == ["analysis/criteria.py"]
