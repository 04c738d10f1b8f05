"""Lessons on where K-Means fails: the damage is measured, and so is the repair."""

from typing import TYPE_CHECKING, Final

from kmeans_tui.command import Options
from kmeans_tui.lessons.lesson import Lesson, LessonStep, Measured

if TYPE_CHECKING:
    from kmeans_tui.lessons.bench import Bench

_FOUR: Final = ("1", "2", "3", "4")
_YES_NO: Final = ("yes", "no")
_OUTLIER: Final = 301
_STARTS: Final = 20


def _decides(bench: "Bench") -> Measured:
    dataset = bench.dataset(scale="none")
    points = dataset.points
    shares = 100 * points.var(axis=0) / points.var(axis=0).sum()
    return {
        "answer": float(shares.max()),
        "name": dataset.features[int(shares.argmax())],
        "d": points.shape[1],
    }


def _scaled(bench: "Bench") -> Measured:
    raw, scaled = bench.run(scale="none"), bench.run(scale="standard")
    return {"answer": scaled.ari, "sides": (("raw", raw.ari), ("standardised", scaled.ari))}


def _not_helped(bench: "Bench") -> Measured:
    raw, scaled = bench.run(scale="none"), bench.run(scale="standard")
    return {
        "answer": "yes" if scaled.ari > raw.ari else "no",
        "sides": (("raw", raw.ari), ("standardised", scaled.ari)),
    }


def _dragged(bench: "Bench") -> Measured:
    import numpy as np

    having, lacking = bench.run(), bench.run(without=(_OUTLIER,))
    first = having.history[-1]
    own = first.centroids[first.labels[_OUTLIER - 1]]
    apart = np.sqrt(((lacking.history[-1].centroids - own) ** 2).sum(axis=1)).min()
    there = having.dataset.points[_OUTLIER - 1]
    return {
        "answer": float(apart),
        "far": float(np.sqrt(((there - own) ** 2).sum())),
        "size": int(first.sizes[first.labels[_OUTLIER - 1]]),
    }


def _alone(bench: "Bench") -> Measured:
    run = bench.run()
    clean = bench.run(without=(_OUTLIER,), init="k-means++")
    return {
        "answer": run.sizes[-1],
        "sizes": " and ".join(map(str, run.sizes[:-1])),
        "sides": (("with it", run.ari), ("without it", clean.ari)),
    }


def _preferred(bench: "Bench") -> Measured:
    alone, dragged = bench.run(), bench.run(seed=0)
    return {
        "answer": "yes" if alone.inertia < dragged.inertia else "no",
        "alone": alone.inertia,
        "dragged": dragged.inertia,
        "sides": (("lower inertia", min(alone, dragged, key=lambda run: run.inertia).ari),
                  ("higher inertia", max(alone, dragged, key=lambda run: run.inertia).ari)),
    }  # fmt: skip


def _match(bench: "Bench") -> Measured:
    run = bench.run()
    ari = round(run.ari, 2) + 0.0  # no -0.00
    return {"answer": run.ari, "ari": ari, "wrong": run.wrong, "n": run.dataset.n}


def _wrong(bench: "Bench") -> Measured:
    run = bench.run()
    return {"answer": run.wrong, "n": run.dataset.n, "ari": run.ari}


def _starts_or(bench: "Bench", method: str) -> Measured:
    one, best, other = bench.run(), bench.best(_STARTS), bench.ari_of(method)
    sides = ((f"one start, seed {bench.view.seed}", one.ari),
             (f"best of {_STARTS} starts", best.ari), (method, other))  # fmt: skip
    answer = method if other > best.ari else "more starts"
    return {"answer": answer, "starts": _STARTS, "sides": sides}


def _or_mixture(bench: "Bench") -> Measured:
    return _starts_or(bench, "Gaussian mixture")


def _or_dbscan(bench: "Bench") -> Measured:
    return _starts_or(bench, "DBSCAN")


def _or_spectral(bench: "Bench") -> Measured:
    return _starts_or(bench, "spectral clustering")


def _more_clusters(bench: "Bench") -> Measured:
    two, three = bench.run(), bench.run(k=3)
    return {
        "answer": "yes" if three.inertia < two.inertia else "no",
        "two": two.inertia,
        "three": three.inertia,
    }


def _equal_halves(bench: "Bench") -> Measured:
    run = bench.run()
    larger, smaller = run.sizes
    return {"answer": smaller, "larger": larger, "n": run.dataset.n}


def _best_of_many(bench: "Bench") -> Measured:
    runs = 100
    misses = bench.misses(runs)
    one, best = bench.run(), bench.best(runs)
    return {
        "answer": runs - misses,
        "runs": runs,
        "last": runs - 1,
        "sides": ((f"seed {bench.view.seed}", one.ari), (f"best of {runs}", best.ari)),
    }


def _smallest(bench: "Bench") -> Measured:
    run = bench.run()
    groups = sorted(run.truth.table.sum(axis=1).tolist(), reverse=True)
    return {
        "answer": run.sizes[-1],
        "sizes": ", ".join(map(str, run.sizes)),
        "groups": ", ".join(map(str, groups)),
    }


_MATCH: Final = (
    "The adjusted Rand index says how well clusters match the known groups: one is a perfect "
    "match, zero is what chance gives."
)


def _matched(seen: str, view: Options) -> LessonStep:
    """The step that asks how well the clusters of a view match the known groups."""
    return LessonStep(
        f"{seen} {_MATCH}",
        view,
        "Press {key[compare]} for Compare, which tells the index.",
        {"screen": "compare"},
        ("4",),
        "What is the adjusted Rand index?",
        _match,
        "The table of known groups, or the verdict of Compare, has it.",
        "{ari:.2f}: {wrong} of {n} points are in the wrong cluster.",
        digits=2,
    )


FAILING: Final = (
    Lesson(
        "scale", "Scale: the largest numbers decide",
        "Distances add up all features, so the one with the largest numbers decides alone.",
        (
            LessonStep(
                "Wine has {d} features, measurements of wines from three growers. One is counted "
                "in hundreds, most others in ones, so a distance is nearly all that one.",
                Options("wine", k=3, scale="standard", goto="last"),
                "Press {key[scale]} for the measurements as they are.",
                {"scale": "none"}, ("z",),
                "The variance of a feature is its mean squared distance from its mean. How many "
                "percent of all variance has that one feature?",
                _decides,
                "Press {key[remarks]}: the remarks say which feature decides, and how much.",
                "{answer:.1f} percent, and it is {name}: the others hardly count.",
            ),
            LessonStep(
                "To standardise is to divide each feature by its spread, so that all count the "
                f"same. {_MATCH}",
                Options("wine", k=3, scale="none", goto="last"),
                "Press {key[scale]} to standardise, then {key[compare]} for Compare, which "
                "tells the index.",
                {"scale": "standard", "screen": "compare"}, ("z", "4"),
                "What is the adjusted Rand index now?", _scaled,
                "The table of known groups, or the verdict of Compare, has it.",
                "It is {answer:.2f} because all features count now:", (), 2,
            ),
            LessonStep(
                "So always standardise? Here are the four measurements of the flowers of Iris, "
                "all in centimetres, not standardised.",
                Options("iris", k=3, features=_FOUR, scale="none", goto="last"),
                "Press {key[scale]} to standardise.",
                {"scale": "standard"}, ("z",),
                "Does standardising raise the adjusted Rand index here?", _not_helped,
                "Compare ({key[compare]}) tells the index: once with {key[scale]}, once without.",
                "Large spread can also mean that a feature tells the groups apart:",
                _YES_NO,
            ),
        ),
    ),
    Lesson(
        "outlier", "One far point",
        "A mean follows every point, and a square makes a far one count for many.",
        (
            LessonStep(
                "An outlier is a point far from all others, here row 301, far to the right. It "
                "belongs to some cluster and drags its centroid.",
                Options("outlier", k=3, seed=4, goto="last"),
                "Press {key[find]} and type 301, enter; then {key[hand]} (the hand) and "
                "{key[hand-take-out]} (take out), esc.",
                {"without": (_OUTLIER,)}, ("slash", *"301", "enter", "H", "O", "escape"),
                "How far was the centroid dragged away?", _dragged,
                "Of {size} points, one moves the mean by its distance divided by {size}.",
                "{answer:.1f}: the point is {far:.0f} away, but only one of {size} in the mean.",
                (), 1,
            ),
            LessonStep(
                "Worse can happen: the far point takes a centroid for itself, and then two groups "
                "must share one.",
                Options("outlier", k=3, seed=18, init="k-means++", goto="0"),
                "Press {key[last]} to go to the end.",
                {"goto": "last"}, ("G",),
                "How many points has the smallest cluster?", _alone,
                "The panel of clusters lists the sizes under n.",
                "{answer}; the other clusters have {sizes} points. Adjusted Rand index (one: the "
                "groups are found):",
            ),
            LessonStep(
                "Which end does K-Means itself prefer? It calls the lower inertia better.",
                Options("outlier", k=3, seed=18, init="k-means++", goto="last"),
                "Press {key[seeds]}: Seeds runs other starts.",
                {"screen": "seeds"}, ("3",),
                "Is the inertia lower when the outlier has a cluster for itself?", _preferred,
                "Explore (1) shows this inertia, Seeds those of other starts.",
                "{alone:,.0f} against {dragged:,.0f}. The lower inertia can be the worse result, "
                "so look for outliers first:",
                _YES_NO,
            ),
        ),
    ),
    Lesson(
        "elongated", "Long clusters",
        "K-Means expects round clusters, and cuts long ones across.",
        (
            _matched("You see three slanted stripes.", Options("anisotropic", k=3, goto="last")),
            LessonStep(
                "The border between two clusters lies halfway between their centroids and is "
                "always straight. It takes no notice of the direction of a stripe.",
                Options("anisotropic", k=3, goto="last"),
                "Press {key[regions]} to see the borders.",
                {"regions": True}, ("b",),
                "How many of the points are not in the cluster that matches their stripe?", _wrong,
                "Compare ({key[compare]}) counts the rows that match.",
                "{answer} of {n}: the ends of the stripes go to the wrong centroid.",
            ),
            LessonStep(
                "Two remedies: more starts, or a Gaussian mixture, a method that gives each "
                "cluster a width for every direction.",
                Options("anisotropic", k=3, goto="last"),
                "Press {key[next-seed]}: does another start look better?",
                {"seed": 43}, ("n",),
                "Which of them finds the stripes?", _or_mixture,
                "Does any other seed cut differently?",
                "The best K-Means result is itself cut across:",
                ("more starts", "Gaussian mixture"),
                reached=lambda now: now.options.data == "anisotropic" and now.options.seed != 42,
            ),
        ),
    ),
    Lesson(
        "crescents", "Crescents",
        "Two bent shapes that no straight border can part.",
        (
            _matched("Two crescents reach into each other.", Options("moons", k=2, goto="last")),
            LessonStep(
                "Perhaps the number of clusters is wrong? Try one more.",
                Options("moons", k=2, goto="last"),
                "Press {key[more-clusters]} for three clusters.",
                {"k": 3}, ("plus",),
                "Is the inertia lower with three clusters?", _more_clusters,
                "The panel of the inertia shows it; {key[fewer-clusters]} brings the other back.",
                "{three:.1f} instead of {two:.1f}. But the crescents are cut all the same: inertia "
                "knows nothing of shape.",
                _YES_NO,
            ),
            LessonStep(
                "DBSCAN is a method that joins points which lie close together, whatever shape "
                "they form.",
                Options("moons", k=2, goto="last"),
                "Press {key[next-seed]}: does another start look better?",
                {"seed": 43}, ("n",),
                "Which finds the crescents?", _or_dbscan,
                "Does any other seed cut differently?",
                "A chain of close points can bend, a nearest centroid cannot:",
                ("more starts", "DBSCAN"),
                reached=lambda now: now.options.data == "moons" and now.options.seed != 42,
            ),
        ),
    ),
    Lesson(
        "rings", "Rings",
        "A ring around a ring: both have their mean in the same place.",
        (
            LessonStep(
                "Two rings, one inside the other. Both have the same middle, and a centroid is a "
                "middle.",
                Options("circles", k=2, goto="0"),
                "Press {key[last]} to go to the end.",
                {"goto": "last"}, ("G",),
                "How many points has the smaller cluster?", _equal_halves,
                "The panel of clusters lists the sizes under n.",
                "{answer}, and the other {larger}: K-Means cuts the {n} points in half, straight "
                "through both rings.",
            ),
            LessonStep(
                _MATCH,
                Options("circles", k=2, goto="last"),
                "Press {key[compare]} for Compare, which tells the index.",
                {"screen": "compare"}, ("4",),
                "What is the adjusted Rand index?", _match,
                "The table of known groups, or the verdict of Compare, has it; it may be below "
                "zero.",
                "{ari:.2f}: no better than chance, with {wrong} of {n} points in the wrong "
                "cluster.",
                (), 2,
            ),
            LessonStep(
                "Spectral clustering first links each point to its nearest neighbours, and cuts "
                "where there are few links.",
                Options("circles", k=2, goto="last"),
                "Press {key[next-seed]}: does another start look better?",
                {"seed": 43}, ("n",),
                "Which finds the rings?", _or_spectral,
                "Does any other seed keep a ring whole?",
                "Links follow the rings; no pair of centroids does:",
                ("more starts", "spectral clustering"),
                reached=lambda now: now.options.data == "circles" and now.options.seed != 42,
            ),
        ),
    ),
    Lesson(
        "uneven", "Uneven sizes and densities",
        "Large clusters are worth splitting, and wide ones lose their edge.",
        (
            LessonStep(
                "Here are groups of {groups} points, and this is where seed 1 starts.",
                Options("uneven", k=3, seed=1, goto="0"),
                "Press {key[last]} to go to the end.",
                {"goto": "last"}, ("G",),
                "How many points has the smallest cluster?", _smallest,
                "The panel of clusters lists the sizes under n.",
                "{answer}: the sizes are {sizes}. The large group was split, and the smallest "
                "shares a cluster.",
            ),
            LessonStep(
                "More starts help where a single one misses. The adjusted Rand index (one is a "
                "perfect match, zero is chance) tells how much.",
                Options("uneven", k=3, seed=1, goto="last"),
                "Press {key[seeds]} for Seeds.",
                {"screen": "seeds"}, ("3",),
                "How many of the seeds 0 to {last} find the best result?", _best_of_many,
                "Press {key[more-seeds]} until {runs} seeds are listed; the summary counts them.",
                "{answer} of {runs}. Keeping the best is the repair:",
            ),
            LessonStep(
                "Now three groups with the same number of points, of which one is spread wide. The "
                "border lies halfway between centroids, however wide a group is.",
                Options("varied", k=3, goto="last"),
                "Press {key[regions]} to see the borders.",
                {"regions": True}, ("b",),
                "How many points are not in the cluster that matches their group?", _wrong,
                "Compare ({key[compare]}) counts the rows that match.",
                "{answer} of {n}: the edge of the wide group goes to its neighbours. The adjusted "
                "Rand index is {ari:.2f}.",
            ),
            LessonStep(
                "A Gaussian mixture, a method that gives each cluster its own width, can do what "
                "K-Means cannot.",
                Options("varied", k=3, goto="last"),
                "Press {key[next-seed]}: does another start look better?",
                {"seed": 43}, ("n",),
                "Which matches the groups better?", _or_mixture,
                "Does any other seed draw the borders elsewhere?",
                "Here every start ends alike, so more of them change nothing:",
                ("more starts", "Gaussian mixture"),
                reached=lambda now: now.options.data == "varied" and now.options.seed != 42,
            ),
        ),
    ),
)  # fmt: skip
