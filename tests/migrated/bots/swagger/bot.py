"""Trades BTCUSD and BTCUSDT with Bybit's first client for Python."""

import os
import time

import bybit

client = bybit.bybit(
    test=True,
    api_key=os.environ["BYBIT_TESTNET_KEY"],
    api_secret=os.environ["BYBIT_TESTNET_SECRET"],
)


def mean(symbol, minutes):
    begin = int(time.time()) // 3600 * 3600 - 2 * 3600
    answer = client.Kline.Kline_get(symbol=symbol, interval=str(minutes), **{"from": begin}).result()[0]
    closes = [float(candle["close"]) for candle in answer["result"]]
    return sum(closes) / len(closes)


def balance(coin):
    return client.Wallet.Wallet_getBalance(coin=coin).result()[0]["result"][coin]["wallet_balance"]


price = float(client.Market.Market_symbolInfo(symbol="BTCUSD").result()[0]["result"][0]["last_price"])
print(price > mean("BTCUSD", 60), balance("BTC") / 2)
client.Positions.Positions_saveLeverage(symbol="BTCUSD", leverage="2").result()
answer, response = client.Order.Order_new(
    side="Buy",
    symbol="BTCUSD",
    order_type="Limit",
    # one contract is one dollar
    qty=100,
    price=price - 1000,
    time_in_force="GoodTillCancel",
).result()
if answer["ret_code"] == 0:
    client.Order.Order_replace(symbol="BTCUSD", order_id=answer["result"]["order_id"], p_r_qty="200").result()
client.LinearOrder.LinearOrder_new(
    side="Sell",
    symbol="BTCUSDT",
    order_type="Market",
    qty=0.01,
    time_in_force="ImmediateOrCancel",
    reduce_only=False,
    close_on_trigger=False,
).result()
position = client.Positions.Positions_myPosition(symbol="BTCUSD").result()[0]["result"]
print(position["size"])
print(client.Order.Order_cancelAll(symbol="BTCUSD").result()[0]["ret_msg"])
