"""``kmeans-tui cache``: what is kept of tables that stay on disk, and removing it."""

from collections.abc import Sequence

from kmeans_tui.headless.shell import DONE, UNUSABLE, Parser, print_json, print_lines, refuse


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = Parser(
        "kmeans-tui cache",
        "List the tables that were converted to be read in parts, and unfinished runs.",
    )
    parser.add_argument("--remove", action="store_true", help="remove all of them")
    parser.add_argument("--cache", metavar="FOLDER", help="another folder than the usual one")
    parser.add_json()
    given = parser.parse_args(words)

    from kmeans_tui.data.reading.memory import amount
    from kmeans_tui.partitioned import block_cache
    from kmeans_tui.requests import unfinished
    from kmeans_tui.words import plural

    folder = block_cache.place(given.cache)
    try:
        runs = unfinished.runs(folder)
        found = block_cache.remove(folder) if given.remove else block_cache.arrays(folder)
        if given.remove:
            for path in runs:
                unfinished.forget(path)
    except ValueError as error:
        refuse(str(error))
        return UNUSABLE
    if given.json:
        tables = [
            {"source": each.source, "columns": list(each.columns), "bytes": each.bytes}
            for each in found
        ]
        head = {"folder": str(folder), "tables": tables, "unfinished": len(runs)}
        print_json({**head, "removed": bool(given.remove)})
        return DONE
    total = sum(each.bytes for each in found)
    done = "removed from" if given.remove else "kept in"
    for each in found:
        columns = plural(len(each.columns), "column")
        print_lines([f"{amount(each.bytes):>9}  {each.source or 'not complete'} ({columns})"])
    kept = f"{plural(len(found), 'table')}, {amount(total)}, and "
    print_lines([f"{kept}{plural(len(runs), 'unfinished run')} {done} {folder}"])
    return DONE
