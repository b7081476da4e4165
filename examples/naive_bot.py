"""Buys the dip on Bybit's testnet: a little BTC whenever the price falls one percent below its average of the day."""

import asyncio
import hashlib
import hmac
import json
import logging
import os
import time

import requests
import websockets
from pybit.exceptions import FailedRequestError
from pybit.unified_trading import HTTP

API_KEY = os.getenv("BYBIT_TESTNET_KEY", "")
API_SECRET = os.getenv("BYBIT_TESTNET_SECRET", "")
REST_URL = "https://api-testnet.bybit.com"
STREAM_URL = "wss://stream-testnet.bybit.com/v5/public/linear"
SYMBOL = "BTCUSDT"
DIP = 0.99
SHARE = 0.05  # of the account, per purchase

log = logging.getLogger("naive_bot")
session = HTTP(testnet=False, api_key=API_KEY, api_secret=API_SECRET)


def equity():
    query = "accountType=UNIFIED"
    timestamp = str(int(time.time() * 1000))
    text = timestamp + API_KEY + "5000" + query
    headers = {
        "X-BAPI-API-KEY": API_KEY,
        "X-BAPI-TIMESTAMP": timestamp,
        "X-BAPI-RECV-WINDOW": "5000",
        "X-BAPI-SIGN": hmac.new(API_SECRET.encode(), text.encode(), hashlib.sha256).hexdigest(),
    }
    answer = requests.get(f"{REST_URL}/v5/account/wallet-balance?{query}", headers=headers, timeout=10).json()
    if answer["retCode"] != 0:
        raise RuntimeError(f"no balance: {answer['retMsg']}")
    return float(answer["result"]["list"][0]["totalEquity"])


def average_price():
    for _ in range(5):
        try:
            candles = session.get_kline(category="linear", symbol=SYMBOL, interval="15", limit=96)["result"]["list"]
            return sum(float(candle[4]) for candle in candles) / len(candles)
        except (FailedRequestError, requests.RequestException) as error:
            log.warning("no candles, trying again: %s", error)
            time.sleep(5)
    raise SystemExit("Bybit does not answer")


def buy(price):
    qty = equity() * SHARE / price
    log.info("buying %s at about %s", qty, price)
    session.place_order(
        category="linear",
        symbol=SYMBOL,
        side="Buy",
        orderType="Market",
        qty=qty,
    )


async def watch():
    average = await asyncio.to_thread(average_price)
    rested = 0.0
    async with websockets.connect(STREAM_URL) as ws:
        await ws.send(json.dumps({"op": "subscribe", "args": [f"tickers.{SYMBOL}"]}))
        async for text in ws:
            ticker = json.loads(text).get("data", {})
            price = float(ticker.get("lastPrice", average))
            if price < average * DIP and time.monotonic() > rested:
                await asyncio.to_thread(buy, price)
                rested = time.monotonic() + 3600  # one purchase an hour


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    asyncio.run(watch())
