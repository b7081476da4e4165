"""Prices for the screen in the hall, with pybit."""

from pybit.unified_trading import WebSocket


def show(message):
    print(message["topic"], message["data"])


def main():
    prices = WebSocket(testnet=False, channel_type="spot")
    prices.ticker_stream(symbol=["BTCUSDT", "ETHUSDT"], callback=show)
    prices.orderbook_stream(depth=25, symbol="BTCUSDT", callback=show)  # finding BYB504 BYB505
    print("on air")


if __name__ == "__main__":
    main()
