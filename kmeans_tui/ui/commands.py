"""The command palette: every row of the key table, and actions without a key."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.theme import BUILTIN_THEMES

from kmeans_tui import settings
from kmeans_tui.command import SWEPT
from kmeans_tui.key_table import rows
from kmeans_tui.user_keys import Spelling
from kmeans_tui.user_keys import key as key_of
from kmeans_tui.user_keys import name as name_of
from kmeans_tui.vocabulary import EMPTY_RULES, INITS

# Options with few values: field, title, values by screen, explanation.
_VALUES: Final[tuple[tuple[str, str, Mapping[str, Sequence[str]], str], ...]] = (
    (
        "init",
        "init",
        {"Elbow": (*INITS, *SWEPT), "everywhere": INITS},
        "how the centroids start; {key[init]} switches",
    ),
    ("empty", "empty cluster", {"everywhere": EMPTY_RULES}, "how an empty cluster is filled"),
)
# Numeric options, typed in a dialog.
_NUMBERS: Final = (("tolerance", "tolerance"), ("max_iterations", "iterations at most"))


class KeyTable(Provider):
    """Actions by name: the keys, the starts, the rules, the data sets, the themes."""

    @property
    def program(self) -> Any:
        """The app, untyped because its module imports this one."""
        return self.app

    def entries(self) -> Iterator[tuple[str, Callable[[], object], str]]:
        """Yield title, action and explanation of every action once."""
        page, gone = self.program.page, self.program.withheld
        for key in (*rows(page.PLACE, gone), *rows("everywhere", gone)):
            if not key.command:
                continue
            actions = dict.fromkeys(action for _, action in key.bindings)
            titles = key.called or (key.does.partition(" (also")[0],)
            for title, action in zip(titles, actions, strict=False):
                shown = key_of(name_of(action))
                yield title, partial(self.app.run_action, action, page), f"key {shown}"
        for name, title, values, about in _VALUES:
            for value in values.get(page.PLACE, values["everywhere"]):
                yield (
                    f"{title}: {value}",
                    partial(page.change, **{name: value}),
                    about.format(key=Spelling()),
                )
        for name, title in _NUMBERS:
            about = f"now {getattr(page.asked, name):g}; type a new value"
            yield f"{title} …", partial(self._type, name, title), about
        for name in BUILTIN_THEMES:
            about = f"colours of the screen; {key_of('next-theme')} cycles through four"
            yield f"theme: {name}", partial(self.program.use_theme, name), about
        if self.program.visitor is None:
            kept = ", ".join(settings.KEPT)
            yield "forget the settings", self._forget, f"{kept} of earlier sessions"
        from kmeans_tui.lessons.course import COURSE

        for place, lesson in enumerate(COURSE):
            title = f"lesson {place + 1}: {lesson.title}"
            yield title, partial(self.program.begin_lesson, place), lesson.about
        yield "the article's claims, each tested", self._claims, "whether they hold"
        from kmeans_tui.data.catalogue import sets

        for each in sets():
            yield f"data: {each.name}", partial(self._open_data, each.name), each.about

    async def _type(self, name: str, title: str) -> None:
        from kmeans_tui.ui.screens.dialogs.number import NumberDialog

        page = self.program.page

        def typed(value: float | None) -> None:
            if value is not None:
                page.change(**{name: value})

        await self.app.push_screen(NumberDialog(name, title, getattr(page.asked, name)), typed)

    def _forget(self) -> None:
        if why := settings.forget():
            self.program.notify(f"Could not write {settings.location()}: {why}.")
        else:
            self.program.notify("Forgotten: the next start looks as it does by default.")

    async def _claims(self) -> None:
        from kmeans_tui.ui.screens.dialogs.article import ClaimsDialog

        await self.app.push_screen(ClaimsDialog())

    async def _open_data(self, name: str) -> None:
        await self.program.action_show("Explore")
        self.program.explore.fitter.open_data(name)

    async def discover(self) -> Hits:
        """Yield all actions, before anything is typed."""
        for title, action, about in self.entries():
            yield DiscoveryHit(title, action, help=about)

    async def search(self, query: str) -> Hits:
        """Yield the actions that match what was typed."""
        matcher = self.matcher(query)
        for title, action, about in self.entries():
            if (score := matcher.match(title)) > 0:
                yield Hit(score, matcher.highlight(title), action, help=about)
