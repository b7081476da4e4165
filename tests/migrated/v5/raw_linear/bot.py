"""Trades BTC with requests alone, signed as the linear API wanted it."""

import hashlib
import hmac
import json
import os
import time
from urllib.parse import urlencode

import requests

URL = "https://api-testnet.bybit.com"
KEY, SECRET = os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"]


def headers(text):
    stamp = str(int(time.time() * 1000))
    sign = hmac.new(SECRET.encode(), f"{stamp}{KEY}5000{text}".encode(), hashlib.sha256).hexdigest()
    return {
        "X-BAPI-API-KEY": KEY,
        "X-BAPI-TIMESTAMP": stamp,
        "X-BAPI-RECV-WINDOW": "5000",
        "X-BAPI-SIGN": sign,
        "Content-Type": "application/json",
    }


def get(path, **params):
    query = urlencode(params)
    return requests.get(f"{URL}{path}?{query}", headers=headers(query), timeout=10).json()


def post(path, **params):
    body = json.dumps(params)
    return requests.post(URL + path, data=body, headers=headers(body), timeout=10).json()


def price(symbol):
    answer = requests.get(
        URL + "/v5/market/tickers", params={"category": "linear", "symbol": symbol}, timeout=10
    ).json()
    return float(answer["result"]["list"][0]["lastPrice"])


def main():
    limit = price("BTCUSDT") - 500
    answer = post(
        "/v5/order/create",
        category="linear",
        symbol="BTCUSDT",
        side="Buy",
        orderType="Limit",
        qty="0.01",
        price=str(limit),
        timeInForce="GTC",
    )
    if answer["retCode"] != 0:
        raise SystemExit(answer["retMsg"])
    order_id = answer["result"]["orderId"]
    for position in get("/v5/position/list", category="linear", symbol="BTCUSDT")["result"]["list"]:
        print(position["side"] or "none", float(position["size"]) / 2)
    print(post("/v5/order/cancel", category="linear", symbol="BTCUSDT", orderId=order_id)["retCode"])
    print(post("/v5/order/cancel", category="linear", symbol="BTCUSDT", orderId=order_id)["retCode"] != 0)


if __name__ == "__main__":
    main()
