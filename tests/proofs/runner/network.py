"""The network of a bot: every host of Bybit's is the exchange, and there is nobody else."""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Callable
from typing import Any

HOSTS = re.compile(r"[a-z0-9.-]+\.(?:bybit|bytick|bybit-tr)\.[a-z.]+")
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "ws_proxy", "wss_proxy", "no_proxy")
REFUSED = (
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
)  # whose network would be the real one

HTTPS = 443

_port = HTTPS
_getaddrinfo = socket.getaddrinfo


def install(certificate: str) -> None:
    """Trust the exchange's certificate and know its names, before a client is imported."""
    for name in PROXIES:
        os.environ.pop(name, None)
        os.environ.pop(name.upper(), None)
    for name in ("SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        os.environ.pop(name, None)  # with a bundle set, requests forgets that a session is told not to verify
    os.environ["SSL_CERT_FILE"] = os.environ["WEBSOCKET_CLIENT_CA_BUNDLE"] = certificate
    import certifi

    certifi.where = lambda: certificate  # requests and ccxt ask nothing else
    socket.getaddrinfo = resolve
    for name in ("connect", "connect_ex"):
        setattr(socket.socket, name, _to_exchange(getattr(socket.socket, name)))
    for name in ("aiodns", "uvloop"):  # they look names up in C
        sys.modules[name] = None  # type: ignore[assignment]  # so that importing it fails


def open_to(port: int) -> None:
    """Let this process reach the exchange at a port of the loopback, and nothing else, from now on."""
    global _port  # noqa: PLW0603  a process has one network
    _port = port
    sys.addaudithook(refuse)


def resolve(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
    """The addresses of a name, where it is one of Bybit's or this machine's."""
    name = host.decode() if isinstance(host, bytes) else host
    if name and HOSTS.fullmatch(name):
        return _getaddrinfo("127.0.0.1", port, *args, **kwargs)
    if name in (None, "localhost", "127.0.0.1", "::1"):
        return _getaddrinfo(host, port, *args, **kwargs)
    raise socket.gaierror(socket.EAI_NONAME, f"a bot of a proof knows only Bybit, not {name}")


def _to_exchange(connect: Callable[..., Any]) -> Callable[..., Any]:
    """The port is exchanged here and not by `resolve`, whose answer some clients read only the address of."""

    def connects(self: socket.socket, address: Any) -> Any:
        return connect(self, (address[0], _port) if address[1:] == (HTTPS,) else address)

    return connects


def refuse(event: str, args: tuple[Any, ...]) -> None:
    """Audit hook: whatever would leave the machine is refused."""
    if event in REFUSED or (event in ("socket.connect", "socket.sendto") and not _is_loopback(args[1])):
        raise PermissionError(f"a bot of a proof reaches nobody but the exchange: {event} {args[1:]}")


def _is_loopback(address: Any) -> bool:
    return not isinstance(address, tuple) or address[0] in ("127.0.0.1", "::1", "localhost")
