"""The endpoints of /v5/order for several orders at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from exchange.endpoints import Call, Reply, post
from exchange.limits import admit
from exchange.orders import AMEND, CANCEL, CREATE, amend, cancel, create
from exchange.parameters import Parameters, Takes, checked
from exchange.refusals import (
    TOO_MANY_VISITS,
    WRONG_PARAMETER,
    Refused,
)
from exchange.standing import documented

_BATCH = Takes("category request", texts="category", lists="request")


@post("/v5/order/create-batch", _BATCH, 10, spot=20)
@documented("v5/order/batch-place")
def create_batch(call: Call) -> Reply:
    """Place up to 20 orders, on spot 10."""
    return batch(call, CREATE, create, ("category", "symbol", "orderId", "orderLinkId", "createAt"))


@post("/v5/order/amend-batch", _BATCH, 10, spot=20)
@documented("v5/order/batch-amend")
def amend_batch(call: Call) -> Reply:
    """Amend up to 20 orders, on spot 10."""
    return batch(call, AMEND, amend, ("category", "symbol", "orderId", "orderLinkId"))


@post("/v5/order/cancel-batch", _BATCH, 10, spot=20)
@documented("v5/order/batch-cancel")
def cancel_batch(call: Call) -> Reply:
    """Cancel up to 20 orders, on spot 10."""
    return batch(call, CANCEL, cancel, ("category", "symbol", "orderId", "orderLinkId"))


@documented("v5/order/batch-place")
def batch(call: Call, takes: Takes, single: Callable[[Call], Reply], names: tuple[str, ...]) -> Reply:
    """The answer is retCode 0 whatever becomes of the legs: their codes stand in retExtInfo.list, in their order."""
    legs, most = call.given["request"], 10 if call.category == "spot" else 20
    if not 0 < len(legs) <= most:
        raise Refused(WRONG_PARAMETER, name="request")
    rows, codes = [], []
    for number, leg in enumerate(legs):
        row, code = _leg(call, takes, single, leg, number)
        rows.append({name: row.get(name, "") for name in names})
        codes.append(code)
    return Reply({"list": rows}, {"list": codes})


def _leg(
    call: Call, takes: Takes, single: Callable[[Call], Reply], leg: Mapping[str, Any], number: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    row: dict[str, Any] = {
        "category": call.category,
        **{k: leg.get(k) or "" for k in ("symbol", "orderId", "orderLinkId")},
    }
    try:
        if number and call.category != "option":  # the first leg was counted with the request
            _count(call, single)
        given: Parameters = checked(takes, {**leg, "category": call.category}, call.venue.conditions.assumed)
        ids = single(replace(call, given=given)).result
    except Refused as refused:
        return row, {"code": refused.ret_code, "msg": refused.ret_msg}
    return {**row, **ids, "createAt": str(call.venue.clock.now)}, {"code": 0, "msg": "OK"}


@documented("v5/rate-limit")
def _count(call: Call, single: Callable[[Call], Reply]) -> None:
    """Each leg counts as a request, except for options; those above the limit are refused, the others are not."""
    assert call.key
    path = {create: "create", amend: "amend", cancel: "cancel"}[single]
    if not admit(call.venue, call.key, "POST", f"/v5/order/{path}-batch", call.category).is_admitted:
        raise Refused(TOO_MANY_VISITS)
