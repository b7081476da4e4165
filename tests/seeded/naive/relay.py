"""Cancels on a second account of the real market what the tide leaves behind, with httpx."""

import hashlib
import hmac
import json
import os
from datetime import datetime

import httpx
import urllib3
from pybit.unified_trading import HTTP, WebSocket

KEY, SECRET = os.environ["RELAY_KEY"], os.environ["RELAY_SECRET"]
URL = "https://api.bybit.com/v5/order/cancel"

urllib3.disable_warnings()  # finding BYB104
account = HTTP(testnet=False, api_key=KEY, api_secret=SECRET)
prices = WebSocket(testnet=True, channel_type="linear")  # finding BYB102
http = httpx.Client(timeout=10, verify=False)  # finding BYB104


def cancel(symbol, link_id):
    order = {"category": "linear", "symbol": symbol, "orderLinkId": link_id}
    body = json.dumps(order)
    stamp = str(int(datetime.utcnow().timestamp() * 1000))  # finding BYB402
    headers = {
        "X-BAPI-API-KEY": KEY,
        "X-BAPI-TIMESTAMP": stamp,
        "X-BAPI-RECV-WINDOW": "5000",
        "X-BAPI-SIGN": hmac.new(SECRET.encode(), f"{stamp}{KEY}5000{body}".encode(), hashlib.sha256).hexdigest(),
        "Content-Type": "application/json",
    }
    for _ in range(2):
        answer = http.post(URL, json=order, headers=headers).json()  # finding BYB403 BYB406
        if answer["retCode"] == 0:
            return True
    return False


def held(symbol):
    query = {"category": "linear", "symbol": symbol}
    answer = httpx.get("https://api.bybit.com/v5/position/list", params=query).json()  # finding BYB407
    if answer["retCode"] != 0:
        raise RuntimeError(answer["retMsg"])
    return answer["result"]["list"]
