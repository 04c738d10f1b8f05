"""``kmeans-tui dask``: the commands that start a Dask cluster here, and one that uses it."""

import argparse
from collections.abc import Sequence

from kmeans_tui import __version__
from kmeans_tui.argument_types import whole
from kmeans_tui.data.reading.core_count import core_count
from kmeans_tui.headless.shell import DONE, Parser, print_json, print_lines

_HIGHEST_PORT = 65535


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = Parser("kmeans-tui dask", "Print the commands that start a Dask cluster here.")
    parser.add_argument(
        "--workers", type=whole, metavar="N", default=core_count(),
        help="worker processes (one for each core)",
    )  # fmt: skip
    parser.add_argument(
        "--port", type=_port, metavar="N", default=8786, help="port of the scheduler (8786)"
    )
    parser.add_json("the commands")
    given = parser.parse_args(words)
    address = f"tcp://127.0.0.1:{given.port}"
    commands = {
        "scheduler": f"dask scheduler --host 127.0.0.1 --port {given.port}",
        "workers": f"dask worker {address} --nworkers {given.workers} --nthreads 1",
        "run": f"kmeans-tui points.parquet --where dask --scheduler {address}",
    }
    if given.json:
        print_json({"commands": commands, "version": __version__})
        return DONE
    print_lines(
        [
            "Each in a terminal of its own, with the extra kmeans-tui[dask] installed:",
            "",
            *(f"  {commands[name]}" for name in ("scheduler", "workers")),
            "",
            "Then, on a table of your own:",
            "",
            f"  {commands['run']}",
            "",
            "Workers on other machines need distributed, numpy and, for Parquet, pyarrow, and see",
            "the table by the same path.",
        ]
    )
    return DONE


def _port(text: str) -> int:
    port = whole(text)
    if port > _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is not a port: use 1 to {_HIGHEST_PORT}")
    return port
