"""Waits for a dip of BTC, with the one client that pybit 1.x had for all markets."""

import os

from pybit.unified_trading import HTTP

SYMBOL = "BTCUSDT"
session = HTTP(testnet=True, api_key=os.environ["BYBIT_TESTNET_KEY"], api_secret=os.environ["BYBIT_TESTNET_SECRET"])


def last_price():
    ticker = session.get_tickers(category="linear", symbol=SYMBOL)
    return float(ticker["result"]["list"][0]["lastPrice"])


def budget():
    answer = session.get_wallet_balance(accountType="UNIFIED", coin="USDT")
    return float(answer["result"]["list"][0]["coin"][0]["equity"]) * 0.5


def main():
    price = last_price()
    print("price", price, "budget", budget())
    order = session.place_order(
        category="linear",
        symbol=SYMBOL,
        side="Buy",
        orderType="Limit",
        qty=0.01,
        price=round(price * 0.98, 1),  # two percent below
        timeInForce="GTC",
        reduceOnly=False,
        closeOnTrigger=False,
    )
    order_id = order["result"]["orderId"]
    session.amend_order(category="linear", symbol=SYMBOL, orderId=order_id, price=58000, qty=0.02)
    for row in session.get_open_orders(category="linear", orderFilter="Order", symbol=SYMBOL)["result"]["list"]:
        print(row["side"], float(row["qty"]) * float(row["price"]), row["orderStatus"])
    session.cancel_order(category="linear", symbol=SYMBOL, orderId=order_id)
    print(len(session.get_open_orders(category="linear", orderFilter="Order", symbol=SYMBOL)["result"]["list"]), "left")


if __name__ == "__main__":
    main()
