"""Trades BTC with pybybit, whose methods take their arguments by name or position."""

import os

import pybybit

api = pybybit.API(os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"], testnet=True)
linear, inverse = api.rest.linear, api.rest.inverse


def place(side, qty, price):
    return linear.private_order_create(
        side=side,
        symbol="BTCUSDT",
        order_type="Limit",
        qty=qty,
        price=price,
        time_in_force="GoodTillCancel",
        reduce_only=False,
        close_on_trigger=False,
    ).json()


ticker = inverse.public_tickers("BTCUSDT").json()["result"][0]
order = place("Buy", 0.01, float(ticker["last_price"]) - 600)
print("placed", order["ret_code"] == 0)
linear.private_order_cancel("BTCUSDT", order["result"]["order_id"])
place("Sell", 0.02, 61000)
print(len(linear.private_order_search(symbol="BTCUSDT").json()["result"]), "waits")
linear.private_order_cancelall(symbol="BTCUSDT")
inverse.private_position_leverage_save("BTCUSD", 4)
inverse.private_order_create("Sell", "BTCUSD", "Market", 50, None, "GoodTillCancel")
position = inverse.private_position_list("BTCUSD").json()["result"]
print(position["side"], position["size"] / 2)
print(inverse.private_wallet_balance("BTC").json()["result"]["BTC"]["equity"] / 4)
