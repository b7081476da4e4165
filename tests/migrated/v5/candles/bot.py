"""Buys BTC where the last close is above the mean of the last hours."""

import os
import time

from pybit.unified_trading import HTTP

HOUR = 3600
session = HTTP(
    testnet=True,
    api_key=os.environ["BYBIT_TESTNET_KEY"],
    api_secret=os.environ["BYBIT_TESTNET_SECRET"],
)


def fetch(hours):
    begin = int(time.time()) // HOUR * HOUR - (hours - 1) * HOUR
    answer = session.get_kline(category="linear", symbol="BTCUSDT", interval="60", limit=hours, start=begin * 1000)
    return answer["result"]["list"][::-1]


def signal(candles):
    closes = [float(candle[4]) for candle in candles]
    mean = sum(closes) / len(closes)
    print("closes from", closes[0], "to", closes[-1], "around", mean)
    print("highest", max(float(candle[2]) for candle in candles))
    print("volume", sum(float(candle[5]) for candle in candles))
    print("hours", (int(candles[-1][0]) // 1000 - int(candles[0][0]) // 1000) // HOUR)
    return closes[-1] > mean  # the last one is still open


if signal(fetch(4)):
    session.place_order(
        category="linear",
        symbol="BTCUSDT",
        side="Buy",
        orderType="Market",
        qty=0.003,
        timeInForce="GTC",
        reduceOnly=False,
        closeOnTrigger=False,
    )
