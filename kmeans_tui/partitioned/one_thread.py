"""Keep the libraries of linear algebra to one thread: their calls here are too short for two."""

from contextlib import AbstractContextManager
from functools import cache
from typing import Any


def one_thread() -> AbstractContextManager[Any]:
    """Return a context with one thread in the libraries that are loaded at its first use."""
    limited: AbstractContextManager[Any] = _libraries().limit(limits=1)
    return limited


@cache
def _libraries() -> Any:
    from threadpoolctl import ThreadpoolController

    # Finding them takes some milliseconds, as long as a pass over 200,000 rows.
    return ThreadpoolController()
