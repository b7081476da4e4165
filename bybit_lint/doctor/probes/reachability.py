"""Whether Bybit answers from here, and what an answer means that is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bybit_lint.doctor.case import TIME, Case, parsed, ret_code, server_time
from bybit_lint.doctor.diagnosis import Diagnosis
from bybit_lint.doctor.line import Answer, Failed, Reason

FAILURES: Mapping[Reason, tuple[str, str]] = {
    "name": (
        "has no address here: there is no network, or DNS does not know the name",
        "see what is said of the names",
    ),
    "refused": (
        "is not listening: the connection was refused",
        "try another network; a firewall refuses like this, too",
    ),
    "unreachable": (
        "cannot be reached: there is no way to it from here",
        "look at the network, the VPN and the firewall",
    ),
    "certificate": ("was not asked: its certificate is not trusted", "see what is said of the certificates"),
    "bundle": ("was not asked: no certificates could be read to check it by", "see what is said of the certificates"),
    "tls": (
        "does not speak TLS here: something else answers in its place",
        "look for a proxy, a captive portal, a wrong port",
    ),
    "broken": (
        "ended the connection without an answer",
        "try again; if it stays so, something on the way (firewall, provider) cuts it: try another network",
    ),
    "proxy": ("was not reached by the proxy", "see what is said of the proxies"),
}
BLOCKED = b"block access from your country"
"""In the page of the network before Bybit, as it was published for api, api-testnet and api-demo."""
TOO_FREQUENT = b"access too frequent"
"""In Bybit's 403 (https://bybit-exchange.github.io/docs/v5/rate-limit)."""
FORBIDDEN = (
    "either more than 600 requests in 5 s came from this IP address, or it is in a region that is closed, such as "
    "the US and mainland China"
)
WAIT = "stop every bot behind this address for ten minutes"
MOVE = (
    "run the bot where Bybit serves, and ask your account's region for its host (bybit-lint doctor --host api.bybit.eu)"
)


def examine(case: Case) -> Iterator[Diagnosis]:
    """One diagnosis."""
    did = f"asked https://{case.host}{TIME}, which needs no key"
    answer = case.answer
    if isinstance(answer, Failed):
        yield _failed(answer, case, did)
    elif server_time(answer) is not None:
        trip = round(answer.round_trip)
        yield Diagnosis("ok", f"{case.host} answers, in {trip} ms", did, figures={"answer_ms": trip})
    else:
        yield judged(answer, case, did)


def _failed(failed: Failed, case: Case, did: str) -> Diagnosis:
    if failed.reason == "silence":
        seconds = f"{case.asked.timeout:g} s"
        found = f"{case.host} said nothing within {seconds}: a firewall drops what is sent, or the way is down"
        return Diagnosis("error", found, did, "try another network, or a longer --timeout")
    if failed.reason == "socks":
        return Diagnosis("unknown", f"{case.host} was not asked: the way leads by a proxy of another kind", did)
    found, do = FAILURES[failed.reason]
    return Diagnosis("error", f"{case.host} {found}", did, do)


def judged(answer: Answer, case: Case, did: str) -> Diagnosis:
    """What an answer means that is not the one that was asked for."""
    host, status = case.host, answer.status
    if status == 403:
        return _forbidden(answer, case, did)
    if status == 429:
        found = f"{host} answers HTTP 429: it protects itself against too many requests, from whomever"
        return Diagnosis(
            "error",
            found,
            did,
            "wait and try again, each time longer; the load need not be yours",
            (429,),
        )
    if status >= 500:
        found = f"{host} answers HTTP {status}: Bybit, or what stands before it, is down or in maintenance"
        return Diagnosis("error", found, did, "wait and try again; look for maintenance in Bybit's announcements")
    if 300 <= status < 400:
        found = f"{host} sends elsewhere (HTTP {status}), which Bybit does not: a captive portal or a filter answers"
        return Diagnosis("error", found, did, "open a page in a browser on this network, or try another one")
    document = parsed(answer)
    if code := ret_code(document):
        found = f"{host} answers retCode {code} when it is asked for the time"
        return Diagnosis("error", found, did, f"bybit-lint explain {code}", (code,))
    if status == 200 and not document:
        found = f"{host} answers no JSON: Bybit is in maintenance, or something else answers in its place"
        return Diagnosis("error", found, did, "wait; if it stays so, look for a proxy, a filter or a captive portal")
    found = f"{host} answers HTTP {status}, and not as Bybit's API does"
    return Diagnosis("error", found, did, "look at the host: api.bybit.com, or that of your region")


def _forbidden(answer: Answer, case: Case, did: str) -> Diagnosis:
    head = f"{case.host} answers HTTP 403"
    if BLOCKED in answer.body:
        found = f"{head}: the network before Bybit blocks the country of this IP address"
        return Diagnosis("error", found, did, MOVE, (403,))
    if TOO_FREQUENT in answer.body:
        found = f"{head}: more than 600 requests in 5 s came from this IP address"
        return Diagnosis("error", found, did, f"{WAIT}, then ask less often", (403,))
    return Diagnosis("error", f"{head}: {FORBIDDEN}", did, f"{WAIT}; if it stays so, {MOVE}", (403,))
