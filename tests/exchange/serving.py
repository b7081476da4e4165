"""From a request whose sender is known to what is answered: limits, permissions, parameters, the endpoint itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from exchange.access import check_permission
from exchange.conditions import Environment, Key
from exchange.endpoints import Call, Endpoint, Reply
from exchange.limits import admit
from exchange.parameters import checked
from exchange.refusals import NOT_IN_DEMO, TOO_LONG, TOO_MANY_VISITS, Refused
from exchange.standing import documented
from exchange.venue import Venue


@dataclass
class Served:
    """What was answered; `headers` are those of the rate limit."""

    ret_code: int
    reply: Reply
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def outcome(self) -> dict[str, Any]:
        """The fields of an `Answer` that it fills."""
        reply = self.reply
        return {
            "ret_code": self.ret_code,
            "ret_msg": reply.ret_msg,
            "result": reply.result,
            "ret_ext_info": reply.ret_ext_info,
        }


def refused(refusal: Refused, headers: dict[str, str] | None = None) -> Served:
    return Served(refusal.ret_code, Reply({}, {}, refusal.ret_msg), headers or {})


def serve(
    venue: Venue,
    environment: Environment,
    endpoint: Endpoint,
    key: Key | None,
    given: Mapping[str, Any],
    does: str = "",
) -> Served:
    """Do what is asked; `does` is the fault that strikes, of which only "rate limit" matters here."""
    category, headers = str(given.get("category", "")), dict[str, str]()
    try:
        if key:
            headers = _let_in(venue, endpoint, key, category, does)
            check_permission(key, endpoint.method, endpoint.path, category)
            check_demo(environment, endpoint.path, category)
        rules, is_query = venue.conditions.assumed, endpoint.method == "GET"
        parameters = checked(endpoint.takes, given, rules, is_query=is_query)
        check_range(endpoint.path, parameters)
        return Served(0, endpoint.answer(Call(venue, venue.accounts[environment], key, parameters)), headers)
    except Limited as limited:
        return refused(limited, limited.headers)
    except Refused as refusal:
        return refused(refusal, headers)


_NOT_IN_DEMO = {"/v5/account/fee-rate", "/v5/user/query-api"}
_BATCHED = {"linear", "option"}
_WEEKLY = {"/v5/order/history", "/v5/execution/list", "/v5/position/closed-pnl"}
_WEEK = 7 * 86_400_000


@documented("v5/demo")
def check_demo(environment: Environment, path: str, category: str) -> None:
    """Demo trading has what its page lists; what it answers otherwise was seen."""
    if environment == "demo" and (path in _NOT_IN_DEMO or (path.endswith("-batch") and category not in _BATCHED)):
        raise Refused(NOT_IN_DEMO)


@documented("v5/order/order-list")
def check_range(path: str, given: Mapping[str, Any]) -> None:
    """From startTime to endTime there are seven days at most."""
    if path in _WEEKLY and given.get("endTime", 0) - given.get("startTime", 0) > _WEEK and "startTime" in given:
        raise Refused(TOO_LONG)


class Limited(Refused):
    """A request above the limit, with the headers that say until when."""

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__(TOO_MANY_VISITS)
        self.headers = headers


def _let_in(venue: Venue, endpoint: Endpoint, key: Key, category: str, does: str) -> dict[str, str]:
    admission = admit(venue, key, endpoint.method, endpoint.path, category)
    if does == "rate limit":
        reset = {"X-Bapi-Limit-Status": "0", "X-Bapi-Limit-Reset-Timestamp": str(venue.clock.now + 1000)}
        raise Limited({**admission.headers, **reset})
    if not admission.is_admitted:
        raise Limited(admission.headers)
    return admission.headers
