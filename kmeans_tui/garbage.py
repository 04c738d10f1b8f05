"""When Python looks for garbage: not while the screen is loaded.

Modules are made of objects that stay. Looking through them again and again takes 9 % of the time to
the first picture.
"""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Collect no garbage until ``collect``, at the latest until the end."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def collect() -> None:
    """Collect garbage from here on, without looking through what the start has loaded."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
