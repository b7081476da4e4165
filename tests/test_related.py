"""What a finding points at, beside the place where it is told: the line that a reader looks for."""

from __future__ import annotations

import pytest

from bybit_lint import checks, engine
from bybit_lint.analysis.source import Source

TOPICS = """\
from pybit.unified_trading import WebSocket

ws = WebSocket(testnet=True, channel_type="linear")
for topic in [f"trade.{{symbol}}" for symbol in ("BTCUSDT", "ETHUSDT")]:
    ws.subscribe({}, print, "BTCUSDT")
"""
ANSWER = """\
import requests


def price():
    response = requests.get("https://api.bybit.com/v5/market/tickers?category=linear&symbol=BTCUSDT", timeout=5)
    answer = response.json()
    rows = answer{}
    return rows["list"]
"""
WRAPPED = """\
from pybit.unified_trading import HTTP

session = HTTP(testnet=True)


def place({}):
    return session.place_order(category="linear", **{})


def enter(symbol, money, price):
    order = dict(
        symbol=symbol,
        qty=money / float(price),
    )
    {}
"""

DECORATED = """\
import time

from pybit.unified_trading import HTTP

session = HTTP(testnet=True)


def again(function):
    def tried(*args):
        while True:
            try:
                return function(*args)
            except Exception:
                time.sleep(5)

    return tried


@again
def place(qty):
    return session.place_order(category="linear", symbol="BTCUSDT", side="Buy", orderType="Market", qty=qty)
"""

THROUGH = """\
from pybit.unified_trading import HTTP

session = HTTP(testnet=True)


def send(symbol, stop):
    session.set_trading_stop(
        category="linear", symbol=symbol, tpslMode="Full", positionIdx=0, stopLoss=stop
    )


def protect(symbol, {}):
    level = {}
    send(
        symbol,
        level,
    )


def enter(symbol, price):
    protect(symbol, {})
"""


@pytest.mark.parametrize(
    ("bot", "told", "pointed"),
    [
        pytest.param(THROUGH.format("stop", "stop", "price * 0.99"), ("BYB203", 21), [16, 8], id="two wrappers"),
        pytest.param(
            THROUGH.format("plan", 'plan["stop"]', '{"stop": price * 0.99}'),
            ("BYB203", 21),
            [16, 8],
            id="a wrapper that takes it out of what it is handed",
        ),
        pytest.param(THROUGH.format("price", "price * 0.99", "price"), ("BYB203", 16), [13, 8], id="made between"),
        pytest.param(DECORATED, ("BYB221", 21), [19], id="a decorator that calls again"),
        pytest.param(TOPICS.format("topic"), ("BYB505", 5), [4], id="a topic that is put together elsewhere"),
        pytest.param(TOPICS.format('f"trade.{topic}"'), ("BYB505", 5), [], id="a topic that is put together there"),
        pytest.param(ANSWER.format('["result"]'), ("BYB304", 5), [7], id="a result that is taken by its key"),
        pytest.param(ANSWER.format('.get("result", {})'), ("BYB304", 5), [7], id="a result that is asked for"),
        pytest.param(WRAPPED.format("**o", "o", "place(**order)"), ("BYB201", 13), [7], id="a wrapper of fields"),
        pytest.param(WRAPPED.format("o", "o", "place(order)"), ("BYB201", 13), [7], id="a wrapper of a dict"),
        pytest.param(WRAPPED.format("o", '{"qty": o.get("qty")}', "place(order)"), ("BYB201", 13), [7], id="by get"),
    ],
)
def test_a_finding_points_at(bot: str, told: tuple[str, int], pointed: list[int]) -> None:
    findings = [f for f in engine.check([Source("bot.py", bot.encode())], checks.load()).findings if f.code == told[0]]
    assert [(f.code, f.span.line) for f in findings] == [told]
    assert [related.span.line for related in findings[0].related] == pointed
