"""The bench on which a lesson measures: runs, seeds, sweeps and other methods, each once."""

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kmeans_tui.command import Options

if TYPE_CHECKING:
    import numpy as np

    from kmeans_tui.analysis.comparison import Truth
    from kmeans_tui.analysis.seed_runs import SeedRuns
    from kmeans_tui.analysis.sweep import Sweep
    from kmeans_tui.analysis.verdict import Verdict
    from kmeans_tui.clustering.history import History
    from kmeans_tui.data.dataset import Dataset

# numpy is imported inside functions: the lessons are listed without it.


class Trial:
    """The run of some options on their data."""

    def __init__(self, dataset: "Dataset", history: "History") -> None:
        self.dataset, self.history = dataset, history

    @property
    def inertia(self) -> float:
        """The inertia at the end."""
        return float(self.history[-1].inertia)

    @property
    def iterations(self) -> int:
        """How many times the centroids were updated."""
        return self.history.iterations

    @property
    def sizes(self) -> list[int]:
        """The sizes of the clusters at the end, the largest first."""
        return sorted(self.history[-1].sizes.tolist(), reverse=True)

    @cached_property
    def truth(self) -> "Truth":
        """The clusters at the end against the known groups."""
        from kmeans_tui.analysis.comparison import against_truth

        assert self.dataset.truth is not None  # lessons that ask use data with known groups
        return against_truth(self.dataset.truth, self.history[-1].labels, self.history.k)

    @property
    def ari(self) -> float:
        """The adjusted Rand index of the clusters at the end against the known groups."""
        return self.truth.ari

    @property
    def wrong(self) -> int:
        """How many points are not in the cluster that matches their group."""
        return self.dataset.n - self.truth.right

    def groups_of(self, rows: "np.ndarray") -> set[int]:
        """Return the known groups of the points nearest to some places (m, d)."""
        assert self.dataset.truth is not None
        squared = ((self.dataset.points[:, None, :] - rows) ** 2).sum(axis=2)
        return set(self.dataset.truth[squared.argmin(axis=0)].tolist())

    def sharing(self) -> int:
        """Return how many known groups have most of their points in one and the same cluster."""
        import numpy as np

        home = self.truth.table.argmax(axis=1)
        return int(np.bincount(home).max())


class Bench:
    """Measures on the data of a view, with changes to its options by name."""

    def __init__(self, view: Options) -> None:
        self.view = view
        self._trials: dict[Options, Trial] = {}
        self._data: dict[Options, Dataset] = {}

    def options(self, **changes: Any) -> Options:
        """Return the options of the view with some changed, as far as they decide a run."""
        return replace(self.view, goto="0", screen="explore", **changes)

    def dataset(self, **changes: Any) -> "Dataset":
        """Return the prepared data."""
        from kmeans_tui.requests import subject

        options = self.options(**changes)
        key = replace(options, seed=0, init="random", k=None, centroids=None)
        if key not in self._data:
            self._data[key] = subject.load(options)
        return self._data[key]

    def run(self, **changes: Any) -> Trial:
        """Return the run."""
        from kmeans_tui.requests import fit
        from kmeans_tui.requests.subject import Subject

        options = self.options(**changes)
        if options not in self._trials:
            dataset = self.dataset(**changes)
            self._trials[options] = Trial(dataset, fit.run_of(Subject(dataset), options))
        return self._trials[options]

    def seeds(self, count: int, **changes: Any) -> "SeedRuns":
        """Return the runs of the seeds 0 to ``count`` - 1."""
        from kmeans_tui.requests import answers

        options = self.options(seeds=range(count), **changes)
        return answers.seed_runs(options, self.dataset(**changes))

    def misses(self, count: int, best: float | None = None, **changes: Any) -> int:
        """Return how many of the seeds end more than 1 % above the best of them, or above one."""
        runs = self.seeds(count, **changes)
        least = runs.best.inertia if best is None else best
        return sum(row.inertia > 1.01 * least for row in runs.rows)

    def best(self, count: int, **changes: Any) -> Trial:
        """Return the best run of the seeds 0 to ``count`` - 1."""
        return self.run(seed=self.seeds(count, **changes).best.seed, **changes)

    def sweep(self, **changes: Any) -> "tuple[Sweep, Verdict]":
        """Return the best run for each k as Elbow finds it, and its verdict."""
        from kmeans_tui.analysis.verdict import judge
        from kmeans_tui.requests import answers

        options = self.options(**{"init": "k-means++", **changes})
        found = answers.sweep(options, self.dataset(**changes))
        return found, judge(found.rows, options.init)

    def ari_of(self, method: str, **changes: Any) -> float:
        """Return the adjusted Rand index of another method, as ``repairs`` names it."""
        from kmeans_tui.lessons import repairs

        dataset = self.dataset(**changes)
        k = self.run(**changes).history.k
        return repairs.ari(method, dataset, k)
