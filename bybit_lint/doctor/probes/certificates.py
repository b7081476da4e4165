"""TLS: whether the bundles of the bot's clients trust the host, how old they are, and who has signed."""

from __future__ import annotations

import ssl
import sys
import time
from collections.abc import Iterator, Mapping

from bybit_lint.doctor.case import Case
from bybit_lint.doctor.diagnosis import Diagnosis
from bybit_lint.doctor.line import Failed
from bybit_lint.doctor.trust import VARIABLES, Bundle, Trust
from bybit_lint.doctor.wording import agreeing

# of OpenSSL's x509_vfy.h
NOT_YET_VALID, EXPIRED, OTHER_NAME = 9, 10, 62
UNKNOWN_SIGNERS = (18, 19, 20, 21)
SOON = 7
"""In days: Bybit's certificates are renewed long before that, one that is not shows a filter or a standstill."""


def examine(case: Case) -> Iterator[Diagnosis]:
    """One diagnosis for each bundle."""
    if isinstance(case.trusts, Failed):
        yield Diagnosis("unknown", f"no certificate was seen: {case.host} was not reached", f"connected to {case.host}")
        return
    for trust in case.trusts:
        yield _judged(trust, case.trusts, case)


def _judged(trust: Trust, every: list[Trust], case: Case) -> Diagnosis:
    bundle = trust.bundle
    by = f", by which {agreeing(bundle.clients, 'goes', 'go')}" if bundle.clients else ""
    did = f"connected to {case.host} with {bundle.name}{by}"
    if trust.failed is None:
        return _trusted(trust, did)
    if trust.failed.reason == "bundle":
        found = f"{bundle.name}: there is no file with certificates where it points"
        return Diagnosis("error", found, did, f"unset {bundle.name}, or let it point to a PEM file")
    return _refused(trust, any(other.failed is None for other in every), did, case)


def _trusted(trust: Trust, did: str) -> Diagnosis:
    days = _days(trust.until)
    signed = f", signed by {trust.issuer}" if trust.issuer else ""
    figures = {"valid_days": float(days)}
    if days < SOON:
        found = f"the certificate{signed} expires in {days} days"
        return Diagnosis("warning", found, did, "if it is not Bybit's own, renew it; else wait", figures=figures)
    return Diagnosis("ok", f"the certificate is trusted{signed}, for {days} days more", did, figures=figures)


def _refused(trust: Trust, is_trusted_elsewhere: bool, did: str, case: Case) -> Diagnosis:
    code = trust.failed.code if trust.failed else 0
    today = time.strftime("%d %B %Y", time.gmtime())
    if code in (EXPIRED, NOT_YET_VALID):
        state = "has expired" if code == EXPIRED else "is not valid yet"
        found = f"the certificate {state} by this machine's clock, which says {today}"
        do = "if that date is wrong, set the clock; else something with an old certificate answers in Bybit's place"
        return Diagnosis("error", found, did, do)
    if code == OTHER_NAME:
        found = f"the certificate is for another name than {case.host.name}: something else answers in its place"
        return Diagnosis("error", found, did, "look at the host, the hosts file, the proxy and the VPN")
    if code in UNKNOWN_SIGNERS:
        return _unknown(trust, is_trusted_elsewhere, did)
    return Diagnosis("error", f"the certificate is not trusted (OpenSSL's error {code})", did, NEVER)


def _unknown(trust: Trust, is_trusted_elsewhere: bool, did: str) -> Diagnosis:
    bundle, signer = trust.bundle, trust.issuer or "somebody unknown"
    if bundle.is_empty:
        found = f"{bundle.name}: there is none in it to trust anybody by"
        return Diagnosis("error", found, did, INSTALL.get(sys.platform, "install ca-certificates"))
    if is_trusted_elsewhere:
        found = f"the certificate, signed by {signer}, is trusted by other bundles but not by {bundle.name}"
        return Diagnosis("error", found, did, f"{_newer(bundle)}; {_own(trust)}")
    found = f"the certificate is signed by {signer}, unknown to {bundle.name}: an old bundle, or something reads along"
    do = f"{_newer(bundle)}; leave networks whose proxy or VPN reads along; {_own(trust)}; {NEVER}"
    return Diagnosis("error", found, did, do)


NEVER = "never switch the check off (verify=False): whoever answers in Bybit's place is then believed"
VARIABLE_NAMES = frozenset(name for names in VARIABLES.values() for name in names)
INSTALL = {
    "linux": "apt-get install ca-certificates, in an image of Alpine apk add ca-certificates",
    "darwin": "run Install Certificates.command in the folder of that Python, below Applications",
}
OWN: Mapping[str, str] = {
    "pybit": "session.client.verify = PEM",
    "requests": "REQUESTS_CA_BUNDLE=PEM",
    "ccxt": "REQUESTS_CA_BUNDLE=PEM with {'requests_trust_env': True}",
    "httpx": "SSL_CERT_FILE=PEM",
    "websocket-client": "WEBSOCKET_CLIENT_CA_BUNDLE=PEM",
    "websockets": "SSL_CERT_FILE=PEM",
    "aiohttp": "SSL_CERT_FILE=PEM",
}
"""How a client is told of an authority of one's own, in a file PEM; tried out as `trust.VARIABLES` was."""


def _newer(bundle: Bundle) -> str:
    """What brings a bundle up to date."""
    if bundle.name in VARIABLE_NAMES:
        return f"unset {bundle.name}, or let it point to a newer file"
    return "pip install -U certifi" if bundle.path else "update the system's certificates (ca-certificates)"


def _own(trust: Trust) -> str:
    """What lets a bundle's clients trust the authority of a company's proxy."""
    ways = [f"{OWN[client]} ({client})" for client in trust.bundle.clients] or ["SSL_CERT_FILE=PEM"]
    return f"for a company's proxy, with its authority in a file PEM: {', '.join(ways)}"


def _days(until: str) -> int:
    return int((ssl.cert_time_to_seconds(until) - time.time()) // 86400)
