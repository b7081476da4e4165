"""Trades BTC on an account of V3, and spells out what it asks for."""

import json

from client import ask


def buy(qty, price, link):
    payload = (
        '{"symbol": "BTCUSDT", "side": "Buy", "positionIdx": 0, "orderType": "Limit", "qty": "'
        + qty
        + '", "price": "'
        + price
        + '", "timeInForce": "GoodTillCancel", "orderLinkId": "'
        + link
        + '"}'
    )
    return ask("/contract/v3/private/order/create", "POST", payload)


def buy_now(qty):
    order = {"symbol": "BTCUSDT", "side": "Buy", "orderType": "Market", "qty": qty, "timeInForce": "ImmediateOrCancel"}
    return ask("/contract/v3/private/order/create", "POST", json.dumps(order))


def position(symbol):
    return ask("/contract/v3/private/position/list", "GET", f"symbol={symbol}")["result"]["list"][0]["size"]


print(buy("0.01", "50000", "first-1")["retCode"])

path = "/contract/v3/private/order/unfilled-orders"
method = "GET"
payload = "settleCoin=USDT&limit=5"
print(len(ask(path, method, payload)["result"]["list"]))

path = "/contract/v3/private/order/cancel"
method = "POST"
payload = '{"symbol": "BTCUSDT", "orderLinkId": "first-1"}'
print(ask(path, method, payload)["retCode"])

print(buy_now("0.02")["retCode"], position("BTCUSDT"))
