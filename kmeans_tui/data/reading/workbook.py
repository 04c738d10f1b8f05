"""Excel and OpenDocument workbooks: a sheet written as text, and read as one."""

import csv
import tempfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from kmeans_tui.data.columns import DataError, nearest
from kmeans_tui.data.reading.spool import Plain


def sheet(path: Path, name: str, wanted: str | None) -> tuple[Plain, str]:
    """One sheet, the first unless ``wanted`` by name or number from 1, and its name.

    Numbers are written so that they read back exactly. Raises ``DataError``.
    """
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
        rows = book.get_sheet_by_name(chosen).to_python(skip_empty_area=True)
    except DataError:
        raise
    except calamine.PasswordError:
        raise DataError(f"{name} is protected by a password: save it without one") from None
    except (calamine.CalamineError, OSError, ValueError):
        raise DataError(f"{name} is damaged or no workbook: save it again, or as CSV") from None
    rows = [row for row in rows if any(cell not in ("", None) for cell in row)]
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
    return Plain(written, written.stat().st_size, room=room), chosen


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
