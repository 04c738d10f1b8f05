"""The command palette: every row of the key table, and what has no key of its own."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.theme import BUILTIN_THEMES

from kmeans_tui.command import EMPTY_RULES, INITS
from kmeans_tui.ui import keys


class KeyTable(Provider):
    """Actions by name: the keys, the starts, the rules, the data sets, the themes."""

    @property
    def program(self) -> Any:
        """The app; its type is not named here, since the app names this."""
        return self.app

    def entries(self) -> Iterator[tuple[str, Callable[[], object], str]]:
        """Title, action, explanation."""
        page = self.program.page
        for key in (*keys.rows(page.PLACE), *keys.rows("everywhere")):
            if not key.command:
                continue
            actions = dict.fromkeys(action for _, action in key.bindings)
            for at, action in enumerate(actions):
                shown = key.shown.split()[at]
                title = key.does if len(actions) == 1 else f"{key.does} ({shown})"
                yield title, partial(self.app.run_action, action, page), f"key {shown}"
        for init in INITS:
            yield f"init: {init}", partial(page.change, init=init), "how the centroids start"
        for rule in EMPTY_RULES:
            yield f"empty cluster: {rule}", partial(page.change, empty=rule), "what takes over"
        for name in BUILTIN_THEMES:
            yield f"theme: {name}", partial(self.program.use_theme, name), "colours of the screen"
        yield "the article's claims, each put to the test", self._claims, "W1 to W14"
        from kmeans_tui.data.catalogue import sets

        for each in sets():
            yield f"data: {each.name}", partial(self._open_data, each.name), each.about

    async def _claims(self) -> None:
        from kmeans_tui.ui.screens.dialogs.article import ClaimsDialog

        await self.app.push_screen(ClaimsDialog())

    async def _open_data(self, name: str) -> None:
        await self.program.action_show("Explore")
        self.program.explore.fitter.open_data(name)

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for title, action, about in self.entries():
            yield DiscoveryHit(title, action, help=about)

    async def search(self, query: str) -> Hits:
        """Those that match what was typed."""
        matcher = self.matcher(query)
        for title, action, about in self.entries():
            if (score := matcher.match(title)) > 0:
                yield Hit(score, matcher.highlight(title), action, help=about)
