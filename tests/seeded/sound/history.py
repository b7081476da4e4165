"""What has happened: candles, fills and profits of the last days."""

import hashlib
import hmac
import time

import requests
from broker import session
from settings import KEY, SECRET

from bybit_lint.shim import server_timestamp

HOST = "https://api-testnet.bybit.com"
STARTED = int(time.time() * 1000)


def candles(symbol, days):
    now = int(time.time() * 1000)
    return session.get_kline(
        category="linear",
        symbol=symbol,
        interval="D",
        start=now - days * 86_400_000,
        end=now,
    )["result"]["list"]


def fills(symbol):
    """Those of the last hour."""
    return session.get_executions(
        category="linear",
        symbol=symbol,
        startTime=int(time.time() * 1000) - 3_600_000,
    )["result"]["list"]


def profits(symbol):
    """What was earned since the start."""
    query = f"category=linear&symbol={symbol}&startTime={STARTED}"
    stamp = server_timestamp(HOST)
    headers = {
        "X-BAPI-API-KEY": KEY,
        "X-BAPI-TIMESTAMP": str(stamp),
        "X-BAPI-RECV-WINDOW": "5000",
        "X-BAPI-SIGN": hmac.new(SECRET.encode(), f"{stamp}{KEY}5000{query}".encode(), hashlib.sha256).hexdigest(),
    }
    answer = requests.get(f"{HOST}/v5/position/closed-pnl?{query}", headers=headers, timeout=10).json()
    if answer["retCode"] != 0:
        raise RuntimeError(answer["retMsg"])
    return sum(float(row["closedPnl"]) for row in answer["result"]["list"])
