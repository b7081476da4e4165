"""Trades BTCUSD and BTCUSDT with Bybit's first client for Python."""

import os
import time

from pybit.unified_trading import HTTP

client = HTTP(
    testnet=True,
    api_key=os.environ["BYBIT_TESTNET_KEY"],
    api_secret=os.environ["BYBIT_TESTNET_SECRET"],
)


def mean(symbol, minutes):
    begin = int(time.time()) // 3600 * 3600 - 2 * 3600
    answer = client.get_kline(category="inverse", symbol=symbol, interval=str(minutes), start=begin * 1000)
    closes = [float(candle[4]) for candle in answer["result"]["list"][::-1]]
    return sum(closes) / len(closes)


def balance(coin):
    answer = client.get_wallet_balance(accountType="UNIFIED", coin=coin)
    return float(answer["result"]["list"][0]["coin"][0]["walletBalance"])


price = float(client.get_tickers(category="inverse", symbol="BTCUSD")["result"]["list"][0]["lastPrice"])
print(price > mean("BTCUSD", 60), balance("BTC") / 2)
client.set_leverage(category="inverse", symbol="BTCUSD", buyLeverage="2", sellLeverage="2")
answer = client.place_order(
    category="inverse",
    side="Buy",
    symbol="BTCUSD",
    orderType="Limit",
    # one contract is one dollar
    qty=100,
    price=price - 1000,
    timeInForce="GTC",
)
client.amend_order(category="inverse", symbol="BTCUSD", orderId=answer["result"]["orderId"], qty="200")
client.place_order(
    category="linear",
    side="Sell",
    symbol="BTCUSDT",
    orderType="Market",
    qty=0.01,
    timeInForce="IOC",
    reduceOnly=False,
    closeOnTrigger=False,
)
position = client.get_positions(category="inverse", symbol="BTCUSD")["result"]["list"][0]
print(position["size"])
print(client.cancel_all_orders(category="inverse", symbol="BTCUSD", orderFilter="Order")["retMsg"])
