"""The table of the built-in sets: what each shows, its points, its preparation, its code.

To add a set, add an entry; a new kind of points also needs a function in ``generators``.

Nothing here needs numpy, so names can be checked before anything is loaded.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

Number = int | float


class Parameter(NamedTuple):
    """A number that may follow the name of a set; an integer if its default is one."""

    default: Number
    low: Number
    high: Number

    def read(self, text: str) -> Number | None:
        """Return the number, or ``None`` if the text is not a number in range."""
        try:
            value = float(text)
        except ValueError:
            return None
        if not self.low <= value <= self.high:
            return None
        if isinstance(self.default, float):
            return value
        return int(value) if value.is_integer() else None

    def __str__(self) -> str:
        kind = "a number" if isinstance(self.default, float) else "a whole number"
        return f"{kind} from {_plain(self.low)} to {_plain(self.high)}"


class BuiltIn(NamedTuple):
    """A built-in set: what it shows, where its points come from, and how it is prepared.

    A set has either a ``generator``, the function in ``generators`` that draws it, or a ``file`` of
    scikit-learn with the number of lines above its first row. ``code`` makes the same ``table``
    with scikit-learn's public functions or numpy, its parameters in braces. ``start`` are the rows,
    counted from 1, from which the centroids of its own k start; ``rows`` the names of all rows.
    """

    about: str
    code: str
    generator: str = ""
    file: tuple[str, int] | None = None
    n: int = 300
    k: int = 3
    parameters: Mapping[str, Parameter] = MappingProxyType({})
    columns: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    scale: str = "none"
    axes: tuple[str, ...] = ()
    truth: tuple[str, ...] | None = ()
    extra_rows: int = 0
    start: tuple[int, ...] = ()
    rows: tuple[str, ...] = ()


def _plain(value: Number) -> str:
    return f"{int(value):,}" if value == int(value) else f"{value:g}"


_IRIS: Final = ("sepal length", "sepal width", "petal length", "petal width")
_WINE: Final = (
    "alcohol",
    "malic acid",
    "ash",
    "alcalinity of ash",
    "magnesium",
    "total phenols",
    "flavanoids",
    "nonflavanoid phenols",
    "proanthocyanins",
    "color intensity",
    "hue",
    "od280/od315",
    "proline",
)
_NUCLEUS: Final = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)
_BREAST_CANCER: Final = (
    *(f"mean {each}" for each in _NUCLEUS),
    *(f"{each} error" for each in _NUCLEUS),
    *(f"worst {each}" for each in _NUCLEUS),
)
_DIGITS: Final = tuple(f"pixel_{row}_{column}" for row in range(8) for column in range(8))

_N: Final = Parameter(300, 1, 10_000_000)
_N_1500: Final = Parameter(1500, 1, 10_000_000)
_K: Final = Parameter(3, 1, 10_000)
_D: Final = Parameter(2, 1, 1000)
_SEED: Final = Parameter(42, 0, 2**32 - 1)
_SEED_170: Final = Parameter(170, 0, 2**32 - 1)
_STD: Final = Parameter(0.8, 0.0, 1e6)
_NOISE: Final = Parameter(0.05, 0.0, 1e6)

SETS: Final[Mapping[str, BuiltIn]] = {
    "blobs": BuiltIn(
        "three round groups of equal size: what K-Means is made for",
        generator="blobs",
        code="""\
from sklearn.datasets import make_blobs

table, _ = make_blobs(
    n_samples={n}, centers={k}, n_features={d}, cluster_std={std}, random_state={seed}
)""",
        parameters={"n": _N, "k": _K, "d": _D, "std": _STD, "seed": _SEED},
    ),
    "iris": BuiltIn(
        "petals of three species of flowers; two of them overlap",
        file=("iris.csv", 1),
        code="""\
from sklearn.datasets import load_iris

table = load_iris().data""",
        n=150,
        columns=_IRIS,
        features=("petal length", "petal width"),
        scale="standard",
        truth=("setosa", "versicolor", "virginica"),
    ),
    "moons": BuiltIn(
        "two interleaved crescents: K-Means cuts both in half",
        generator="moons",
        code="""\
from sklearn.datasets import make_moons

table, _ = make_moons({n}, noise={noise}, random_state={seed})""",
        k=2,
        parameters={"n": _N, "noise": _NOISE, "seed": _SEED},
        truth=("upper", "lower"),
    ),
    "circles": BuiltIn(
        "a ring around a ring: K-Means cuts straight through both",
        generator="circles",
        code="""\
from sklearn.datasets import make_circles

table, _ = make_circles({n}, noise={noise}, factor={factor}, random_state={seed})""",
        k=2,
        parameters={
            "n": _N,
            "noise": _NOISE,
            "factor": Parameter(0.5, 0.0, 0.99),
            "seed": _SEED,
        },
        truth=("outer", "inner"),
    ),
    "anisotropic": BuiltIn(
        "three slanted stripes: K-Means expects round ones, cuts across",
        generator="anisotropic",
        code="""\
from sklearn.datasets import make_blobs

table, _ = make_blobs(n_samples={n}, cluster_std={std}, random_state={seed})
table = table @ [[0.60834549, -0.63667341], [-0.40887718, 0.85253229]]""",
        n=1500,
        parameters={"n": _N_1500, "std": Parameter(1.0, 0.0, 1e6), "seed": _SEED_170},
    ),
    "varied": BuiltIn(
        "spreads of 1, 2.5 and 0.5: the wide group loses its edge",
        generator="varied",
        code="""\
from sklearn.datasets import make_blobs

table, _ = make_blobs(n_samples={n}, cluster_std=[1.0, 2.5, 0.5], random_state={seed})""",
        n=1500,
        parameters={"n": _N_1500, "seed": _SEED_170},
    ),
    "uneven": BuiltIn(
        "500, 100 and 10 points: a single start often misses the 10",
        generator="uneven",
        code="""\
from sklearn.datasets import make_blobs

table, group = make_blobs(n_samples=1500, cluster_std={std}, random_state={seed})
parts = [table[group == j][:m] for j, m in enumerate((500, 100, 10))]
table = np.vstack(parts)""",
        n=610,
        parameters={"std": Parameter(1.0, 0.0, 1e6), "seed": _SEED_170},
    ),
    "uniform": BuiltIn(
        "no groups at all: K-Means finds some anyway",
        generator="uniform",
        code="""\
table = np.random.RandomState({seed}).uniform(size=({n}, {d}))""",
        parameters={"n": _N, "d": _D, "seed": _SEED},
        truth=None,
    ),
    "outlier": BuiltIn(
        "the blobs and one far point, which pulls or captures a centroid",
        generator="outlier",
        code="""\
from sklearn.datasets import make_blobs

table, group = make_blobs(n_samples={n}, cluster_std={std}, random_state={seed})
means = [table[group == j].mean(axis=0) for j in np.unique(group)]
table = np.vstack([table, max(means, key=lambda mean: mean[0]) + [{distance}, 0.0]])""",
        parameters={
            "n": _N,
            "std": _STD,
            "distance": Parameter(75.0, 0.0, 1e6),
            "seed": _SEED,
        },
        truth=("blob 1", "blob 2", "blob 3", "outlier"),
        extra_rows=1,
    ),
    "wine": BuiltIn(
        "wines of three growers: 13 measurements on very different scales",
        file=("wine_data.csv", 1),
        code="""\
from sklearn.datasets import load_wine

table = load_wine().data""",
        n=178,
        columns=_WINE,
        scale="standard",
        axes=("pca",),
        truth=("grower 1", "grower 2", "grower 3"),
    ),
    "breast-cancer": BuiltIn(
        "malignant and benign tumours, 30 measurements; they overlap",
        file=("breast_cancer.csv", 1),
        code="""\
from sklearn.datasets import load_breast_cancer

table = load_breast_cancer().data""",
        n=569,
        k=2,
        columns=_BREAST_CANCER,
        scale="standard",
        axes=("pca",),
        truth=("malignant", "benign"),
    ),
    "digits": BuiltIn(
        "handwritten digits, 8 by 8 pixels; a 2-D view hides much",
        file=("digits.csv.gz", 0),
        code="""\
from sklearn.datasets import load_digits

table = load_digits().data""",
        n=1797,
        k=10,
        columns=_DIGITS,
        axes=("pca",),
        truth=tuple("0123456789"),
    ),
    "eight": BuiltIn(
        "the eight points of the exercise by hand, from A1, A4 and A7",
        generator="eight",
        code="""\
table = np.array([[2.0, 10], [2, 5], [8, 4], [5, 8], [7, 5], [6, 4], [1, 2], [4, 9]])""",
        n=8,
        columns=("x", "y"),
        truth=None,
        start=(1, 4, 7),
        rows=tuple(f"A{number}" for number in range(1, 9)),
    ),
}
