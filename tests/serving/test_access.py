"""Under which names the server answers, and which pages it trusts."""

import pytest

from kmeans_tui.serving.access import Access, allowed, authority

HERE = Access("127.0.0.1", 8000)
ALL = Access("0.0.0.0", 8000)
NAMED = Access("0.0.0.0", 8000, allowed(["kmeans.example.org", "Other.example.org:8443"]))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("localhost", ("localhost", None)), ("LocalHost:80", ("localhost", 80)),
        ("localhost.:80", ("localhost", 80)), ("[::1]:8000", ("[::1]", 8000)),
        ("", None), (":80", None), ("a b", None), ("a:b", None), ("a:0", None), ("a:65536", None),
        ("a:", None), ("a:80:80", None), ("user@a", None), ("a/b", None), ("::1", None),
        ("a\n", None), ("a:８０", None), ("ä", None), ("a:080000", None),
    ],
)  # fmt: skip
def test_names_are_read_strictly(text, found):
    assert authority(text) == found


@pytest.mark.parametrize(
    ("access", "host", "answered"),
    [
        (HERE, "127.0.0.1:8000", True), (HERE, "localhost:8000", True), (HERE, "[::1]:8000", True),
        (HERE, "LOCALHOST:8000", True), (HERE, "127.0.0.1:8001", False), (HERE, "127.0.0.1", False),
        (HERE, "evil.example:8000", False), (HERE, "192.168.0.7:8000", False),
        (HERE, "127.0.0.1.evil.example:8000", False), (HERE, "localhost.evil.example:8000", False),
        (HERE, "127.0.0.1:8000, evil.example", False), (HERE, "evil.example@127.0.0.1:8000", False),
        (HERE, "0.0.0.0:8000", False), (HERE, "2130706433:8000", False), (HERE, "", False),
        (Access("localhost", 8000), "127.0.0.1:8000", True),
        (Access("127.0.0.2", 8000), "127.0.0.2:8000", True),
        (Access("127.0.0.1", 80), "127.0.0.1", True),
        (Access("192.168.0.7", 8000), "192.168.0.7:8000", True),
        (Access("192.168.0.7", 8000), "192.168.0.8:8000", False),
        (Access("classroom", 8000), "classroom:8000", True),
        (Access("classroom", 8000), "evil.example:8000", False),
        (ALL, "192.168.0.7:8000", True), (ALL, "[fd00::1]:8000", True),
        (ALL, "localhost:8000", True),
        (ALL, "evil.example:8000", False), (ALL, "192.168.0.7:8001", False),
        (Access("::", 8000), "192.168.0.7:8000", True), (Access("", 8000), "10.0.0.1:8000", True),
        (NAMED, "kmeans.example.org", True), (NAMED, "kmeans.example.org:9", True),
        (NAMED, "other.example.org:8443", True), (NAMED, "other.example.org", False),
        (NAMED, "sub.kmeans.example.org", False),
    ],
)  # fmt: skip
def test_it_answers_to_its_own_names_alone(access, host, answered):
    assert access.answers([host]) is answered
    assert not access.answers([host, host])
    assert not access.answers([])


@pytest.mark.parametrize(
    ("access", "host", "origin", "trusted"),
    [
        (HERE, "127.0.0.1:8000", "http://127.0.0.1:8000", True),
        (HERE, "localhost:8000", "http://localhost:8000", True),
        (HERE, "localhost:8000", "HTTP://localhost:8000", False),
        (HERE, "localhost:8000", "http://127.0.0.1:8000", False),
        (HERE, "localhost:8000", "http://localhost:3000", False),
        (HERE, "localhost:8000", "http://localhost", False),
        (HERE, "localhost:8000", "http://localhost:8000/", False),
        (HERE, "localhost:8000", "http://localhost:8000.evil.example", False),
        (HERE, "localhost:8000", "http://evil.example", False),
        (HERE, "localhost:8000", "http://localhost:8000@evil.example", False),
        (HERE, "localhost:8000", "null", False), (HERE, "localhost:8000", "", False),
        (HERE, "localhost:8000", "file://", False),
        (HERE, "evil.example:8000", "http://evil.example:8000", False),
        (NAMED, "kmeans.example.org", "https://kmeans.example.org", True),
        (NAMED, "kmeans.example.org:443", "https://kmeans.example.org", True),
        (NAMED, "kmeans.example.org", "https://evil.example", False),
        (Access("127.0.0.1", 80), "127.0.0.1", "http://127.0.0.1", True),
    ],
)  # fmt: skip
def test_it_trusts_pages_of_its_own_alone(access, host, origin, trusted):
    assert access.trusts([host], [origin]) is trusted
    assert not access.trusts([host], [origin, origin])
    assert not access.trusts([host], [])


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True), ("127.8.8.8", True), ("localhost", True), ("::1", True),
        ("0.0.0.0", False), ("", False), ("::", False), ("192.168.0.7", False), ("here", False),
    ],
)  # fmt: skip
def test_it_knows_whether_others_can_reach_it(host, local):
    assert Access(host, 8000).local is local


@pytest.mark.parametrize("name", ["http://a", "a/b", "", "*", "a:99999"])
def test_an_allowed_name_is_a_name(name):
    with pytest.raises(ValueError, match="is no name of a host"):
        allowed([name])
