"""The last price of each symbol, kept by a thread with websocket-client."""

import json
import threading
import time

import websocket

from bybit_lint.shim import jitter, start_heartbeat

URL = "wss://stream-testnet.bybit.com/v5/public/linear"


class Ticks:
    """The latest prices, by symbol."""

    def __init__(self, symbols):
        self.symbols = symbols
        self.prices = {}
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        while True:
            app = start_heartbeat(
                websocket.WebSocketApp(
                    URL,
                    on_open=self.on_open,
                    on_message=self.on_message,
                    on_close=self.on_close,
                )
            )
            app.run_forever()
            time.sleep(jitter(5))

    def on_open(self, ws):
        ws.send(json.dumps({"op": "subscribe", "args": [f"tickers.{symbol}" for symbol in self.symbols]}))

    def on_message(self, ws, text):
        data = json.loads(text).get("data", {})
        if "lastPrice" in data:
            self.prices[data["symbol"]] = float(data["lastPrice"])

    def on_close(self, ws, code, reason):
        self.prices.clear()
