"""Signs in headers, and sends."""

import hashlib
import hmac
import os
import time

import requests

KEY, SECRET = os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"]
URL = "https://api-testnet.bybit.com"
WINDOW = str(5000)
http = requests.Session()


def ask(path, method, payload):
    stamp = str(int(time.time() * 10**3))
    headers = {
        "X-BAPI-API-KEY": KEY,
        "X-BAPI-SIGN": signature(stamp, payload),
        "X-BAPI-SIGN-TYPE": "2",
        "X-BAPI-TIMESTAMP": stamp,
        "X-BAPI-RECV-WINDOW": WINDOW,
        "Content-Type": "application/json",
    }
    if method == "POST":
        answer = http.request(method, URL + path, headers=headers, data=payload, timeout=10)
    else:
        answer = http.request(method, URL + path + "?" + payload, headers=headers, timeout=10)
    return answer.json()


def signature(stamp, payload):
    text = stamp + KEY + WINDOW + payload
    return hmac.new(bytes(SECRET, "utf-8"), text.encode("utf-8"), hashlib.sha256).hexdigest()
