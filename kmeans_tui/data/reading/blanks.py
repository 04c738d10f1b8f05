"""Rewrite blanks between cells where the parser would misread them."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading import regular, spool
from kmeans_tui.data.reading.dialect import Listener
from kmeans_tui.data.reading.spool import Plain

_BLOCK: Final = 1 << 20


def with_tabs(plain: Plain, name: str, listener: Listener | None = None) -> Plain:
    """Turn each run of blanks into one tab, line by line; raises ``DataError``."""

    def tabbed() -> Iterator[bytes]:
        with regular.opened(plain.path) as file:
            number = 0
            while line := file.readline(spool.LONGEST_LINE + 1):
                number += 1
                if len(line) > spool.LONGEST_LINE:
                    raise DataError(spool.too_long(name, number))
                for each in line.rstrip(b"\r\n").split(b"\r"):
                    yield re.sub(rb"[ \t]+", b"\t", each.strip(b" \t")) + b"\n"

    return spool.rewritten(plain, tabbed(), name, listener)


def with_bare_quotes(
    plain: Plain, name: str, separator: str, listener: Listener | None = None
) -> Plain:
    """Remove blanks before quotes: the parser accepts one blank there, not two.

    Returns the text unchanged if a cell is longer than any in a table.
    """

    def bare() -> Iterator[bytes]:
        line = io.StringIO()
        writer = csv.writer(line, delimiter=separator, lineterminator="\n")
        with io.TextIOWrapper(
            regular.opened(plain.path), "utf-8-sig", errors="surrogateescape", newline=""
        ) as file:
            for row in csv.reader(file, delimiter=separator, skipinitialspace=True):
                # A row with a single empty cell would be written as "".
                writer.writerow(row if row != [""] else [])
                if line.tell() > _BLOCK:
                    yield line.getvalue().encode("utf-8", "surrogateescape")
                    line.seek(0)
                    line.truncate()
        yield line.getvalue().encode("utf-8", "surrogateescape")

    try:
        return spool.rewritten(plain, bare(), name, listener)
    except csv.Error:
        return plain
