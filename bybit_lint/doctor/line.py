"""A conversation with one host over TLS, directly or by the proxy that the environment names, and how it fails."""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal, TypeAlias
from urllib.parse import unquote, urlsplit

from bybit_lint.doctor.host import Host
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

Reason: TypeAlias = Literal[
    "name", "refused", "unreachable", "silence", "certificate", "bundle", "tls", "broken", "proxy", "socks"
]
TUNNEL = regex(r"Tunnel connection failed: (\d{3})")
"""What http.client says of a proxy that refuses; the number is the status."""
LARGEST = 1 << 16
"""So many bytes are read of an answer: those of Bybit's that are asked for have a tenth of it."""


class Failed(Exception):
    """There was no answer. `code` is that of OpenSSL for "certificate", the HTTP status for "proxy", else 0."""

    def __init__(self, reason: Reason, code: int = 0) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.code = code


class Answer(NamedTuple):
    """What came back, and when by the local clock, in ns since 1970."""

    status: int
    body: bytes
    sent: int
    arrived: int

    @property
    def round_trip(self) -> float:
        """In ms."""
        return (self.arrived - self.sent) / 1e6


class Proxy(NamedTuple):
    """What stands between here and every host; `authorization` is a header's value, empty where none is sent."""

    scheme: str
    host: str
    port: int
    authorization: str

    @property
    def is_usable(self) -> bool:
        """False for SOCKS and for TLS to the proxy itself, which the standard library does not speak."""
        return self.scheme == "http"


def proxy(host: Host) -> Proxy | None:
    """The proxy that requests, and so pybit, would take to a host; None for the direct way. Raises Failed."""
    known = urllib.request.getproxies()
    text = known.get("https") or known.get("all")
    if not text or urllib.request.proxy_bypass(host.name):
        return None
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        name, port = parts.hostname, parts.port
    except ValueError:
        raise Failed("proxy") from None
    if not name:
        raise Failed("proxy")
    user = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username is not None else ""
    login = f"Basic {base64.b64encode(user.encode()).decode()}" if user else ""
    return Proxy(parts.scheme, name, port or 80, login)


def addresses(name: str, timeout: float) -> set[str] | None:
    """The addresses of a name, none if it has none; None where nobody answered in time.

    The system waits as long as it likes, and cannot be told otherwise: it is asked in a thread that is left behind.
    """
    found: list[set[str]] = []

    def ask() -> None:
        try:
            found.append({str(entry[4][0]) for entry in socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)})
        except (OSError, UnicodeError):
            found.append(set())

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(timeout)
    return found[0] if found else None


class Line:
    """One connection, which is opened when something is asked, and again where the host has closed it."""

    def __init__(self, host: Host, context: ssl.SSLContext, timeout: float) -> None:
        self._proxy = proxy(host)
        self._connection = _connection(host, self._proxy, context, timeout)
        self._timeout = timeout

    def certificate(self) -> Mapping[str, object]:
        """What the host shows, checked by the context; empty where that checks nothing. Raises Failed."""
        self._open()
        return self._socket.getpeercert() or {}

    def der(self) -> bytes:
        """The same as bytes, checked or not. Raises Failed."""
        self._open()
        return self._socket.getpeercert(binary_form=True) or b""

    def _open(self) -> None:
        try:
            with _failing():
                self._connection.connect()
        except Failed as failed:
            is_of_proxy = self._proxy is not None and failed.reason in ("name", "refused", "unreachable")
            raise (Failed("proxy") if is_of_proxy else failed) from None

    @property
    def _socket(self) -> ssl.SSLSocket:
        found = self._connection.sock
        assert isinstance(found, ssl.SSLSocket)
        return found

    def ask(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """The answer to a GET, be it an error or not; redirections are not followed. Raises Failed."""
        if self._connection.sock is None:
            self._open()  # so that it does not count for the round trip
        with _failing():
            sent = time.time_ns()
            self._connection.request("GET", path, headers=dict(headers or {}))
            response = self._connection.getresponse()
            arrived = time.time_ns()
            body = b"".join(self._parts(response))
            if not response.isclosed():
                self._connection.close()
            return Answer(response.status, body, sent, arrived)

    def _parts(self, response: http.client.HTTPResponse) -> Iterator[bytes]:
        """The body as it comes, of a host, too, that sends a little from time to time and never ends."""
        deadline, size = time.monotonic() + self._timeout, 0
        while size < LARGEST and (part := response.read1(LARGEST - size)):
            if time.monotonic() > deadline:
                raise TimeoutError
            size += len(part)
            yield part

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Line:  # noqa: PYI034 (Self is newer than Python 3.10)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _connection(host: Host, by: Proxy | None, context: ssl.SSLContext, timeout: float) -> http.client.HTTPSConnection:
    if by is None:
        return http.client.HTTPSConnection(host.name, host.port, timeout=timeout, context=context)
    if not by.is_usable:
        raise Failed("socks")
    made = http.client.HTTPSConnection(by.host, by.port, timeout=timeout, context=context)
    made.set_tunnel(host.name, host.port, {"Proxy-Authorization": by.authorization} if by.authorization else {})
    return made


@contextmanager
def _failing() -> Iterator[None]:
    """Whatever goes wrong inside is raised as Failed, whose words never hold what was sent."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise Failed("certificate", error.verify_code) from None
    except ssl.SSLError:
        raise Failed("tls") from None
    except TimeoutError:
        raise Failed("silence") from None
    except (socket.gaierror, UnicodeError):
        raise Failed("name") from None
    except ConnectionRefusedError:
        raise Failed("refused") from None
    except (ConnectionError, http.client.HTTPException):
        raise Failed("broken") from None
    except OSError as error:
        refused = TUNNEL.match(str(error))
        raise (Failed("proxy", int(refused[1])) if refused else Failed("unreachable")) from None
