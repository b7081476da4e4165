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
        side="sell",  # finding BYB212
        orderType="Market",
        qty=size,
        reduce_only=True,  # finding BYB211
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
        timeInForce="PostOnlyMaker",  # finding BYB212
        reduceOnly=True,
        order_link_id=name,  # finding BYB211
    )


def offer_somehow(symbol, size):
    return session.place_order(  # finding BYB213
        category="linear",
        symbol=symbol,
        side="Sell",
        orderType="Limit",
        qty=size,
        reduceOnly=True,
    )


def quiet():
    """Take every order back."""
    session.cancel_all_orders(category="linear")  # finding BYB213


def range_of_the_night(symbol):
    query = {"category": "linear", "symbol": symbol, "interval": "4h", "limit": 3}  # finding BYB212
    rows = session.get_kline(**query)["result"]["list"]
    return min(float(row[3]) for row in rows), max(float(row[2]) for row in rows)


def night_stop(symbol, price):
    return account.post(
        "/v5/position/trading-stop",
        {
            "category": "linear",
            "symbol": symbol,
            "stopLoss": price,
            "sl_trigger_by": "MarkPrice",  # finding BYB211
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
        params={"reduce_only": True},  # finding BYB211
    )


def leave(position):
    """Close a position of either side."""
    away = "Sell" if position["side"] == "Buy" else "Buy"
    return session.place_order(  # finding BYB230
        category="linear",
        symbol=position["symbol"],
        side=away,
        orderType="Market",
        qty=position["size"],
    )


def leave_hedge(market):
    """The same on the other account."""
    for position in exchange.fetch_positions([market["symbol"]]):
        away = "sell" if position["side"] == "long" else "buy"
        exchange.create_order(market["symbol"], "market", away, position["contracts"])  # finding BYB230


def leave_at_once(market):
    """The same for what there is to be had at once."""
    for held in exchange.fetch_positions([market["symbol"]]):
        away = "sell" if held["side"] == "long" else "buy"
        exchange.create_order(  # finding BYB230
            market["symbol"], "market", away, held["contracts"], None, {"timeInForce": "IOC"}
        )
