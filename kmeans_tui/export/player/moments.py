"""What every half step of a run says: its step, the results of the steps, a sentence."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from kmeans_tui.analysis import step_facts
from kmeans_tui.clustering.history import History, Step
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.words import amount, sentence

# Points whose distances are computed at a time: 65,536 rows of ten features are 5 MB.
_BLOCK: Final = 1 << 16


def start(parameters: Mapping[str, Any]) -> str:
    """Return how the centroids were placed."""
    init, seed = parameters.get("init"), parameters.get("random_state")
    if init is None:
        return "as recorded"
    return f"{init}" if seed is None or parameters.get("given") else f"{init}, seed {seed}"


def moments(history: History, dataset: Dataset, how: str) -> list[dict[str, Any]]:
    """Return every half step from the start on: ``step``, ``results`` of the four, and ``told``."""
    last = 2 * history.iterations + 1
    found = []
    for moment in range(last + 1):
        step = step_facts.step_of(history, moment)
        name = "initialise" if step is None else step.kind
        over = moment == last and moment > 1
        shift = ""
        if step is not None and step.iteration:
            shift = f"shift {amount(float(step.shifts.max()))}"
        found.append(
            {
                "step": "converged" if over else name,
                "results": [
                    how,
                    step_facts.assigned(history, step),
                    shift,
                    step_facts.converged(history, moment // 2),
                ],
                "told": told(history, dataset, moment, step),
            }
        )
    return found


def told(history: History, dataset: Dataset, moment: int, step: Step | None) -> str:
    """Return what happened in a half step, in sentences."""
    noted = step_facts.notes(history, dataset, moment, step)
    if step is None:
        return " ".join(map(sentence, noted))
    dropped = step_facts.drops(history, moment)[-1:]
    said = step_facts.joined(step_facts.did(history, step), step, dropped, noted)
    return " ".join(map(sentence, said))


def inertia_of_clusters(
    history: History, dataset: Dataset, tell: Callable[[int, int], None]
) -> np.ndarray:
    """Return the inertia of each cluster after each half step, (2 · iterations + 1, k).

    ``tell`` is called with the half steps done and in total, and may raise to stop.
    """
    points, total = dataset.points, 2 * history.iterations + 1
    found = np.zeros((total, history.k))
    for number in range(total):
        step = history.step(number)
        labels = step.labels
        for first in range(0, len(points), _BLOCK):
            own = labels[first : first + _BLOCK]
            away = points[first : first + _BLOCK] - step.centroids[own]
            squares = np.einsum("ij,ij->i", away, away)
            if dataset.weights is not None:
                squares *= dataset.weights[first : first + _BLOCK]
            found[number] += np.bincount(own, squares, history.k)
        tell(number + 1, total)
    return found
