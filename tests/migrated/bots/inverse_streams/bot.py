"""Watches BTCUSD on mainnet, its stops and its fills."""

import os
import time

from pybit import inverse_perpetual

KEY, SECRET = os.environ["BYBIT_MAINNET_KEY"], os.environ["BYBIT_MAINNET_SECRET"]
session = inverse_perpetual.HTTP("https://api.bybit.com", KEY, SECRET)
public = inverse_perpetual.WebSocket(test=False)
private = inverse_perpetual.WebSocket(test=False, api_key=KEY, api_secret=SECRET)
prices, stops, fills = [], [], []


def on_ticker(message):
    prices.append(float(message["data"]["last_price"]))


def on_stop(message):
    for order in message["data"]:
        stops.append((order["order_status"], float(order["trigger_price"]) / 2))


def on_fill(message):
    for fill in message["data"]:
        fills.append((fill["side"], fill["exec_qty"] / float(fill["price"])))


public.instrument_info_stream(on_ticker, "BTCUSD")
private.stop_order_stream(on_stop)
private.execution_stream(on_fill)
while not prices:
    time.sleep(1)
session.place_conditional_order(
    symbol="BTCUSD",
    side="Sell",
    order_type="Market",
    qty=100,
    base_price=prices[-1],
    stop_px=prices[-1] - 5000,
    time_in_force="GoodTillCancel",
)
session.place_active_order(symbol="BTCUSD", side="Buy", order_type="Market", qty=300, time_in_force="GoodTillCancel")
while not (stops and fills):
    time.sleep(1)
print(prices[0], stops[0], fills[0])
