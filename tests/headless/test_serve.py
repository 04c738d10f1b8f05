"""``kmeans-tui serve``: what it refuses, and a real server with visitors."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest

from kmeans_tui.cli import main
from tests.served import Served, children, soon
from tests.terminal import Screen

aiohttp = pytest.importorskip("aiohttp")

# --- what it refuses -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["nowhere.csv"], 1, "there is no file nowhere.csv"),
        (["iris", "-k", "151"], 1, "k = 151 clusters need 151 rows"),
        (["iris", "--sheet", "2"], 1, "--sheet applies only to your own files"),
        (["iris", "--features", "nothing"], 1, "nothing"),
        (["broken.csv"], 1, "broken.csv"),
        (["iris", "--centroids", "1,2,3 4,5,6"], 1, "--centroids gives 3 values"),
        (["iris", "--theme", "mauve"], 2, "'mauve' is not a theme"),
        (["iris", "--lesson", "99"], 2, "there is no lesson '99'"),
        (["-"], 2, "standard input cannot be served"),
        (["iris", "--port", "70000"], 2, "70000 is no port"),
        (["iris", "--visitors", "0"], 2, "0 is below 1"),
        (["iris", "--memory", "5"], 2, "5 MB are too few"),
        (["iris", "--idle", "0"], 2, "0 is not above 0"),
        (["iris", "--idle", "nan"], 2, "nan is not above 0"),
        (["iris", "--allow-host", "http://a"], 2, "'http://a' is no name of a host"),
        (["iris", "--host", "host.invalid"], 1, "host.invalid is no address of this computer"),
    ],
)
def test_what_cannot_be_served_is_refused(words, code, said, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    tmp_path.joinpath("broken.csv").write_text("a,b\nred,green\nblue,red\n")
    # Nobody ever listens.
    monkeypatch.setattr(socket.socket, "listen", lambda *_: pytest.fail("it listens"))
    try:
        found = main(["serve", "--port", "0", *words])
    except SystemExit as ending:
        found = ending.code
    out, err = capfd.readouterr()
    assert (found, out) == (code, "")
    assert said in err
    assert err.startswith("kmeans-tui: ")
    assert err.count("\n") == 1


def test_a_taken_port_is_one_sentence(capfd):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert main(["serve", "iris", "--port", str(port)]) == 1
    out, err = capfd.readouterr()
    said = "choose another with --port, or any free one with --port 0"
    assert (out, err) == ("", f"kmeans-tui: port {port} is in use: {said}\n")


def test_without_its_library_it_names_the_extra(monkeypatch, capfd):
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(["serve", "iris"]) == 1
    assert "kmeans-tui[web]" in capfd.readouterr().err


def test_the_help_says_the_limits(capfd):
    with pytest.raises(SystemExit):
        main(["serve", "--help"])
    text = capfd.readouterr().out
    for part in ("--visitors", "(8)", "--memory", "(2000)", "--idle", "(15)", "--allow-host"):
        assert part in text


# --- a real server -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Three visitors at a time see a table that lies in a private folder."""
    folder = tmp_path_factory.mktemp("private")
    rows = [f"{x % 7 + 10 * (x % 3)},{x % 5 - 4 * (x % 3)}" for x in range(60)]
    folder.joinpath("customers.csv").write_text("spending,visits\n" + "\n".join(rows) + "\n")
    with Served(folder, str(folder / "customers.csv"), "-k", "3", "--visitors", "3") as server:
        yield server


class Page:
    """What a page does, without a browser: it sends keys and shows what comes."""

    def __init__(self, websocket):
        self.websocket = websocket
        self.screen = Screen(100, 30)
        self.others = []
        self._reads = asyncio.create_task(self._read())

    async def _read(self):
        async for message in self.websocket:
            if message.type is aiohttp.WSMsgType.BINARY:
                self.screen.feed(message.data)
            else:
                self.others.append(json.loads(message.data))

    async def send(self, *message):
        await self.websocket.send_str(json.dumps(message))

    async def press(self, keys):
        await self.send("stdin", keys)

    @property
    def text(self):
        return "\n".join(self.screen.text())

    async def shows(self, *parts):
        """Wait until all this is on the screen."""
        for _ in range(800):
            if all(part in self.text for part in parts):
                return
            assert not self._reads.done(), (self.websocket.close_code, self.text)
            await asyncio.sleep(0.05)
        raise AssertionError(f"never came: {parts}\n{self.text}")

    async def over(self):
        """Wait until the server closes it; why."""
        await asyncio.wait_for(self._reads, 40)
        return self.websocket.close_code


def entry(server, **headers):
    """Address and headers of a visit."""
    return {
        "url": f"{server.address}/ws?width=100&height=30",
        "headers": {"Origin": server.address, **headers},
    }


@asynccontextmanager
async def visiting(server):
    async with aiohttp.ClientSession() as session, session.ws_connect(**entry(server)) as websocket:
        yield Page(websocket)
        await websocket.close()


async def until(true):
    for _ in range(400):
        if true():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("never came")


async def test_three_visitors_each_have_a_run_and_a_fourth_is_told(served):
    async with visiting(served) as first:
        async with visiting(served) as second, visiting(served) as third:
            pages = (first, second, third)
            for page in pages:
                await page.shows("customers.csv", "k=3", "iteration 0 of")
            await first.press("n")
            await second.press("+")
            await first.shows("seed 43", "k=3")
            await second.shows("k=4", "seed 42")
            await third.shows("k=3", "seed 42")
            assert len(served.visits) == 3
            assert len(set(served.folder.glob("tmp/kmeans-tui-*/*/customers.csv"))) == 4
            async with visiting(served) as fourth:
                assert await fourth.over() == 4001
            assert len(served.visits) == 3
            # The path of the table is nowhere, not in the copied command either.
            await first.press("y")
            await first.shows("copied: kmeans-tui customers.csv")
            await third.press("5")
            await third.shows("served", "customers.csv", "60 rows")
            await third.press("p")
            await third.shows("no other files")
            for page in pages:
                shown = page.text + " ".join(page.screen.commands)
                assert str(served.folder) not in shown
                assert "type a path" not in shown
        # Two have left; the first goes on.
        await until(lambda: len(served.visits) == 1)
        await first.press("N")
        await first.shows("seed 42")
    await until(lambda: not served.visits)
    assert not list(served.folder.glob("tmp/kmeans-tui-*/[0-9]*"))


async def test_nonsense_from_a_page_ends_nothing(served):
    async with visiting(served) as page:
        await page.shows("iteration 0 of")
        for each in (
            ["resize", {"width": 100_000, "height": 100_000}], ["resize", {"width": "x"}],
            ["resize", {"width": 1e400, "height": -3}], ["resize", 3], ["stdin", 5], ["stdin"],
            ["stdin", "\ud800"], ["stdin", "\x1b[<9999999999;1;1M\x1b[\x1b\x1b["], [], {}, "x",
            None, ["quit"], ["deliver_chunk_request", "x"], ["ping", "p" * 500], ["open_url", "x"],
        ):  # fmt: skip
            await page.websocket.send_str(json.dumps(each))
        await page.websocket.send_str("[" * 50_000)
        await page.websocket.send_str("{")
        await page.websocket.send_bytes(b"\xff\xfe")
        await page.send("resize", {"width": 100, "height": 30})
        await asyncio.sleep(0.5)
        await page.press("n")
        await page.shows("seed 43")
        assert page.others == [["pong", "p" * 40]]
        # More than anybody types or pastes.
        await page.press("x" * (1 << 19))
        assert await page.over() == aiohttp.WSCloseCode.MESSAGE_TOO_BIG
    await until(lambda: not served.visits)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": ""},
        {"Origin": "http://127.0.0.1:1"}, {"Origin": "http://localhost"},
        {"Host": "evil.example"}, {"Host": "evil.example", "Origin": "http://evil.example"},
        {"Host": "127.0.0.1:1", "Origin": "http://127.0.0.1:1"},
    ],
)  # fmt: skip
async def test_no_other_page_can_visit(served, headers):
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(**entry(served, **headers))
        assert refused.value.status == 403
        assert not served.visits


async def test_the_page_loads_from_here_alone(served):
    async with aiohttp.ClientSession() as session:
        for path in ("/", "/page.js", "/page.css", "/terminal.js", "/terminal.css", "/font.ttf"):
            async with session.get(served.address + path) as answer:
                assert answer.status == 200
                rules = answer.headers["Content-Security-Policy"]
                assert "default-src 'none'" in rules
                assert "script-src 'self';" in rules
                assert "frame-ancestors 'none'" in rules
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                if path in ("/", "/page.js", "/page.css"):
                    assert "//" not in (await answer.text()).replace("http://", "").replace(
                        "// ", ""
                    )
        async with session.get(served.address, headers={"Host": "evil.example"}) as answer:
            assert answer.status == 403
            assert "--allow-host" in await answer.text()
        async with session.post(served.address) as answer:
            assert answer.status == 405
        async with session.get(served.address + "/ws") as answer:
            assert answer.status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/../../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/page/../page.js", "/static/", "/static/../../server.py", "/page.js/..", "/customers.csv",
        "/download/", "/download/../page.js", "/download/..%2f..%2fetc%2fpasswd", "/download/0",
        "/font.ttf%00", "/index.html", "\\..\\..\\etc\\passwd",
    ],
)  # fmt: skip
async def test_no_path_leads_elsewhere(served, path):
    parts = urlsplit(served.address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    request = f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n"
    writer.write(request.encode())
    answer = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    assert answer.split()[1] in (b"400", b"404")
    assert b"root:" not in answer


async def fetched(session, address, **headers):
    async with session.get(address, headers=headers) as answer:
        return answer.status, await answer.read(), answer.headers


async def test_an_export_is_a_download_and_nothing_stays(served):
    async with visiting(served) as page, aiohttp.ClientSession() as session:
        await page.shows("iteration 0 of")
        await page.press("x")
        await page.shows("labels.csv", "browser's downloads", "enter Download")
        assert "folder" not in page.text
        # The usual ones off, the labels on: one file, which needs no archive.
        for name in ("iterations.png", "iteration-00.png", "animation.gif", "run.json", "labels"):
            await page.press("\x1b[H")
            for _ in range(20):
                if name in marked(page):
                    break
                await page.press("\x1b[B")
                await asyncio.sleep(0.1)
            await page.press(" ")
            await asyncio.sleep(0.1)
        await page.press("\r")
        await page.shows("labels.csv is in your browser's downloads.")
        ((_, key),) = [each for each in page.others if each[0] == "deliver_file_start"]
        address = f"{served.address}/download/{key}"
        for headers in (
            {"Host": "evil.example"}, {"Origin": "http://evil.example"},
            {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
        ):  # fmt: skip
            assert (await fetched(session, address, **headers))[0] == 403
        status, body, headers = await fetched(session, address)
        assert status == 200
        assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''labels.csv"
        assert headers["Content-Type"] == "application/octet-stream"
        assert body.decode().splitlines()[0].startswith("spending,visits")
        assert len(body.decode().splitlines()) == 61
        assert (await fetched(session, address))[0] == 404
        assert not list(served.folder.glob("tmp/kmeans-tui-*/[0-9]*/files/*"))
        assert sorted(each.name for each in served.folder.iterdir()) == [
            "customers.csv", "errors", "tmp",
        ]  # fmt: skip


def marked(page):
    """The line of the dialog that is highlighted, by its background."""
    cells = page.screen.cells()
    rows = [row for row in cells if sum(cell.bg == "0178d4" for cell in row) > 20]
    return "".join(cell.char for cell in rows[0]) if rows else ""


async def test_who_does_nothing_is_told_and_then_leaves(tmp_path):
    with Served(tmp_path, "iris", "--idle", "0.1", "--visitors", "1") as server:
        assert "6 seconds without a key" in server.errors
        async with visiting(server) as page:
            await page.shows("iteration 0 of")
            await page.press("n")
            await page.shows("seed 43")
            await page.shows("No key for long: this ends in")
            assert await page.over() == 4002
        assert soon(lambda: not server.visits)
        async with visiting(server) as page:
            # The place is free again.
            await page.shows("iteration 0 of")
            (visit,) = server.visits
            os.kill(visit, signal.SIGKILL)
            assert await page.over() == 4000


def test_ctrl_c_ends_all(tmp_path):
    async def visit(server):
        async with visiting(server) as page:
            await page.shows("iteration 0 of")
            # The dialog starts a process of its own, which draws.
            await page.press("x")
            await page.shows("enter Download")
            (process,) = server.visits
            workers = children(process)
            assert workers
            server.process.send_signal(signal.SIGINT)
            assert await page.over() == 4000
            return [process, *workers]

    with Served(tmp_path, "iris") as server:
        started = asyncio.run(visit(server))
        assert server.process.wait(20) == 130
        assert "Traceback" not in server.errors
        assert soon(lambda: not any(alive(each) for each in started))
    assert not list(tmp_path.joinpath("tmp").iterdir())


def test_a_server_that_is_killed_leaves_no_visitors(tmp_path):
    async def visit(server):
        async with visiting(server) as page:
            await page.shows("iteration 0 of")
            (process,) = server.visits
            server.process.kill()
            return process

    with Served(tmp_path, "iris") as server:
        process = asyncio.run(visit(server))
        assert soon(lambda: not alive(process))


def alive(process):
    """Whether a process runs; one that is over may still wait for somebody to ask how it ended."""
    found = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False
    )
    state = found.stdout.strip()
    return bool(state) and not state.startswith("Z")


def test_another_host_is_a_warning(tmp_path):
    with Served(tmp_path, "iris", "--host", "0.0.0.0", "--allow-host", "a.example") as server:
        assert server.address.startswith("http://0.0.0.0:")
        assert "warning: all who can reach 0.0.0.0" in server.errors
        assert "no password" in server.errors
