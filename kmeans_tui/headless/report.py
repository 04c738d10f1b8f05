"""``kmeans-tui report``: the number of clusters and the clusters found, as a document."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kmeans_tui.command import ELBOW_INIT, GIVEN, Options
from kmeans_tui.flags import from_arguments
from kmeans_tui.headless.narration import Narration
from kmeans_tui.headless.shell import DONE, UNUSABLE, Parser, answer, print_lines, refuse
from kmeans_tui.requests import fit, reporting
from kmeans_tui.whole_file import ExportError, make_folder, unwritable, whole_file

if TYPE_CHECKING:
    from kmeans_tui.analysis.progress import Progress
    from kmeans_tui.export.bundle import Request
    from kmeans_tui.export.report.findings import Findings
    from kmeans_tui.requests.subject import Subject

_FILE: Final = "report.md"
_FIGURES: Final = ("elbow", "seeds", "iteration")
# The endings of a web page; any other file is Markdown.
_PAGES: Final = (".html", ".htm")
_EPILOG: Final = """\
The picture of more than two features is of the two features, or of the two principal components,
in which most rows are nearest to the centroid of their own cluster; --axes chooses others.

examples:
  kmeans-tui report customers.csv --scale standard --out report.html
  kmeans-tui report customers.csv --axes pca --out report/
"""


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = Parser.of(
        "report",
        "Write a report: data, number of clusters, stability, clusters; as Markdown, or as a web "
        "page.",
        _EPILOG,
    )
    parser.set_defaults(init=ELBOW_INIT)
    parser.add_argument(
        "--out",
        metavar="FILE",
        help="the file to write: .html is one web page with its figures, other files are Markdown; "
        "a folder (FOLDER/) gets Markdown, figures and the labels of all rows",
    )
    parser.add_argument("--force", action="store_true", help="replace an existing file")
    given = parser.parse_args(words)
    options = from_arguments(given)
    target = None if given.out is None else Path(given.out)
    folder = None
    if target is not None and (target.is_dir() or given.out.endswith(("/", os.sep))):
        folder, target = target, target / _FILE
        try:
            make_folder(folder)
        except ValueError as error:
            return refuse(str(error))
    if target is not None:
        problem = unwritable(target, force=given.force)
        if problem is not None:
            return refuse(problem)

    def work(subject: "Subject", narration: Narration) -> "tuple[Findings, bytes]":
        found = _findings(options, subject, narration)
        if target is None or folder is not None or target.suffix.lower() not in _PAGES:
            return found, b""
        return found, _page(options, found, narration)

    answered = answer(options, work)
    if answered is None:
        return UNUSABLE
    _, (findings, page) = answered
    if target is None:
        print_lines(_markdown(findings).splitlines())
        return DONE
    beside: tuple[Path, ...] = ()
    figures: dict[str, str] = {}
    try:
        if folder is not None:
            beside = _beside(options, findings, folder, force=given.force)
            names = [path.name for path in beside]
            figures = dict(zip(_FIGURES, names, strict=False))
            labels, rules = names[len(_FIGURES) :]
            findings = replace(findings, labels=labels, rules=rules)
        with whole_file(target) as file:
            file.write(page or _markdown(findings, figures).encode())
    except ExportError as error:
        return refuse(str(error))
    print_lines(str(path) for path in (target, *beside))
    return DONE


def _findings(options: Options, subject: "Subject", narration: Narration) -> "Findings":
    """Return what the report is written from; raises ``ValueError``."""
    ended = None
    if options.centroids is not None:
        # First, so that centroids that do not fit are refused at once.
        asked = replace(options, init=GIVEN)
        ended = float(fit.run_of(subject, asked, narration, narration.say)[-1].inertia)

    def tell(said: "Progress[Any]") -> None:
        narration.say(f"{said.doing}, {said.done} of {said.total}")

    decision = reporting.decided(options, subject.dataset, tell)
    assert decision is not None  # nothing asks it to stop
    return reporting.findings(options, subject.dataset, decision, ended)


def _markdown(findings: "Findings", figures: dict[str, str] | None = None) -> str:
    from kmeans_tui.export.report import whole_report

    return whole_report.in_markdown(findings, figures or {})


def _page(options: Options, findings: "Findings", narration: Narration) -> bytes:
    """Return the report as one web page."""
    from kmeans_tui.export.items import Item
    from kmeans_tui.export.report import whole_report
    from kmeans_tui.export.work import Work

    request = _request(options, findings, (Item("report", "html"),), Path())

    def tell(done: int, figures: int) -> None:
        narration.say(f"figure {done + 1} of {figures}")

    return whole_report.text(Work(request, "html", tell)).encode()


def _beside(
    options: Options, findings: "Findings", folder: Path, *, force: bool
) -> tuple[Path, ...]:
    """Write the figures and the labels, and return their paths; raises ``ExportError``."""
    from kmeans_tui.export.bundle import write
    from kmeans_tui.export.items import Item

    items = tuple(map(Item.read, (*_FIGURES, "labels", "rules")))
    return write(replace(_request(options, findings, items, folder), force=force)).paths


def _request(options: Options, findings: "Findings", items: Any, folder: Path) -> "Request":
    from kmeans_tui.export.bundle import Request
    from kmeans_tui.requests.document import document

    decision = findings.decision
    run = reporting.chosen(options, decision)
    return Request(
        items=items,
        folder=folder,
        dataset=findings.dataset,
        history=decision.history,
        document=document(run, findings.dataset, decision.history),
        command=findings.commands[0],
        sweep=decision.sweep,
        seeds=(decision.runs, decision.census),
        findings=findings,
    )
