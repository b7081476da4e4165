"""What the next hours may bring, and the orders for it."""

from decimal import Decimal

import requests
from broker import session
from pybit.exceptions import InvalidRequestError

KLINE = "https://api-testnet.bybit.com/v5/market/kline"
TICKERS = "https://api-testnet.bybit.com/v5/market/tickers"


def is_rising(symbol):
    """Whether the last close is above the average of the day."""
    rows = session.get_kline(category="linear", symbol=symbol, interval="60", limit=24)["result"]["list"]
    closes = [float(row[4]) for row in reversed(rows)]
    return closes[-1] > sum(closes) / len(closes)


def last_close(symbol):
    query = {"category": "linear", "symbol": symbol, "interval": "5", "limit": "12"}
    answer = requests.get(KLINE, params=query, timeout=10).json()
    if answer["retCode"] != 0:
        raise RuntimeError(answer["retMsg"])
    return float(answer["result"]["list"][0][4])


def funding(symbol):
    """The next funding rate."""
    query = {"category": "linear", "symbol": symbol}
    answer = requests.get(TICKERS, params=query, timeout=10).json()
    if answer["retCode"] != 0:
        raise RuntimeError(answer["retMsg"])
    return float(answer["result"]["list"][0]["fundingRate"])


def lever(symbol, share):
    """Let the leverage grow with what is expected, up to three."""
    leverage = 1 + 2 * Decimal(share)
    try:
        session.set_leverage(
            category="linear",
            symbol=symbol,
            buyLeverage=str(leverage),
            sellLeverage=str(leverage),
        )
    except InvalidRequestError as error:
        if error.status_code != 110043:
            raise


def prepare(legs):
    """Put all the orders for a rise at once; how many of them Bybit took."""
    answer = session.place_batch_order(category="linear", request=legs)
    return sum(row["code"] == 0 for row in answer["retExtInfo"]["list"])


def forget(legs):
    answer = session.cancel_batch_order(category="linear", request=legs)
    pairs = zip(answer["result"]["list"], answer["retExtInfo"]["list"])
    return [row["orderId"] for row, told in pairs if told["code"] == 0]
