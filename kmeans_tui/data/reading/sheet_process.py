"""One sheet of a workbook as text: a program of its own, so that no workbook can end ours.

``python sheet_process.py WORKBOOK CSV SHEET SKIP HEADER MEMORY SECONDS`` writes the rows of the
sheet (a name or a number from 1; the first where it is empty) that are not blank, and says on
stdout, as JSON, which it was or why there is none; also how many rows written are among the first
SKIP of the sheet, which of them is its row HEADER (0 where that is blank), and where the first and
the last of them stand.
The reader allocates a grid as wide as a sheet claims to be and aborts where it gets none; here that
ends this process alone. It ends, too, when its stdin does. Numbers are written so that they read
back exactly.
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
    """Take no more memory (bytes) and time of the processor than this, and leave no dump."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started us says when to end
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for kind, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, memory)):
            _, hard = resource.getrlimit(kind)
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (most, hard))


def end_with_stdin() -> None:
    """End as soon as the process that started this one is gone."""

    def wait() -> None:
        sys.stdin.buffer.read()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def write(workbook: str, target: str, wanted: str, skip: int, header: int) -> dict[str, Any]:
    """Write the sheet; ``sheet`` and ``rows`` of it, or what is wrong as ``problem``."""
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
    """A cell as it is written."""
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
    """Do what the words of the command ask for."""
    workbook, target, wanted, skip, header, memory, seconds = arguments
    limit(int(memory), int(seconds))
    end_with_stdin()
    print(json.dumps(write(workbook, target, wanted, int(skip), int(header))))
    sys.stdout.flush()
    os._exit(0)  # the thread at stdin would be waited for


if __name__ == "__main__":
    main(sys.argv[1:])
