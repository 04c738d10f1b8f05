"""The commands that start a cluster are printed, and are commands."""

import json

import pytest

from kmeans_tui.cli import main


def test_the_commands_are_printed(capsys):
    assert main(["dask", "--workers", "3", "--port", "9000"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "  dask scheduler --host 127.0.0.1 --port 9000" in lines
    assert "  dask worker tcp://127.0.0.1:9000 --nworkers 3 --nthreads 1" in lines
    assert any("--where dask --scheduler tcp://127.0.0.1:9000" in each for each in lines)


def test_they_are_json_too(capsys):
    assert main(["dask", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["commands"]
    assert list(found) == ["scheduler", "workers", "run"]
    assert found["scheduler"].endswith("--port 8786")


@pytest.mark.parametrize("port", ["0", "70000", "x"])
def test_a_port_that_is_none_is_refused(capsys, port):
    with pytest.raises(SystemExit) as end:
        main(["dask", "--port", port])
    assert end.value.code == 2
    assert "--port" in capsys.readouterr().err
