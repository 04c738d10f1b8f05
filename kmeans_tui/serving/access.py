"""Whom the server answers: requests to its own names, and pages of its own.

A page elsewhere must not drive a visitor's program. It cannot hide where it comes from
(``Origin``), nor, if its name was made to lead to this computer, under which name it asks
(``Host``).
"""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

_ORIGIN: Final = re.compile(r"(https?)://([^/?#@\s]+)", re.ASCII)
_AUTHORITY: Final = re.compile(r"(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9._-]+)(?::([0-9]{1,5}))?", re.ASCII)
_LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
_USUAL: Final = {"http": 80, "https": 443}

Authority = tuple[str, int | None]


def authority(text: str) -> Authority | None:
    """Return name and port of ``name:port`` or ``name``, in small letters; None for anything else.

    An IPv6 address is in brackets.
    """
    found = _AUTHORITY.fullmatch(text)
    if found is None:
        return None
    port = None if found[2] is None else int(found[2])
    if port is not None and not 0 < port < 65536:
        return None
    return found[1].lower().removesuffix("."), port


@dataclass(frozen=True)
class Access:
    """Answers requests for ``host``, as it was given, and ``port``.

    ``allowed`` are further names; one without a port is allowed with any.
    """

    host: str
    port: int
    allowed: Sequence[Authority] = field(default=())

    @property
    def local(self) -> bool:
        """Whether only this computer can reach the server."""
        return self.host.lower() == "localhost" or _is_loopback(self.host)

    def knows(self, asked: Authority) -> bool:
        """Whether a name and port are those of this server.

        Where it listens on all addresses, any address will do: only names can be made to lead here.
        """
        name, port = asked
        if any(name == each and of in (None, port) for each, of in self.allowed):
            return True
        if (80 if port is None else port) != self.port:
            return False
        if self.local:
            return name in _LOOPBACK or name == bracketed(self.host).lower()
        if name == bracketed(self.host).lower():
            return True
        return _is_unspecified(self.host) and (name in _LOOPBACK or _is_address(name))

    def answers(self, hosts: Sequence[str]) -> bool:
        """Whether to answer a request with these ``Host`` headers."""
        asked = authority(hosts[0]) if len(hosts) == 1 else None
        return asked is not None and self.knows(asked)

    def trusts(self, hosts: Sequence[str], origins: Sequence[str]) -> bool:
        """Whether a request with these headers comes from a page that this server has served."""
        if not self.answers(hosts) or len(origins) != 1:
            return False
        found = _ORIGIN.fullmatch(origins[0])
        if found is None:
            return False
        page, asked, usual = authority(found[2]), authority(hosts[0]), _USUAL[found[1]]
        if page is None or asked is None:
            return False
        return (page[0], page[1] or usual) == (asked[0], asked[1] or usual)


def bracketed(host: str) -> str:
    """Return a host as it stands in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def allowed(names: Iterable[str]) -> tuple[Authority, ...]:
    """Return names as given by the user; raises ``ValueError``, one sentence."""
    found = []
    for each in names:
        if (name := authority(each)) is None:
            raise ValueError(f"{each!r} is no name of a host: write kmeans.example.org")
        found.append(name)
    return tuple(found)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    found = _address(host)
    return found is not None and found.is_loopback


def _is_unspecified(host: str) -> bool:
    found = _address(host)
    return not host or (found is not None and found.is_unspecified)


def _is_address(name: str) -> bool:
    return _address(name) is not None
