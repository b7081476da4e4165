"""Trades ETH with httpx; one function signs, and another sends what it is told to."""

import asyncio
import hashlib
import hmac
import json
import os
import time
from urllib.parse import urlencode

import httpx

URL = "https://api-testnet.bybit.com"
KEY, SECRET = os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"]


def headers(sent: str) -> dict:
    stamp = str(int(time.time() * 1000))
    sign = hmac.new(SECRET.encode("utf-8"), f"{stamp}{KEY}5000{sent}".encode(), hashlib.sha256).hexdigest()
    return {
        "X-BAPI-API-KEY": KEY,
        "X-BAPI-TIMESTAMP": stamp,
        "X-BAPI-RECV-WINDOW": "5000",
        "X-BAPI-SIGN": sign,
        "Content-Type": "application/json",
    }


async def ask(client, method, path, params):
    if method == "GET":
        query = urlencode(params)
        response = await client.get(f"{URL}{path}?{query}", headers=headers(query))
    else:
        body = json.dumps(params)
        response = await client.post(URL + path, content=body, headers=headers(body))
    response.raise_for_status()
    answer = response.json()
    if answer["retCode"] != 0:
        raise RuntimeError(answer["retMsg"])
    return answer["result"]


async def place(client, price):
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
    made = await ask(client, "POST", "/v5/order/create", order)
    return made["orderId"]


async def main():
    one = {"category": "linear", "symbol": "ETHUSDT"}
    async with httpx.AsyncClient(timeout=10) as client:
        order_id = await place(client, 2900)
        await ask(client, "POST", "/v5/order/amend", {**one, "orderId": order_id, "price": "2910"})
        for row in (await ask(client, "GET", "/v5/order/realtime", {**one, "orderFilter": "Order"}))["list"]:
            print(row["orderStatus"], float(row["price"]) + 1)
        await ask(client, "POST", "/v5/order/cancel", {**one, "orderId": order_id})
        for held in (await ask(client, "GET", "/v5/position/list", one))["list"]:
            print(float(held["size"]) * 2)


asyncio.run(main())
