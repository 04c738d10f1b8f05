"""The filter line above the list of the Data screen."""

from textual.widgets import Input


class Filter(Input):
    """Shown only while in use or while the list stays filtered.

    ``seeks_column`` says that it looks for a column, not for a set.
    """

    def __init__(self) -> None:
        super().__init__(id="filter", compact=True, placeholder="filter", disabled=True)
        self.seeks_column = False

    def open(self, *, seeks_column: bool) -> None:
        """Show it and focus it."""
        self.seeks_column = seeks_column
        self.placeholder = "a column" if seeks_column else "filter"
        self.disabled = False
        self.add_class("-open")
        self.focus()

    def leave(self, value: str = "") -> None:
        """Go back to the list or the columns; with a value the list stays filtered."""
        value = "" if self.seeks_column else value
        self.value = value
        self.screen.query_one("#columns" if self.seeks_column else "#offers").focus()
        self.set_class(bool(value), "-open")
        self.disabled = not value

    def escape(self) -> bool:
        """Empty it and leave it; False if it has no focus."""
        if not self.has_focus:
            return False
        self.leave()
        return True
