"""A script as a Jupyter notebook: plain JSON of nbformat 4.5."""

import json
from collections.abc import Sequence
from typing import Any

from kmeans_tui.export.code.script import Section
from kmeans_tui.words import markdown


def text(sections: Sequence[Section]) -> str:
    """Return the notebook, with a text cell and a code cell for each section."""
    cells: list[dict[str, Any]] = []
    for number, section in enumerate(sections):
        head = "#" if number == 0 else "##"
        cells.append(_cell(f"text-{number}", "markdown", f"{head} {markdown(section.title)}"))
        cells.append(_cell(f"code-{number}", "code", section.code))
    cells.append(
        _cell("figure", "code", 'from IPython.display import Image\n\nImage("iterations.png")')
    )
    notebook = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _cell(name: str, kind: str, source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": name,
        "metadata": {},
        "source": source.splitlines(keepends=True),
    }
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell
