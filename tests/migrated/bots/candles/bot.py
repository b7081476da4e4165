"""Buys BTC where the last close is above the mean of the last hours."""

import os
import time

from pybit import usdt_perpetual

HOUR = 3600
session = usdt_perpetual.HTTP(
    endpoint="https://api-testnet.bybit.com",
    api_key=os.environ["BYBIT_TESTNET_KEY"],
    api_secret=os.environ["BYBIT_TESTNET_SECRET"],
)


def fetch(hours):
    begin = int(time.time()) // HOUR * HOUR - (hours - 1) * HOUR
    return session.query_kline(symbol="BTCUSDT", interval="60", limit=hours, from_time=begin)["result"]


def signal(candles):
    closes = [candle["close"] for candle in candles]
    mean = sum(closes) / len(closes)
    print("closes from", closes[0], "to", closes[-1], "around", mean)
    print("highest", max(candle["high"] for candle in candles))
    print("volume", sum(candle["volume"] for candle in candles))
    print("hours", (candles[-1]["open_time"] - candles[0]["open_time"]) // HOUR)
    return closes[-1] > mean  # the last one is still open


if signal(fetch(4)):
    session.place_active_order(
        symbol="BTCUSDT",
        side="Buy",
        order_type="Market",
        qty=0.003,
        time_in_force="GoodTillCancel",
        reduce_only=False,
        close_on_trigger=False,
    )
