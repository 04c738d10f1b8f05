"""The page of the player: what is allowed in it, what it holds, how large it is."""

import base64
import csv
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import chain

import numpy as np
import pytest

from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.command import Options
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.export import bundle
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.player.web_page import MOST_POINTS, page, sample
from kmeans_tui.export.work import Work
from tests.export.player.test_packing import unpacked
from tests.exporting import request_of

HOSTILE = (
    "</script><script>alert(1)</script>", "<!--<script>", "'\"><img src=x onerror=alert(1)>",
    "@@run@@", "a\u202eb\u2066c", "\x1b[31m\x07\x00", "\u2028\u2029", "]]>&amp;&#60;", "$&$`\\1",
)  # fmt: skip


class Parts(HTMLParser):
    """The elements of a page, their attributes, and the text in each kind of element."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.texts, self._open = [], {}, []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag):
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data):
        self.texts.setdefault(self._open[-1] if self._open else "", []).append(data)


def work_of(folder, options=None, **fields):
    return Work(request_of(folder, "player", options=options, **fields), "html", lambda i, n: None)


def recording(text):
    """The run in a page."""
    found = re.search(r'<script id="run" type="application/json">(.*?)</script>', text, re.DOTALL)
    return json.loads(found[1])


@pytest.fixture(scope="module")
def blobs(tmp_path_factory):
    work = work_of(tmp_path_factory.mktemp("player"), Options(data="blobs", seed=4))
    return work, page(work)


def digest(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_policy_allows_one_style_and_one_script_by_hash_and_nothing_else(blobs):
    parts = Parts(blobs[1])
    (policy,) = (a["content"] for _, a in parts.elements if a.get("http-equiv"))
    rules = dict(rule.split(maxsplit=1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    (style,) = parts.texts["style"]
    data, script = parts.texts["script"]
    assert rules["style-src"] == digest(style)
    assert rules["script-src"] == digest(script)
    assert json.loads(data)["k"] == 3
    names = [name for _, attributes in parts.elements for name in attributes]
    assert not any(name == "style" or name.startswith("on") for name in names)
    assert [a["href"] for _, a in parts.elements if "href" in a] == ["data:,"]
    assert not any("src" in a or "action" in a for _, a in parts.elements)
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", blobs[1])
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", script)
    assert any("Scripts are turned off" in text for text in parts.texts["p"])


def test_it_says_where_it_comes_from(blobs):
    work, text = blobs
    shown = " ".join(chain(*Parts(text).texts.values()))
    assert work.source.software in shown
    assert work.source.command in shown
    assert work.source.digest in shown
    assert "k = 3 · random, seed 4 · at most 100 iterations · tolerance 0.0001" in shown


def test_the_numbers_are_the_runs(blobs):
    work, text = blobs
    run, history, dataset = recording(text), work.made_of.history, work.view.dataset
    assert unpacked(run["inertia"]).tobytes() == history.half_step_inertia.tobytes()
    assert (unpacked(run["sizes"]) == history.sizes.ravel()).all()
    assert unpacked(run["centroids"]).tobytes() == history.centroids.tobytes()
    assert (unpacked(run["shifts"]) == history.shifts.ravel()).all()
    assert (unpacked(run["places"]) == dataset.project(history.centroids).ravel()).all()
    values = [unpacked(each) for each in run["points"]["values"]]
    assert (np.column_stack(values) == dataset.points).all()
    assert np.allclose(unpacked(run["shares"]).reshape(-1, 3).sum(axis=1), 1)


@pytest.mark.parametrize("words", ["wine", "moons", "digits"])
def test_points_are_given_as_they_were_clustered(tmp_path, words):
    options = Options(data=words, k=3, scale="standard")
    work = work_of(tmp_path, options)
    points = recording(page(work))["points"]
    found = [unpacked(each) for each in points["clustered"] or points["values"]]
    assert (np.column_stack(found) == work.view.dataset.points).all()


def test_hostile_names_stay_texts(tmp_path):
    columns = tuple(f"{each}{i}" for i, each in enumerate(HOSTILE))
    table = np.arange(12.0 * len(columns)).reshape(12, -1) % 7
    cells = np.array([HOSTILE[i % len(HOSTILE)] for i in range(12)], dtype=object)
    truth = np.arange(12) % 2
    dataset = Dataset(
        "".join(HOSTILE), table, columns, labels={HOSTILE[0]: cells}, truth=truth,
        truth_names=HOSTILE[:2], axes=columns[:2],
    )  # fmt: skip
    history = KMeans(2, random_state=0).fit(dataset.points).history
    request = replace(
        request_of(tmp_path, "player"),
        dataset=dataset, history=history, command=f"kmeans-tui export '{''.join(HOSTILE)}'",
    )  # fmt: skip
    text = page(Work(request, "html", lambda i, n: None))
    parts, plain = Parts(text), Parts(page(work_of(tmp_path)))
    assert [tag for tag, _ in parts.elements] == [tag for tag, _ in plain.elements]
    assert all(each.isprintable() or each == "\n" for each in text)
    assert len(parts.texts["script"]) == 2
    assert recording(text)["points"]["texts"][0]["texts"][0] == HOSTILE[0]
    assert "<script>alert(1)</script>" in parts.texts["h1"][0]


def test_it_is_small(blobs, tmp_path):
    _, text = blobs
    held = re.search(r'type="application/json">(.*?)</script>', text, re.DOTALL)
    assert len(text.encode()) - len(held[1]) < 60_000
    # From one end of a row of points, centroids walk for long.
    points = np.sort(np.random.default_rng(3).normal(size=(300, 2)), axis=0)
    history = KMeans(8, 20, init=points[:8]).fit(points).history
    assert history.iterations == 20
    dataset = Dataset("three hundred", points, ("x", "y"))
    request = replace(request_of(tmp_path, "player"), dataset=dataset, history=history)
    assert len(page(Work(request, "html", lambda i, n: None))) < 250_000


def test_twenty_thousand_points_are_all_there_and_more_are_sampled(tmp_path):
    rng = np.random.default_rng(1)
    whole = rng.normal(size=(MOST_POINTS + 5000, 2))
    for n, scale in ((MOST_POINTS, "standard"), (len(whole), "none")):
        dataset = Dataset("many", whole[:n], ("x", "y"), scale=scale)
        fitted = KMeans(8, max_iterations=100, tolerance=0, random_state=0).fit(dataset.points)
        request = request_of(tmp_path, "player")
        request = replace(request, dataset=dataset, history=fitted.history)
        text = page(Work(request, "html", lambda i, n: None))
        assert len(text) < 2_000_000
        run = recording(text)
        assert len(unpacked(run["plane"]["at"])) == 2 * MOST_POINTS
        assert run["n"] == n
        said = "20,000 of 25,000 points are drawn, chosen at random (seed 0); all numbers are of"
        assert run["sampled"].startswith(said if n > MOST_POINTS else "")
        assert bool(run["sampled"]) == (n > MOST_POINTS)
        assert unpacked(run["sizes"])[:8].sum() == n
    numbers = unpacked(run["points"]["numbers"])
    values = unpacked(run["points"]["values"][0])
    assert (whole[numbers - 1, 0] == values).all()


def test_the_sample_is_seeded_and_smaller_for_many_features():
    assert sample(10, 3).tolist() == list(range(10))
    first, again = sample(1_000_000, 2), sample(1_000_000, 2)
    assert (first == again).all()
    assert len(np.unique(first)) == MOST_POINTS
    assert len(sample(20_000, 64)) == 6250
    assert len(sample(5, 10**7)) == 1


def test_rows_of_a_file_have_their_numbers_and_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with open("rows.csv", "w", newline="") as file:
        rows = [("a", "b", "city"), (1, 2, "Ulm"), ("", 3, "x"), (5, 6, "Kyō"), (7, 9, "Ulm")]
        csv.writer(file).writerows(rows)
    points = recording(page(work_of(tmp_path, Options(data="rows.csv", k=2))))["points"]
    assert points["features"] == ["a", "b"]
    assert unpacked(points["numbers"]).tolist() == [1, 3, 4]
    (city,) = points["texts"]
    assert [city["texts"][i] for i in unpacked(city["which"])] == ["Ulm", "Kyō", "Ulm"]


@pytest.mark.parametrize("factor", [1e13, 1e-12, 1e140])
def test_any_scale_makes_a_page(tmp_path, factor):
    points = np.random.default_rng(0).normal(size=(30, 2)) * factor
    for each in (points, points[:, :1], np.tile(points[:1], (3, 1))):
        dataset = Dataset("scaled", each, ("x", "y")[: each.shape[1]])
        history = KMeans(1, random_state=0).fit(dataset.points).history
        request = replace(request_of(tmp_path, "player"), dataset=dataset, history=history)
        assert recording(page(Work(request, "html", lambda i, n: None)))["n"] == len(each)


def test_it_is_written_whole_or_not_at_all(tmp_path):
    request = request_of(tmp_path, "player", settings=Appearance(look="dark"))
    (path,) = bundle.write(request).paths
    assert path.name == "player.html"
    assert recording(path.read_text(encoding="utf-8"))["dark"]
    before = path.read_bytes()
    again = replace(request, force=True)
    written = bundle.write(again, lambda said: said.frame < 3)
    assert (written.paths, written.complete) == ((), False)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["player.html"]
