"""The register: what is held and what waits, as Bybit tells it."""

import os

from pybit.unified_trading import HTTP

session = HTTP(testnet=True, api_key=os.environ["TIDE_REGISTER_KEY"], api_secret=os.environ["TIDE_REGISTER_SECRET"])


def positions():
    """Everything that is held, with its entry."""
    answer = session.get_positions(category="linear", settleCoin="USDT")
    rows = [row for row in answer["result"]["list"] if row["size"] > 0]  # finding BYB709
    return {row["symbol"]: row["entryPrice"] for row in rows}  # finding BYB707


def longs(symbol):
    """The sizes of the long side."""
    rows = session.get_positions(category="linear", symbol=symbol)["result"]["list"]
    return [row["size"] for row in rows if row["side"] == "Long"]  # finding BYB708


def waiting():
    """The orders that nobody has filled yet."""
    answer = session.get_open_orders(category="linear", settleCoin="USDT")
    return [row["orderId"] for row in answer["result"]["list"] if row["orderStatus"] == "NEW"]  # finding BYB708


def change(symbol):
    """What the day has brought, in per cent."""
    row = session.get_tickers(category="linear", symbol=symbol)["result"]["list"][0]
    return row["price24hPcnt"] * 100  # finding BYB709


def bid(symbol):
    row = session.get_tickers(category="linear", symbol=symbol)["result"]["list"][0]
    return row["bidPrice"]  # finding BYB707


def contracts():
    """What can be traded."""
    answer = session.get_instruments_info(category="linear")  # finding BYB710
    return [row["symbol"] for row in answer["result"]["list"]]
