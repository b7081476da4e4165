"""Trades BTC by paths that have names: of another file, of the class, in a dict."""

import hashlib
import hmac
import os
import time

import paths
import requests
from paths import CREATE, TICKERS

POSITION = {"list": "/private/linear/position/list", "stop": "/private/linear/position/trading-stop"}


class Desk:
    CANCEL = "/private/linear/order/cancel"

    def __init__(self):
        self.key, self.secret = os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"]
        self.replace = "/private/linear/order/replace"

    def ask(self, method, path, params):
        params["api_key"] = self.key
        params["timestamp"] = int(time.time() * 1000)
        text = "&".join(f"{name}={value}" for name, value in sorted(params.items()))
        params["sign"] = hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        if method == "GET":
            return requests.get(paths.HOST + path, params=params, timeout=10).json()
        return requests.post(paths.HOST + path, json=params, timeout=10).json()

    def place(self, side, qty, price):
        order = {"symbol": "BTCUSDT", "side": side, "order_type": "Limit", "qty": qty, "price": price}
        order["time_in_force"] = "GoodTillCancel"
        return self.ask("POST", CREATE, order)["result"]["order_id"]

    def close(self, qty):
        order = {"symbol": "BTCUSDT", "side": "Sell", "order_type": "Market", "qty": qty, "reduce_only": True}
        order["time_in_force"] = "ImmediateOrCancel"
        return self.ask("POST", paths.CREATE, order)["ret_code"]

    def move(self, order_id, price):
        self.ask("POST", self.replace, {"symbol": "BTCUSDT", "order_id": order_id, "p_r_price": price})

    def cancel(self, order_id):
        return self.ask("POST", self.CANCEL, {"symbol": "BTCUSDT", "order_id": order_id})["ret_code"]

    def open_orders(self):
        return self.ask("GET", paths.SEARCH, {"symbol": "BTCUSDT"})["result"]

    def held(self):
        rows = self.ask("GET", POSITION["list"], {"symbol": "BTCUSDT"})["result"]
        return sum(row["size"] for row in rows if row["side"] == "Buy")


def last():
    answer = requests.get(TICKERS, params={"symbol": "BTCUSDT"}, timeout=10).json()
    return float(answer["result"][0]["last_price"])


desk = Desk()
made = desk.place("Buy", 0.01, last() - 1000)
desk.move(made, 58000)
for row in desk.open_orders():
    print(row["price"] + 1)
print(desk.cancel(made))
print(desk.close(desk.held()))
