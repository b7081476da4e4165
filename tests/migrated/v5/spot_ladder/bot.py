"""Buys ETH on spot: some at once, more on the way down, and sells a little above."""

import os

from pybit.unified_trading import HTTP

SYMBOL = "ETHUSDT"
session = HTTP(
    testnet=True,
    api_key=os.environ["BYBIT_TESTNET_KEY"],
    api_secret=os.environ["BYBIT_TESTNET_SECRET"],
)


def main():
    book = session.get_tickers(category="spot", symbol=SYMBOL)["result"]["list"][0]
    print("spread", round(float(book["ask1Price"]) - float(book["bid1Price"]), 2))
    price = float(session.get_tickers(category="spot", symbol=SYMBOL)["result"]["list"][0]["lastPrice"])
    candles = session.get_kline(category="spot", symbol=SYMBOL, interval="60", limit=3)["result"]["list"][::-1]
    print("closes", [float(candle[4]) for candle in candles])
    session.place_order(category="spot", symbol=SYMBOL, side="Buy", orderType="Market", qty=150)
    for step in (1, 2):
        session.place_order(
            category="spot",
            symbol=SYMBOL,
            side="Buy",
            orderType="Limit",
            qty=0.05,
            price=price - 50 * step,
            timeInForce="GTC",
        )
    session.place_order(
        category="spot",
        symbol=SYMBOL,
        side="Sell",
        orderType="Limit",
        timeInForce="PostOnly",
        qty=0.05,
        price=price + 100,
        orderLinkId="exit-1",
    )
    orders = session.get_open_orders(category="spot", orderFilter="Order", symbol=SYMBOL)["result"]["list"]
    buys = [order for order in orders if order["side"] == "Buy" and order["orderStatus"] == "New"]
    print(len(buys), "of", len(orders), "buy for", sum(float(order["qty"]) * float(order["price"]) for order in buys))
    session.cancel_all_orders(category="spot", symbol=SYMBOL)
    print(len(session.get_open_orders(category="spot", orderFilter="Order", symbol=SYMBOL)["result"]["list"]), "left")


if __name__ == "__main__":
    main()
