"""Keeps one order to take profit with beside the stop of a position: what only waits is no order of its own."""

import os

from pybit import inverse_perpetual

SYMBOL = "BTCUSD"
session = inverse_perpetual.HTTP(
    endpoint="https://api-testnet.bybit.com",
    api_key=os.environ["BYBIT_TESTNET_KEY"],
    api_secret=os.environ["BYBIT_TESTNET_SECRET"],
)


def open_orders():
    return session.get_active_order(symbol=SYMBOL, order_status="New")["result"]["data"]


session.place_conditional_order(
    symbol=SYMBOL,
    side="Sell",
    order_type="Market",
    qty=100,
    base_price=60000,
    stop_px=57000,
    time_in_force="GoodTillCancel",
    trigger_by="LastPrice",
)
if not open_orders():
    session.place_active_order(
        symbol=SYMBOL, side="Sell", order_type="Limit", qty=100, price=66000, time_in_force="GoodTillCancel"
    )
for order in open_orders():
    session.replace_active_order(symbol=SYMBOL, order_id=order["order_id"], p_r_price=65000)
print(len(session.query_active_order(symbol=SYMBOL)["result"]), "of its own")
