"""Prediction in Explore: the next half step is hidden, one question asked, the answer judged."""

from typing import TYPE_CHECKING, Final

from textual import on
from textual.widgets import Input

from kmeans_tui.requests import step_words
from kmeans_tui.ui.models.hand import Hand
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.models.predicting import Quiz
from kmeans_tui.ui.screens.hand_page import HandPage
from kmeans_tui.ui.widgets.asking import Asking

if TYPE_CHECKING:
    from kmeans_tui.analysis.prediction import Guess

# Rows whose questions are drawn at once: 40 ms for so many.
AT_ONCE: Final = 100_000
# What changes only the look of the plot; everything else waits until the prediction ends.
_SEEN: Final = (
    *("predict", "aspect", "zoom", "pan", "next_cluster", "whole"),
    *("marker", "choose_marker", "trails", "distances"),
)
_WORDS: Final[dict[str, tuple[str, "Guess"]]] = {
    "yes": ("stop", True),
    "no": ("stop", False),
    "assign": ("drop", "assign"),
    "move": ("drop", "move"),
}


class PredictPage(HandPage):
    """A screen that asks what its run does next."""

    quiz: Quiz | None = None
    _drawing: Job | None = None

    def pause(self) -> None:
        """Stop playing."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the keys of the open question go before those of the screen, which wait."""
        quiz = self.quiz
        if action.startswith("predict_"):
            allowed = quiz is not None and self._takes(quiz.state, action, parameters)
        elif action == "hand_move":
            allowed = quiz is None or quiz.state == "place"
        else:
            allowed = quiz is None or action in _SEEN
        return allowed and super().check_action(action, parameters)

    @staticmethod
    def _takes(state: str, action: str, parameters: tuple[object, ...]) -> bool:
        if action == "predict_say":
            return _WORDS[str(parameters[0])][0] == state
        return state in ("told", "over") or (action == "predict_enter" and state == "place")

    def now(self) -> tuple[str, ...]:
        """Return what the keys of the open question do."""
        return super().now() if self.quiz is None else (f"predict {self.quiz.state}",)

    def escape(self) -> bool:
        """End the prediction."""
        if self.quiz is None:
            return super().escape()
        self.end_predicting()
        self.paint()
        return True

    def end_predicting(self) -> None:
        """End the prediction, if there is one, where the run stands."""
        if self.quiz is not None:
            self.quiz = self.hand = None
            self.query_one(Asking).ask("", "", types=False)

    def action_predict(self) -> None:
        """Ask ten questions about the run on show, or end asking."""
        run = self.session.run
        if self.quiz is not None:
            self.escape()
            return
        if run is None:
            return
        if run.parts is not None:
            self.notify(step_words.NO_QUESTIONS)
            return
        self.pause()
        seed = self.session.options.seed
        if run.dataset.n <= AT_ONCE:
            self._begin(Quiz(run, seed))
        else:
            self._drawing = Job(self, lambda _: Quiz(run, seed)).start()

    def quiz_of(self, message: Job.Done) -> bool:
        """Take questions that were drawn in a job; False if it is another job's answer."""
        if self._drawing is None or message.job is not self._drawing:
            return False
        self._drawing = None
        if message.error is not None:
            raise message.error
        if message.result.run is self.session.run:
            self._begin(message.result)
        return True

    def _begin(self, quiz: Quiz) -> None:
        """Ask the first question; what plays meanwhile stops."""
        if not quiz.questions:
            self.notify("This run has nothing to predict.")
            return
        self.pause()
        self.quiz = quiz
        self._ask()

    def _ask(self) -> None:
        """Show the question, or what came of it."""
        quiz = self.quiz
        if quiz is None:
            return
        asked = quiz.question
        if quiz.state == "place" and asked is not None and asked.place is not None:
            self.hand = Hand(asked.place, asked.cluster)
        elif quiz.state != "told":
            self.hand = None
        self.session.move(quiz.position)
        self.paint()

    def paint_question(self) -> None:
        """Draw the lines of the question."""
        if (quiz := self.quiz) is not None:
            self.query_one(Asking).ask(quiz.line(), quiz.said(), types=quiz.state == "cluster")

    def _answer(self, answer: "Guess") -> None:
        if self.quiz is not None:
            self.quiz.answer(answer)
            self._ask()

    @on(Input.Submitted, "#prediction")
    def take_number(self, message: Input.Submitted) -> None:
        """Take the number of a cluster."""
        message.stop()
        quiz = self.quiz
        if quiz is None or quiz.state != "cluster":
            return
        cluster = quiz.typed(message.value)
        if cluster is None:
            message.input.value = ""
            quiz.refuse()
            self.paint()
        else:
            self._answer(cluster)

    def action_predict_say(self, word: str) -> None:
        """Answer in a word."""
        self._answer(_WORDS[word][1])

    def action_predict_enter(self) -> None:
        """Answer with the place of the hand, which stays there; else go on."""
        quiz, hand = self.quiz, self.hand
        if quiz is not None and quiz.state == "place" and hand is not None:
            self.hand = Hand(hand.place)
            self._answer(hand.place)
        else:
            self.action_predict_next()

    def action_predict_next(self) -> None:
        """Go to the next question; after the last, begin again."""
        quiz = self.quiz
        if quiz is None:
            return
        if quiz.state == "over":
            self.quiz = None
            self.action_predict()
            return
        quiz.go_on()
        self._ask()

    def reach(self, place: tuple[float, float]) -> None:
        """Put the hand there; while predicting it drops nothing."""
        if self.quiz is None:
            super().reach(place)
        elif self.quiz.state == "place" and self.hand is not None:
            self.hand = Hand(place, self.hand.held)
            self.paint()
