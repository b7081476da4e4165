"""Lays a ladder below the price in one go, and takes half of it back, to make the price with one order more."""

import os

from pybit import usdt_perpetual

session = usdt_perpetual.HTTP(
    endpoint="https://api-testnet.bybit.com",
    api_key=os.environ["BYBIT_TESTNET_KEY"],
    api_secret=os.environ["BYBIT_TESTNET_SECRET"],
)


def ladder(steps):
    orders = []
    for step in range(steps):
        rung = {
            "symbol": "BTCUSDT",
            "side": "Buy",
            "order_type": "Limit",
            "qty": 0.01,
            "price": 59000 - 500 * step,
            "time_in_force": "GoodTillCancel",
            "order_link_id": f"rung-{step}",
        }
        orders.append(rung)
    if orders:
        session.place_active_order_bulk(orders)


def shrink(is_calm):
    if is_calm:
        gone = [{"symbol": "BTCUSDT", "order_link_id": link} for link in ("rung-2",)]
    else:
        gone = [{"symbol": "BTCUSDT", "order_link_id": link} for link in ("rung-0", "rung-1")]
    session.cancel_active_order_bulk(orders=gone)


ladder(3)
shrink(is_calm=False)
session.place_active_order(
    symbol="BTCUSDT",
    side="Buy",
    order_type="Limit",
    qty=0.02,
    price=59500,
    time_in_force="GoodTillCancel",
    post_only=True,
)
print(len(session.get_active_order(symbol="BTCUSDT", order_status="New", limit=200)["result"]["data"]), "wait")
