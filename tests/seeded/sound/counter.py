"""The counter: orders over the trade socket, levels of the book, and raw words beside them."""

import asyncio
import json
import os

import aiohttp
from pybit.unified_trading import HTTP, WebSocketTrading

from bybit_lint.shim import backoff, heartbeat

KEY, SECRET = os.environ["TIDE_COUNTER_KEY"], os.environ["TIDE_COUNTER_SECRET"]
session = HTTP(testnet=True, api_key=KEY, api_secret=SECRET)
STREAM = "wss://stream.bybit.com/v5/public/linear"


def told(message):
    """What the socket answers."""
    print(message["retCode"], message["retMsg"])


trading = WebSocketTrading(testnet=True, api_key=KEY, api_secret=SECRET)


def buy(size, price):
    """A limit order that only makes."""
    trading.place_order(
        told,
        error_callback=told,
        category="linear",
        symbol="ETHUSDT",
        side="Buy",
        orderType="Limit",
        qty=size,
        price=price,
        timeInForce="PostOnly",
    )


def later(size, trigger):
    """Buy on the way up."""
    trading.place_order(
        told,
        error_callback=told,
        category="linear",
        symbol="ETHUSDT",
        side="Buy",
        orderType="Market",
        qty=size,
        triggerPrice=trigger,
        triggerDirection=1,
    )


def raise_to(order_id, price):
    """Move an order."""
    trading.amend_order(told, error_callback=told, category="linear", symbol="ETHUSDT", orderId=order_id, price=price)


def best():
    """What somebody would pay, and what was paid."""
    book = session.get_orderbook(category="linear", symbol="ETHUSDT")["result"]
    row = session.get_tickers(category="linear", symbol="ETHUSDT")["result"]["list"][0]
    return book["b"][0][0], row["lastPrice"]


def spread():
    """The book of a pair of contracts."""
    return session.spread_get_orderbook(symbol="SOLUSDT_SOL/USDT", limit=25)["result"]["b"]


def arrived(now_ms):
    """What came from other accounts in the last four weeks."""
    answer = session.get_internal_deposit_records(startTime=now_ms - 28 * 86_400_000, endTime=now_ms)
    return answer["result"]["rows"]


def is_open():
    """Whether it is traded."""
    rows = session.get_instruments_info(category="linear", symbol="ETHUSDT")["result"]["list"]
    return [row["symbol"] for row in rows if row["status"] == "Trading"]


async def trades(client):
    """The trades, as long as they come, and again after each break."""
    attempt = 0
    while True:
        try:
            async with client.ws_connect(STREAM) as socket:
                heartbeat(socket)
                await socket.send_json({"op": "subscribe", "args": ["publicTrade.ETHUSDT"]})
                async for message in socket:
                    attempt = 0
                    yield json.loads(message.data)
        except (OSError, aiohttp.ClientError):
            attempt += 1
        await asyncio.sleep(backoff(attempt))


async def tally():
    """Print what was traded."""
    async with aiohttp.ClientSession() as client:
        async for message in trades(client):
            print(len(message.get("data", [])))


asyncio.run(tally())
