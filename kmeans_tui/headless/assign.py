"""``kmeans-tui assign``: the clusters of a recorded run for the rows of another table."""

import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from kmeans_tui.command import Options
from kmeans_tui.flags import add_file_flags, from_arguments
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
from kmeans_tui.options.table_options import MISSING
from kmeans_tui.whole_file import unwritable, whole_file
from kmeans_tui.words import plural, printable

if TYPE_CHECKING:
    from kmeans_tui.requests.assigned import Assigning
    from kmeans_tui.requests.subject import Subject

_EPILOG: Final = """\
RUN is a recording: run.json of 'kmeans-tui export DATA --what run'. NEW is a table with the columns
that the run clusters by, in any order; it is read, filled and scaled as the run's table.
It is written with the columns cluster (as in the run, from 1), distance, margin and far; far marks
rows farther out than 99.9 % of the run's rows in their cluster, below 1,000 rows than all of them.
Shares and means are by weight where the run has weights and NEW has their column.

examples:
  kmeans-tui assign january/run.json february.csv --out february-clusters.csv
  kmeans-tui assign january/run.json february.csv --json
"""
_ADDED: Final = ("cluster", "distance", "margin", "far")
_MOST_MOVED: Final = 5


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = Parser("kmeans-tui assign", "Assign new rows to the clusters of a run.", _EPILOG)
    parser.add_argument("run", metavar="RUN", help="a recorded run: run.json")
    parser.add_argument("new", metavar="NEW", help="a table, or - for standard input")
    parser.add_argument("--out", metavar="FILE", help="the CSV file to write (standard output)")
    parser.add_argument("--force", action="store_true", help="replace an existing file")
    parser.add_argument(
        "--missing", choices=MISSING, help="rows with a missing value (as in the run)"
    )
    add_file_flags(parser)
    parser.add_json("the summary; the rows are written only with --out")
    given = parser.parse_args(words)
    options = Options(given.run)
    target = None if given.out is None else Path(given.out).expanduser()
    problem = _unusable(given.run, given.new, target, force=given.force)
    if problem is not None:
        return refuse(problem)

    from kmeans_tui.requests import assigned

    def work(subject: "Subject", narration: Narration) -> "Assigning":
        done = assigned.assigning(
            from_arguments(given),
            subject,
            given.new,
            given.missing,
            lambda read, size: narration.say(f"reading, {read / 1e6:,.0f} of {size / 1e6:,.0f} MB"),
        )
        if target is not None:
            with whole_file(target) as file:
                _write(done, file, narration)
                done.told()
        elif given.json:
            _write(done, None, narration)
        else:
            sys.stdout.flush()
            _write(done, _standard_output(), narration)
        done.told()
        return done

    found = answer(options, work)
    if found is None:
        return UNUSABLE
    _, done = found
    if given.json:
        print_json(assigned.document(options, done, None if target is None else str(target)))
        return DONE
    if target is not None:
        print_lines([str(target)])
    print_lines(_lines(done), sys.stderr)
    return DONE


def _unusable(run: str, new: str, target: Path | None, *, force: bool) -> str | None:
    """Return why nothing can be done with these files, or None."""
    from kmeans_tui.data.reading import files
    from kmeans_tui.requests import recorded, subject

    try:
        subject.check(Options(run))
        files.check_file(new)
    except ValueError as error:
        return str(error)
    if not recorded.is_recording(run):
        return (
            f"{run} is not a recorded run: write one with 'kmeans-tui export DATA --what run', or "
            "x on the screen"
        )
    if target is None:
        return None
    for each in (run, new):
        if target.exists() and os.path.exists(each) and os.path.samefile(target, each):
            return f"{target} is read and cannot be written as well: choose another --out"
    return unwritable(target, force=force)


def _write(done: "Assigning", file: "BinaryIO | None", narration: Narration) -> None:
    """Write the rows with their clusters; without a file, only count them."""
    from kmeans_tui.export.tables import CsvTable, free_names, placed_cells

    names = done.table.names
    heads = [*names, *free_names(_ADDED, names)]
    with nullcontext() if file is None else CsvTable(file, heads) as table:
        for rows, placed in done.rows():
            narration.say(f"assigning, {done.found.rows:,} of {done.table.n:,} rows")
            if table is None:
                continue
            marks = ("yes" if each else "" for each in placed.far.tolist())
            for row, cells, mark in zip(rows, placed_cells(placed), marks, strict=True):
                table.write([*row, *cells, mark])


class _Terminal(io.RawIOBase):
    """Shows what is written on the terminal, with controls in it made harmless."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        for line in bytes(data).decode("utf-8", "replace").splitlines(keepends=True):
            bare = line.rstrip("\n")
            sys.stdout.write(printable(bare) + line[len(bare) :])
        return len(data)


def _standard_output() -> Any:
    return _Terminal() if sys.stdout.isatty() else sys.stdout.buffer


def _lines(done: "Assigning") -> Iterator[str]:
    """Yield the summary: how many rows, which clusters, and what has moved."""
    from kmeans_tui.headless.text import aligned, padded, rows, weights_line

    found, drift = done.found, done.found.drift
    name, run = done.table.name, done.subject.dataset.name
    k = len(drift.sizes_then)
    yield (
        f"{name}: {found.assigned:,} of {plural(found.rows, 'row')} assigned to the "
        f"{plural(k, 'cluster')} of {run}"
    )
    yield from done.told()
    yield ""
    then, now = drift.shares
    clusters = range(k)
    yield from rows(
        [
            ["cluster", *(str(each + 1) for each in clusters)],
            ["rows then", *(f"{drift.sizes_then[each]:,}" for each in clusters)],
            *weights_line("weight then", drift.weights_then),
            ["share then", *(f"{each:.1%}" for each in then)],
            ["rows now", *(f"{drift.sizes_now[each]:,}" for each in clusters)],
            *weights_line("weight now", drift.weights_now),
            ["share now", *(f"{each:.1%}" for each in now)],
            ["far", *(f"{found.far[each]:,}" for each in clusters)],
        ]
    )
    yield ""
    yield _far(found.far, drift.amounts[0])
    change = ""
    if drift.distance_then > 0 and drift.distance_now != drift.distance_then:
        by = f"{drift.distance_now / drift.distance_then - 1:+.1%}"
        change = "" if by in ("+0.0%", "-0.0%") else f" ({by})"
    yield (
        f"mean distance to the centroid: {drift.distance_then:.4g} then, "
        f"{drift.distance_now:.4g} now{change}"
    )
    yield ""
    most = drift.most_moved(_MOST_MOVED)
    yield "means that moved most, in standard deviations of then:"
    names = padded(["feature", *(drift.features[each] for each in most)])
    pairs = [
        aligned([float(drift.means_then[each]), float(drift.means_now[each])], 6) for each in most
    ]
    table = [
        ["then", *(pair[0] for pair in pairs)],
        ["now", *(pair[1] for pair in pairs)],
        ["moved", *(f"{drift.moved[each]:+.2f}" for each in most)],
    ]
    for feature, line in zip(names, rows(table), strict=True):
        yield f"{feature}  {line}"


def _far(far: Any, sizes: Any) -> str:
    """Return what is far out, and what that means for clusters of this size."""
    small = [str(i + 1) for i, size in enumerate(sizes.tolist()) if size < 1000]
    meant = "99.9 % of the run's rows in their cluster"
    if len(small) == len(sizes):
        meant = "all of the run's rows in their cluster, which has fewer than 1,000"
    elif small:
        which = f"cluster{'' if len(small) == 1 else 's'} {', '.join(small)}"
        meant += f"; in {which}, with fewer than 1,000, than all"
    return f"{plural(int(far.sum()), 'row')} far out: farther than {meant}"
