"""Listens to BTC on one socket for everything, and buys once it has heard enough."""

import os
import time

from pybit.unified_trading import HTTP, WebSocket

SYMBOL = "BTCUSDT"
KEY, SECRET = os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"]
session = HTTP(testnet=True, api_key=KEY, api_secret=SECRET)
ws = WebSocket(channel_type="linear", testnet=True, ping_interval=20, ping_timeout=10)
ws_private = WebSocket(
    channel_type="private", testnet=True, api_key=KEY, api_secret=SECRET, ping_interval=20, ping_timeout=10
)
heard = {}


def on_candle(message):
    candle = message["data"][0]
    heard["range"] = float(candle["high"]) - float(candle["low"])


def on_trade(message):
    for trade in message["data"]:
        heard["trade"] = trade["s"], float(trade["p"])


def on_order(message):
    for order in message["data"]:
        heard["order"] = order["side"], order["orderStatus"]


def on_position(message):
    for position in message["data"]:
        heard["position"] = float(position["size"]) * float(position["entryPrice"])


def wait_for(*names):
    while not all(name in heard for name in names):
        time.sleep(1)


ws.kline_stream(1, SYMBOL, on_candle)
ws.trade_stream(callback=on_trade, symbol=SYMBOL)
ws_private.order_stream(on_order)
ws_private.position_stream(on_position)
wait_for("range", "trade")
session.place_order(
    category="linear",
    symbol=SYMBOL,
    side="Buy",
    orderType="Market",
    qty=0.01,
    timeInForce="GTC",
    reduceOnly=False,
    closeOnTrigger=False,
)
wait_for("order", "position")
time.sleep(1)
print(heard["range"] > 0, heard["trade"])
print(heard["order"], heard["position"])
