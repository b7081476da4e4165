"""Watches BTC with requests that put their addresses together."""

import time

import requests

HOST = "https://api-testnet.bybit.com"
CANDLES = HOST + "/public/linear/kline?symbol="
SHARED = "/v2/public/tickers"
HOUR = 3600


def candles(symbol, hours):
    begin = int(time.time()) // HOUR * HOUR - (hours - 1) * HOUR
    url = CANDLES + symbol + "&interval=60&from=" + str(begin)
    return requests.get(url, timeout=10).json()["result"]


class Prices:
    def __init__(self):
        self.base = "https://api-testnet.bybit.com"

    def last(self, coin):
        endpoint = "/v2/public/tickers"
        answer = requests.get(f"{self.base}{endpoint}", params={"symbol": coin + "USDT"}, timeout=10).json()
        return float(answer["result"][0]["last_price"])


def bid(symbol):
    return requests.get(HOST + SHARED, params={"symbol": symbol}, timeout=10).json()["result"][0]["bid_price"]


def ask(symbol):
    return requests.get(HOST + SHARED, params={"symbol": symbol}, timeout=10).json()["result"][0]["ask_price"]


def watch(coin):
    found = candles(coin + "USDT", 3)
    last = Prices().last(coin)
    print(len(found), "hours", last, found[0]["close"] < found[-1]["close"])
