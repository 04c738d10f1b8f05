"""``kmeans-tui data``: the built-in sets and their parameters."""

from collections.abc import Sequence

from kmeans_tui import __version__
from kmeans_tui.headless.shell import DONE, Parser, print_json, print_lines


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = Parser("kmeans-tui data", "List the built-in data sets.")
    parser.add_json("a table")
    given = parser.parse_args(words)

    from kmeans_tui.data.catalogue import sets
    from kmeans_tui.headless.text import set_lines

    if not given.json:
        print_lines(set_lines(sets()))
        return DONE
    print_json(
        {
            "sets": [
                {
                    "name": each.name,
                    "n": each.n,
                    "d": each.d,
                    "k": each.k,
                    "about": each.about,
                    "columns": list(each.columns),
                    "features": list(each.features),
                    "scale": each.scale,
                    "parameters": dict(each.parameters),
                }
                for each in sets()
            ],
            "version": __version__,
        }
    )
    return DONE
