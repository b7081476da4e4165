"""Who may ask: the key, the time, the signature over the bytes that arrived, and what the key is allowed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from exchange.conditions import Environment, Key
from exchange.refusals import (
    EXPIRED_KEY,
    NOT_PERMITTED,
    OUTSIDE_WINDOW,
    UNKNOWN_KEY,
    UNSIGNED,
    WRONG_ADDRESS,
    WRONG_SIGN,
    Refused,
)
from exchange.standing import assumed, documented
from exchange.venue import Venue

_PERMISSIONS = {"linear": "ContractTrade", "inverse": "ContractTrade", "spot": "Spot", "option": "Options"}


@dataclass(frozen=True)
class Signed:
    """What a request says of who sent it and when; `payload` is the query or the body, byte for byte."""

    api_key: str
    timestamp: str
    window: str
    sign: str
    payload: str

    @classmethod
    def of(cls, headers: Mapping[str, str], payload: str) -> Signed:
        key, timestamp = headers.get("X-BAPI-API-KEY", ""), headers.get("X-BAPI-TIMESTAMP", "")
        return cls(key, timestamp, headers.get("X-BAPI-RECV-WINDOW", ""), headers.get("X-BAPI-SIGN", ""), payload)


@assumed("checks", "a bot with a wrong key and a wrong clock was never reported with both codes")
def identify(venue: Venue, environment: Environment, signed: Signed, address: str) -> Key:
    """The key is looked up first, then the time is checked, then the signature."""
    if not (signed.api_key and signed.timestamp and signed.sign):
        raise Refused(UNSIGNED, timestamp=signed.timestamp, key=signed.api_key, sign=signed.sign)
    if venue.conditions.assumed.checks == "time first":
        check_window(venue, signed)
    key = known_key(venue, environment, signed.api_key, address)
    check_window(venue, signed)
    check_sign(key, signed)
    return key


@documented("v5/error")
def known_key(venue: Venue, environment: Environment, api_key: str, address: str) -> Key:
    """A key belongs to one environment, may be expired, and may be bound to addresses."""
    key = venue.keys.get((environment, api_key))
    if key is None:
        raise Refused(UNKNOWN_KEY)
    if key.is_expired:
        raise Refused(EXPIRED_KEY)
    if key.ips and address not in key.ips:
        raise Refused(WRONG_ADDRESS)
    return key


@documented("v5/guide")
def check_window(venue: Venue, signed: Signed) -> None:
    """The rule is server_time - recv_window <= timestamp < server_time + 1000; recv_window is 5000 by default."""
    now, window = venue.clock.now, signed.window or "5000"
    try:
        is_inside = now - int(window) <= int(signed.timestamp) < now + 1000
    except ValueError:
        raise Refused(UNSIGNED, timestamp=signed.timestamp, key=signed.api_key, sign=signed.sign) from None
    if not is_inside:
        raise Refused(OUTSIDE_WINDOW, timestamp=signed.timestamp, now=now, window=window)


@documented("v5/guide")
def check_sign(key: Key, signed: Signed) -> None:
    """HMAC-SHA256 of timestamp, key, recv_window and the query or body as sent, in lowercase hex."""
    origin = signed.timestamp + signed.api_key + signed.window + signed.payload
    if signature(key, origin) != signed.sign:
        raise Refused(WRONG_SIGN, origin=signed.timestamp + "***" + signed.window + signed.payload)


def signature(key: Key, text: str) -> str:
    return hmac.new(key.secret.encode(), text.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()


@documented("v5/error")
def check_permission(key: Key, method: str, path: str, category: str) -> None:
    """A read-only key may not POST; trading needs the permission of the category."""
    needed = _PERMISSIONS.get(category)
    is_trade = path.startswith(("/v5/order", "/v5/position"))
    if method == "POST" and (key.is_read_only or (is_trade and needed and needed not in key.permissions)):
        raise Refused(NOT_PERMITTED)
