"""Excel and OpenDocument workbooks: a sheet written as text, and read as one."""

import csv
import shlex
import tempfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from kmeans_tui.data.columns import DataError, nearest, quoted
from kmeans_tui.data.reading.dialect import Dialect
from kmeans_tui.data.reading.spool import Plain


@dataclass(frozen=True)
class Sheet:
    """A sheet as a text: its name, and how many of its lines are passed over.

    ``skip`` and ``header_row`` count lines of the text, which has no line for a blank row.
    """

    written: Plain
    name: str
    notes: tuple[str, ...]
    skip: int | None
    header_row: int | None


def sheet(path: Path, name: str, dialect: Dialect) -> Sheet:
    """One sheet, the first unless another is asked for by name or number from 1.

    Numbers are written so that they read back exactly. Raises ``DataError``.
    """
    wanted = dialect.sheet
    try:
        import python_calamine as calamine
    except ImportError:
        raise DataError(
            f"{name} is a workbook, which needs python-calamine: pip install 'kmeans-tui[excel]'"
        ) from None
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        names = list(book.sheet_names)
        chosen = _chosen(names, wanted, name)
        found = book.get_sheet_by_name(chosen)
        rows = found.to_python(skip_empty_area=True)
        before = found.start[0] if found.start else 0
    except DataError:
        raise
    except calamine.PasswordError:
        raise DataError(f"{name} is protected by a password: save it without one") from None
    except (calamine.CalamineError, OSError, ValueError):
        raise DataError(f"{name} is damaged or no workbook: save it again, or as CSV") from None
    numbered = [
        (before + number, row)
        for number, row in enumerate(rows, 1)
        if any(cell not in ("", None) for cell in row)
    ]
    rows = [row for _, row in numbered]
    if not rows:
        raise DataError(
            f"sheet {chosen} of {name} is empty"
            + (f": choose another with --sheet ({', '.join(names[:6])})" if len(names) > 1 else "")
        )
    room = tempfile.TemporaryDirectory(prefix="kmeans-tui-", ignore_cleanup_errors=True)
    written = Path(room.name, "sheet.csv")
    with written.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
            [_text(cell) for cell in row] for row in rows
        )
    skip, header = _lines([number for number, _ in numbered], dialect)
    return Sheet(
        Plain(written, written.stat().st_size, room=room),
        chosen,
        _others(names, chosen) if wanted is None else (),
        skip,
        header,
    )


def _lines(rows: list[int], dialect: Dialect) -> tuple[int | None, int | None]:
    """How many of these rows, numbered as in the sheet, are passed over; which holds the names.

    Raises ``DataError`` for a row of names that is blank or not there.
    """
    skip, header = dialect.skip, dialect.header_row
    if header is not None and header not in rows:
        raise DataError(
            f"row {header} of the sheet, which --header-row names, is blank: the rows with cells "
            f"are {rows[0]} to {rows[-1]}"
        )
    return (
        None if skip is None else sum(row <= skip for row in rows),
        None if header is None else rows.index(header) + 1,
    )


def _others(names: list[str], chosen: str) -> tuple[str, ...]:
    """A sentence on the sheets that are not read."""
    others = [each for each in names if each != chosen]
    if not others:
        return ()
    more = f" and {len(others) - 6} more" if len(others) > 6 else ""
    listed = ", ".join(quoted(each) for each in others[:6])
    first = shlex.quote(others[0]) if others[0].isprintable() else str(names.index(others[0]) + 1)
    return (
        f"Sheet {quoted(chosen)} alone is read, not {listed}{more}: --sheet {first} reads another.",
    )


def _chosen(names: list[str], wanted: str | None, name: str) -> str:
    if not names:
        raise DataError(f"{name} has no sheet")
    if wanted is None or wanted in names:
        return wanted or names[0]
    if wanted.isdecimal() and 1 <= int(wanted) <= len(names):
        return names[int(wanted) - 1]
    raise DataError(f"{name} has no sheet {wanted!r}: {nearest(wanted, names, 'sheets')}")


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return repr(cell.total_seconds())
    return "" if cell is None else str(cell)
