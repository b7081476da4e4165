"""Proxies that the environment names: which of the bot's clients take them, and whether the way leads through."""

from __future__ import annotations

import os
from collections.abc import Iterator

from bybit_lint.doctor.case import Case
from bybit_lint.doctor.diagnosis import Diagnosis, Unable
from bybit_lint.doctor.line import Failed, Proxy, proxy
from bybit_lint.doctor.wording import agreeing

VARIABLES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY")
DID = "read the variables for proxies, and the system's settings where it has some"
SETTINGS = "the system's settings"
IGNORE = ("ccxt", "aiohttp")
"""Clients that ask no variable (`trust_env` is off: ccxt 4.5.90, aiohttp 3.14.5)."""


def examine(case: Case) -> Iterator[Diagnosis]:
    """One diagnosis."""
    named = [name for name in VARIABLES if os.environ.get(name)]
    try:
        by = proxy(case.host)
    except Failed:
        found = f"{agreeing(named or [SETTINGS], 'holds', 'hold')} no address of a proxy: no client gets anywhere by it"
        yield Diagnosis("error", found, DID, "write http://HOST:PORT, or unset it")
        return
    if by is None:
        so = f"{agreeing(named, 'is', 'are')} set, and none is for {case.host}" if named else "no proxy is set"
        yield Diagnosis("ok", so, DID)
        return
    yield _judged(by, case)


def _judged(by: Proxy, case: Case) -> Diagnosis:
    shown = _shown(by)
    if not by.is_usable:
        raise Unable(
            f"requests to {case.host} go by {shown}, which bybit-lint cannot take: nothing was asked; "
            "set https_proxy=http://HOST:PORT for the doctor, if the proxy has such a port"
        )
    if isinstance(case.answer, Failed) and case.answer.reason == "proxy":
        return _refused(case.answer.code, shown, case)
    own = [client for client in case.asked.installation.clients if client in IGNORE]
    apart = f"; {agreeing(own, 'goes', 'go')} past it unless told in the code" if own else ""
    return Diagnosis("note", f"requests to {case.host} go by the proxy {shown}{apart}", DID)


def _shown(by: Proxy) -> str:
    """The proxy without who uses it, and without a number that may be somebody's address."""
    host = "***" if by.host.replace(".", "").isdecimal() or ":" in by.host else by.host
    return f"{by.scheme}://{'***@' if by.authorization else ''}{host}:{by.port}"


def _refused(status: int, shown: str, case: Case) -> Diagnosis:
    if status == 407:
        found = f"the proxy {shown} wants a user and a password, or others (HTTP 407)"
        return Diagnosis("error", found, DID, "write them into its address, before the host and an @")
    if not status:
        found = f"the proxy {shown} cannot be reached: no client that goes by it gets anywhere"
        return Diagnosis("error", found, DID, "start it, correct its address, or unset the variable")
    found = f"the proxy {shown} does not let {case.host} through (HTTP {status})"
    return Diagnosis("error", found, DID, f"have it let {case.host} through, or go past it: no_proxy={case.host.name}")
