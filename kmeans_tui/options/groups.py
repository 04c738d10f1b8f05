"""The groups of the option table, and how a flag is written in it."""

import argparse
from dataclasses import field
from typing import Any, Final, Literal, get_args

Group = Literal[
    "data", "file", "sample", "rows", "points", "columns", "run", "elbow", "seeds", "stability",
    "compare", "seen", "drawn", "view", "place",
]  # fmt: skip
# Flags that have a --no- in front as well.
EITHER: Final = argparse.BooleanOptionalAction
# The numerical results that options lead to; each has a command of the same name.
Answer = Literal["run", "elbow", "seeds", "compare", "stability"]
SINGLE: Final[tuple[Answer, ...]] = ("run", "seeds", "compare", "stability")
ALL: Final[tuple[Answer, ...]] = get_args(Answer)


def flag(
    *names: str,
    of: Group = "run",
    decides: tuple[Answer, ...] = ALL,
    told: tuple[str, ...] = (),
    **keywords: Any,
) -> Any:
    """Return a field with its flag names, its group, the answers whose numbers it affects, and the
    keywords for argparse.

    The groups: ``data`` names the data, ``file`` says how the bytes of a table are read,
    ``sample`` which rows are drawn at random from it, ``rows`` which rows are used, ``points``
    which are taken out or added, ``columns`` what is clustered, ``run`` how it is clustered,
    ``place`` where, if its points do not fit in memory. A group with the name of another answer
    holds its extra settings, which affect only that one unless ``decides`` names more; ``seen`` is
    the plane and the iteration shown, ``drawn`` how a figure draws the points and what besides,
    ``view`` the rest. ``told`` are commands it applies to besides those of its group.
    """
    default = keywords.pop("default", None)
    if of != "run" and of in ALL:
        decides = decides if decides is not ALL else (of,)
    elif of in ("seen", "drawn", "view"):
        decides = ()
    return field(
        default=default,
        metadata={"names": names, "of": of, "decides": decides, "keywords": keywords, "told": told},
    )
