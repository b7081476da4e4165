"""Cancels on a second account of the real market what the tide leaves behind, with httpx."""

import hashlib
import hmac
import json
import os

import httpx
from bybit_lint.shim import server_timestamp
from pybit.unified_trading import HTTP, WebSocket

KEY, SECRET = os.environ["RELAY_KEY"], os.environ["RELAY_SECRET"]
URL = "https://api.bybit.com/v5/order/cancel"

account = HTTP(testnet=False, api_key=KEY, api_secret=SECRET)
prices = WebSocket(testnet=False, channel_type="linear")
http = httpx.Client(timeout=10)


def headers(body):
    stamp = str(server_timestamp())
    return {
        "X-BAPI-API-KEY": KEY,
        "X-BAPI-TIMESTAMP": stamp,
        "X-BAPI-RECV-WINDOW": "5000",
        "X-BAPI-SIGN": hmac.new(SECRET.encode(), f"{stamp}{KEY}5000{body}".encode(), hashlib.sha256).hexdigest(),
        "Content-Type": "application/json",
    }


def cancel(symbol, link_id):
    body = json.dumps({"category": "linear", "symbol": symbol, "orderLinkId": link_id})
    for _ in range(2):
        answer = http.post(URL, content=body, headers=headers(body)).json()
        if answer["retCode"] == 0:
            return True
    return False


def held(symbol):
    query = f"category=linear&symbol={symbol}"
    answer = http.get(f"https://api.bybit.com/v5/position/list?{query}", headers=headers(query)).json()
    if answer["retCode"] != 0:
        raise RuntimeError(answer["retMsg"])
    return answer["result"]["list"]
