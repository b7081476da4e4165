"""Sells ETH on spot with requests alone; what it watches needs no key."""

import hashlib
import hmac
import os
import time
from urllib.parse import urlencode

import requests

URL = "https://api-testnet.bybit.com"
KEY, SECRET = os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"]


def last(symbol):
    answer = requests.get(f"{URL}/spot/quote/v1/ticker/price", params={"symbol": symbol}, timeout=10).json()
    if answer["ret_code"] != 0:
        raise SystemExit(answer["ret_msg"])
    return float(answer["result"]["price"])


def candles(symbol):
    query = {"symbol": symbol, "interval": "1h", "limit": 3}
    return requests.get(f"{URL}/spot/quote/v1/kline", params=query, timeout=10).json()["result"]


def signed(**params):
    params.update(api_key=KEY, timestamp=int(time.time() * 1000))
    text = urlencode(sorted(params.items()))
    return f"{text}&sign={hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()}"


def sell(symbol, qty):
    query = signed(symbol=symbol, side="SELL", type="MARKET", qty=qty)
    return requests.post(f"{URL}/spot/v1/order?{query}", timeout=10).json()


def cancel(order_id):
    return requests.delete(f"{URL}/spot/v1/order?{signed(orderId=order_id)}", timeout=10).json()


def watch(symbol):
    closes = [float(candle[4]) for candle in candles(symbol)]
    print(last(symbol), closes[0] < closes[-1])
