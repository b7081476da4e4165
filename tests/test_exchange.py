"""The emulated exchange, asked by plain clients."""

from __future__ import annotations

import time

import requests
from exchange import Exchange


def test_the_exchange_tells_the_time() -> None:
    with Exchange() as exchange:
        answer = requests.get(f"https://localhost:{exchange.port}/v5/market/time", verify=str(exchange.ca), timeout=10)
    body = answer.json()
    assert (body["retCode"], body["retMsg"]) == (0, "OK")
    assert abs(body["time"] - time.time() * 1000) < 5000
