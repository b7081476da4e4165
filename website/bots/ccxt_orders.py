"""Sells half of what it holds whenever a coin has risen by five percent, and tries again until it has worked."""

import os
import time

import ccxt

exchange = ccxt.bybit({"apiKey": os.environ["BYBIT_KEY"], "secret": os.environ["BYBIT_SECRET"]})
exchange.set_sandbox_mode(os.getenv("BYBIT_SANDBOX", "true"))


def sell(symbol, amount):
    for _ in range(5):
        try:
            return exchange.create_order(symbol, "market", "sell", amount, None, {"reduce_only": True})
        except ccxt.NetworkError:
            time.sleep(3)


def average(symbol):
    candles = exchange.fetch_ohlcv(symbol, "1h", limit=48)
    return sum(candle[4] for candle in candles) / len(candles)


while True:
    for position in exchange.fetch_positions():
        price = exchange.fetch_ticker(position["symbol"])["last"]
        if price > average(position["symbol"]) * 1.05:
            sell(position["symbol"], position["contracts"] / 2)
    time.sleep(60)
