"""The prediction in Explore: which question is asked, what was answered, and the score."""

from typing import TYPE_CHECKING, Final, NamedTuple

from kmeans_tui.words import listed

if TYPE_CHECKING:
    from kmeans_tui.analysis.prediction import Guess, Marking, QuizQuestion
    from kmeans_tui.requests.session import Run

# The kinds of questions as the summary names them, and what to keep in mind.
KINDS: Final = {
    "cluster": ("the cluster of a point", "the nearest centroid takes it"),
    "place": ("the place of a centroid", "it goes to the mean of its points"),
    "stop": ("when it stops", "it stops when no centroid moves by more than the tolerance"),
    "drop": ("what lowers the inertia", "many points that change cluster make assigning count"),
}


class Asked(NamedTuple):
    """What the plot shows of a question: the marked row; and whether what follows is ``hidden``."""

    row: int | None
    hidden: bool


class Quiz:
    """The questions on one run, one after the other."""

    def __init__(self, run: "Run", seed: int) -> None:
        from kmeans_tui.analysis import prediction

        self.run = run
        self.questions = prediction.questions(run.dataset, run.history, seed)
        self.verdicts: list[Marking] = []
        self._at = 0
        self._said = ""

    @property
    def question(self) -> "QuizQuestion | None":
        """The question on show; None when all are answered and read."""
        return self.questions[self._at] if self._at < len(self.questions) else None

    @property
    def open(self) -> bool:
        """Whether the question on show is not answered yet."""
        return self.question is not None and len(self.verdicts) == self._at

    @property
    def state(self) -> str:
        """What the keys do: the kind of the open question, or ``told``, or ``over``."""
        if self.question is None:
            return "over"
        return self.question.kind if self.open else "told"

    @property
    def position(self) -> int:
        """The half step to show."""
        asked = self.question or self.questions[-1]
        return asked.position if self.open else asked.shows

    @property
    def shown(self) -> Asked:
        """What the plot shows of the question."""
        return Asked(self.question.row if self.question else None, self.open)

    def typed(self, text: str) -> int | None:
        """Return the cluster that was typed, from 0; None if there is none of that number."""
        k = self.run.history.k
        # More digits than any number of clusters has.
        if not text.isascii() or not text.isdecimal() or len(text) > 18:
            return None
        return int(text) - 1 if 1 <= int(text) <= k else None

    def refuse(self) -> None:
        """Say what may be typed."""
        self._said = f"Type a number from 1 to {self.run.history.k}, and enter."

    def answer(self, answer: "Guess") -> None:
        """Take the answer to the open question."""
        from kmeans_tui.analysis import prediction

        asked = self.question
        if asked is None or not self.open:
            return
        run = self.run
        self.verdicts.append(prediction.judge(run.dataset, run.history, asked, answer))
        self._said = prediction.told(asked, self.verdicts[-1])

    def go_on(self) -> None:
        """Go to the next question, or to the summary."""
        if self.question is not None and not self.open:
            self._at += 1
            self._said = ""

    @property
    def score(self) -> str:
        """How far it is, and how many were right: ``predict 4 of 10 · 3 right``."""
        number = min(self._at + 1, len(self.questions))
        right = sum(each.right for each in self.verdicts)
        return f"predict {number} of {len(self.questions)} · {right} right"

    def line(self) -> str:
        """Return the score and the question."""
        from kmeans_tui.analysis import prediction

        if self.question is None:
            return f"{self.score} · {self._counts()}"
        return f"{self.score}   {prediction.text(self.run.dataset, self.question)}"

    def said(self) -> str:
        """Return what stands below: the verdict, a refusal, or in the end what was missed."""
        return self._said if self.question is not None else self._missed()

    def _tally(self) -> dict[str, tuple[int, int]]:
        """Return for every kind asked how many were right, and how many there were."""
        found = {}
        for kind in KINDS:
            own = [
                verdict.right
                for asked, verdict in zip(self.questions, self.verdicts, strict=False)
                if asked.kind == kind
            ]
            if own:
                found[kind] = (sum(own), len(own))
        return found

    def _counts(self) -> str:
        short = {"cluster": "clusters", "place": "places", "stop": "stops", "drop": "inertia"}
        return ", ".join(f"{short[kind]} {a} of {b}" for kind, (a, b) in self._tally().items())

    def _missed(self) -> str:
        missed = {kind: b - a for kind, (a, b) in self._tally().items() if b > a}
        if not missed:
            return "All of them right."
        most = max(missed.values())
        kinds = [KINDS[kind] for kind, count in missed.items() if count == most]
        names, hints = [name for name, _ in kinds], [hint for _, hint in kinds]
        return f"Missed most: {listed(names)}. Remember: {'; '.join(hints)}."
