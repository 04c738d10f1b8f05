"""What a feature is made of, where its mean or its distances may mislead: a sentence each."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data.encoding import Encoding
from kmeans_tui.data.remarks import Note, Weight
from kmeans_tui.data.source import Column
from kmeans_tui.words import few

# Beyond this share of a column its median is no stopgap any more, but a value of its own.
_MUCH: Final = 0.2
# So many values or fewer, all whole numbers, look like a code.
_CODES: Final = 8
_ENOUGH: Final = 20
_LISTED: Final = 8
# A feature with a hundredth of the spread has a ten-thousandth of the weight in squared distances.
_DROWNED: Final = 100
# The share of the total variance from which a feature is said to decide almost alone.
_ALONE: Final = 0.9
_COORDINATE: Final = re.compile(r"(?:^|[^a-z])(lat|latitude|lon|lng|long|longitude)(?:[^a-z]|$)")
_CODE: Final = re.compile(r"(?:^|[^a-z])(code|type|class|category|group|level|zip|postcode)s?$")


def much_filled(columns: Sequence[Column], n: int, encoded: Sequence[Encoding] = ()) -> list[str]:
    """The columns of which one value of the rest was put into more than a fifth of ``n`` rows."""
    shares = [(each.name, each.missing / n) for each in columns]
    texts = {each.column for each in encoded}
    return [
        f"{name} is missing in {share:.0%} of the rows, which now all have its "
        f"{'most frequent value' if name in texts else 'median'}: they look alike although nothing "
        "is known of them."
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


def drowned(names: Sequence[str], points: NDArray[np.float64]) -> list[str]:
    """A note on features, of ``points`` (n, d), next to which others weigh almost nothing."""
    spreads = points.std(axis=0)
    largest = int(spreads.argmax())
    small = [i for i, each in enumerate(spreads) if 0 < each * _DROWNED < spreads[largest]]
    if not small:
        return []
    # Scaled so that the squares of large numbers stay finite.
    shares = (spreads / spreads[largest]) ** 2
    share = float(shares[largest] / shares.sum())
    weigh = "weighs" if len(small) == 1 else "weigh"
    alone = " and decides almost alone" if share >= _ALONE else ""
    said = (
        f"{names[largest]} holds {_percent(share)} of the total variance{alone}; next to it, "
        f"{few([names[i] for i in small], 3)} {weigh} almost nothing: --scale standard gives all "
        "features the same weight."
    )
    return [Note(said, Weight.DOUBTED)]


def _percent(share: float) -> str:
    return f"{share:.0%}" if share < 0.995 else "more than 99%"
