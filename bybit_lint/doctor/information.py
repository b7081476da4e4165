"""What a key's own information tells: what it may do, from where, how long, and of what account it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bybit_lint.doctor.case import Case
from bybit_lint.doctor.diagnosis import Diagnosis
from bybit_lint.knowledge import accounts

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


def told(result: Mapping[str, Any], case: Case, did: str) -> Iterator[Diagnosis]:
    """What the result of the one signed call says, of a key that Bybit takes."""
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
