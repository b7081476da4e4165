"""Waits for ETH with two orders, and takes the first one back."""

import os

from pybit import usdt_perpetual

SYMBOL = "ETHUSDT"
session = usdt_perpetual.HTTP(
    endpoint="https://api-testnet.bybit.com",
    api_key=os.environ["BYBIT_TESTNET_KEY"],
    api_secret=os.environ["BYBIT_TESTNET_SECRET"],
)


def wait(price, qty):
    order = session.place_active_order(
        symbol=SYMBOL,
        side="Buy",
        order_type="Limit",
        qty=qty,
        price=price,
        time_in_force="GoodTillCancel",
        reduce_only=False,
        close_on_trigger=False,
    )
    return order["result"]["order_id"]


def take_back(order_id):
    return session.cancel_active_order(order_id=order_id)["ret_code"]


first, _ = wait(2900, 0.1), wait(2800, 0.2)
print(take_back(first))
