"""Moves what was earned out of reach, and watches the wallet, with aiohttp."""

import asyncio
import hashlib
import hmac
import json

import aiohttp
from settings import KEY, SECRET

from bybit_lint.shim import floor_to_step, heartbeat, jitter, server_timestamp

BASE = "https://api-testnet.bybit.com"
PRIVATE = "wss://stream-testnet.bybit.com/v5/private"


def headers(payload):
    stamp = str(server_timestamp("https://api-testnet.bybit.com"))
    text = f"{stamp}{KEY}5000{payload}"
    return {
        "X-BAPI-API-KEY": KEY,
        "X-BAPI-TIMESTAMP": stamp,
        "X-BAPI-RECV-WINDOW": "5000",
        "X-BAPI-SIGN": hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest(),
        "Content-Type": "application/json",
    }


async def balance(http: aiohttp.ClientSession, coin):
    query = f"accountType=UNIFIED&coin={coin}"
    for _ in range(3):
        try:
            url = f"{BASE}/v5/account/wallet-balance?{query}"
            async with http.get(url, headers=headers(query), timeout=aiohttp.ClientTimeout(10)) as response:
                answer = await response.json()
        except aiohttp.ClientError:
            await asyncio.sleep(jitter(2))
            continue
        if answer["retCode"] != 0:
            raise RuntimeError(answer["retMsg"])
        return float(answer["result"]["list"][0]["coin"][0]["walletBalance"])
    raise RuntimeError("Bybit does not answer")


async def sell(http: aiohttp.ClientSession, coin, share, step):
    """Sell a share of a coin on the spot market."""
    amount = await balance(http, coin)
    body = json.dumps(
        {
            "category": "spot",
            "symbol": f"{coin}USDT",
            "side": "Sell",
            "orderType": "Market",
            "qty": floor_to_step(amount * share, step),
        }
    )
    async with http.post(f"{BASE}/v5/order/create", data=body, headers=headers(body)) as response:
        answer = await response.json()
    if answer["retCode"] != 0:
        raise RuntimeError(answer["retMsg"])


async def watch(http: aiohttp.ClientSession, login):
    async with http.ws_connect(PRIVATE) as ws:
        heartbeat(ws)
        await ws.send_str(login())
        await ws.send_json({"op": "subscribe", "args": ["wallet"]})
        async for message in ws:
            print(json.loads(message.data).get("data"))
