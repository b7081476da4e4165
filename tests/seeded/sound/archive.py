"""What is left of the first version: inverse contracts through the pybit of 2021."""

import os
import time

from pybit import usdt_perpetual

from bybit_lint.shim import floor_to_step, jitter

STEP, TICK = "0.001", "0.10"  # of BTCUSDT, the only contract that is left here
session = usdt_perpetual.HTTP(
    endpoint="https://api-testnet.bybit.com",
    api_key=os.environ["TIDE_TESTNET_KEY"],
    api_secret=os.environ["TIDE_TESTNET_SECRET"],
)


def price(symbol):
    while True:
        try:
            return float(session.latest_information_for_symbol(symbol=symbol)["result"][0]["last_price"])
        except Exception as error:
            print("again:", error)
            time.sleep(jitter(2))


def buy(symbol, usdt):
    last = price(symbol)
    return session.place_active_order(
        symbol=symbol,
        side="Buy",
        order_type="Market",
        qty=floor_to_step(usdt / last, STEP),
        time_in_force="GoodTillCancel",
        reduce_only=False,
        close_on_trigger=False,
        stop_loss=floor_to_step(last * 0.97, TICK),
    )
