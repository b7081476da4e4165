"""Listens to BTC on one socket for everything, and buys once it has heard enough."""

import os
import time

from pybit import usdt_perpetual

SYMBOL = "BTCUSDT"
KEY, SECRET = os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"]
session = usdt_perpetual.HTTP(endpoint="https://api-testnet.bybit.com", api_key=KEY, api_secret=SECRET)
ws = usdt_perpetual.WebSocket(test=True, api_key=KEY, api_secret=SECRET, ping_interval=20, ping_timeout=10)
heard = {}


def on_candle(message):
    candle = message["data"][0]
    heard["range"] = candle["high"] - candle["low"]


def on_trade(message):
    for trade in message["data"]:
        heard["trade"] = trade["symbol"], float(trade["price"])


def on_order(message):
    for order in message["data"]:
        heard["order"] = order["side"], order["order_status"]


def on_position(message):
    for position in message["data"]:
        heard["position"] = position["size"] * position["entry_price"]


def wait_for(*names):
    while not all(name in heard for name in names):
        time.sleep(1)


ws.kline_stream(on_candle, SYMBOL, 1)
ws.trade_stream(callback=on_trade, symbol=SYMBOL)
ws.order_stream(on_order)
ws.position_stream(on_position)
wait_for("range", "trade")
session.place_active_order(
    symbol=SYMBOL,
    side="Buy",
    order_type="Market",
    qty=0.01,
    time_in_force="GoodTillCancel",
    reduce_only=False,
    close_on_trigger=False,
)
wait_for("order", "position")
time.sleep(1)
print(heard["range"] > 0, heard["trade"])
print(heard["order"], heard["position"])
