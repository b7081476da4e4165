"""Waits for ETH with two orders, and takes the first one back."""

import os

from pybit.unified_trading import HTTP

SYMBOL = "ETHUSDT"
session = HTTP(
    testnet=True,
    api_key=os.environ["BYBIT_TESTNET_KEY"],
    api_secret=os.environ["BYBIT_TESTNET_SECRET"],
)


def wait(price, qty):
    order = session.place_order(
        category="linear",
        symbol=SYMBOL,
        side="Buy",
        orderType="Limit",
        qty=str(qty),
        price=str(price),
        timeInForce="GTC",
        reduceOnly=False,
        closeOnTrigger=False,
    )
    return order["result"]["orderId"]


def take_back(order_id):
    return session.cancel_order(category="linear", symbol=SYMBOL, orderId=order_id)["retCode"]


first, _ = wait(2900, 0.1), wait(2800, 0.2)
print(take_back(first))
