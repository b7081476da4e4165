"""Where Bybit is asked: one of its networks, or a host by its name."""

from __future__ import annotations

from urllib.parse import urlsplit

from bybit_lint.knowledge import hosts
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

NAME = regex(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
LOOPBACK = regex(r"localhost|127(?:\.\d{1,3}){3}")
EXPECTED = f"one of {', '.join(hosts.USUAL)}, a host such as api.bybit.eu, or https:// and a host"


class BadHost(ValueError):
    """No host: the message says what is expected, and nothing of what was written, which may hold a password."""


class Host(NamedTuple):
    """A host that answers https."""

    name: str
    port: int = 443

    @property
    def network(self) -> str:
        """`mainnet`, `testnet` or `demo`; empty for a host that is not Bybit's."""
        return hosts.networks().get(self.name, "")

    @property
    def is_loopback(self) -> bool:
        return LOOPBACK.fullmatch(self.name) is not None

    def __str__(self) -> str:
        return self.name if self.port == 443 else f"{self.name}:{self.port}"


def parse(text: str) -> Host:
    """The host that is meant by a network, a name, or an address with `https://`. Raises BadHost."""
    if text in hosts.USUAL:
        return Host(hosts.USUAL[text])
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        name, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise BadHost(f"is not {EXPECTED}") from None
    if parts.scheme != "https":
        raise BadHost("begins with something else than https://, and Bybit answers nothing else")
    if parts.username is not None or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise BadHost("holds more than a host: leave out users, paths and parameters")
    if not NAME.fullmatch(name) or ("." not in name and name != "localhost"):
        raise BadHost(f"is not {EXPECTED}")
    return Host(name, port or 443)
