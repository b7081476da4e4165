"""Liquidations for the log, with websocket-client."""

import json

import websocket

from bybit_lint.shim import start_heartbeat

ADDRESS = "wss://stream.bybit.com/v5/public/linear"


def on_open(ws):
    ws.send(json.dumps({"op": "subscribe", "args": ["allLiquidation.BTCUSDT"]}))


def on_message(ws, text):
    with open("tide.log", "a", encoding="utf-8") as log:
        log.write(text)


def on_close(ws, status, reason):
    print("closed", status, reason)


def main():
    app = start_heartbeat(websocket.WebSocketApp(ADDRESS, on_open=on_open, on_message=on_message, on_close=on_close))
    app.run_forever()  # finding BYB502


if __name__ == "__main__":
    main()
