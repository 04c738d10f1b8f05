"""The starts in their plainest form draw what the fast ones draw."""

import numpy as np
import pytest

from kmeans_tui import load_data
from kmeans_tui.clustering import initialisation, textbook_starts

PAIRS = [
    (textbook_starts.random_partition, initialisation.random_partition),
    (textbook_starts.plus_plus, initialisation.plus_plus),
    (textbook_starts.farthest_points, initialisation.farthest_points),
]


@pytest.mark.parametrize(("plain", "fast"), PAIRS, ids=lambda each: each.__name__)
@pytest.mark.parametrize("data", ["blobs", "iris", "wine", "blobs:n=20000,k=8"])
def test_the_same_generator_gives_the_same_start(plain, fast, data):
    X = load_data(data).points
    for seed in range(5):
        for k in (1, 2, 7):
            first, second = (start(X, k, np.random.RandomState(seed)) for start in (plain, fast))
            np.testing.assert_allclose(first, second, rtol=1e-12, atol=1e-12)
