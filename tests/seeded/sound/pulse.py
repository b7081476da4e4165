"""The mark price by a raw socket, and the best offers by pybit's stream."""

import json

import websockets
from bybit_lint.shim import heartbeat
from pybit.unified_trading import WebSocket

URL = "wss://stream-testnet.bybit.com/v5/public/linear"


async def marks(symbols, prices):
    """Keep `prices` at what Bybit says of each symbol."""
    async for ws in websockets.connect(URL):
        heartbeat(ws)
        await ws.send(json.dumps({"op": "subscribe", "args": [f"tickers.{symbol}" for symbol in symbols]}))
        async for text in ws:
            take(json.loads(text).get("data"), prices)


def take(ticker, prices):
    if ticker and "markPrice" in ticker:
        prices[ticker["symbol"]] = float(ticker["markPrice"])


class Offers:
    """The best offer of one symbol."""

    def __init__(self, symbol):
        self.best = None
        self.ws = WebSocket(testnet=True, channel_type="linear")
        self.ws.orderbook_stream(depth=200, symbol=symbol, callback=self.on_book)

    def on_book(self, message):
        self.best = min(message["data"]["a"], key=lambda level: float(level[0]))
