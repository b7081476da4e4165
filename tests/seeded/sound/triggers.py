"""Orders that wait for a price, and what a position costs while it waits."""

from broker import session
from settings import STARTED_AT


def keep_what_is_left(symbol, size, floor):
    """Sell the coins once they fall to the floor."""
    return session.place_order(
        category="spot",
        symbol=symbol,
        side="Sell",
        orderType="Market",
        qty=size,
        triggerPrice=floor,
        orderFilter="StopOrder",
    )


def follow_breakout(symbol, size, ceiling):
    order = {"category": "linear", "symbol": symbol, "side": "Buy", "orderType": "Market", "qty": size}
    order.update(triggerPrice=ceiling, triggerDirection=1, triggerBy="LastPrice")
    return session.place_order(**order)


def leave(symbol, side):
    """All of a position, however much it is."""
    order = {"category": "linear", "symbol": symbol, "side": side, "orderType": "Market", "qty": "0"}
    session.place_order(**order, reduceOnly=True, closeOnTrigger=True)


def guard(symbol, price):
    stop = {"stopLoss": price, "slOrderType": "Market", "tpslMode": "Full", "positionIdx": 0}
    session.set_trading_stop(category="linear", symbol=symbol, **stop)


def paid(symbol, now):
    """The funding rates since the start; `now` is a moment in milliseconds."""
    asked = {"category": "linear", "symbol": symbol, "startTime": STARTED_AT, "endTime": now}
    rows = session.get_funding_rate_history(**asked)["result"]["list"]
    return sum(float(row["fundingRate"]) for row in rows)
