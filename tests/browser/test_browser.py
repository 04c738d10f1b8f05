"""The browser of the tests runs pages from a file."""

from pathlib import Path
from typing import Any


def test_a_page_opens_from_a_file(chromium: Any, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<!doctype html><title>a page</title><p id=p>1</p>", encoding="utf-8")
    page = chromium.new_page()
    page.goto(path.as_uri())
    assert page.title() == "a page"
    assert page.evaluate("document.getElementById('p').textContent") == "1"
    page.close()
