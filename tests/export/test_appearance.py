"""The settings of figures: what they refuse, and the flags that give them again."""

import pytest

from kmeans_tui.export.appearance import Appearance


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"size": (100, 100)}, "choose a size from 400x300 to 6000x6000"),
        ({"size": (800, 60_000)}, "800x60000"),
        ({"dpi": 5}, "choose 40 to 600"),
        ({"fps": 0.0}, "choose 0.1 to 50"),
        ({"fps": float("nan")}, "frames per second"),
        ({"look": "neon"}, "use light, dark, article"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_line(fields, says):
    with pytest.raises(ValueError, match=says) as refusal:
        Appearance(**fields)
    assert "\n" not in str(refusal.value)


def test_settings_as_they_come_need_no_flags():
    assert Appearance().flags() == []
    assert Appearance(regions=True, trails=True).flags() == [], "flags of the view"


def test_inches_follow_from_size_and_dots():
    assert Appearance().inches((8.0, 6.0), 150) == ((8.0, 6.0), 150)
    assert Appearance(dpi=300).inches((8.0, 6.0), 150) == ((8.0, 6.0), 300)
    assert Appearance(size=(1600, 1200), dpi=200).inches((1.0, 1.0), 150) == ((8.0, 6.0), 200)
