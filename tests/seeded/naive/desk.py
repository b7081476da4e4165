"""The desk: what is done by hand on the days when the bot is wrong."""

import os

from pybit.unified_trading import HTTP

session = HTTP(api_key=os.environ["TIDE_MAINNET_KEY"], api_secret=os.environ["TIDE_MAINNET_SECRET"])


def flatten(symbol, side, size):
    """Close what is open, and never more than that."""
    return session.place_order(
        category="linear",
        symbol=symbol,
        side="Sell" if side == "Buy" else "Buy",
        orderType="Market",
        qty=size,
        reduce_only=True,  # finding BYB211
    )


def rest(symbol, size, price):
    return session.place_order(
        category="linear",
        symbol=symbol,
        side="buy",  # finding BYB212
        order_type="Limit",  # finding BYB211
        qty=size,
        price=price,
        orderLinkId="desk",  # finding BYB226
    )


def candles(symbol, interval):
    return session.get_kline(category="linear", symbol=symbol, interval=interval)["result"]["list"]


def overview(symbol):
    slow, fast = candles(symbol, "240"), candles(symbol, "15m")  # finding BYB212
    held = session.get_positions(category="linear")["result"]["list"]  # finding BYB213
    price = session.get_ticker(category="linear", symbol=symbol)  # finding BYB214
    return slow, fast, held, price


def stock_up(symbol, size):
    return session.place_order(  # finding BYB225
        category="spot",
        symbol=symbol,
        side="Buy",
        orderType="Market",
        qty=size,
    )


def send(order):
    return session.place_order(order)  # finding BYB214
