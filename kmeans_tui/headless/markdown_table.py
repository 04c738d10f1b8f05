"""A table as Markdown, a line at a time."""

from collections.abc import Iterator, Sequence

from kmeans_tui.words import markdown_cell


def table(
    heads: Sequence[str], body: Sequence[Sequence[str]], bold: int | None = None
) -> Iterator[str]:
    """Yield a table of texts; row ``bold``, counted from 0, has its first cell in bold."""
    yield f"| {' | '.join(map(markdown_cell, heads))} |"
    yield f"|{'|'.join([' --- ', *(' ---: ' for _ in heads[1:])])}|"
    for at, row in enumerate(body):
        first, *rest = map(markdown_cell, row)
        yield f"| {' | '.join([f'**{first}**' if at == bold else first, *rest])} |"
