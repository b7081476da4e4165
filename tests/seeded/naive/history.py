"""What has happened: candles, fills and profits of the last days."""

import hashlib
import hmac
import time

import requests
from broker import session
from settings import KEY, SECRET

URL = "https://api-testnet.bybit.com/v5/position/closed-pnl"
STARTED = str(int(time.time() * 1000))  # finding BYB403


def candles(symbol, days):
    now = int(time.time())
    return session.get_kline(
        category="linear",
        symbol=symbol,
        interval="D",
        start=now - days * 86400,  # finding BYB402
        end=now,  # finding BYB402
    )["result"]["list"]


def fills(symbol):
    """Those of the last hour."""
    return session.get_executions(
        category="linear",
        symbol=symbol,
        startTime=int(time.time()) - 3600,  # finding BYB402
        recv_window=8000,  # finding BYB404
    )["result"]["list"]


def profits(symbol):
    """What was earned since the start."""
    query = f"category=linear&symbol={symbol}&startTime={STARTED}"
    headers = {
        "X-BAPI-API-KEY": KEY,
        "X-BAPI-TIMESTAMP": STARTED,
        "X-BAPI-RECV-WINDOW": "3000",  # finding BYB405
        "X-BAPI-SIGN": hmac.new(SECRET.encode(), f"{STARTED}{KEY}3000{query}".encode(), hashlib.sha256).hexdigest(),
    }
    answer = requests.get(f"{URL}?{query}", headers=headers, timeout=10, verify=False).json()  # finding BYB104
    if answer["retCode"] != 0:
        raise RuntimeError(answer["retMsg"])
    return sum(float(row["closedPnl"]) for row in answer["result"]["list"])
