"""Who certifies that it is Bybit who answers: the bundles of the clients that are installed, and what each says."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from bybit_lint.doctor.host import Host
from bybit_lint.doctor.installation import Installation
from bybit_lint.doctor.line import Failed, Line
from bybit_lint.tuples import NamedTuple

REQUESTS = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
VARIABLES: Mapping[str, tuple[str, ...]] = {
    "pybit": (),  # it sends what requests has prepared, past where requests would look
    "requests": REQUESTS,
    "ccxt": (),
    "httpx": ("SSL_CERT_FILE", "SSL_CERT_DIR"),
    "websocket-client": ("WEBSOCKET_CLIENT_CA_BUNDLE",),
    "websockets": (),
    "aiohttp": (),
}
"""The variables that tell a client its bundle, as tried out with pybit 5.17.0, ccxt 4.5.90, requests 2.34.2, httpx
0.28.1, websocket-client 1.9.2, websockets 17.4 and aiohttp 3.14.5."""
CERTIFI = frozenset({"pybit", "requests", "ccxt", "httpx"})
"""Clients that otherwise take certifi's bundle; the others take the system's."""
SYSTEM = "the system's certificates"


class Bundle(NamedTuple):
    """Certificates of authorities, and the clients that go by them; `path` is None for the system's own."""

    name: str
    path: str | None
    clients: tuple[str, ...] = ()

    def context(self) -> ssl.SSLContext:
        """What checks a host by this bundle. Raises Failed where it cannot be read."""
        if self.path is None:
            return ssl.create_default_context()  # which obeys SSL_CERT_FILE and SSL_CERT_DIR, as OpenSSL does
        try:
            if os.path.isdir(self.path):
                return ssl.create_default_context(capath=self.path)
            return ssl.create_default_context(cafile=self.path)
        except (OSError, ValueError):  # not there, or no certificate in it
            raise Failed("bundle") from None

    @property
    def is_empty(self) -> bool:
        """Proven: there is no certificate in it."""
        paths = ssl.get_default_verify_paths()
        folder = self.path if self.path and os.path.isdir(self.path) else paths.capath
        has_files = bool(folder) and os.path.isdir(folder) and bool(os.listdir(folder))
        return not has_files and not self.context().cert_store_stats()["x509_ca"]


class Trust(NamedTuple):
    """What one bundle says of a host."""

    bundle: Bundle
    failed: Failed | None = None
    """Why it does not trust the host; None where it does."""
    issuer: str = ""
    """Who has signed the host's certificate, where that is known."""
    until: str = ""
    """When that expires, as OpenSSL writes it; empty where the bundle does not trust it."""


def bundles(installation: Installation) -> list[Bundle]:
    """The bundles that the installed clients go by, the one of most clients first, the system's in any case."""
    found: dict[tuple[str, str | None], list[str]] = {}
    for client in installation.clients:
        found.setdefault(_bundle(client, installation), []).append(client)
    found.setdefault((SYSTEM, None), [])
    made = [Bundle(name, path, tuple(clients)) for (name, path), clients in found.items()]
    return sorted(made, key=lambda bundle: -len(bundle.clients))


def _bundle(client: str, installation: Installation) -> tuple[str, str | None]:
    for variable in VARIABLES[client]:
        if path := os.environ.get(variable):
            return variable, path
    certifi = installation.path("certifi", "certifi/cacert.pem") if client in CERTIFI else None
    # a distribution's certifi has no bundle of its own, and hands out the system's
    return ("certifi's certificates", certifi) if certifi else (SYSTEM, None)


def judged(host: Host, bundle: Bundle, timeout: float) -> Trust:
    """Whether a bundle trusts a host. Raises Failed where the host could not even be asked for its certificate."""
    try:
        with Line(host, bundle.context(), timeout) as line:
            shown: Mapping[str, Any] = line.certificate()
    except Failed as failed:
        if failed.reason not in ("certificate", "bundle"):
            raise
        return Trust(bundle, failed, signer(host, timeout) if failed.reason == "certificate" else "")
    return Trust(bundle, None, _organisation(shown), str(shown.get("notAfter", "")))


def signer(host: Host, timeout: float) -> str:
    """Who has signed a certificate that is not trusted; empty where that cannot be told. Nothing is sent.

    Python shows what stands in a certificate only once it is trusted, so that the one that was shown is trusted here,
    and no other.
    """
    unchecked = ssl.create_default_context()
    unchecked.check_hostname = False
    unchecked.verify_mode = ssl.CERT_NONE
    with suppress(Failed, ssl.SSLError, ValueError):
        with Line(host, unchecked, timeout) as line:
            der = line.der()
        alone = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        alone.check_hostname = False
        alone.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        alone.load_verify_locations(cadata=der)
        with Line(host, alone, timeout) as line:
            return _organisation(line.certificate())
    return ""


def _organisation(shown: Mapping[str, Any]) -> str:
    """The organisation that has signed, or else its common name."""
    names = dict(_pairs(shown.get("issuer", ())))
    return names.get("organizationName") or names.get("commonName") or ""


def _pairs(name: Any) -> Iterator[tuple[str, str]]:
    for relative in name:
        yield from relative
