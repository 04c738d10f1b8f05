"""The key table: bindings, footer, help, command palette and README all come from it.

To add a key, add a row.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from kmeans_tui import screen_table

# The class name of a screen, "everywhere", or a mode of a screen, whose keys go before its own.
Place: TypeAlias = str

# The modes of a screen, for its help.
MODES: Final[Mapping[Place, tuple[Place, ...]]] = {
    "Explore": ("Hand", "Predict"),
    "Compare": ("Pair",),
}

_EVERYWHERE: Final[tuple[Place, ...]] = ("everywhere",)
_EXPLORE: Final[tuple[Place, ...]] = ("Explore",)
_RUNS: Final[tuple[Place, ...]] = ("Elbow", "Seeds")
_LISTS: Final[tuple[Place, ...]] = (*_RUNS, "Stability", "Data", "Lessons")
_PLOTS: Final[tuple[Place, ...]] = ("Explore", "Compare")
# Where half steps are gone through.
_STEPPED: Final[tuple[Place, ...]] = ("Explore", "Pair")
# The screens that draw points.
_PLANES: Final[tuple[Place, ...]] = ("Explore", "Seeds", "Compare", "Stability")


class Key(NamedTuple):
    """One row: the key as printed, where it works, what it does, and its bindings.

    A row for several places means the same in all of them. ``bindings`` pairs Textual's names of
    the keys with the action each runs. ``footer`` is the pair in the last line (keys, word); if
    the line is too narrow, the highest ``rank`` is dropped first. ``command`` puts the row into the
    command palette, where ``called`` names several actions; keys that cycle through values are
    left out, since the palette lists the values.
    """

    shown: str
    where: tuple[Place, ...]
    does: str
    bindings: tuple[tuple[str, str], ...]
    footer: tuple[str, str] | None = None
    rank: int = 0
    command: bool = True
    called: tuple[str, ...] = ()


def _show(name: str) -> str:
    return f"app.show('{name}')"


TABLE: Final = (
    *(Key(each.key, _EVERYWHERE, each.about, ((each.key, _show(each.place)),))
      for each in screen_table.TABLE),
    Key("x", _EVERYWHERE, "export figures and data",
        (("x", "app.export"),), ("x", "Export"), 6),
    Key("y", _EVERYWHERE, "copy the command for this view, and show it",
        (("y", "app.copy_command"),), ("y", "Copy"), 5),
    Key("backspace", _EVERYWHERE, "undo: back to the previous run or options",
        (("backspace", "app.undo"),), ("bksp", "Undo"), 9),
    Key("?", _EVERYWHERE, "help for this screen (also F1)",
        (("question_mark,f1", "app.help"),), ("?", "Help"), 0),
    Key(":", _EVERYWHERE, "command palette (also ctrl+p)",
        (("colon", "app.command_palette"), ("ctrl+p", "app.command_palette")), command=False),
    Key("L", _EVERYWHERE, "go on in the lesson; without one, the list of lessons",
        (("L", "app.lesson('next')"),)),
    Key("E", _EVERYWHERE, "type the answer to the question of the lesson",
        (("E", "app.lesson('answer')"),)),
    Key("F", _EVERYWHERE, "finish: leave the lesson", (("F", "app.lesson('leave')"),)),
    Key("q", _EVERYWHERE, "back; on Explore, quit (also ctrl+q)",
        (("q", "app.leave"), ("ctrl+q", "app.leave")), ("q", "Quit"), 0),
    Key("esc", _EVERYWHERE, "go back, close, or end the cursor; never quits",
        (("escape", "app.close_dialog"),), command=False),
    Key("tab", _EVERYWHERE, "next panel; shift+tab the previous one",
        (("tab", "app.focus_next"), ("shift+tab", "app.focus_previous")), command=False),
    Key("T", _EVERYWHERE, "theme: dark, light, the terminal's own",
        (("T", "app.next_theme"),), command=False),
    Key("R", _EVERYWHERE, "remarks on the data: what is left out, filled in or guessed",
        (("R", "app.remarks"),)),
    Key("A", _EVERYWHERE, "ASCII only, on or off", (("A", "app.toggle_ascii"),)),
    Key("ctrl+c", _EVERYWHERE, "stop the running job",
        (("ctrl+c", "app.stop_job"),), command=False),
    Key("ctrl+z", _EVERYWHERE, "suspend (fg to return)",
        (("ctrl+z", "app.suspend_process"),), command=False),
    Key("ctrl+l", _EVERYWHERE, "redraw the screen", (("ctrl+l", "app.redraw"),)),
    Key("space", _STEPPED, "play, pause; at the end, play again",
        (("space", "play"),), ("space", "Play"), 1),
    Key("← →", _STEPPED, "iteration back, forward (also h l); with a cursor, arrows move it",
        (("left", "iteration(-1, 'left')"), ("right", "iteration(1, 'right')"),
         ("h", "iteration(-1)"), ("l", "iteration(1)")), ("←→", "Iteration"), 2, command=False),
    Key("enter", _EXPLORE, "inspect a point with a cursor; again, the next in the same place",
        (("enter", "question"),), ("enter", "Point"), 6),
    Key("H", _EXPLORE, "the hand: place, add and remove centroids and points",
        (("H", "hand"),), ("H", "Hand"), 8),
    Key("Q", _EXPLORE, "predict: ten questions on what the run does next",
        (("Q", "predict"),), ("Q", "Predict"), 8),
    Key("enter", ("Predict",), "answer; then the next question (also space)",
        (("enter", "predict_enter"), ("space", "predict_next")), command=False),
    Key("y n", ("Predict",), "yes, no: does the run stop",
        (("y", "predict_say('yes')"), ("n", "predict_say('no')")), command=False),
    Key("m a", ("Predict",), "the inertia falls more by moving, by assigning",
        (("m", "predict_say('move')"), ("a", "predict_say('assign')")), command=False),
    Key("arrow", ("Hand", "Predict"), "move the hand; with shift, five cells",
        (("left,h", "hand_move(-1, 0)"), ("right,l", "hand_move(1, 0)"),
         ("up,k", "hand_move(0, 1)"), ("down,j", "hand_move(0, -1)"),
         ("shift+left", "hand_move(-5, 0)"), ("shift+right", "hand_move(5, 0)"),
         ("shift+up", "hand_move(0, 5)"), ("shift+down", "hand_move(0, -5)")), command=False),
    Key("enter", ("Hand",), "grab the nearest centroid; drop it, and run from there",
        (("enter", "hand_grab"),), command=False),
    Key("+ -", ("Hand",), "add a centroid here; remove the nearest (also = _)",
        (("plus,equals_sign", "hand_more"), ("minus,underscore", "hand_less")), command=False),
    Key("I", ("Hand",), "insert a point here", (("I,insert", "hand_point"),), command=False),
    Key("O", ("Hand",), "take the nearest point out (also del)",
        (("O,delete", "hand_take_out"),), command=False),
    Key("↑ ↓", _EXPLORE, "move the cursor (also k j); in a focused list, scroll it",
        (("up,k", "arrow('up')"), ("down,j", "arrow('down')")), command=False),
    Key("/", ("Explore", "Stability"), "find a row by number or label, and inspect it",
        (("slash", "find"),)),
    Key("X", _EXPLORE, "compare the run with and without the inspected point",
        (("X", "without"),)),
    Key("c", _EXPLORE, "list the points that changed cluster in this iteration",
        (("c", "changes"),), ("c", "Changes"), 9),
    Key("d", _EXPLORE, "describe the clusters: means, spread, what sets them apart",
        (("d", "profile"),), ("d", "Describe"), 9),
    Key("B", _EXPLORE, "beyond the others: list the rows farthest out, and take them out",
        (("B", "farthest"),)),
    Key("c", ("Compare",), "of two recorded runs: matched clusters, rows that moved, means that "
        "drifted", (("c", "changes"),)),
    Key("U", _EXPLORE, "label new rows with these clusters: another table, and what has drifted",
        (("U", "label"),)),
    Key(", .", _EXPLORE, "half step back, forward: assign, update; before them the start's draws",
        (("comma", "half_step(-1)"), ("full_stop", "half_step(1)")), (",.", "Step"), 3,
        called=("half step back", "half step forward: assign, update")),
    Key(", .", ("Pair",), "half step back, forward: assign, update",
        (("comma", "half_step(-1)"), ("full_stop", "half_step(1)")), (",.", "Step"), 3,
        called=("half step back", "half step forward: assign, update")),
    Key("g G", _STEPPED, "first, last iteration (also home, end)",
        (("g,home", "first"), ("G,end", "last")), called=("first iteration", "last iteration")),
    Key("↑ ↓", _LISTS, "choose a row (also k j)",
        (("up,k", "move(-1)"), ("down,j", "move(1)")), ("↑↓", "Choose"), 3, command=False),
    Key("g G", _LISTS, "first, last row (also home, end)",
        (("g,home", "first"), ("G,end", "last")), called=("first row", "last row")),
    Key("pgup pgdn", ("Data",), "a page of rows up, down",
        (("pageup", "page(-1)"), ("pagedown", "page(1)")), command=False),
    Key("enter", _RUNS, "watch this run in Explore",
        (("enter", "choose"),), ("enter", "Watch"), 0),
    Key("enter", ("Stability",), "compare with the resample that broke this cluster most; with the "
        "plot focused, inspect a point",
        (("enter", "choose"),), ("enter", "Watch"), 0),
    Key("← →", ("Stability",), "move the cursor in the plot (also h l)",
        (("left,h", "arrow('left')"), ("right,l", "arrow('right')")), command=False),
    Key("enter", ("Compare",), "watch the left run in Explore, or that of the plot with the focus",
        (("enter", "choose"),), ("enter", "Watch"), 0),
    Key("enter", ("Lessons",), "begin this lesson", (("enter", "choose"),), ("enter", "Begin"), 0),
    Key("enter", ("Data",), "load these data, prepared like this, into Explore",
        (("enter", "choose"),), ("enter", "Load"), 0),
    Key("space", ("Data",), "tick a column to cluster on it, or untick it",
        (("space", "tick"),)),
    Key("a", ("Data",), "tick all number columns, or only this one", (("a", "change('all')"),)),
    Key("p", ("Data",), "type the path of a file, and choose how to read it",
        (("p", "path"),), ("p", "Path"), 4),
    Key("/", ("Data",), "filter the list of sets, or the columns if focused",
        (("slash", "filter"),), ("/", "Filter"), 7),
    Key("< >", _STEPPED, "slower, faster",
        (("less_than_sign", "speed(-1)"), ("greater_than_sign", "speed(1)")), ("<>", "Speed"), 8,
        called=("slower", "faster")),
    Key("< >", ("Elbow",), "fewer, more runs for each k",
        (("less_than_sign", "runs(-1)"), ("greater_than_sign", "runs(1)")), ("<>", "Runs"), 2,
        called=("fewer runs for each k", "more runs for each k")),
    Key("< >", ("Seeds",), "fewer, more seeds",
        (("less_than_sign", "seeds(-1)"), ("greater_than_sign", "seeds(1)")), ("<>", "Seeds"), 2,
        called=("fewer seeds", "more seeds")),
    Key("< >", ("Data",), "for an ambiguous file: the first, the second way to read its numbers",
        (("less_than_sign", "reading(0)"), ("greater_than_sign", "reading(1)")),
        called=("first way to read an ambiguous file", "second way to read an ambiguous file")),
    Key("< >", ("Stability",), "fewer, more resamples",
        (("less_than_sign", "resamples(-1)"), ("greater_than_sign", "resamples(1)")),
        ("<>", "Samples"), 2, called=("fewer resamples", "more resamples")),
    Key("+ -", ("Explore", "Seeds", "Compare", "Stability"),
        "one cluster more, one fewer (also = _)",
        (("plus,equals_sign", "clusters(1)"), ("minus,underscore", "clusters(-1)")),
        ("+-", "K"), 4, called=("one cluster more", "one cluster fewer")),
    Key("+ -", ("Elbow",), "largest k up, down (also = _)",
        (("plus,equals_sign", "largest(1)"), ("minus,underscore", "largest(-1)")),
        ("+-", "Max k"), 2, called=("largest k up", "largest k down")),
    Key("n N", _PLOTS, "next, previous seed",
        (("n", "seed(1)"), ("N", "seed(-1)")), ("n", "Seed"), 4,
        called=("next seed", "previous seed")),
    Key("i", ("Explore", "Seeds"), "switch init: random, k-means++",
        (("i", "init"),), ("i", "Init"), 7, command=False),
    Key("i", ("Elbow",), "start: k-means++, warm, article, random",
        (("i", "init"),), ("i", "Init"), 7, command=False),
    Key("i", ("Stability",), "resampling: bootstrap, halves",
        (("i", "resampling"),), ("i", "Halves"), 7, command=False),
    Key("i", ("Compare",), "choose the two runs, or scikit-learn",
        (("i", "pair"),), ("i", "Pair"), 1),
    Key("S", _EXPLORE, "improve the run by swaps: move centroids where two are deserved; on, off",
        (("S", "improve"),), ("S", "Improve"), 8),
    Key("z", _EXPLORE, "standardise on, off", (("z", "scale"),)),
    Key("z", ("Data",), "scale: standard, minmax, robust, none",
        (("z", "scale"),), ("z", "Scale"), 4),
    Key("f", ("Explore", "Data"), "choose the axes of the plot", (("f", "axes"),)),
    Key("l", ("Data",), "logarithm of this column, on or off",
        (("l", "change('log')"),), ("l", "Log"), 8),
    Key("e", ("Data",), "empty cells: drop the row, or fill in the median",
        (("e", "change('missing')"),), ("e", "Empty"), 8),
    Key("w", ("Data",), "words in number columns: refuse, count as missing",
        (("w", "change('words')"),), ("w", "Words"), 8),
    Key("u", ("Data",), "this column as the known grouping, on or off",
        (("u", "change('truth')"),), ("u", "Groups"), 8),
    Key("W", ("Data",), "this column as the weights of the rows, on or off",
        (("W", "change('weights')"),), ("W", "Weights"), 8),
    Key("s", ("Data",), "how this file is read: sheet, sample, skipped lines, separator, …",
        (("s", "read_as"),), ("s", "Read as"), 9),
    Key("O", ("Data",), "in the rows: take this row out, or put it back",
        (("O", "take_out"),)),
    Key("i", ("Data",), "name the rows by this column, on or off",
        (("i", "change('identity')"),), ("i", "Id"), 8),
    Key("f", ("Elbow",), "what the curve shows: inertia, a criterion, the ladder",
        (("f", "axes"),), ("f", "Curve"), 6),
    Key("K", ("Elbow",), "the ladder: which rows part or join from k to k + 1; again, the curve",
        (("K", "ladder"),), ("K", "Ladder"), 5),
    Key("← →", ("Elbow",), "in the ladder, choose the run that enter opens: k or k + 1 (also h l)",
        (("left,h", "arrow('left')"), ("right,l", "arrow('right')")), command=False),
    Key("f", ("Stability",), "every k instead of the points, or the points",
        (("f", "axes"),), ("f", "Each k"), 1),
    Key("o", ("Seeds",), "sort by inertia, seed or iterations",
        (("o", "order"),), ("o", "Sort"), 6),
    Key("s", ("Seeds",), "census: count where 1,000 starts end, then ten times as many",
        (("s", "census"),), ("s", "Census"), 5),
    Key("Z", _PLANES, "equal aspect (distances to scale), or fill the plot",
        (("Z", "aspect"),)),
    Key(") (", _PLANES, "zoom in, out; around the cursor if there is one (also the wheel)",
        (("right_parenthesis", "zoom(1)"), ("left_parenthesis", "zoom(-1)")),
        called=("zoom in", "zoom out")),
    Key("shift+arrow", _PLANES, "pan when zoomed in",
        (("shift+left", "pan(-1, 0)"), ("shift+right", "pan(1, 0)"),
         ("shift+up", "pan(0, 1)"), ("shift+down", "pan(0, -1)")), command=False),
    Key("C", _PLANES, "zoom to the next cluster; after the last, show all",
        (("C", "next_cluster"),)),
    Key("W", _PLANES, "show the whole plane again", (("W", "whole"),)),
    Key("m", _PLOTS, "marker: glyph, braille, dot", (("m", "marker"),)),
    Key("M", _PLOTS, "choose the marker, each with a sample; octants too",
        (("M", "choose_marker"),)),
    Key("t", _PLOTS, "trails of the centroids on, off", (("t", "trails"),)),
    Key("P", _EXPLORE, "before an update, where each centroid will move: on, off",
        (("P", "coming"),)),
    Key("D", _EXPLORE, "lines from the inspected point to the centroids, with distances: on, off",
        (("D", "distances"),)),
    Key("b", _PLOTS, "regions of the clusters on, off", (("b", "regions"),)),
    Key("v", _EXPLORE, "show the code of this step", (("v", "code"),), ("v", "Code"), 8),
    Key("V", _EXPLORE, "of small data: the working of this step, as written by hand",
        (("V", "working"),)),
    Key("r", _EXPLORE, "replay from iteration 0", (("r", "replay"),)),
    Key("r", ("Stability",), "go on: what is missing, or more resamples",
        (("r", "again"),), ("r", "Go on"), 8),
    Key("r", ("Elbow", "Seeds", "Compare"), "run again, or continue if stopped",
        (("r", "again"),), ("r", "Rerun"), 8),
)  # fmt: skip


def rows(where: Place, without: Collection[str] = ()) -> Iterator[Key]:
    """Return the rows of one place, in the order of the table, ``without`` those of actions."""
    return (
        key
        for key in TABLE
        if where in key.where and not all(action in without for _, action in key.bindings)
    )


Pairs: TypeAlias = tuple[tuple[str, str], ...]

# What keys do in certain states, instead of what the table says.
NOW: Final[Mapping[str, Pairs]] = {
    "playing": (("space", "Pause"),),
    "scrolling": (("↑↓", "Scroll"),),
    "cursor": (("←→↑↓", "Move"), ("enter", "Next"), ("esc", "Done")),
    "pair": (("space", "Play"), ("←→", "Iter"), (",.", "Step"), ("i", "Pair")),
    "pair playing": (("space", "Pause"), ("←→", "Iter"), (",.", "Step"), ("i", "Pair")),
    "recorded pair": (("c", "Changes"),),
    "hand": (("←→↑↓", "Move"), ("enter", "Grab"), ("I", "Point"), ("esc", "Done")),
    "holding": (("←→↑↓", "Move"), ("enter", "Drop"), ("esc", "Let go")),
    "cursor across": (("←→", "Move"), ("enter", "Next"), ("esc", "Done")),
    "ladder": (("←→", "k, k+1"),),
    "busy": (("ctrl+c", "Stop"),),
    "stopped": (("r", "Go on"),),
    "columns": (("space", "Tick"), ("a", "All"), ("l", "Log")),
    "own columns": (("u", "Groups"), ("i", "Id")),
    "data": (("enter", "Load"), ("tab", "Columns")),
    "path": (("enter", "Type"),),
    "remember": (("enter", "Change"),),
}
# The only keys that work in a text field, a dialog, or a part of one.
ALONE: Final[Mapping[str, Pairs]] = {
    "filter": (("enter", "Keep"), ("esc", "Clear")),
    "column": (("enter", "Take"), ("esc", "Leave")),
    "predict cluster": (("enter", "Answer"), ("esc", "End")),
    "predict place": (("←→↑↓", "Move"), ("enter", "Answer"), ("esc", "End")),
    "predict stop": (("y", "Yes"), ("n", "No"), ("esc", "End")),
    "predict drop": (("m", "Moving"), ("a", "Assigning"), ("esc", "End")),
    "predict told": (("enter", "Next"), ("esc", "End")),
    "predict over": (("enter", "Again"), ("esc", "End")),
    "help": (("↑↓", "Scroll"), ("esc", "Close")),
    "remarks": (("↑↓", "Scroll"), ("esc", "Close")),
    "profile": (("↑↓", "Scroll"), ("esc", "Close")),
    "claims": (("↑↓", "Scroll"), ("g G", "Begin, end"), ("esc", "Close")),
    "code": ((",.", "Step"), ("↑↓", "Scroll"), ("esc", "Close")),
    "working": ((",.", "Step"), ("↑↓", "Scroll"), ("esc", "Close")),
    "changes": (("↑↓", "Choose"), ("enter", "Inspect"), ("esc", "Close")),
    "farthest": (
        ("↑↓", "Choose"), ("enter", "Inspect"), ("X", "Compare"), ("O", "Out"), ("esc", "Close"),
    ),
    "pairs": (("↑↓", "Choose"), ("tab", "Type one"), ("enter", "Compare"), ("esc", "Cancel")),
    "pairs typed": (("enter", "Compare"), ("tab", "Complete, list"), ("esc", "Cancel")),
    "markers": (("↑↓", "Choose"), ("enter", "Use"), ("esc", "Cancel")),
    "axes": (("↑↓", "Choose"), ("tab", "Other axis"), ("enter", "Use"), ("esc", "Cancel")),
    "find": (("enter", "Find"), ("esc", "Cancel")),
    "answer": (("enter", "Answer"), ("esc", "Cancel")),
    "number": (("enter", "Use"), ("esc", "Cancel")),
    "palette": (("↑↓", "Choose"), ("enter", "Do"), ("esc", "Close")),
    "export": (("space", "Tick"), ("tab", "Settings"), ("enter", "Write"), ("esc", "Cancel")),
    "export how": (("←→", "Change"), ("tab", "Folder"), ("enter", "Write"), ("esc", "Cancel")),
    "export folder": (("enter", "Write"), ("tab", "Files"), ("esc", "Cancel")),
    "download": (("space", "Tick"), ("tab", "Settings"), ("enter", "Download"), ("esc", "Cancel")),
    "download how": (("←→", "Change"), ("tab", "Files"), ("enter", "Download"), ("esc", "Cancel")),
    "open": (("tab", "Complete"), ("↓", "Matches"), ("enter", "Open"), ("esc", "Cancel")),
    "changed": (("esc", "Close"),),
    "changed changed-lines": (("←→↑↓", "Scroll"), ("esc", "Close")),
    "labelling": (("tab", "Complete"), ("enter", "Label"), ("esc", "Close")),
    "labelling rows-told": (("←→↑↓", "Scroll"), ("tab", "Paths"), ("esc", "Close")),
    "open matches": (("↑↓", "Choose"), ("enter", "Take"), ("esc", "Cancel")),
    "open read-as": (("←→", "Change"), ("enter", "Open"), ("esc", "Cancel")),
}  # fmt: skip


def markdown() -> str:
    """Return the table as in the README."""
    lines = ["| Key | Where | Does |", "|---|---|---|"]
    for key in TABLE:
        shown = " ".join(f"`{part}`" for part in key.shown.split())
        lines.append(f"| {shown} | {', '.join(key.where)} | {key.does} |")
    return "\n".join(lines)
