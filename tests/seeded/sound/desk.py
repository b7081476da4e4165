"""The desk: what is done by hand on the days when the bot is wrong."""

import os
import uuid

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
        reduceOnly=True,
    )


def rest(symbol, size, price):
    return session.place_order(
        category="linear",
        symbol=symbol,
        side="Buy",
        orderType="Limit",
        qty=size,
        price=price,
        orderLinkId=f"desk-{uuid.uuid4().hex[:20]}",
    )


def candles(symbol, interval):
    return session.get_kline(category="linear", symbol=symbol, interval=interval)["result"]["list"]


def overview(symbol):
    slow, fast = candles(symbol, "240"), candles(symbol, "15")
    held = session.get_positions(category="linear", settleCoin="USDT")["result"]["list"]
    price = session.get_tickers(category="linear", symbol=symbol)
    return slow, fast, held, price


def stock_up(symbol, size):
    return session.place_order(
        category="spot", symbol=symbol, side="Buy", orderType="Market", qty=size, marketUnit="baseCoin"
    )


def send(order):
    return session.place_order(**order)
