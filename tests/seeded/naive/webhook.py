"""Alerts of the charts become orders."""

import broker
from flask import Flask, request
from pybit.unified_trading import HTTP
from settings import KEY, SECRET

app = Flask(__name__)
demo = HTTP(
    demo=True,
    api_key=KEY,
    api_secret=SECRET,
    recv_window=10000,
    proxies={"https": "http://10.0.0.7:3128"},  # finding BYB106
)


@app.post("/alert")
def alert():
    payload = request.get_json()
    demo.place_order(
        category="linear",
        symbol=payload["symbol"],
        side=payload["side"],
        orderType="Market",
        qty=float(payload["qty"]),  # finding BYB201
        takeProfit=float(payload["target"]),  # finding BYB203
    )
    return "ok"


@app.post("/flat")
def flat():
    rows = broker.session.get_positions(category="linear", settleCoin="USDT")["result"]["list"]
    for row in rows:
        if float(row["size"]):
            broker.take_some(row, 1)
    return "ok"
