"""The line above the list of the Data screen, in which a part of a name is typed."""

from textual.widgets import Input


class Filter(Input):
    """Closed but while something is typed in it, or the list stays filtered by it.

    ``seeks_column`` says that what is typed names a column, no set.
    """

    def __init__(self) -> None:
        super().__init__(id="filter", compact=True, placeholder="filter", disabled=True)
        self.seeks_column = False

    def open(self, *, seeks_column: bool) -> None:
        """Take what is typed."""
        self.seeks_column = seeks_column
        self.placeholder = "a column" if seeks_column else "filter"
        self.disabled = False
        self.add_class("-open")
        self.focus()

    def leave(self, value: str = "") -> None:
        """Go back to the list, or the columns; with a value the list stays filtered."""
        value = "" if self.seeks_column else value
        self.value = value
        self.screen.query_one("#columns" if self.seeks_column else "#offers").focus()
        self.set_class(bool(value), "-open")
        self.disabled = not value

    def escape(self) -> bool:
        """Leave it empty; False if nothing is typed in it just now."""
        if not self.has_focus:
            return False
        self.leave()
        return True
