"""A report as Markdown, a line at a time."""

from collections.abc import Iterable, Iterator, Mapping

from kmeans_tui.export.report.blocks import (
    Block,
    Bullets,
    Emphasis,
    Illustration,
    Inline,
    Linked,
    Paragraph,
    Shell,
    Strong,
    Tabular,
    Title,
)
from kmeans_tui.words import markdown, markdown_cell, printable


def lines(blocks: Iterable[Block], figures: Mapping[str, str]) -> Iterator[str]:
    """Yield the report; ``figures`` are the files that show an item. Others are left out."""
    first = True
    for block in blocks:
        found = list(_lines(block, figures))
        if found and not first:
            yield ""
        first = first and not found
        # Once more, so that nothing can end its line or steer a terminal.
        yield from map(printable, found)


def _lines(block: Block, figures: Mapping[str, str]) -> Iterator[str]:
    match block:
        case Title():
            yield f"{'#' * block.level} {markdown(block.text)}"
        case Paragraph():
            yield "".join(_inline(each, at) for at, each in enumerate(block.parts))
        case Bullets():
            yield from (f"- {markdown(each)}" for each in block.items)
        case Tabular():
            yield from _table(block)
        case Illustration():
            if block.item in figures:
                yield f"![{markdown(block.about)}]({figures[block.item]})"
                if block.caption:
                    yield ""
                    yield markdown(block.caption)
        case Shell():
            # One line each, so that none can end the code block.
            yield from ("```sh", *map(printable, block.lines), "```")


def _inline(part: Inline, at: int) -> str:
    match part:
        case Strong():
            return f"**{markdown(part.text)}**"
        case Emphasis():
            return f"*{markdown(part.text)}*"
        case Linked():
            return f"[{markdown(part.file)}]({part.file})"
    # Only at the beginning of its line can a text begin a list.
    return markdown(part) if at == 0 else markdown_cell(part).replace("\\|", "|")


def _table(table: Tabular) -> Iterator[str]:
    yield f"| {' | '.join(map(markdown_cell, table.heads))} |"
    left = {0, *table.wordy}
    rules = (" --- " if at in left else " ---: " for at in range(len(table.heads)))
    yield f"|{'|'.join(rules)}|"
    for at, row in enumerate(table.rows):
        first, *rest = map(markdown_cell, row)
        yield f"| {' | '.join([f'**{first}**' if at == table.bold else first, *rest])} |"
