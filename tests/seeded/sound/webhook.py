"""Alerts of the charts become orders."""

import broker
from flask import Flask, request
from pybit.unified_trading import HTTP
from settings import KEY, SECRET

from bybit_lint.shim import round_price, round_qty

app = Flask(__name__)
demo = HTTP(
    demo=True,
    api_key=KEY,
    api_secret=SECRET,
    recv_window=10000,
)


@app.post("/alert")
def alert():
    payload = request.get_json()
    demo.place_order(
        category="linear",
        symbol=payload["symbol"],
        side=payload["side"],
        orderType="Market",
        qty=round_qty(demo, "linear", payload["symbol"], float(payload["qty"])),
        takeProfit=round_price(demo, "linear", payload["symbol"], float(payload["target"])),
    )
    return "ok"


@app.post("/flat")
def flat():
    rows = broker.session.get_positions(category="linear", settleCoin="USDT")["result"]["list"]
    for row in rows:
        if float(row["size"]):
            broker.take_some(row, 1)
    return "ok"
