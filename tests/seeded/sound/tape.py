"""The public trades of one symbol, one line each."""

import json

import websockets
from bybit_lint.shim import heartbeat


async def tape(symbol):
    """Print the price of each trade."""
    async for ws in websockets.connect("wss://stream-testnet.bybit.com/v5/public/linear"):
        heartbeat(ws)
        await ws.send(json.dumps({"op": "subscribe", "args": [f"publicTrade.{symbol}"]}))
        answer = json.loads(await ws.recv())
        if not answer["success"]:
            raise SystemExit(answer["ret_msg"])
        async for text in ws:
            for trade in json.loads(text).get("data", []):
                print(trade["p"])
