"""Lays a ladder below the price in one go, and takes half of it back, to make the price with one order more."""

import os

from pybit.unified_trading import HTTP

session = HTTP(
    testnet=True,
    api_key=os.environ["BYBIT_TESTNET_KEY"],
    api_secret=os.environ["BYBIT_TESTNET_SECRET"],
)


def ladder(steps):
    orders = [
        {
            "symbol": "BTCUSDT",
            "side": "Buy",
            "orderType": "Limit",
            "qty": "0.01",
            "price": str(59000 - 500 * step),
            "timeInForce": "GTC",
            "orderLinkId": f"rung-{step}",
        }
        for step in range(steps)
    ]
    session.place_batch_order(category="linear", request=orders)


ladder(3)
gone = [{"symbol": "BTCUSDT", "orderLinkId": link} for link in ("rung-0", "rung-1")]
session.cancel_batch_order(category="linear", request=gone)
session.place_order(
    category="linear",
    symbol="BTCUSDT",
    side="Buy",
    orderType="Limit",
    qty=0.02,
    price=59500,
    timeInForce="PostOnly",
)
orders = session.get_open_orders(category="linear", symbol="BTCUSDT", orderFilter="Order", limit=50)["result"]["list"]
print(len(orders), "wait")
