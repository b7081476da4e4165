"""Trades BTC by paths that have names: of another file, of the class, in a dict."""

import hashlib
import hmac
import json
import os
import time
from urllib.parse import urlencode

import paths
import requests
from paths import CREATE, TICKERS

POSITION = {"list": "/v5/position/list", "stop": "/v5/position/trading-stop"}


class Desk:
    CANCEL = "/v5/order/cancel"

    def __init__(self):
        self.key, self.secret = os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"]
        self.replace = "/v5/order/amend"

    def headers(self, sent):
        stamp = str(int(time.time() * 1000))
        sign = hmac.new(self.secret.encode(), f"{stamp}{self.key}5000{sent}".encode(), hashlib.sha256).hexdigest()
        return {
            "X-BAPI-API-KEY": self.key,
            "X-BAPI-TIMESTAMP": stamp,
            "X-BAPI-RECV-WINDOW": "5000",
            "X-BAPI-SIGN": sign,
            "Content-Type": "application/json",
        }

    def ask(self, method, path, params):
        params = {"category": "linear", **params}
        if method == "GET":
            query = urlencode(params)
            return requests.get(f"{paths.HOST}{path}?{query}", headers=self.headers(query), timeout=10).json()
        body = json.dumps(params)
        return requests.post(paths.HOST + path, data=body, headers=self.headers(body), timeout=10).json()

    def place(self, side, qty, price):
        order = {"symbol": "BTCUSDT", "side": side, "orderType": "Limit", "qty": str(qty), "price": str(price)}
        order["timeInForce"] = "GTC"
        return self.ask("POST", CREATE, order)["result"]["orderId"]

    def close(self, qty):
        order = {"symbol": "BTCUSDT", "side": "Sell", "orderType": "Market", "qty": str(qty), "reduceOnly": True}
        order["timeInForce"] = "IOC"
        return self.ask("POST", paths.CREATE, order)["retCode"]

    def move(self, order_id, price):
        self.ask("POST", self.replace, {"symbol": "BTCUSDT", "orderId": order_id, "price": str(price)})

    def cancel(self, order_id):
        return self.ask("POST", self.CANCEL, {"symbol": "BTCUSDT", "orderId": order_id})["retCode"]

    def open_orders(self):
        return self.ask("GET", paths.SEARCH, {"orderFilter": "Order", "symbol": "BTCUSDT"})["result"]["list"]

    def held(self):
        rows = self.ask("GET", POSITION["list"], {"symbol": "BTCUSDT"})["result"]["list"]
        return sum(float(row["size"]) for row in rows if row["side"] == "Buy")


def last():
    answer = requests.get(TICKERS, params={"category": "linear", "symbol": "BTCUSDT"}, timeout=10).json()
    return float(answer["result"]["list"][0]["lastPrice"])


desk = Desk()
made = desk.place("Buy", 0.01, last() - 1000)
desk.move(made, 58000)
for row in desk.open_orders():
    print(float(row["price"]) + 1)
print(desk.cancel(made))
print(desk.close(desk.held()))
