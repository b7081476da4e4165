"""The ways out: everything sold, everything cancelled, or a stop for the night."""

from broker import session
from rest import Account
from settings import KEY
from spread import exchange

account = Account(KEY)


def flat(symbol, size):
    """Close a long position at the market."""
    return session.place_order(
        category="linear",
        symbol=symbol,
        side="Sell",
        orderType="Market",
        qty=size,
        reduceOnly=True,
    )


def offer(symbol, size, price, name):
    """Close it as soon as somebody pays the price."""
    return session.place_order(
        category="linear",
        symbol=symbol,
        side="Sell",
        orderType="Limit",
        qty=size,
        price=price,
        timeInForce="PostOnly",
        reduceOnly=True,
        orderLinkId=name,
    )


def offer_somehow(symbol, size, name):
    best = session.get_tickers(category="linear", symbol=symbol)["result"]["list"][0]["ask1Price"]
    return offer(symbol, size, best, name)


def quiet():
    """Take every order back."""
    session.cancel_all_orders(category="linear", settleCoin="USDT")


def range_of_the_night(symbol):
    query = {"category": "linear", "symbol": symbol, "interval": "240", "limit": 3}
    rows = session.get_kline(**query)["result"]["list"]
    return min(float(row[3]) for row in rows), max(float(row[2]) for row in rows)


def night_stop(symbol, price):
    return account.post(
        "/v5/position/trading-stop",
        {
            "category": "linear",
            "symbol": symbol,
            "stopLoss": price,
            "slTriggerBy": "MarkPrice",
            "positionIdx": 0,
        },
    )


def unhedge(symbol, size):
    """Buy the hedge back."""
    return exchange.create_order(
        symbol,
        "market",
        "buy",
        size,
        params={"reduceOnly": True},
    )


def leave(position):
    """Close a position of either side."""
    away = "Sell" if position["side"] == "Buy" else "Buy"
    return session.place_order(
        category="linear",
        symbol=position["symbol"],
        side=away,
        orderType="Market",
        qty=position["size"],
        reduceOnly=True,
    )


def leave_hedge(market):
    """The same on the other account."""
    for position in exchange.fetch_positions([market["symbol"]]):
        away = "sell" if position["side"] == "long" else "buy"
        exchange.create_order(market["symbol"], "market", away, position["contracts"], None, {"reduceOnly": True})


def leave_at_once(market):
    """The same for what there is to be had at once."""
    for held in exchange.fetch_positions([market["symbol"]]):
        away = "sell" if held["side"] == "long" else "buy"
        exchange.create_order(
            market["symbol"], "market", away, held["contracts"], None, {"reduceOnly": True, "timeInForce": "IOC"}
        )
