"""What is left of the first version: inverse contracts through the pybit of 2021."""

import os
import time

from pybit import usdt_perpetual  # finding BYB601

session = usdt_perpetual.HTTP(  # finding BYB602
    endpoint="https://api.bybit.com",  # finding BYB101
    api_key=os.environ["TIDE_TESTNET_KEY"],
    api_secret=os.environ["TIDE_TESTNET_SECRET"],
)
STREAM = "wss://stream.bybit.com/realtime_public"  # finding BYB603


def price(symbol):
    while True:
        try:
            told = session.latest_information_for_symbol(symbol=symbol)  # finding BYB602
            return float(told["result"][0]["last_price"])
        except Exception as error:
            print("again:", error)
            time.sleep(2)  # finding BYB301


def buy(symbol, usdt):
    last = price(symbol)
    return session.place_active_order(  # finding BYB602
        symbol=symbol,
        side="Buy",
        order_type="Market",
        qty=usdt / last,  # finding BYB201
        time_in_force="GoodTillCancel",
        reduce_only=False,
        close_on_trigger=False,
        stop_loss=last * 0.97,  # finding BYB203
    )
