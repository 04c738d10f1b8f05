"""The notebook: JSON as nbformat 4.5 wants it, whose code is the script's."""

import json
import re

from kmeans_tui.export.code import notebook
from kmeans_tui.export.code.script import Section
from kmeans_tui.words import printable

SECTIONS = [Section("Heading", "import numpy as np\nx = 1"), Section("More", "print(x)")]


def test_it_has_a_cell_of_text_and_one_of_code_for_each_section():
    found = json.loads(notebook.text(SECTIONS))
    assert (found["nbformat"], found["nbformat_minor"]) == (4, 5)
    cells = found["cells"]
    assert [cell["cell_type"] for cell in cells] == ["markdown", "code"] * 2 + ["code"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    for cell in cells:
        assert set(cell) >= {"cell_type", "id", "metadata", "source"}
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None
            compile("".join(cell["source"]), "cell", "exec")
    assert "".join(cells[1]["source"]) == SECTIONS[0].code
    assert "".join(cells[0]["source"]) == "# Heading"


def test_a_title_is_text_and_no_markdown():
    for title in ("*a* <b> [c](d) `e` | $f$ \\g", "a\n# b", "\u2028"):
        cells = json.loads(notebook.text([Section(title, "")]))["cells"]
        text = "".join(cells[0]["source"])
        assert text.startswith("# ")
        assert "\n" not in text
        assert "\u2028" not in text
        bare = re.sub(r"\\[!-/:-@[-`{-~]", "", text[2:])
        assert not set(bare) & set("*<>[]`$\\")
        assert re.sub(r"\\([!-/:-@[-`{-~])", r"\1", text[2:]) == printable(title)
