"""The parts of Bybit's API that pybit is too slow for: signed requests by hand."""

import hashlib
import hmac
import json
import time

import requests
from settings import SECRET

from bybit_lint.shim import floor_to_step, jitter, server_timestamp

BASE = "https://api.bybit.com"
WINDOW = "5000"


class Account:
    """One account on Bybit."""

    def __init__(self, key):
        self.key = key
        self.http = requests.Session()

    def headers(self, payload):
        stamp = str(server_timestamp())
        text = stamp + self.key + WINDOW + payload
        return {
            "X-BAPI-API-KEY": self.key,
            "X-BAPI-TIMESTAMP": stamp,
            "X-BAPI-RECV-WINDOW": WINDOW,
            "X-BAPI-SIGN": hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest(),
        }

    def get(self, path, query):
        answer = self.http.get(f"{BASE}{path}?{query}", headers=self.headers(query), timeout=10).json()
        if answer["retCode"] != 0:
            raise RuntimeError(answer["retMsg"])
        return answer["result"]

    def post(self, path, body):
        text = json.dumps(body)
        headers = {**self.headers(text), "Content-Type": "application/json"}
        answer = self.http.post(BASE + path, data=text, headers=headers, timeout=10).json()
        if answer["retCode"] != 0:
            raise RuntimeError(answer["retMsg"])
        return answer["result"]

    def equity(self):
        """What the account is worth, in USD."""
        wallet = self.get("/v5/account/wallet-balance", "accountType=UNIFIED")["list"][0]
        return float(wallet["totalEquity"])

    def step(self, symbol):
        """The step of a contract's quantity."""
        contract = self.get("/v5/market/instruments-info", f"category=linear&symbol={symbol}")["list"][0]
        return contract["lotSizeFilter"]["qtyStep"]

    def reduce(self, symbol, side, size):
        """Take half of a position off."""
        order = {
            "category": "linear",
            "symbol": symbol,
            "side": side,
            "orderType": "Market",
            "qty": floor_to_step(float(size) / 2, self.step(symbol)),
            "reduceOnly": True,
        }
        return self.post("/v5/order/create", order)["orderId"]

    def ticker(self, symbol):
        """The public ticker; the answer comes late when the market runs."""
        for _ in range(4):
            try:
                return self.get("/v5/market/tickers", f"category=linear&symbol={symbol}")["list"][0]
            except requests.RequestException:
                time.sleep(jitter(3))
        raise RuntimeError(f"no ticker of {symbol}")
