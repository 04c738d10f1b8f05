"""Turn any text file into one the parser accepts: UTF-8, one kind of line end, on disk.

Most files already are and stay where they are. Standard input and files that are gzipped, in
another encoding, or separated by runs of blanks are first written to a temporary file, because a
table is read twice: its first lines to find the layout, then all of it.
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
# The parser accepts no longer lines; a table of 20,000 columns has lines of some 200,000 bytes.
LONGEST_LINE: Final = 2_000_000
# The size of unpacked data is checked after each of these steps.
_STEP: Final = 64 * _BLOCK
# Disk space left for other programs.
_DISK_LEFT: Final = 256 * _BLOCK
# Columns of numbers compress 2 to 10 times, a single repeated row at most 400 times; deflate's
# limit is 1,032. Checked from the first step on.
_MOST_TIMES_PACKED: Final = 600
# A cell is 8 bytes in memory, three times that while being read; only tables with long labels have
# more than 100 bytes of text per cell.
_MOST_TIMES_MEMORY: Final = 4
_GZIP: Final = b"\x1f\x8b"
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The first bytes of files that are not text, and what these files are.
_BINARIES: Final = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture: use image:{}"),
    (b"\xff\xd8\xff", "a JPEG picture: use image:{}"),
    (b"GIF8", "a GIF picture: use image:{}"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x7fELF", "a program"),
    (b"BZh", "compressed with bzip2"),
    (b"\xfd7zXZ", "compressed with xz"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
)


@dataclass(frozen=True)
class Plain:
    """A text file for the parser, of ``size`` bytes.

    ``encoding`` is that of the original file; ``doubt`` says why it is a guess, or is empty.
    ``room`` is the temporary folder that holds it, None if it is the user's own file.
    """

    path: Path
    size: int
    encoding: str = "UTF-8"
    doubt: str = ""
    room: "tempfile.TemporaryDirectory[str] | None" = None


def spooled_input(listener: Listener | None = None, *, whole: bool = True) -> Plain:
    """Read all of standard input into a temporary file; raises ``DataError``.

    ``whole``, here and below: whether all of it must fit into memory.
    """
    stream = None if sys.stdin is None else sys.stdin.buffer
    if stream is None or sys.stdin.isatty():
        raise DataError(
            "standard input is a terminal: redirect a table to it, as in 'kmeans-tui run - < FILE'"
        )
    return _written(_blocks(stream), "standard input", listener, 0, whole=whole)


def unpacked_input(plain: Plain, listener: Listener | None = None, *, whole: bool = True) -> Plain:
    """Return standard input, unzipped if it is gzipped; raises ``DataError``."""
    if not plain.size:
        return plain
    found = unpacked(plain.path, "standard input", listener, whole=whole)
    return plain if found.path == plain.path else found


def unpacked(
    path: Path, name: str, listener: Listener | None = None, *, whole: bool = True
) -> Plain:
    """Return the file, unzipped if it is gzipped; raises ``DataError`` if it is damaged."""
    with regular.opened(path) as file:
        packed = file.read(2) == _GZIP
        if not packed:
            return under_a_plain_name(path)
        file.seek(0)
        try:
            with gzip.open(file, "rb") as stream:
                return _written(_blocks(stream), name, listener, 0, file, whole=whole)
        except (gzip.BadGzipFile, EOFError, zlib.error):
            raise DataError(
                f"{name} is damaged: gzip cannot unpack all of it; download or copy it again"
            ) from None


def under_a_plain_name(path: Path) -> Plain:
    """Return the file, or a link to it if its name cannot be passed to the parser.

    The parser reads ``*``, ``?`` and ``[`` as patterns, which cannot be quoted once it is
    restricted to one path, and it requires names in UTF-8.
    """
    size = path.stat().st_size
    if not set("*?[") & set(str(path)) and str(path).isprintable():
        return Plain(path, size)
    here = room()
    link = Path(here.name, "table")
    try:
        link.symlink_to(path)
    except OSError:  # Windows without the permission
        shutil.copyfile(path, link)
    return Plain(link, size, room=here)


def check_whole(plain: Plain, name: str, *, whole: bool = True) -> None:
    """Raise ``DataError`` for a file with a hole in it, or larger than memory."""
    with regular.opened(plain.path) as file:
        hole = regular.first_hole(file)
    if hole is not None:
        raise DataError(
            f"{name} claims {memory.amount(plain.size)} but has nothing from byte {hole:,} on: "
            "it was cut short; download or copy it again"
        )
    free = memory.available()
    if whole and plain.size > _MOST_TIMES_MEMORY * free:
        raise DataError(
            f"{name} has {memory.amount(plain.size)}, but only {memory.amount(free)} of memory are "
            f"free: {memory.FEWER}"
        )


def head(path: Path) -> bytes:
    """Return the first quarter of a megabyte."""
    with regular.opened(path) as file:
        return file.read(_HEAD)


@dataclass(frozen=True)
class Signs:
    """What occurs anywhere in a text.

    ``underscore``: below the first line; ``ends``: the line endings, also inside quotes;
    ``blanks``: two or more before a quote.
    """

    underscore: bool
    ends: frozenset[bytes]
    blanks: bool


def signs(plain: Plain, name: str, listener: Listener | None = None) -> Signs:
    """Scan the whole text once for these signs.

    Raises ``DataError`` for an overlong line: the parser would copy a gigabyte in one line as one
    cell.
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
    """Add the line endings in a block; a CR at its end belongs to the next block."""
    text = block[:-1] if block.endswith(b"\r") else block
    if tail == b"\r":
        text = tail + text
    pairs = text.count(b"\r\n")
    counts = {b"\r\n": pairs, b"\n": text.count(b"\n") - pairs, b"\r": text.count(b"\r") - pairs}
    ends.update(end for end, count in counts.items() if count)


def _line_ends(block: bytes) -> tuple[int, int]:
    """Return the positions of the first and the last line end in a block; -1 if none."""
    last = block.rfind(b"\n")
    if last >= 0:
        return block.find(b"\n"), last
    return block.find(b"\r"), block.rfind(b"\r")


def refuse_binary(start: bytes, name: str) -> None:
    """Raise ``DataError`` for a file that does not begin like text."""
    for magic, kind in _BINARIES:
        if start.startswith(magic):
            raise DataError(
                f"{name} is {kind.format(name)}"
                + ("" if "image:" in kind else ": save the table as CSV")
            )
    if any(start.startswith(bom) for bom, _ in _BOMS):
        return
    # A text may have a stray control character; a program or picture is full of them.
    odd = len(start.translate(None, bytes(each for each in range(256) if each not in _CONTROLS)))
    if start.count(b"\0") > max(2, len(start) / 1000) or odd > max(2, len(start) / 20):
        raise DataError(f"{name} is binary data, not text: save the table as CSV or Parquet")


_CONTROLS: Final = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1b") | {127}


def marks_a_quote(start: bytes) -> bool:
    """Whether a UTF-8 byte order mark precedes a quote, which hides the quote from the parser."""
    return start.startswith(codecs.BOM_UTF8) and start[3:100].lstrip(b" ").startswith(b'"')


def in_utf8(
    plain: Plain, name: str, encoding: str | None, listener: Listener | None = None
) -> Plain:
    """Return the text in UTF-8 with one kind of line end, rewritten if necessary.

    ``encoding`` is the user's choice. Otherwise a byte order mark decides, then whether all of it
    is UTF-8; the last resort is latin-1, in which every byte is a character. Raises ``DataError``.
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
        # The parser removes this mark itself.
        chosen = "utf-8"
    try:
        known = codecs.lookup(chosen)
    except LookupError:
        raise DataError(
            f"there is no encoding {chosen!r}: use utf-8, latin-1, cp1252, utf-16 or another known "
            "to Python"
        ) from None
    label = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}.get(chosen, chosen)
    if known.name == "utf-8" and len(signs(plain, name, listener).ends) < 2:
        return replace(plain, encoding=label, doubt=doubt)
    if known.name == "utf-8":
        chosen = "utf-8-sig"
    try:
        with io.TextIOWrapper(regular.opened(plain.path), encoding=chosen, newline="") as text:
            blocks = iter(lambda: text.read(_BLOCK), "")
            encoded = (each.encode("utf-8", "replace") for each in lines.one_end(blocks))
            again = _written(encoded, name, listener, plain.size, whole=False)
    except (UnicodeError, LookupError, TypeError):
        raise DataError(
            f"{name} cannot be read as {chosen}: leave --encoding out, or give the right one"
        ) from None
    return replace(again, encoding=label, doubt=doubt)


def rewritten(
    plain: Plain, blocks: Iterator[bytes], name: str, listener: Listener | None = None
) -> Plain:
    """Write the text again, from ``blocks``; raises ``DataError``."""
    found = _written(blocks, name, listener, plain.size, whole=False)
    return replace(found, encoding=plain.encoding, doubt=plain.doubt)


def too_long(name: str, line: int | None) -> str:
    """Return the message about a line too long for a table."""
    where = f"{name} has a line" if line is None else f"{name}, line {line:,}, is"
    return f"{where} longer than {LONGEST_LINE:,} bytes: use a table with one row per line"


def _blocks(stream: BinaryIO | gzip.GzipFile) -> Iterator[bytes]:
    while block := stream.read(_BLOCK):
        yield block


def _written(
    blocks: Iterator[bytes],
    name: str,
    listener: Listener | None,
    total: int,
    packed: BinaryIO | None = None,
    *,
    whole: bool = True,
) -> Plain:
    """Write blocks to a temporary file; they come from ``packed``, which limits their size."""
    here = room()
    path = Path(here.name, "table")
    done = 0
    size = os.fstat(packed.fileno()).st_size if packed is not None else total
    try:
        with path.open("wb") as file:
            for block in blocks:
                done += len(block)
                if done // _STEP > (done - len(block)) // _STEP:
                    _check_unpacked(here.name, name, done, packed, whole=whole)
                file.write(block)
                read = done if packed is None else packed.tell()
                if listener is not None and listener(read, max(size, read)) is False:
                    raise DataError(f"reading {name} was stopped")
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DataError(_no_room(here.name, name)) from None
        raise
    return Plain(path, done, room=here)


def _check_unpacked(
    folder: str, name: str, done: int, packed: BinaryIO | None, *, whole: bool
) -> None:
    """Raise ``DataError`` before an unpacked file fills the disk or memory."""
    if packed is not None and done > _MOST_TIMES_PACKED * max(1, packed.tell()) > 0:
        raise DataError(
            f"{name} unpacks to more than {memory.amount(done)} from {packed.tell():,} bytes: "
            "no table compresses so well; unpack it yourself if you trust it"
        )
    free = memory.available()
    if whole and done > _MOST_TIMES_MEMORY * free:
        raise DataError(
            f"{name} has more than {memory.amount(done)}, but only {memory.amount(free)} of memory "
            f"are free: {memory.FEWER}"
        )
    if shutil.disk_usage(folder).free < _DISK_LEFT:
        raise DataError(_no_room(folder, name))


def _no_room(folder: str, name: str) -> str:
    free = shutil.disk_usage(folder).free
    return (
        f"{name} does not fit into {tempfile.gettempdir()}, which has {free / 1e6:,.0f} MB left: "
        "unpack it yourself, or set TMPDIR to a folder with more space"
    )


def _first_not_utf8(path: Path, name: str, listener: Listener | None) -> tuple[int, int] | None:
    """Return the line and value of the first byte that is not UTF-8, or None."""
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
    """Whether it has bytes that are letters in Windows-1252 but not in latin-1."""
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
