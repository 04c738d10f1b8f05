"""Dialogs on the half step of a run on show: its code, and its working."""

from kmeans_tui.ui.screens.hand_page import HandPage


class StepPage(HandPage):
    """A screen that shows one half step, and can explain it."""

    def action_half_step(self, by: int) -> None:
        """Move by half steps."""
        raise NotImplementedError

    async def action_code(self) -> None:
        """Show the textbook code of this step."""
        from kmeans_tui.ui.screens.dialogs.step_code import CodeDialog

        run, init = self.session.run, self.session.options.init
        weighted = run is not None and run.dataset.weights is not None
        step = self.session.algorithm_step
        await self.app.push_screen(CodeDialog(step, init, self.action_half_step, weighted=weighted))

    async def action_working(self) -> None:
        """Show the distances and means of this step as written by hand, if the data are small."""
        from kmeans_tui.analysis.working import refusal
        from kmeans_tui.ui.screens.dialogs.step_working import WorkingDialog

        run = self.session.run
        if run is None:
            return
        problem = refusal(run.dataset.counted, run.history.k, run.dataset.d)
        if problem is not None:
            self.notify(f"{problem[0].upper()}{problem[1:]}. Try the data set eight.")
            return
        await self.app.push_screen(WorkingDialog(self.session, self.action_half_step))
