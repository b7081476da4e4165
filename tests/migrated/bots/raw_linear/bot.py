"""Trades BTC with requests alone, signed as the linear API wanted it."""

import hashlib
import hmac
import os
import time

import requests

URL = "https://api-testnet.bybit.com"
KEY, SECRET = os.environ["BYBIT_TESTNET_KEY"], os.environ["BYBIT_TESTNET_SECRET"]


def signed(params):
    params = {**params, "api_key": KEY, "timestamp": int(time.time() * 1000), "recv_window": 5000}
    text = "&".join(f"{name}={params[name]}" for name in sorted(params))
    params["sign"] = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
    return params


def get(path, **params):
    return requests.get(URL + path, params=signed(params), timeout=10).json()


def post(path, **params):
    return requests.post(URL + path, json=signed(params), timeout=10).json()


def price(symbol):
    answer = requests.get(URL + "/v2/public/tickers", params={"symbol": symbol}, timeout=10).json()
    return float(answer["result"][0]["last_price"])


def main():
    limit = price("BTCUSDT") - 500
    answer = post(
        "/private/linear/order/create",
        symbol="BTCUSDT",
        side="Buy",
        order_type="Limit",
        qty="0.01",
        price=str(limit),
        time_in_force="GoodTillCancel",
    )
    if answer["ret_code"] != 0:
        raise SystemExit(answer["ret_msg"])
    order_id = answer["result"]["order_id"]
    for position in get("/private/linear/position/list", symbol="BTCUSDT")["result"]:
        print(position["side"] or "none", position["size"] / 2)
    print(post("/private/linear/order/cancel", symbol="BTCUSDT", order_id=order_id)["ret_code"])
    print(post("/private/linear/order/cancel", symbol="BTCUSDT", order_id=order_id)["ret_code"] != 0)


if __name__ == "__main__":
    main()
