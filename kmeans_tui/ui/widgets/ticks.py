"""Ticks at round numbers, and their labels."""

import math
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

# Ticks with more digits than this are written relative to an offset.
_DIGITS: Final = 5
# Numbers with more characters than this are written with an exponent.
_PLAIN: Final = 6


class Ticks(NamedTuple):
    """Values on an axis and their labels, which count from ``offset``, usually 0."""

    values: tuple[float, ...]
    labels: tuple[str, ...]
    offset: Decimal = Decimal(0)

    @property
    def width(self) -> int:
        """The length of the longest label."""
        return max(map(len, self.labels), default=0)


def round_ticks(
    low: float, high: float, most: int, *, whole: bool = False, digits: int = _DIGITS
) -> Ticks:
    """Return at most ``most`` multiples of 1, 2 or 5 times a power of ten in ``low`` to ``high``.

    Labels have exactly the digits of their step; beyond ``digits`` they are written relative to an
    offset. ``whole`` is for counts, which need whole numbers.
    """
    most = max(most, 2)
    exponent = math.floor(math.log10((high - low) / most))
    if whole:
        exponent = max(exponent, 0)
    for power in range(exponent, exponent + 4):
        for leading in (1, 2, 5):
            # Decimal, because a float cannot represent 0.1 exactly.
            step = Decimal(leading).scaleb(power)
            first = math.ceil(Decimal(repr(float(low))) / step)
            last = math.floor(Decimal(repr(float(high))) / step)
            if last - first < most:
                return _labelled([step * i for i in range(first, last + 1)], power, digits)
    return Ticks((), ())


def spaced_ticks(low: float, high: float, cells: int, gap: int = 3) -> Ticks:
    """Return as many ticks as fit side by side on ``cells`` columns with ``gap`` blanks between."""
    most = max(3, min(8, cells // 7))
    found = round_ticks(low, high, most)
    while most > 2 and len(found.values) > 1:
        step = found.values[1] - found.values[0]
        if step / (high - low) * cells >= found.width + gap:
            break
        most = min(most - 1, len(found.values) - 1)
        found = round_ticks(low, high, most)
    return found


class Numerals(NamedTuple):
    """The format of a column's numbers: minus ``offset``, in units of 10 ** ``exponent``."""

    offset: Decimal = Decimal(0)
    exponent: int = 0
    decimals: int = 2

    def text(self, value: float) -> str:
        """Return a number in this format."""
        rest = value - float(self.offset)
        if self.exponent:
            # Exact even if that power of ten is out of range for a float.
            rest = (
                float(Decimal(repr(rest)).scaleb(-self.exponent)) if math.isfinite(rest) else rest
            )
        return f"{rest:z.{self.decimals}f}"

    @property
    def note(self) -> str:
        """What a reader must know about them: ``from 1e9, in 1e-3``; usually empty."""
        start = f"from {written(self.offset)}" if self.offset else ""
        return ", ".join(filter(None, (start, f"in 1e{self.exponent}" if self.exponent else "")))


@lru_cache(64)
def column(low: float, high: float, width: int) -> Numerals:
    """Return the format of numbers from ``low`` to ``high`` in ``width`` cells.

    It shows a thousandth of their range, or at least a hundredth.
    """
    # For a single value, show a hundredth of it.
    spread = high - low if high > low else 100 * max(abs(low), abs(high))
    if not 0 < spread < math.inf:
        return Numerals()
    wanted = min(max(3 - math.floor(math.log10(spread)), 2), 300)
    offset = Decimal(0)
    if high > low:
        # As on the axis, when digits repeat; sooner if they do not fit.
        fits = all(len(f"{each:.{min(wanted, 2)}f}") <= width for each in (low, high))
        offset = round_ticks(low, high, 10, digits=_DIGITS if fits else _DIGITS - 2).offset
    away = float(offset)
    largest = max(abs(low - away), abs(high - away))
    sign = 1 if low < away else 0
    room = width - sign - len(f"{largest:.0f}") - 1
    if room < -1 or room < 2 - math.floor(math.log10(spread)):
        found = Numerals(offset, math.floor(math.log10(largest)), max(0, width - sign - 2))
        # 9.9999 may be rounded to 10.
        if max(len(found.text(each)) for each in (low, high)) > width:
            found = found._replace(decimals=max(0, found.decimals - 1))
        return found
    return Numerals(offset, 0, max(0, min(wanted, room)))


def _short(text: str) -> str:
    """Return ``1.2e-07`` as ``1.2e-7``."""
    mantissa, _, exponent = text.partition("e")
    return "0" if float(mantissa) == 0 else f"{mantissa}e{int(exponent)}"


def written(number: Decimal) -> str:
    """Return an offset as in a title: 1e9, 20120, 1.0005."""
    plain = f"{number.normalize():f}"
    short = _short(f"{number.normalize():e}")
    return plain if len(plain) <= max(_PLAIN, len(short)) else short


def _labelled(values: list[Decimal], power: int, digits: int) -> Ticks:
    """Return ticks with labels for multiples of 10 ** ``power``, one step apart."""
    if not values:
        return Ticks((), ())
    whole = [int(each.scaleb(-power)) for each in values]
    offset = Decimal(0)
    if len(str(max(map(abs, whole)))) > digits:
        # Two more digits than distinguish the ticks, for a rounder offset.
        block = 10 ** (len(str(whole[-1] - whole[0])) + 1)
        offset = (Decimal(whole[0] + whole[-1]) / 2 / block).to_integral_value() * block
        offset = offset.scaleb(power)
    rest = [each - offset for each in values]
    labels = [f"{each:.{max(0, -power)}f}" for each in rest]
    if max(map(len, labels)) > _PLAIN:
        largest = max(map(abs, rest))
        exponent = largest.adjusted()
        places = max(0, exponent - power)
        labels = [f"{each.scaleb(-exponent):.{places}f}e{exponent}" if each else "0"
                  for each in rest]  # fmt: skip
    labels = ["0" if not each else label for each, label in zip(rest, labels, strict=True)]
    return Ticks(tuple(map(float, values)), tuple(labels), offset)
