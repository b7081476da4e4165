"""Prices of many coins at once, from the streams of the spot market and of the demo."""

import asyncio
import json

import websockets
from pybit.unified_trading import WebSocket
from bybit_lint.shim import heartbeat

COINS = "BTC ETH SOL XRP ADA DOT LTC LINK ATOM AVAX DOGE TON".split()
MAINNET = "wss://stream.bybit.com/v5/public/linear"
DEMO = "wss://stream-demo.bybit.com/v5/public/linear"
spot = WebSocket(testnet=False, channel_type="spot")


def watch_all(show):
    spot.ticker_stream(symbol=[f"{coin}USDT" for coin in COINS], callback=show)  # finding BYB505


def watch(show):
    spot.trade_stream(symbol="publicTrade.BTCUSDT", callback=show)  # finding BYB505


async def rehearse(show):
    async for ws in websockets.connect(DEMO):  # finding BYB505
        heartbeat(ws)
        await ws.send(json.dumps({"op": "subscribe", "args": ["tickers.BTCUSDT"]}))
        async for text in ws:
            show(text)


async def follow(show, coin):
    async for ws in websockets.connect(MAINNET):
        heartbeat(ws)
        await ws.send(json.dumps({"op": "subscribe", "args": [f"liquidations.{coin}USDT"]}))  # finding BYB505
        async for text in ws:
            show(text)


async def both(show):
    await asyncio.gather(rehearse(show), follow(show, "BTC"))
