"""Files that claim more than they hold, or unpack to more than any table has."""

import gzip
import io
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import namedtuple

import numpy as np
import pytest

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading import spool
from kmeans_tui.data.reading.files import open_file


def refusal(path, content=None):
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError) as refused:
        open_file(str(path))
    said = str(refused.value)
    assert "\n" not in said
    return said


def array(shape, kind, body=80):
    with io.BytesIO() as file:
        header = {"descr": kind, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_2_0(file, header)
        return file.getvalue() + bytes(body)


ARRAYS = {
    "more than there is": ((10**18,), "<f8", 80, "is cut short"),
    "values without a size": ((10**18,), "|S0", 80, "of memory"),
    "no rows and a billion columns": ((0, 10**9), "<f8", 80, "is empty"),
    "a million columns": ((2, 10**6), "|i1", 2 * 10**6, "1,000,000 columns; the limit"),
    "a negative shape": ((-5, 2), "<f8", 80, "damaged"),
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(("shape", "kind", "body", "says"), ARRAYS.values(), ids=ARRAYS)
def test_arrays(tmp_path, shape, kind, body, says, packed):
    content = array(shape, kind, body)
    if packed:
        with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("X.npy", content)
        assert says in refusal(tmp_path / "a.npz")
    else:
        assert says in refusal(tmp_path / "a.npy", content)


def test_an_archive_of_something_else(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "damaged or not a numpy array" in refusal(tmp_path / "a.npz")


# Packed files.


def test_a_small_packed_file_needs_no_room_to_speak_of(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 1_000_000))
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"x,y\n" + b"1,2\n3,4\n" * 20))
    assert open_file(str(path)).n == 40


def bomb(path, megabytes, line=b"1,2\n"):
    block = gzip.compress(line * ((16 << 20) // len(line)))
    path.write_bytes(gzip.compress(b"x,y\n") + block * (megabytes // 16))
    return path


def test_a_bomb_is_refused_early(tmp_path):
    path = bomb(tmp_path / "a.csv.gz", 16_000)
    began = time.monotonic()
    assert "no table compresses so well" in refusal(path)
    assert time.monotonic() - began < 30


def test_what_fills_the_disk(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 1_000_000))
    monkeypatch.setattr(spool, "_STEP", 1 << 20)
    monkeypatch.setattr(spool, "_MOST_TIMES_PACKED", 10_000)
    said = refusal(bomb(tmp_path / "a.csv.gz", 32))
    assert f"does not fit into {tempfile.gettempdir()}, which has 1 MB left" in said


def test_what_fills_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "_STEP", 1 << 20)
    monkeypatch.setattr(spool, "_MOST_TIMES_PACKED", 10_000)
    monkeypatch.setattr("kmeans_tui.data.reading.memory.available", lambda: 1 << 20)
    assert "but only 1.0 MB of memory are free" in refusal(bomb(tmp_path / "a.csv.gz", 32))


# Lines and columns.


def test_lines_that_no_table_has(tmp_path):
    says = "longer than 2,000,000 bytes"
    assert says in refusal(tmp_path / "a.csv", b"a" * (20 << 20))
    assert says in refusal(tmp_path / "b.csv", b"x,y\n1,2\n" + b"7" * (9 << 20))
    assert says in refusal(tmp_path / "c.csv", b"x y\n1 2\n" * 20 + b"7" * (9 << 20) + b"\n1 2")
    assert says in refusal(tmp_path / "d.csv", b"x,y_\r" + b"1,2\r" * 9 + b"7" * (9 << 20) + b"\r")
    assert says in refusal(tmp_path / "e.csv", b",".join(b"c%d" % i for i in range(1_500_000)))


def test_a_long_line_that_a_table_may_have(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x,s\n" + "\n".join(f"{i},{'a' * 500_000}" for i in range(8)))
    assert open_file(str(path)).n == 8


JSONS = {
    "lists in lists": b"[" * 10**6 + b"]" * 10**6,
    "objects in objects": b'{"x":' * 10**6 + b"1" + b"}" * 10**6,
    "lists in a cell": b'{"x": 1, "y": ' + b"[" * 3000 + b"]" * 3000 + b"}\n",
    "a long text": b'{"x": 1, "s": "' + b"a" * (40 << 20) + b'"}\n',
    "keys without end": "\n".join(
        json.dumps({f"k{i * 1000 + j}": 1 for j in range(1000)}) for i in range(20)
    ).encode(),
}


@pytest.mark.parametrize("content", JSONS.values(), ids=JSONS)
def test_json(tmp_path, content):
    said = refusal(tmp_path / "a.jsonl", content)
    assert any(each in said for each in ("not JSON", "no objects", "more than"))


def varint(number):
    number, found = number << 1, bytearray()  # zigzag
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    return bytes([*found, number])


@pytest.mark.parametrize("claim", [2**40, 2**62 - 1])
def test_parquet_that_claims_too_many_rows(tmp_path, claim):
    import duckdb

    path = tmp_path / "a.parquet"
    duckdb.connect().execute(
        f"COPY (SELECT range AS x, random() AS y FROM range(123457)) TO '{path}'"
    )
    content = path.read_bytes()
    length = int.from_bytes(content[-8:-4], "little")
    footer = content[-8 - length : -8]
    assert varint(123457) in footer
    lies = footer.replace(varint(123457), varint(claim))
    body = content[: -8 - length] + lies + len(lies).to_bytes(4, "little") + b"PAR1"
    said = refusal(path, body)
    assert "of memory" in said or "damaged" in said


def test_arrow_that_was_cut_or_garbled(tmp_path):
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import feather

    path = tmp_path / "a.feather"
    feather.write_feather(arrow.table({"x": np.arange(1000.0)}), str(path), compression="lz4")
    content = path.read_bytes()
    rng = np.random.default_rng(0)
    for _ in range(15):
        garbled = bytearray(content)
        for at in rng.integers(8, len(content), 4):
            garbled[at] = rng.integers(256)
        (tmp_path / "b.feather").write_bytes(garbled)
        try:
            assert open_file(str(tmp_path / "b.feather")).n > 0
        except DataError as error:
            assert "\n" not in str(error)  # noqa: PT017


# The whole program, with a limit or a signal.


def command(*words, **named):
    return [sys.executable, "-m", "kmeans_tui", *words]


@pytest.mark.parametrize("kilobytes", [250_000, 400_000, 600_000])
@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "a.csv.gz"])
def test_few_addresses_are_a_sentence(tmp_path, kilobytes, name):
    import duckdb

    path = tmp_path / name
    if name == "a.parquet":
        duckdb.connect().execute(f"COPY (SELECT range AS x FROM range(9)) TO '{path}'")
    else:
        rows = b"x,y\n1,2\n3,4\n5,7\n"
        path.write_bytes(gzip.compress(rows) if name.endswith("gz") else rows)

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (kilobytes * 1024, kilobytes * 1024))

    done = subprocess.run(
        command("run", str(path)), preexec_fn=limit, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert done.stderr.count("\n") == 1
    assert "memory" in done.stderr


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    """Tables that take seconds to read, by name."""
    folder = tmp_path_factory.mktemp("long")
    rows = "\n".join(
        ",".join(f"{v:.6f}" for v in row)
        for row in np.random.default_rng(0).normal(size=(5_000, 10))
    )
    header = ",".join(f"x{i}" for i in range(10))
    content = (header + "\n" + (rows + "\n") * 100).encode()
    (folder / "a.csv").write_bytes(content)
    (folder / "a.csv.gz").write_bytes(gzip.compress(content, 1))
    return folder


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
@pytest.mark.parametrize("moment", ["unpacking", "querying"])
def test_a_signal_while_a_file_is_read(long, tmp_path, name, number, code, moment):
    """It sends itself the signal from within, so that it always comes while it reads."""
    place = "spool._written" if moment == "unpacking" else "query.Database.arrays"
    program = (
        "import os, sys, threading, time\n"
        "from kmeans_tui.data.reading import query, spool\n"
        "def later():\n"
        "    time.sleep(0.15)\n"
        f"    os.kill(os.getpid(), {int(number)})\n"
        f"before = {place}\n"
        "def hooked(*a, **b):\n"
        "    threading.Thread(target=later, daemon=True).start()\n"
        "    return before(*a, **b)\n"
        f"{place} = hooked\n"
        "from kmeans_tui.cli import main\n"
        f"sys.exit(main(['run', {str(long / name)!r}, '--max-iterations', '1']))\n"
    )
    if moment == "unpacking" and name == "a.csv":
        pytest.skip("it is not unpacked")
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert time.monotonic() - began < 30
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")
    assert list(tmp_path.iterdir()) == []
