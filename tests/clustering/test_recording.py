"""A run in a file: everything comes back, and no file does harm."""

import io
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_tui import History, KMeans, TracedKMeans
from kmeans_tui.clustering import recording, swap
from kmeans_tui.clustering.recording import RecordingError
from kmeans_tui.requests.recorded import open_recording
from tests.clustering.swapped import clumps, shared_group


def cloud(n: int = 500, d: int = 2, seed: int = 0) -> np.ndarray:
    return np.random.RandomState(seed).normal(size=(n, d))


def same(a: History, b: History) -> None:
    assert (a.n, a.k, a.d, a.stopped_by, len(a)) == (b.n, b.k, b.d, b.stopped_by, len(b))
    assert a.events == b.events
    assert (a.swaps, a.tried) == (b.swaps, b.tried)
    for number in range(2 * len(a) - 1):
        one, two = a.step(number), b.step(number)
        assert (one.labels == two.labels).all()
        assert one.labels.dtype == two.labels.dtype
        assert (one.centroids == two.centroids).all()
        assert (one.shifts == two.shifts).all()
        assert (one.sizes == two.sizes).all()
        assert (one.inertia, one.changed) == (two.inertia, two.changed)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("n", "d", "k"), [(1, 1, 1), (500, 2, 4), (700, 3, 300), (120_000, 2, 3)])
def test_everything_comes_back(tmp_path, n, d, k, dtype):
    X = cloud(n, d).astype(dtype)
    km = KMeans(k, random_state=0, max_iterations=9).fit(X)
    km.history.save(tmp_path / "run.npz")
    found = recording.load(tmp_path / "run.npz")
    same(found.history, km.history)
    assert (found.points == X).all()
    assert found.points.dtype == dtype
    assert found.features == tuple(f"feature {f + 1}" for f in range(d))


def test_events_names_and_a_cancelled_run_come_back(tmp_path):
    X = cloud()
    start = np.vstack([X[:2], [[1e3, 1e3], [2e3, 0]]])
    km = KMeans(4, init=start, tolerance=0).fit(X, lambda step: step.iteration < 2)
    assert km.history.events
    km.history.save(tmp_path / "run", features=("width", "Länge"))
    found = recording.load(tmp_path / "run")
    same(found.history, km.history)
    assert found.history.stopped_by == "cancelled"
    assert found.features == ("width", "Länge")
    same(History.load(tmp_path / "run"), km.history)


def test_an_improved_run_comes_back_and_goes_on(tmp_path):
    X = clumps(9, 40, 2)
    km = KMeans(9, random_state=3, improve=True).fit(X)
    assert len(km.history.swaps) > 1
    km.history.save(tmp_path / "run.npz")
    same(recording.load(tmp_path / "run.npz").history, km.history)
    km.fit(X, lambda step: step.swap is None)
    assert len(km.history.swaps) == 1
    km.history.save(tmp_path / "run.npz")
    same(recording.load(tmp_path / "run.npz").history, km.history)
    plain = KMeans(9, random_state=3).fit(X)
    plain.history.save(tmp_path / "plain.npz")
    assert not set(np.load(tmp_path / "plain.npz")) & set(recording.OPTIONAL)
    found = recording.load(tmp_path / "plain.npz")
    longer = swap.continued(found.points, found.history, 100, 1e-4)
    assert longer.swaps[: len(km.history.swaps)] == km.history.swaps


def test_weights_come_back(tmp_path):
    X = cloud()
    weights = np.random.RandomState(0).uniform(0, 3, len(X))
    history = KMeans(3, random_state=1).fit(X, weights=weights).history
    history.save(tmp_path / "run.npz", X)
    found = History.load(tmp_path / "run.npz")
    same(found, history)
    np.testing.assert_array_equal(found.weights, weights)
    np.testing.assert_array_equal(found[-1].weights, history[-1].weights)
    opened = open_recording(str(tmp_path / "run.npz")).dataset
    assert (opened.weight_column, opened.weights.tolist()) == ("weights", weights.tolist())


def test_what_an_estimator_recorded_can_be_opened(tmp_path):
    X = cloud()
    fitted = TracedKMeans(3, random_state=0).fit(X)
    fitted.history_.save(tmp_path / "run.npz")
    same(recording.load(tmp_path / "run.npz").history, fitted.history_)
    assert recording.is_recording(tmp_path / "run.npz")


def test_points_that_are_gone_or_others_are_refused(tmp_path):
    km = KMeans(3, random_state=0).fit(cloud().tolist())
    with pytest.raises(ValueError, match=r"points of the fit are gone; pass them"):
        km.history.save(tmp_path / "run.npz")
    with pytest.raises(ValueError, match="the points are not those of the fit"):
        km.history.save(tmp_path / "run.npz", cloud(seed=1))
    with pytest.raises(ValueError, match=r"the points have the shape \(9, 2\)"):
        km.history.save(tmp_path / "run.npz", cloud(9))
    with pytest.raises(ValueError, match="history is empty; fit"):
        KMeans(3).history.save(tmp_path / "run.npz", cloud())
    assert list(tmp_path.iterdir()) == []
    km.history.save(tmp_path / "run.npz", cloud())
    same(History.load(tmp_path / "run.npz"), km.history)


@pytest.fixture
def arrays(tmp_path) -> dict[str, np.ndarray]:
    X, start = shared_group(20)
    weights = 1 + np.arange(len(X)) % 3 / 4
    km = KMeans(3, tolerance=0, init=start, improve=True).fit(X, weights=weights)
    assert km.history.swaps
    km.history.save(tmp_path / "good.npz")
    return dict(np.load(tmp_path / "good.npz"))


def changed(array: np.ndarray, index: tuple, value: float) -> np.ndarray:
    other = array.copy()
    other[index] = value
    return other


@pytest.mark.parametrize(
    ("name", "break_it"),
    [
        ("version", lambda a: a + 1),
        ("shape", lambda a: a * 0),
        ("shape", lambda a: a[:2]),
        ("first", lambda a: changed(a, (0,), 3)),
        ("first", lambda a: changed(a, (0,), (a[0] + 1) % 3)),
        ("first", lambda a: a.astype(np.uint32)),
        ("rows", lambda a: changed(a, (0,), 60)),
        ("rows", lambda a: a[:-1]),
        ("flips", lambda a: changed(a, (0,), 255)),
        ("changed", lambda a: -a),
        ("changed", lambda a: changed(a, (0,), 1)),
        ("centroids", lambda a: changed(a, (0, 0, 0), np.nan)),
        ("centroids", lambda a: a.astype(complex)),
        ("sizes", lambda a: a + 1),
        ("stopped_by", lambda a: a + 7),
        ("events", lambda a: np.array([[1, 5, 0, 0]])),
        ("points", lambda a: a[:-1]),
        ("points", lambda a: a.astype(object)),
        ("features", lambda a: np.arange(2)),
        ("inertia", lambda a: None),
        ("swaps", lambda a: None),
        ("swaps", lambda a: a[:, [0, 1, 1]]),
        ("swaps", lambda a: np.repeat(a, 2, axis=0)),
        ("swaps", lambda a: a * [9, 1, 1]),
        ("shares", lambda a: None),
        ("shares", lambda a: np.repeat(a, 2)),
        ("shares", lambda a: -1 - a),
        ("tried", lambda a: a * 0 - 2),
        ("weights", lambda a: -a),
        ("weights", lambda a: a * 0),
        ("weights", lambda a: a[1:]),
    ],
)
def test_a_file_with_anything_wrong_is_refused_in_one_sentence(tmp_path, arrays, name, break_it):
    broken = break_it(arrays.pop(name))
    if broken is not None:
        arrays[name] = broken
    np.savez(tmp_path / "bad.npz", **arrays)
    with pytest.raises(RecordingError) as refusal:
        recording.load(tmp_path / "bad.npz")
    assert str(tmp_path) in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_no_code_in_a_file_is_run(tmp_path, arrays):
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("unpickled",))

    arrays["points"] = np.array([Trap()], dtype=object)
    np.savez(tmp_path / "trap.npz", **arrays)
    with pytest.raises(RecordingError):
        recording.load(tmp_path / "trap.npz")


@pytest.mark.parametrize("content", [b"", b"x,y\n1,2\n", b"PK\x03\x04 no zip", b"\x80\x04."])
def test_other_files_are_told_apart(tmp_path, content):
    path = tmp_path / "other"
    path.write_bytes(content)
    assert not recording.is_recording(path)
    with pytest.raises(RecordingError, match="damaged or not a recording"):
        recording.load(path)
    assert not recording.is_recording(tmp_path / "missing")
    with pytest.raises(FileNotFoundError):
        recording.load(tmp_path / "missing")
    np.save(tmp_path / "single.npy", np.arange(3))
    with pytest.raises(RecordingError):
        recording.load(tmp_path / "single.npy")


def test_an_array_that_claims_to_be_immense_is_refused(tmp_path, arrays):
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        head, {"descr": "<f8", "fortran_order": False, "shape": (10**15, 2)}
    )
    np.savez(tmp_path / "bad.npz", **{k: v for k, v in arrays.items() if k != "points"})
    with zipfile.ZipFile(tmp_path / "bad.npz", "a") as archive:
        archive.writestr("points.npy", head.getvalue())
    with pytest.raises(RecordingError):
        recording.load(tmp_path / "bad.npz")


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_is_read_or_refused_but_never_crashes(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("damaged")
    km = KMeans(3, random_state=0).fit(cloud(40))
    km.history.save(folder / "run.npz", cloud(40))
    content = bytearray((folder / "run.npz").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(len(content) // 2, len(content))) :]
    (folder / "run.npz").write_bytes(content)
    try:
        found = recording.load(folder / "run.npz")
    except RecordingError:
        return
    assert len(found.history) > 0


def packed(path, arrays, **claimed):
    """An archive of arrays; of those in ``claimed`` a head of that shape and zeros behind it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            kept = io.BytesIO()
            if name not in claimed:
                np.save(kept, array)
                archive.writestr(f"{name}.npy", kept.getvalue())
                continue
            head = {"descr": array.dtype.str, "fortran_order": False, "shape": claimed[name]}
            np.lib.format.write_array_header_1_0(kept, head)
            left = int(np.prod(claimed[name])) * array.dtype.itemsize
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                file.write(kept.getvalue())
                while left > 0:
                    file.write(bytes(min(left, 1 << 24)))
                    left -= 1 << 24


def test_a_small_file_that_would_fill_the_memory_is_not_unpacked(tmp_path, arrays, monkeypatch):
    n = 30_000_000
    monkeypatch.setattr(np.lib.format, "read_array", refusing(np.lib.format.read_array))
    arrays["shape"] = np.array([n, 3, 2])
    del arrays["weights"]
    packed(tmp_path / "bomb.npz", arrays, points=(n, 2), first=(n,))
    assert (tmp_path / "bomb.npz").stat().st_size < 1_000_000
    with pytest.raises(RecordingError, match=r"cannot be opened: its arrays claim 5\d\d MB"):
        recording.load(tmp_path / "bomb.npz")
    with pytest.raises(RecordingError, match="and 100 MB are free"):
        recording.load(tmp_path / "bomb.npz", free=100_000_000)


def refusing(read):
    def small(file, **options):
        found = read(file, **options)
        assert found.nbytes < 1000
        return found

    return small


def test_a_recording_that_memory_holds_is_opened(tmp_path, arrays):
    np.savez(tmp_path / "run.npz", **arrays)
    assert len(recording.load(tmp_path / "run.npz", free=1_000_000).history)
    with pytest.raises(RecordingError, match="MB of memory and 0 MB are free"):
        recording.load(tmp_path / "run.npz", free=100)


@pytest.mark.parametrize("name", recording.FIELDS)
def test_every_array_is_checked_by_its_field(tmp_path, arrays, name):
    if name in ("counted", "moved"):
        arrays |= {"counted": np.array(60), "moved": arrays["changed"]}
    if name == "cluster_weights":
        more = {"counted": np.array(60), "moved": arrays["changed"]}
        arrays |= {**more, "cluster_weights": arrays["sizes"] * 1.5}
    original = arrays[name]
    wrong = [
        np.array("x"), np.array([True]), np.array([[[[1.0]]]]), np.array([1j]),
        original.astype("U9") if original.dtype.kind != "U" else np.arange(2), original[..., None],
        np.zeros((0,) * original.ndim, original.dtype) if original.ndim else np.array([1, 1]),
    ]  # fmt: skip
    if original.dtype.kind == "f":
        wrong += [original * np.nan, original + np.inf, original - 1e200, original.astype("f2")]
    if original.dtype.kind in "iu" and original.size:
        wrong += [np.full_like(original, np.iinfo(original.dtype).max), original.astype(float)]
    for each in wrong:
        if name == "events" and each.shape == (0, 0):
            continue
        np.savez(tmp_path / "bad.npz", **{**arrays, name: each})
        with pytest.raises(RecordingError) as refusal:
            recording.load(tmp_path / "bad.npz")
        assert "\n" not in str(refusal.value)
        assert len(str(refusal.value)) < 400


def test_sizes_of_more_points_than_are_kept_add_up(tmp_path, arrays):
    more = {"counted": np.array(90), "moved": arrays["changed"] + 5, "sizes": arrays["sizes"] + 10}
    np.savez(tmp_path / "some.npz", **{**arrays, **more})
    history = recording.load(tmp_path / "some.npz").history
    assert (history.n, history.counted) == (60, 90)
    assert history.changed[1:].tolist() == more["moved"][1:].tolist()
    assert (history.sizes == more["sizes"]).all()
    for wrong in (
        {"sizes": arrays["sizes"] + 11},
        {"sizes": arrays["sizes"] + [-1, 11, 20]},
        {"counted": np.array(59)},
        {"moved": more["moved"][1:]},
    ):
        np.savez(tmp_path / "wrong.npz", **{**arrays, **more, **wrong})
        with pytest.raises(RecordingError, match="is damaged"):
            recording.load(tmp_path / "wrong.npz")


def test_versions_are_told_apart(tmp_path, arrays):
    for version, what in (
        (2, "by a newer kmeans-tui"),
        (0, "no longer supported"),
        (-1, "no longer"),
    ):
        np.savez(tmp_path / "other.npz", **{**arrays, "version": np.array(version)})
        with pytest.raises(RecordingError, match=what):
            recording.load(tmp_path / "other.npz")
    del arrays["version"]
    np.savez(tmp_path / "none.npz", **arrays)
    assert recording.is_recording(tmp_path / "none.npz")
    with pytest.raises(RecordingError, match="without a version number"):
        recording.load(tmp_path / "none.npz")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_array_that_is_there_twice_or_strangely_packed_is_refused(tmp_path, arrays):
    np.savez(tmp_path / "twice.npz", **arrays)
    with zipfile.ZipFile(tmp_path / "twice.npz", "a") as archive:
        archive.writestr("first.npy", b"")
    with pytest.raises(RecordingError, match="'first' occurs twice"):
        recording.load(tmp_path / "twice.npz")
    with zipfile.ZipFile(tmp_path / "lzma.npz", "w", zipfile.ZIP_LZMA) as archive:
        for name, array in arrays.items():
            kept = io.BytesIO()
            np.save(kept, array)
            archive.writestr(f"{name}.npy", kept.getvalue())
    with pytest.raises(RecordingError, match="has a compression"):
        recording.load(tmp_path / "lzma.npz")
