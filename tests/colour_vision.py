"""How colours look to people: contrast, hue, and the difference that four kinds of vision see."""

from typing import Final

import numpy as np

from kmeans_tui.palette import channels, luminance

# Linear RGB to what is seen (Machado, Oliveira and Fernandes 2009, severity 1).
VISIONS: Final = {
    "normal": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
_XYZ: Final = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
# Oklab (Ottosson 2020): linear RGB to cone responses, and the cube roots of those to a, b.
_CONES: Final = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_A: Final = np.array([1.9779984951, -2.4285922050, 0.4505937099])
_B: Final = np.array([0.0259040371, 0.7827717662, -0.8086757660])


def contrast(first: str, second: str) -> float:
    """The contrast of two colours ``#rrggbb``, 1 to 21 (WCAG 2)."""
    dark, light = sorted(luminance(*channels(each)) for each in (first, second))
    return (light + 0.05) / (dark + 0.05)


def hue_angle(colour: str) -> float:
    """The hue of ``#rrggbb`` in degrees, as Oklab has it."""
    seen = np.cbrt(_CONES @ _linear(colour))
    return float(np.degrees(np.arctan2(_B @ seen, _A @ seen)) % 360)


def turned(first: float, second: float) -> float:
    """How far two angles lie apart, 0 to 180 degrees."""
    return abs((first - second + 180) % 360 - 180)


def difference(first: str, second: str, vision: str = "normal") -> float:
    """How different two colours ``#rrggbb`` look (CIEDE2000) to a kind of ``VISIONS``."""
    return ciede2000(*(_lab(VISIONS[vision] @ _linear(each)) for each in (first, second)))


def _linear(colour: str) -> np.ndarray:
    c = np.array(channels(colour)) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def _lab(linear: np.ndarray) -> np.ndarray:
    xyz = _XYZ @ linear.clip(0, 1) / _XYZ.sum(axis=1)
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def ciede2000(first: np.ndarray, second: np.ndarray) -> float:
    """The difference of two colours in CIELAB (Sharma, Wu and Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    a1, a2 = (a * (1.5 - 0.5 * np.sqrt(mean / (mean + 25**7))) for a in (a1, a2))
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    dl, dc, dh = l2 - l1, c2 - c1, 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    lightness, c = (l1 + l2) / 2, (c1 + c2) / 2
    h = h1 + h2 if c1 * c2 == 0 else h1 + turn / 2
    t = 1 + sum(
        weight * np.cos(np.radians(times * h + shift))
        for weight, times, shift in ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.2, 4, -63))
    )
    sl = 1 + 0.015 * (lightness - 50) ** 2 / np.sqrt(20 + (lightness - 50) ** 2)
    sc, sh = 1 + 0.045 * c, 1 + 0.015 * c * t
    rotation = -2 * np.sqrt(c**7 / (c**7 + 25**7))
    rotation *= np.sin(np.radians(60 * np.exp(-(((h % 360 - 275) / 25) ** 2))))
    parts = dl / sl, dc / sc, dh / sh
    return float(np.sqrt(sum(p * p for p in parts) + rotation * parts[1] * parts[2]))
