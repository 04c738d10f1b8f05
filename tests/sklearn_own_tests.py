"""A plugin of pytest that hands TracedKMeans to the tests that scikit-learn has for its KMeans.

    python -m pytest -p tests.sklearn_own_tests --pyargs sklearn.cluster.tests.test_k_means

It runs in a process of its own, because ``sklearn.cluster.KMeans`` is another class there. Kept are
the tests that are handed that class, or that call it by its name and are handed no other; what each
came to goes, as JSON, into the file that ``OUTCOMES`` names.
"""

import inspect
import json
import os
from pathlib import Path

import sklearn.cluster

from kmeans_tui import TracedKMeans

sklearn.cluster.KMeans = TracedKMeans
_outcomes: dict[str, str] = {}


def concerns_ours(item):
    """Whether a test is about KMeans, and not about its neighbours in the same file."""
    handed = item.callspec.params.values() if hasattr(item, "callspec") else ()
    classes = [each for each in handed if inspect.isclass(each) and hasattr(each, "fit")]
    return TracedKMeans in classes if classes else "KMeans" in item.function.__code__.co_names


def pytest_collection_modifyitems(config, items):
    kept = [item for item in items if concerns_ours(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def pytest_runtest_logreport(report):
    name = report.nodeid.split("::", 1)[1]
    if report.when == "call" or report.outcome != "passed":
        _outcomes[name] = report.outcome


def pytest_sessionfinish():
    if "OUTCOMES" in os.environ:
        Path(os.environ["OUTCOMES"]).write_text(json.dumps(_outcomes), encoding="utf-8")
