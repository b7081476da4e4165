"""One function asks for what everybody may see and for what is the bot's own: it signs where it is told to."""

import hashlib
import hmac
import os
import time

import requests

URL = "https://api-testnet.bybit.com"


class Exchange:
    def __init__(self, key, secret):
        self.key, self.secret = key, secret

    def _sign(self, params):
        text = "&".join(f"{name}={params[name]}" for name in sorted(params))
        return hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()

    def ask(self, method, path, params=None, signed=False):
        params = params or {}
        if signed:
            params.update({"api_key": self.key, "timestamp": int(time.time() * 1000)})
            params["sign"] = self._sign(params)
        if method == "GET":
            return requests.get(URL + path, params=params, timeout=10).json()
        return requests.post(URL + path, json=params, timeout=10).json()

    def price(self):
        return self.ask("GET", "/v2/public/tickers", {"symbol": "BTCUSDT"})["result"][0]["last_price"]

    def buy(self, qty, price):
        order = {
            "symbol": "BTCUSDT",
            "side": "Buy",
            "order_type": "Limit",
            "qty": qty,
            "price": price,
            "time_in_force": "GoodTillCancel",
            "reduce_only": False,
            "close_on_trigger": False,
        }
        return self.ask("POST", "/private/linear/order/create", order, signed=True)["result"]["order_id"]

    def cancel(self, order_id):
        order = {"symbol": "BTCUSDT", "order_id": order_id}
        return self.ask("POST", "/private/linear/order/cancel", order, signed=True)["ret_code"]


exchange = Exchange(os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"])
price = int(float(exchange.price()))
first, second = exchange.buy(0.01, price - 1000), exchange.buy(0.02, price - 2000)
print(price, exchange.cancel(first))
