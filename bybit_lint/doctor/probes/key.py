"""The key, by one signed call that only reads: which network it is of, what it may do, from where, and how long."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

from bybit_lint import knowledge
from bybit_lint.doctor import information
from bybit_lint.doctor.case import Case, is_good, parsed, ret_code
from bybit_lint.doctor.diagnosis import Diagnosis
from bybit_lint.doctor.line import Answer, Failed
from bybit_lint.doctor.probes import reachability

INFORMATION = "/v5/user/query-api"
ACCOUNT = "/v5/account/info"
"""What demo trading has instead: it tells of the account, and nothing of the key (docs, v5/demo)."""
UNKNOWN_KEY, WRONG_SIGN, NOT_PERMITTED, WRONG_ADDRESS = 10003, 10004, 10005, 10010
EXPIRED = (33004, -2015)
OUTSIDE_WINDOW = 10002
REFUSED: Mapping[int, tuple[str, str]] = {
    WRONG_SIGN: (
        "the key is known, but the secret is not the one of this key",
        "look at the secret; it is shown only once, so that a new key may be the quicker way",
    ),
    NOT_PERMITTED: (
        "the key has no permission at all, not even to read what it may do",
        "give it what the bot needs: API management, edit the key",
    ),
    WRONG_ADDRESS: (
        "the key is bound to other IP addresses than the one that Bybit sees here",
        "add this machine's public address to the key (API management), and look at proxies and VPNs",
    ),
    **dict.fromkeys(
        EXPIRED,
        (
            "the key has expired: one that is bound to no IP address lives for 90 days",
            "make a new one, and bind it to this machine's public address, so that it lives on",
        ),
    ),
}


def examine(case: Case) -> Iterator[Diagnosis]:
    """What can be told of the key; nothing where none was to be looked at."""
    credentials = case.asked.credentials
    if credentials is None:
        return
    did = "read the key from the environment; it was sent to nobody"
    faults = list(credentials.faults())
    for fault in faults:
        yield Diagnosis("error", f"{fault}: the bot cannot sign with it", did, "correct the variable, or the .env file")
    if credentials.is_rsa:
        found = "the secret is an RSA key, with which Python cannot sign by itself"
        yield Diagnosis("unknown", found, did, "ask with the bot's client: session.get_api_key_information()")
    elif not faults:
        yield from _asked(case)


def _asked(case: Case) -> Iterator[Diagnosis]:
    path = ACCOUNT if case.host.network == "demo" else INFORMATION
    did = f"asked {case.host} for {path}, signed: one call, which only reads"
    answer = _answer(case, path)
    if isinstance(answer, Failed):
        yield Diagnosis("unknown", f"nothing is known of the key: {case.host} was not reached", did)
        return
    document = parsed(answer)
    code = ret_code(document)
    if is_good(document):
        yield from information.told(document["result"], case, did)
    elif answer.status == 401:
        yield _foreign(401, case, did)
    elif code:
        yield _refused(code, case, did)
    else:
        yield reachability.judged(answer, case, did)


def _answer(case: Case, path: str) -> Answer | Failed:
    credentials = case.asked.credentials
    assert credentials is not None
    timestamp = time.time_ns() / 1e6 - case.offset  # Bybit's time, so that a wrong clock does not hide all else
    try:
        with case.line() as line:
            return line.ask(path, credentials.signed(round(timestamp)))
    except Failed as failed:
        return failed


LATE = "see what is said of the clock, and look at the network"


# --- a key that is not taken ------------------------------------------------------------------------------------------


def _refused(code: int, case: Case, did: str) -> Diagnosis:
    if code == UNKNOWN_KEY:
        return _foreign(code, case, did)
    if code == OUTSIDE_WINDOW:
        found = "the time was refused, although it was Bybit's own: the way takes longer than recv_window allows"
        if not case.samples:
            found = "the time was refused, which this clock gave: it is off by more than Bybit allows"
        return Diagnosis("error", found, did, LATE, (code,))
    if code in REFUSED:
        found, do = REFUSED[code]
        return Diagnosis("error", found, did, do, (code,))
    known = knowledge.ret_code(code)
    said = f": {known.meaning}" if known else ""
    return Diagnosis("error", f"retCode {code}{said}", did, f"bybit-lint explain {code}", (code,))


def _foreign(code: int, case: Case, did: str) -> Diagnosis:
    """Mainnet, testnet and demo trading know only their own keys."""
    of = case.host.network or str(case.host)
    found = f"{of} does not know the key: it is one of another network, was deleted, or lacks a character"
    others = " or ".join(f"--host {name}" for name in ("mainnet", "testnet", "demo") if name != of)
    do = f"find its network: {others}; then make the bot's client for that one (testnet=, demo=)"
    return Diagnosis("error", found, did, do, (code,))
