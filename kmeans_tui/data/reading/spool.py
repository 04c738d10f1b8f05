"""Any text file as one that the parser takes: UTF-8, one kind of line end, on the disk.

Most files are that already and are left where they are. Standard input, what is packed by gzip, in
another encoding, or separated by runs of blanks is written to a temporary file first, because a
table is read twice: its first lines to see what it means, then all of it.
"""

import codecs
import errno
import gzip
import io
import os
import re
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading import lines, memory, regular
from kmeans_tui.data.reading.dialect import Listener
from kmeans_tui.data.reading.rooms import room

_BLOCK: Final = 1 << 20
_HEAD: Final = 1 << 18
# The parser takes no longer ones; a table of 20,000 columns has lines of some 200,000 bytes.
LONGEST_LINE: Final = 2_000_000
# What is unpacked is looked at whenever so much has come.
_STEP: Final = 64 * _BLOCK
# Left on the disk for everybody else.
_DISK_LEFT: Final = 256 * _BLOCK
# Columns of numbers are packed to a half or a tenth, the same row again and again to a 400th at
# most; deflate ends at 1,032. Looked at from the first step on only.
_MOST_TIMES_PACKED: Final = 600
# A cell is 8 bytes in memory, three times while it is read; more than 100 bytes of text for each
# have only tables whose labels are long.
_MOST_TIMES_MEMORY: Final = 4
_GZIP: Final = b"\x1f\x8b"
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# How files begin that are no text, by the name a person gives them.
_BINARIES: Final = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture: use image:{}"),
    (b"\xff\xd8\xff", "a JPEG picture: use image:{}"),
    (b"GIF8", "a GIF picture: use image:{}"),
    (b"\x89HDF", "an HDF5 file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x7fELF", "a program"),
    (b"BZh", "packed by bzip2"),
    (b"\xfd7zXZ", "packed by xz"),
    (b"\x28\xb5\x2f\xfd", "packed by zstd"),
)


@dataclass(frozen=True)
class Plain:
    """A text file for the parser; ``size`` its bytes.

    ``encoding`` is what the file was written in, ``doubt`` says why that is a guess, or nothing.
    ``room`` is the temporary folder that holds it, None where it is the user's own file.
    """

    path: Path
    size: int
    encoding: str = "UTF-8"
    doubt: str = ""
    room: "tempfile.TemporaryDirectory[str] | None" = None


def spooled_input(listener: Listener | None = None) -> Plain:
    """Standard input, read to its end into a temporary file; raises ``DataError``."""
    stream = None if sys.stdin is None else sys.stdin.buffer
    if stream is None or sys.stdin.isatty():
        raise DataError(
            "standard input is a terminal: send a table through it, as in 'kmeans-tui run - < FILE'"
        )
    return _written(_blocks(stream), "standard input", listener, 0)


def unpacked_input(plain: Plain, listener: Listener | None = None) -> Plain:
    """Standard input as it came, or what gzip packed into it; raises ``DataError``."""
    if not plain.size:
        return plain
    found = unpacked(plain.path, "standard input", listener)
    return plain if found.path == plain.path else found


def unpacked(path: Path, name: str, listener: Listener | None = None) -> Plain:
    """The file itself, or what gzip packed into it; raises ``DataError`` for a damaged one."""
    with regular.opened(path) as file:
        packed = file.read(2) == _GZIP
        if not packed:
            return under_a_plain_name(path)
        file.seek(0)
        try:
            with gzip.open(file, "rb") as stream:
                return _written(_blocks(stream), name, listener, 0, file)
        except (gzip.BadGzipFile, EOFError, zlib.error):
            raise DataError(
                f"{name} is damaged: gzip cannot unpack all of it; get it again"
            ) from None


def under_a_plain_name(path: Path) -> Plain:
    """The file where it is, or a link to it where the parser cannot be told its name.

    It takes ``*``, ``?`` and ``[`` for patterns, with no way to quote them once it may open one
    path only, and wants UTF-8, which other bytes than that in a name are not.
    """
    size = path.stat().st_size
    if not set("*?[") & set(str(path)) and str(path).isprintable():
        return Plain(path, size)
    here = room()
    link = Path(here.name, "table")
    try:
        link.symlink_to(path)
    except OSError:  # Windows without the right to
        shutil.copyfile(path, link)
    return Plain(link, size, room=here)


def check_whole(plain: Plain, name: str) -> None:
    """Raise ``DataError`` for a text with a hole in it, or more of it than memory could hold."""
    with regular.opened(plain.path) as file:
        hole = regular.first_hole(file)
    if hole is not None:
        raise DataError(
            f"{name} claims {memory.amount(plain.size)} and has nothing at byte {hole:,} and "
            "behind: it was cut short, get it again"
        )
    free = memory.available()
    if plain.size > _MOST_TIMES_MEMORY * free:
        raise DataError(
            f"{name} has {memory.amount(plain.size)}, and {memory.amount(free)} of memory are "
            "free: take fewer rows or columns"
        )


def head(path: Path) -> bytes:
    """The first quarter of a megabyte."""
    with regular.opened(path) as file:
        return file.read(_HEAD)


@dataclass(frozen=True)
class Signs:
    """What stands anywhere in a text.

    ``underscore``: below the first line; ``ends``: how lines end, those inside quotes too;
    ``blanks``: two and more before a quote.
    """

    underscore: bool
    ends: frozenset[bytes]
    blanks: bool


def signs(plain: Plain, name: str, listener: Listener | None = None) -> Signs:
    """What is in a text, all of it looked through once.

    The parser takes a gigabyte in one line for a cell and copies it: raises ``DataError`` for such
    a line.
    """
    underscore, blanks, below, length = False, False, False, 0
    ends: set[bytes] = set()
    tail = b""
    for block in regular.blocks(plain.path, name, listener):
        first, last = _line_ends(block)
        if length + (len(block) if first < 0 else first) > LONGEST_LINE:
            raise DataError(too_long(name, None))
        length = length + len(block) if first < 0 else len(block) - last - 1
        underscore = underscore or b"_" in (block if below or first < 0 else block[first:])
        below = True
        if tail == b"\r" or b"\r" in block:
            _add_ends(ends, tail, block)
        elif last >= 0:
            ends.add(b"\n")
        blanks = blanks or (b'"' in block and _BLANKS.search(tail + block) is not None)
        tail = block[-1:]
    if tail == b"\r":
        ends.add(b"\r")
    return Signs(underscore, frozenset(ends), blanks)


_BLANKS: Final = re.compile(b'  "')


def _add_ends(ends: set[bytes], tail: bytes, block: bytes) -> None:
    """Add the ways in which lines end in a block; a CR at its end belongs to the next one."""
    text = block[:-1] if block.endswith(b"\r") else block
    if tail == b"\r":
        text = tail + text
    pairs = text.count(b"\r\n")
    counts = {b"\r\n": pairs, b"\n": text.count(b"\n") - pairs, b"\r": text.count(b"\r") - pairs}
    ends.update(end for end, count in counts.items() if count)


def _line_ends(block: bytes) -> tuple[int, int]:
    """Where the first and the last line end stand in a block; -1 where none does."""
    last = block.rfind(b"\n")
    if last >= 0:
        return block.find(b"\n"), last
    return block.find(b"\r"), block.rfind(b"\r")


def refuse_binary(start: bytes, name: str) -> None:
    """Raise ``DataError`` for a file that begins like none of text."""
    for magic, kind in _BINARIES:
        if start.startswith(magic):
            raise DataError(
                f"{name} is {kind.format(name)}"
                + ("" if "image:" in kind else ": save the table as CSV")
            )
    if any(start.startswith(bom) for bom, _ in _BOMS):
        return
    # A text may hold a stray control character; a program or picture is full of them.
    odd = len(start.translate(None, bytes(each for each in range(256) if each not in _CONTROLS)))
    if start.count(b"\0") > max(2, len(start) / 1000) or odd > max(2, len(start) / 20):
        raise DataError(f"{name} is no text but binary data: save the table as CSV or Parquet")


_CONTROLS: Final = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1b") | {127}


def marks_a_quote(start: bytes) -> bool:
    """Whether a mark for UTF-8 stands before a quote, which the parser does not see as one."""
    return start.startswith(codecs.BOM_UTF8) and start[3:100].lstrip(b" ").startswith(b'"')


def in_utf8(
    plain: Plain, name: str, encoding: str | None, listener: Listener | None = None
) -> Plain:
    """The text in UTF-8 with one kind of line end, written anew where it is not.

    ``encoding`` is what the user says. Otherwise a byte order mark tells, then whether all of it is
    UTF-8, and the last resort is latin-1, in which every byte is a character. Raises ``DataError``.
    """
    start = head(plain.path)
    marked = next((known for bom, known in _BOMS if start.startswith(bom)), None)
    doubt = ""
    chosen = encoding or marked
    broken = None
    if encoding is None and marked in (None, "utf-8-sig"):
        broken = _first_not_utf8(plain.path, name, listener)
    if chosen is None:
        chosen = "utf-8"
        if broken is not None:
            chosen = "cp1252" if _is_cp1252(plain.path, name, listener) else "latin-1"
            doubt = f"line {broken[0]} holds the byte 0x{broken[1]:02X}, which is not UTF-8"
    elif marked == "utf-8-sig" and encoding is None and broken is None and not marks_a_quote(start):
        # The parser takes this mark off itself.
        chosen = "utf-8"
    try:
        known = codecs.lookup(chosen)
    except LookupError:
        raise DataError(
            f"there is no encoding {chosen!r}: use utf-8, latin-1, cp1252, utf-16 or another that "
            "Python knows"
        ) from None
    label = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}.get(chosen, chosen)
    if known.name == "utf-8" and len(signs(plain, name, listener).ends) < 2:
        return replace(plain, encoding=label, doubt=doubt)
    if known.name == "utf-8":
        chosen = "utf-8-sig"
    try:
        with io.TextIOWrapper(regular.opened(plain.path), encoding=chosen, newline="") as text:
            blocks = iter(lambda: text.read(_BLOCK), "")
            again = _written(_encoded(lines.one_end(blocks)), name, listener, plain.size)
    except (UnicodeError, LookupError, TypeError):
        raise DataError(
            f"{name} cannot be read as {chosen}: leave --encoding out, or name the right one"
        ) from None
    return replace(again, encoding=label, doubt=doubt)


def rewritten(
    plain: Plain, blocks: Iterator[bytes], name: str, listener: Listener | None = None
) -> Plain:
    """The same text written anew, in ``blocks``; raises ``DataError``."""
    found = _written(blocks, name, listener, plain.size)
    return replace(found, encoding=plain.encoding, doubt=plain.doubt)


def too_long(name: str, line: int | None) -> str:
    """What is said of a line that no table has."""
    where = f"{name} has a line" if line is None else f"{name}, line {line:,}, is"
    return f"{where} longer than {LONGEST_LINE:,} bytes: is this a table of lines?"


def _blocks(stream: BinaryIO | gzip.GzipFile) -> Iterator[bytes]:
    while block := stream.read(_BLOCK):
        yield block


def _encoded(text: Iterator[str]) -> Iterator[bytes]:
    for block in text:
        yield block.encode("utf-8", "replace")


def _written(
    blocks: Iterator[bytes],
    name: str,
    listener: Listener | None,
    total: int,
    packed: BinaryIO | None = None,
) -> Plain:
    """Blocks written to a temporary file; of ``packed`` they come, and are measured by it."""
    here = room()
    path = Path(here.name, "table")
    done = 0
    size = os.fstat(packed.fileno()).st_size if packed is not None else total
    try:
        with path.open("wb") as file:
            for block in blocks:
                done += len(block)
                if done // _STEP > (done - len(block)) // _STEP:
                    _check_unpacked(here.name, name, done, packed)
                file.write(block)
                read = done if packed is None else packed.tell()
                if listener is not None and listener(read, max(size, read)) is False:
                    raise DataError(f"reading {name} was stopped")
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DataError(_no_room(here.name, name)) from None
        raise
    return Plain(path, done, room=here)


def _check_unpacked(folder: str, name: str, done: int, packed: BinaryIO | None) -> None:
    """Stop before a disk or memory is filled by what a file unpacks to."""
    if packed is not None and done > _MOST_TIMES_PACKED * max(1, packed.tell()) > 0:
        raise DataError(
            f"{name} unpacks to more than {memory.amount(done)} from {packed.tell():,} bytes: "
            "no table is packed so tightly"
        )
    free = memory.available()
    if done > _MOST_TIMES_MEMORY * free:
        raise DataError(
            f"{name} has more than {memory.amount(done)}, and {memory.amount(free)} of memory are "
            "free: take fewer rows or columns"
        )
    if shutil.disk_usage(folder).free < _DISK_LEFT:
        raise DataError(_no_room(folder, name))


def _no_room(folder: str, name: str) -> str:
    free = shutil.disk_usage(folder).free
    return (
        f"{name} does not fit into {tempfile.gettempdir()}, which has {free / 1e6:,.0f} MB left: "
        "unpack it yourself, or set TMPDIR to a folder with more"
    )


def _first_not_utf8(path: Path, name: str, listener: Listener | None) -> tuple[int, int] | None:
    """The line and the value of the first byte that is not UTF-8, or None."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    for block in chain(regular.blocks(path, name, listener), (b"",)):
        if block and block.isascii() and not decoder.getstate()[0]:
            line += block.count(b"\n")
            continue
        try:
            decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            bad = error.object[error.start]
            return line + error.object[: error.start].count(b"\n"), bad
        line += block.count(b"\n")
    return None


def _is_cp1252(path: Path, name: str, listener: Listener | None) -> bool:
    """Whether bytes stand in it that latin-1 has no letters for and Windows has."""
    high = re.compile(b"[\x80-\x9f]")
    found = False
    for block in regular.blocks(path, name, listener):
        if high.search(block):
            found = True
            try:
                block.decode("cp1252")
            except UnicodeDecodeError:
                return False
    return found
