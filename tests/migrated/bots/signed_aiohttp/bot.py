"""Trades ETH with aiohttp: what is sent is signed in the query or in the JSON, and what needs no key goes out plain."""

import asyncio
import hashlib
import hmac
import json
import os
import time

import aiohttp

BASE = "https://api-testnet.bybit.com"


class Desk:
    def __init__(self, session, key, secret):
        self.session, self.key, self.secret = session, key, secret

    def _sign(self, params):
        text = "&".join(f"{name}={params[name]}" for name in sorted(params))
        return hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()

    async def public_get(self, path, params=None):
        async with self.session.get(BASE + path, params=params) as response:
            return await response.json()

    async def private_get(self, path, params):
        params.update({"api_key": self.key, "timestamp": int(time.time() * 1000), "recv_window": 10000})
        params["sign"] = self._sign(params)
        async with self.session.get(BASE + path, params=params, headers={"User-Agent": "desk"}) as response:
            return json.loads(await response.text())

    async def private_post(self, path, params):
        params.update({"api_key": self.key, "timestamp": int(time.time() * 1000), "recv_window": 10000})
        params["sign"] = self._sign(params)
        async with self.session.post(BASE + path, json=params) as response:
            answer = await response.json()
        if answer["ret_code"] != 0:
            raise RuntimeError(answer["ret_msg"])
        return answer

    async def price(self):
        return float((await self.public_get("/v2/public/tickers", {"symbol": "ETHUSDT"}))["result"][0]["last_price"])

    async def buy(self, price):
        order = {
            "symbol": "ETHUSDT",
            "side": "Buy",
            "order_type": "Limit",
            "qty": 0.1,
            "price": price,
            "time_in_force": "GoodTillCancel",
            "reduce_only": False,
            "close_on_trigger": False,
        }
        return (await self.private_post("/private/linear/order/create", order))["result"]["order_id"]

    async def open_orders(self):
        return (await self.private_get("/private/linear/order/search", {"symbol": "ETHUSDT"}))["result"]

    async def cancel(self, order_id):
        await self.private_post("/private/linear/order/cancel", {"symbol": "ETHUSDT", "order_id": order_id})


async def main():
    async with aiohttp.ClientSession(headers={"Content-Type": "application/json"}) as session:
        desk = Desk(session, os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"])
        made = await desk.buy(await desk.price() - 100)
        for order in await desk.open_orders():
            print(order["order_id"] == made, order["price"] + 1)
        await desk.cancel(made)
        print(len(await desk.open_orders()))


asyncio.run(main())
