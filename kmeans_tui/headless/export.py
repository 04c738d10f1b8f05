"""``kmeans-tui export``: figures, the animation, tables, the recording and code, as files."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kmeans_tui import palette
from kmeans_tui.argument_types import names, not_negative, whole
from kmeans_tui.command import SWEPT, Options
from kmeans_tui.export.appearance import LOOKS, Appearance
from kmeans_tui.export.items import KINDS, Item, needed, usual
from kmeans_tui.flags import from_arguments
from kmeans_tui.headless.narration import Narration
from kmeans_tui.headless.shell import (
    DONE,
    UNUSABLE,
    Parser,
    answer,
    print_json,
    print_lines,
    refuse,
)
from kmeans_tui.pair_kinds import PROGRAMS
from kmeans_tui.requests import required
from kmeans_tui.shell_command import export_command, shown_iteration, usual_elbow_init
from kmeans_tui.vocabulary import INITS

if TYPE_CHECKING:
    from kmeans_tui.analysis.progress import Progress as Counted
    from kmeans_tui.export.bundle import FileProgress, Request, Written
    from kmeans_tui.requests.subject import Subject

_EPILOG: Final = """\
--what names files; add an ending to choose a format other than the first:
{kinds}

examples:
  kmeans-tui export iris --out figures
  kmeans-tui export iris --what iterations.pdf,animation,code --dark --out figures
  kmeans-tui export blobs --what elbow,seeds,compare --out figures --force
"""


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = _parser()
    given = parser.parse_args(words)
    try:
        settings = Appearance(
            look=given.look,
            size=given.size,
            dpi=given.dpi,
            transparent=given.transparent,
            regions=given.regions,
            trails=given.trails,
            aspect=given.aspect,
            fps=given.fps,
            glide=given.glide,
        )
        items = tuple(dict.fromkeys(Item.read(name, given.format) for name in given.what))
    except ValueError as error:
        parser.error(str(error))
    if any(item.name == "screen" for item in items):
        parser.error("screen is a picture of the terminal: press x on the screen to export it")

    from kmeans_tui.export.worker import Worker

    with Worker(nice=0) as worker:
        return _export(given, items, settings, worker)


def _parser() -> Parser:
    kinds = (f"  {name:<11}{', '.join(k.forms):<14}{k.about}" for name, k in KINDS.items())
    epilog = _EPILOG.format(kinds="\n".join(kinds))
    parser = Parser.of("export", "Write a run as figures, data and code.", epilog)
    parser.add_argument(
        "--what",
        type=names,
        default=usual(),
        metavar="A,B,…",
        help=f"see below; default: {','.join(usual())}",
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="the folder; created if missing")
    parser.add_argument("--force", action="store_true", help="replace existing files")
    parser.add_argument(
        "--format",
        choices=KINDS["data"].forms,
        default="png",
        help="of figures named without an ending",
    )
    looks = parser.add_mutually_exclusive_group()
    looks.add_argument(
        "--look", choices=LOOKS, default="light", help="article: the article's figures (light)"
    )
    for name in ("light", "dark"):
        looks.add_argument(
            f"--{name}", dest="look", action="store_const", const=name, help=f"as --look {name}"
        )
    parser.add_argument("--size", type=_size, metavar="WxH", help="size of every figure, in pixels")
    parser.add_argument("--dpi", type=whole, metavar="N", help="pixels per inch (150, GIF 100)")
    parser.add_argument(
        "--transparent", action="store_true", help="draw figures without a background"
    )
    parser.add_argument(
        "--fps",
        type=not_negative,
        default=Appearance.fps,
        metavar="F",
        help="frames per second, without --glide (1.2)",
    )
    parser.add_argument(
        "--iteration", type=int, metavar="N", help="the iteration that 'iteration' shows (the last)"
    )
    parser.add_argument(
        "--elbow-init",
        choices=(*INITS, *SWEPT),
        help="how runs of elbow and stability start (k-means++; article with --look article)",
    )
    parser.add_json("paths")
    return parser


def _size(text: str) -> tuple[int, int]:
    """Parse a size, two whole numbers: ``1600x1200``."""
    width, _, height = text.lower().replace("×", "x").partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a size: write it as 1600x1200")
    return int(width), int(height)


def _export(
    given: argparse.Namespace, items: "tuple[Item, ...]", settings: Appearance, worker: Any
) -> int:
    options = from_arguments(given)

    def work(subject: "Subject", narration: Narration) -> "tuple[Request, Written]":
        request = _request(given, options, items, settings, subject, narration)

        def tell(said: "FileProgress") -> None:
            frame = f", frame {said.frame} of {said.frames}" if said.frames > 1 else ""
            narration.say(f"{said.file}, {said.number} of {said.files}{frame}")

        return request, worker.write(request, tell)

    found = answer(options, work)
    if found is None:
        return UNUSABLE
    subject, (request, result) = found
    if settings.regions and not subject.dataset.exact_plane:
        refuse("note: regions are left out: they are exact only with one or two features")
    if settings.glide and any(KINDS[item.name].both for item in items):
        _tell_leaps(request)
    paths = [str(path) for path in result.paths]
    if given.json:
        print_json({**_heading(request), "files": paths})
    else:
        print_lines(paths)
    return DONE


def _tell_leaps(request: "Request") -> None:
    """Say if a run is too long for a glide to stop at each of its iterations."""
    from kmeans_tui.analysis.pair import Pair
    from kmeans_tui.export.animation.clock import Clock

    found, last = request.comparison, request.history.iterations
    if isinstance(found, Pair):
        last = max(each.history.iterations for each in (found.first, found.second))
    shown = len(Clock(last).shown) - 1
    if shown < last:
        refuse(f"note: the glide stops at {shown} of {last} iterations, and leaps over others")


def _heading(request: "Request") -> dict[str, Any]:
    kept = ("data", "parameters", "version")
    return {**{name: request.document[name] for name in kept}, "command": request.command}


def _request(
    given: argparse.Namespace,
    options: Options,
    items: "tuple[Item, ...]",
    settings: Appearance,
    subject: "Subject",
    narration: Narration,
) -> "Request":
    """Return the run and the analyses that the items need."""
    from kmeans_tui.export.bundle import Request, check, folder_name
    from kmeans_tui.requests.document import document
    from kmeans_tui.requests.fit import run_of

    needs = needed(items, pair=options.pair not in PROGRAMS)
    dataset = subject.dataset
    history = run_of(subject, options, narration, narration.say)
    iteration = shown_iteration(options) if given.iteration is None else given.iteration
    palette.check_worn(options.colours, history.k)
    settings = replace(settings, wears=palette.worn(options.colours, history.k))
    request = Request(
        items=items,
        folder=(given.out or Path(folder_name(options.data, history.k, options.seed))).expanduser(),
        dataset=dataset,
        history=history,
        document=document(options, dataset, history, subject.parameters),
        command=export_command(
            # The usual start of points on disk is another: with k, the line names its own.
            options if subject.parts is None else replace(options, k=history.k),
            tuple(map(str, items)),
            settings.flags(),
            elbow_init=_elbow_init(given) if {"sweep", "stability"} & {*needs} else None,
            iteration=iteration,
        ),
        settings=settings,
        iteration=iteration,
        force=given.force,
        labelled=None if subject.parts is None else subject.parts.labelled(),
    )
    # Checked before the analyses, which can take long; it does not depend on their results.
    check(replace(request, items=tuple(each for each in items if KINDS[each.name].of_run)))

    def tell(whose: str, said: "Counted[Any]") -> None:
        narration.say(f"{whose}: {said.done} of {said.total}")

    asked = replace(options, k=history.k)
    return replace(request, **required.needed(needs, asked, dataset, _elbow_init(given), tell))


def _elbow_init(given: argparse.Namespace) -> str:
    return given.elbow_init or usual_elbow_init(given.look == "article")
