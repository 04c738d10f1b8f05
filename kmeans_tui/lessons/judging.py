"""Lessons on judging a result: when to stop, how many clusters, what numbers mean."""

from typing import TYPE_CHECKING, Final

from kmeans_tui.command import Options
from kmeans_tui.lessons.lesson import Lesson, LessonStep, Measured

if TYPE_CHECKING:
    from kmeans_tui.analysis.article.claims import Claim
    from kmeans_tui.lessons.bench import Bench

_YES_NO: Final = ("yes", "no")
_TRUE: Final = ("true", "not true")


def _elbow(bench: "Bench") -> Measured:
    found, verdict = bench.sweep()
    best = [row.best for row in found.rows]
    k = verdict.choices["elbow"]
    assert k is not None  # held by the test of the lessons
    return {"answer": k, "before": best[k - 2], "at": best[k - 1], "after": best[k]}


def _always_less(bench: "Bench") -> Measured:
    k = bench.run().history.k
    now, more = bench.best(20), bench.best(20, k=k + 1)
    return {
        "answer": "yes" if more.inertia < now.inertia else "no",
        "now": now.inertia,
        "more": more.inertia,
        "k": k + 1,
    }


def _votes(bench: "Bench") -> Measured:
    _, verdict = bench.sweep()
    return {"answer": "no" if verdict.k is None else "yes", "sentence": verdict.sentence}


def _gap(bench: "Bench") -> Measured:
    _, verdict = bench.sweep()
    return {"answer": verdict.choices["gap"] or 0, "silhouette": verdict.choices["silhouette"]}


def _renumbered(bench: "Bench") -> Measured:
    from kmeans_tui.analysis.matching import match_centroids

    first, second = bench.run(seed=0).history[-1], bench.run(seed=2).history[-1]
    order = match_centroids(first.centroids, second.centroids)
    return {"answer": int(order[0]) + 1, "pairs": ", ".join(
        f"{i + 1} is {place + 1}" for i, place in enumerate(order.tolist())
    )}  # fmt: skip


def _same_groups(bench: "Bench") -> Measured:
    from sklearn.metrics import adjusted_rand_score

    first, second = bench.run(seed=0).history[-1].labels, bench.run(seed=2).history[-1].labels
    return {
        "answer": int((first != second).sum()),
        "n": len(first),
        "ari": float(adjusted_rand_score(first, second)),
    }


def _claims(bench: "Bench", count: int) -> "list[Claim]":
    """The first claims of the article, judged."""
    from kmeans_tui.analysis.article.claims import claims
    from kmeans_tui.data.catalogue import load_data

    return list(claims(load_data, lambda said: said.done < count))


def _claimed_iterations(bench: "Bench") -> Measured:
    (claim,) = _claims(bench, 1)
    return {"answer": bench.run().iterations, "claim": claim.claim, "why": claim.why}


def _claimed_inertia(bench: "Bench") -> Measured:
    claim = _claims(bench, 2)[1]
    return {"answer": bench.run().inertia, "claim": claim.claim, "why": claim.why}


def _claimed_difference(bench: "Bench") -> Measured:
    claim = _claims(bench, 4)[3]
    return {"answer": _TRUE[not claim.holds], "claim": claim.claim, "why": claim.why,
            "measured": claim.measured}  # fmt: skip


def _claimed_variation(bench: "Bench") -> Measured:
    claim = _claims(bench, 5)[4]
    runs = bench.seeds(5)
    return {
        "answer": runs.worst.inertia - runs.best.inertia,
        "claim": claim.claim,
        "why": claim.why,
    }


def _stopping(bench: "Bench") -> Measured:
    history = bench.run().history
    return {"answer": float(history[-1].shifts.max()), "updates": history.iterations}


def _early(bench: "Bench") -> Measured:
    full, early = bench.run(), bench.run(tolerance=0.2)
    return {
        "answer": early.iterations,
        "full": full.iterations,
        "inertia": early.inertia,
        "best": full.inertia,
    }


def _plateau(bench: "Bench") -> Measured:
    full = bench.run(tolerance=Options.tolerance)
    return {
        "answer": "no" if bench.run().inertia > 1.01 * full.inertia else "yes",
        "updates": full.iterations,
        "here": bench.run().inertia,
        "there": full.inertia,
    }


JUDGING: Final = (
    Lesson(
        "tolerance", "Tolerance, and when to stop",
        "It stops when the centroids hardly move. How little is little enough?",
        (
            LessonStep(
                "The shift is how far a centroid moved in the last update. The tolerance is the "
                "limit: if every shift is below it, the run ends.",
                Options("blobs", k=3, seed=4, goto="0"),
                "Press {key[last]} to go to the end.",
                {"goto": "last"}, ("G",),
                "What is the largest shift in the last iteration?", _stopping,
                "The panel of the algorithm says it beside update.",
                "{answer:g}, after {updates} iterations: below any tolerance.", (), 1,
            ),
            LessonStep(
                "With a larger tolerance it stops sooner. Sooner need not mean done.",
                Options("blobs", k=3, seed=4, goto="last"),
                "Press {key[command-palette]} and type tolerance, enter, then 0.2, enter.",
                {"tolerance": 0.2},
                ("colon", *"tolerance", "enter", "0", "full_stop", "2", "enter"),
                "How many iterations does it take now?", _early,
                "The line below the plot names the iteration; G goes to the last.",
                "{answer} instead of {full}, and it ends at inertia {inertia:,.0f} instead of "
                "{best:,.0f}: it was still on its way.",
            ),
            LessonStep(
                "The centroids crawled for some iterations before the run found its way out. A "
                "slow part looks like an end.",
                Options("blobs", k=3, seed=4, tolerance=0.2, goto="last"),
                "Press {key[command-palette]} and type tolerance, enter, then 0, enter.",
                {"tolerance": 0.0},
                ("colon", *"tolerance", "enter", "0", "enter"),
                "Did the run with tolerance 0.2 reach the same end as this one?", _plateau,
                "Compare the two inertias: backspace brings the other run back.",
                "It stopped at {here:,.0f}; {updates} iterations lead to {there:,.0f}. A small "
                "tolerance costs little here.",
                ("yes", "no"),
            ),
        ),
    ),
    Lesson(
        "how_many", "How many clusters, and when there are none",
        "K-Means never says how many clusters there are. It finds as many as you ask for.",
        (
            LessonStep(
                "More centroids are nearer to the points, so the inertia falls as k grows, even "
                "where the new cluster makes no sense.",
                Options("blobs", k=3, seed=0, goto="last"),
                "Press {key[more-clusters]} for one cluster more.",
                {"k": 4}, ("plus",),
                "With the best of many starts for each, is the inertia for k = 4 below that for 3?",
                _always_less,
                "A good group can always be split once more.",
                "{more:.1f} instead of {now:.1f}: the inertia alone always asks for more clusters.",
                _YES_NO,
            ),
            LessonStep(
                "What counts is where it stops falling fast. That bend in the curve is called the "
                "elbow.",
                Options("blobs", k=3, seed=0, goto="last"),
                "Press {key[elbow]} for Elbow.",
                {"screen": "elbow"}, ("2",),
                "At which k is the elbow?", _elbow,
                "Read down the column of the best inertia: after which k does it hardly fall?",
                "At {answer}: the inertia goes from {before:,.0f} to {at:,.0f}, and then only to "
                "{after:,.0f}.",
            ),
            LessonStep(
                "These points were scattered evenly: there are no groups. K-Means colours "
                "three all the same.",
                Options("uniform", k=3, goto="last"),
                "Press {key[elbow]} for Elbow.",
                {"screen": "elbow"}, ("2",),
                "Does the verdict name a number of clusters?", _votes,
                "The verdict is the box under the curve.",
                "It says: {sentence}.",
                _YES_NO,
            ),
            LessonStep(
                "Most rules pick some k for any data. The gap statistic also compares with evenly "
                "scattered points, so it can answer that one cluster is enough.",
                Options("uniform", k=3, init="k-means++", screen="elbow"),
                "Press {key[axes]} to see another rule's curve.",
                {"curve": "silhouette"}, ("f", "f"),
                "Which k does the gap statistic choose?", _gap,
                "The verdict names the k of each rule; so does the star in its column.",
                "{answer}: no groups. The silhouette, another rule, says {silhouette}.",
                reached=lambda now: now.options.curve != Options.curve,
            ),
        ),
    ),
    Lesson(
        "numbers", "Why numbers and colours are arbitrary",
        "A cluster's number only says which centroid came first.",
        (
            LessonStep(
                "The clusters are numbered in the order in which the first centroids were picked. "
                "Remember where cluster 1 of seed 0 is.",
                Options("blobs", k=3, seed=0, goto="last"),
                "Press {key[next-seed]} twice for seed 2.",
                {"seed": 2}, ("n", "n"),
                "Which number does the cluster that was number 1 have now?", _renumbered,
                "backspace brings seed 0 back: look which group is number 1 there.",
                "Number {answer}: from seed 0 to seed 2, {pairs}. The colours follow the numbers.",
            ),
            LessonStep(
                "So two runs cannot be compared by their numbers. Here is seed 2 once more.",
                Options("blobs", k=3, seed=2, goto="last"),
                "Press {key[compare]}: Compare matches clusters by their places first.",
                {"screen": "compare"}, ("4",),
                "How many points have another number with seed 2 than with seed 0?", _same_groups,
                "Every group whose number differs counts with all its points.",
                "{answer} of {n}, yet the groups are the same: the adjusted Rand index of the two, "
                "which ignores numbers, is {ari:.2f}.",
            ),
            LessonStep(
                "Nor does a number mean more or less: cluster 3 is not three times cluster 1. Only "
                "which points are together counts.",
                Options("blobs", k=3, seed=0, goto="last"),
                "Press {key[profile]} to read what sets the clusters apart, esc, then "
                "{key[next-seed]} twice for seed 2.",
                {"seed": 2}, ("d", "escape", "n", "n"),
                "With seed 2, which number has the cluster that is number 1 with seed 0?",
                _renumbered,
                "It is the same pair as before.",
                "Number {answer}: name a cluster by what its points share, never by its number.",
            ),
        ),
    ),
    Lesson(
        "article", "What was written, and what is so",
        "This program grew out of an article. Its statements can be tested, by you.",
        (
            LessonStep(
                "The article prints for this run: {claim}. Let us see.",
                Options("blobs", k=3, goto="0"),
                "Press {key[last]} to go to the end.",
                {"goto": "last"}, ("G",),
                "How many iterations does it take?", _claimed_iterations,
                "The line below the plot names the iteration.",
                "{answer}. {why}",
            ),
            LessonStep(
                "It also prints: {claim}.",
                Options("blobs", k=3, goto="last"),
                "Press {key[seeds]}: Seeds tries many starts.",
                {"screen": "seeds"}, ("3",),
                "What is the lowest inertia, rounded?", _claimed_inertia,
                "It is the first of the list.",
                "{answer:.2f}. {why}",
            ),
            LessonStep(
                "The article says: {claim}.",
                Options("blobs", k=3, goto="last"),
                "Press {key[next-seed]} until you see for yourself.",
                {"seed": 43}, ("n",),
                "Is that true of the seeds 0 to 4?", _claimed_difference,
                "Seeds (3) lists them.",
                "Not so: {measured}. {why}",
                _TRUE,
                reached=lambda now: now.options.data == "blobs" and now.options.seed != 42,
            ),
            LessonStep(
                "And: {claim}. Here is Iris, the flowers.",
                Options("iris", k=3, goto="last"),
                "Press {key[seeds]} for Seeds.",
                {"screen": "seeds"}, ("3",),
                "By how much do the worst and the best inertia of the seeds 0 to 4 differ?",
                _claimed_variation,
                "Compare the first and the last inertia of the list.",
                "By {answer:.2f}. {why}",
                (), 1,
            ),
        ),
    ),
)  # fmt: skip
