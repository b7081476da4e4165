"""Signs its requests itself, and listens to the candles over a socket of its own."""

import hashlib
import hmac
import json
import os
import time

import requests
import websocket

KEY, SECRET = os.environ["BYBIT_KEY"], os.environ["BYBIT_SECRET"]


def place(side, qty):
    body = {"category": "linear", "symbol": "ETHUSDT", "side": side, "orderType": "market", "quantity": str(qty)}
    timestamp = str(int(time.time() * 1000))
    signed = timestamp + KEY + "5000" + json.dumps(body)
    headers = {
        "X-BAPI-API-KEY": KEY,
        "X-BAPI-TIMESTAMP": timestamp,
        "X-BAPI-RECV-WINDOW": "5000",
        "X-BAPI-SIGN": hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).hexdigest(),
    }
    requests.post("https://api.bybit.com/v5/order/create", json=body, headers=headers)


def on_message(ws, text):
    candle = json.loads(text)["data"][0]
    if float(candle["close"]) > float(candle["open"]) * 1.02:
        place("Buy", 100 / float(candle["close"]))


app = websocket.WebSocketApp(
    "wss://stream.bybit.com/v5/public/linear",
    on_open=lambda ws: ws.send(json.dumps({"op": "subscribe", "args": ["kline.7.ETHUSDT"]})),
    on_message=on_message,
)
app.run_forever()
