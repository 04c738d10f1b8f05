"""``kmeans-tui keys``: the actions of the screen by name, their keys, and how to choose others."""

from collections.abc import Iterator, Sequence

from kmeans_tui import __version__, settings, user_keys
from kmeans_tui.analysis.text_table import padded
from kmeans_tui.headless.shell import DONE, Parser, print_json, print_lines, refuse
from kmeans_tui.user_keys import Action


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = Parser("kmeans-tui keys", "List the keys of the screen, yours included.")
    parser.add_json("a table")
    given = parser.parse_args(words)
    code = DONE
    try:
        user_keys.use_saved()
    except ValueError as error:
        # The names are what is needed to mend it.
        code = refuse(str(error))
    found = user_keys.actions()
    if not given.json:
        print_lines(_lines(found))
        return code
    print_json(
        {
            "keys": [
                {
                    "name": each.name,
                    "keys": list(each.keys),
                    "where": list(each.where),
                    "does": each.does,
                    "remappable": each.remappable,
                }
                for each in found
            ],
            "settings": str(settings.location()),
            "version": __version__,
        }
    )
    return code


def _lines(found: Sequence[Action]) -> Iterator[str]:
    names = padded(["name", *(each.name for each in found)])
    pressed = padded(["keys", *(" ".join(each.keys) for each in found)])
    places = padded(["where", *(", ".join(each.where) for each in found)])
    abouts = ["does", *(each.does for each in found)]
    for line in zip(names, pressed, places, abouts, strict=True):
        yield "  ".join(line)
    fixed = [each.name for each in found if not each.remappable]
    yield ""
    yield f"To choose others, write them into {settings.location()}, as in"
    yield '  {"keys": {"next-seed": "ctrl+n", "help": "f2"}}'
    yield f"A key is {user_keys.ACCEPTED}. These keep theirs: {', '.join(fixed)}."
