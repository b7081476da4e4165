"""One function asks for what everybody may see and for what is the bot's own: it signs where it is told to."""

import hashlib
import hmac
import json
import os
import time

import requests

URL = "https://api-testnet.bybit.com"


class Exchange:
    def __init__(self, key, secret):
        self.key, self.secret = key, secret

    def _headers(self, text):
        stamp = str(int(time.time() * 1000))
        sign = hmac.new(self.secret.encode(), f"{stamp}{self.key}5000{text}".encode(), hashlib.sha256).hexdigest()
        return {
            "X-BAPI-API-KEY": self.key,
            "X-BAPI-TIMESTAMP": stamp,
            "X-BAPI-RECV-WINDOW": "5000",
            "X-BAPI-SIGN": sign,
            "Content-Type": "application/json",
        }

    def price(self):
        asked = {"category": "linear", "symbol": "BTCUSDT"}
        answer = requests.get(URL + "/v5/market/tickers", params=asked, timeout=10).json()
        return answer["result"]["list"][0]["lastPrice"]

    def _post(self, path, params):
        text = json.dumps(params)
        return requests.post(URL + path, data=text, headers=self._headers(text), timeout=10).json()

    def buy(self, qty, price):
        order = {
            "category": "linear",
            "symbol": "BTCUSDT",
            "side": "Buy",
            "orderType": "Limit",
            "qty": str(qty),
            "price": str(price),
            "timeInForce": "GTC",
            "reduceOnly": False,
            "closeOnTrigger": False,
        }
        return self._post("/v5/order/create", order)["result"]["orderId"]

    def cancel(self, order_id):
        return self._post("/v5/order/cancel", {"category": "linear", "symbol": "BTCUSDT", "orderId": order_id})[
            "retCode"
        ]


exchange = Exchange(os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"])
price = int(float(exchange.price()))
first, second = exchange.buy(0.01, price - 1000), exchange.buy(0.02, price - 2000)
print(price, exchange.cancel(first))
