"""Candles and positions through pybit's own streams."""

import time

from broker import session
from pybit.unified_trading import WebSocket, WebSocketTrading
from settings import KEY, SECRET, STAKE

from bybit_lint.shim import env_flag, guarded, round_price, round_qty

candles = WebSocket(testnet=False, channel_type="linear")
positions = WebSocket(
    testnet=False,
    demo=env_flag("TIDE_DEMO"),
    channel_type="private",
    api_key=KEY,
    api_secret=SECRET,
)
desk = WebSocketTrading(testnet=True, api_key=KEY, api_secret=SECRET)


def on_candle(message):
    candle = message["data"][0]
    if candle["confirm"]:
        scalp(message["topic"].split(".")[-1], float(candle["close"]))


def on_refusal(error):
    print("refused:", error)


def scalp(symbol, close):
    """Ask for a little below the market."""
    desk.place_order(
        print,
        on_refusal,
        category="linear",
        symbol=symbol,
        side="Buy",
        orderType="Limit",
        price=round_price(session, "linear", symbol, close * 0.999),
        qty=round_qty(session, "linear", symbol, STAKE / close),
    )


def main():
    candles.kline_stream(1, "BTCUSDT", guarded(on_candle))
    positions.position_stream(print)
    while candles.is_connected():
        time.sleep(1)


if __name__ == "__main__":
    main()
