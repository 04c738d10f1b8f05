"""Read Excel and OpenDocument workbooks: a separate process writes a sheet as text."""

import contextlib
import json
import os
import shlex
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from kmeans_tui.data.columns import DataError, nearest, quoted
from kmeans_tui.data.reading import memory, regular
from kmeans_tui.data.reading.dialect import Dialect, Listener
from kmeans_tui.data.reading.rooms import room
from kmeans_tui.data.reading.spool import Plain
from kmeans_tui.words import few

_PROGRAM: Final = Path(__file__).with_name("sheet_process.py")
_EVERY: Final = 0.02
# The largest compression ratio accepted, also the limit of Apache POI. Any ratio is accepted for
# workbooks below the harmless size.
_MOST_TIMES_PACKED: Final = 100
_HARMLESS: Final = 64 << 20
# Memory per unpacked byte: a cell takes some 20 bytes there, 32 in the grid and up to 120 in the
# list that fills the grid. The grid of the largest old .xls takes 0.5 GB.
_TIMES_UNPACKED: Final = 16
_USUAL_MEMORY: Final = 1 << 30
# A million rows of ten columns, 130 MB, take 20 s.
_USUAL_SECONDS: Final = 60
_SECONDS_FOR_A_MB: Final = 3


@dataclass(frozen=True)
class Sheet:
    """A sheet as text: its name among those of all, and how many of its lines are skipped.

    ``skip`` and ``header_row`` count lines of the text, which omits blank rows.
    """

    written: Plain
    name: str
    names: tuple[str, ...]
    notes: tuple[str, ...]
    skip: int | None
    header_row: int | None

    def others(self) -> str:
        """Return which sheets there are besides, as the end of a refusal; empty if none."""
        left = [quoted(each) for each in self.names if each != self.name]
        listed = few(left, 6)
        return f"; this is sheet {quoted(self.name)}, --sheet reads {listed}" if left else ""


def sheet(path: Path, name: str, dialect: Dialect, listener: Listener | None = None) -> Sheet:
    """Return one sheet, the first unless another is given by name or number from 1.

    ``listener`` is called while it is being read, and stops that by returning False. Raises
    ``DataError``, also if it takes more memory or time than any sheet of its size should.
    """
    if find_spec("python_calamine") is None:
        raise DataError(
            f"{name} is a workbook, which needs python-calamine: pip install 'kmeans-tui[excel]'"
        )
    wanted = dialect.sheet
    here = room()
    written = Path(here.name, "sheet.csv")
    with regular.opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        unpacked = _unpacked(file, size, name)
        most = _USUAL_MEMORY + _TIMES_UNPACKED * unpacked
        free = memory.available()
        seconds = _USUAL_SECONDS + _SECONDS_FOR_A_MB * (size >> 20)
        # Exactly the file that was checked, whatever its path leads to by now.
        held = Path(f"/proc/self/fd/{file.fileno()}")
        found = _said(
            [
                *(str(held if held.exists() else path), str(written), wanted or ""),
                *(str(dialect.skip or 0), str(dialect.header_row or 0)),
            ],
            (min(most, free), seconds),
            file.fileno(),
            name,
            lambda: listener is None or listener(0, size) is not False,
        )
    problem = found.get("problem")
    if problem is None and not found["rows"]:
        names = found["names"]
        raise DataError(
            f"sheet {found['sheet']} of {name} is empty"
            + (f": choose another with --sheet ({', '.join(names[:6])})" if len(names) > 1 else "")
        )
    if problem is None:
        if dialect.header_row is not None and not found["header"]:
            raise DataError(
                f"row {dialect.header_row} of the sheet, given by --header-row, is blank: choose "
                f"from rows {found['first']} to {found['last']}"
            )
        return Sheet(
            Plain(written, written.stat().st_size, room=here),
            found["sheet"],
            tuple(found["names"]),
            _others(found["names"], found["sheet"]) if wanted is None else (),
            None if dialect.skip is None else found["skip"],
            found["header"] or None,
        )
    if problem == "memory" and free < most:
        raise DataError(
            f"{name} does not fit into memory, of which {memory.amount(free)} are free: save the "
            "sheet as CSV"
        )
    raise DataError(_why(problem, found, name, wanted or ""))


def _others(names: list[str], chosen: str) -> tuple[str, ...]:
    """Return a sentence on the sheets that are not read."""
    others = [each for each in names if each != chosen]
    if not others:
        return ()
    listed = few(list(map(quoted, others)), 6)
    first = shlex.quote(others[0]) if others[0].isprintable() else str(names.index(others[0]) + 1)
    return (f"Only sheet {quoted(chosen)} is read, not {listed}: --sheet {first} reads another.",)


def _why(problem: str, found: dict[str, Any], name: str, wanted: str) -> str:
    if problem == "unknown":
        return f"{name} has no sheet {wanted!r}: {nearest(wanted, found['names'], 'sheets')}"
    return f"{name} " + {
        "none": "has no sheet",
        "password": "is password-protected: save it without a password",
        "memory": "has too many cells, or cells too far apart, to fit into memory: delete "
        "those outside the table, or save the sheet as CSV",
        "time": "takes longer to read than a workbook of its size should: save the sheet as CSV",
        "system": f"cannot be read: {found.get('why')}",
    }.get(problem, "is damaged or not a workbook: save it again, or as CSV")


def _unpacked(file: Any, size: int, name: str) -> int:
    """Return the unpacked size that a workbook claims; raises ``DataError`` for a zip bomb."""
    try:
        with zipfile.ZipFile(file) as archive:
            claimed = sum(each.file_size for each in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return size  # an old .xls, or damaged
    if claimed > max(_HARMLESS, _MOST_TIMES_PACKED * size):
        raise DataError(
            f"{name} claims to unpack to {memory.amount(claimed)} from {memory.amount(size)}: no "
            "workbook compresses so well; save the sheet as CSV"
        )
    return claimed


def _said(
    words: list[str], limits: tuple[int, int], number: int, name: str, go_on: Any
) -> dict[str, Any]:
    """Return what the process reports; it is ended when the waiting ends, for any reason."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(each for each in sys.path if each)}
    # It waits on our end of this pipe, and ends when that is closed.
    leash, held = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-P", str(_PROGRAM), *words, *map(str, limits)],
        stdin=leash,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        pass_fds=(number,) if os.name != "nt" else (),
    )
    os.close(leash)
    try:
        began = time.monotonic()
        while True:
            try:
                # It prints one line, which fits in the pipe's buffer.
                out, err = process.communicate(timeout=_EVERY)
                break
            except subprocess.TimeoutExpired:
                if not go_on():
                    raise DataError(f"reading {name} was stopped") from None
                if time.monotonic() - began > 4 * limits[1]:
                    return {"problem": "time"}
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(held)
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError, ValueError):
                    pipe.close()
    try:
        found: dict[str, Any] = json.loads(out)
        return found
    except ValueError:
        pass
    if process.returncode == -24:  # SIGXCPU
        return {"problem": "time"}
    # An abort or a kill for lack of memory, or a panic of the reader.
    starved = b"memory" in err.lower() or b"capacity overflow" in err or process.returncode == -9
    return {"problem": "memory" if starved else "damaged"}
