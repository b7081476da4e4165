"""Rests one order on a USDC perpetual and looks at the account around it."""

import os
import time

from pybit.unified_trading import HTTP

SYMBOL = "BTCPERP"
keys = {"api_key": os.environ["BYBIT_TESTNET_KEY"], "api_secret": os.environ["BYBIT_TESTNET_SECRET"]}
session = HTTP(testnet=True, **keys)
assets = HTTP(testnet=True, **keys)

for row in assets.get_coin_info(coin="USDC")["result"]["rows"]:
    print(row["name"], row["chains"][0]["chainType"])
session.set_leverage(category="linear", symbol=SYMBOL, buyLeverage="7", sellLeverage="7")
begin = int(time.time()) // 3600 * 3600 - 2 * 3600
answer = session.get_kline(category="linear", symbol=SYMBOL, interval="60", start=begin * 1000, limit=3)
for candle in answer["result"]["list"][::-1]:
    print("close", float(candle[4]))
ticker = session.get_tickers(category="linear", symbol=SYMBOL)["result"]["list"][0]
order = session.place_order(
    category="linear",
    symbol=SYMBOL,
    side="Buy",
    orderType="Limit",
    qty="0.01",
    price=str(float(ticker["lastPrice"]) - 1000),
    timeInForce="GTC",
)
order_id = order["result"]["orderId"]
session.amend_order(category="linear", symbol=SYMBOL, orderId=order_id, price="58500")
for row in session.get_open_orders(category="linear", symbol=SYMBOL)["result"]["list"]:
    print(row["side"], float(row["qty"]) * float(row["price"]))
session.place_order(
    category="linear",
    symbol=SYMBOL,
    side="Sell",
    orderType="Market",
    qty="0.02",
    timeInForce="IOC",
    reduceOnly=False,
)
for row in session.get_positions(category="linear", settleCoin="USDC")["result"]["list"]:
    print(row["symbol"], row["side"], float(row["size"]) * float(row["avgPrice"]))
session.cancel_all_orders(category="linear", symbol=SYMBOL, orderFilter="Order")
