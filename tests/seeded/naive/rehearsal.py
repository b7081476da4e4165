"""The rehearsal: the same tide in demo trading, and what it would have cost."""

import os
import time

from pybit.unified_trading import HTTP

DAY = 24 * 60 * 60 * 1000
session = HTTP(demo=True, api_key=os.environ["TIDE_DEMO_KEY"], api_secret=os.environ["TIDE_DEMO_SECRET"])


def fee(symbol):
    """What a trade costs."""
    rates = session.get_fee_rates(category="linear", symbol=symbol)  # finding BYB107
    return rates["result"]["list"][0]["takerFeeRate"]


def earned(symbol):
    """What the last month has brought."""
    now = int(time.time() * 1000)
    answer = session.get_closed_pnl(
        category="linear",
        symbol=symbol,
        startTime=now - 30 * DAY,  # finding BYB706
        endTime=now,
        limit=100,
    )
    return sum(float(row["closedPnl"]) for row in answer["result"]["list"])


def watch(symbol):
    """Tell what is held, as long as the rehearsal goes on."""
    while True:  # finding BYB309
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
    return any(float(row["size"]) for row in rows)  # finding BYB310


def waiting(symbol):
    """The orders that nobody has filled yet."""
    try:
        return session.get_open_orders(category="linear", symbol=symbol)["result"]["list"]
    except Exception as error:
        print("nothing known of", symbol, error)
        return []  # finding BYB311


def rehearse(symbol):
    """Put one order in, if there is none."""
    orders = waiting(symbol)
    if not orders:
        session.place_order(category="linear", symbol=symbol, side="Buy", orderType="Limit", qty="0.01", price="20000")
