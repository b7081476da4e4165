"""Watches BTC with requests that put their addresses together."""

import time

import requests

HOST = "https://api-testnet.bybit.com"
HOUR = 3600


def candles(symbol, hours):
    begin = int(time.time()) // HOUR * HOUR - (hours - 1) * HOUR
    query = {"category": "linear", "symbol": symbol, "interval": "60", "start": begin * 1000}
    rows = requests.get(f"{HOST}/v5/market/kline", params=query, timeout=10).json()["result"]["list"]
    return [float(row[4]) for row in reversed(rows)]


def last(symbol):
    query = {"category": "linear", "symbol": symbol}
    answer = requests.get(f"{HOST}/v5/market/tickers", params=query, timeout=10).json()
    return float(answer["result"]["list"][0]["lastPrice"])


def watch(coin):
    closes = candles(coin + "USDT", 3)
    print(len(closes), "hours", last(coin + "USDT"), closes[0] < closes[-1])
