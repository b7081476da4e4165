"""Watches BTC on two sockets without a client: trades and candles of everybody, and the bot's own orders."""

import hashlib
import hmac
import json
import os
import time

import websocket

KEY, SECRET = os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"]
PUBLIC, OWN = "wss://stream-testnet.bybit.com/realtime_public", "wss://stream-testnet.bybit.com/realtime_private"
SYMBOL = "BTCUSDT"


def log_in(ws):
    expires = int((time.time() + 10) * 1000)
    sign = hmac.new(SECRET.encode(), f"GET/realtime{expires}".encode(), hashlib.sha256).hexdigest()
    ws.send(json.dumps({"op": "auth", "args": [KEY, expires, sign]}))


def watch():
    ws = websocket.create_connection(PUBLIC, timeout=30)
    ws.send(
        json.dumps({"op": "subscribe", "args": [f"trade.{SYMBOL}", f"candle.1.{SYMBOL}", "orderBookL2_25.BTCUSDT"]})
    )
    seen = set()
    while len(seen) < 3:
        topic = json.loads(ws.recv()).get("topic", "")
        if topic == "orderBookL2_25.BTCUSDT":
            seen.add("book")
        elif topic == f"trade.{SYMBOL}":
            seen.add("trades")
        elif topic == f"candle.1.{SYMBOL}":
            seen.add("candles")
    ws.close()
    return sorted(seen)


def own():
    ws = websocket.create_connection(OWN, timeout=30)
    log_in(ws)
    ws.send('{"op": "subscribe", "args": ["stop_order", "position"]}')
    answers = [json.loads(ws.recv()) for _ in range(2)]
    ws.close()
    return [answer["op"] if answer["success"] else "refused" for answer in answers]


print(watch(), own())
