"""Watches BTCUSD on mainnet, its stops and its fills."""

import os
import time

from pybit.unified_trading import HTTP, WebSocket

KEY, SECRET = os.environ["BYBIT_MAINNET_KEY"], os.environ["BYBIT_MAINNET_SECRET"]
session = HTTP(testnet=False, api_key=KEY, api_secret=SECRET)
public = WebSocket(channel_type="inverse", testnet=False)
private = WebSocket(channel_type="private", testnet=False, api_key=KEY, api_secret=SECRET)
prices, stops, fills = [], [], []


def on_ticker(message):
    prices.append(float(message["data"]["lastPrice"]))


def on_stop(message):
    for order in message["data"]:
        if order["stopOrderType"]:
            stops.append((order["orderStatus"], float(order["triggerPrice"]) / 2))


def on_fill(message):
    for fill in message["data"]:
        fills.append((fill["side"], float(fill["execQty"]) / float(fill["execPrice"])))


public.ticker_stream("BTCUSD", on_ticker)
private.order_stream(on_stop)
private.execution_stream(on_fill)
while not prices:
    time.sleep(1)
session.place_order(
    category="inverse",
    symbol="BTCUSD",
    side="Sell",
    orderType="Market",
    qty=100,
    triggerDirection=1 if prices[-1] - 5000 > prices[-1] else 2,
    triggerPrice=prices[-1] - 5000,
    timeInForce="GTC",
)
session.place_order(category="inverse", symbol="BTCUSD", side="Buy", orderType="Market", qty=300, timeInForce="GTC")
while not (stops and fills):
    time.sleep(1)
print(prices[0], stops[0], fills[0])
