"""A report as one web page: it needs no network and no script, and no file beside it.

Its style is the file beside this one with the colours of the figures, allowed by its hash; figures
are pictures in the page, light and dark. All texts are made printable and escaped here.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from html import escape
from pathlib import Path
from typing import Final

from kmeans_tui.export.figures.look import DARK, LIGHT, Look
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
from kmeans_tui.words import printable

# Letters of a cell that needs no room of its own.
_SHORT: Final = 8
_PAGE: Final = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{hash}'; \
img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="{software}">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


@dataclass(frozen=True)
class Drawing:
    """One figure for a light and for a dark page, as files of the type ``mime``."""

    mime: str
    light: bytes
    dark: bytes


def page(blocks: Iterable[Block], title: str, software: str, figures: Mapping[str, Drawing]) -> str:
    """Return the page; a figure that is not among ``figures`` is left out."""
    style = _style()
    body = "\n".join(line for block in blocks for line in _lines(block, figures))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _PAGE.format(
        hash=f"sha256-{digest}",
        software=_text(software),
        title=_text(title),
        style=style,
        body=body,
    )


def _style() -> str:
    """Return the style sheet with the colours of the figures."""
    rules = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    dark = f"@media screen and (prefers-color-scheme: dark) {{ {_colours(DARK)} }}"
    return f"\n{_colours(LIGHT)}\n{dark}\n{rules}"


def _colours(look: Look) -> str:
    found = (f"--{each.name}: {getattr(look, each.name)};" for each in fields(look))
    return f":root {{ {' '.join(found)} }}"


def _lines(block: Block, figures: Mapping[str, Drawing]) -> Iterator[str]:
    match block:
        case Title():
            yield f"<h{block.level}>{_text(block.text)}</h{block.level}>"
        case Paragraph():
            yield f"<p>{''.join(map(_inline, block.parts))}</p>"
        case Bullets():
            yield f"<ul>{''.join(f'<li>{_text(each)}</li>' for each in block.items)}</ul>"
        case Tabular():
            yield from _table(block)
        case Illustration():
            if block.item in figures:
                yield from _figure(block, figures[block.item])
        case Shell():
            yield f"<pre>{chr(10).join(map(_text, block.lines))}</pre>"


def _text(text: str) -> str:
    return escape(printable(text))


def _inline(part: Inline) -> str:
    match part:
        case Strong():
            return f"<strong>{_text(part.text)}</strong>"
        case Emphasis():
            return f"<em>{_text(part.text)}</em>"
        case Linked():
            return _text(part.file)
    return _text(part)


def _table(table: Tabular) -> Iterator[str]:
    words = {0, *table.wordy}

    def kind(at: int) -> str:
        return ' class="words"' if at in words else ""

    yield f'<div class="table" {_region(table.about)}><table>'
    heads = (f'<th scope="col"{kind(at)}>{_text(each)}</th>' for at, each in enumerate(table.heads))
    yield f"<thead><tr>{''.join(heads)}</tr></thead><tbody>"
    # Names get some room on a telephone, and a number is not broken in two.
    long = any(len(first) > _SHORT for first, *_ in table.rows)
    named = "words name" if long else "words short"
    for at, (first, *rest) in enumerate(table.rows):
        cells = (f"<td{kind(i)}>{_text(each)}</td>" for i, each in enumerate(rest, 1))
        shown = ' class="bold"' if at == table.bold else ""
        yield f'<tr{shown}><th scope="row" class="{named}">{_text(first)}</th>{"".join(cells)}</tr>'
    yield "</tbody></table></div>"


def _figure(block: Illustration, drawing: Drawing) -> Iterator[str]:
    light, dark = (
        f"data:{drawing.mime};base64,{base64.b64encode(each).decode()}"
        for each in (drawing.light, drawing.dark)
    )
    yield f'<figure><div class="figure {block.item}" {_region(block.about)}><picture>'
    yield f'<source media="screen and (prefers-color-scheme: dark)" srcset="{dark}">'
    yield f'<img src="{light}" alt="{_text(block.about)}"></picture></div>'
    caption = f"<figcaption>{_text(block.caption)}</figcaption>" if block.caption else ""
    yield f"{caption}</figure>"


def _region(about: str) -> str:
    """Return the attributes of what scrolls by itself if it is too wide, by keys too."""
    return f'tabindex="0" role="region" aria-label="{_text(about)}"'
