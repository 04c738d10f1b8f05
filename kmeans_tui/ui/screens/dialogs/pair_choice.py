"""The dialog to choose the two runs to compare."""

import argparse
from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from kmeans_tui.pair_kinds import KINDS, pair
from kmeans_tui.ui.models import paths
from kmeans_tui.ui.screens.dialogs.dialog import Dialog
from kmeans_tui.ui.widgets.choices import Choices
from kmeans_tui.words import printable, sentence


class PairInput(Input):
    """An input for a pair; tab completes the path of a file, or goes back to the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "screen.complete", show=False),
    ]


class PairDialog(Dialog[str | None]):
    """The pairs on offer, one per line, and a field for any other.

    ``offered`` are pairs and what they are; ``note`` says what else there would be.
    """

    NAME = "pairs"

    def __init__(self, offered: Sequence[tuple[str, str]], present: str, note: str) -> None:
        super().__init__()
        self._offered, self._present, self._note = offered, present, note

    def body(self) -> ComposeResult:
        """Yield the list, the field and a note."""
        wide = max(len(text) for text, _ in self._offered)
        with Vertical(id="pairs", classes="dialog") as box:
            box.border_title = "the two runs to compare"
            yield Choices(
                *(
                    Option(Text.assemble(f"{text:<{wide}}  ", (about, "dim")), id=text)
                    for text, about in self._offered
                ),
                id="kinds",
            )
            yield PairInput(self._present, id="typed", compact=True)
            yield Static(self._note, id="explained", markup=False)

    def on_mount(self) -> None:
        """Start from the current pair, or the first of its kind."""
        kinds = [text.partition(":")[0] for text, _ in self._offered]
        texts = [text for text, _ in self._offered]
        options = self.query_one(OptionList)
        kind = self._present.partition(":")[0]
        if self._present in texts:
            options.highlighted = texts.index(self._present)
        else:
            options.highlighted = kinds.index(kind) if kind in kinds else 0

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Use this pair; of one that ends in a path, the path is still to be typed."""
        chosen = message.option.id or ""
        if not chosen.endswith(":"):
            self.dismiss(chosen)
            return
        self.query_one("#explained", Static).update("Type the path of a recorded run, run.json.")
        field = self.query_one(PairInput)
        if not field.value.startswith(chosen):
            field.value = chosen
        field.select_on_focus = False
        field.focus()
        field.cursor_position = len(field.value)

    def action_complete(self) -> None:
        """Complete the path as far as all matches agree; if that adds nothing, go to the list."""
        field = self.query_one(PairInput)
        kind, colon, path = field.value.partition(":")
        whole = field.value
        if any(each.recording and each.name == kind for each in KINDS):
            whole = f"{kind}{colon}{paths.completed(path)}"
        if whole == field.value:
            self.query_one(OptionList).focus()
        else:
            field.value, field.cursor_position = whole, len(whole)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Use the pair that was typed, or say why it is none."""
        try:
            self.dismiss(pair(message.value.strip()))
        except argparse.ArgumentTypeError as error:
            self.query_one("#explained", Static).update(printable(sentence(str(error))))
