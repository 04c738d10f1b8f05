"""The line that says where a run is, and what is being done."""

import pytest

from kmeans_tui.ui.widgets.status_line import Status
from tests.pilot import shown, text
from tests.ui.widgets.test_panels import RUN, VIEW

DOING = ("iteration 4: 32%, part 2 of 5, inertia 16526.8", "iteration 4: 32%")


@pytest.mark.parametrize(("width", "where"), [(100, "❚❚ 2/s   iteration 0 → 1 of 3   3 update"),
                                              (80, "❚❚ 2/s   iteration 0 → 1 of 3   3 update"),
                                              (60, "iteration 0 → 1 of 3")])  # fmt: skip
async def test_what_is_done_follows_the_position_and_the_key_that_stops_it_is_whole(width, where):
    widget = Status()
    async with shown(widget, size=(width, 1)):
        widget.draw(VIEW, RUN)
        widget.doing(DOING, placed=True)
        (line,) = text(widget)
        assert line.strip() == f"{where}   {DOING[1]} · ctrl+c stops"
        widget.doing(DOING, placed=False)
        (line,) = text(widget)
        assert line.strip() == f"{DOING[width < 70]} · ctrl+c stops"
        widget.doing(["converting " + "a long name " * 9], placed=True)
        (line,) = text(widget)
        assert line.rstrip().endswith("… · ctrl+c stops")
        assert len(line.rstrip()) <= width
