"""The dialog for a numeric option."""

import argparse
from collections.abc import Callable
from dataclasses import fields

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from kmeans_tui.command import Options
from kmeans_tui.ui.screens.dialogs.dialog import Dialog
from kmeans_tui.words import printable, sentence


class NumberDialog(Dialog[float | None]):
    """A field of the options, parsed and explained like its flag."""

    NAME = "number"

    def __init__(self, name: str, title: str, present: float) -> None:
        super().__init__()
        (flag,) = (each.metadata["keywords"] for each in fields(Options) if each.name == name)
        self._read: Callable[[str], float] = flag["type"]
        self._about, self._heading, self._present = flag["help"], title, present

    def body(self) -> ComposeResult:
        """Yield the input line and its explanation."""
        with Vertical(id="number", classes="dialog") as box:
            box.border_title = self._heading
            yield Input(f"{self._present:g}", compact=True)
            yield Static(sentence(self._about), id="explained", markup=False)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Take the value, or say why it is unusable."""
        typed = message.value.strip()
        try:
            value = self._read(typed)
        except argparse.ArgumentTypeError as error:
            said = str(error)
        except ValueError:
            said = f"{typed!r} is not a {'whole ' if isinstance(self._present, int) else ''}number"
        else:
            self.dismiss(value)
            return
        self.query_one("#explained", Static).update(printable(sentence(said)))
