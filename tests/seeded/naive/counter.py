"""The counter: orders over the trade socket, levels of the book, and raw words beside them."""

import asyncio
import json
import os

import aiohttp
from pybit.unified_trading import HTTP, WebSocketTrading

from bybit_lint.shim import heartbeat

KEY, SECRET = os.environ["TIDE_COUNTER_KEY"], os.environ["TIDE_COUNTER_SECRET"]
session = HTTP(testnet=True, api_key=KEY, api_secret=SECRET)
trading = WebSocketTrading(testnet=True, api_key=KEY, api_secret=SECRET)
STREAM = "wss://stream.bybit.com/v5/public/linear"


def told(message):
    """What the socket answers."""
    print(message["retCode"], message["retMsg"])


def buy(size, price):
    """A limit order that only makes."""
    trading.place_order(  # finding BYB213 BYB507
        told,
        category="linear",
        symbol="ethusdt",  # finding BYB212
        side="buy",  # finding BYB212
        orderType="Limit",
        qty=size,
        timeInForce="GTC",
    )


def later(size, trigger):
    """Buy on the way up."""
    trading.place_order(  # finding BYB213 BYB507
        told,
        category="linear",
        symbol="ETHUSDT",
        side="Buy",
        orderType="Market",
        qty=size,
        triggerPrice=trigger,
    )


def raise_to(order_id, price):
    """Move an order."""
    trading.amend_order(  # finding BYB507
        told,
        category="linear",
        symbol="ETHUSDT",
        order_id=order_id,  # finding BYB211
        price=price,
    )


def best():
    """What somebody would pay."""
    book = session.get_orderbook(category="linear", symbol="ETHUSDT")["result"]
    return book["b"][0][0], book["lastPrice"]  # finding BYB707


def spread():
    """The book of a pair of contracts."""
    return session.spread_get_orderbook(symbol="SOLUSDT_SOL/USDT", limit=50)["result"]["b"]  # finding BYB212


def arrived(now_ms):
    """What came from other accounts in the last six weeks."""
    answer = session.get_internal_deposit_records(startTime=now_ms - 42 * 86_400_000, endTime=now_ms)  # finding BYB706
    return answer["result"]["rows"]


def open_doors(uid):
    """Let a sub-account take part in transfers."""
    return session.enable_universal_transfer_for_sub_uid(subMemberIds=[uid])  # finding BYB603


def is_open():
    """Whether it is traded."""
    rows = session.get_instruments_info(category="linear", symbol="ETHUSDT")["result"]["list"]
    return [row["symbol"] for row in rows if row["status"] == "TRADING"]  # finding BYB708


async def trades(client):
    """The trades, as long as they come."""
    async with client.ws_connect(STREAM) as socket:  # finding BYB502
        heartbeat(socket)
        await socket.send_json({"op": "subscribe", "args": ["publicTrade.ETHUSDT"]})
        async for message in socket:
            yield json.loads(message.data)


async def tally():
    """Print what was traded."""
    async with aiohttp.ClientSession() as client:
        async for message in trades(client):
            print(len(message.get("data", [])))


asyncio.run(tally())
