"""A script of its own for the night: closes everything when the market runs away."""

import os
import time

from pybit.unified_trading import HTTP, WebSocket

from bybit_lint.shim import guarded

session = HTTP(testnet=False, api_key=os.environ["WATCH_KEY"], api_secret=os.environ["WATCH_SECRET"])
prices = WebSocket(testnet=False, channel_type="linear")
FLOOR = 20000


def on_price(message):
    if float(message["data"].get("markPrice", FLOOR)) < FLOOR:
        session.cancel_all_orders(category="linear", settleCoin="USDT")


def main():
    prices.ticker_stream("BTCUSDT", guarded(on_price))
    while prices.is_connected():
        time.sleep(1)


if __name__ == "__main__":
    main()
