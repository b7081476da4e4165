"""Trades BTC on an account of V5, and spells out what it asks for."""

import json

from client import ask


def buy(qty, price, link):
    payload = (
        '{"category": "linear", "symbol": "BTCUSDT", "side": "Buy", "positionIdx": 0, "orderType": "Limit", "qty": "'
        + qty
        + '", "price": "'
        + price
        + '", "timeInForce": "GTC", "orderLinkId": "'
        + link
        + '"}'
    )
    return ask("/v5/order/create", "POST", payload)


def buy_now(qty):
    order = {
        "category": "linear",
        "symbol": "BTCUSDT",
        "side": "Buy",
        "orderType": "Market",
        "qty": qty,
        "timeInForce": "IOC",
    }
    return ask("/v5/order/create", "POST", json.dumps(order))


def position(symbol):
    return ask("/v5/position/list", "GET", f"category=linear&symbol={symbol}")["result"]["list"][0]["size"]


print(buy("0.01", "50000", "first-1")["retCode"])

path = "/v5/order/realtime"
method = "GET"
payload = "category=linear&settleCoin=USDT&limit=5"
print(len(ask(path, method, payload)["result"]["list"]))

path = "/v5/order/cancel"
method = "POST"
payload = '{"category": "linear", "symbol": "BTCUSDT", "orderLinkId": "first-1"}'
print(ask(path, method, payload)["retCode"])

print(buy_now("0.02")["retCode"], position("BTCUSDT"))
