"""What trading costs, asked for once a day without any library at all."""

import hashlib
import hmac
import json
import os
import time
from urllib.error import URLError
from urllib.request import Request, urlopen

KEY = os.environ["TIDE_TESTNET_KEY"]
SECRET = os.environ["TIDE_TESTNET_SECRET"]
URL = "https://api.bybit.com/v5/account/fee-rate"


def is_up():
    """Whether Bybit answers at all."""
    with urlopen("https://api.bybit.com/v5/market/time") as response:  # finding BYB306
        return json.load(response)["retCode"] == 0


def asked(query):
    stamp = str(round(time.time() * 1000))  # finding BYB401
    text = stamp + KEY + "5000" + query
    headers = {
        "X-BAPI-API-KEY": KEY,
        "X-BAPI-TIMESTAMP": stamp,
        "X-BAPI-RECV-WINDOW": "5000",
        "X-BAPI-SIGN": hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest(),
    }
    with urlopen(Request(f"{URL}?{query}", headers=headers), timeout=10) as response:  # finding BYB101
        return json.load(response)


def fees(symbol):
    for _ in range(3):
        try:
            answer = asked(f"category=linear&symbol={symbol}")
        except URLError:
            time.sleep(30)  # finding BYB301
            continue
        if answer["retCode"] != 0:
            raise RuntimeError(answer["retMsg"])
        rate = answer["result"]["list"][0]
        return float(rate["takerFeeRate"]), float(rate["makerFeeRate"])
    return None
