"""A border between two numbers, as short as it can be written."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal


def shortest(low: float, high: float) -> float:
    """Return the number with the fewest digits from ``low`` up to below ``high``, low < high.

    So ``value <= border`` divides the two; of equally short ones, the nearest to their middle.
    """
    # As they are written: 0.1 is a border above 0.1, the binary number next to it has 55 digits.
    a, b = Decimal(repr(low)), Decimal(repr(high))
    middle = (a + b) / 2
    for places in range(-308, 325):
        step = Decimal(1).scaleb(-places)
        if step > 4 * max(abs(a), abs(b), b - a):
            continue
        first = (middle / step).to_integral_value(ROUND_FLOOR) * step
        least = (a / step).to_integral_value(ROUND_CEILING) * step
        near = [x for x in (first, first + step, least) if low <= float(x) < high]
        if near:
            return float(min(near, key=lambda x: abs(x - middle)))
    return low
