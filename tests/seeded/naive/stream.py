"""Trades and liquidations as they happen, and the account's own orders, over websockets."""

import asyncio
import hashlib
import hmac
import json
import time

import websockets
from settings import KEY, SECRET, SYMBOLS

PUBLIC = "wss://stream-testnet.bybit.com/v5/public/linear"
PRIVATE = "wss://stream-testnet.bybit.com/v5/private"


def login():
    expires = int((time.time() + 10) * 1000)  # finding BYB401
    text = f"GET/realtime{expires}"
    signature = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
    return json.dumps({"op": "auth", "args": [KEY, expires, signature]})


async def trades(queue):
    while True:
        try:
            async with websockets.connect(PUBLIC) as ws:  # finding BYB501
                topics = [f"publicTrade.{symbol}" for symbol in SYMBOLS]
                await ws.send(json.dumps({"op": "subscribe", "args": topics}))
                async for text in ws:
                    for trade in json.loads(text).get("data", []):
                        await queue.put((trade["s"], float(trade["p"])))
        except websockets.ConnectionClosed:
            await asyncio.sleep(5)  # finding BYB301


async def orders(queue):
    while True:
        try:
            async with websockets.connect(PRIVATE) as ws:  # finding BYB501
                await ws.send(login())
                await ws.send(json.dumps({"op": "subscribe", "args": ["order", "position"]}))
                async for text in ws:
                    message = json.loads(text)
                    if message.get("topic") == "order":
                        await queue.put(message["data"])
        except (OSError, websockets.ConnectionClosed):
            await asyncio.sleep(10)  # finding BYB301
