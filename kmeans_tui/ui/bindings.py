"""Textual's bindings for the keys of the table, or those that the user has chosen instead."""

from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode

from kmeans_tui import user_keys
from kmeans_tui.key_table import Place, rows


def bindings(where: Place) -> list[Binding]:
    """Return the bindings for one place; footer and help use the table itself.

    ctrl keys of the table have priority. All others are handled in the order in which they were
    pressed.
    """
    return [
        Binding(
            ",".join(user_keys.present(keys, action)),
            action,
            key.does,
            show=False,
            priority=keys.startswith("ctrl"),
            id=user_keys.name(action),
        )
        for key in rows(where)
        for keys, action in key.bindings
    ]


def rebind(node: DOMNode, *places: Place) -> None:
    """Give a node that has the bindings of these places those of the user's keys.

    Its class has got its bindings when it was made, perhaps before the user's keys were known.
    """
    if user_keys.any_chosen():
        others = [binding for _, binding in node._bindings if binding.id is None]
        node._bindings = BindingsMap([*(b for each in places for b in bindings(each)), *others])
