"""The report as one web page and as Markdown: the same facts, and nothing from outside it."""

import base64
import hashlib
import re
from html import unescape
from html.parser import HTMLParser

import pytest

from kmeans_tui.cli import main
from kmeans_tui.export.items import Item
from kmeans_tui.headless import report

QUICK = ("-k", "3", "--k-max", "3", "--runs", "1")


class Tags(HTMLParser):
    """The tags with their attributes, and the text between them."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A table of prices with gaps, and its report in both forms."""
    folder = tmp_path_factory.mktemp("report")
    cells = [
        f"{i},{1_000_000 + 77_600 * (i % 3) + 500 * (i % 7)},{20 + 15 * (i % 3) + i % 4},"
        f"{'' if i == 8 else 3 + (i * i) % 11},0"
        for i in range(90)
    ]
    (folder / "houses.csv").write_text("number,price,age,visits,empty\n" + "\n".join(cells) + "\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        words = ("report", "houses.csv", *QUICK, "--scale", "standard", "--out")
        assert main([*words, "r.html"]) == 0
        assert main([*words, "r.md"]) == 0
    return folder


@pytest.fixture
def page(folder):
    return (folder / "r.html").read_text()


def test_the_page_needs_nothing_and_runs_nothing(page):
    found = Tags(page)
    tags = {tag for tag, _ in found.tags}
    assert not tags & {"script", "link", "iframe", "object", "form", "a", "base"}
    (policy,) = (a["content"] for t, a in found.tags if a.get("http-equiv"))
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:;")
    assert "url(" not in style
    assert "@import" not in style
    assert not any("style" in attrs for _, attrs in found.tags), "the policy forbids them"
    sources = [a.get("src") or a.get("srcset") for t, a in found.tags if t in ("img", "source")]
    assert len(sources) == 6
    for each in sources:
        kind, _, data = each.partition(";base64,")
        assert kind == "data:image/svg+xml"
        assert b"<svg" in base64.b64decode(data)
    assert all(attrs["alt"] for tag, attrs in found.tags if tag == "img")


def test_both_forms_say_the_same(folder, page):
    words = re.compile(r"[\w.,%+-]+")
    body = page.partition("<main>")[2]
    # What a file looks like differs: a figure is only in the page, and so are its names.
    shown = words.findall(unescape(re.sub(r"<[^>]*>", " ", re.sub(
        r"<figure>.*?</figure>", "", body, flags=re.DOTALL))))  # fmt: skip
    marked = (folder / "r.md").read_text()
    marked = re.sub(r"^\|[ :|-]+\|$|^#+|^```(sh)?$|^- ", "", marked, flags=re.MULTILINE)
    told = words.findall(re.sub(r"\\(?=[!-/:-@\[-`{-~])|\*+(?! )|\| ?", " ", marked))
    both = [[each for each in found if each.strip("-")] for found in (shown, told)]
    assert "".join(both[0]).replace("r.html", "r.md") == "".join(both[1])


def test_the_headline_the_prices_and_the_zeros(folder):
    text = (folder / "r.md").read_text()
    assert "**3 clusters** in 89 of 90 rows (1 left out: gaps in visits), by 4 features" in text
    assert re.search(r"^\| price \| 1,000,000 \| 1,07\d,\d{3} \| 1,158,200 \|", text, re.MULTILINE)
    assert "e+0" not in text
    assert len(re.findall(r"^\| empty \| 0 \| 0 \| 0 \| - \|$", text, re.MULTILINE)) == 3


def test_flags_stand_at_the_end_only(folder):
    told, _, again = (folder / "r.md").read_text().partition("## How this was made")
    assert " --" not in re.sub(r"^\|.*", "", told, flags=re.MULTILINE)
    assert "empty has one value only: standardised, it is 0 everywhere." in told
    assert "kmeans-tui report houses.csv" in again


def test_the_picture_and_the_axes_that_are_asked_for(folder, page, monkeypatch, capsys):
    caption = unescape(re.search(r"<figcaption>(.*?)</figcaption>", page)[1])
    assert caption.startswith("The rows by price and age, the two features that tell")
    monkeypatch.chdir(folder)
    words = ("report", "houses.csv", *QUICK, "--axes", "visits,age", "--out", "axes.html")
    assert main([*words]) == 0
    axes = (folder / "axes.html").read_text()
    assert "figcaption>" not in axes
    assert re.findall(r"--axes ([\w,]+)", axes.partition("<pre>")[2]) == ["visits,age"] * 2


def test_an_image_and_a_recording_are_no_built_in_sets(tmp_path, monkeypatch, capsys):
    from PIL import Image

    monkeypatch.chdir(tmp_path)
    Image.linear_gradient("L").resize((12, 9)).convert("RGB").save("photo.png")
    assert main(["export", "image:photo.png", *QUICK[:2], "--what", "run", "--out", "run"]) == 0
    for data in ("image:photo.png", "run/run.json"):
        capsys.readouterr()
        assert main(["report", data, *QUICK]) == 0
        assert "The pixels of an image: the colours of 12 × 9 pixels." in capsys.readouterr().out
    assert main(["report", "iris", *QUICK]) == 0
    assert "A built-in set: " in capsys.readouterr().out


def test_a_page_that_cannot_be_written_leaves_the_old_one(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    (folder / "old.htm").write_text("old")
    words = ("report", "houses.csv", *QUICK, "--out", "old.htm")
    assert main([*words]) == 1
    assert "old.htm already exists" in capsys.readouterr().err

    def broken(*_):
        raise ValueError("a figure cannot be drawn")

    monkeypatch.setattr(report, "_page", broken)
    assert main([*words, "--force"]) == 1
    assert (folder / "old.htm").read_text() == "old"
    assert not [each for each in folder.iterdir() if each.name.endswith(".part")]


def test_it_is_exported_too(tmp_path, capsys):
    words = ("export", "blobs", "-k", "3", "--k-max", "3", "--runs", "1")
    assert main([*words, "--what", "report,report.md", "--out", str(tmp_path)]) == 0
    assert Item.read("report").form == "html"
    for name in ("report.html", "report.md"):
        text = (tmp_path / name).read_text()
        assert "k = 3 was requested" in text
        assert "kmeans-tui export blobs -k 3" in text
