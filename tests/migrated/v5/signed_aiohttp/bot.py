"""Trades ETH with aiohttp: what is sent is signed in the headers, and what needs no key goes out plain."""

import asyncio
import hashlib
import hmac
import json
import os
import time
from urllib.parse import urlencode

import aiohttp

BASE = "https://api-testnet.bybit.com"


class Desk:
    def __init__(self, session, key, secret):
        self.session, self.key, self.secret = session, key, secret

    def _headers(self, sent):
        stamp = str(int(time.time() * 1000))
        text = f"{stamp}{self.key}10000{sent}"
        return {
            "X-BAPI-API-KEY": self.key,
            "X-BAPI-TIMESTAMP": stamp,
            "X-BAPI-RECV-WINDOW": "10000",
            "X-BAPI-SIGN": hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest(),
            "Content-Type": "application/json",
        }

    async def public_get(self, path, params=None):
        async with self.session.get(BASE + path, params=params) as response:
            return await response.json()

    async def private_get(self, path, params):
        query = urlencode(params)
        async with self.session.get(f"{BASE}{path}?{query}", headers=self._headers(query)) as response:
            return await response.json()

    async def private_post(self, path, params):
        body = json.dumps(params)
        async with self.session.post(BASE + path, data=body, headers=self._headers(body)) as response:
            answer = await response.json()
        if answer["retCode"] != 0:
            raise RuntimeError(answer["retMsg"])
        return answer

    async def price(self):
        answer = await self.public_get("/v5/market/tickers", {"category": "linear", "symbol": "ETHUSDT"})
        return float(answer["result"]["list"][0]["lastPrice"])

    async def buy(self, price):
        order = {
            "category": "linear",
            "symbol": "ETHUSDT",
            "side": "Buy",
            "orderType": "Limit",
            "qty": "0.1",
            "price": str(price),
            "timeInForce": "GTC",
            "reduceOnly": False,
            "closeOnTrigger": False,
        }
        return (await self.private_post("/v5/order/create", order))["result"]["orderId"]

    async def open_orders(self):
        asked = {"category": "linear", "orderFilter": "Order", "symbol": "ETHUSDT"}
        return (await self.private_get("/v5/order/realtime", asked))["result"]["list"]

    async def cancel(self, order_id):
        await self.private_post("/v5/order/cancel", {"category": "linear", "symbol": "ETHUSDT", "orderId": order_id})


async def main():
    async with aiohttp.ClientSession() as session:
        desk = Desk(session, os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"])
        made = await desk.buy(await desk.price() - 100)
        for order in await desk.open_orders():
            print(order["orderId"] == made, float(order["price"]) + 1)
        await desk.cancel(made)
        print(len(await desk.open_orders()))


asyncio.run(main())
