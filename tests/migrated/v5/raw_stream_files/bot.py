"""Watches BTC on a socket whose address is a setting."""

import asyncio
import json

import settings
import websockets


async def watch():
    seen = set()
    async with websockets.connect(settings.STREAM) as ws:
        topics = [f"publicTrade.{settings.SYMBOL}", f"kline.1.{settings.SYMBOL}", f"orderbook.50.{settings.SYMBOL}"]
        await ws.send(json.dumps({"op": "subscribe", "args": topics}))
        while len(seen) < 3:
            topic = json.loads(await ws.recv()).get("topic", "")
            if topic.startswith("orderbook.50."):
                seen.add("book")
            elif "publicTrade" in topic:
                seen.add("trades")
            elif topic == f"kline.1.{settings.SYMBOL}":
                seen.add("candles")
    print(sorted(seen))


asyncio.run(watch())
