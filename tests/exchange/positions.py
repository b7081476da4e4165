"""The endpoints of /v5/position, and the executions."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from exchange import filters, shapes
from exchange.accounts import Slot
from exchange.endpoints import Call, Reply, get, post
from exchange.incoming import listed
from exchange.instruments import Instrument
from exchange.market import paged
from exchange.orders import need_filter
from exchange.parameters import Takes
from exchange.refusals import (
    HAS_ORDERS,
    HAS_POSITION,
    LEVERAGE_NOT_MODIFIED,
    LEVERAGE_TOO_HIGH,
    MODE_NOT_MODIFIED,
    NOT_MODIFIED,
    OF_CLASSIC_ACCOUNTS,
    WRONG_MODE,
    WRONG_PARAMETER,
    ZERO_POSITION,
    Refused,
)
from exchange.standing import documented, seen


@get(
    "/v5/position/list",
    Takes("category", texts="category symbol baseCoin settleCoin cursor", integers="limit"),
)
@documented("v5/position")
def positions(call: Call) -> Reply:
    """By symbol also an empty one, in hedge mode one row per side; by coin only what is held. Pages of 20 to 200."""
    if call.category == "linear":
        need_filter(call, "symbol", "settleCoin")
    if call.category == "spot":
        raise Refused(WRONG_PARAMETER, name="category")
    rows = [row for each in _asked(call) for row in _rows(call, each)]
    page, cursor = paged(rows, call.given, 20, 200)
    return Reply({"list": page, "nextPageCursor": cursor, "category": call.category})


def _asked(call: Call) -> list[Instrument]:
    if "symbol" in call.given:
        return [listed(call.venue, call.given)]
    coin = call.given.get("settleCoin")
    mine = [each for each in call.venue.instruments.values() if each.category == call.category]
    return [each for each in mine if coin in (None, each.settle_coin)]


def _rows(call: Call, each: Instrument) -> list[dict[str, Any]]:
    slots = call.account.slots(each.category, each.symbol)
    if "symbol" not in call.given:
        slots = [slot for slot in slots if call.account.holding(slot).size]
    return [shapes.position(call.account, each, slot, call.venue.price(each)) for slot in slots]


@post(
    "/v5/position/set-leverage",
    Takes("category symbol buyLeverage sellLeverage", texts="category symbol", numbers="buyLeverage sellLeverage"),
)
@documented("v5/position/leverage")
def set_leverage(call: Call) -> Reply:
    """From 1 to maxLeverage, the same for both sides in one-way mode; what is set already is refused."""
    each = listed(call.venue, call.given)
    buy, sell = Decimal(call.given["buyLeverage"]), Decimal(call.given["sellLeverage"])
    if buy != sell or buy < 1:
        raise Refused(WRONG_PARAMETER, name="buyLeverage")
    if buy > Decimal(each.max_leverage):
        raise Refused(LEVERAGE_TOO_HIGH)
    if buy == Decimal(call.account.leverage(each.category, each.symbol)):
        raise Refused(LEVERAGE_NOT_MODIFIED)
    call.account.leverages[each.category, each.symbol] = filters.plain(buy)
    return Reply({})


@post(
    "/v5/position/switch-isolated",
    Takes(
        "category symbol tradeMode buyLeverage sellLeverage",
        texts="category symbol",
        numbers="buyLeverage sellLeverage",
        integers="tradeMode",
    ),
)
@seen("https://github.com/bybit-exchange/pybit/issues/180")
def switch_isolated(call: Call) -> Reply:
    """Given up: the margin mode is the account's now."""
    raise Refused(OF_CLASSIC_ACCOUNTS)


@post("/v5/position/switch-mode", Takes("category mode", texts="category symbol coin", integers="mode"))
@documented("v5/position/position-mode")
def switch_mode(call: Call) -> Reply:
    """By symbol, or by coin for all that have neither position nor open order; what is set already is refused."""
    if "symbol" not in call.given and "coin" not in call.given:
        raise Refused(WRONG_PARAMETER, name="symbol")
    is_hedged = call.given["mode"] == 3
    if "symbol" in call.given:
        symbol = listed(call.venue, call.given).symbol
        if is_hedged == (symbol in call.account.hedged):
            raise Refused(MODE_NOT_MODIFIED)
        if any(call.account.holding((call.category, symbol, index)).size for index in (0, 1, 2)):
            raise Refused(HAS_POSITION)
        if _has_orders(call, symbol):
            raise Refused(HAS_ORDERS)
        symbols = {symbol}
    else:
        mine = [each for each in call.venue.instruments.values() if each.category == call.category]
        symbols = {each.symbol for each in mine if each.settle_coin == call.given["coin"]}
        held = {slot[1] for slot, each in call.account.holdings.items() if each.size}
        symbols = {symbol for symbol in symbols - held if not _has_orders(call, symbol)}
    call.account.hedged = call.account.hedged | symbols if is_hedged else call.account.hedged - symbols
    return Reply({})


def _has_orders(call: Call, symbol: str) -> bool:
    mine = call.venue.orders(call.account.environment)
    return any(each.is_open and (each.category, each.symbol) == (call.category, symbol) for each in mine)


@post(
    "/v5/position/trading-stop",
    Takes(
        "category symbol tpslMode positionIdx",
        texts="category symbol tpslMode tpTriggerBy slTriggerBy tpOrderType slOrderType",
        numbers="takeProfit stopLoss trailingStop activePrice tpSize slSize tpLimitPrice slLimitPrice",
        integers="positionIdx",
    ),
)
@documented("v5/position/trading-stop")
def trading_stop(call: Call) -> Reply:
    """Take profit, stop loss and trailing stop of a position; zero removes one; what is set already is refused."""
    each = listed(call.venue, call.given)
    filters.check_prices(each, call.given)
    filters.check_stop_sizes(each, call.given, call.venue.conditions.assumed)
    slot: Slot = each.category, each.symbol, call.given["positionIdx"]
    if slot not in call.account.slots(each.category, each.symbol):
        raise Refused(WRONG_MODE)
    held = call.account.holding(slot)
    if not held.size:
        raise Refused(ZERO_POSITION)
    names = {"takeProfit": "take_profit", "stopLoss": "stop_loss", "trailingStop": "trailing_stop"}
    wanted: dict[str, Any] = {names[name]: _stop(value, name) for name, value in call.given.items() if name in names}
    if not wanted or all(getattr(held, name) == value for name, value in wanted.items()):
        raise Refused(NOT_MODIFIED)
    call.account.holdings[slot] = replace(held, **wanted, updated=call.venue.clock.now)
    return Reply({})


def _stop(value: str, name: str) -> str:
    none = "0" if name == "trailingStop" else ""
    return filters.plain(Decimal(value)) if Decimal(value) else none


@get(
    "/v5/execution/list",
    Takes(
        "category",
        texts="category symbol orderId orderLinkId baseCoin execType cursor",
        integers="startTime endTime limit",
    ),
)
@documented("v5/order/execution")
def executions(call: Call) -> Reply:
    """What was filled, newest first; 50 at once, 100 at most."""
    mine = [each for each in call.venue.executions if each.environment == call.account.environment]
    rows = [each for each in mine[::-1] if each.category == call.category]
    for name, field in (("symbol", "symbol"), ("orderId", "order_id"), ("orderLinkId", "order_link_id")):
        rows = [each for each in rows if call.given.get(name) in (None, getattr(each, field))]
    page, cursor = paged(rows, call.given, 50, 100)
    return Reply({"nextPageCursor": cursor, "category": call.category, "list": [shapes.execution(x) for x in page]})


@get(
    "/v5/position/closed-pnl",
    Takes("category", texts="category symbol cursor", integers="startTime endTime limit"),
)
@documented("v5/position/close-pnl")
def closed_pnl(call: Call) -> Reply:
    """What was closed, newest first, told from the executions; 50 at once, 100 at most."""
    mine = [each for each in call.venue.executions if each.environment == call.account.environment]
    closing = [each for each in mine[::-1] if each.category == call.category and Decimal(each.closed_size)]
    rows = [each for each in closing if call.given.get("symbol") in (None, each.symbol)]
    page, cursor = paged(rows, call.given, 50, 100)
    shown = [
        {
            "symbol": each.symbol,
            "orderType": each.order_type,
            "leverage": call.account.leverage(each.category, each.symbol),
            "updatedTime": str(each.exec_time),
            "side": each.side,
            "orderId": each.order_id,
            "closedPnl": "0",
            "avgEntryPrice": each.exec_price,
            "qty": each.exec_qty,
            "cumEntryValue": each.exec_value,
            "createdTime": str(each.exec_time),
            "orderPrice": each.order_price,
            "closedSize": each.closed_size,
            "avgExitPrice": each.exec_price,
            "execType": "Trade",
            "fillCount": "1",
            "cumExitValue": each.exec_value,
        }
        for each in page
    ]
    return Reply({"nextPageCursor": cursor, "category": call.category, "list": shown})
