"""Buys ETH on spot: some at once, more on the way down, and sells a little above."""

import os

from pybit import spot

SYMBOL = "ETHUSDT"
session = spot.HTTP(
    endpoint="https://api-testnet.bybit.com",
    api_key=os.environ["BYBIT_TESTNET_KEY"],
    api_secret=os.environ["BYBIT_TESTNET_SECRET"],
)


def free(coin):
    return [row["free"] for row in session.get_wallet_balance()["result"]["balances"] if row["coin"] == coin][0]


def forget(order_id):
    return session.cancel_active_order(orderId=order_id)


def main():
    book = session.best_bid_ask_price(symbol=SYMBOL)["result"]
    print("spread", round(float(book["askPrice"]) - float(book["bidPrice"]), 2))
    price = float(session.last_traded_price(symbol=SYMBOL)["result"]["price"])
    candles = session.query_kline(symbol=SYMBOL, interval="1h", limit=3)["result"]
    print("closes", [float(candle[4]) for candle in candles])
    session.place_active_order(symbol=SYMBOL, side="BUY", type="MARKET", qty=150)
    for step in (1, 2):
        session.place_active_order(
            symbol=SYMBOL, side="BUY", type="LIMIT", qty=0.05, price=price - 50 * step, timeInForce="GTC"
        )
    session.place_active_order(
        symbol=SYMBOL, side="SELL", type="LIMIT_MAKER", qty=0.05, price=price + 100, orderLinkId="exit-1"
    )
    orders = session.query_active_order(symbol=SYMBOL)["result"]
    buys = [order for order in orders if order["side"] == "BUY" and order["status"] == "NEW"]
    print(
        len(buys), "of", len(orders), "buy for", sum(float(order["origQty"]) * float(order["price"]) for order in buys)
    )
    session.batch_cancel_active_order(symbol=SYMBOL)
    print(len(session.query_active_order(symbol=SYMBOL)["result"]), "left")


if __name__ == "__main__":
    main()
