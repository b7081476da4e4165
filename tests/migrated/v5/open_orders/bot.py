"""Keeps one order to take profit with beside the stop of a position: what only waits is no order of its own."""

import os

from pybit.unified_trading import HTTP

SYMBOL = "BTCUSD"
session = HTTP(
    testnet=True,
    api_key=os.environ["BYBIT_TESTNET_KEY"],
    api_secret=os.environ["BYBIT_TESTNET_SECRET"],
)


def open_orders():
    return session.get_open_orders(category="inverse", symbol=SYMBOL, orderFilter="Order")["result"]["list"]


session.place_order(
    category="inverse",
    symbol=SYMBOL,
    side="Sell",
    orderType="Market",
    qty=100,
    triggerPrice=57000,
    triggerDirection=2,
    triggerBy="LastPrice",
    timeInForce="GTC",
)
if not open_orders():
    session.place_order(
        category="inverse", symbol=SYMBOL, side="Sell", orderType="Limit", qty=100, price=66000, timeInForce="GTC"
    )
for order in open_orders():
    session.amend_order(category="inverse", symbol=SYMBOL, orderId=order["orderId"], price=65000)
orders = session.get_open_orders(category="inverse", symbol=SYMBOL, orderFilter="Order")["result"]["list"]
print(len(orders), "of its own")
