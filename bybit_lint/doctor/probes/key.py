"""The key, by one signed call that only reads: which network it is of, what it may do, from where, and how long."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from bybit_lint.doctor.case import Case, parsed
from bybit_lint.doctor.diagnosis import Diagnosis
from bybit_lint.doctor.line import Answer, Failed
from bybit_lint.doctor.probes import reachability
from bybit_lint.knowledge import accounts, ret_code

INFORMATION = "/v5/user/query-api"
ACCOUNT = "/v5/account/info"
"""What demo trading has instead: it tells of the account, and nothing of the key (docs, v5/demo)."""
SOON = 14
"""Days before a key's end from which on that is a warning."""
PERMISSIONS = {
    "Order",
    "Position",
    "SpotTrade",
    "AccountTransfer",
    "SubMemberTransfer",
    "SubMemberTransferList",
    "Withdraw",
    "OptionsTrade",
    "DerivativesTrade",
    "CopyTrading",
    "BlockTrade",
    "ExchangeHistory",
    "NFTQueryProductList",
}
"""What they are called (docs, v5/user/modify-master-apikey; Withdraw stands in answers only)."""
PASSWORD = 7
"""So many days a key lives on after its account's password was changed (docs, v5/user/modify-master-apikey)."""
TYPES: Mapping[int | None, str] = {0: "classic", 1: accounts.UNIFIED}
"""By `uta` (https://bybit-exchange.github.io/docs/v5/user/apikey-info)."""
UNIFIED = {3, 4, 5, 6}
CLASSIC = 1
"""Of `unifiedMarginStatus` (https://bybit-exchange.github.io/docs/v5/enum)."""
UNKNOWN_KEY, WRONG_SIGN, NOT_PERMITTED, WRONG_ADDRESS, NOT_IN_DEMO = 10003, 10004, 10005, 10010, 10032
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
    OUTSIDE_WINDOW: (
        "the time was refused, although Bybit's own was sent: the way there takes longer than recv_window allows",
        "see what is said of the clock, and look at the network",
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
    code, result = document.get("retCode"), document.get("result")
    if code == 0 and isinstance(result, dict):
        yield from _told(result, case, did)
    elif answer.status == 401:
        yield _foreign(401, case, did)
    elif isinstance(code, int) and not isinstance(code, bool):
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


# --- a key that is not taken ------------------------------------------------------------------------------------------


def _refused(code: int, case: Case, did: str) -> Diagnosis:
    if code == UNKNOWN_KEY:
        return _foreign(code, case, did)
    if code in REFUSED:
        found, do = REFUSED[code]
        return Diagnosis("error", found, did, do, (code,))
    known = ret_code(code)
    said = f": {known.meaning}" if known else ""
    return Diagnosis("error", f"retCode {code}{said}", did, f"bybit-lint explain {code}", (code,))


def _foreign(code: int, case: Case, did: str) -> Diagnosis:
    """Mainnet, testnet and demo trading know only their own keys."""
    of = case.host.network or str(case.host)
    found = f"{of} does not know the key: it is one of another network, was deleted, or lacks a character"
    others = " or ".join(f"--host {name}" for name in ("mainnet", "testnet", "demo") if name != of)
    do = f"find its network: {others}; then make the bot's client for that one (testnet=, demo=)"
    return Diagnosis("error", found, did, do, (code,))


# --- what a key's own information tells -------------------------------------------------------------------------------


def _told(result: Mapping[str, Any], case: Case, did: str) -> Iterator[Diagnosis]:
    of = f"a key of {case.host.network}" if case.host.network else f"a key that {case.host} knows"
    if case.host.network == "demo":
        yield Diagnosis("ok", f"it is {of}", did)
        yield from _account(_type(result.get("unifiedMarginStatus")), case, did)
        return
    yield from _permissions(result, of, did)
    yield from _life(result, did)
    yield from _account(TYPES.get(_number(result.get("uta")), ""), case, did)


def _permissions(result: Mapping[str, Any], of: str, did: str) -> Iterator[Diagnosis]:
    granted = set(_granted(result.get("permissions")))
    if _number(result.get("readOnly")) == 1:
        yield Diagnosis(
            "warning", f"it is {of} that only reads: each order is refused with 10005", did, WRITE, (10005,)
        )
        return
    yield Diagnosis("ok", f"it is {of}, with the permissions: {_shown(granted)}", did)
    if any("withdraw" in name.lower() for name in granted):
        found = "the key may withdraw: whoever gets hold of it, or of the bot, can empty the account"
        yield Diagnosis("warning", found, did, "make a key without that permission for the bot; no bot trades with it")


WRITE = "for a bot that trades: API management, edit the key, Read-Write; for one that watches, all is well"


def _life(result: Mapping[str, Any], did: str) -> Iterator[Diagnosis]:
    ips = result.get("ips")
    bound = [ip for ip in ips if ip != "*"] if isinstance(ips, list) else []
    days = _number(result.get("deadlineDay"))
    if bound and days in range(1, PASSWORD + 1):
        found = f"the key ends in {days} days, as one does whose owner has changed the account's password"
        yield Diagnosis("warning", found, did, "make a new one, bound to the same addresses", (33004,))
    elif bound:
        count = "one IP address" if len(bound) == 1 else f"{len(bound)} IP addresses"
        yield Diagnosis(
            "ok", f"the key is bound to {count}, and this machine comes from {'it' if len(bound) == 1 else 'one'}", did
        )
    elif days is not None:
        left = f"{days} day{'' if days == 1 else 's'}"
        found = f"the key ends in {left}, as one that is bound to no IP address does"
        do = "bind it to this machine's public address (API management, edit the key), and it lives on"
        yield Diagnosis("warning" if days < SOON else "note", found, did, do, (33004,), {"key_days": float(days)})


def _account(kind: str, case: Case, did: str) -> Iterator[Diagnosis]:
    if not kind:
        yield Diagnosis("unknown", "the answer does not tell the type of the account", did)
        return
    said = case.asked.account.type
    if said and said != kind:
        found = f"the account is {kind}, but the config says {said}"
        do = f"write: account = {setting(kind, case.asked.account.position_mode)}"
        yield Diagnosis("warning", found, did, do, account={"type": kind})
        return
    found = f"the account is {kind}: account = {setting(kind, case.asked.account.position_mode)}"
    do = "write that under [tool.bybit-lint] of pyproject.toml" if not said else ""
    yield Diagnosis("note" if do else "ok", found, did, do, account={"type": kind})
    if not case.asked.account.position_mode:
        yield Diagnosis("note", "the call does not tell the position mode", did, MODE)


MODE = (
    'ask session.get_positions(category="linear", symbol="BTCUSDT"): positionIdx 0 is one-way, 1 and 2 are hedge; '
    "then add position-mode to account"
)


def setting(kind: str, position_mode: str = "") -> str:
    """An account as the config writes it: `{type = "unified"}`."""
    mode = f'position-mode = "{position_mode}", ' if position_mode else ""
    return f'{{{mode}type = "{kind}"}}'


def _type(status: Any) -> str:
    number = _number(status)
    return accounts.UNIFIED if number in UNIFIED else "classic" if number == CLASSIC else ""


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _granted(permissions: Any) -> Iterator[str]:
    """The names of what is granted, whatever else the answer has in their places."""
    for names in permissions.values() if isinstance(permissions, dict) else ():
        yield from (name for name in names if isinstance(name, str)) if isinstance(names, list) else ()


def _shown(granted: set[str]) -> str:
    """Bybit's own names of permissions; others are counted, so that nothing else in their place is shown."""
    named, others = sorted(granted & PERMISSIONS), len(granted - PERMISSIONS)
    counted = [f"{others} more that bybit-lint does not know"] if others else []
    return ", ".join([*named, *counted]) or "nothing"
