"""The article's claims about what K-Means minimises and where it fails: W9 to W13."""

from itertools import pairwise

import numpy as np

from kmeans_tui.analysis.article.experiments import ArticleScript, Claim
from kmeans_tui.analysis.comparison import against_truth
from kmeans_tui.analysis.seed_runs import run_seeds
from kmeans_tui.clustering import kernels


def w9(script: ArticleScript) -> Claim:
    X, last = script.blobs.points, script.run.history[-1]
    medians = np.array([_median(X[last.labels == j]) for j in range(3)])
    total, less = (
        float(np.sqrt(kernels.own_distances(X, last.labels, places)).sum())
        for places in (last.centroids, medians)
    )
    more = kernels.inertia_of(X, last.labels, medians)
    return Claim(
        "W9",
        "The total distance of the points to their centroids is minimised",
        f"total distance {total:.3f}, but {less:.3f} around the geometric medians, where the sum "
        f"of squares is {more:.2f} instead of {last.inertia:.2f}",
        total <= less,
        "It is the sum of the squared distances that the mean minimises.",
    )


def _median(rows: np.ndarray) -> np.ndarray:
    """Return the geometric median (d,) of ``rows`` (m, d), by Weiszfeld's algorithm (1937)."""
    place = rows.mean(axis=0)
    for _ in range(100):
        weights = 1 / np.maximum(np.linalg.norm(rows - place, axis=1), 1e-12)
        place = weights @ rows / weights.sum()
    return place


def w10(script: ArticleScript) -> Claim:
    truth, last = script.iris.truth, script.iris_run.history[-1]
    assert truth is not None
    found = against_truth(truth, last.labels, 3)
    wrong = len(truth) - found.right
    right = ", ".join(str(each) for each in np.diag(found.table))
    return Claim(
        "W10",
        "On Iris, K-Means misclassifies some boundary points",
        f"{wrong} of {len(truth)}; right per species: {right}",
        0 < wrong < 0.1 * len(truth),
        "Setosa is separate; the other two touch, and K-Means draws a straight line between them.",
    )


def w11(script: ArticleScript) -> Claim:
    def both(name: str, *features: str) -> list[tuple[int, float]]:
        chosen = {"features": features} if features else {}
        return [
            script.right(script.load(name, scale=scale, **chosen)) for scale in ("none", "standard")
        ]

    petals, flowers, wine = both("iris"), both("iris", "1", "2", "3", "4"), both("wine")
    return Claim(
        "W11",
        "Scaling is important, as on the petals of Iris",
        f"right unscaled and scaled: petals {petals[0][0]} and {petals[1][0]} of 150; adjusted "
        f"Rand index of all four features {flowers[0][1]:.3f} and {flowers[1][1]:.3f}, of wine "
        f"{wine[0][1]:.3f} and {wine[1][1]:.3f}",
        petals[1][1] > petals[0][1] + 0.01,
        "Petals are all in centimetres with similar spreads; wine, where one of 13 features "
        "dominates the others, shows what scaling is for.",
    )


def w12(script: ArticleScript) -> Claim:
    X, history = script.blobs.points, script.run.history
    axes = [np.linspace(low, high, 200) for low, high in zip(X.min(0), X.max(0), strict=True)]
    cells = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    owners = [kernels.assign(cells, each.centroids)[0] for each in history]
    moved = [100 * float((a != b).mean()) for a, b in pairwise(owners)]
    return Claim(
        "W12",
        "Watch the boundaries shift",
        "share of the picture that changes hands in each update: "
        + ", ".join(f"{each:.1f} %" for each in moved),
        moved[0] > 0,
        "They do shift, but no figure of the article draws a boundary; here key b does.",
    )


def w13(script: ArticleScript) -> Claim:
    before = script.run.history[-1].centroids
    near = script.load("outlier:distance=40")
    apart = np.linalg.norm(near.points[-1] - before, axis=1)
    pulled = run_seeds(near.points, 3, range(10), init="k-means++").best.centroids
    shift = max(float(np.linalg.norm(pulled - each, axis=1).min()) for each in before)
    taken = None
    for distance in range(60, 91):
        points = script.load(f"outlier:distance={distance}").points
        # A hundred random starts find both solutions; k-means++ tends to find only one.
        best = run_seeds(points, 3, range(100)).best
        if 1 in kernels.sizes(kernels.assign(points, best.centroids)[0], 3):
            taken = distance
            break
    return Claim(
        "W13",
        "A single extreme outlier can pull a centroid far",
        f"one point {apart.min():.0f} away moves the centroid of 100 points by {shift:.2f}; from "
        f"{taken} on it takes a centroid for itself, and two blobs share one",
        shift > 0.1 * float(apart.min()),
        "A mean of 101 points moves by 1/101 of the distance; the harm is done when the point "
        "takes a centroid for itself.",
    )
