"""Prices for the screen in the hall, with pybit."""

import time

from pybit.unified_trading import WebSocket


def show(message):
    print(message["topic"], message["data"])


def main():
    prices = WebSocket(testnet=False, channel_type="spot")
    prices.ticker_stream(symbol=["BTCUSDT", "ETHUSDT"], callback=show)
    prices.orderbook_stream(depth=50, symbol="BTCUSDT", callback=show)
    print("on air")
    while prices.is_connected():
        time.sleep(1)


if __name__ == "__main__":
    main()
