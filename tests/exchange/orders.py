"""The endpoints of /v5/order: to place, amend, cancel and list orders, one at a time or in batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from exchange import filters, shapes
from exchange.endpoints import Call, Reply, get, post
from exchange.incoming import listed
from exchange.limits import admit
from exchange.market import paged
from exchange.parameters import Parameters, Takes, checked
from exchange.records import Order
from exchange.refusals import (
    MISSING_FILTER,
    NO_ORDER,
    SPOT_NO_ORDER,
    TOO_MANY_VISITS,
    WRONG_PARAMETER,
    Refused,
)
from exchange.standing import documented
from exchange.trading import match, place

CREATE = Takes(
    required="category symbol side orderType qty",
    texts=(
        "category symbol side orderType marketUnit slippageToleranceType orderFilter triggerBy timeInForce orderLinkId "
        "tpTriggerBy slTriggerBy smpType tpslMode tpOrderType slOrderType bboSideType bboLevel"
    ),
    numbers="qty price triggerPrice takeProfit stopLoss orderIv tpLimitPrice slLimitPrice slippageTolerance",
    integers="isLeverage triggerDirection positionIdx",
    flags="reduceOnly closeOnTrigger mmp rpiTakerAccess",
)
AMEND = Takes(
    required="category symbol",
    texts="category symbol orderId orderLinkId tpslMode tpTriggerBy slTriggerBy triggerBy",
    numbers="qty price triggerPrice takeProfit stopLoss orderIv tpLimitPrice slLimitPrice",
)
CANCEL = Takes("category symbol", texts="category symbol orderId orderLinkId orderFilter")
_BATCH = Takes("category request", texts="category", lists="request")
_LIST = Takes(
    "category",
    texts="category symbol baseCoin settleCoin orderId orderLinkId orderFilter orderStatus cursor",
    integers="openOnly limit startTime endTime",
)


def _ids(order: Order) -> dict[str, str]:
    return {"orderId": order.order_id, "orderLinkId": order.order_link_id}


@post("/v5/order/create", CREATE, 10, spot=20)
@documented("v5/order/create-order")
def create(call: Call) -> Reply:
    """The answer says that the order was accepted, by its two ids, and nothing of its price or how it was filled."""
    return Reply(_ids(place(call.venue, call.account, call.given)))


@post("/v5/order/amend", AMEND, 10)
@documented("v5/order/amend-order")
def amend(call: Call) -> Reply:
    """An open order may get another quantity, price, trigger or stops."""
    order = open_order(call, "replace")
    instrument = listed(call.venue, call.given)
    filters.check_prices(instrument, call.given)
    if "qty" in call.given and not order.is_spot:
        filters.check_quantity(instrument, Decimal(call.given["qty"]), is_market=order.order_type == "Market")
    names = {"triggerPrice": "trigger_price", "takeProfit": "take_profit", "stopLoss": "stop_loss"}
    changes = {
        names.get(name, name): value
        for name, value in call.given.items()
        if name in ("qty", "price", "triggerPrice", "takeProfit", "stopLoss")
    }
    amended = replace(order, **changes, updated=call.venue.clock.now)
    call.venue.keep(amended)
    match(call.venue, call.account, amended)
    return Reply(_ids(order))


@post("/v5/order/cancel", CANCEL, 10, spot=20)
@documented("v5/order/cancel-order")
def cancel(call: Call) -> Reply:
    """By orderId or orderLinkId; what is filled or cancelled cannot be cancelled any more."""
    return Reply(_ids(_cancel(call, open_order(call, "cancel"))))


def _cancel(call: Call, order: Order) -> Order:
    now = call.venue.clock.now
    cancelled = replace(order, order_status="Cancelled", cancel_type="CancelByUser", updated=now)
    call.venue.keep(cancelled)
    return cancelled


def open_order(call: Call, verb: str) -> Order:
    """The open order that orderId, or else orderLinkId, names."""
    if "orderId" not in call.given and "orderLinkId" not in call.given:
        raise Refused(WRONG_PARAMETER, name="orderId")
    listed(call.venue, call.given)
    name = "orderId" if "orderId" in call.given else "orderLinkId"
    for order in call.venue.orders(call.account.environment):
        if _ids(order)[name] == call.given[name] and order.category == call.category and order.is_open:
            return order
    raise Refused(SPOT_NO_ORDER if call.category == "spot" else NO_ORDER, verb=verb)


@post(
    "/v5/order/cancel-all",
    Takes("category", texts="category symbol baseCoin settleCoin orderFilter stopOrderType"),
    10,
    spot=20,
    option=1,
)
@documented("v5/order/cancel-all")
def cancel_all(call: Call) -> Reply:
    """Contracts need a symbol or coin; without orderFilter, conditional orders of contracts go as well."""
    if call.category in ("linear", "inverse"):
        need_filter(call, "symbol", "settleCoin", "baseCoin")
    default = "Order" if call.category == "spot" else None
    chosen = [order for order in filtered(call, call.given.get("orderFilter", default)) if order.is_open]
    return Reply({"list": [_ids(_cancel(call, order)) for order in chosen], "success": "1"})


def need_filter(call: Call, *names: str) -> None:
    """Refuse a request that names none of these."""
    if not any(name in call.given for name in names):
        raise Refused(MISSING_FILTER, names=" or ".join(names))


def filtered(call: Call, order_filter: str | None) -> list[Order]:
    """The account's orders in the category, newest first, of the symbol or coin that is asked for."""
    rows = [each for each in call.venue.orders(call.account.environment) if each.category == call.category]
    for name in ("symbol", "baseCoin", "settleCoin"):
        if name in call.given:
            rows = [each for each in rows if _has(call, each, name, call.given[name])]
            break
    if order_filter:
        rows = [each for each in rows if bool(each.trigger_price) == (order_filter != "Order")]
    return rows[::-1]


def _has(call: Call, order: Order, name: str, value: str) -> bool:
    instrument = call.venue.instruments.get((order.category, order.symbol))
    coins = {"baseCoin": "base_coin", "settleCoin": "settle_coin"}
    return value == (order.symbol if name == "symbol" else getattr(instrument, coins[name], None))


@get("/v5/order/realtime", _LIST)
@documented("v5/order/open-order")
def realtime(call: Call) -> Reply:
    """Open orders, or with openOnly=1 closed ones; by an id both. Linear needs a symbol or coin. Pages of 20 to 50."""
    named = _named(call)
    if named is not None:
        return _page(call, named)
    if call.category == "linear":
        need_filter(call, "symbol", "settleCoin", "baseCoin")
    rows = filtered(call, call.given.get("orderFilter"))
    return _page(call, [each for each in rows if each.is_open != bool(call.given.get("openOnly"))])


@get("/v5/order/history", _LIST)
@documented("v5/order/order-list")
def history(call: Call) -> Reply:
    """Orders of any status, newest first."""
    named = _named(call)
    return _page(call, filtered(call, call.given.get("orderFilter")) if named is None else named)


def _named(call: Call) -> list[Order] | None:
    for name in ("orderId", "orderLinkId"):
        if name in call.given:
            rows = call.venue.orders(call.account.environment)
            return [each for each in rows if _ids(each)[name] == call.given[name] and each.category == call.category]
    return None


def _page(call: Call, rows: list[Order]) -> Reply:
    page, cursor = paged(rows, call.given, 20, 50)
    shown = [shapes.order(each) for each in page]
    return Reply({"list": shown, "nextPageCursor": cursor, "category": call.category})


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
