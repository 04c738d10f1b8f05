"""Swaps in their plainest form: from the end of a run to a better one, n points X, k centroids."""

import numpy as np

from kmeans_tui.clustering.textbook import assign, has_converged, update

STEPS = 10  # iterations after which a swap must have helped
TRIES, WORK = 10, 20_000  # pairs to try: at least ten, more for fewer points
FEW = 2000  # points up to which a swap is tried among all clusters
WIDE = 64  # the centroids needed least, and the clusters that deserve two most
MANY = 32  # features up to which a (d, d) matrix is faster than products with the points
LESS = 1e-8  # lower by less than this share of the inertia may be rounding


def split(points: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Halve a cluster at its mean, across its principal axis: (m, d) -> two means (d,).

    Returns how much lower its inertia is with the two, and the two. The axis comes from the power
    method, begun at the feature that varies most, so a round cluster is halved across that.
    """
    centred = points - points.mean(axis=0)
    squares = (centred**2).sum(axis=0)
    total = squares.sum()
    if len(points) < 2 or total == 0:
        return 0.0, points.mean(axis=0), points.mean(axis=0)
    widest = np.round(squares / total, 9).argmax()
    if points.shape[1] <= MANY:
        axis = np.linalg.matrix_power(centred.T @ centred / total, 16)[:, widest]
    else:  # the same without a (d, d) matrix
        axis = np.eye(1, points.shape[1], widest)[0]
        for _ in range(16):
            axis = centred.T @ (centred @ axis) / total
    ahead = centred @ (axis / np.linalg.norm(axis)) > 1e-9 * np.sqrt(total)
    if ahead.all() or not ahead.any():  # equal points, and a mean that is off by a rounding
        return 0.0, points.mean(axis=0), points.mean(axis=0)
    halves = points[~ahead].mean(axis=0), points[ahead].mean(axis=0)
    share = ahead.mean()
    apart = ((halves[0] - halves[1]) ** 2).sum()
    return float(len(points) * share * (1 - share) * apart), *halves


def pairs(X: np.ndarray, centroids: np.ndarray, labels: np.ndarray) -> list[tuple]:
    """List the swaps to try, best first: (centroid, cluster, share, centroids after the swap).

    A centroid is needed for what its points would add at their second nearest centroids; a cluster
    deserves two for what its halves would save.
    """
    k = len(centroids)
    distances = ((X[:, np.newaxis, :] - centroids) ** 2).sum(axis=2)  # (n, k)
    nearest, second = np.sort(distances, axis=1)[:, :2].T
    inertia = nearest.sum()
    needed = np.array([(second - nearest)[labels == j].sum() for j in range(k)]) / inertia
    halves = [split(X[labels == j]) if (labels == j).any() else (0.0,) for j in range(k)]
    saved = np.array([each[0] for each in halves]) / inertia
    least = np.sort(np.round(needed, 9).argsort(kind="stable")[:WIDE])
    most = np.sort((-np.round(saved, 9)).argsort(kind="stable")[:WIDE])
    every = [(i, j) for i in least for j in most if i != j and saved[j] > 0]
    every.sort(key=lambda pair: -np.round(saved[pair[1]] - needed[pair[0]], 9))
    found = []
    for i, j in every[: max(TRIES, WORK // len(X))]:
        after = centroids.copy()
        after[j], after[i] = halves[j][1:]
        found.append((int(i), int(j), float(needed[i]), after))
    return found


def helps(
    X: np.ndarray, centroids: np.ndarray, labels: np.ndarray, i: int, j: int, after: np.ndarray
) -> bool:
    """Whether a swap lowers the inertia, tried among the clusters around i and j alone.

    These are the second nearest ones of their points; of few points, all clusters.
    """
    distances = ((X[:, np.newaxis, :] - centroids) ** 2).sum(axis=2)
    inertia = distances.min(axis=1).sum()
    distances[np.arange(len(X)), labels] = np.inf
    second = distances.argmin(axis=1)
    around = np.union1d([i, j], second[np.isin(labels, [i, j])])
    if len(X) <= FEW:
        around = np.arange(len(centroids))
    part = X[np.isin(labels, around)]
    before = ((part - centroids[labels[np.isin(labels, around)]]) ** 2).sum()
    places = after[around]
    for step in range(STEPS + 1):
        theirs = assign(part, places)
        if ((part - places[theirs]) ** 2).sum() < before - LESS * inertia:
            return True
        moved = places.copy()
        for c in np.unique(theirs):
            moved[c] = part[theirs == c].mean(axis=0)
        if step == STEPS or (moved == places).all():
            return False
        places = moved
    return False


def improve(
    X: np.ndarray, history: list[dict], max_iterations: int = 100, tolerance: float = 1e-4
) -> list[dict]:
    """Swap until no swap helps, from the end of a run: its history -> the longer history.

    After a swap Lloyd's iteration goes on for a few steps, or to its end if no other swap helps.
    """
    history, settled = list(history), True
    if len(history[-1]["centroids"]) == 1:
        return history
    while ((X - history[-1]["centroids"][history[-1]["labels"]]) ** 2).sum() > 0:
        centroids, labels = history[-1]["centroids"], history[-1]["labels"]
        before = ((X - centroids[labels]) ** 2).sum()
        for i, j, share, after in pairs(X, centroids, labels):
            if not helps(X, centroids, labels, i, j, after):
                continue
            swapped = {"iteration": len(history), "swap": (i, j, share), "centroids": after}
            stretch = [swapped | {"labels": assign(X, after)}]
            settled = _go_on(X, stretch, min(STEPS, max_iterations), tolerance)
            last = stretch[-1]
            if ((X - last["centroids"][last["labels"]]) ** 2).sum() < (1 - LESS) * before:
                history += stretch
                done = len(stretch) - 1
                settled = settled or done == max_iterations
                break
        else:
            if settled:
                return history
            _go_on(X, history, max_iterations - done, tolerance)
            settled = True
    return history


def _go_on(X: np.ndarray, history: list[dict], limit: int, tolerance: float) -> bool:
    """Continue a run for at most this many iterations; whether it converged."""
    for _ in range(limit):
        previous = history[-1]["centroids"]
        centroids = update(X, history[-1]["labels"], previous)
        labels, number = assign(X, centroids), history[-1]["iteration"] + 1
        history.append({"iteration": number, "centroids": centroids, "labels": labels})
        if has_converged(previous, centroids, tolerance):
            return True
    return False
