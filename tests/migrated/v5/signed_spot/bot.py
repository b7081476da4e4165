"""Trades ETH on spot with requests alone: what is signed goes into the address, the signature behind it."""

import hashlib
import hmac
import json
import os
import time
from urllib.parse import urlencode

import requests

URL = "https://api-testnet.bybit.com"


class Spot:
    def __init__(self, key, secret):
        self.key, self.secret = key, secret

    def _headers(self, sent):
        stamp = str(round(time.time() * 1000))
        text = f"{stamp}{self.key}5000{sent}"
        return {
            "X-BAPI-API-KEY": self.key,
            "X-BAPI-TIMESTAMP": stamp,
            "X-BAPI-RECV-WINDOW": "5000",
            "X-BAPI-SIGN": hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest(),
            "Content-Type": "application/json",
        }

    def _get(self, path, params):
        query = urlencode(params)
        return requests.get(f"{URL}{path}?{query}", headers=self._headers(query), timeout=10).json()

    def _post(self, path, params):
        body = json.dumps(params)
        return requests.post(URL + path, data=body, headers=self._headers(body), timeout=10).json()

    def place(self, symbol, side, qty, price):
        # as long as it takes
        order = {
            "category": "spot",
            "symbol": symbol,
            "side": side,
            "orderType": "Limit",
            "qty": str(qty),
            "price": str(price),
            "timeInForce": "GTC",
        }
        answer = self._post("/v5/order/create", order)
        if answer["retCode"] != 0:
            raise SystemExit(answer["retMsg"])
        return answer["result"]["orderId"]

    def cancel(self, symbol, order_id):
        return self._post("/v5/order/cancel", {"category": "spot", "symbol": symbol, "orderId": order_id})["retCode"]

    def waiting(self, symbol):
        asked = {"category": "spot", "orderFilter": "Order", "symbol": symbol}
        rows = self._get("/v5/order/realtime", asked)["result"]["list"]
        return sorted((row["side"].lower(), row["price"]) for row in rows)

    def coins(self):
        answer = self._get("/v5/account/wallet-balance", {"accountType": "UNIFIED"})
        return sorted(row["coin"] for row in answer["result"]["list"][0]["coin"])


spot = Spot(os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"])
first = spot.place("ETHUSDT", "Buy", 0.05, 2950)
second = spot.place("ETHUSDT", "Sell", 0.05, 3100)
print(spot.waiting("ETHUSDT"))
print(spot.cancel("ETHUSDT", first), spot.cancel("ETHUSDT", second))
print("USDT" in spot.coins())
