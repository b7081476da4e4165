"""Trades BTC with pybybit, whose methods take their arguments by name or position."""

import os

from pybit.unified_trading import HTTP

session = HTTP(testnet=True, api_key=os.environ["BYBIT_TESTNET_KEY"], api_secret=os.environ["BYBIT_TESTNET_SECRET"])


def place(side, qty, price):
    return session.place_order(
        category="linear",
        side=side,
        symbol="BTCUSDT",
        orderType="Limit",
        qty=qty,
        price=price,
        timeInForce="GTC",
        reduceOnly=False,
        closeOnTrigger=False,
    )


ticker = session.get_tickers(category="linear", symbol="BTCUSDT")["result"]["list"][0]
order = place("Buy", 0.01, float(ticker["lastPrice"]) - 600)
print("placed", order["retCode"] == 0)
session.cancel_order(category="linear", symbol="BTCUSDT", orderId=order["result"]["orderId"])
place("Sell", 0.02, 61000)
print(len(session.get_open_orders(category="linear", orderFilter="Order", symbol="BTCUSDT")["result"]["list"]), "waits")
session.cancel_all_orders(category="linear", symbol="BTCUSDT", orderFilter="Order")
session.set_leverage(category="inverse", symbol="BTCUSD", buyLeverage="4", sellLeverage="4")
session.place_order(category="inverse", side="Sell", symbol="BTCUSD", orderType="Market", qty=50, timeInForce="GTC")
position = session.get_positions(category="inverse", symbol="BTCUSD")["result"]["list"][0]
print(position["side"], float(position["size"]) / 2)
answer = session.get_wallet_balance(accountType="UNIFIED", coin="BTC")
print(float(answer["result"]["list"][0]["coin"][0]["equity"]) / 4)
