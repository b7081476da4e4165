"""What each endpoint takes, and what is answered to requests that lack something or have it in the wrong form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exchange.conditions import Assumed
from exchange.refusals import (
    SPOT_EMPTY,
    SPOT_ORDER_TYPE,
    SPOT_SIDE,
    SPOT_TIME_IN_FORCE,
    SPOT_WRONG,
    WRONG_PARAMETER,
    WRONG_TYPE,
    Refusal,
    Refused,
)
from exchange.standing import assumed, documented

CATEGORIES = ("linear", "inverse", "spot", "option")
INTERVALS = ("1", "3", "5", "15", "30", "60", "120", "240", "360", "720", "D", "W", "M")
TRIGGERS = ("LastPrice", "IndexPrice", "MarkPrice")

# https://bybit-exchange.github.io/docs/v5/enum
VALUES: Mapping[str, tuple[object, ...]] = {
    "category": CATEGORIES,
    "side": ("Buy", "Sell"),
    "orderType": ("Market", "Limit"),
    "tpOrderType": ("Market", "Limit"),
    "slOrderType": ("Market", "Limit"),
    "timeInForce": ("GTC", "IOC", "FOK", "PostOnly", "RPI"),
    "positionIdx": (0, 1, 2),
    "triggerDirection": (1, 2),
    "triggerBy": TRIGGERS,
    "tpTriggerBy": TRIGGERS,
    "slTriggerBy": TRIGGERS,
    "tpslMode": ("Full", "Partial"),
    "marketUnit": ("baseCoin", "quoteCoin"),
    "interval": INTERVALS,
    "mode": (0, 3),
    "isLeverage": (0, 1),
}
_SPOT: Mapping[str, Refusal] = {
    "side": SPOT_SIDE,
    "orderType": SPOT_ORDER_TYPE,
    "timeInForce": SPOT_TIME_IN_FORCE,
}
_DECIMAL = re.compile(r"\d+(\.\d+)?|\.\d+")
_EXPONENT = re.compile(r"\d+(\.\d+)?[eE][+-]?\d+")
_LINK_ID = re.compile(r"[A-Za-z0-9_-]{1,36}")


@dataclass(frozen=True)
class Takes:
    """The parameters of an endpoint by name, in one string per type; `required` is about those of any type."""

    required: str = ""
    texts: str = ""
    numbers: str = ""  # texts that hold a number
    integers: str = ""
    flags: str = ""
    lists: str = ""

    def kind(self, name: str) -> str:
        """The field that has the name; "" if the endpoint does not know it."""
        kinds = ("texts", "numbers", "integers", "flags", "lists")
        return next((kind for kind in kinds if name in getattr(self, kind).split()), "")


Parameters = dict[str, Any]


def checked(takes: Takes, given: Mapping[str, Any], rules: Assumed, *, is_query: bool = False) -> Parameters:
    """The parameters that the endpoint goes on with, or `Refused`. Empty ones and null count as not given."""
    kept = {name: value for name, value in given.items() if value is not None and value != ""}
    is_spot = kept.get("category") == "spot"
    for name in takes.required.split():
        if name not in kept:
            raise Refused(SPOT_EMPTY if is_spot else WRONG_PARAMETER, name=name)
    return dict(_checked(takes, kept, rules, is_query, is_spot))


def _checked(
    takes: Takes, given: Mapping[str, Any], rules: Assumed, is_query: bool, is_spot: bool
) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        kind = takes.kind(name)
        if not kind:
            refuse_unknown(name, rules)
            continue
        typed = of_query(kind, name, value) if is_query else of_body(kind, value, rules)
        _refuse_value(name, kind, typed, rules, is_spot)
        yield name, typed


@assumed("unknown_fields", "no answer is known that refuses a field for its name, and bots send many wrong ones")
def refuse_unknown(name: str, rules: Assumed) -> None:
    """A field that the endpoint does not have is ignored."""
    if rules.unknown_fields == "refused":
        raise Refused(WRONG_PARAMETER, name=name)


@assumed("numbers", "every page gives the type as string, and #217 of sieblyio/bybit-api was cured by texts")
def of_body(kind: str, value: Any, rules: Assumed) -> Any:
    """A JSON value has to have the documented type."""
    types: Mapping[str, type] = {"texts": str, "numbers": str, "integers": int, "flags": bool, "lists": list}
    if type(value) is types[kind]:
        return value
    if rules.numbers == "refused" or kind == "lists":
        raise Refused(WRONG_TYPE)
    return _lenient(kind, value)


def _lenient(kind: str, value: Any) -> Any:
    try:
        if kind == "flags":
            return {"true": True, "false": False}[str(value).lower()]
        return int(value) if kind == "integers" else repr(value) if isinstance(value, float) else str(value)
    except (KeyError, ValueError):
        raise Refused(WRONG_TYPE) from None


@documented("v5/guide")
def of_query(kind: str, name: str, value: str) -> Any:
    """In a query everything is text."""
    if kind == "integers":
        if not re.fullmatch(r"\d+", value):
            raise Refused(WRONG_PARAMETER, name=name)
        return int(value)
    return value


def _refuse_value(name: str, kind: str, value: Any, rules: Assumed, is_spot: bool) -> None:
    wrong = _SPOT.get(name, SPOT_WRONG) if is_spot else WRONG_PARAMETER
    if name in VALUES and value not in VALUES[name]:
        raise Refused(wrong, name=name)
    if name == "orderLinkId" and not _LINK_ID.fullmatch(value):
        raise Refused(wrong, name=name)
    if kind == "numbers" and not is_number(value, rules):
        raise Refused(wrong, name=name)


@assumed("exponents", "the documentation shows plain decimals only")
def is_number(text: str, rules: Assumed) -> bool:
    """A number is written in plain decimal notation."""
    if _EXPONENT.fullmatch(text):
        return rules.exponents == "taken"
    return bool(_DECIMAL.fullmatch(text))
