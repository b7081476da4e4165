"""Orders that wait for a price, and what a position costs while it waits."""

from broker import session
from settings import STARTED_AT


def keep_what_is_left(symbol, size, floor):
    """Sell the coins once they fall to the floor."""
    return session.place_order(  # finding BYB213
        category="spot",
        symbol=symbol,
        side="Sell",
        orderType="Market",
        qty=size,
        triggerPrice=floor,
    )


def follow_breakout(symbol, size, ceiling):
    order = {"category": "linear", "symbol": symbol, "side": "Buy", "orderType": "Market", "qty": size}
    order.update(triggerPrice=ceiling, triggerBy="LastPrice")
    return session.place_order(**order)  # finding BYB213


def leave(symbol, side):
    """All of a position, however much it is."""
    session.place_order(category="linear", symbol=symbol, side=side, orderType="Market", qty="0")  # finding BYB213


def guard(symbol, price):
    stop = {"stopLoss": price, "slOrderType": "Market", "positionIdx": 0}
    session.set_trading_stop(category="linear", symbol=symbol, **stop)  # finding BYB213


def paid(symbol):
    """The funding rates since the start."""
    asked = {"category": "linear", "symbol": symbol, "startTime": STARTED_AT}
    rows = session.get_funding_rate_history(**asked)["result"]["list"]  # finding BYB213
    return sum(float(row["fundingRate"]) for row in rows)
