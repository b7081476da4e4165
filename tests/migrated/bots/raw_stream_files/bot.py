"""Watches BTC on a socket whose address is a setting."""

import asyncio
import json

import settings
import websockets


async def watch():
    seen = set()
    async with websockets.connect(settings.STREAM) as ws:
        topics = [f"trade.{settings.SYMBOL}", f"candle.1.{settings.SYMBOL}", f"orderBookL2_25.{settings.SYMBOL}"]
        await ws.send(json.dumps({"op": "subscribe", "args": topics}))
        while len(seen) < 3:
            topic = json.loads(await ws.recv()).get("topic", "")
            if topic.startswith("orderBookL2_25."):
                seen.add("book")
            elif "trade" in topic:
                seen.add("trades")
            elif topic == f"candle.1.{settings.SYMBOL}":
                seen.add("candles")
    print(sorted(seen))


asyncio.run(watch())
