"""The rehearsal: the same tide in demo trading, and what it would have cost."""

import os
import time

from pybit.unified_trading import HTTP

DAY = 24 * 60 * 60 * 1000
session = HTTP(demo=True, api_key=os.environ["TIDE_DEMO_KEY"], api_secret=os.environ["TIDE_DEMO_SECRET"])


def fee(symbol):
    """What a trade costs."""
    rates = {"result": {"list": [{"symbol": symbol, "takerFeeRate": "0.00055"}]}}
    return rates["result"]["list"][0]["takerFeeRate"]


def earned(symbol):
    """What the last month has brought."""
    now = int(time.time() * 1000)
    total = 0.0
    for start in range(now - 28 * DAY, now, 7 * DAY):
        answer = session.get_closed_pnl(
            category="linear",
            symbol=symbol,
            startTime=start,
            endTime=start + 7 * DAY,
            limit=100,
        )
        total += sum(float(row["closedPnl"]) for row in answer["result"]["list"])
    return total


def watch(symbol):
    """Tell what is held, as long as the rehearsal goes on."""
    while True:
        time.sleep(5)
        orders = session.get_open_orders(category="linear", symbol=symbol)["result"]["list"]
        if not orders:
            continue
        print(len(orders), "orders")


def held(symbol):
    """What is held, as far as that is known."""
    try:
        return session.get_positions(category="linear", symbol=symbol)["result"]["list"]
    except Exception as error:
        print("nothing known of", symbol, error)


def is_held(symbol):
    """True as long as there is a position."""
    rows = held(symbol)
    if rows is None:
        return True
    return any(float(row["size"]) for row in rows)


def waiting(symbol):
    """The orders that nobody has filled yet."""
    try:
        return session.get_open_orders(category="linear", symbol=symbol)["result"]["list"]
    except Exception as error:
        print("nothing known of", symbol, error)
        return None


def rehearse(symbol):
    """Put one order in, if there is none."""
    orders = waiting(symbol)
    if orders is not None and not orders:
        session.place_order(category="linear", symbol=symbol, side="Buy", orderType="Limit", qty="0.01", price="20000")
