"""The served program in a real browser: drawn whole, driven by keys, exports as downloads."""

import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.served import Served, soon
from tests.terminal import Screen

SIZE = {"width": 1200, "height": 760}
# The ground of the theme, in red, green and blue.
GROUND = (18, 18, 18)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve iris to two visitors at a time."""
    folder = tmp_path_factory.mktemp("served")
    with Served(folder, "iris", "--visitors", "2") as server:
        yield server


class Visit:
    """A page of the browser that visits, and the screen as its terminal is told to draw it."""

    def __init__(self, chromium: Any, address: str) -> None:
        self.context = chromium.new_context(viewport=SIZE)
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.faults: list[str] = []
        self.screen = Screen(200, 100)
        self.page.on("request", lambda each: self.requests.append(each.url))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._said)
        self.page.on("websocket", self._opened)
        self.page.goto(address)

    def _said(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(message.text)

    def _opened(self, websocket: Any) -> None:
        self.requests.append(websocket.url)
        websocket.on("framereceived", self._received)

    def _received(self, payload: Any) -> None:
        if isinstance(payload, bytes):
            self.screen.feed(payload)

    def shows(self, *parts: str) -> None:
        """Wait until all this is on the screen."""
        self.wait(lambda: all(part in "\n".join(self.screen.text()) for part in parts), parts)

    def wait(self, true: Callable[[], bool], what: Any = "") -> None:
        """Wait until something is true."""
        end = time.monotonic() + 40
        while not true():
            assert time.monotonic() < end, (what, "\n".join(self.screen.text()))
            self.page.wait_for_timeout(50)

    def press(self, *keys: str) -> None:
        """Press keys on the page, wherever its focus is."""
        for key in keys:
            self.page.keyboard.press(key)

    def told(self) -> str:
        """What the page says once the visit is over."""
        self.page.wait_for_selector("body.-closed #told", timeout=40_000)
        return str(self.page.text_content("#told"))


@pytest.fixture
def visit(chromium: Any, served: Served) -> Iterator[Callable[[], Visit]]:
    """Open pages that are closed at the end."""
    visits: list[Visit] = []

    def begin() -> Visit:
        visits.append(Visit(chromium, served.address))
        return visits[-1]

    yield begin
    for each in visits:
        each.context.close()
    assert soon(lambda: not served.visits)


def colours(image: bytes) -> dict[tuple[int, ...], int]:
    """How many pixels of a screenshot have each colour."""
    import io

    from PIL import Image

    picture = Image.open(io.BytesIO(image)).convert("RGB")
    return {colour: count for count, colour in picture.getcolors(1 << 24) or []}


def test_it_is_driven_by_keys_until_an_export_is_a_download(
    visit: Callable[[], Visit], served: Served
) -> None:
    guest = visit()
    guest.shows("kmeans-tui", "[1 Explore]", "petal length × petal width", "iteration 0 of")
    guest.wait(lambda: guest.page.locator("body.-first-byte").count() == 1)
    # It fills the page, in the colours of the clusters.
    guest.page.wait_for_timeout(500)
    found = colours(guest.page.screenshot())
    assert found[GROUND] > 0.6 * SIZE["width"] * SIZE["height"]
    assert sum(count > 30 for count in found.values()) > 5
    # The page asks for no click first.
    guest.press("ArrowRight")
    guest.shows("iteration 1 of")
    guest.press("y")
    guest.shows("copied: kmeans-tui iris")
    copied = guest.page.evaluate("navigator.clipboard.readText()")
    assert copied == "kmeans-tui iris -k 3 --init random --seed 42 --goto 1"
    # Nor after another window had the keyboard, or a click beside the terminal.
    guest.page.evaluate("document.activeElement.blur(); window.dispatchEvent(new Event('focus'))")
    guest.press("x")
    guest.shows("labels.csv", "enter Download")
    with guest.page.expect_download(timeout=60_000) as download:
        guest.press("Enter")
    assert download.value.suggested_filename == "kmeans-iris-k3-s42.zip"
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "iterations.png", "iteration-01.png", "animation.gif", "run.json",
        ]  # fmt: skip
    guest.shows("is in your browser's downloads")
    # No request has left for anywhere else, and no rule of the page was broken.
    hosts = {url.split("/")[2] for url in guest.requests if not url.startswith("data:")}
    assert hosts == {served.host}
    assert guest.faults == []
    guest.press("q")
    assert guest.told() == "The program has ended."
    # One key begins anew.
    guest.screen = Screen(200, 100)
    guest.press("Enter")
    guest.shows("iteration 0 of")


def test_one_too_many_reads_why_and_others_go_on(
    visit: Callable[[], Visit], served: Served
) -> None:
    first, second = visit(), visit()
    for each in (first, second):
        each.shows("iteration 0 of")
    third = visit()
    assert third.told() == "Sorry, all 2 places are taken: try again later."
    second.page.close()
    assert soon(lambda: len(served.visits) == 1, 10)
    first.press("n")
    first.shows("seed 43")


def test_a_page_elsewhere_cannot_visit(chromium: Any, served: Served) -> None:
    page = chromium.new_page()
    page.set_content("<p>elsewhere</p>")
    address = served.address.replace("http", "ws") + "/ws"
    how = """address => new Promise(done => {
        const socket = new WebSocket(address);
        socket.onopen = () => done("open");
        socket.onerror = () => done("refused");
    })"""
    assert page.evaluate(how, address) == "refused"
    framed = f"<iframe src='{served.address}' onload='this.title = 1'></iframe>"
    page.set_content(framed)
    page.wait_for_timeout(300)
    assert not served.visits
    page.close()
