"""The profile of a cluster in words."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kmeans_tui.words import amount, plural, tally

if TYPE_CHECKING:
    from kmeans_tui.analysis.profile import Common, Profile, Trait
    from kmeans_tui.data.dataset import Dataset


def heading(profile: "Profile", inertia: float) -> list[str]:
    """Return which cluster it is, its size, and its share of the ``inertia`` of all, if any."""
    parts = [f"cluster {profile.cluster + 1}"]
    count = plural(profile.size, "row")
    if profile.weight is not None:
        count += f", weight {tally(profile.weight)}"
    parts.append(f"{count}, {profile.share:.1%}")
    if inertia:
        parts.append(f"{profile.inertia / inertia:.1%} of the inertia")
    return parts


def traits(profile: "Profile", most: int) -> Iterator[str]:
    """Yield its features in a line each, at most so many: those that set it apart the most."""
    for each in (profile.apart or profile.traits)[:most]:
        if each.is_share:
            text = f"{each.name}: {each.mean:.1%} of the rows"
            yield text if each.rest is None else f"{text}, the rest {each.rest:.1%}"
            continue
        text = f"{each.name}: mean {amount(each.mean)}, spread {amount(each.spread)}"
        yield text if each.rest is None else f"{text}, the rest {amount(each.rest)}"


def numbers(trait: "Trait") -> tuple[str, str, str]:
    """Return mean, spread and the mean of the rest; shares in percent."""
    told = f"{trait.mean:.1%}" if trait.is_share else amount(trait.mean)
    if trait.rest is None:
        return told, amount(trait.spread), ""
    rest = f"{trait.rest:.1%}" if trait.is_share else amount(trait.rest)
    return told, "" if trait.is_share else amount(trait.spread), rest


def held(profile: "Profile") -> str:
    """Return how many rows it has, and their weight if they have one: ``12 (weight 36)``."""
    if profile.weight is None:
        return f"{profile.size:,}"
    return f"{profile.size:,} (weight {tally(profile.weight)})"


def counted(profile: "Profile", common: "Common", noun: str = "") -> str:
    """Return how many rows of a cluster have its most frequent label, or their weight."""
    if profile.weight is None:
        return f"{tally(common.count)} of {profile.size:,}{noun}"
    return f"weight {tally(common.count)} of {tally(profile.weight)}"


def asides(profile: "Profile", dataset: "Dataset") -> Iterator[str]:
    """Yield its most frequent labels, and its nearest and farthest rows by name."""
    from kmeans_tui.data import rows

    for each in profile.common:
        yield f"{each.name}: mostly {each.value}, {counted(profile, each)}"
    for word, chosen in (("nearest", profile.nearest), ("farthest", profile.farthest)):
        if len(chosen):
            noun = "rows" if dataset.id_column is None else dataset.id_column
            yield f"{word} {noun} {rows.listed(dataset, chosen)}"
