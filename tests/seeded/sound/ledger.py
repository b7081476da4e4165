"""Orders and fees of the last days, asked for by a coroutine with httpx."""

import asyncio
import hashlib
import hmac
import json

import httpx
from settings import KEY, SECRET, SYMBOLS

from bybit_lint.shim import jitter, round_price, server_timestamp

BASE = "https://api-testnet.bybit.com"
WINDOW = 5000
client = httpx.AsyncClient(base_url=BASE, timeout=10)


def signed(payload):
    now = server_timestamp("https://api-testnet.bybit.com")
    text = f"{now}{KEY}{WINDOW}{payload}"
    return {
        "X-BAPI-API-KEY": KEY,
        "X-BAPI-TIMESTAMP": str(now),
        "X-BAPI-RECV-WINDOW": str(WINDOW),
        "X-BAPI-SIGN": hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest(),
        "Content-Type": "application/json",
    }


async def executions(symbol):
    query = f"category=linear&symbol={symbol}&limit=100"
    wait = 1
    while wait < 60:
        try:
            response = await client.get(f"/v5/execution/list?{query}", headers=signed(query))
            response.raise_for_status()
            answer = response.json()
            if answer["retCode"] != 0:
                raise RuntimeError(answer["retMsg"])
            return answer["result"]["list"]
        except httpx.HTTPError:
            await asyncio.sleep(jitter(wait))
            wait *= 2
    raise RuntimeError("Bybit does not answer")


async def protect(symbol, fills):
    """Put the stop below what was paid on average."""
    paid = sum(float(fill["execValue"]) for fill in fills)
    size = sum(float(fill["execQty"]) for fill in fills)
    body = json.dumps(
        {
            "category": "linear",
            "symbol": symbol,
            "stopLoss": round_price(BASE, "linear", symbol, paid / size * 0.97),
            "positionIdx": 0,
        }
    )
    response = await client.post("/v5/position/trading-stop", content=body, headers=signed(body))
    answer = response.json()
    if answer["retCode"] != 0:
        raise RuntimeError(answer["retMsg"])


async def cancel(symbol, order_id):
    order = {"category": "linear", "symbol": symbol, "orderId": order_id}
    body = json.dumps(order)
    response = await client.post("/v5/order/cancel", content=body, headers=signed(body))
    answer = response.json()
    if answer["retCode"] != 0:
        raise RuntimeError(answer["retMsg"])


async def main():
    for symbol in SYMBOLS:
        if fills := await executions(symbol):
            await protect(symbol, fills)
    await client.aclose()


if __name__ == "__main__":
    asyncio.run(main())
