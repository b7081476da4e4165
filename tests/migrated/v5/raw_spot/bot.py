"""Sells ETH on spot with requests alone; what it watches needs no key."""

import requests

URL = "https://api-testnet.bybit.com"


def last(symbol):
    query = {"category": "spot", "symbol": symbol}
    answer = requests.get(f"{URL}/v5/market/tickers", params=query, timeout=10).json()
    if answer["retCode"] != 0:
        raise SystemExit(answer["retMsg"])
    return float(answer["result"]["list"][0]["lastPrice"])


def candles(symbol):
    query = {"category": "spot", "symbol": symbol, "interval": "60", "limit": 3}
    return requests.get(f"{URL}/v5/market/kline", params=query, timeout=10).json()["result"]["list"][::-1]


def watch(symbol):
    closes = [float(candle[4]) for candle in candles(symbol)]
    print(last(symbol), closes[0] < closes[-1])
