"""Trades ETH with httpx; one function signs, and another sends what it is told to."""

import asyncio
import hashlib
import hmac
import os
import time

import httpx

URL = "https://api-testnet.bybit.com"
KEY, SECRET = os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"]


def sign(params: dict) -> dict:
    params["api_key"] = KEY
    params["timestamp"] = str(int(time.time() * 1000))
    query = "&".join(f"{key}={params[key]}" for key in sorted(params))
    params["sign"] = hmac.new(SECRET.encode("utf-8"), query.encode("utf-8"), hashlib.sha256).hexdigest()
    return params


async def ask(client, method, path, params):
    params = sign(params)
    if method == "GET":
        response = await client.get(URL + path, params=params)
    else:
        response = await client.post(URL + path, json=params)
    response.raise_for_status()
    answer = response.json()
    if answer["ret_code"] != 0:
        raise RuntimeError(answer["ret_msg"])
    return answer["result"]


async def place(client, price):
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
    made = await ask(client, "POST", "/private/linear/order/create", order)
    return made["order_id"]


async def main():
    async with httpx.AsyncClient(timeout=10) as client:
        order_id = await place(client, 2900)
        change = {"symbol": "ETHUSDT", "order_id": order_id, "p_r_price": 2910}
        await ask(client, "POST", "/private/linear/order/replace", change)
        for row in await ask(client, "GET", "/private/linear/order/search", {"symbol": "ETHUSDT"}):
            print(row["order_status"], row["price"] + 1)
        await ask(client, "POST", "/private/linear/order/cancel", {"symbol": "ETHUSDT", "order_id": order_id})
        for held in await ask(client, "GET", "/private/linear/position/list", {"symbol": "ETHUSDT"}):
            print(held["size"] * 2)


asyncio.run(main())
