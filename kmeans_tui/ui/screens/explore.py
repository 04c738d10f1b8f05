"""Explore: watch one run, half step by half step, in both directions."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from kmeans_tui.command import Options
from kmeans_tui.requests import step_words
from kmeans_tui.requests.session import Session
from kmeans_tui.ui.bindings import bindings
from kmeans_tui.ui.models import fitting, half_step, zooming
from kmeans_tui.ui.models.cursor import Cursor
from kmeans_tui.ui.models.drawing import Draws
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.screens.playing_page import PlayingPage
from kmeans_tui.ui.screens.point_dialogs import PointDialogs
from kmeans_tui.ui.screens.pointing import PointingPage
from kmeans_tui.ui.screens.predict_page import PredictPage
from kmeans_tui.ui.widgets.stage import Stage
from kmeans_tui.user_keys import key
from kmeans_tui.vocabulary import PCA

if TYPE_CHECKING:
    from kmeans_tui.analysis.neighbours import Direction
    from kmeans_tui.requests.session import Run
    from kmeans_tui.ui.widgets.chart import Chart


class Explore(PlayingPage, PredictPage, PointingPage, PointDialogs):
    """The plot, the algorithm's steps, the clusters, the inertia, and a summary line."""

    PLACE = "Explore"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(each for place in ("Predict", "Hand", "Explore") for each in bindings(place))
    ]

    def __init__(self, options: Options) -> None:
        super().__init__(Session(options))
        self.playing = options.play
        self.fitter = fitting.Fitter(self, self.session, self._tell_progress)
        self.cursor = Cursor(self, self.session)
        self.draws = Draws(self, self.session)
        self._begun = False

    def body(self) -> ComposeResult:
        """Yield the stage."""
        yield Stage(id="stage")

    def on_resize(self) -> None:
        """Start the first run once the empty screen has been painted, which is told its size."""
        if not self._begun:
            self._begun = True
            self.fitter.start(self.session.options)

    # --- fitting ---------------------------------------------------------------------------

    async def on_job_done(self, message: Job.Done) -> None:
        """Show the run of a job, or say why there is none."""
        if self.cursor.answer_of(message) or self.draws.answer_of(message):
            self.paint()
            return
        if self.quiz_of(message):
            return
        known = self.session.run
        try:
            run = self.fitter.finish(message)
        except fitting.Refused as refusal:
            if known is None:
                self.app.exit(return_code=1, message=f"kmeans-tui: {refusal}")
            else:
                self.paint()
                self.notify(str(refusal), severity="error")
            return
        if run is not None:
            await self._show_run(run, known)

    async def _show_run(self, run: "Run", known: "Run | None") -> None:
        """Show a new run after the one ``known``, or more of that."""
        if known is not None and run.live_of is not None and run.live_of is known.live_of:
            self.paint()
            return
        self.end_predicting()
        if known is not None and known.parts is not None:
            known.parts.idle(run.parts)
        if known is None and not await self.stage.mount_plots(self.app.colours()):  # type: ignore[attr-defined]
            return  # the program has ended meanwhile
        if known is None or run.dataset is not known.dataset:
            self.stage.show_data(run.dataset)
            other = known is not None and known.options.data != run.options.data
            if known is not None and (other or not zooming.same_plane(run.dataset, known.dataset)):
                self.session.options = replace(self.session.options, zoom=None)
            if gone := self.cursor.keep(other_data=other):
                self.notify(gone, severity="warning")
        self.paint()
        if known is None or run.options.data != known.options.data:
            self.call_after_refresh(_remember, run.options.data)
        page = self.app.page  # type: ignore[attr-defined]
        if page is not self and page.is_mounted:
            page.follow()
        if known is None:
            # Later: the panel says how many points share a cell, but plots have no size yet.
            self.call_after_refresh(self.paint)
            if run.options.predict:
                self.call_after_refresh(self.action_predict)
        self.set_beat()
        if run.options.improve and known is not None and not known.options.improve:
            self.notify(step_words.gained(run))
        if run.warnings:
            self.notify(" ".join(dict.fromkeys(run.warnings)), severity="warning")
        if known is None and run.options.screen != "explore":
            # Later: a screen that awaits its own end would wait forever.
            self.app.call_later(self.app.action_show, run.options.screen.capitalize())  # type: ignore[attr-defined]

    def _tell_progress(self) -> None:
        known = self.session.run
        if (run := self.fitter.grown()) is not None:
            self.call_next(self._show_run, run, known)
        self._say_doing()

    def _say_doing(self) -> None:
        if said := self.fitter.doing():
            self.stage.doing(said, placed=self.fitter.live)

    def on_unmount(self) -> None:
        """Stop a running fit, and end the processes of points that stay on disk."""
        self.fitter.stop()
        run = self.session.run
        if run is not None and run.parts is not None:
            run.parts.close()

    # --- drawing ---------------------------------------------------------------------------

    @property
    def stage(self) -> Stage:
        """The plot and the panels."""
        return self.query_one(Stage)

    def paint(self) -> None:
        """Draw the half step on show; unchanged cells are not sent."""
        run, name = self.session.run, self.session.options.data
        if run is not None:
            name = f"{run.dataset.title} · k={run.history.k}"
        self.paint_bars(name)
        if self.stage.plotted:
            quiz, draw = self.quiz, self.draws.present()
            raster = self.stage.chart.raster
            questioned = None if quiz else self.cursor.questioned(raster)
            self.stage.paint(
                self.session,
                playing=self.playing,
                questioned=questioned,
                hand=self.hand,
                draw=draw,
                asked=quiz.shown if quiz else None,
            )
            self.paint_question()
            if draw is None and self.session.draw is not None:
                self.stage.say(f"draw {self.session.draw + 1} of the start …")
            if self.fitter.live:
                self._say_doing()
            if self.hand is not None:
                self.stage.say(self.hand_words())

    def now(self) -> tuple[str, ...]:
        """Return whether it plays, and what the arrows move."""
        focus = super().now()
        if self.hand is not None or self.quiz is not None:
            return focus
        cursor = "cursor across" if focus else "cursor"
        return (
            *(["playing"] if self.playing else []),
            *focus,
            *([cursor] if self.cursor.row is not None else []),
        )

    @property
    def asked(self) -> Options:
        """The latest options, which the run on show may not have yet."""
        return self.fitter.wanted

    def view_options(self) -> Options:
        """Return the options that give exactly the view on show."""
        found = self.session.view_options(playing=self.playing)
        return replace(found, predict=self.quiz is not None)

    # --- moving ----------------------------------------------------------------------------

    def go(self, position: int) -> None:
        """Go to a half step, and stop playing; what a prediction hides stays hidden."""
        self.pause()
        if self.quiz is not None:
            return
        # The hand moves the centroids of the start, which a draw has not yet.
        position = position if self.hand is None else max(position, 0)
        if self.session.move(position):
            self.paint()

    def action_half_step(self, by: int) -> None:
        """Move by half steps; before the first are the draws of the start."""
        run, at = self.session.run, self.session.position
        if run is not None and at == 0 and by < 0 and (why := run.undrawn()):
            self.notify(why)
        self.go(self.session.position + by)

    def action_iteration(self, by: int, direction: "Direction | None" = None) -> None:
        """Go to the next or previous complete iteration; with a cursor, arrows move it instead."""
        if direction is not None and self._move_cursor(direction):
            return
        self.go(self.session.complete(by))

    def action_first(self) -> None:
        """Go to iteration 0."""
        self.go(1)

    def action_last(self) -> None:
        """Go to the end of the run."""
        self.go(self.session.run.last if self.session.run else 1)

    def has_steps(self) -> bool:
        """Whether there is a run."""
        return self.session.run is not None

    def ended(self) -> bool:
        """Whether the last half step is on show."""
        return self.session.at_end

    def rewind(self) -> None:
        """Go to the placed centroids."""
        self.session.move(0)

    def advance(self, stride: int) -> bool:
        """Go on; playing ends at the last half step or at an event."""
        return self.session.play_on(stride)

    def action_replay(self) -> None:
        """Go back to iteration 0, and play; fit a stopped run again."""
        run = self.session.run
        if run is not None and run.history.cut_short and not run.recorded:
            self.change()
            return
        self.session.move(1)
        self.play(on=True)

    # --- another run -----------------------------------------------------------------------

    def change(self, **fields: Any) -> None:
        """Run again with other options, at the same iteration if the new run has it."""
        self.fitter.change(**fields)

    def action_clusters(self, by: int) -> None:
        """Use more or fewer clusters."""
        run = self.session.run
        if run is None:
            return
        k = (self.fitter.wanted.k or run.history.k) + by
        if 1 <= k <= run.dataset.n:
            self.change(k=k)
        else:
            self.notify(step_words.too_many_clusters(run.dataset), severity="warning")

    def action_seed(self, by: int) -> None:
        """Use the next or the previous seed."""
        self.change_seed(self.fitter.wanted.seed + by)

    def action_init(self) -> None:
        """Switch between random points and k-means++."""
        self.change(init="random" if self.fitter.wanted.init == "k-means++" else "k-means++")

    def action_scale(self) -> None:
        """Standardise the features, or use them unscaled."""
        if self.session.run is not None:
            scale = self.fitter.wanted.scale or self.session.run.dataset.scale
            self.change(scale="none" if scale == "standard" else "standard")

    def action_improve(self) -> None:
        """Go on from the end of the run by swaps that help; again, show the run without them."""
        run = self.session.run
        if run is None:
            return
        if self.fitter.wanted.improve:
            self.change(improve=None)
        else:
            # The first swap follows there.
            self.change(improve=True, goto=str(run.history.iterations))

    def refused(self, **fields: Any) -> bool:
        """Say why the data cannot be changed so; False if they can."""
        return self.fitter.refused(**fields)

    def stop(self) -> bool:
        """Stop a running fit."""
        return self.fitter.stop()

    def undo(self) -> None:
        """Go back to the previous run; while a new one is being fitted, drop that instead."""
        if self.fitter.give_up():
            self.paint()
        elif not self.fitter.undo():
            self.notify(step_words.NO_PREVIOUS)

    # --- another view ----------------------------------------------------------------------

    def plot(self) -> "Chart | None":
        """Return the scatter plot."""
        return self.stage.chart if self.stage.plotted else None

    def questioned_place(self) -> tuple[float, float] | None:
        """Return the position of the cursor."""
        return self.cursor.place

    def action_regions(self) -> None:
        """Turn the regions of the clusters on or off."""
        run = self.session.run
        if run is not None and not run.dataset.exact_plane and not self.session.options.regions:
            self.notify(half_step.no_regions(run.dataset), severity="warning")
            return
        self.see(regions=not self.session.options.regions)

    async def action_axes(self) -> None:
        """Choose the two axes of the plot."""
        from kmeans_tui.ui.screens.dialogs.axes import AxesDialog

        run = self.session.run
        if run is None:
            return
        if run.dataset.d == 1:
            self.notify("There is only one feature: the plot shows it against the row number.")
            return

        def chosen(axes: tuple[str, ...] | None) -> None:
            if axes is not None and self.session.shows_data_of(run):
                self.change(axes=axes)

        features = run.dataset.features
        choices = (*features, PCA) if run.dataset.d > 2 else features
        await self.app.push_screen(AxesDialog(choices, run.dataset.axes), chosen)

    # --- the inspected point -----------------------------------------------------------------

    def question(self, row: int | None) -> None:
        """Put the cursor on a row, or remove it; a prediction has a mark of its own."""
        if self.quiz is not None:
            return
        self.cursor.put(row)
        self.follow_point()
        self.paint()

    def action_question(self) -> None:
        """Put a cursor on the point nearest the middle; then go to the next in the same place."""
        if self.stage.plotted and (raster := self.stage.chart.raster) is not None:
            if not self.cursor.question(raster):
                self.notify(f"No point is visible here; {key('whole')} shows all.")
            self.follow_point()
            self.paint()

    def _move_cursor(self, direction: "Direction") -> bool:
        raster = self.stage.chart.raster if self.stage.plotted else None
        if raster is None or not self.cursor.move(direction, raster):
            return False
        self.follow_point()
        self.paint()
        return True

    def action_arrow(self, direction: "Direction") -> None:
        """Move the cursor."""
        self._move_cursor(direction)


def _remember(data: str) -> None:
    # Imported after the first picture, which must not wait for it.
    from kmeans_tui.ui.models import opening

    opening.remember(data)
