"""The options of a table that does not fit in memory: where and how its run is done."""

from dataclasses import dataclass
from typing import Final

from kmeans_tui.argument_types import whole
from kmeans_tui.options.groups import EITHER, flag
from kmeans_tui.vocabulary import PLACES

# What is asked of the place of one table; other data may be unable to go there.
OF_ONE_TABLE: Final = ("where", "workers", "scheduler", "tls_ca", "tls_cert", "tls_key")


@dataclass(frozen=True)
class ScaleOptions:
    """Where the points are, which rows of many are on display, and what is kept of a run."""

    where: str | None = flag(
        "--where", of="place", choices=PLACES,
        help="where the points are: in memory, or on disk and read in every iteration by this "
        "program (stream), by several of its processes, or by a Dask cluster; by default what fits",
    )  # fmt: skip
    workers: int | None = flag(
        "--workers", of="place", type=whole, metavar="N",
        help="with --where processes: how many (one for each core)",
    )  # fmt: skip
    scheduler: str | None = flag(
        "--scheduler", of="place", metavar="ADDRESS",
        help="with --where dask: the scheduler, such as tcp://10.0.0.5:8786",
    )  # fmt: skip
    tls_ca: str | None = flag(
        "--tls-ca", of="place", metavar="FILE", help="the certificate authority of the scheduler"
    )
    tls_cert: str | None = flag(
        "--tls-cert", of="place", metavar="FILE", help="the certificate to show to the scheduler"
    )
    tls_key: str | None = flag(
        "--tls-key", of="place", metavar="FILE", help="the key of that certificate"
    )
    display_rows: int = flag(
        "--display-rows", of="place", type=whole, metavar="N", default=20_000,
        help="of points that stay on disk, how many are on display (20000)",
    )  # fmt: skip
    cache: str | None = flag(
        "--cache", of="place", metavar="FOLDER",
        help="where a table is kept in the form that is read in parts, and an unfinished run",
    )  # fmt: skip
    resume: bool = flag(
        "--resume", of="place", action=EITHER, default=True,
        help="continue an unfinished run of points that stay on disk",
    )  # fmt: skip
