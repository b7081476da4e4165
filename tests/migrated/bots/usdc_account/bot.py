"""Rests one order on a USDC perpetual and looks at the account around it."""

import os
import time

from pybit import account_asset, usdc_perpetual

SYMBOL = "BTCPERP"
keys = {"api_key": os.environ["BYBIT_TESTNET_KEY"], "api_secret": os.environ["BYBIT_TESTNET_SECRET"]}
session = usdc_perpetual.HTTP(endpoint="https://api-testnet.bybit.com", **keys)
assets = account_asset.HTTP(endpoint="https://api-testnet.bybit.com", **keys)

for row in assets.query_coin_info(coin="USDC")["result"]["rows"]:
    print(row["name"], row["chains"][0]["chain_type"])
session.set_leverage(symbol=SYMBOL, leverage="7")
begin = int(time.time()) // 3600 * 3600 - 2 * 3600
for candle in session.query_kline(symbol=SYMBOL, period="60", startTime=begin, limit=3)["result"]:
    print("close", float(candle["close"]))
ticker = session.latest_information_for_symbol(symbol=SYMBOL)["result"]
order = session.place_active_order(
    symbol=SYMBOL,
    side="Buy",
    orderType="Limit",
    orderFilter="Order",
    orderQty="0.01",
    orderPrice=str(float(ticker["lastPrice"]) - 1000),
    timeInForce="GoodTillCancel",
)
order_id = order["result"]["orderId"]
session.replace_active_order(symbol=SYMBOL, orderId=order_id, orderFilter="Order", orderPrice="58500")
for row in session.get_active_order(category="PERPETUAL", symbol=SYMBOL)["result"]["dataList"]:
    print(row["side"], float(row["qty"]) * float(row["price"]))
session.place_active_order(
    symbol=SYMBOL,
    side="Sell",
    orderType="Market",
    orderFilter="Order",
    orderQty="0.02",
    timeInForce="ImmediateOrCancel",
    reduceOnly=False,
)
for row in session.my_position(category="PERPETUAL")["result"]["dataList"]:
    print(row["symbol"], row["side"], float(row["size"]) * float(row["entryPrice"]))
session.cancel_all_active_orders(symbol=SYMBOL, orderFilter="Order")
