"""A script of its own for the night: closes everything when the market runs away."""

import os
import time

from pybit.unified_trading import HTTP, WebSocket

session = HTTP(testnet=False, api_key=os.environ["WATCH_KEY"], api_secret=os.environ["WATCH_SECRET"])
prices = WebSocket(testnet=True, channel_type="linear")  # finding BYB102
FLOOR = 20000


def on_price(message):
    try:
        if float(message["data"].get("markPrice", FLOOR)) < FLOOR:
            session.cancel_all_orders(category="linear", settleCoin="USDT")
    except Exception as error:  # finding BYB222
        print("missed:", error)


def main():
    prices.ticker_stream("BTCUSDT", on_price)
    while prices.is_connected():
        time.sleep(1)


if __name__ == "__main__":
    main()
