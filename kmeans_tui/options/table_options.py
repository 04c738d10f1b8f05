"""The options that say which rows and columns of a table are used, and how its file is read."""

from dataclasses import dataclass

from kmeans_tui.argument_types import (
    missing_marks,
    names,
    row_list,
    seed_number,
    separator,
    thousands,
    whole,
)
from kmeans_tui.given_points import GivenPoints, given_points
from kmeans_tui.options.groups import EITHER, flag
from kmeans_tui.vocabulary import MISSING, SCALES


@dataclass(frozen=True)
class TableOptions:
    """The preparation of a table and the dialect of its file."""

    features: tuple[str, ...] | None = flag(
        "--features", of="columns", type=names, metavar="A,B,…", help="the features to cluster by"
    )
    drop: tuple[str, ...] | None = flag(
        "--drop", of="columns", type=names, metavar="A,B,…",
        help="columns to leave out, instead of naming the features",
    )  # fmt: skip
    scale: str | None = flag(
        "--scale",
        of="columns",
        choices=SCALES,
        help="how to scale the features",
    )
    log: tuple[str, ...] | None = flag(
        "--log", of="columns", type=names, metavar="A,B,…", help="features to take the logarithm of"
    )
    without: tuple[int, ...] | None = flag(
        "--without",
        of="points",
        type=row_list,
        metavar="A,B-C",
        help="rows to take out, such as 5,17",
    )
    add: GivenPoints | None = flag(  # noqa: RUF009
        "--add",
        of="points",
        type=given_points,
        metavar="'X,Y …'",
        help="points to add as the last rows, a value for each feature: '1,2 3,4' or a CSV file",
    )
    missing: str = flag(
        "--missing",
        of="rows",
        choices=MISSING,
        default="drop",
        help="rows with a missing value: drop them, or fill in the median (files only, as are the "
        "options down to --sample-seed)",
    )
    id_column: str | None = flag(
        "--id",
        of="rows",
        metavar="COLUMN",
        help="the column that names the rows: found by it, and named by it in every list",
    )
    truth: str | None = flag(
        "--truth",
        of="rows",
        metavar="COLUMN",
        help="the known grouping, used only for comparison",
    )
    weights: str | None = flag(
        "--weights",
        of="rows",
        metavar="COLUMN",
        help="how much each row counts: a row of weight 3 counts like three",
    )
    encode: tuple[str, ...] | None = flag(
        "--encode",
        of="rows",
        type=names,
        metavar="A,B,…",
        help="text columns of 2 to 12 values that take part, an indicator for each value",
    )
    na: tuple[str, ...] | None = flag(
        "--na",
        of="file",
        type=missing_marks,
        metavar="A,B,…",
        help="further markers for missing values; * stands for any non-number",
    )
    separator: str | None = flag(
        "--separator",
        of="file",
        type=separator,
        metavar="C",
        help="what separates cells: ; or tab, blank, pipe, …",
    )
    header: bool | None = flag(
        "--header",
        of="file",
        action=EITHER,
        help="the first row holds the column names",
    )
    decimal: str | None = flag(
        "--decimal", of="file", choices=(".", ","), metavar="C", help="decimal mark: . or ,"
    )
    thousands: str | None = flag(
        "--thousands",
        of="file",
        type=thousands,
        metavar="C",
        help="thousands separator",
    )
    encoding: str | None = flag(
        "--encoding", of="file", metavar="NAME", help="utf-8, latin-1, utf-16, …"
    )
    sheet: str | None = flag(
        "--sheet", of="file", metavar="NAME", help="name or number of a workbook's sheet"
    )
    skip: int | None = flag(
        "--skip",
        of="file",
        type=whole,
        metavar="N",
        help="skip the first N lines, or rows of a sheet",
    )
    header_row: int | None = flag(
        "--header-row",
        of="file",
        type=whole,
        metavar="N",
        help="line N holds the column names; skip the lines above it",
    )
    sample: int | None = flag(
        "--sample",
        of="sample",
        type=whole,
        metavar="N",
        help="use N rows, drawn at random, the same ones whatever the seed of the run",
    )
    sample_seed: int = flag(
        "--sample-seed",
        of="sample",
        type=seed_number,
        metavar="N",
        default=0,
        help="random seed of --sample (0)",
    )
