"""Waits for a dip of BTC, with the one client that pybit 1.x had for all markets."""

import os

from pybit import HTTP

SYMBOL = "BTCUSDT"
session = HTTP("https://api-testnet.bybit.com", os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"])


def last_price():
    ticker = session.latest_information_for_symbol(symbol=SYMBOL)
    if ticker["ret_code"] == 0:
        return float(ticker["result"][0]["last_price"])
    raise RuntimeError(ticker["ret_msg"])


def budget():
    return session.get_wallet_balance(coin="USDT")["result"]["USDT"]["equity"] * 0.5


def main():
    price = last_price()
    print("price", price, "budget", budget())
    order = session.place_active_order(
        symbol=SYMBOL,
        side="Buy",
        order_type="Limit",
        qty=0.01,
        price=round(price * 0.98, 1),  # two percent below
        time_in_force="GoodTillCancel",
        reduce_only=False,
        close_on_trigger=False,
    )
    if order["ret_code"] != 0:
        print("no order:", order["ret_msg"])
        return
    order_id = order["result"]["order_id"]
    session.replace_active_order(symbol=SYMBOL, order_id=order_id, p_r_price=58000, p_r_qty=0.02)
    for row in session.query_active_order(symbol=SYMBOL)["result"]:
        print(row["side"], row["qty"] * row["price"], row["order_status"])
    session.cancel_active_order(symbol=SYMBOL, order_id=order_id)
    print(len(session.query_active_order(symbol=SYMBOL)["result"]), "left")


if __name__ == "__main__":
    main()
