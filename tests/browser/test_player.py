"""The player in a real browser, opened from a file: driven by keys, mouse and finger, and read."""

from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from kmeans_tui.analysis.point import changed, question
from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.command import Options
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.export import bundle
from kmeans_tui.export.figures.look import DARK, LIGHT
from kmeans_tui.export.player.web_page import beside
from kmeans_tui.palette import channels, figure_style
from kmeans_tui.requests.questioning import told
from kmeans_tui.words import amount
from tests.browser.player_still import player_still
from tests.exporting import request_of

PHONE = {"width": 360, "height": 640}
PROJECTOR = {"width": 1200, "height": 760}
HOSTILE = "</script><script>document.title='PWNED'</script><img src=http://x.invalid/a onerror=x>"


def written(folder, options=None, **fields):
    """The address of a player, and the request it was written for."""
    request = replace(request_of(folder, "player", options=options), **fields)
    (path,) = bundle.write(request).paths
    return path.as_uri(), request


def of_points(folder, points, k, **fields):
    dataset = Dataset("points", points, ("x", "y"), **fields)
    history = KMeans(k, random_state=0).fit(dataset.points).history
    return written(folder, dataset=dataset, history=history)


@contextmanager
def seen(chromium, address, **how):
    """A page with the player; at the end nothing was asked of the network or complained about."""
    context = chromium.new_context(**{"viewport": PROJECTOR, "reduced_motion": "reduce", **how})
    page, asked, said = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.set_default_timeout(10_000)
    page.goto(address)
    page.wait_for_selector("#clusters td")
    yield page
    painted(page)
    assert {url for url in asked if not url.startswith("data:,")} == {address}
    assert said == []
    context.close()


def painted(page):
    """Wait for the next frame."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def until(page, expression, argument=None):
    """Wait until it holds: playwright's own way evaluates in the page, which the policy forbids."""
    for _ in range(600):
        if page.evaluate(expression, argument):
            return
        painted(page)
    raise AssertionError(f"never so: {expression}")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)
    painted(page)


def text(page, name):
    return page.evaluate("name => document.getElementById(name).textContent", name)


def moment(page):
    painted(page)
    return int(page.evaluate("document.getElementById('scrub').value"))


def table(page):
    """The cells of the table of clusters."""
    return page.evaluate(
        "[...document.querySelectorAll('#clusters tbody tr')].map(row => "
        "[...row.cells].map(cell => cell.textContent))"
    )


def fits(page):
    return page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


@pytest.fixture(scope="module")
def blobs(tmp_path_factory):
    return written(tmp_path_factory.mktemp("blobs"), Options(data="blobs", seed=4))


def test_the_numbers_of_every_half_step_are_the_runs(chromium, blobs):
    address, request = blobs
    history, dataset = request.history, request.dataset
    with seen(chromium, address) as page:
        assert moment(page) == 0
        assert [row[1] for row in table(page)] == [""] * 3
        assert text(page, "inertia") == ""
        for number in range(2 * history.iterations + 1):
            press(page, ".")
            assert moment(page) == number + 1
            step = history.step(number)
            assert text(page, "inertia") == amount(step.inertia)
            away = ((dataset.points - step.centroids[step.labels]) ** 2).sum(axis=1)
            shares = np.bincount(step.labels, away, 3) / step.inertia
            assert table(page) == [
                [
                    str(c + 1), f"{step.sizes[c]:,}", *(f"{x:.2f}" for x in step.centroids[c]),
                    amount(float(step.shifts[c])) if step.iteration else "", f"{shares[c]:.1%}",
                ]
                for c in range(3)
            ]  # fmt: skip
        assert text(page, "told").endswith("Converged: no centroid moved.")
        assert page.locator("#steps [aria-current]").inner_text().startswith("4 converged?")


def test_keys_mouse_and_the_curve_go_through_the_run(chromium, blobs):
    address, request = blobs
    last = 2 * request.history.iterations + 1
    with seen(chromium, address) as page:
        for key, where in [
            ("End", last), ("Home", 0), ("ArrowRight", 1), ("ArrowRight", 3), ("l", 5), (",", 4),
            ("ArrowLeft", 3), ("h", 1), ("ArrowLeft", 0), ("G", last), ("g", 0), (".", 1),
        ]:  # fmt: skip
            press(page, key)
            assert moment(page) == where, key
        scrub = page.locator("#scrub").bounding_box()
        middle = scrub["y"] + scrub["height"] / 2
        page.mouse.move(scrub["x"] + 10, middle)
        page.mouse.down()
        page.mouse.move(scrub["x"] + scrub["width"] - 2, middle, steps=3)
        page.mouse.up()
        assert moment(page) == last
        # Keys mean what they mean while the bar has the focus.
        press(page, "ArrowLeft")
        assert moment(page) == last - 2
        curve = page.locator("#curve").bounding_box()
        page.mouse.click(curve["x"] + 2, curve["y"] + 20)
        assert moment(page) == 1
        page.click("#on")
        page.click("#steps li:nth-child(4) button")
        assert moment(page) == last
        press(page, ">", ">", ">", ">", ">", ">", "r")
        until(
            page,
            "last => document.getElementById('scrub').value == last "
            "&& document.getElementById('play').ariaLabel == 'Play'",
            last,
        )
        page.click("#play")
        until(page, "document.getElementById('scrub').value > 2")
        press(page, " ")
        assert page.get_attribute("#play", "aria-label") == "Play" or moment(page) == last
        for key, name in [("t", "trails"), ("b", "regions"), ("P", "coming"), ("D", "distances"),
                          ("v", "code"), ("Z", "aspect")]:  # fmt: skip
            before = page.get_attribute(f"#{name}", "aria-pressed")
            press(page, key)
            assert page.get_attribute(f"#{name}", "aria-pressed") != before
        press(page, "g", ".", ".")
        assert text(page, "called") == "the textbook's update"
        assert "moved[j] = X[labels == j].mean(axis=0)" in text(page, "source")
        press(page, "?")
        assert page.locator("#help").is_visible()
        assert "half step back, forward" in page.locator("#help").inner_text()
        press(page, "Escape")
        assert not page.locator("#help").is_visible()


@pytest.mark.parametrize("words", [{"data": "blobs", "seed": 4}, {"data": "wine", "k": 5}])
def test_a_point_says_why_as_in_the_program(chromium, tmp_path, words):
    address, request = written(tmp_path, Options(**words))
    history, dataset = request.history, request.dataset
    last = history.iterations
    rows = {int(changed(history, dataset.points, i).rows[0]) for i in (1, last - 2)}
    with seen(chromium, address) as page:
        for row in rows | {0}:
            page.fill("#find", str(row + 1))
            page.press("#find", "Enter")
            page.press("#find", "Escape")
            for number in (1, 2, 2 * last - 4, 2 * last - 3, 2 * last + 1):
                page.evaluate(
                    "at => { const bar = document.getElementById('scrub'); bar.value = at;"
                    "bar.dispatchEvent(new Event('input')); }",
                    number,
                )
                painted(page)
                updated = number % 2 == 0
                point = question(dataset, history, row, number // 2, updated=updated, judged=False)
                assert text(page, "row") == f"row {row + 1}"
                kind = "update" if updated else "assign"
                assert text(page, "stands") == told(point, kind, 1).lines[0]
                assert text(page, "path") == point.history()
                why = text(page, "why")
                assert bool(why) == bool(point.moves)
                if point.moves:
                    move = point.moves[-1]
                    where = f"from cluster {move.old + 1} to {move.new + 1}"
                    assert why == f"iteration {move.iteration}, {where}: {move.why}"
                    distances = [
                        np.linalg.norm(history[i].centroids[c] - dataset.points[row])
                        for c in (move.old, move.new)
                        for i in (move.iteration - 1, move.iteration)
                    ]
                    shown = page.locator("#moved td").all_inner_texts()
                    assert shown == [amount(float(each)) for each in distances]


def test_the_finger_touches_swipes_and_scrolls(chromium, blobs):
    with seen(chromium, blobs[0], viewport=PHONE, has_touch=True, is_mobile=True) as page:
        press(page, "G")
        box = page.locator("#plot").bounding_box()
        finger = page.context.new_cdp_session(page)

        def drag(dx, dy):
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            kinds = ["touchStart", *["touchMove"] * 8, "touchEnd"]
            for i, kind in enumerate(kinds):
                part = min(i, 8) / 8
                at = [] if kind == "touchEnd" else [{"x": x + part * dx, "y": y + part * dy}]
                finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
            painted(page)

        drag(120, 5)
        assert moment(page) == 28
        drag(-120, 5)
        assert moment(page) == 29
        drag(10, -150)
        until(page, "scrollY > 50")
        assert moment(page) == 29
        # While the page still glides, a finger only halts it.
        before = -1
        while (now := page.evaluate("scrollY")) != before:
            before = now
            page.wait_for_timeout(200)
        page.evaluate("scrollTo(0, 0)")
        until(page, "scrollY === 0")
        painted(page)
        assert not page.locator("#point").is_visible()
        # The point at the far left of the group at the top.
        page.touchscreen.tap(box["x"] + 0.42 * box["width"], box["y"] + 0.13 * box["height"])
        page.wait_for_selector("#point")
        assert text(page, "stands").startswith("cluster 3, margin ")
        small = page.evaluate(
            "[...document.querySelectorAll('button')].filter(each => each.offsetParent)"
            ".map(each => each.getBoundingClientRect()).filter(each => each.height < 44).length"
        )
        assert small == 0


@pytest.mark.parametrize("viewport", [PHONE, PROJECTOR], ids=["phone", "projector"])
@pytest.mark.parametrize(("scheme", "look"), [("light", LIGHT), ("dark", DARK)])
def test_hostile_names_are_texts_and_nothing_is_beside_the_page(
    chromium, tmp_path, viewport, scheme, look
):
    points = np.random.default_rng(0).normal(size=(40, 3)) * 1e5
    names = tuple(f"{HOSTILE}{'long' * 40}{i}\u202e" for i in range(3))
    dataset = Dataset(
        HOSTILE + "x" * 200, points, names, axes=names[:2],
        labels={"point": np.array([HOSTILE + "y" * 90] * 40, object)},
    )  # fmt: skip
    history = KMeans(12, random_state=0).fit(points).history
    address, _ = written(tmp_path, dataset=dataset, history=history)
    with seen(chromium, address, viewport=viewport, color_scheme=scheme) as page:
        for keys in ("", "....", "v", "G"):
            press(page, *keys)
            assert fits(page)
        page.fill("#find", "7")
        page.press("#find", "Enter")
        painted(page)
        assert text(page, "row").startswith("row 7 · </script><script>")
        assert fits(page)
        assert page.title().startswith("</script><script>")
        assert page.locator("img, iframe, main script").count() == 0
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (
            background
            == f"rgb({', '.join(str(int(look.background[i : i + 2], 16)) for i in (1, 3, 5))})"
        )
        assert page.locator("#regions").is_disabled()


def test_many_points_are_drawn_alike_by_any_way(chromium, tmp_path):
    rng = np.random.default_rng(2)
    points = rng.normal(size=(3000, 2))
    address, request = of_points(tmp_path, points, 5)
    picture = "document.getElementById('points').toDataURL()"
    with seen(chromium, address) as page:
        press(page, ".")
        first = page.evaluate(picture)
        press(page, *"." * 9)
        between = page.evaluate(picture)
        press(page, "G", "g", ".")
        assert page.evaluate(picture) == first != between
        # Every pixel of a point far from others has its colour.
        labels = request.history.labels(0)
        shown = np.array(
            page.evaluate(
                "(() => { const c = document.getElementById('points'); "
                "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
                "const n = {}; for (let i = 0; i < d.length; i += 4) if (d[i + 3] == 255) {"
                "const key = [d[i], d[i + 1], d[i + 2]].join(); n[key] = (n[key] || 0) + 1; }"
                "return Object.entries(n).sort((a, b) => b[1] - a[1]).slice(0, 5)"
                ".map(each => each[0]); })()"
            )
        )
        wanted = {",".join(map(str, channels(figure_style(c, "light")[0]))) for c in set(labels)}
        assert set(shown) == wanted


def test_numbers_are_written_as_python_writes_them(chromium):
    code = beside("player.js").partition("// ----")[2].partition("// ----")[0]
    rng = np.random.default_rng(5)
    values = [
        *(
            0.0,
            0.125,
            0.375,
            2.5,
            0.5,
            1.5,
            2.125,
            1.005,
            9.995,
            99.95,
            0.00012345,
            123456.5,
            0.9999,
        ),
        *(999999.5, 1e9, 1.25e9, 9.995e-5, 1e-5, 5e-324, 1e21, 1.7e308, 0.0625, 1234.5, 99999.995),
        *(0.99951, *(10.0 ** rng.uniform(-12, 15, 300)), *(rng.integers(0, 4096, 200) / 64)),
    ]
    values += [-each for each in values]
    page = chromium.new_page()
    plainly = "Math.abs(v) < 1e20 ? fixed(v, 2) : '', Math.abs(v) < 1e20 ? fixed(v, 0) : ''"
    each = f"[amount(v), general(v, 3), general(v, 10), {plainly}]"
    found = page.evaluate(
        f"values => {{ //{code}\n return values.map(v => {each}); }}", list(map(float, values))
    )
    page.close()
    for value, shown in zip(values, found, strict=True):
        plain = abs(value) < 1e20
        # There is no negative zero in the page.
        exact = value or 0.0
        assert shown == [
            *(amount(exact), f"{exact:.3g}", f"{exact:.10g}"),
            *((f"{value:z.2f}", f"{value:z.0f}") if plain else ("", "")),
        ], value


def test_the_still_of_the_readme_can_be_drawn(chromium, tmp_path):
    player_still(chromium, tmp_path / "still.png")
    data = (tmp_path / "still.png").read_bytes()
    assert len(data) < 150_000
    with Image.open(BytesIO(data)) as image:
        assert image.size == (1200, 760)
