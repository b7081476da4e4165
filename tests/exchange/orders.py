"""The endpoints of /v5/order for one order, and for lists of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from exchange import filters, shapes
from exchange.endpoints import Call, Reply, get, post
from exchange.incoming import listed
from exchange.instruments import Instrument
from exchange.market import paged
from exchange.parameters import Takes
from exchange.records import Order
from exchange.refusals import (
    MISSING_FILTER,
    NO_ORDER,
    SPOT_NO_ORDER,
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
    if "qty" in call.given:
        _check_quantity(instrument, order, Decimal(call.given["qty"]), Decimal(call.given.get("price", order.price)))
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


def _check_quantity(instrument: Instrument, order: Order, qty: Decimal, price: Decimal) -> None:
    if order.is_spot:
        filters.check_spot(instrument, qty, qty * price, is_market=False)
    else:
        filters.check_quantity(instrument, qty, is_market=order.order_type == "Market")


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
    """Closed orders, newest first, of one status if it is asked for."""
    named = _named(call)
    rows = filtered(call, call.given.get("orderFilter")) if named is None else named
    status = call.given.get("orderStatus")
    return _page(call, [each for each in rows if not each.is_open and status in (None, each.order_status)])


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
