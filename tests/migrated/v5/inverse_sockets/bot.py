"""Watches BTCUSD on two sockets at one address: what everybody sees on the first, its own orders on the second."""

import hashlib
import hmac
import json
import os
import time

import websocket

KEY, SECRET = os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"]
SYMBOL = "BTCUSD"


class Watcher:
    def __init__(self, interval):
        self.topics = [f"kline.{interval}.{SYMBOL}"]
        self.seen = {"publicTrade." + SYMBOL: [], "tickers." + SYMBOL: [], f"kline.{interval}.{SYMBOL}": []}

    def public(self):
        ws = websocket.create_connection("wss://stream-testnet.bybit.com/v5/public/inverse", timeout=30)
        self.topics.append(f"tickers.{SYMBOL}")
        self.topics += ["publicTrade." + symbol for symbol in (SYMBOL,)]
        ws.send(json.dumps(dict(op="subscribe", args=self.topics)))
        while not all(self.seen.values()):
            message = json.loads(ws.recv())
            if message.get("topic") in ["publicTrade." + SYMBOL, "tickers." + SYMBOL]:
                self.seen[message["topic"]].append("told")
            elif "topic" in message:
                self.seen[message["topic"]].append("drawn")
        ws.close()
        return self.seen["publicTrade." + SYMBOL][0], self.seen.get("kline.1." + SYMBOL)[0]

    def own(self):
        mine = websocket.create_connection("wss://stream-testnet.bybit.com/v5/private", timeout=30)
        expires = int((time.time() + 10) * 1000)
        sign = hmac.new(SECRET.encode(), f"GET/realtime{expires}".encode(), hashlib.sha256).hexdigest()
        mine.send(json.dumps({"op": "auth", "args": [KEY, expires, sign]}))
        mine.send(json.dumps({"op": "subscribe", "args": ["order"]}))
        answers = [json.loads(mine.recv()) for _ in range(2)]
        mine.close()
        return [answer["op"] if answer["success"] else "refused" for answer in answers]


watcher = Watcher("1")
print(watcher.public(), watcher.own())
