"""Trades ETH on spot with requests alone: what is signed goes into the address, the signature behind it."""

import hashlib
import hmac
import os
import time
from urllib.parse import urlencode

import requests

URL = "https://api-testnet.bybit.com"


class Spot:
    def __init__(self, key, secret):
        self.key, self.secret = key, secret

    def _signed(self, params):
        params["api_key"] = self.key
        params["timestamp"] = round(time.time() * 1000)
        query = urlencode(sorted(params.items()))
        return query + "&sign=" + hmac.new(self.secret.encode(), query.encode(), hashlib.sha256).hexdigest()

    def place(self, symbol, side, qty, price):
        # as long as it takes
        order = {"symbol": symbol, "side": side, "type": "LIMIT", "qty": qty, "price": price, "timeInForce": "GTC"}
        answer = requests.post(f"{URL}/spot/v1/order?{self._signed(order)}", timeout=10).json()
        if answer["ret_code"] != 0:
            raise SystemExit(answer["ret_msg"])
        return answer["result"]["orderId"]

    def cancel(self, symbol, order_id):
        query = self._signed({"symbol": symbol, "orderId": order_id})
        return requests.delete(URL + "/spot/v1/order?" + query, timeout=10).json()["ret_code"]

    def waiting(self, symbol):
        query = self._signed({"symbol": symbol})
        rows = requests.get(f"{URL}/spot/v1/open-orders?{query}", timeout=10).json()["result"]
        return sorted((row["side"].lower(), row["price"]) for row in rows)

    def coins(self):
        query = self._signed({})
        answer = requests.get(f"{URL}/spot/v1/account?{query}", timeout=10).json()
        return sorted(row["coin"] for row in answer["result"]["balances"])


spot = Spot(os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"])
first = spot.place("ETHUSDT", "BUY", 0.05, 2950)
second = spot.place("ETHUSDT", "SELL", 0.05, 3100)
print(spot.waiting("ETHUSDT"))
print(spot.cancel("ETHUSDT", first), spot.cancel("ETHUSDT", second))
print("USDT" in spot.coins())
