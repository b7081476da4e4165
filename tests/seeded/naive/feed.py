"""Candles and positions through pybit's own streams."""

import os
import time

from pybit.unified_trading import WebSocket, WebSocketTrading
from settings import KEY, SECRET, STAKE

candles = WebSocket(channel_type="linear")  # finding BYB106
positions = WebSocket(
    testnet=False,
    demo=os.environ["TIDE_DEMO"],  # finding BYB105
    channel_type="private",
    api_key=KEY,
    api_secret=SECRET,
)
desk = WebSocketTrading(
    testnet=True,
    api_key=KEY,
    api_secret=SECRET,
    ping_interval=0,  # finding BYB508
)


def on_candle(message):
    candle = message["data"][0]
    scalp(message["topic"].split(".")[-1], float(candle["close"]))


def scalp(symbol, close):
    """Ask for a little below the market."""
    desk.place_order(  # finding BYB507
        print,
        category="linear",
        symbol=symbol,
        side="Buy",
        orderType="Limit",
        price=str(close * 0.999),  # finding BYB203
        qty=str(STAKE / close),  # finding BYB201
    )


def main():
    candles.kline_stream("1m", "BTCUSDT", on_candle)  # finding BYB503 BYB505 BYB506
    positions.position_stream(print)
    while candles.is_connected():
        time.sleep(1)


if __name__ == "__main__":
    main()
