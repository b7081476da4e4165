"""Follows the trend of candles, and keeps a ladder of exits around it."""

import requests

from broker import session

URL = "https://api.bybit.com/v5/market/open-interest"


def closes(symbol):
    """The closing prices of the last two hundred candles."""
    answer = session.get_kline(category="linear", symbol=symbol, interval="15", limit=200)
    return [float(row[4]) for row in answer["result"]["list"][::-1]]


def is_rising(symbol):
    prices = closes(symbol)
    return prices[-1] > sum(prices) / len(prices)


def interest(symbol):
    query = {"category": "linear", "symbol": symbol, "intervalTime": "1h", "limit": 200}
    answer = requests.get(URL, params=query, timeout=10).json()
    if answer["retCode"] != 0:
        raise RuntimeError(answer["retMsg"])
    return [row["openInterest"] for row in answer.get("result", {}).get("list", [])]


def clear(symbol, orders):
    legs = [{"symbol": symbol, "orderId": order} for order in orders]
    answer = session.cancel_batch_order(category="linear", request=legs)
    return [told["msg"] for told in answer["retExtInfo"]["list"] if told["code"]]


if __name__ == "__main__":
    print(is_rising("BTCUSDT"), interest("BTCUSDT"))
