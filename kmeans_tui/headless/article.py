"""``kmeans-tui article``: the article's claims, each tested."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from kmeans_tui import __version__
from kmeans_tui.headless.narration import Narration
from kmeans_tui.headless.shell import DONE, UNUSABLE, Parser, print_json, print_lines, refuse

if TYPE_CHECKING:
    from kmeans_tui.analysis.article.claims import Claim

_WIDTH: Final = 100


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = Parser(
        "kmeans-tui article",
        "Run the experiments of the article behind this program and judge its claims.",
    )
    parser.add_json()
    given = parser.parse_args(words)

    from kmeans_tui.analysis.article.claims import claims
    from kmeans_tui.data.catalogue import load_data

    try:
        with Narration() as narration:
            found = claims(
                load_data,
                progress=lambda said: narration.say(f"{said.doing} of W{said.total}"),
            )
    except ValueError as error:
        refuse(str(error))
        return UNUSABLE
    if given.json:
        print_json(document(found))
    else:
        print_lines(lines(found))
    return DONE


def document(claims: "Sequence[Claim]") -> dict[str, Any]:
    """Return the claims, ready for ``json.dumps``."""
    return {"claims": [asdict(each) for each in claims], "version": __version__}


def lines(claims: "Sequence[Claim]") -> Iterator[str]:
    """Yield the lines on each claim: the claim, the measurement, whether it holds, and why."""
    for each in claims:
        told = (
            ("says", each.claim),
            ("gives", each.measured),
            ("holds" if each.holds else "fails", each.why),
        )
        for number, (word, text) in enumerate(told):
            head = f"{each.id if number == 0 else '':<5}{word:<10}"
            yield from textwrap.wrap(
                text, _WIDTH, initial_indent=head, subsequent_indent=" " * len(head)
            )
        yield ""
    held = sum(each.holds for each in claims)
    yield f"{held} of {len(claims)} claims hold"
