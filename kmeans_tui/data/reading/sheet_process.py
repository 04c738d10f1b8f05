"""Convert one sheet of a workbook to text, in a process that a bad workbook may crash.

``python sheet_process.py WORKBOOK CSV SHEET SKIP HEADER MEMORY SECONDS`` writes the non-blank rows
of the sheet (a name or a number from 1; the first if empty). On stdout, as JSON, it says which
sheet that was or why there is none, how many written rows are among the first SKIP of the sheet,
which of them is row HEADER of the sheet (0 if that is blank), and where the first and last are.

The reader allocates a grid as wide as a sheet claims to be and aborts if it cannot; here that ends
this process alone. It also ends when its stdin does. Numbers are written so that they read back
exactly.
"""

import contextlib
import csv
import json
import os
import signal
import sys
import threading
from datetime import date, datetime, time, timedelta
from typing import Any


def limit(memory: int, seconds: int) -> None:
    """Limit memory (bytes) and processor time (seconds), and write no core dump."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent process decides when we end
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for kind, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, memory)):
            _, hard = resource.getrlimit(kind)
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (most, hard))


def end_with_stdin() -> None:
    """End as soon as the parent process is gone."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def write(workbook: str, target: str, wanted: str, skip: int, header: int) -> dict[str, Any]:
    """Write the sheet; return its ``sheet`` and ``rows``, or what is wrong as ``problem``."""
    import python_calamine as calamine

    names: list[str] = []
    try:
        book = calamine.CalamineWorkbook.from_path(workbook)
        names = list(book.sheet_names)
        if not names:
            return {"problem": "none"}
        if wanted in names or not wanted:
            chosen = wanted or names[0]
        elif wanted.isdecimal() and 1 <= int(wanted) <= len(names):
            chosen = names[int(wanted) - 1]
        else:
            return {"problem": "unknown", "names": names}
        sheet, rows = book.get_sheet_by_name(chosen), 0
        skipped = named = first = last = 0
        with open(target, "w", encoding="utf-8", errors="replace", newline="") as file:
            to = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
            for number, row in enumerate(sheet.iter_rows(), 1):
                if any(cell not in ("", None) for cell in row):
                    to.writerow([text(cell) for cell in row])
                    rows += 1
                    first, last = first or number, number
                    skipped += number <= skip
                    named = rows if number == header else named
    except calamine.PasswordError:
        return {"problem": "password"}
    except (calamine.CalamineError, ValueError):
        return {"problem": "damaged"}
    except MemoryError:
        return {"problem": "memory"}
    except OSError as error:
        return {"problem": "system", "why": error.strerror or str(error)}
    where = {"skip": skipped, "header": named, "first": first, "last": last}
    return {"sheet": chosen, "rows": rows, "names": names, **where}


def text(cell: Any) -> str:
    """Return a cell as text."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return repr(cell.total_seconds())
    return "" if cell is None else str(cell)


def main(arguments: list[str]) -> None:
    """Run the command with these arguments."""
    workbook, target, wanted, skip, header, memory, seconds = arguments
    limit(int(memory), int(seconds))
    end_with_stdin()
    print(json.dumps(write(workbook, target, wanted, int(skip), int(header))))
    sys.stdout.flush()
    os._exit(0)  # a normal exit would wait for the thread at stdin


if __name__ == "__main__":
    main(sys.argv[1:])
