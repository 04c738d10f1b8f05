"""Lessons on one run: the four steps, the inertia, the start, an empty cluster."""

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from kmeans_tui.command import GIVEN, Options
from kmeans_tui.given_points import GivenPoints
from kmeans_tui.lessons.lesson import Lesson, LessonStep, Measured

if TYPE_CHECKING:
    from kmeans_tui.lessons.bench import Bench

_FAR: Final = GivenPoints(((2.0, 10.0), (5.0, 8.0), (30.0, 30.0)))
_CHANGES: Final = ("it falls", "it stays", "it rises")


def _largest_first(bench: "Bench") -> Measured:
    first = bench.run().history[0]
    return {"answer": int(first.sizes.max()), "sizes": _listed(first.sizes.tolist())}


def _moved(bench: "Bench") -> Measured:
    run = bench.run()
    moved = int((run.history[1].shifts > 0).sum())
    return {"answer": moved, "k": run.history.k}


def _changed(bench: "Bench") -> Measured:
    run = bench.run()
    return {"answer": run.history[1].changed, "n": run.dataset.n}


def _updates(bench: "Bench") -> Measured:
    run = bench.run()
    shift = float(run.history[-1].shifts.max())
    return {"answer": run.iterations, "shift": shift}


def _listed(values: list[Any]) -> str:
    return ", ".join(map(str, values[:-1])) + f" and {values[-1]}"


def _first_fall(bench: "Bench") -> Measured:
    before, after = (float(bench.run().history[i].inertia) for i in (0, 1))
    change = (before > after) - (before < after)
    return {"answer": _CHANGES[1 - change], "before": before, "after": after}


def _by_half(bench: "Bench") -> Measured:
    steps = [bench.run().history.step(i).inertia for i in range(5)]
    moving, assigning = steps[2] - steps[3], steps[3] - steps[4]
    return {
        "answer": "moving" if moving > assigning else "assigning",
        "moving": moving,
        "assigning": assigning,
    }


def _rises(bench: "Bench") -> Measured:
    history = bench.run().history
    steps = [history.step(i).inertia for i in range(2 * history.iterations + 1)]
    rises = sum(after > before * (1 + 1e-12) for before, after in pairwise(steps))
    return {"answer": rises, "steps": len(steps), "first": steps[0], "last": steps[-1]}


def _sharing(bench: "Bench") -> Measured:
    good, bad = bench.run(), bench.run(seed=1)
    return {
        "answer": bad.sharing(),
        "good": good.inertia,
        "bad": bad.inertia,
        "sizes": _listed(bad.sizes),
    }


def _missing(bench: "Bench") -> Measured:
    runs = bench.seeds(5)
    bad = [row.seed for row in runs.rows if row.inertia > 2 * runs.best.inertia]
    return {"answer": len(bad), "bad": _listed(sorted(bad)), "best": runs.best.inertia}


def _times(bench: "Bench") -> Measured:
    runs = bench.seeds(5)
    best, worst = runs.best.inertia, runs.worst.inertia
    return {"answer": worst / best, "best": best, "worst": worst}


def _of_ten(bench: "Bench") -> Measured:
    many = 1000
    return {
        "answer": bench.misses(10),
        "many": many,
        "share": 100 * bench.misses(many) / many,
    }


def _spread(bench: "Bench") -> Measured:
    def groups(init: str) -> int:
        run = bench.run(init=init)
        return len(run.groups_of(run.history[0].centroids))

    return {"answer": groups("k-means++"), "random": groups("random")}


def _plus_misses(bench: "Bench") -> Measured:
    best = bench.best(5).inertia
    return {"answer": bench.misses(5, best, init="k-means++"), "random": bench.misses(5, best)}


def _not_always(bench: "Bench") -> Measured:
    runs = 100
    random, plus = (bench.misses(runs, init=init) for init in ("random", "k-means++"))
    answer = "k-means++" if plus < random else "random"
    sizes = bench.run().truth.table.sum(axis=1).tolist()
    return {
        "answer": answer,
        "random": random,
        "plus": plus,
        "runs": runs,
        "sizes": _listed(sorted(sizes, reverse=True)),
    }


def _nobody(bench: "Bench") -> Measured:
    run = bench.run()
    return {"answer": int(run.history[0].sizes[2]), "k": run.history.k}


def _taker(bench: "Bench") -> Measured:
    (event,) = bench.run().history[1].events
    assert event.point is not None  # the farthest point takes over
    return {"answer": event.point + 1, "cluster": event.cluster + 1}


def _by_chance(bench: "Bench") -> Measured:
    import numpy as np

    first = bench.run().history[0]
    places = len(np.unique(first.centroids, axis=0))
    return {"answer": int((first.sizes == 0).sum()), "places": places, "k": len(first.centroids)}


RUNNING: Final = (
    Lesson(
        "steps", "What the four steps are",
        "Four short steps, repeated: that is all of K-Means. You do each of them once.",
        (
            LessonStep(
                "K-Means sorts points into k groups, called clusters. Step 1, initialise: it picks "
                "k = 3 points by chance as the first centroids, the numbers in the plot.",
                Options("blobs", k=3, goto="0:initialise"),
                "Press {key[half-step-forward]} for step 2, assign: every point joins its "
                "nearest centroid.",
                {"goto": "0"}, ("full_stop",),
                "How many points does the largest cluster have now?", _largest_first,
                "The panel of clusters lists them under n.",
                "The clusters have {sizes} points: centroids picked by chance share unevenly.",
            ),
            LessonStep(
                "A centroid should stand in the middle of its points. Step 3, update, moves it to "
                "their mean, the average place.",
                Options("blobs", k=3, goto="0"),
                "Press {key[half-step-forward]} for the update.",
                {"goto": "1:update"}, ("full_stop",),
                "How many of the centroids moved?", _moved,
                "Under shift, the panel of clusters says how far each one moved.",
                "{answer} of {k}: none of them stood exactly at the mean of its points.",
            ),
            LessonStep(
                "The centroids have moved, so some points are now nearer to another one. "
                "Assign and update together are one iteration.",
                Options("blobs", k=3, goto="1:update"),
                "Press {key[half-step-forward]} to assign again.",
                {"goto": "1"}, ("full_stop",),
                "How many points changed cluster?", _changed,
                "The panel of the algorithm says it beside assign; c lists them.",
                "{answer} of {n} points found another centroid nearer; the others stayed.",
            ),
            LessonStep(
                "Step 4 asks whether it has converged: no centroid moves any more, so nothing can "
                "change. If not, steps 2 and 3 come again.",
                Options("blobs", k=3, goto="1"),
                "Press {key[last]} to go to the end.",
                {"goto": "last"}, ("G",),
                "How many iterations did the run take?", _updates,
                "The line below the plot names the iteration.",
                "{answer}. In the last one the largest move was {shift:g}: the run had converged.",
            ),
        ),
    ),
    Lesson(
        "inertia", "Why the inertia cannot rise",
        "One number says how tight the clusters are, and no step can make it worse.",
        (
            LessonStep(
                "Inertia measures how tight the clusters are: take each point's distance to its "
                "centroid, square it, and add them all up. Less is tighter.",
                Options("blobs", k=3, seed=4, goto="0"),
                "Press {key[iteration-forward]} to go on by one iteration.",
                {"goto": "1"}, ("l",),
                "What happens to the inertia?", _first_fall,
                "The panel of the inertia shows it before and after.",
                "From {before:,.0f} to {after:,.0f}.", _CHANGES,
            ),
            LessonStep(
                "Assigning gives each point its nearest centroid, so no distance grows. Moving "
                "puts each centroid at the mean: no other place has a smaller sum of squares.",
                Options("blobs", k=3, seed=4, goto="1"),
                "Press {key[half-step-forward]} twice: the centroids move, then the points are "
                "assigned.",
                {"goto": "2"}, ("full_stop", "full_stop"),
                "Which lowers the inertia more in this iteration?", _by_half,
                "The panel of the inertia says how much each half saved.",
                "Moving the centroids saved {moving:.3g}, assigning the points {assigning:.3g}.",
                ("moving", "assigning"),
            ),
            LessonStep(
                "Neither half can raise it. There are only so many ways to sort the points, and "
                "none comes twice: so every run must end.",
                Options("blobs", k=3, seed=4, goto="2"),
                "Press {key[last]} to go to the end.",
                {"goto": "last"}, ("G",),
                "How many times did the inertia rise in this run?", _rises,
                "Look at the curve: does it ever go up?",
                "{answer} times: in {steps} half steps from {first:,.0f} to {last:,.0f}, never up.",
            ),
        ),
    ),
    Lesson(
        "seeds", "Another seed, another end",
        "The first centroids are picked by chance, and the end depends on them.",
        (
            LessonStep(
                "A seed is a number that fixes the chance: the same seed picks the same first "
                "centroids. Seed 0 ended well: each of the three groups has a centroid.",
                Options("blobs", k=3, seed=0, goto="last"),
                "Press {key[next-seed]} for seed 1.",
                {"seed": 1}, ("n",),
                "How many of the groups that you see share one cluster now?", _sharing,
                "One cluster is twice as large as a group.",
                "{answer}: the sizes are {sizes}, and the inertia is {bad:,.0f} instead of "
                "{good:,.0f}. No centroid can cross the empty space.",
            ),
            LessonStep(
                "Nothing but the start differs. The run has converged, so going on would not help; "
                "only another start would.",
                Options("blobs", k=3, seed=1, goto="last"),
                "Press {key[next-seed]} until the run ends badly again, at seed 3.",
                {"seed": 3}, ("n", "n"),
                "How many of the seeds 0 to 4 end with more than twice the best inertia?", _missing,
                "n and N go through the seeds; look at the inertia of each.",
                "{answer}: the seeds {bad}. The others reach {best:,.0f}.",
            ),
            LessonStep(
                "The remedy is simple: run it several times and keep the run with the lowest "
                "inertia. The screen Seeds does that.",
                Options("blobs", k=3, seed=3, goto="last"),
                "Press {key[seeds]} for Seeds.",
                {"screen": "seeds"}, ("3",),
                "How many times the best inertia is the worst?", _times,
                "Divide the last inertia of the list by the first.",
                "{worst:,.0f} is {answer:.1f} times {best:,.0f}: keeping the best matters.", (), 1,
            ),
            LessonStep(
                "How many starts are enough? That depends on how often one of them fails.",
                Options("blobs", k=3, seed=0, screen="seeds"),
                "Press {key[more-seeds]} for ten seeds.",
                {"seeds": range(10)}, ("greater_than_sign",),
                "How many of the seeds 0 to 9 miss the best result?", _of_ten,
                "Count the rows of the list whose inertia is above the first.",
                "{answer} of ten; of {many:,} starts, {share:.1f} in a hundred.",
            ),
        ),
    ),
    Lesson(
        "start", "A better start: k-means++",
        "Spread the first centroids out, and a single run fails less often.",
        (
            LessonStep(
                "k-means++ picks the first centroids one after the other and prefers points far "
                "from those it has. Here is the start of seed 1, picked by plain chance.",
                Options("blobs", k=3, seed=1, goto="0:initialise"),
                "Press {key[init]} for k-means++ with the same seed.",
                {"init": "k-means++"}, ("i",),
                "How many of the groups that you see have one of the first centroids now?", _spread,
                "Look where the numbers stand.",
                "{answer}; by plain chance it was {random}.",
            ),
            LessonStep(
                "One run proves little. Seeds shows several: here each starts by plain chance.",
                Options("blobs", k=3, seed=1, screen="seeds"),
                "Press {key[init]} for k-means++.",
                {"init": "k-means++"}, ("i",),
                "How many of the seeds 0 to 4 miss the best result now?", _plus_misses,
                "A run that misses has a larger inertia than the first of the list.",
                "{answer}; by plain chance it was {random}.",
            ),
            LessonStep(
                "It is still chance. This set has groups of {sizes} points, and k-means++ may miss "
                "the smallest group too.",
                Options("uneven", k=3, seed=1, goto="last"),
                "Press {key[init]} to see the same seed with k-means++.",
                {"init": "k-means++"}, ("i",),
                "Of a hundred starts of each kind, which kind misses the best result less often?",
                _not_always,
                "Seeds counts it: press {key[seeds]}, and {key[init]} there.",
                "Of {runs} starts, {plus} with k-means++ miss it and {random} by plain chance: "
                "better, yet more than one start is needed.",
                ("random", "k-means++"),
            ),
        ),
    ),
    Lesson(
        "empty", "An empty cluster",
        "A centroid may be nearest to no point at all. What then?",
        (
            LessonStep(
                "Here the first centroids were given, not picked: one of them stands far away "
                "from all points.",
                Options("eight", k=3, init=GIVEN, centroids=_FAR, goto="0:initialise"),
                "Press {key[half-step-forward]} to assign the points.",
                {"goto": "0"}, ("full_stop",),
                "How many points does the far centroid, number 3, get?", _nobody,
                "Its row in the panel of clusters says so.",
                "{answer}: every point has a nearer one, so its cluster is empty. It has no mean "
                "to move to.",
            ),
            LessonStep(
                "K-Means was asked for three clusters. So an empty one takes the point that is "
                "farthest from its own centroid, and begins again there.",
                Options("eight", k=3, init=GIVEN, centroids=_FAR, goto="0"),
                "Press {key[half-step-forward]} to see it happen.",
                {"goto": "1:update"}, ("full_stop",),
                "Which row does that point have in the table?", _taker,
                "The sentence under the plot names it.",
                "Row {answer}: cluster {cluster} begins again there.",
            ),
            LessonStep(
                "It also happens by chance. Several of these flowers are equal, and with k = 8 "
                "two first centroids may be equal too.",
                Options("iris", k=8, seed=3, goto="0:initialise"),
                "Press {key[half-step-forward]} to assign the points.",
                {"goto": "0"}, ("full_stop",),
                "How many clusters are empty?", _by_chance,
                "Look for the size 0 in the panel of clusters.",
                "{answer}: the {k} centroids stand on {places} different places, and of two on the "
                "same place one gets nothing.",
            ),
        ),
    ),
)  # fmt: skip
