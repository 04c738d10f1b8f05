"""What of the environment is left for Textual."""

import pytest

from kmeans_tui.ui.environment import settle


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COLUMNS", "0"), ("COLUMNS", "abc"), ("LINES", "-3"), ("COLUMNS", "10000000"),
        ("TEXTUAL_DRIVER", "nonsense"), ("TEXTUAL_DRIVER", "os:system"),
        ("TEXTUAL_DRIVER", "textual.drivers.web_driver:WebDriver"), ("TEXTUAL_FPS", "0"),
        ("TEXTUAL_FPS", "-1"), ("TEXTUAL_FPS", "²"), ("TEXTUAL_FPS", "9" * 5000),
        ("TEXTUAL_COLOR_SYSTEM", "mauve"), ("TEXTUAL_PRESS", "q"), ("TEXTUAL_SCREENSHOT", "1"),
        ("TEXTUAL_LOG", "/nowhere/log"), ("TEXTUAL_FILTERS", "x"), ("ESCDELAY", "soon"),
    ],
)  # fmt: skip
def test_what_is_of_no_use_is_taken_away(name, value):
    environment = {name: value, "TERM": "xterm"}
    settle(environment)
    assert environment == {"TERM": "xterm"}


def test_what_is_of_use_stays():
    useful = {
        "TEXTUAL_ANIMATIONS": "none", "TEXTUAL_FPS": "30", "TEXTUAL_COLOR_SYSTEM": "256",
        "ESCDELAY": "20", "HOME": "/home/x",
    }  # fmt: skip
    environment = dict(useful)
    settle(environment)
    assert environment == useful
