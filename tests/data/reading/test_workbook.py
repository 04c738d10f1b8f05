"""Workbooks that lie about their size end a process of their own, and not ours."""

import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest

from kmeans_tui.cli import main
from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading import memory, workbook
from kmeans_tui.data.reading.files import open_file

pytest.importorskip("python_calamine")
HOSTILE = Path(__file__).parents[2] / "cases" / "hostile"
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def xlsx(path, cells, dimension="", more=()):
    """A workbook of one sheet with these cells, as XML, by hand; ``more`` files are put in."""
    shutil.copyfile(HOSTILE / "far.xlsx", path)
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["xl/worksheets/sheet1.xml"] = (
        f"<worksheet {_MAIN}>{dimension}<sheetData>{cells}</sheetData></worksheet>".encode()
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in {**parts, **dict(more)}.items():
            new.writestr(name, content)
    return str(path)


def row(number, **cells):
    inside = "".join(f'<c r="{name}{number}"><v>{value}</v></c>' for name, value in cells.items())
    return f'<row r="{number}">{inside}</row>'


SMALL = row(1, A=1, B=2) + row(2, A=3, B=4)


def test_two_cells_far_apart(capsys):
    assert main(["run", str(HOSTILE / "far.xlsx")]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "far.xlsx has too many cells, or cells too far apart" in err
    assert "save the sheet as CSV" in err


FAR = {
    "down and right": row(1, A=1) + row(1048576, XFD=2),
    "right, and every row": "".join(row(i, A=1, XFD=2) for i in range(1, 3000)),
    "beyond what a sheet has": row(1, A=1)
    + '<row r="4294967295"><c r="ZZZZZ4294967295"><v>1</v></c></row>',
    "one of many": "".join(row(i, A=1, B=2) for i in range(1, 99)) + row(1048576, XFD=2),
}


@pytest.mark.parametrize("cells", FAR.values(), ids=FAR)
def test_cells_far_apart(tmp_path, cells):
    path = xlsx(tmp_path / "a.xlsx", cells)
    with pytest.raises(DataError, match=r"far apart|damaged|columns; the limit|memory"):
        open_file(path)


@pytest.mark.parametrize("claim", ["A1:XFD1048576", "A1", "A1:B2", "nonsense", "B2:A1", ""])
def test_a_dimension_that_lies_is_of_no_interest(tmp_path, claim):
    dimension = f'<dimension ref="{claim}"/>' if claim else ""
    path = xlsx(tmp_path / "a.xlsx", SMALL, dimension)
    try:
        assert open_file(path).n == 2
    except DataError as error:
        assert "workbook" in str(error) or "far apart" in str(error)  # noqa: PT017
    if claim in ("A1", "A1:B2", ""):
        assert open_file(path).numbers.tolist() == [[1, 2], [3, 4]]


def test_texts_that_unpack_to_gigabytes(tmp_path):
    bomb = [("xl/sharedStrings.xml", b"<si><t>a</t></si>" * 5_000_000)]
    with pytest.raises(DataError, match=r"claims to unpack to 85 MB from 0\.\d MB"):
        open_file(xlsx(tmp_path / "a.xlsx", SMALL, more=bomb))


def test_a_bomb_that_hides_its_size(tmp_path):
    """The table of contents says a byte; the reader finds out, within its limits."""
    path = tmp_path / "a.xlsx"
    xlsx(path, SMALL, more=[("xl/sharedStrings.xml", b"<si><t>a</t></si>" * 5_000_000)])
    content = path.read_bytes()
    size = (85_000_000).to_bytes(4, "little")
    assert content.count(size) == 2
    path.write_bytes(content.replace(size, (1).to_bytes(4, "little")))
    try:
        assert open_file(str(path)).n == 2
    except DataError as error:
        assert "workbook" in str(error) or "memory" in str(error)  # noqa: PT017


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.xlsb", "a.ods"])
@pytest.mark.parametrize("content", [b"PK\3\4", b"\xd0\xcf\x11\xe0" + bytes(600), b"x,y\n1,2\n"])
def test_what_is_no_workbook(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match="is damaged or not a workbook"):
        open_file(str(tmp_path / name))


def ods(path, cells):
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" '
        f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="t">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return str(path)


def ods_row(value, times=1, rows=1):
    return (
        f'<table:table-row table:number-rows-repeated="{rows}"><table:table-cell '
        f'office:value-type="float" office:value="{value}" '
        f'table:number-columns-repeated="{times}"/></table:table-row>'
    )


def test_repeated_cells_of_opendocument(tmp_path):
    few = ods(tmp_path / "a.ods", ods_row(1, 2) + ods_row(2, 2, 3))
    assert open_file(few).numbers.tolist() == [[1, 1], [2, 2], [2, 2], [2, 2]]
    for times, rows in ((16384, 1048576), (16384, 20_000)):
        many = ods(tmp_path / "b.ods", ods_row(1, times, rows))
        with pytest.raises(DataError, match=r"far apart|not a workbook"):
            open_file(many)


def test_where_memory_is_short_that_is_said(monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 300_000_000)
    with pytest.raises(DataError, match="does not fit into memory, of which 300 MB are free"):
        open_file(str(HOSTILE / "far.xlsx"))


def test_a_wait_that_is_stopped_ends_the_process(monkeypatch, tmp_path):
    path = xlsx(tmp_path / "a.xlsx", SMALL)
    program = tmp_path / "sleeps.py"
    program.write_text("import sys, time\nprint(sys.argv[1], flush=True)\ntime.sleep(60)\n")
    monkeypatch.setattr(workbook, "_PROGRAM", program)
    started = []
    begin = workbook.subprocess.Popen

    def kept(*arguments, **named):
        started.append(begin(*arguments, **named))
        return started[-1]

    monkeypatch.setattr(workbook.subprocess, "Popen", kept)
    heard = []

    def stop(done, size):
        heard.append((done, size))
        return len(heard) < 3

    with pytest.raises(DataError, match="was stopped"):
        open_file(path, listener=stop)
    assert started[0].poll() is not None

    def interrupt(done, size):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_file(path, listener=interrupt)
    assert started[1].poll() is not None
    monkeypatch.setattr(workbook, "_USUAL_SECONDS", 0)
    with pytest.raises(DataError, match="takes longer to read"):
        open_file(path)
    assert started[2].poll() is not None
    assert threading.active_count() < 20


def test_the_process_ends_with_the_one_that_waits_for_it(tmp_path):
    leash, held = os.pipe()
    code = (
        f"import sys, time; sys.path.append({str(workbook._PROGRAM.parent)!r}); "
        "import sheet_process; sheet_process.end_with_stdin(); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-P", "-c", code], stdin=leash)
    os.close(leash)
    time.sleep(0.1)
    os.close(held)
    assert process.wait(timeout=20) == 1


def test_a_sheet_without_a_table_names_the_others(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["read me"])
    book.create_sheet("Customers").append(["a", "b"])
    book["Customers"].append([1, 2])
    path = tmp_path / "two.xlsx"
    book.save(path)
    with pytest.raises(DataError, match="nothing to cluster; this is sheet 'Notes', --sheet reads"):
        open_file(str(path))
    del book["Customers"]
    book.save(path)
    with pytest.raises(DataError, match=r"nothing to cluster$"):
        open_file(str(path))
