"""What a feature is made of, where its mean or its distances may mislead: a sentence each."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data.source import Column
from kmeans_tui.words import few

# Beyond this share of a column its median is no stopgap any more, but a value of its own.
_MUCH: Final = 0.2
# So many values or fewer, all whole numbers, look like a code.
_CODES: Final = 8
_ENOUGH: Final = 20
_LISTED: Final = 8
_COORDINATE: Final = re.compile(r"(?:^|[^a-z])(lat|latitude|lon|lng|long|longitude)(?:[^a-z]|$)")
_CODE: Final = re.compile(r"(?:^|[^a-z])(code|type|class|category|group|level|zip|postcode)s?$")


def much_filled(columns: Sequence[Column], n: int) -> list[str]:
    """The columns of which the median of the rest was put into more than a fifth of ``n`` rows."""
    shares = [(each.name, each.missing / n) for each in columns]
    return [
        f"{name} is missing in {share:.0%} of the rows, which now all have its median: they look "
        "alike although nothing is known of them."
        for name, share in shares
        if share > _MUCH
    ]


def unlike_measurements(names: Sequence[str], table: NDArray[np.float64]) -> list[str]:
    """Features, the columns of ``table`` (n, d), that are no measurements: 0 and 1, codes, degrees.

    A few thousand rows spread over the table decide.
    """
    if len(table) < _ENOUGH:
        return []
    some = table[:: 1 + len(table) // 4096]
    flags, codes, degrees = [], [], []
    for name, column in zip(names, some.T, strict=True):
        spelled = re.sub(r"([a-z])([A-Z])", r"\1 \2", name).casefold()
        values = np.unique(column)
        if np.array_equal(values, (0.0, 1.0)):
            flags.append(name)
        elif _CODE.search(spelled) and len(values) <= _CODES and (values % 1 == 0).all():
            codes.append(name)
        elif _COORDINATE.search(spelled) and -180 <= values[0] <= values[-1] <= 180:
            degrees.append(name)
    said = []
    if flags:
        said.append(
            f"{few(flags, _LISTED)}: 0 and 1 only. A mean of these is a share, and a whole unit "
            "lies between yes and no."
        )
    if codes:
        said.append(
            f"{few(codes, _LISTED)}: a code, by its name. Its numbers are treated as amounts, so "
            "1 is nearer to 2 than to 5."
        )
    if len(degrees) > 1:
        said.append(
            f"{few(degrees, _LISTED)}: degrees, by their names. A degree of longitude is shorter "
            "than one of latitude away from the equator, which distances here do not know."
        )
    return said
