"""The writers of the exported items; what a writer needs is imported when it writes."""

import html
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, BinaryIO

from kmeans_tui.words import printable

if TYPE_CHECKING:
    from kmeans_tui.export.animation.scenes import Drawn
    from kmeans_tui.export.work import Work


def figure(place: str, needs: str = "") -> "Callable[[Work, BinaryIO], None]":
    """Return a writer for a figure: ``place`` is its module and function in ``figures``.

    The function gets the view, and the field of ``Material`` it ``needs``.
    """
    module, name = place.split(".")

    def write(work: "Work", file: BinaryIO) -> None:
        drawing = getattr(import_module(f"kmeans_tui.export.figures.{module}"), name)
        work.save(drawing(work.view, *([getattr(work.made_of, needs)] if needs else [])), file)

    return write


def data(work: "Work", file: BinaryIO) -> None:
    """Write the raw points."""
    from kmeans_tui.export.figures import article_look, stills

    work.save((article_look if work.by_article else stills).data(work.view), file)


def iterations(work: "Work", file: BinaryIO) -> None:
    """Write all iterations, side by side."""
    from kmeans_tui.export.figures import article_look, stills

    if work.by_article:
        work.save(article_look.iterations(work.view), file, **article_look.saved(work.view))
    else:
        work.save(stills.iterations(work.view), file)


def iteration(work: "Work", file: BinaryIO) -> None:
    """Write one iteration."""
    from kmeans_tui.export.figures import stills

    number = work.made_of.iteration % len(work.made_of.history)
    work.save(stills.iteration(work.view, number), file)


def animation(work: "Work", file: BinaryIO) -> None:
    """Write the run as an animation, or both runs of a pair."""
    from kmeans_tui.export.animation import scenes

    scenes.animate(frames_of(work), file, work.source, work.tell, work.form)


def frames_of(work: "Work") -> "Drawn":
    """Return the frames of the animation: of two runs if there is a pair."""
    from kmeans_tui.analysis.pair import Pair
    from kmeans_tui.export.animation import glide, scenes
    from kmeans_tui.export.figures import article_look
    from kmeans_tui.export.runs_view import one_run, two_runs

    view, found, settings = work.view, work.made_of.comparison, work.made_of.settings
    pair = found if isinstance(found, Pair) else None
    if work.by_article:
        if pair is None and not settings.glide:
            return article_look.ArticleFrames(view)
        view = article_look.ArticleView(view.dataset, view.history, settings)
    runs = one_run(view) if pair is None else two_runs(view, pair)
    return glide.Glide(runs) if settings.glide else scenes.Frames(runs)


def player(work: "Work", file: BinaryIO) -> None:
    """Write a web page that plays the run."""
    from kmeans_tui.export.player.web_page import page

    file.write(page(work).encode())


def elbow(work: "Work", file: BinaryIO) -> None:
    """Write the criteria for each k."""
    from kmeans_tui.export.figures import analyses, article_look

    assert work.made_of.sweep is not None  # ensured by ``check``
    if work.by_article:
        work.save(
            article_look.elbow(work.view, work.made_of.sweep), file, **article_look.saved(work.view)
        )
    else:
        work.save(analyses.elbow(work.view, work.made_of.sweep), file)


def picture(work: "Work", file: BinaryIO) -> None:
    """Write a photo in the colours of its clusters."""
    from kmeans_tui.data.reading.pixels import quantised
    from kmeans_tui.export.figures import canvas

    dataset, last = work.made_of.dataset, work.made_of.history[-1]
    canvas.save_pixels(quantised(dataset, last.centroids, last.labels), file, work.source)


def labels(work: "Work", file: BinaryIO) -> None:
    """Write every row with its cluster: with all its columns, or only its number."""
    from kmeans_tui.export import tables

    made_of = work.made_of
    if work.form == "csv" and made_of.labelled is None:
        tables.labels(made_of.dataset, made_of.history, file)
        return
    last = made_of.history[-1]
    if made_of.labelled is not None:
        parts = made_of.labelled.labels(last.centroids, work.tell)
    else:
        parts = tables.labels_by_number(made_of.dataset, last.labels)
    names = None if made_of.labelled is None else made_of.labelled.names
    named = ("", None) if names is None else (names.column, names.cells())
    if work.form == "csv":
        tables.labels_alone(parts, file, *named)
    else:
        from kmeans_tui.data import label_file

        label_file.write(parts, file, *named)


def centroids(work: "Work", file: BinaryIO) -> None:
    """Write the centroids, in the units of the data."""
    from kmeans_tui.export import tables

    tables.centroids(work.made_of.dataset, work.made_of.history, file)


def rules(work: "Work", file: BinaryIO) -> None:
    """Write the clusters as rules: an SQL expression, a Python function, or sentences."""
    from kmeans_tui.analysis.cluster_rules import rules

    last = work.made_of.history[-1]
    found = rules(work.made_of.dataset, last.labels, len(last.centroids))
    made = str(work.source).splitlines()
    if work.form == "txt":
        lines = [*map(printable, (*found.lines(), *made))]
    else:
        mark, code = ("--", found.sql()) if work.form == "sql" else ("#", found.python())
        lines = [*(f"{mark} {printable(line)}" for line in (*made, found.sentence())), code]
    file.write("".join(f"{line}\n" for line in lines).encode(errors="backslashreplace"))


def run(work: "Work", file: BinaryIO) -> None:
    """Write the whole recording."""
    from kmeans_tui.export import run_file

    document = {**work.made_of.document, "command": work.made_of.command}
    run_file.write(file, document, work.made_of.dataset, work.made_of.history)


def code(work: "Work", file: BinaryIO) -> None:
    """Write a script or notebook that repeats the run."""
    from kmeans_tui.export.code import notebook
    from kmeans_tui.export.code.script import Script

    script = Script(work.view, work.made_of.document["parameters"], work.source)
    text = script.text() if work.form == "py" else notebook.text(script.sections())
    file.write(text.encode())


def pipeline(work: "Work", file: BinaryIO) -> None:
    """Write a script that labels other tables as the run did."""
    from kmeans_tui.export.code import pipeline as script

    made_of = work.made_of
    file.write(script.text(made_of.dataset, made_of.history, work.source).encode())


def report(work: "Work", file: BinaryIO) -> None:
    """Write the report on the clusters."""
    from kmeans_tui.export.report import whole_report

    file.write(whole_report.text(work).encode())


def screen(work: "Work", file: BinaryIO) -> None:
    """Write the picture of the terminal."""
    assert work.made_of.screen is not None  # ensured by ``check``
    opening, bracket, rest = work.made_of.screen.partition(">")
    described = f"{opening}{bracket}<desc>{html.escape(str(work.source))}</desc>{rest}"
    file.write(described.encode())
