"""Read CSV and similar files into a source, repairing what can be repaired and reporting it."""

import codecs
from dataclasses import replace
from typing import Final

from kmeans_tui.data.columns import DataError, quoted
from kmeans_tui.data.reading import blanks, regular, spool
from kmeans_tui.data.reading.dialect import Dialect, Listener
from kmeans_tui.data.reading.query import Database, Unreadable
from kmeans_tui.data.reading.relation import Relation, of_text
from kmeans_tui.data.reading.rereading import Rereading
from kmeans_tui.data.reading.sniffing import Layout, layout
from kmeans_tui.data.reading.spool import Plain
from kmeans_tui.data.reading.taking import TableT, Taker

# A header of ten thousand names is longer than the usual head of a file.
_LONGEST_HEAD: Final = 1 << 23
_ENOUGH_LINES: Final = 20
# Cells in a row; the parser needs about a kilobyte for each column.
_MOST_COLUMNS: Final = 20_000


def opened(
    plain: Plain, name: str, dialect: Dialect, take: Taker[TableT], listener: Listener | None
) -> TableT:
    """Return the table that is taken from a text file; raises ``DataError`` with one sentence.

    It is first read strictly. If the parser gives up, the bytes are examined (encoding, line
    ends), then rows of another width are admitted and counted, and then it is refused.
    """
    start = spool.head(plain.path)
    if not start.strip():
        raise DataError(f"{name} is empty: there is nothing to cluster")
    # Not if the user names an encoding: UTF-16 without a mark is full of NULs.
    whole_bytes = dialect.encoding is not None or not _plain_utf8(start)
    if dialect.encoding is None:
        spool.refuse_binary(start, name)
    if whole_bytes:
        plain = spool.in_utf8(plain, name, dialect.encoding, listener)
        if dialect.encoding is not None:
            spool.refuse_binary(spool.head(plain.path), name)
    ragged = False
    while True:
        laid, text = _laid_out(plain, name, dialect)
        if laid.runs:
            text = blanks.with_tabs(plain, name, listener)
            laid = replace(laid, separator="\t", line_end="\n")
        signs = spool.signs(text, name, listener)
        if not whole_bytes and not signs.ends <= {laid.line_end.encode()}:
            whole_bytes, plain = True, spool.in_utf8(plain, name, None, listener)
            continue
        if signs.blanks and not laid.runs and len(laid.separator) == 1:
            bare = blanks.with_bare_quotes(text, name, laid.separator, listener)
            if bare is not text:
                text, laid = bare, replace(laid, line_end="\n")
        relation = of_text(text, laid, ragged=ragged, underscores=signs.underscore)
        database = Database(text.path, name, listener)
        try:
            taken = take(database, relation, dialect, name)
        except Unreadable as problem:
            if not whole_bytes:
                whole_bytes, plain = True, spool.in_utf8(plain, name, None, listener)
            elif not ragged and problem.why not in ("quote", "long"):
                ragged = True
            else:
                raise DataError(_why(problem, name, relation, text)) from None
            continue
        finally:
            database.close()
        read_as = f"{relation.read_as}, decimal '{taken.decimal}'"
        if taken.thousands:
            read_as += f", thousands '{taken.thousands}'"
        return taken.source(name, read_as, Rereading.of(text, name, relation))


def _plain_utf8(start: bytes) -> bool:
    """Whether the head is UTF-8 that the parser accepts, with or without a byte order mark."""
    marks = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
    if start.startswith(marks) or spool.marks_a_quote(start):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return True


def _laid_out(plain: Plain, name: str, dialect: Dialect) -> tuple[Layout, Plain]:
    start = spool.head(plain.path)
    if start.count(b"\n") < _ENOUGH_LINES and len(start) < plain.size:
        with regular.opened(plain.path) as file:
            start = file.read(_LONGEST_HEAD)
        # Quotes may contain line ends; without any rows there is no table.
        if len(start) == _LONGEST_HEAD and b"\n" not in start and b"\r" not in start:
            raise DataError(spool.too_long(name, 1))
    if len(start) < plain.size and b"\n" in start:
        start = start[: start.rindex(b"\n") + 1]
    found = layout(start.decode("utf-8-sig", "replace"), dialect)
    if found is None:
        raise DataError(
            f"{name} contains only comments or blank lines: there is nothing to cluster"
        )
    if found.width > _MOST_COLUMNS:
        raise DataError(
            f"{name} has {found.width:,} columns; the limit is {_MOST_COLUMNS:,}: save it as .npy "
            "or with fewer columns"
        )
    return found, plain


def _why(problem: Unreadable, name: str, relation: Relation, plain: Plain) -> str:
    where = f"{name}, line {problem.line}" if problem.line else name
    if problem.why == "quote":
        line = _line(plain, problem.line)
        shown = f" ({quoted(line)})" if line else ""
        return f'{where}: a quote " is never closed{shown}; fix the line, or name the --separator'
    if problem.why == "ragged" and problem.cells is not None:
        return (
            f"{where} has {problem.cells[2]} cells, the table {relation.width}; fix the line, or "
            "name the separator with --separator"
        )
    if problem.why == "long":
        return spool.too_long(name, problem.line)
    line = _line(plain, problem.line)
    return (
        f"{where} cannot be read as a table"
        + (f": {quoted(line)}" if line else "")
        + ("; look for stray quotes, or name the separator with --separator")
    )


def _line(plain: Plain, number: int | None) -> str:
    if number is None:
        return ""
    with regular.opened(plain.path) as file:
        for at in range(1, number + 1):
            line = file.readline(spool.LONGEST_LINE)
            if at == number:
                return line[:200].decode("utf-8", "replace").rstrip("\r\n")
    return ""
