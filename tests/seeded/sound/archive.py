"""What is left of the first version, moved to V5."""

import os
import time

from pybit.unified_trading import HTTP

from bybit_lint.shim import floor_to_step, jitter

STEP, TICK = "0.001", "0.10"  # of BTCUSDT, the only contract that is left here
session = HTTP(
    testnet=True,
    api_key=os.environ["TIDE_TESTNET_KEY"],
    api_secret=os.environ["TIDE_TESTNET_SECRET"],
)
STREAM = "wss://stream.bybit.com/v5/public/linear"


def price(symbol):
    while True:
        try:
            return float(session.get_tickers(category="linear", symbol=symbol)["result"]["list"][0]["lastPrice"])
        except Exception as error:
            print("again:", error)
            time.sleep(jitter(2))


def buy(symbol, usdt):
    last = price(symbol)
    return session.place_order(
        category="linear",
        symbol=symbol,
        side="Buy",
        orderType="Market",
        qty=floor_to_step(usdt / last, STEP),
        stopLoss=floor_to_step(last * 0.97, TICK),
    )
