"""The report written out, as Markdown or as one web page."""

from dataclasses import replace
from functools import partial
from io import BytesIO
from typing import Final

from kmeans_tui.export.appearance import Appearance, LookName
from kmeans_tui.export.report import as_markdown, as_page, sections
from kmeans_tui.export.report.findings import Findings
from kmeans_tui.export.work import Work

# A plot of more points is larger as lines than as pixels.
_MOST_POINTS: Final = 2_000
_MIMES: Final = {"png": "image/png", "svg": "image/svg+xml"}


def text(work: Work) -> str:
    """Return the report as the form of the work says: ``html`` or ``md``."""
    findings = work.made_of.findings
    assert findings is not None  # ensured by ``check``
    # The command of these files is what makes this one again.
    again = (work.source.command, *findings.commands[1:])
    findings = replace(findings, commands=again)
    return as_one_page(work, findings) if work.form == "html" else in_markdown(findings, {})


def in_markdown(findings: Findings, figures: dict[str, str]) -> str:
    """Return the report as Markdown; ``figures`` are the files beside it, by their items."""
    lines = as_markdown.lines(sections.blocks(findings), figures)
    return "".join(f"{line}\n" for line in lines)


def as_one_page(work: Work, findings: Findings) -> str:
    """Return the report as a web page with its figures in it; ``work.tell`` may stop it."""
    points = "svg" if findings.dataset.n <= _MOST_POINTS else "png"
    forms = {"elbow": "svg", "seeds": "svg", "iteration": points}
    drawn = {}
    for done, (item, form) in enumerate(forms.items()):
        work.tell(done, len(forms))
        light, dark = (_drawn(work, findings, item, form, look) for look in ("light", "dark"))
        drawn[item] = as_page.Drawing(_MIMES[form], light, dark)
    return as_page.page(
        sections.blocks(findings), sections.title(findings), work.source.software, drawn
    )


def _drawn(work: Work, findings: Findings, item: str, form: str, look: LookName) -> bytes:
    """Return the figure of an item."""
    from kmeans_tui.export.figures import analyses, stills

    decision = findings.decision
    settings = Appearance(look=look, aspect=work.made_of.settings.aspect)
    made_of = replace(
        work.made_of, dataset=findings.dataset, history=decision.history, settings=settings
    )
    one = Work(made_of, form, work.tell)
    draw = {
        "elbow": partial(analyses.elbow, one.view, decision.sweep),
        "seeds": partial(analyses.seeds, one.view, (decision.runs, decision.census)),
        "iteration": partial(stills.iteration, one.view, len(decision.history) - 1),
    }
    file = BytesIO()
    one.save(draw[item](), file)
    return file.getvalue()
